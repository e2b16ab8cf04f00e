"""Holidays: study days without new cards, as a learner writes them. Reviews go on; memory knows no holidays."""

from __future__ import annotations

import re
from datetime import date

from nlpcards.core.dataclass import dataclass
from nlpcards.core.days import day_of


@dataclass(frozen=True, slots=True)
class Holidays:
    """Spans of study days, each from its first to its last, both included."""

    spans: tuple[tuple[int, int], ...] = ()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, int) and any(first <= day <= last for first, last in self.spans)


NO_HOLIDAYS = Holidays()
"""A learner who is always there."""


def holidays(text: str) -> Holidays:
    """The holidays that a text names: dates and spans of dates, divided by spaces or commas, such as
    `2026-12-24 2026-12-27..2027-01-03`.

    Raises:
        ValueError: a word is neither, there is no such date, or a span ends before it begins; it says which word.
    """
    return Holidays(tuple(_span(word) for word in text.replace(",", " ").split()))


def _span(word: str) -> tuple[int, int]:
    first, dots, last = word.partition("..")
    found = _day(first, word), _day(last if dots else first, word)
    if found[1] < found[0]:
        raise ValueError(f"{word} ends before it begins")
    return found


def _day(written: str, word: str) -> int:
    # `fromisoformat` would take weeks and dates without hyphens.
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        raise ValueError(f"{word} is no date")
    try:
        return day_of(date.fromisoformat(written))
    except ValueError:
        raise ValueError(f"{word} is no date that there is") from None
