"""The calendar of a track: on which study days each of its weeks begins and ends, holidays included."""

from __future__ import annotations

from collections.abc import Container, Iterator

from nlpcards.core.dataclass import dataclass
from nlpcards.core.roadmap.values import Stage, Track

WEEK_DAYS = 7

_LONGEST_PAUSE_WEEKS = 520
"""Whoever has holidays for ten years has no calendar to keep."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a track, `number` counted from 1, from the study day `first` to `last`; `topics` are to be introduced
    by its end. `stage` is the id of the stage that it belongs to, empty for a week that no stage names.
    """

    number: int
    first: int
    last: int
    stage: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """Seven days in a row that are all holidays: no week of the track, which goes on after them."""

    first: int
    last: int


def calendar(track: Track, start: int, off: Container[int] = ()) -> tuple[Week | Pause, ...]:
    """The weeks of a track that begins on the study day `start`, in order, with the pauses between them; `off` are the
    holidays.

    Weeks begin on the weekday of the start. Single holidays leave their week where it is, with fewer days for new
    cards; seven in a row that would be a week are a pause, and all that follows comes a week later. The topics of a
    stage of several weeks are dealt to these in their order; a topic belongs to the first week that names it.
    """
    return tuple(_weeks(track, start, off))


def _weeks(track: Track, start: int, off: Container[int]) -> Iterator[Week | Pause]:
    topics, stages = _topics_by_week(track)
    number, first, pauses = 1, start, 0
    while number <= max(stages, default=0):
        last = first + WEEK_DAYS - 1
        if pauses < _LONGEST_PAUSE_WEEKS and all(day in off for day in range(first, last + 1)):
            yield Pause(first, last)
            pauses += 1
        else:
            yield Week(number, first, last, stages.get(number, ""), tuple(topics.get(number, ())))
            number += 1
        first = last + 1


def _topics_by_week(track: Track) -> tuple[dict[int, list[str]], dict[int, str]]:
    """The topics of each week, and the id of its stage."""
    topics: dict[int, list[str]] = {}
    stages: dict[int, str] = {}
    seen: set[str] = set()
    last_week = 1
    for stage in track.stages:
        begin, end = stage.weeks or (last_week, last_week)
        last_week = max(last_week, end)
        for week in range(begin, end + 1):
            stages.setdefault(week, stage.id)
        for topic, week in _dealt(stage, begin, end):
            if topic not in seen:
                seen.add(topic)
                topics.setdefault(week, []).append(topic)
    return topics, stages


def _dealt(stage: Stage, begin: int, end: int) -> Iterator[tuple[str, int]]:
    weeks = end - begin + 1
    for at, topic in enumerate(stage.topics):
        yield topic, begin + at * weeks // len(stage.topics)
