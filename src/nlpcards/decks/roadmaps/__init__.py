"""Roadmap files: YAML to a `Roadmap` and everything that is wrong in it.

`reader` reads one file, `finding` all those of a library one upon the other; `keys` says what may stand in one.
"""

from nlpcards.decks.roadmaps.finding import FoundRoadmap, find_roadmap
from nlpcards.decks.roadmaps.reader import ReadRoadmap, read_roadmap, read_roadmap_text

__all__ = ["FoundRoadmap", "ReadRoadmap", "find_roadmap", "read_roadmap", "read_roadmap_text"]
