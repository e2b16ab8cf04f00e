"""In which order reviews are taken; where not all are taken today, also which.

Every order is total and the same on every machine: equals are mixed by a hash of card and study day.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import assert_never

from nlpcards.core.hashing import blake2b
from nlpcards.core.state import Interval


class Order(Enum):
    """An order of reviews; the values are what `config.toml` calls them."""

    GAIN = "gain"
    """What gains most recall a second first. Under a limit that binds it remembered most in simulation."""
    DUE = "due"
    """The longest due first."""
    WEAKEST = "retrievability-ascending"
    """The least likely to be recalled first."""
    STRONGEST = "retrievability-descending"
    """The most likely to be recalled first."""
    OVERDUE = "overdueness"
    """The longest waited for in proportion to its interval first."""
    RANDOM = "random"
    """Mixed, anew on each study day."""


Key = tuple[float, bytes, str]
"""What a card is sorted by: the order's own measure, then the day's mixture, then the id."""


def shuffle_key(card: str, day: int) -> bytes:
    """A key that mixes the cards of a study day: even, and the same on every machine that day."""
    return blake2b(f"{day}\n{card}".encode(), digest_size=8).digest()


Worth = Callable[[Interval], float]
"""The recall that a review of a card gains a second."""


def sort_key(order: Order, day: int, worth: Worth | None = None) -> Callable[[str, Interval], Key]:
    """The key by which a card out of the steps is sorted on a study day, smallest first.

    `worth` is what `Order.GAIN` goes by; where nobody knows it, that order is `Order.DUE`.
    """
    measure = _measure(order, day, worth)
    return lambda card, schedule: (measure(schedule), shuffle_key(card, day), card)


def _measure(order: Order, day: int, worth: Worth | None) -> Callable[[Interval], float]:
    match order:
        case Order.GAIN if worth is not None:
            return lambda schedule: -worth(schedule)
        case Order.GAIN:
            return lambda schedule: schedule.due
        case Order.DUE:
            return lambda schedule: schedule.due
        case Order.WEAKEST:
            return lambda schedule: -_waited(schedule, day)
        case Order.STRONGEST:
            return lambda schedule: _waited(schedule, day)
        case Order.OVERDUE:
            return lambda schedule: -(day - schedule.last_day) / max(1, schedule.due - schedule.last_day)
        case Order.RANDOM:
            return lambda _: 0
        case _:
            assert_never(order)


def _waited(schedule: Interval, day: int) -> float:
    """Elapsed days in units of stability: FSRS's retrievability falls with this alone, so it sorts as that does."""
    return max(0, day - schedule.last_day) / schedule.memory.stability
