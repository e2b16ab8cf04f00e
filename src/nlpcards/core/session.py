"""A review session as a pure state machine: which card comes next, and what an answer does to the rest.

It holds card ids only. Every step gives a new session; the layer above writes the journal before it asks for the next
card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from itertools import islice
from typing import assert_never

from nlpcards.core.cards import note_of
from nlpcards.core.dataclass import dataclass
from nlpcards.core.queue import Counts, Plan, Relations
from nlpcards.core.state import CardState, Interval, New, Steps

LEARN_AHEAD_MS = 20 * 60_000
"""A card on the steps is asked up to this long before its time where nothing else is left, as in Anki."""

_TOPIC_WITHIN = 8
"""A plan's topics take turns already, so another topic than the last is found among the first few cards or hardly."""


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

    `front` names those of them to ask before all else: an undone answer brings its card back. `put_off` names those to
    ask after all else: they were skipped. `last` is the note asked last; its siblings and what is confusable with it
    wait until another card was asked, where there is one. With `bury_siblings` a note is reviewed through one of its
    cards.
    """

    learning: tuple[tuple[int, str], ...] = ()
    reviews: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    front: tuple[str, ...] = ()
    put_off: tuple[str, ...] = ()
    last: str = ""
    relations: Relations = field(default_factory=Relations, compare=False, repr=False)
    bury_siblings: bool = True

    @property
    def counts(self) -> Counts:
        """Distinct cards still to be asked in this session."""
        return Counts(len(self.new), len(self.learning), len(self.reviews))


def start(plan: Plan) -> Session:
    """A session over a day's plan: reviews before new cards, steps at their time."""
    return Session(plan.learning, plan.reviews, plan.new, relations=plan.relations, bury_siblings=plan.bury_siblings)


def turn(session: Session, now_ms: int) -> Turn:
    """What to ask at an instant: what an undo brought back, then steps whose time has come, reviews, new cards, steps
    soon due, and at the end what was skipped.

    Of each the first that is neither sibling of the last card nor confusable with it, among the next few one of another
    topic; where none is left of any, first confusable ones and then siblings are asked after all.
    """
    if session.front:
        return Ask(session.front[0])
    ripe = [card for due_ms, card in session.learning if due_ms <= now_ms]
    soon = [card for due_ms, card in session.learning if now_ms < due_ms <= now_ms + LEARN_AHEAD_MS]
    last, relations = session.last, session.relations
    pools = (ripe, session.reviews, session.new, soon)
    put_off = frozenset(session.put_off)

    def waiting() -> Iterator[Iterable[str]]:
        for pool in pools:
            yield (card for card in pool if card not in put_off) if put_off else pool
        yield session.put_off

    for pool in waiting():
        card = _first_apart(pool, last, relations)
        if card is not None:
            return Ask(card)
    for pool in waiting():
        for card in pool:
            if note_of(card) != last:
                return Ask(card)
    for pool in waiting():
        for card in pool:
            return Ask(card)
    return Done(len(session.learning), session.learning[0][0] if session.learning else None)


def _first_apart(cards: Iterable[str], last: str, relations: Relations) -> str | None:
    """The first card that may follow the note `last`, of another topic where the next few have one."""
    fitting = (card for card in cards if not relations.clash(last, note_of(card)))
    few = list(islice(fitting, _TOPIC_WITHIN)) if last else list(islice(fitting, 1))
    if not few:
        return None
    topic = relations.topic(last) if last else None
    return next((card for card in few if relations.topic(note_of(card)) != topic), few[0])


def without(session: Session, gone: Callable[[str], bool]) -> Session:
    """The session without the cards that `gone` says are not to be asked (suspended, buried, deleted)."""
    return replace(
        session,
        learning=tuple(each for each in session.learning if not gone(each[1])),
        reviews=tuple(card for card in session.reviews if not gone(card)),
        new=tuple(card for card in session.new if not gone(card)),
        front=tuple(card for card in session.front if not gone(card)),
        put_off=tuple(card for card in session.put_off if not gone(card)),
    )


def _let_go(session: Session, card: str) -> Session:
    """The session without one card: found by comparing ids alone, since thousands may wait and it is done at each
    answer.
    """
    return replace(
        session,
        learning=tuple(each for each in session.learning if each[1] != card),
        reviews=_less(session.reviews, card),
        new=_less(session.new, card),
        front=_less(session.front, card),
        put_off=_less(session.put_off, card),
    )


def _less(cards: tuple[str, ...], card: str) -> tuple[str, ...]:
    """The cards, each of which is there once, without one."""
    if card not in cards:
        return cards
    at = cards.index(card)
    return cards[:at] + cards[at + 1 :]


def answered(session: Session, card: str, after: CardState, *, day: int, day_ends_ms: int) -> Session:
    """The session after a card was answered: it leaves, or comes back with its step, or at once where it is due again
    today.

    Review siblings of its note leave until the next study day, where they are to be buried.
    """
    note = note_of(card)
    rest = met_elsewhere(session, card, after, day=day, day_ends_ms=day_ends_ms)
    if not session.bury_siblings:
        return replace(rest, last=note)
    reviews, sibling = rest.reviews, f"{note}#"
    # A plan has one review of a note, so there is hardly ever a sibling; one search says so for thousands of cards.
    if f"\n{sibling}" in "\n" + "\n".join(reviews):
        reviews = tuple(each for each in reviews if not each.startswith(sibling))
    return replace(rest, reviews=reviews, last=note)


def practised(session: Session, card: str, again_ms: int | None) -> Session:
    """The session after an answer that is not stored: the card leaves, or comes back at an instant in ms."""
    rest = replace(_let_go(session, card), last=note_of(card))
    if again_ms is None:
        return rest
    return replace(rest, learning=tuple(sorted((*rest.learning, (again_ms, card)))))


def met_elsewhere(session: Session, card: str, state: CardState, *, day: int, day_ends_ms: int) -> Session:
    """The session once a card it holds is found in another state: on the steps it waits its time, else it leaves."""
    rest = _let_go(session, card)
    match state.schedule:
        case Steps(due_ms=due_ms) if due_ms < day_ends_ms and state.asked_on(day):
            return replace(rest, learning=tuple(sorted((*rest.learning, (due_ms, card)))))
        case New() | Steps() | Interval():
            return rest


def skipped(session: Session, card: str) -> Session:
    """The session with a card put off until all others were asked or skipped."""
    return replace(
        session,
        front=tuple(each for each in session.front if each != card),
        put_off=(*(each for each in session.put_off if each != card), card),
        last=note_of(card),
    )


def brought_back(session: Session, card: str, before: CardState) -> Session:
    """The session after an undo: the card is asked next, in the state it had."""
    rest = _let_go(session, card)
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
