"""A roadmap as it is written: areas, topics with their concepts, tracks of stages, resources and milestones.

Everything is known by its id, a slug; ids of one sort are distinct. Nothing here knows of files or of a learner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from nlpcards.core.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """A field of the subject, such as mathematics or tasks; topics belong to one each."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What a deck is about. `needs` are topics that should come first; `concepts` are what its cards let one recall,
    titles by slugs. `planned` marks a topic whose cards are still being written.
    """

    id: str
    title: str
    area: str
    needs: tuple[str, ...] = ()
    concepts: Mapping[str, str] = field(default_factory=dict)
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """Something to learn from: a course, a book, a paper, a site. `kind` is one of `RESOURCE_KINDS`, `duration` is in
    the source's words (such as `4 weeks`); what is not known is empty.
    """

    id: str
    title: str
    kind: str
    platform: str = ""
    duration: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something to have done: a project, a competition, a contribution. `kind` is one of `MILESTONE_KINDS`."""

    id: str
    title: str
    kind: str
    url: str = ""


RESOURCE_KINDS = ("course", "book", "paper", "article", "site", "video", "library", "community")
MILESTONE_KINDS = ("project", "competition", "contribution", "practice", "career")


class Pacing(StrEnum):
    """What moves one on from stage to stage: what one knows, the calendar, or the courses' own durations."""

    MASTERY = "mastery"
    CALENDAR = "calendar"
    COURSES = "courses"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of a track: topics in the order in which they are learned, with what to read and what to do.

    `weeks` are the first and the last week of a calendar, counted from 1, both included; None where there is none.
    """

    id: str
    title: str
    topics: tuple[str, ...] = ()
    weeks: tuple[int, int] | None = None
    resources: tuple[str, ...] = ()
    milestones: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """A way through the topics: its stages from the first to the last. `url` or `origin` says where it comes from."""

    id: str
    title: str
    about: str
    stages: tuple[Stage, ...]
    pacing: Pacing = Pacing.MASTERY
    origin: str = ""

    @property
    def topics(self) -> tuple[str, ...]:
        """All its topics, each where it comes first."""
        return tuple(dict.fromkeys(topic for stage in self.stages for topic in stage.topics))


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Everything that a roadmap file holds, each by its id, in the file's order."""

    title: str = ""
    areas: Mapping[str, Area] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    tracks: Mapping[str, Track] = field(default_factory=dict)
    resources: Mapping[str, Resource] = field(default_factory=dict)
    milestones: Mapping[str, Milestone] = field(default_factory=dict)
