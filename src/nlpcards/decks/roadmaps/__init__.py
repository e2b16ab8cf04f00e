"""Roadmap files: YAML to a `Roadmap` and everything that is wrong in it.

`reader` reads one file, `finding` all those of a library one upon the other; `keys` says what may stand in one, and
`stored` keeps what was read. What reads is loaded when it is first asked for: where all was kept, no YAML is needed.
"""

from typing import TYPE_CHECKING

from nlpcards.decks.roadmaps.finding import FoundRoadmap, find_roadmap
from nlpcards.decks.roadmaps.roadmap_file import ReadRoadmap

if TYPE_CHECKING:
    from nlpcards.decks.roadmaps.reader import read_roadmap, read_roadmap_text

__all__ = ["FoundRoadmap", "ReadRoadmap", "find_roadmap", "read_roadmap", "read_roadmap_text"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from nlpcards.decks.roadmaps import reader

    return getattr(reader, name)
