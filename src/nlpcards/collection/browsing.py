"""Browsing: a search that goes on a few cards at a time, and the columns by which its cards are shown and sorted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from operator import itemgetter
from typing import assert_never

from nlpcards.collection.searching import Found, Searching, Selection
from nlpcards.core.cards import Card
from nlpcards.core.markup.safe import visible
from nlpcards.core.search.matching import retrievability
from nlpcards.core.search.patterns import folded
from nlpcards.core.search.standing import due_in, interval_of, phase
from nlpcards.core.state import CardState
from nlpcards.core.words import FLAG_NAMES

STEP = 25
"""So many cards are looked at between two moments at which a search can be left: at worst 25 ms, where each of them is
read for the first time."""


class Column(StrEnum):
    """What a table of cards can show of each, called as its heading is."""

    QUESTION = "question"
    STATE = "state"
    DUE = "due"
    RECALL = "recall"
    STABILITY = "stability"
    DIFFICULTY = "difficulty"
    INTERVAL = "interval"
    REPS = "reps"
    LAPSES = "lapses"
    FLAG = "flag"
    DECK = "deck"
    TOPIC = "topic"
    CARD = "card"


NUMBERS = frozenset({Column.RECALL, Column.STABILITY, Column.DIFFICULTY, Column.INTERVAL, Column.REPS, Column.LAPSES})
"""Columns whose values are numbers, to be written flush right."""


OF_STATE = NUMBERS | {Column.STATE, Column.DUE, Column.FLAG}
"""Columns whose values follow from the card's state."""

DEFAULT = (Column.QUESTION, Column.STATE, Column.DUE, Column.RECALL, Column.DECK)
"""The columns that are shown unless others are chosen."""


def finding(searching: Searching, selection: Selection, found: list[Card]) -> Iterator[int]:
    """Put the cards of a selection into `found`, in the library's order; gives now and then how many were looked at.

    Raises:
        SearchError: a regular expression meets a text that is too long for it.
    """
    test = searching.test(selection.query)
    looked = 0
    for deck in searching.decks(selection.decks):
        for card in deck.cards():
            if test(card):
                found.append(card)
            looked += 1
            if looked % STEP == 0:
                yield looked
    yield looked


def cell(found: Found, column: Column) -> str:
    """What a column shows of a card, on one line; empty where a card has nothing of the kind."""
    state, memory = found.state, found.state.memory
    match column:
        case Column.QUESTION:
            return _line(found.question)
        case Column.STATE:
            return "suspended" if state.suspended else phase(state)
        case Column.DUE:
            return "" if found.due is None else found.due.isoformat()
        case Column.RECALL:
            return "" if found.retrievability is None else f"{found.retrievability:.0%}"
        case Column.STABILITY:
            return "" if memory is None else f"{memory.stability:,.1f}"
        case Column.DIFFICULTY:
            return "" if memory is None else f"{memory.difficulty:.1f}"
        case Column.INTERVAL:
            return str(interval_of(state) or "")
        case Column.REPS:
            return str(state.reps)
        case Column.LAPSES:
            return str(state.lapses)
        case Column.FLAG:
            return FLAG_NAMES.get(state.flag, "")
        case Column.DECK:
            return _line(found.card.note.deck)
        case Column.TOPIC:
            return _line(found.topic)
        case Column.CARD:
            return _line(found.card.id)
        case _:
            assert_never(column)


def ordering(
    searching: Searching, cards: Sequence[Card], column: Column, ordered: list[Card], *, descending: bool
) -> Iterator[int]:
    """Put cards into `ordered`, sorted by a column: those that have nothing in it last either way, equal ones in the
    order they came. Gives now and then how many were looked at.

    Questions are sorted by the text that the author wrote: to lay out every one of them would take minutes.
    """
    # Grouped rather than keyed by (missing, value): that would compare a tuple for every pair.
    having: list[tuple[float | str, Card]] = []
    lacking: list[Card] = []
    for looked, card in enumerate(cards, 1):
        key = _key(searching, card, column)
        if key is None:
            lacking.append(card)
        else:
            having.append((key, card))
        if looked % STEP == 0:
            yield looked
    having.sort(key=itemgetter(0), reverse=descending)
    ordered += [card for _, card in having]
    ordered += lacking


def _key(searching: Searching, card: Card, column: Column) -> float | str | None:
    state = searching.state(card.id) if column in OF_STATE else _NEW
    match column:
        case Column.QUESTION:
            question = card.face().question
            return folded(question) if isinstance(question, str) else folded(searching.look(card).question)
        case Column.STATE:
            return len(_STATES) if state.suspended else _STATES.index(phase(state))
        case Column.DUE:
            return due_in(state, searching.day, searching.day_ends_ms)
        case Column.RECALL:
            return retrievability(state, searching)
        case Column.STABILITY:
            return None if state.memory is None else state.memory.stability
        case Column.DIFFICULTY:
            return None if state.memory is None else state.memory.difficulty
        case Column.INTERVAL:
            return interval_of(state) or None
        case Column.REPS:
            return state.reps
        case Column.LAPSES:
            return state.lapses
        case Column.FLAG:
            return state.flag or None
        case Column.DECK:
            return card.note.deck
        case Column.TOPIC:
            return searching.topic(card.note) or None
        case Column.CARD:
            return card.id
        case _:
            assert_never(column)


_STATES = ("new", "learning", "relearning", "review")
_NEW = CardState()


def _line(text: str) -> str:
    return visible(" ".join(text.split()))
