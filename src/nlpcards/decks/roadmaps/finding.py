"""The roadmap of a library: its files, found in the places of the decks, each added to those before."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from time import time_ns

from nlpcards.core.dataclass import dataclass
from nlpcards.core.roadmap.values import Roadmap
from nlpcards.decks.bundled import bundled_folder
from nlpcards.decks.deck_file import Stamp
from nlpcards.decks.places import is_roadmap, yaml_files
from nlpcards.decks.problems import Problem
from nlpcards.decks.roadmaps.roadmap_file import EMPTY, ReadRoadmap
from nlpcards.decks.stamps import Times, is_settled, times


@dataclass(frozen=True, slots=True)
class FoundRoadmap:
    """The roadmap that some places hold together, and the files that it was read from, in their order.

    `held` are the paths of files with errors in whose stead the roadmap has what was read of them before. `beyond` are
    the bundled files that were looked at besides, by their paths as they were then (None for one that could not be
    read); it is None where nothing asked for them.
    """

    roadmap: Roadmap
    files: tuple[ReadRoadmap, ...]
    held: frozenset[str] = frozenset()
    beyond: Mapping[str, Stamp | None] | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong in the files, in the order of files and lines."""
        return tuple(sorted(problem for file in self.files for problem in file.problems))

    def keeping(self, before: FoundRoadmap) -> FoundRoadmap:
        """What was read before, where a file of it has errors now that had none then.

        An editor empties a file for an instant before it writes it, and a slip may take a track away for a minute: one
        who follows it stays on it meanwhile. What is wrong now is told all the same.
        """
        sound = before.held | {file.path for file in before.files if not file.has_errors}
        held = {file.path for file in self.files if file.has_errors and file.path in sound}
        return replace(self, roadmap=before.roadmap, held=frozenset(held)) if held else self


def roadmap_files(places: Iterable[Path]) -> Iterator[Path]:
    """The roadmap files of some files and folders, in the order of the places; one met twice is given once."""
    seen: set[str] = set()
    for place in places:
        for path in yaml_files(place, []):
            if is_roadmap(path) and (real := os.path.realpath(path)) not in seen:
                seen.add(real)
                yield path


def find_roadmap(places: Iterable[Path], now_ns: Callable[[], int] = time_ns) -> FoundRoadmap:
    """The roadmap of some deck files and folders: files named `roadmap.yaml`, each added to those before it.

    A place that is missing holds none. Where the bundled roadmap is not among them and one of them names something
    that none of them has, it is what they add to.
    """
    return read_roadmaps(list(roadmap_files(places)), now_ns)


def read_roadmaps(paths: Sequence[Path], now_ns: Callable[[], int] = time_ns) -> FoundRoadmap:
    """The roadmap of some roadmap files (see `find_roadmap`); `now_ns` gives the instant in ns since 1970 UTC."""
    found = _read_all(paths, EMPTY, now_ns)
    if not _unknown(found):
        return found
    bundled = _read_all(bundled_beside(paths), EMPTY, now_ns)
    beyond = {file.path: file.stamp for file in bundled.files}
    built = _read_all(paths, bundled.roadmap, now_ns)
    # What is merely misspelt is unknown there, too.
    return replace(built if _unknown(built) < _unknown(found) else found, beyond=beyond)


def bundled_beside(paths: Iterable[Path]) -> list[Path]:
    """The bundled roadmap files that are not among some files."""
    shipped = bundled_folder()
    reals = {os.path.realpath(path) for path in paths}
    return [path for path in roadmap_files([shipped] if shipped else []) if os.path.realpath(path) not in reals]


def _unknown(found: FoundRoadmap) -> int:
    """How many names in the files are of nothing."""
    return sum(problem.code == "R006" for problem in found.problems)


def _read_all(paths: Iterable[Path], base: Roadmap, now_ns: Callable[[], int]) -> FoundRoadmap:
    files: list[ReadRoadmap] = []
    for path in paths:
        files.append(_first(path, now_ns()) if base is EMPTY else _read(path, base))
        base = files[-1].roadmap
    return FoundRoadmap(base, tuple(files))


def _first(path: Path, now_ns: int) -> ReadRoadmap:
    """A roadmap that adds to none, mostly the bundled one, which is asked for again and again and stays as it is."""
    try:
        seen = times(os.stat(path))
    except OSError:
        return _read(path)
    # What may be changing still is read each time, lest an older text pass for one that will not change.
    return _kept(str(path), seen) if is_settled(seen, now_ns) else _read(path)


@lru_cache(maxsize=4)
def _kept(path: str, seen: Times) -> ReadRoadmap:
    return _read(Path(path))


def _read(path: Path, base: Roadmap = EMPTY) -> ReadRoadmap:
    # What reads is not needed where all that is read was kept.
    from nlpcards.decks.roadmaps.reader import read_roadmap

    return read_roadmap(path, base)
