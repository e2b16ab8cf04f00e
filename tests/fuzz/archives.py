"""Packages taken apart, changed in one of their layers, and put together again."""

from __future__ import annotations

import io
import json
import stat
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from random import Random

import zstandard

from tests.fuzz import databases, texts, wires

_MOST = 40 << 20
"""Bytes that an entry may unpack to and still be changed inside."""

_NAMES: tuple[str, ...] = (
    "../x",
    "/etc/passwd",
    "C:\\x",
    "a/b",
    "",
    ".",
    "0",
    "1",
    "media",
    "meta",
    "collection.anki2",
    "collection.anki21",
)
_NAMES += (
    "collection.anki21b",
    "x" * 5_000,
    "a\nb",
    "\u202ea",
    "é",
    "e\u0301",
    "\x00x",
    "p.png/..",
    "con.png",
    "collection.anki2 ",
)


@dataclass(slots=True)
class Entry:
    """A file of an archive with its content as it is stored there. `link`: it says that it is a symbolic link."""

    name: str
    content: bytes
    deflated: bool = True
    link: bool = False
    claims: dict[str, int] = field(default_factory=dict)
    """What its header says falsely, by names of `zipfile.ZipInfo`."""


def changed(chance: Random, content: bytes, suffix: str) -> bytes:
    """A file of one of the `basics.ENDINGS`, changed."""
    if suffix == ".json":
        return _note_changed(chance, content)
    if suffix == ".anki2":
        return databases.changed(chance, content)
    entries = taken_apart(content) if chance.random() < 0.95 else None
    if entries is None:
        return _bytes_changed(chance, content)
    names = [entry.name for entry in entries]
    newest = next(
        (name for name in ("collection.anki21b", "collection.anki21", "collection.anki2") if name in names), ""
    )
    collection = next((entry for entry in entries if entry.name == newest), None)
    if collection is not None and chance.random() < 0.82:
        collection.content = _collection_changed(chance, collection)
    elif chance.random() < 0.4:
        _list_changed(chance, entries)
    else:
        _members_changed(chance, entries)
    return put_together(entries)


def taken_apart(content: bytes) -> list[Entry] | None:
    """The entries of an archive; None where it cannot be taken apart."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = []
            for info in archive.infolist()[:300]:
                if info.file_size > _MOST:
                    return None
                found.append(Entry(info.filename, archive.read(info)))
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, KeyError):
        return None


def put_together(entries: list[Entry], level: int = 1) -> bytes:
    """An archive of some entries, with what their headers claim."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        warnings.simplefilter("ignore")
        for entry in entries:
            info = zipfile.ZipInfo(entry.name.replace("\x00", ""), (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED if entry.deflated else zipfile.ZIP_STORED
            info.external_attr = (stat.S_IFLNK | 0o777) << 16 if entry.link else 0o600 << 16
            archive.writestr(info, entry.content)
            for claim, value in entry.claims.items():
                setattr(info, claim, value)
    return out.getvalue()


def unpacked(content: bytes) -> bytes | None:
    """The content of a zstd frame; None where it is none, or large."""
    try:
        out = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj().decompress(content)
    except zstandard.ZstdError:
        return None
    return out if len(out) < _MOST else None


def packed(content: bytes) -> bytes:
    """A zstd frame, as Anki makes them: it does not say its size."""
    return zstandard.ZstdCompressor(level=1, write_content_size=False).compress(content)


def _note_changed(chance: Random, content: bytes) -> bytes:
    try:
        said = json.loads(content)
    except ValueError:
        said = {}
    if not isinstance(said, dict):
        said = {}
    for _ in range(chance.choice((1, 1, 2, 4))):
        said = texts.note(chance, said)
    return json.dumps(said).encode()


def _bytes_changed(chance: Random, content: bytes) -> bytes:
    """Changed anywhere, or in the directory at its end."""
    if chance.random() < 0.5 and len(content) > 400:
        return content[:-400] + wires.flipped(chance, content[-400:])
    return wires.flipped(chance, content)


def _collection_changed(chance: Random, entry: Entry) -> bytes:
    if not entry.name.endswith("b"):
        return databases.changed(chance, entry.content)
    plain = unpacked(entry.content)
    if plain is None or chance.random() < 0.03:
        return _frame_changed(chance, entry.content)
    return packed(databases.changed(chance, plain))


def _frame_changed(chance: Random, frame: bytes) -> bytes:
    match chance.randrange(6):
        case 0:
            return frame[: chance.randrange(len(frame) + 1)]
        case 1:
            return frame + frame
        case 2:
            # A frame that claims a window or a size of terabytes.
            return frame[:4] + chance.choice((b"\xe4", b"\xc4", b"\x04", b"\x00")) + b"\xff" * 9 + frame[6:]
        case 3:
            return b"\x50\x2a\x4d\x18" + chance.choice((b"\xff" * 4, b"\x04\0\0\0abcd")) + frame
        case 4:
            return zstandard.ZstdCompressor().compress(bytes(chance.choice((1 << 24, 1 << 28))))
        case _:
            return wires.flipped(chance, frame[:64]) + frame[64:]


def _list_changed(chance: Random, entries: list[Entry]) -> None:
    """Change `meta` or the list of media."""
    name = chance.choice(("meta", "media", "media"))
    entry = next((each for each in entries if each.name == name), None)
    if entry is None:
        version = chance.choice((0, 1, 2, 3, 4, 2**63))
        entries.append(Entry(name, wires.written(1, version) if name == "meta" else b'{"0": "p.png"}'))
        return
    if name == "meta":
        entry.content = chance.choice((wires.changed(chance, entry.content), wires.written(1, chance.randrange(5))))
        return
    plain = unpacked(entry.content)
    if plain is None:
        try:
            entry.content = texts.json_changed(chance, entry.content.decode()).encode("utf-8", "replace")
        except UnicodeDecodeError:
            entry.content = wires.flipped(chance, entry.content)
        return
    fresh = wires.changed(chance, plain)
    if chance.random() < 0.3:
        name = chance.choice((*_NAMES, "p.png", "a picture.png"))
        fresh += wires.written(1, wires.written(1, name.encode("utf-8", "replace")))
    entry.content = packed(fresh) if chance.random() < 0.9 else _frame_changed(chance, entry.content)


def _members_changed(chance: Random, entries: list[Entry]) -> None:
    """Change what entries there are, and what their headers say."""
    if not entries:
        entries.append(Entry("collection.anki2", b""))
        return
    at = chance.randrange(len(entries))
    entry = entries[at]
    match chance.randrange(10):
        case 0:
            entries.pop(at)
        case 1:
            entries.append(Entry(entry.name, entry.content))
        case 2:
            entry.name = chance.choice(_NAMES)
        case 3:
            entry.link = True
            entry.content = chance.choice((entry.content, b"/etc/passwd", b"../../x"))
        case 4:
            entry.content = entry.content[: chance.randrange(len(entry.content) + 1)]
        case 5:
            claim = chance.choice(("file_size", "compress_size", "CRC", "header_offset", "flag_bits", "compress_type"))
            entry.claims[claim] = chance.choice((0, 1, 8, 12, 14, 93, 99, 0x800, 2**31, 2**32 - 2))
            if claim in ("flag_bits", "compress_type"):
                entry.claims[claim] &= 0x7FFF
        case 6:
            entry.content = bytes(chance.choice((0, 1 << 20, 1 << 25)))
        case 7:
            entries += [Entry(str(number), b"") for number in range(chance.choice((5, 200)))]
        case 8:
            entry.content = wires.flipped(chance, entry.content)
        case _:
            entry.content = _frame_changed(chance, entry.content)
    if chance.random() < 0.2:
        chance.shuffle(entries)
