"""Advice on cards: what a good teacher would say of them, and the computer can be sure of.

Each module has one family and gives problems for a `Cards`. They run for `check` only. Few false alarms matter more
than many alarms: what is said of good cards is a defect of the advice. Words are looked for in English.
"""

from __future__ import annotations

from collections.abc import Iterator

from nlpcards.decks.advice import (
    asking,
    drills,
    fences,
    giving_away,
    length,
    likeness,
    markup,
    pictures,
    reasons,
    tables,
)
from nlpcards.decks.advice.cards import Cards
from nlpcards.decks.problems import Problem


def advise(cards: Cards) -> Iterator[Problem]:
    """All advice on these cards."""
    for family in (length, asking, giving_away, likeness, reasons, pictures, drills, markup, tables, fences):
        yield from family.advise(cards)


__all__ = ["Cards", "advise"]
