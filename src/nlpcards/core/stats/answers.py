"""Answers summed up: how many of each sort on each study day, in one pass over a journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

MATURE_DAYS = 21
"""The interval (days) from which a card in review is mature, as in Anki's statistics; below it is young."""


class Was(IntEnum):
    """What a card was when it was answered."""

    NEW = 0
    LEARNING = 1
    RELEARNING = 2
    YOUNG = 3
    MATURE = 4

    @property
    def in_review(self) -> bool:
        """Whether the card was out of the steps: only such answers tell how well memory holds."""
        return self >= Was.YOUNG


Happened = tuple[int, int, int | None, int | None, int | None, int]
"""What a pass looks at of an event that counts: card, study day, rating, time in ms, due, instant in ms.

The card is its number in the pass's `groups`. A review has a rating (1-4), the time it took and where it led: a study
day on which it is due, or None for a step. What was set to be due has no rating but a due day, a reset has neither.
Instants are ms since 1970 UTC.
"""


class Answers(NamedTuple):
    """`number` answers on a study day, to cards that were alike, with one rating; `ms` is the time they took."""

    day: int
    was: Was
    rating: int
    number: int
    ms: int


QUARTER_MS = 900_000
"""A quarter of an hour: zones differ by multiples of it, so what is counted by it can be read in any."""


@dataclass(frozen=True, slots=True)
class Summed:
    """A journal's answers by day and sort, and of some period by group and by quarter of an hour since 1970 UTC.

    `of_groups` has each group's answers in the period by their sort alone; their `day` is the first of the period.
    `quarters` has for each quarter how many answers it saw and how many of them were not `again`.
    """

    answers: tuple[Answers, ...] = ()
    of_groups: dict[int, tuple[Answers, ...]] = field(default_factory=dict)
    quarters: dict[int, tuple[int, int]] = field(default_factory=dict)


# A sort of answer is one integer, so that an answer costs one look-up: four ratings for each thing that a card was.
_RATINGS = 4
_SORTS = _RATINGS * len(Was)
_LEFT_OUT = -1
_NEW, _LEARNING, _RELEARNING, _YOUNG, _MATURE = (_RATINGS * was for was in Was)
# A count and a time in one integer: 2**40 ms are 34 years.
_ONE = 1 << 40
_TIME = _ONE - 1


def sum_answers(
    happened: Iterable[Happened], groups: Sequence[int], present: Mapping[int, int], period: range
) -> Summed:
    """Sum up what happened, in the journal's order; `period` are the study days told apart by group and hour.

    `groups` gives each card's group by its number, -1 for one that is left out; `present` the number of each card
    that was renamed under its present id.

    What a card was follows from its answers before: the interval is the one its last answer gave, in days.
    """
    # Written out in one loop, without a call: it runs a million times.
    standing = [_LEFT_OUT if group < 0 else _NEW for group in groups]
    bases = [group * _SORTS - 1 for group in groups]
    days: dict[int, dict[int, int]] = {}
    quarters: dict[int, int] = {}
    today: int | None = None
    current: dict[int, int] = {}
    in_period = False
    for card, day, rating, took, due, at_ms in happened:
        if present:
            card = present.get(card, card)
        was = standing[card]
        if was < 0:
            continue
        if rating is None:
            standing[card] = _NEW if due is None else _set_due(was, due - day)
            continue
        if day != today:
            today, current, in_period = day, days.setdefault(day, {}), day in period
        sort = bases[card] + was + rating
        current[sort] = current.get(sort, 0) + _ONE + (took or 0)
        if in_period:
            quarter = at_ms // QUARTER_MS
            quarters[quarter] = quarters.get(quarter, 0) + (_ONE if rating == 1 else _ONE + 1)
        if due is None:
            standing[card] = _RELEARNING if was > _LEARNING else _LEARNING
        else:
            standing[card] = _MATURE if due - day >= MATURE_DAYS else _YOUNG
    return Summed(*_by_day_and_group(days, period), {each: (had >> 40, had & _TIME) for each, had in quarters.items()})


def _set_due(was: int, days: int) -> int:
    """Where a card stands after its due day was set: out of the steps, with its interval; a new one stays new."""
    if was == _NEW or was >= _YOUNG:
        return was
    return _MATURE if days >= MATURE_DAYS else _YOUNG


def _by_day_and_group(
    days: Mapping[int, Mapping[int, int]], period: range
) -> tuple[tuple[Answers, ...], dict[int, tuple[Answers, ...]]]:
    found: list[Answers] = []
    of_groups: dict[int, dict[int, int]] = {}
    for day in sorted(days):
        whole = [0] * _SORTS
        in_period = day in period
        for sort, packed in days[day].items():
            group, own = divmod(sort, _SORTS)
            whole[own] += packed
            if in_period:
                of_group = of_groups.setdefault(group, {})
                of_group[own] = of_group.get(own, 0) + packed
        found += _unpacked(day, enumerate(whole))
    return tuple(found), {group: tuple(_unpacked(period.start, own.items())) for group, own in of_groups.items()}


def _unpacked(day: int, sorts: Iterable[tuple[int, int]]) -> list[Answers]:
    return [
        Answers(day, _WAS[sort // _RATINGS], sort % _RATINGS + 1, packed >> 40, packed & _TIME)
        for sort, packed in sorted(sorts)
        if packed
    ]


_WAS = tuple(Was)
