"""Where cards stand: how many of each sort, what memory holds, and when they fall due."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

from nlpcards.core.days import MS_PER_DAY
from nlpcards.core.state import Memory
from nlpcards.core.stats.answers import MATURE_DAYS
from nlpcards.core.stats.distribution import (
    DIFFICULTY_EDGES,
    RETRIEVABILITY_EDGES,
    STABILITY_EDGES,
    Distribution,
    distribution,
)

FORECAST_DAYS = 90
"""Days of the forecast, today included."""


class Standing(NamedTuple):
    """What statistics look at of a card that was answered: `due` is a study day (out of the steps), `due_ms` an instant
    in ms since 1970 UTC (on them); `relearning` says on which steps.
    """

    card: str
    stability: float
    difficulty: float
    due: int | None
    due_ms: int | None
    last_day: int
    relearning: bool
    suspended: bool
    buried_until: int


@dataclass(frozen=True, slots=True)
class CardCounts:
    """How many cards are of each sort; a suspended one counts as that alone. `new` were never answered."""

    new: int = 0
    learning: int = 0
    relearning: int = 0
    young: int = 0
    mature: int = 0
    suspended: int = 0

    @property
    def named(self) -> tuple[tuple[str, int], ...]:
        """Each sort by its name, in the order in which cards go through them."""
        return tuple((each.name, getattr(self, each.name)) for each in fields(self))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Cards that fall due as things stand: on each day from today on, and `backlog` that were due before.

    Cards on the steps count on the study day on which they come back, buried ones on the day on which they may be asked
    again, suspended ones never. `later` fall due after the last of the days.
    """

    backlog: int = 0
    days: tuple[int, ...] = ()
    later: int = 0


@dataclass(frozen=True, slots=True)
class Memories:
    """How stability (days), difficulty (1-10) and retrievability (0-1) of all cards answered are spread now.

    `remembered` is the sum of the retrievabilities: how many cards FSRS expects one to recall.
    """

    stability: Distribution
    difficulty: Distribution
    retrievability: Distribution
    remembered: float


def card_counts(standings: Iterable[Standing], new: int) -> CardCounts:
    """The cards of each sort; `new` are those that were never answered."""
    learning = relearning = young = mature = suspended = 0
    for each in standings:
        if each.suspended:
            suspended += 1
        elif each.due is None:
            relearning += each.relearning
            learning += not each.relearning
        elif each.due - each.last_day >= MATURE_DAYS:
            mature += 1
        else:
            young += 1
    return CardCounts(new, learning, relearning, young, mature, suspended)


def forecast(standings: Iterable[Standing], day: int, day_ends_ms: int, days: int = FORECAST_DAYS) -> Forecast:
    """What falls due from study day `day`, which ends at an instant (ms since 1970 UTC), on for so many days."""
    counts = [0] * days
    backlog = later = 0
    for each in standings:
        if each.suspended:
            continue
        if each.due is not None:
            due = each.due
        else:
            due = day + 1 + ((each.due_ms or 0) - day_ends_ms) // MS_PER_DAY
        if each.buried_until > day:
            due = max(due, each.buried_until)
        if due < day:
            backlog += 1
        elif due - day < days:
            counts[due - day] += 1
        else:
            later += 1
    return Forecast(backlog, tuple(counts), later)


def recalled(standings: Iterable[Standing], day: int, recall: Callable[[Memory, int], float]) -> list[float]:
    """The retrievability (0-1) of each card on a study day; `recall` gives FSRS's after so many days."""
    return [recall(Memory(each.stability, each.difficulty), max(0, day - each.last_day)) for each in standings]


def memories(standings: Sequence[Standing], recalls: Sequence[float]) -> Memories:
    """How memory is spread, given each card's retrievability now."""
    return Memories(
        distribution([each.stability for each in standings], STABILITY_EDGES),
        distribution([each.difficulty for each in standings], DIFFICULTY_EDGES, 10.0),
        distribution(recalls, RETRIEVABILITY_EDGES, 1.0),
        sum(recalls),
    )
