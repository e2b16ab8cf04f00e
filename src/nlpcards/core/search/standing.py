"""Where a card stands, as the search language and its results put it: due, in review, the interval."""

from __future__ import annotations

from typing import assert_never

from nlpcards.core.days import MS_PER_DAY
from nlpcards.core.state import CardState, Interval, New, Steps


def is_due(state: CardState, day: int, day_ends_ms: int) -> bool:
    """Whether a card comes back on a study day or should have before; a new card does not."""
    match state.schedule:
        case New():
            return False
        case Steps(due_ms=due_ms):
            return due_ms < day_ends_ms
        case Interval(due=due):
            return due <= day
        case _:
            assert_never(state.schedule)


def interval_of(state: CardState) -> int:
    """The interval in days from the last review to the due day; 0 for a card that is new or on the steps."""
    match state.schedule:
        case New() | Steps():
            return 0
        case Interval(due=due, last_day=last):
            return due - last
        case _:
            assert_never(state.schedule)


def due_in(state: CardState, day: int, day_ends_ms: int) -> int | None:
    """In how many study days a card is due, less than 0 where it is overdue; None for a new card."""
    match state.schedule:
        case New():
            return None
        case Steps(due_ms=due_ms):
            return (due_ms - day_ends_ms) // MS_PER_DAY + 1
        case Interval(due=due):
            return due - day
        case _:
            assert_never(state.schedule)


def phase(state: CardState) -> str:
    """FSRS's word for where a card stands: new, learning, review or relearning."""
    match state.schedule:
        case New():
            return "new"
        case Steps(relearning=relearning):
            return "relearning" if relearning else "learning"
        case Interval():
            return "review"
        case _:
            assert_never(state.schedule)
