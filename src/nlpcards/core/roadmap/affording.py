"""A day to meet and minutes a day: whether both can hold, and in numbers what would have to give where they cannot."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace

from nlpcards.core.dataclass import dataclass
from nlpcards.core.roadmap.pacing import Paced, Part, paced
from nlpcards.core.roadmap.workload import BUSY_DAYS, Load, Workload

LATEST_DAYS = 1_095
"""No later end than so many days after the day that was wanted is looked for."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class WaysOut:
    """The three ways out where a day and the minutes cannot both hold; each of them is enough by itself.

    `later_days` is how much later all ends, None where no later day helps within `LATEST_DAYS`, since the reviews alone
    take more; `ends` is the study day then. `more_minutes` are whole minutes a day on top of those there are. `drop`
    are the parts to leave out, from the last one backwards, with their `dropped` cards; None where even no new card
    leaves enough time.
    """

    later_days: int | None
    ends: int | None
    more_minutes: int
    drop: tuple[str, ...] | None
    dropped: int


@dataclass(frozen=True, slots=True)
class Afforded:
    """A pace with the work it brings; `ways_out` is None where everything that was asked for holds."""

    paced: Paced
    load: Load
    ways_out: WaysOut | None = None


def afford(
    parts: Sequence[Part],
    workload: Workload,
    today: int,
    *,
    off: Container[int] = (),
    most: int | None = None,
    minutes: float | None = None,
) -> Afforded:
    """The pace for parts with its work. `off` and `most` are as in `pacing.paced`; `minutes` are those there are a day,
    held against the busiest week.

    Where the last part has a day, the pace meets it whatever the minutes, and says what would have to give. Where it
    has none, the pace is the quickest that the minutes allow, at least a card a day.

    Raises:
        ValueError: there is neither a day, nor a limit of cards, nor minutes.
    """

    def load_of(pace: Paced) -> Load:
        return load_until(workload, pace)

    dated = any(part.by is not None and part.by >= today for part in parts if part.cards)
    if not dated and minutes is not None:
        total = sum(part.cards for part in parts)
        highest = min(total, most) if most is not None else total

        def fits(rate: int) -> bool:
            return load_of(paced(parts, today, off=off, most=rate)).busiest <= minutes + _ROUNDING

        rate = _largest(fits, max(1, highest))
        pace = paced(parts, today, off=off, most=max(1, rate))
        load = load_of(pace)
        none = WaysOut(None, None, _over(load, minutes), None, 0)
        return Afforded(pace, load, none if total and not rate else None)
    pace = paced(parts, today, off=off, most=most)
    load = load_of(pace)
    if minutes is None or load.busiest <= minutes + _ROUNDING:
        return Afforded(pace, load)
    return Afforded(pace, load, _ways_out(parts, workload, today, off, most, minutes, load))


def load_until(workload: Workload, pace: Paced) -> Load:
    """The work from today until a week after the last new card, when most of what they cost has begun to come back."""
    ahead = min(workload.days, len(pace.new) + BUSY_DAYS)
    return workload.of(pace.new[: workload.days], ahead)


def _over(load: Load, minutes: float) -> int:
    """By how many whole minutes the work is more than there are."""
    return max(0, -int(-(load.busiest - minutes - _ROUNDING) // 1))


def _ways_out(
    parts: Sequence[Part],
    workload: Workload,
    today: int,
    off: Container[int],
    most: int | None,
    minutes: float,
    load: Load,
) -> WaysOut:
    def fits(of: Sequence[Part]) -> bool:
        return load_until(workload, paced(of, today, off=off, most=most)).busiest <= minutes + _ROUNDING

    def later(days: int) -> list[Part]:
        return [part if part.by is None else replace(part, by=max(part.by, today) + days) for part in parts]

    alone = fits(_first(parts, 0))
    later_days = _smallest(lambda days: fits(later(days)), LATEST_DAYS) if alone else None
    ends = None if later_days is None else paced(later(later_days), today, off=off, most=most).ends
    drop: tuple[str, ...] | None = None
    dropped = 0
    if alone:
        kept = _largest(lambda count: fits(_first(parts, count)), len(parts))
        gone = [part for part in parts[kept:] if part.cards]
        drop, dropped = tuple(part.id for part in gone), sum(part.cards for part in gone)
    return WaysOut(later_days, ends, _over(load, minutes), drop, dropped)


def _first(parts: Sequence[Part], count: int) -> list[Part]:
    """The parts with the cards of the first few alone."""
    return [part if at < count else replace(part, cards=0) for at, part in enumerate(parts)]


def _largest(holds: Callable[[int], bool], highest: int) -> int:
    """The largest number up to `highest` for which something holds that holds for all smaller ones; 0 for none."""
    low, high = 0, highest
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _smallest(holds: Callable[[int], bool], highest: int) -> int | None:
    """The smallest number from 1 to `highest` for which something holds that holds for all larger ones, or None."""
    if not holds(highest):
        return None
    low, high = 1, highest
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
