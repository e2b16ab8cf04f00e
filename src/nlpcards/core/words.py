"""Intervals, durations, counts and dates in words that fit a button."""

from __future__ import annotations

from datetime import date

from nlpcards.core.days import Moment
from nlpcards.core.state import CardState, Interval, New, Steps

RATING_NAMES = {1: "again", 2: "hard", 3: "good", 4: "easy"}
"""FSRS's ratings by their numbers."""


FLAG_NAMES = {1: "red", 2: "orange", 3: "green", 4: "blue", 5: "pink", 6: "turquoise", 7: "purple"}
"""The flags' colours by their numbers, as Anki numbers and names them."""


def interval(days: int) -> str:
    """An interval in days, such as `1d`, `3.4mo` or `2.1y`."""
    if days < 31:
        return f"{days}d"
    if days < 365:
        return f"{_short(days / 30.4375)}mo"
    return f"{_short(days / 365.25)}y"


def wait(ms: int) -> str:
    """A wait of less than some days, such as `<1m`, `10m`, `5h` or `2d`."""
    seconds = max(0, round(ms / 1000))
    if seconds < 60:
        return "<1m"
    if seconds < 3600:
        return f"{seconds // 60}m"
    if seconds < 86_400:
        return f"{_short(seconds / 3600)}h"
    return f"{_short(seconds / 86_400)}d"


def duration(ms: int) -> str:
    """A time spent, such as `45 s` or `12 min`."""
    seconds = round(ms / 1000)
    return f"{seconds} s" if seconds < 90 else f"{round(seconds / 60)} min"


def spent(ms: int) -> str:
    """A time spent in all, such as `45 s`, `12 min` or `31.5 h`."""
    return duration(ms) if ms < 90 * 60_000 else f"{ms / 3_600_000:,.1f} h"


def comes_back(state: CardState, now: Moment) -> str:
    """When a card in a state comes back, seen from now."""
    match state.schedule:
        case New():
            return "new"
        case Steps(due_ms=due_ms):
            return wait(due_ms - now.ms)
        case Interval(due=due):
            return interval(max(0, due - now.day))


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 answer`, `2 answers`; `many` is the plural where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def weekday(on: date) -> str:
    """A date in a few letters, such as `Sat 21`."""
    return f"{_DAYS[on.weekday()]} {on.day}"


def long_date(on: date) -> str:
    """A date in words, such as `Saturday 21 November`; in English whatever the locale, like all else on the screen."""
    return f"{_LONG_DAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]}"


def short_month(on: date) -> str:
    """The month of a date in three letters, such as `Nov`."""
    return _MONTHS[on.month - 1][:3]


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value < 9.95 else f"{value:.0f}"


_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS = tuple(day[:3] for day in _LONG_DAYS)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
