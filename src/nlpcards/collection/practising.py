"""Practice: studying ahead or cramming beside the schedule. Its answers leave no trace in the journal.

What is not in the journal can never be taken for learning later, by a fold, a statistic or an optimiser; a kind of
event for it would ask each of them to pass it over. Whatever else one does to a card (suspend, bury, flag) is stored as
always.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, assert_never

from nlpcards.collection.asked import Asked
from nlpcards.collection.collection import Collection
from nlpcards.collection.reviewing import Reviewing, Summary
from nlpcards.core import session as machine
from nlpcards.core.cards import Card
from nlpcards.core.days import Moment
from nlpcards.core.journal import EventId
from nlpcards.core.queue import DAILY, Ahead, Cram, Daily, Purpose
from nlpcards.core.search.everything import EVERYTHING
from nlpcards.core.state import RATINGS, CardState
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.core.search.tree import Query

AGAIN_MS = 60_000
"""A card not recalled in practice comes back after so long, or earlier where nothing else is left."""

NOTICE = "Practice: your answers are not stored, and no card's schedule changes."
"""What the learner is told first."""

LABELS = {rating: "soon" if rating == 1 else "done" for rating in RATINGS}
"""What the four buttons say instead of intervals."""


class Practising(Reviewing):
    """A session whose answers are not stored; a card comes back until it is recalled."""

    stores: ClassVar[bool] = False

    def undo(self) -> str | None:
        """Undo the last thing done in this session; says what it was, None where there is nothing."""
        if not self._done:
            return None
        if self._done[-1].events:
            return super().undo()
        done = self._done.pop()
        # The card is among the session's still, as it was when it was asked.
        self._session = replace(done.session, front=(done.card, *done.session.front), last="")
        self.advance()
        return "the last answer"

    def summary(self) -> Summary:
        """What the session came to so far; nothing is introduced or learned by it."""
        return replace(super().summary(), introduced=(), learned=())

    def _store_answer(
        self, asked: Asked, rating: int, took: int, now: Moment, typed: str, points: Sequence[str]
    ) -> tuple[tuple[EventId, ...], CardState]:
        return (), asked.before

    def _after_answer(self, asked: Asked, rating: int, after: CardState, now: Moment) -> machine.Session:
        again = now.ms + AGAIN_MS if rating == 1 else None
        return machine.practised(self._session, asked.card.id, again)

    def _met_elsewhere(self, card: str, state: CardState, day: int) -> bool:
        if state.asked_on(day):
            return False
        self._session = machine.without(self._session, lambda each: each == card)
        return True

    def _ask(self, card: Card, state: CardState) -> Asked:
        return replace(super()._ask(card, state), labels=LABELS)


def begin(
    collection: Collection, decks: Iterable[str] = (), query: Query = EVERYTHING, purpose: Purpose = DAILY
) -> Reviewing:
    """Begin a session for a purpose over some decks (all where none is named), of the cards that meet a query."""
    match purpose:
        case Ahead(counts=False) | Cram(counts=False):
            practising = Practising.start(collection, decks, query, purpose)
            practising.notices.insert(0, NOTICE)
            return practising
        case Daily() | Ahead() | Cram():
            reviewing = Reviewing.start(collection, decks, query, purpose)
            if (kind := _kind(purpose)) is not None:
                left = f" {count(reviewing.held_back, 'due review')} left for later." if reviewing.held_back else ""
                reviewing.notices.insert(0, f"{kind}: {count(reviewing.counts.total, 'card')}.{left}")
            return reviewing


def _kind(purpose: Purpose) -> str | None:
    """What a session whose answers are stored is called, None for the whole of the day's work."""
    match purpose:
        case Ahead(days=days):
            return f"Ahead by {count(days, 'day')}; the answers count"
        case Cram():
            return "Cramming; the answers count"
        case Daily(catch_up=days) if days is not None:
            return f"Catching up over {count(days, 'day')}"
        case Daily(minutes=minutes) if minutes is not None:
            return f"What is worth {minutes:g} min most"
        case Daily():
            return None
        case _:
            assert_never(purpose)
