"""A review session as a pure state machine: which card comes next, and what an answer does to the rest.

It holds card ids only. Every step gives a new session; the layer above writes the journal before it asks for the next
card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from nlpcards.core.cards import note_of
from nlpcards.core.queue import Counts, Plan
from nlpcards.core.state import CardState, Interval, New, Steps

LEARN_AHEAD_MS = 20 * 60_000
"""A card on the steps is asked up to this long before its time where nothing else is left, as in Anki."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask this card now."""

    card: str


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is to be asked now; `later` cards on the steps come back today, the first at `next_ms` (None: no more
    today).
    """

    later: int
    next_ms: int | None


Turn = Ask | Done
"""What happens next."""


@dataclass(frozen=True, slots=True)
class Session:
    """What is still to be asked: cards on the steps by the instant they come back, reviews, new cards.

    `front` names those of them to ask before all else: an undone answer brings its card back. `last` is the note asked
    last; its siblings wait until another card was asked, where there is one.
    """

    learning: tuple[tuple[int, str], ...] = ()
    reviews: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    front: tuple[str, ...] = ()
    last: str = ""

    @property
    def counts(self) -> Counts:
        """Distinct cards still to be asked in this session."""
        return Counts(len(self.new), len(self.learning), len(self.reviews))


def start(plan: Plan) -> Session:
    """A session over a day's plan: reviews before new cards, steps at their time."""
    return Session(plan.learning, plan.reviews, plan.new)


def turn(session: Session, now_ms: int) -> Turn:
    """What to ask at an instant: what an undo brought back, then steps whose time has come, reviews, new cards, steps
    soon due.
    """
    if session.front:
        return Ask(session.front[0])
    ripe = [card for due_ms, card in session.learning if due_ms <= now_ms]
    for waiting in (ripe, session.reviews, session.new):
        for card in waiting:
            if note_of(card) != session.last:
                return Ask(card)
    soon = [card for due_ms, card in session.learning if due_ms <= now_ms + LEARN_AHEAD_MS]
    for waiting in (soon, session.reviews, session.new):
        for card in waiting:
            if note_of(card) != session.last:
                return Ask(card)
    siblings = (*session.reviews, *session.new, *soon)
    if siblings:
        return Ask(siblings[0])
    return Done(len(session.learning), session.learning[0][0] if session.learning else None)


def without(session: Session, gone: Callable[[str], bool]) -> Session:
    """The session without the cards that `gone` says are not to be asked (suspended, buried, deleted)."""
    return replace(
        session,
        learning=tuple(each for each in session.learning if not gone(each[1])),
        reviews=tuple(card for card in session.reviews if not gone(card)),
        new=tuple(card for card in session.new if not gone(card)),
        front=tuple(card for card in session.front if not gone(card)),
    )


def answered(session: Session, card: str, after: CardState, *, day: int, day_ends_ms: int) -> Session:
    """The session after a card was answered: it leaves, or comes back with its step, or at once where it is due again
    today.

    Review siblings of its note leave until the next study day.
    """
    note = note_of(card)
    rest = met_elsewhere(session, card, after, day=day, day_ends_ms=day_ends_ms)
    return replace(rest, reviews=tuple(other for other in rest.reviews if note_of(other) != note), last=note)


def met_elsewhere(session: Session, card: str, state: CardState, *, day: int, day_ends_ms: int) -> Session:
    """The session once a card it holds is found in another state: on the steps it waits its time, else it leaves."""
    rest = without(session, lambda other: other == card)
    match state.schedule:
        case Steps(due_ms=due_ms) if due_ms < day_ends_ms and state.asked_on(day):
            return replace(rest, learning=tuple(sorted((*rest.learning, (due_ms, card)))))
        case New() | Steps() | Interval():
            return rest


def skipped(session: Session, card: str) -> Session:
    """The session with a card moved to the end of its kind; a card on the steps waits ten minutes more."""
    session = replace(session, front=tuple(each for each in session.front if each != card), last=note_of(card))
    if card in session.reviews:
        return replace(session, reviews=(*(each for each in session.reviews if each != card), card))
    if card in session.new:
        return replace(session, new=(*(each for each in session.new if each != card), card))
    moved = ((due + 600_000 if each == card else due, each) for due, each in session.learning)
    return replace(session, learning=tuple(sorted(moved)))


def brought_back(session: Session, card: str, before: CardState) -> Session:
    """The session after an undo: the card is asked next, in the state it had."""
    rest = without(session, lambda other: other == card)
    rest = replace(rest, front=(card, *rest.front), last="")
    match before.schedule:
        case New():
            return replace(rest, new=(card, *rest.new))
        case Steps(due_ms=due_ms):
            return replace(rest, learning=tuple(sorted((*rest.learning, (due_ms, card)))))
        case Interval():
            return replace(rest, reviews=(card, *rest.reviews))
        case _:
            assert_never(before.schedule)
