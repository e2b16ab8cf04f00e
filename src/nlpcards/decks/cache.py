"""What deck files were found to say when they were last read, so that a file is read again only once it changed.

Reading a deck takes a hundred times as long as loading what was read. So that is kept in the cache folder, a file for
each deck file, beside all that tells whether it still holds: the deck file's inode, size and times of change, the
files that its notes name, and the program that read it. Nothing here is precious or trusted. A file that is missing,
damaged, cut short, of another program or of another deck costs the time to read the deck, and deleting the folder is
always safe; the notes themselves are loaded one by one when somebody asks for them (see `stored`).
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import nlpcards
from nlpcards.decks.deck_file import DeckFile, Stamp, look_for
from nlpcards.decks.stored import packed, unpacked

FORMAT = 1
"""The number of the files' shape; another one is not read."""

COARSEST_NS = 2_000_000_000
"""How coarse a file system's clock may be (FAT's is the coarsest). A file that changed within this time before it was
read may change again without its stamp's telling, so nothing is kept of it."""

KEPT_DAYS = 90
"""A cache file that is older is deleted when others are written: its deck may be gone, or is soon read anew."""

_SUFFIX = ".deck"


class DeckCache:
    """Reads deck files through a folder of what they said before.

    `now_ns` gives the present instant in ns since 1970 UTC. What had to be read from the files themselves waits here
    until `keep` writes it down.
    """

    def __init__(self, folder: Path, now_ns: Callable[[], int]) -> None:
        self._folder = folder
        self._now_ns = now_ns
        self._read: list[tuple[DeckFile, int]] = []
        self._reader = _fingerprint()

    def read(self, path: Path) -> DeckFile:
        """What a deck file says (see `reader.read_deck`), as kept or as read now."""
        file = self._kept(path)
        if file is not None:
            return file
        from nlpcards.decks.reader import read_deck

        before_ns = self._now_ns()
        file = read_deck(path)
        if file.stamp is not None:
            self._read.append((file, before_ns))
        return file

    def keep(self) -> None:
        """Write down what was read from the files themselves since the last time. Where the folder cannot be written,
        nothing is kept.
        """
        written = False
        with suppress(OSError):
            while self._read:
                written = self._keep(*self._read.pop()) or written
            if written:
                self._forget_old()

    def _kept(self, path: Path) -> DeckFile | None:
        try:
            status = os.stat(path)
            with open(self._file(path), "rb", buffering=0) as file:
                data = file.read()
            # Of what may be anything, the checksum is looked at first: only what we wrote ourselves is unmarshalled.
            if crc32(memoryview(data)[4:]) != int.from_bytes(data[:4], "little"):
                return None
            end = 8 + int.from_bytes(data[4:8], "little")
            if marshal.loads(data[8:end]) != (self._reader, *_identity(path), *_times(status)):
                return None
            found = unpacked(data[end:], str(path), Stamp.of(status))
            folder = path.parent
            return found if all(look_for(folder, name) == seen for name, seen in found.media.items()) else None
        except (OSError, ValueError, TypeError, EOFError, LookupError, AttributeError):
            return None

    def _keep(self, file: DeckFile, read_ns: int) -> bool:
        path = Path(file.path)
        try:
            status = os.stat(path)
            if Stamp.of(status) != file.stamp:
                return False
            if max(status.st_mtime_ns, status.st_ctime_ns) > read_ns - COARSEST_NS:
                return False
            what = packed(file)
        except (OSError, ValueError):
            return False
        of = marshal.dumps((self._reader, *_identity(path), *_times(status)))
        data = b"".join((len(of).to_bytes(4, "little"), of, what))
        target = self._file(path)
        new = target.with_name(f"{target.name}.{os.getpid()}")
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            new.write_bytes(crc32(data).to_bytes(4, "little") + data)
            new.replace(target)
        except OSError:
            with suppress(OSError):
                new.unlink()
            raise
        return True

    def _file(self, path: Path) -> Path:
        return self._folder / f"{crc32(repr(_identity(path)).encode('utf-8', 'surrogatepass')):08x}{_SUFFIX}"

    def _forget_old(self) -> None:
        oldest_ns = self._now_ns() - KEPT_DAYS * 86_400 * 1_000_000_000
        for entry in _entries(self._folder):
            with suppress(OSError):
                if entry.stat().st_mtime_ns < oldest_ns:
                    os.unlink(entry.path)


def size_of(folder: Path) -> int:
    """How many bytes a cache's folder holds, 0 where there is none."""
    found = 0
    for entry in _entries(folder):
        with suppress(OSError):
            found += entry.stat().st_size
    return found


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """The files that a cache wrote into its folder, unfinished ones included."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _SUFFIX in entry.name and entry.is_file(follow_symlinks=False):
                yield entry


def _identity(path: Path) -> tuple[str, str]:
    """What a file is called: the paths of notes and problems begin as it was named, and media lie beside it."""
    name = str(path)
    return name, os.path.abspath(name)


def _times(status: os.stat_result) -> tuple[int, int, int, int]:
    # Neither the device, which some systems number anew at each start, nor the mode, which says nothing of the text.
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _fingerprint() -> str:
    """What tells this program from every other that would read a deck otherwise, or marshal otherwise what it read."""
    package = os.path.dirname(nlpcards.__file__)
    # In a checkout the version stays while the sources change, so they are looked at: some hundred files, half a ms.
    sources = []
    for folder in ("core", "core/kinds", "core/markup", "core/markup/tex", "decks"):
        with suppress(OSError), os.scandir(os.path.join(package, folder)) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    sources.append((folder, entry.name, status.st_mtime_ns, status.st_size))
    seen = crc32(repr(sorted(sources)).encode())
    return f"{FORMAT} {nlpcards.__version__} {seen:08x} {sys.implementation.cache_tag} {marshal.version}"
