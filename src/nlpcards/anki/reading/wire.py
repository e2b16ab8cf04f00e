"""The wire format of protocol buffers, as far as Anki's settings need it.

Source: https://protobuf.dev/programming-guides/encoding/. Anki's messages are in `proto/anki/*.proto` of its
repository; the numbers of their fields never change.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from nlpcards.anki.reading.limits import MOST_NUMBERS, MOST_PARTS

Value = int | bytes
"""A number (of a varint, or of four or eight bytes, little-endian), or the bytes of a text or a message."""


class BadMessage(ValueError):
    """Bytes that are no protocol-buffer message."""


def fields(message: bytes, most: int = MOST_PARTS) -> Iterator[tuple[int, Value]]:
    """Each field of a message in order, by its number.

    Raises:
        BadMessage: the bytes are cut off, have a wire type that proto3 does not, or more than `most` fields.
    """
    at, end = 0, len(message)
    count = 0
    while at < end:
        count += 1
        if count > most:
            raise BadMessage(f"it has more than {most:,} fields")
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if number == 0:
            raise BadMessage("a field has the number 0")
        if kind == 0:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == 2:
            size, at = _varint(message, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise BadMessage(f"a field has the wire type {kind}")
        if size > end - at:
            raise BadMessage("a field is cut off")
        taken = message[at : at + size]
        at += size
        yield number, taken if kind == 2 else int.from_bytes(taken, "little")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise BadMessage("a number is cut off")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at
    raise BadMessage("a number has more than ten bytes")


def last(message: bytes, number: int) -> Value | None:
    """The value of a field that a message has once; None where it is absent. The last one counts, as in proto3.

    Raises:
        BadMessage: see `fields`.
    """
    found: Value | None = None
    for each, value in fields(message):
        if each == number:
            found = value
    return found


def text(message: bytes, number: int) -> str:
    """A field's text, empty where it is absent; what is no UTF-8 in it is replaced."""
    value = last(message, number)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def inner(message: bytes, number: int) -> bytes | None:
    """The message in a field, None where it is absent."""
    value = last(message, number)
    return value if isinstance(value, bytes) else None


def whole(message: bytes, number: int) -> int | None:
    """A field's number, None where it is absent."""
    value = last(message, number)
    return value if isinstance(value, int) else None


def single(message: bytes, number: int) -> float | None:
    """A field's `float`, None where it is absent."""
    value = whole(message, number)
    return None if value is None else float(struct.unpack("<f", (value & 0xFFFF_FFFF).to_bytes(4, "little"))[0])


def singles(message: bytes, number: int) -> tuple[float, ...]:
    """All of a repeated `float`, packed or not.

    Raises:
        BadMessage: a packed list does not end with a whole number of them, or there are more than a preset has.
    """
    found: list[float] = []
    for each, value in fields(message):
        if each != number:
            continue
        if isinstance(value, int):
            found.append(float(struct.unpack("<f", (value & 0xFFFF_FFFF).to_bytes(4, "little"))[0]))
        elif len(value) % 4:
            raise BadMessage("a list of numbers is cut off")
        elif len(value) > 4 * MOST_NUMBERS:
            raise BadMessage(f"a list has {len(value) // 4:,} numbers")
        else:
            found.extend(struct.unpack(f"<{len(value) // 4}f", value))
        if len(found) > MOST_NUMBERS:
            raise BadMessage(f"a list has more than {MOST_NUMBERS:,} numbers")
    return tuple(found)
