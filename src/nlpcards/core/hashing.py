"""BLAKE2, by which everything random here is drawn and everything compared is hashed: the same on every machine."""

from __future__ import annotations

try:
    # What hashlib hands on, without loading OpenSSL for its other hashes: 4 ms of every start.
    from _blake2 import blake2b
except ImportError:  # another Python's
    from hashlib import blake2b

__all__ = ["blake2b"]
