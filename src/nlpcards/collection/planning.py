"""The plan of a session over a collection: what the journal and the decks say, put before the queue's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Collection as Container
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, assert_never

from nlpcards.core.balance import NO_EASY_DAYS, Place, balanced
from nlpcards.core.cards import Card, deck_of, note_of
from nlpcards.core.days import Moment
from nlpcards.core.gain import recall_gained
from nlpcards.core.queue import Ahead, Cram, Daily, Pace, Plan, Purpose, Relations, both_ways, pace_of, plan
from nlpcards.core.queue.introducing import CONFUSABLE_DAYS
from nlpcards.core.state import CardState, Interval, New, Steps

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.decks.library import Library

PACE_DAYS, PACE_ANSWERS = 365, 1_000
"""One's own answer times are those of the newest answers, so many at most, within so many last study days."""


def planned(
    collection: Collection, decks: Container[str], now: Moment, chosen: Callable[[Card], bool], purpose: Purpose
) -> Plan:
    """The plan for a purpose from some decks, of the cards that are `chosen` there."""
    library, journal = collection.library, collection.journal
    ends = collection.day_ends_ms(now.day)

    def asked(name: str) -> bool:
        card = library.card(name)
        return card is not None and chosen(card)

    timed = purpose.minutes is not None
    return plan(
        _states(collection, decks, now, ends, purpose),
        filter(asked, _new_cards(collection, decks, now.day)),
        day=now.day,
        day_ends_ms=ends,
        rules=collection.taste.rules,
        purpose=purpose,
        wanted=lambda card: deck_of(card) in decks and asked(card),
        ready=_prerequisites_met(collection),
        relations=relations_of(library),
        lately=set(map(note_of, journal.introduced_between(now.day - CONFUSABLE_DAYS, now.day))),
        gain=recall_gained(collection.settings.parameters),
        pace=pace(collection, now.day) if timed else Pace(),
        steps=len(collection.settings.learning_steps),
    )


def place(collection: Collection, day: int) -> Place | None:
    """How the intervals of one card are placed on a study day, by what else is due now and by easy days; None for plain
    fuzz.
    """
    taste = collection.taste
    if taste.balance:
        # The buttons of one card ask for the same days again, since each must be later than the one before.
        return balanced(day, cache(collection.journal.due_counts), taste.easy_days)
    if taste.easy_days != NO_EASY_DAYS:
        return balanced(day, lambda first, last: {}, taste.easy_days)
    return None


def pace(collection: Collection, day: int) -> Pace:
    """How long one's own answers take, by those of the last `PACE_DAYS` study days."""
    return pace_of(collection.journal.answer_times(day - PACE_DAYS, PACE_ANSWERS))


def relations_of(library: Library) -> Relations:
    """What the decks say of notes that bears on their order. A note without a topic has its deck's, else its deck."""

    def topic(note_id: str) -> str:
        note, deck = library.note(note_id), library.decks.get(deck_of(note_id))
        return (note.topic if note else "") or (deck.topic if deck else "") or deck_of(note_id)

    named = ((note.full_id, note.confusable) for note in library.notes.values() if note.confusable)
    return Relations(both_ways(named), topic)


def _states(
    collection: Collection, decks: Container[str], now: Moment, ends: int, purpose: Purpose
) -> dict[str, CardState]:
    journal = collection.journal
    match purpose:
        case Daily():
            return journal.agenda(now.day, ends)
        case Ahead(days=days):
            return journal.due(now.day + days) | journal.agenda(now.day, ends)
        case Cram():
            named = (card.id for deck in collection.library.decks.values() if deck.id in decks for card in deck.cards())
            return journal.states(named)
        case _:
            assert_never(purpose)


def _new_cards(collection: Collection, decks: Container[str], day: int) -> Iterator[str]:
    """Cards never answered, decks taking turns, each in its file's order; looked up in batches, since a plan takes
    few.
    """
    each = [[card.id for card in deck.cards()] for deck in collection.library.decks.values() if deck.id in decks]
    answered = collection.journal.answered_cards()
    waiting = [card for turn in zip_longest(*each) for card in turn if card is not None and card not in answered]
    for start in range(0, len(waiting), 500):
        batch = waiting[start : start + 500]
        states = collection.journal.states(batch)
        for card in batch:
            state = states.get(card)
            if state is None or (isinstance(state.schedule, New) and state.asked_on(day)):
                yield card


def _prerequisites_met(collection: Collection) -> Callable[[str], bool]:
    """Whether every note that a card's note needs is out of the learning steps; a missing or suspended one counts as
    met.
    """
    met: dict[str, bool] = {}
    library, journal = collection.library, collection.journal

    def known(note_id: str) -> bool:
        if note_id not in met:
            note = library.note(note_id)
            cards = [card.id for card in note.cards()] if note else []
            states = journal.states(cards)
            met[note_id] = all(
                state is not None and (state.suspended or _out_of_learning(state))
                for state in (states.get(card) for card in cards)
            )
        return met[note_id]

    def ready(card: str) -> bool:
        note = library.note(note_of(card))
        return note is None or all(map(known, note.needs))

    return ready


def _out_of_learning(state: CardState) -> bool:
    """Whether a card has been learned once; a lapse does not unlearn what builds on it."""
    match state.schedule:
        case New():
            return False
        case Steps(relearning=relearning):
            return relearning
        case Interval():
            return True
        case _:
            assert_never(state.schedule)
