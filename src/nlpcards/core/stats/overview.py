"""All statistics of one moment as a value, from which every face makes its own picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nlpcards.core.state import Memory
from nlpcards.core.stats.answers import QUARTER_MS, Answers, Summed, Was
from nlpcards.core.stats.periods import Bucket, HeatMap, Period, bucket, buckets, heat_map
from nlpcards.core.stats.retention import Retention, as_share, retention, windows
from nlpcards.core.stats.standings import (
    CardCounts,
    Forecast,
    Memories,
    Standing,
    card_counts,
    forecast,
    memories,
    recalled,
)
from nlpcards.core.words import spent


class Group(NamedTuple):
    """What cards are told apart by: their deck's id and their topic's, empty where a note has none."""

    deck: str
    topic: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A deck or a topic: what was answered of it in the period, and where its cards stand now.

    `total` has the answers of the period. `met` of its `cards` were answered ever (those whose notes are gone are in
    neither); `remembered` is how many of them FSRS expects one to recall now.
    """

    name: str
    total: Bucket
    cards: int
    met: int
    remembered: float

    @property
    def figures(self) -> tuple[str, ...]:
        """Answers, time, true retention, cards met, cards and cards remembered, in words."""
        return (
            f"{self.total.answers:,}",
            spent(self.total.ms),
            as_share(self.total.retention.share),
            f"{self.met:,}",
            f"{self.cards:,}",
            f"{self.remembered:,.0f}",
        )


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the day: `answers` in the period, and how many of them were not `again`."""

    answers: int = 0
    passed: int = 0

    @property
    def recalled(self) -> float | None:
        """The share of the answers that were not `again`, 0-1; None without any."""
        return self.passed / self.answers if self.answers else None


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a history comes to on the study day `day`.

    `decks` are those that were asked for, empty for all. The period is the `days` study days up to and including `day`:
    over it go `total`, `studied` (days with an answer), `by` (the periods of each length, in order), `hours` (24, the
    learner's own), `by_deck` and `by_topic`. `windows` are Anki's spans of true retention, whatever the period;
    `heat` is a year. The rest is how things stand now.
    """

    day: int
    days: int
    decks: tuple[str, ...]
    total: Bucket
    studied: int
    windows: tuple[tuple[str, Retention], ...]
    by: Mapping[Period, tuple[Bucket, ...]]
    heat: HeatMap
    hours: tuple[Hour, ...]
    forecast: Forecast
    memories: Memories
    cards: CardCounts
    by_deck: tuple[GroupRow, ...]
    by_topic: tuple[GroupRow, ...]

    @property
    def first(self) -> int:
        """The first study day of the period."""
        return self.day - self.days + 1

    @property
    def begun(self) -> bool:
        """Whether there is anything to count: an answer at any time, or a card that was answered."""
        ever = dict(self.windows)["All time"].answers
        return bool(self.total.answers or ever or any(self.heat.counts) or self.memories.stability.total)

    @property
    def introduced(self) -> int:
        """The new cards that were answered in the period."""
        return self.total.counts[Was.NEW]


@dataclass(frozen=True, slots=True)
class Known:
    """What statistics are made of, besides the journal's `summed` answers.

    `groups` are numbered as in `summed`; `standings` are the cards that were answered and still exist, each with its
    group's number; `cards` counts all that exist by group. `hour_of` gives the local hour (0-23) of an instant in ms.
    """

    summed: Summed
    groups: Sequence[Group]
    standings: Sequence[tuple[int, Standing]]
    cards: Mapping[int, int]
    hour_of: Callable[[int], int]
    recall: Callable[[Memory, int], float]


def overview(known: Known, *, day: int, day_ends_ms: int, days: int, decks: tuple[str, ...] = ()) -> Statistics:
    """The statistics on a study day, which ends at the instant `day_ends_ms` (ms since 1970 UTC)."""
    first = day - days + 1
    of_days: dict[int, list[Answers]] = {}
    for each in known.summed.answers:
        of_days.setdefault(each.day, []).append(each)
    within = [each for each in known.summed.answers if first <= each.day <= day]
    standings = [standing for _, standing in known.standings]
    recalls = recalled(standings, day, known.recall)
    started = max(first, min((each.day for each in within), default=day))
    return Statistics(
        day,
        days,
        decks,
        bucket(first, within),
        len({each.day for each in within}),
        windows({each: retention(own) for each, own in of_days.items()}, day),
        {period: buckets(within, started, day, period) for period in Period},
        heat_map({each: sum(one.number for one in own) for each, own in of_days.items()}, day),
        _hours(known),
        forecast(standings, day, day_ends_ms),
        memories(standings, recalls),
        card_counts(standings, sum(known.cards.values()) - len(standings)),
        _rows(known, first, recalls, lambda group: group.deck),
        _rows(known, first, recalls, lambda group: group.topic),
    )


def _hours(known: Known) -> tuple[Hour, ...]:
    counts = [[0, 0] for _ in range(24)]
    for quarter, (answers, passed) in known.summed.quarters.items():
        hour = counts[known.hour_of(quarter * QUARTER_MS)]
        hour[0] += answers
        hour[1] += passed
    return tuple(Hour(answers, passed) for answers, passed in counts)


def _rows(known: Known, first: int, recalls: Sequence[float], name_of: Callable[[Group], str]) -> tuple[GroupRow, ...]:
    names = [name_of(group) for group in known.groups]
    own: dict[str, list[Answers]] = {}
    for group, answers in known.summed.of_groups.items():
        own.setdefault(names[group], []).extend(answers)
    cards: dict[str, int] = {}
    for group, number in known.cards.items():
        cards[names[group]] = cards.get(names[group], 0) + number
    met: dict[str, int] = {}
    remembered: dict[str, float] = {}
    for (group, _), recall in zip(known.standings, recalls, strict=True):
        name = names[group]
        met[name] = met.get(name, 0) + 1
        remembered[name] = remembered.get(name, 0.0) + recall
    order = dict.fromkeys([*cards, *own])
    return tuple(
        GroupRow(
            name, bucket(first, own.get(name, ())), cards.get(name, 0), met.get(name, 0), remembered.get(name, 0.0)
        )
        for name in order
    )
