"""The zip archive of a package: its entries by exact names, unpacked piece by piece and never further than allowed.

Nothing is written where an entry's name says: an entry is asked for by a name that we know, and its bytes go to a file
or a buffer that the caller made. So neither `../` nor a link in an archive leads anywhere.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO

from nlpcards.anki.reading import wire
from nlpcards.anki.reading.json_text import loaded
from nlpcards.anki.reading.limits import (
    LARGEST_COLLECTION,
    LARGEST_DIRECTORY,
    LARGEST_LIST,
    LARGEST_MEDIUM,
    MOST_ENTRIES,
)
from nlpcards.core.errors import NlpcardsError, reason_of

_PIECE = 1 << 20
_LARGEST_WINDOW = 1 << 27
"""Bytes that a zstd stream may refer back to; what Anki writes needs 8 MB at most."""

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What Python's zipfile raises for archives that are cut off, forged, encrypted or packed in some other way."""


class Format(Enum):
    """How a package keeps its collection: as JSON in one row, or in tables, compressed by zstd."""

    LEGACY = "legacy"
    MODERN = "modern"


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that notes may name: its name in them, and the entry that holds it."""

    name: str
    entry: str


class Archive:
    """An open package.

    Raises (all methods):
        NlpcardsError: the package is damaged, or larger than what is read.
    """

    def __init__(self, path: Path) -> None:
        """Open the package at a path; `close` closes it.

        Raises:
            NlpcardsError: it is no package, or it cannot be read.
        """
        self.path = path
        try:
            self._file = _Sparing(path)
        except OSError as error:
            raise NlpcardsError(f"it cannot be read: {reason_of(error)}", place=str(path), remedy=_EXPORT) from error
        try:
            self._zip = self._opened()
            self._entries = self._listed()
            self.format, self._collection = self._found()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()

    def unpack_collection(self, into: IO[bytes]) -> None:
        """Write the database to an open file."""
        for piece in self._pieces(self._collection, LARGEST_COLLECTION, "its collection"):
            into.write(piece)

    def media(self) -> tuple[Medium, ...]:
        """The files that the package brings, in its order; of two with one name the first."""
        if "media" not in self._entries:
            return ()
        listed = b"".join(self._pieces("media", LARGEST_LIST, "its list of media"))
        try:
            named = _listed_modern(listed) if self.format is Format.MODERN else _listed_legacy(listed)
        except (ValueError, RecursionError) as error:
            raise self._damaged("its list of media cannot be read") from error
        found: dict[str, Medium] = {}
        for entry, name in named.items():
            if entry in self._entries:
                found.setdefault(name, Medium(name, entry))
        return tuple(found.values())

    def pieces(self, medium: Medium) -> Iterator[bytes]:
        """The bytes of a file that the package brings."""
        return self._pieces(medium.entry, LARGEST_MEDIUM, f"the file {_short(medium.name)!r}")

    # ---- inside

    def _opened(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self._file)
        except OSError as error:
            reason = f"it cannot be read: {reason_of(error)}"
            raise NlpcardsError(reason, place=str(self.path), remedy=_EXPORT) from error
        except _TooMuch as error:
            raise self._damaged(f"its directory has more than {LARGEST_DIRECTORY >> 20} MB") from error
        except _BROKEN as error:
            raise NlpcardsError("this is no Anki package", place=str(self.path), remedy=_EXPORT) from error

    def _listed(self) -> Mapping[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > MOST_ENTRIES:
            raise NlpcardsError(
                f"the package has {len(infos):,} files, more than {MOST_ENTRIES:,}",
                place=str(self.path),
                remedy="Export fewer decks into one package.",
            )
        entries: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            if info.filename in entries:
                raise self._damaged(f"it has two files that are called {_short(info.filename)!r}")
            entries[info.filename] = info
        return entries

    def _found(self) -> tuple[Format, str]:
        """Which entry is the collection: what `meta` says, and what is there where there is no `meta`."""
        if "meta" in self._entries:
            meta = b"".join(self._pieces("meta", _PIECE, "its description", packed=False))
            try:
                version = wire.whole(meta, 1)
            except wire.BadMessage as error:
                raise self._damaged("its description cannot be read") from error
            name = {1: "collection.anki2", 2: "collection.anki21", 3: "collection.anki21b"}.get(version or 0)
            if name is None:
                raise NlpcardsError(
                    f"this package is of a kind ({version}) newer than those that nlpcards knows",
                    place=str(self.path),
                    remedy="Export it with `Support older Anki versions` ticked.",
                )
            names = [name]
        else:
            names = ["collection.anki21", "collection.anki2"]
        for name in names:
            if name in self._entries:
                return (Format.MODERN if name.endswith("b") else Format.LEGACY), name
        raise NlpcardsError("this archive holds no Anki collection", place=str(self.path), remedy=_EXPORT)

    def _pieces(self, entry: str, most: int, what: str, *, packed: bool = True) -> Iterator[bytes]:
        """The content of an entry, at most `most` bytes of it; a modern package has each compressed once more."""
        modern = packed and self._is_modern()
        size = 0
        info = self._entries[entry]
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._damaged(f"{what} is packed in a way that Anki never uses")
        try:
            with self._zip.open(info) as file:
                for piece in _unpacked(file) if modern else iter(lambda: file.read(_PIECE), b""):
                    size += len(piece)
                    if size > most:
                        raise NlpcardsError(
                            f"{what} is larger than {most >> 20:,} MB, so nothing was read",
                            place=str(self.path),
                            remedy="Export fewer decks, or leave the media out.",
                        )
                    yield piece
        except NlpcardsError:
            raise
        except (*_BROKEN, OSError) as error:
            raise self._damaged(f"{what} cannot be unpacked") from error

    def _is_modern(self) -> bool:
        return getattr(self, "format", None) is Format.MODERN

    def _damaged(self, what: str) -> NlpcardsError:
        return NlpcardsError(f"the package is damaged: {what}", place=str(self.path), remedy=_EXPORT)


class _TooMuch(Exception):
    """More was asked of a file at once than is ever needed."""


class _Sparing(io.BufferedReader):
    """A file of which no more is read at once than the largest directory of an archive, whatever size it claims."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))

    def read(self, size: int | None = -1, /) -> bytes:
        """Some bytes.

        Raises:
            _TooMuch: they would be too many.
        """
        if size is not None and size > LARGEST_DIRECTORY:
            raise _TooMuch
        return super().read(size)


_EXPORT = "Export it from Anki again (File, Export)."


def _short(name: str) -> str:
    return f"{name[:79]}…" if len(name) > 80 else name


def _unpacked(file: IO[bytes]) -> Iterator[bytes]:
    """A zstd frame unpacked in pieces, whatever size it claims to have.

    Raises:
        ValueError: it is none, or it is cut off.
    """
    import zstandard

    # A block of 128 KB may be packed into four bytes: so little is given at once that no piece exceeds 32 MB.
    unpacking = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).decompressobj()
    try:
        for packed in iter(lambda: file.read(1 << 10), b""):
            if unpacking.eof:
                raise ValueError("something follows its end")
            if piece := unpacking.decompress(packed):
                yield piece
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error
    if not unpacking.eof:
        raise ValueError("it is cut off")


def _listed_legacy(listed: bytes) -> dict[str, str]:
    values = loaded(listed or b"{}")
    if not isinstance(values, dict) or not all(isinstance(name, str) for name in values.values()):
        raise ValueError("no mapping of texts")
    return values


def _listed_modern(listed: bytes) -> dict[str, str]:
    found = [value for number, value in wire.fields(listed, MOST_ENTRIES) if number == 1 and isinstance(value, bytes)]
    return {str(at): wire.text(message, 1) for at, message in enumerate(found)}
