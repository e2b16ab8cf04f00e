"""What a learner set about the roadmap: the track followed, topics opened by hand, what was read and done.

All of it are marks in the journal, the last of a subject holds; a mark that cannot be understood (a newer program's)
says nothing, and stays in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from nlpcards.core.dataclass import dataclass
from nlpcards.core.errors import UsageError
from nlpcards.core.journal import Event, Mark
from nlpcards.core.roadmap.marks import mark, value_of
from nlpcards.core.roadmap.placement_marks import placements

LONGEST_NOTE = 2_000
"""The most characters of a note on a resource or a milestone."""

TRACK, ROADMAP = "track", "roadmap"
"""The subjects of the track followed and of what makes a topic known."""

OPENED, MILESTONE, RESOURCE = "opened:", "milestone:", "resource:"
"""How the subjects begin of a topic's door, of a milestone and of a resource; the id follows."""


class Status(StrEnum):
    """How far one is with a resource or a milestone."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Marked:
    """A resource or a milestone as one marked it: since which study day it stands so, and a note (empty for none)."""

    status: Status
    day: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What makes a topic known: the share of its cards introduced and their mean retrievability, both 0-1, both at
    least.
    """

    introduced: float = 0.80
    recall: float = 0.85


@dataclass(frozen=True, slots=True)
class Following:
    """What the marks of a journal come to.

    `track` is the id of the track followed, empty for none, and `since` the study day on which it began (None without
    one). `opened` and `shut` are topics opened and shut by hand. `milestones` and `resources` are those marked, by
    their ids; what was never marked is to do. Of `placed` topics, found known by a placement, the cards come in turn
    with the others; `asked` counts the cards of each topic that a placement asked, which alone begins no topic.
    """

    track: str = ""
    since: int | None = None
    opened: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    thresholds: Thresholds = field(default_factory=Thresholds)
    milestones: Mapping[str, Marked] = field(default_factory=dict)
    resources: Mapping[str, Marked] = field(default_factory=dict)
    placed: frozenset[str] = frozenset()
    asked: Mapping[str, int] = field(default_factory=dict)


def following(marks: Mapping[str, Event]) -> Following:
    """What the last marks of each subject come to."""
    track, since, thresholds = "", None, Thresholds()
    opened, shut = set[str](), set[str]()
    milestones, resources = dict[str, Marked](), dict[str, Marked]()
    for subject, event in marks.items():
        value = value_of(event)
        if subject == TRACK:
            track, since = _track(value, event.day)
        elif subject == ROADMAP:
            thresholds = _thresholds(value)
        elif subject.startswith(OPENED):
            (opened if value is True else shut if value is False else set()).add(subject.removeprefix(OPENED))
        else:
            for prefix, found in ((MILESTONE, milestones), (RESOURCE, resources)):
                marked = _marked(value, event.day) if subject.startswith(prefix) else None
                if marked is not None:
                    found[subject.removeprefix(prefix)] = marked
    told = placements(marks)
    return Following(
        track, since, frozenset(opened), frozenset(shut), thresholds, milestones, resources, told.known, told.asked
    )


def follow(track: str, since: int) -> Mark:
    """The mark by which a track is followed from a study day on; an empty `track` follows none."""
    return mark(TRACK, {"track": track, "since": since} if track else {"track": ""})


def open_topic(topic: str) -> Mark:
    """The mark that opens a topic by hand, whatever it needs."""
    return mark(OPENED + topic, True)


def shut_topic(topic: str) -> Mark:
    """The mark that shuts a topic by hand: none of its new cards come until it is opened by hand."""
    return mark(OPENED + topic, False)


def leave_topic(topic: str) -> Mark:
    """The mark that leaves a topic to the rules again."""
    return mark(OPENED + topic, None)


def mark_milestone(milestone: str, marked: Marked) -> Mark:
    """The mark of a milestone's standing.

    Raises:
        UsageError: the note is too long.
    """
    return _standing(MILESTONE + milestone, marked)


def mark_resource(resource: str, marked: Marked) -> Mark:
    """The mark of a resource's standing.

    Raises:
        UsageError: the note is too long.
    """
    return _standing(RESOURCE + resource, marked)


def adjust(thresholds: Thresholds) -> Mark:
    """The mark that says from when on a topic is known.

    Raises:
        UsageError: a threshold is no share from 0 to 1.
    """
    for name, share in (("introduced", thresholds.introduced), ("recall", thresholds.recall)):
        if not 0 <= share <= 1:
            raise UsageError(
                f"a topic cannot count as known from {share:g} {name} on", remedy="Take a share from 0 to 1."
            )
    return mark(ROADMAP, {"introduced": thresholds.introduced, "recall": thresholds.recall})


def _standing(subject: str, marked: Marked) -> Mark:
    note = marked.note.strip()
    if len(note) > LONGEST_NOTE:
        raise UsageError(
            f"the note has {len(note):,} characters, and {LONGEST_NOTE:,} are the most", remedy="Make it shorter."
        )
    return mark(subject, {"status": marked.status.value, "day": marked.day, **({"note": note} if note else {})})


def _day(value: Any, otherwise: int) -> int:
    """A study day that a mark names, `otherwise` where it is none that a journal can hold."""
    return value if type(value) is int and -500_000 <= value <= 1_000_000 else otherwise


def _track(value: Any, day: int) -> tuple[str, int | None]:
    track = value.get("track") if isinstance(value, dict) else None
    if not isinstance(track, str) or not track:
        return "", None
    return track, _day(value.get("since"), day)


def _thresholds(value: Any) -> Thresholds:
    usual = Thresholds()
    given = value if isinstance(value, dict) else {}

    def share(name: str, otherwise: float) -> float:
        found = given.get(name)
        if isinstance(found, (int, float)) and not isinstance(found, bool) and 0 <= found <= 1:
            return float(found)
        return otherwise

    return Thresholds(share("introduced", usual.introduced), share("recall", usual.recall))


def _marked(value: Any, day: int) -> Marked | None:
    if not isinstance(value, dict):
        return None
    status, note = value.get("status"), value.get("note")
    if status not in tuple(Status):
        return None
    return Marked(Status(status), _day(value.get("day"), day), note if isinstance(note, str) else "")
