"""Drills whose numbers are not worth reckoning with."""

from __future__ import annotations

from collections.abc import Iterator

from nlpcards.core.kinds.drill import MOST_DRAWS, Drill
from nlpcards.core.numbers import shown
from nlpcards.decks.advice.cards import Cards
from nlpcards.decks.problems import Problem

_TRIED = 128
"""How many sets of numbers a drill is judged by, unless they all agree: then by all."""

HUGE = 1e12
"""An answer of more digits is copied from a calculator and teaches nothing."""


def advise(cards: Cards) -> Iterator[Problem]:
    """Q013: an answer that never changes, or one too large to be reckoned."""
    for written in cards.notes:
        body = written.note.body
        if not isinstance(body, Drill):
            continue
        draws = body.sample(_TRIED)
        if len({draw.answer for draw in draws}) == 1 and body.size > _TRIED:
            draws = body.sample(MOST_DRAWS)
        answers = {draw.answer for draw in draws}
        largest = max(draws, key=lambda draw: abs(draw.answer), default=None)
        if largest is None:
            continue  # which `flaw` says
        if len(answers) == 1:
            yield written.problem(
                "Q013",
                ("drill", "answer"),
                f"the answer is always {shown(largest.answer)}, whatever numbers are drawn",
                "Give other numbers, or write a fact that never changes as `q` and `typed`.",
            )
        elif abs(largest.answer) >= HUGE and not body.tolerance:
            numbers = ", ".join(f"{name} = {text}" for name, text in largest.given)
            yield written.problem(
                "Q013",
                ("drill", "answer"),
                f"the answer can be {shown(largest.answer)}, for {numbers}, and every digit of it is asked for",
                "Give smaller numbers, ask in thousands or millions, or allow a `tolerance` such as 1%.",
            )
