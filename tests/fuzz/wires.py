"""Protocol-buffer messages changed field by field: doubled, dropped, renumbered, of other types, cut off, swollen."""

from __future__ import annotations

from random import Random

from nlpcards.anki.reading import wire

_NUMBERS = (0, 1, 2, 3, 6, 7, 127, 128, 2**31, 2**32 - 1, 2**63, 2**64 - 1)


def varint(number: int) -> bytes:
    """A number as messages have it."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


def written(number: int, value: wire.Value) -> bytes:
    """One field."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def changed(chance: Random, message: bytes, depth: int = 0) -> bytes:
    """A message with one field of it changed; bytes that are no message are changed as bytes."""
    try:
        found = list(wire.fields(message))
    except wire.BadMessage:
        return flipped(chance, message)
    if not found or chance.random() < 0.1:
        return message + chance.choice(
            (b"\x08", b"\x00", b"\x0a\xff\xff\xff\xff\x0f", b"\x0b", b"\xff" * 11, written(37, chance.choice(_NUMBERS)))
        )
    at = chance.randrange(len(found))
    number, value = found[at]
    match chance.randrange(8):
        case 0:
            found.pop(at)
        case 1:
            found += [found[at]] * chance.choice((1, 1, 100))
        case 2:
            found[at] = chance.choice((1, 2, 3, 5, 6, 9, 10, 16, 37, 2**29 - 1)), value
        case 3:
            found[at] = number, chance.choice(_NUMBERS)
        case 4:
            found[at] = number, bytes(chance.randrange(256) for _ in range(chance.randrange(12)))
        case 5 if isinstance(value, bytes) and depth < 5:
            found[at] = number, changed(chance, value, depth + 1)
        case 6 if isinstance(value, bytes):
            found[at] = number, value * chance.choice((2, 100))
        case _ if isinstance(value, bytes):
            found[at] = number, flipped(chance, value)
        case _:
            found[at] = number, b""
    return b"".join(written(*each) for each in found)


def flipped(chance: Random, content: bytes) -> bytes:
    """Bytes with some changed, dropped, doubled or cut off."""
    if not content:
        return bytes(chance.randrange(256) for _ in range(chance.randrange(9)))
    out = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(out)) if out else 0
        match chance.randrange(8):
            case 0:
                del out[at : at + chance.choice((1, 4, 100))]
            case 1:
                out[at:at] = out[at : at + chance.choice((1, 4, 100))]
            case 2:
                out[at : at + 4] = chance.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00"))
            case 3 if chance.random() < 0.2:
                del out[at:]
            case _ if out:
                out[min(at, len(out) - 1)] = chance.randrange(256)
            case _:
                out.append(chance.randrange(256))
    return bytes(out)
