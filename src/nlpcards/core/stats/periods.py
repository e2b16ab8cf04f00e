"""Days, weeks and months of answers, and the days of a year as weeks side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from nlpcards.core.days import date_of, day_of
from nlpcards.core.stats.answers import Answers, Was
from nlpcards.core.stats.retention import Retention, retention

HEAT_WEEKS = 53
"""Weeks in the heat map: a year, and the week that has begun."""


class Period(StrEnum):
    """Over what a chart sums up. Weeks begin on Monday; months are the calendar's."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def start_of(day: int, period: Period) -> int:
    """The first study day of the period that a study day is in."""
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - date_of(day).weekday()
        case Period.MONTH:
            return day_of(date_of(day).replace(day=1))


def next_start(start: int, period: Period) -> int:
    """The first study day of the period after the one that begins on `start`."""
    match period:
        case Period.DAY:
            return start + 1
        case Period.WEEK:
            return start + 7
        case Period.MONTH:
            return day_of((date_of(start) + timedelta(days=31)).replace(day=1))


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""The months' names as charts have room for them."""


def label(start: int, period: Period) -> str:
    """What stands under a period in a chart: `27 Apr`, or `Apr 2026` for a month."""
    on = date_of(start)
    return f"{MONTHS[on.month - 1]} {on.year}" if period is Period.MONTH else f"{on.day} {MONTHS[on.month - 1]}"


@dataclass(frozen=True, slots=True)
class Bucket:
    """What was answered from the study day `start` on, for a day, a week or a month.

    `counts` are the answers by what the cards were (indices are those of `Was`), `ms` the time they took.
    """

    start: int
    counts: tuple[int, ...] = (0,) * len(Was)
    ms: int = 0
    retention: Retention = field(default_factory=Retention)

    @property
    def answers(self) -> int:
        """All answers."""
        return sum(self.counts)


def buckets(answers: Iterable[Answers], first: int, last: int, period: Period) -> tuple[Bucket, ...]:
    """The periods from study day `first` to `last`, in order, empty ones included.

    The first of them holds only what `answers` has of it.
    """
    grouped: dict[int, list[Answers]] = {}
    starts: dict[int, int] = {}
    for each in answers:
        if first <= each.day <= last:
            start = starts.get(each.day)
            if start is None:
                start = starts[each.day] = start_of(each.day, period)
            grouped.setdefault(start, []).append(each)
    found = []
    start = start_of(first, period)
    while start <= last:
        found.append(bucket(start, grouped.get(start, ())))
        start = next_start(start, period)
    return tuple(found)


def bucket(start: int, answers: Sequence[Answers]) -> Bucket:
    """All of some answers as one period."""
    counts = [0] * len(Was)
    for each in answers:
        counts[each.was] += each.number
    return Bucket(start, tuple(counts), sum(each.ms for each in answers), retention(answers))


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Answers on each day of the weeks that begin with the Monday `start`, up to and including the last day."""

    start: int
    counts: tuple[int, ...] = ()

    @property
    def months(self) -> tuple[tuple[int, str], ...]:
        """The months by their short names, each with the number of the first week that begins in it."""
        found: list[tuple[int, str]] = []
        for week in range(-(-len(self.counts) // 7)):
            name = MONTHS[date_of(self.start + 7 * week).month - 1]
            if not found or found[-1][1] != name:
                found.append((week, name))
        return tuple(found)

    @property
    def steps(self) -> tuple[int, int, int]:
        """Quartiles of the days with answers: up to the first is little, above the last is much."""
        busy = sorted(count for count in self.counts if count)
        if not busy:
            return (0, 0, 0)
        return (busy[(len(busy) - 1) // 4], busy[(len(busy) - 1) // 2], busy[(len(busy) - 1) * 3 // 4])

    @property
    def levels(self) -> tuple[int, ...]:
        """How much the answers of each day are against one's other days: 0 none, 1 little to 4 much."""
        steps = self.steps
        return tuple(1 + sum(count > step for step in steps) if count else 0 for count in self.counts)

    @property
    def ranges(self) -> tuple[str, ...]:
        """What each level stands for, in answers: `none`, `1-4` … `20 or more`; empty where no count has the level."""
        found = ["none"]
        low = 1
        for most in self.steps:
            found.append("" if most < low else f"{low}" if most == low else f"{low}-{most}")
            low = max(low, most + 1)
        return (*found, f"{low} or more")


def heat_map(by_day: dict[int, int], day: int, weeks: int = HEAT_WEEKS) -> HeatMap:
    """The heat map that ends on a study day."""
    start = start_of(day, Period.WEEK) - 7 * (weeks - 1)
    return HeatMap(start, tuple(by_day.get(each, 0) for each in range(start, day + 1)))
