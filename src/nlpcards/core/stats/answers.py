"""Answers summed up: how many of each sort on each study day, in one pass over a journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


Happened = tuple[int, int, int | None, int | None, int | None, int, int]
"""What a pass looks at of an event that counts: card, study day, rating, time in ms, due, instant in ms, clock.

The card is its number in the pass's `groups`. A review has a rating (1-4), the time it took and where it led: a study
day on which it is due, or None for a step. What was set to be due has no rating but a due day, a reset has neither.
Instants are ms since 1970 UTC. The clock, by which events are ordered, comes last and is not looked at.
"""


class Answers(NamedTuple):
    """`number` answers on a study day, to cards of one group that were alike, with one rating; `ms` is their time."""

    day: int
    group: int
    was: Was
    rating: int
    number: int
    ms: int


QUARTER_MS = 900_000
"""A quarter of an hour: zones differ by multiples of it, so what is counted by it can be read in any."""


@dataclass(frozen=True, slots=True)
class Summed:
    """A journal's answers: by day and sort, and by quarters of an hour since 1970 UTC from some study day on.

    `quarters` has for each quarter how many answers it saw and how many of them were not `again`.
    """

    answers: tuple[Answers, ...] = ()
    quarters: dict[int, tuple[int, int]] = field(default_factory=dict)


# A card's standing in one integer: -1 new, 0 on the learning steps, 1 on the relearning steps, else 2 + its interval.
_NEW, _LEARNING, _RELEARNING, _REVIEW = -1, 0, 1, 2
_FIRST_MATURE = _REVIEW + MATURE_DAYS
# A count and a time in one integer, so that an answer costs one look-up: 2**40 ms are 34 years.
_ONE = 1 << 40


def sum_answers(
    happened: Iterable[Happened], groups: Sequence[int], present: Mapping[int, int], hours_since: int
) -> Summed:
    """Sum up what happened, in the journal's order.

    `groups` gives each card's group by its number, -1 for one that is left out; `present` the number of each card
    that was renamed under its present id. Quarters of an hour are counted from the study day `hours_since` on.

    What a card was follows from its answers before: the interval is the one its last answer gave, in days.
    """
    standing = [_NEW] * len(groups)
    days: dict[int, dict[int, int]] = {}
    quarters: dict[int, int] = {}
    today: int | None = None
    current: dict[int, int] = {}
    for named, day, rating, took, due, at_ms, _ in happened:
        card = present.get(named, named) if present else named
        group = groups[card]
        if group < 0:
            continue
        was = standing[card]
        if rating is None:
            standing[card] = _NEW if due is None else _set_due(was, due - day)
            continue
        if day != today:
            today, current = day, days.setdefault(day, {})
        sort = 4 if was >= _FIRST_MATURE else 3 if was >= _REVIEW else was + 1
        code = (group * 5 + sort) * 4 + rating - 1
        current[code] = current.get(code, 0) + _ONE + (took or 0)
        if day >= hours_since:
            quarter = at_ms // QUARTER_MS
            quarters[quarter] = quarters.get(quarter, 0) + (_ONE if rating == 1 else _ONE + 1)
        if due is not None:
            standing[card] = _REVIEW + due - day if due > day else _REVIEW
        else:
            standing[card] = _RELEARNING if was > _LEARNING else _LEARNING
    return Summed(
        tuple(_unpacked(days)), {quarter: (each >> 40, each & (_ONE - 1)) for quarter, each in quarters.items()}
    )


def _set_due(was: int, days: int) -> int:
    """Where a card stands after its due day was set: out of the steps, with its interval; a new one stays new."""
    return was if was == _NEW or was >= _REVIEW else _REVIEW + max(0, days)


def _unpacked(days: dict[int, dict[int, int]]) -> Iterator[Answers]:
    for day in sorted(days):
        for code, packed in sorted(days[day].items()):
            rest, rating = divmod(code, 4)
            group, sort = divmod(rest, 5)
            yield Answers(day, group, _WAS[sort], rating + 1, packed >> 40, packed & (_ONE - 1))


_WAS = tuple(Was)
