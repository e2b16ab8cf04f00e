"""What reading a roadmap file gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from nlpcards.core.dataclass import dataclass
from nlpcards.core.roadmap.values import Roadmap
from nlpcards.decks.deck_file import Stamp
from nlpcards.decks.problems import Problem

EMPTY = Roadmap()
"""A roadmap with nothing in it."""


@dataclass(frozen=True, slots=True)
class ReadRoadmap:
    """One roadmap file as read.

    `roadmap` is what it adds to and what it adds: all that could be used. `own` are the ids that stand in the file
    itself, by list (`topics`, `tracks` …), broken entries included. `stamp` tells whether the file is still the one
    that was read; it is None for a text. `is_given_up` says that not all of it was read.
    """

    path: str
    roadmap: Roadmap
    problems: tuple[Problem, ...]
    own: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stamp: Stamp | None = None
    is_given_up: bool = False

    @property
    def has_errors(self) -> bool:
        """Whether anything in the file is an error."""
        return any(problem.is_error for problem in self.problems)
