"""What deck files and roadmaps were found to say when they were last read, so that they are read again only once they
changed.

Reading a deck takes a hundred times as long as loading what was read. So that is kept in the cache folder (see `kept`),
a file for each deck file and one for each roadmap, beside all that tells whether it still holds: the files' inodes,
sizes and times of change, the files that notes name, and the program that read it. The notes themselves are loaded one
by one when somebody asks for them (see `stored`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlpcards.decks.deck_file import DeckFile, Stamp, look_for
from nlpcards.decks.kept import KEPT_DAYS as KEPT_DAYS
from nlpcards.decks.kept import UNREADABLE, KeptFiles, identity
from nlpcards.decks.kept import size_of as size_of
from nlpcards.decks.stamps import times
from nlpcards.decks.stored import packed, unpacked

if TYPE_CHECKING:
    from nlpcards.decks.roadmaps import FoundRoadmap


class DeckCache:
    """Reads deck files and roadmaps through a folder of what they said before.

    `now_ns` gives the present instant in ns since 1970 UTC. What had to be read from the files themselves waits here
    until `keep` writes it down.
    """

    def __init__(self, folder: Path, now_ns: Callable[[], int]) -> None:
        self._files = KeptFiles(folder, ".deck", now_ns)
        self._roadmaps = self._files.beside(".roadmap")
        self._now_ns = now_ns
        self._read: list[tuple[DeckFile, int]] = []
        self._found: list[tuple[FoundRoadmap, tuple[Path, ...], int]] = []

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

    def read_roadmaps(self, paths: Sequence[Path]) -> FoundRoadmap:
        """What roadmap files say together (see `roadmaps.finding.read_roadmaps`), as kept or as read now."""
        from nlpcards.decks.roadmaps.finding import read_roadmaps

        found = self._kept_roadmap(paths) if paths else None
        if found is not None:
            return found
        before_ns = self._now_ns()
        found = read_roadmaps(paths, self._now_ns)
        if paths:
            self._found.append((found, tuple(paths), before_ns))
        return found

    def keep(self) -> None:
        """Write down what was read from the files themselves since the last time. Where the folder cannot be written,
        nothing is kept.
        """
        written = False
        with suppress(OSError):
            while self._read:
                written = self._keep(*self._read.pop()) or written
            while self._found:
                written = self._keep_roadmap(*self._found.pop()) or written
            if written:
                self._files.forget_old()

    def _kept(self, path: Path) -> DeckFile | None:
        try:
            status = os.stat(path)
            name = identity(path)
            data = self._files.load(name, (*name, *times(status)))
            if data is None:
                return None
            found = unpacked(data, str(path), Stamp.of(status))
            folder = path.parent
            return found if all(look_for(folder, name) == seen for name, seen in found.media.items()) else None
        except UNREADABLE:
            return None

    def _keep(self, file: DeckFile, read_ns: int) -> bool:
        path = Path(file.path)
        try:
            status = self._files.settled(path, file.stamp, read_ns)
            if status is None:
                return False
            what = packed(file)
        except (OSError, ValueError):
            return False
        name = identity(path)
        self._files.store(name, (*name, *times(status)), what)
        return True

    def _kept_roadmap(self, paths: Sequence[Path]) -> FoundRoadmap | None:
        from nlpcards.decks.roadmaps.finding import bundled_beside
        from nlpcards.decks.roadmaps.stored import unpacked

        try:
            statuses = [os.stat(path) for path in paths]
            data = self._roadmaps.load(_name(paths), _seen(paths, statuses))
            if data is None:
                return None
            found, beyond = unpacked(data, [Stamp.of(status) for status in statuses])
            if found.beyond is not None:
                others = bundled_beside(paths)
                if _seen(others, [os.stat(path) for path in others]) != beyond:
                    return None
            return found
        except UNREADABLE:
            return None

    def _keep_roadmap(self, found: FoundRoadmap, paths: tuple[Path, ...], read_ns: int) -> bool:
        from nlpcards.decks.roadmaps.stored import packed

        def settled(stamps: Sequence[tuple[Path, Stamp | None]]) -> list[os.stat_result]:
            statuses = [self._roadmaps.settled(path, stamp, read_ns) for path, stamp in stamps]
            return [status for status in statuses if status is not None]

        beyond = [(Path(path), stamp) for path, stamp in (found.beyond or {}).items()]
        try:
            own = settled([(path, file.stamp) for path, file in zip(paths, found.files, strict=True)])
            others = settled(beyond)
            if len(own) < len(paths) or len(others) < len(beyond):
                return False
            what = packed(found, _seen([path for path, _ in beyond], others))
        except (OSError, ValueError):
            return False
        self._roadmaps.store(_name(paths), _seen(paths, own), what)
        return True


def _name(paths: Sequence[Path]) -> tuple[tuple[str, str], ...]:
    return tuple([identity(path) for path in paths])


def _seen(paths: Sequence[Path], statuses: Sequence[os.stat_result]) -> tuple[tuple[Any, ...], ...]:
    """What tells of each of some files which it is, and whether it changed."""
    return tuple([(*identity(path), *times(status)) for path, status in zip(paths, statuses, strict=True)])
