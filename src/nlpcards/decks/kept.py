"""Files in the cache folder: what was worked out from other files, for as long as these stay as they were.

Nothing here is precious or trusted. A file that is missing, damaged, cut short, of another program or of other files
costs the time to work it out again, and deleting the folder is always safe. What is kept are the bytes of `marshal`,
which mean something to the very program that wrote them, on the same Python; nothing is ever run.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import Any
from zlib import crc32

import nlpcards
from nlpcards.decks.deck_file import Stamp
from nlpcards.decks.stamps import is_settled, times

FORMAT = 2
"""The number of the files' shape; another one is not read."""

KEPT_DAYS = 90
"""A cache file that is older is deleted when others are written: what it is of may be gone, or is soon read anew."""

UNREADABLE = (OSError, ValueError, TypeError, EOFError, LookupError, AttributeError)
"""What reading a kept file may raise where it holds something else than was kept."""

READING = ("core", "core/kinds", "core/markup", "core/markup/tex", "core/roadmap", "decks", "decks/roadmaps")
"""The folders of the program that decide what a deck or a roadmap is read as."""

_SUFFIXES = (".deck", ".roadmap", ".sums")


class KeptFiles:
    """The files of a folder, each by the `name` of what it is about and with a record of what it was made `of`, which
    is of what marshal knows. `now_ns` gives the present instant in ns since 1970 UTC. `code` are the folders of the
    program that decide what is kept: where any of it is another, nothing kept before holds.
    """

    def __init__(self, folder: Path, suffix: str, now_ns: Callable[[], int], code: Iterable[str] = READING) -> None:
        self._folder, self._suffix = folder, suffix
        self.now_ns = now_ns
        self._reader = program_of(code)

    def beside(self, suffix: str) -> KeptFiles:
        """Other files of the same folder and the same program, which is looked at once for both."""
        files = copy(self)
        files._suffix = suffix
        return files

    def load(self, name: object, of: tuple[Any, ...]) -> bytes | None:
        """What was stored under a name, None where that was made of something else or by another program.

        Raises:
            OSError, ValueError, TypeError, EOFError: there is none, or it is damaged (see `UNREADABLE`).
        """
        with open(self._file(name), "rb", buffering=0) as file:
            data = file.read()
        # Of what may be anything, the checksum is looked at first: only what we wrote ourselves is unmarshalled.
        if crc32(memoryview(data)[4:]) != int.from_bytes(data[:4], "little"):
            return None
        end = 8 + int.from_bytes(data[4:8], "little")
        return data[end:] if marshal.loads(data[8:end]) == (self._reader, *of) else None

    def store(self, name: object, of: tuple[Any, ...], what: bytes) -> None:
        """Keep bytes under a name, in the place of what was kept there: wholly or not at all.

        Raises:
            OSError: the folder cannot be written.
        """
        made_of = marshal.dumps((self._reader, *of))
        data = b"".join((len(made_of).to_bytes(4, "little"), made_of, what))
        target = self._file(name)
        new = target.with_name(f"{target.name}.{os.getpid()}")
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            new.write_bytes(crc32(data).to_bytes(4, "little") + data)
            new.replace(target)
        except OSError:
            with suppress(OSError):
                new.unlink()
            raise

    def forget_old(self) -> None:
        """Delete what is older than `KEPT_DAYS`."""
        oldest_ns = self.now_ns() - KEPT_DAYS * 86_400 * 1_000_000_000
        for entry in _entries(self._folder):
            with suppress(OSError):
                if entry.stat().st_mtime_ns < oldest_ns:
                    os.unlink(entry.path)

    def settled(self, path: Path, stamp: Stamp | None, read_ns: int) -> os.stat_result | None:
        """The status of a file where it tells that the file is, and will be for as long as it tells the same, the one
        that had a stamp when it was read at an instant; None where that is in doubt.

        Raises:
            OSError: there is no such file.
        """
        status = os.stat(path)
        return status if Stamp.of(status) == stamp and is_settled(times(status), read_ns) else None

    def _file(self, name: object) -> Path:
        return self._folder / f"{crc32(repr(name).encode('utf-8', 'surrogatepass')):08x}{self._suffix}"


def size_of(folder: Path) -> int:
    """How many bytes a cache's folder holds, 0 where there is none."""
    found = 0
    for entry in _entries(folder):
        with suppress(OSError):
            found += entry.stat().st_size
    return found


def identity(path: Path) -> tuple[str, str]:
    """What a file is called: the paths of notes and problems begin as it was named, and media lie beside it."""
    name = str(path)
    return name, os.path.abspath(name)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """The files that a cache wrote into its folder, unfinished ones included."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if any(suffix in entry.name for suffix in _SUFFIXES) and entry.is_file(follow_symlinks=False):
                yield entry


def program_of(code: Iterable[str], package: str = os.path.dirname(nlpcards.__file__)) -> str:
    """What tells this program from every other that has other code in some folders of its `package`, or marshals
    otherwise what that worked out.
    """
    # In a checkout the version stays while the sources change, so they are looked at: some hundred files, half a ms.
    sources = []
    for folder in code:
        with suppress(OSError), os.scandir(os.path.join(package, folder)) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    sources.append((folder, entry.name, status.st_mtime_ns, status.st_size))
    seen = crc32(repr(sorted(sources)).encode())
    return f"{FORMAT} {nlpcards.__version__} {seen:08x} {sys.implementation.cache_tag} {marshal.version}"
