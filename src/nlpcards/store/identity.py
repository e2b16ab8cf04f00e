"""Which installation a journal belongs to: a random device id, and a fingerprint by which a copied folder shows."""

from __future__ import annotations

import os
from pathlib import Path

from nlpcards.core.hashing import blake2b

_MACHINE_IDS = ("/etc/machine-id", "/var/lib/dbus/machine-id")


def random_device() -> str:
    """A new device id: 16 hexadecimal digits, so that no two devices of a class or a hub share one."""
    return os.urandom(8).hex()


def fingerprint(path: Path) -> str:
    """A hash of the machine and of the place of a file on it: it changes when either does, and reveals neither."""
    return blake2b(
        f"{_machine()}\n{path.absolute().resolve()}".encode("utf-8", "surrogateescape"), digest_size=8
    ).hexdigest()


def _machine() -> str:
    for name in _MACHINE_IDS:
        try:
            text = Path(name).read_text("ascii").strip()
        except (OSError, ValueError):
            continue
        if text:
            return text
    # Rarely needed, and these take their time.
    import platform
    import uuid

    return f"{platform.node()} {uuid.getnode():x}"


def serial_of(path: Path) -> str:
    """A file's own number on its disk: another one where a file was copied or put back in its place."""
    return str(path.stat().st_ino)
