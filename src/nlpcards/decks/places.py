"""Where decks are looked for: the files of a place, in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from os import PathLike
from os.path import basename
from pathlib import Path

from nlpcards.decks.problems import Problem, Severity

_SUFFIXES = (".yaml", ".yml")

ROADMAP_FILES = ("roadmap.yaml", "roadmap.yml")
"""What a file is called that holds a roadmap and no deck."""


def is_roadmap(path: str | PathLike[str]) -> bool:
    """Whether a file is a roadmap by its name."""
    return basename(path) in ROADMAP_FILES


def deck_file_name(deck: str) -> str:
    """What the file of a deck is called that the program makes: its id with a suffix, but never as a roadmap is."""
    name = f"{deck}.yaml"
    return f"{deck}-deck.yaml" if is_roadmap(name) else name


def deck_files(place: Path, problems: list[Problem]) -> Iterator[Path]:
    """The deck files of a place in a fixed order: a folder's own by name, then those of its folders."""
    return (path for path in yaml_files(place, problems) if not is_roadmap(path))


def yaml_files(place: Path, problems: list[Problem]) -> Iterator[Path]:
    """The deck files of a place as `deck_files` gives them, and its roadmap files among them."""
    if not place.is_dir():
        if os.path.lexists(place):
            yield place
        return
    seen: set[tuple[int, int]] = set()
    waiting = [place]
    while waiting:
        folder = waiting.pop()
        try:
            status = os.stat(folder)
            # A link may lead back to a folder above it.
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as entries:
                found = sorted((entry for entry in entries if entry.name[0] != "."), key=lambda entry: entry.name)
        except OSError as error:
            why = error.strerror or "unknown"
            problems.append(
                Problem(
                    str(folder),
                    1,
                    1,
                    Severity.ERROR,
                    "D001",
                    f"the folder cannot be read: {why[:1].lower()}{why[1:]}",
                    "Change its permissions, or name other decks with `--decks`.",
                )
            )
            continue
        folders = []
        for entry in found:
            if _is_folder(entry):
                folders.append(folder / entry.name)
            elif entry.name.endswith(_SUFFIXES):
                yield folder / entry.name
        waiting += reversed(folders)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
