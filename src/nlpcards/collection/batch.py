"""What a learner does to several cards at once: one action of the journal, so one undo takes it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlpcards.collection.acting import what_was_done
from nlpcards.collection.collection import Collection
from nlpcards.core.due_dates import due_day
from nlpcards.core.errors import UsageError
from nlpcards.core.journal import (
    Bury,
    CardBody,
    EventId,
    Flag,
    RemarkBody,
    Reset,
    SetDue,
    Suspend,
    Tag,
    Undo,
    Unsuspend,
    Untag,
    card_of,
)
from nlpcards.core.remarks import Remarks, as_tags
from nlpcards.core.state import CardState, New

_FEW = 2_000
"""Up to so many cards, what is known of them is asked one by one rather than read whole."""


@dataclass(frozen=True, slots=True)
class Acted:
    """One action: its events, the cards that it changed, and what it was (`the red flag`).

    `events` is empty where every card was already as it was to become.
    """

    events: tuple[EventId, ...] = ()
    cards: tuple[str, ...] = ()
    what: str = ""


def suspend(collection: Collection, cards: Sequence[str]) -> Acted:
    """Put cards away until they are unsuspended; where all of them are put away already, unsuspend them.

    Raises:
        StoreError: it could not be stored; nothing has happened.
    """
    states = _states(collection, cards)
    if all(states[card].suspended for card in cards):
        return _store(collection, [Unsuspend(card) for card in cards])
    return _store(collection, [Suspend(card) for card in cards if not states[card].suspended])


def bury(collection: Collection, cards: Sequence[str]) -> Acted:
    """Put cards away until the next study day; those that rest until then or longer stay as they are.

    Raises:
        StoreError: it could not be stored; nothing has happened.
    """
    states, until = _states(collection, cards), collection.now().day + 1
    return _store(collection, [Bury(card, until) for card in cards if states[card].buried_until < until])


def flag(collection: Collection, cards: Sequence[str], flag: int) -> Acted:
    """Give cards a flag, 1-7; 0, or the flag that all of them have, takes it off.

    Raises:
        StoreError: it could not be stored; nothing has happened.
    """
    states = _states(collection, cards)
    if all(states[card].flag == flag for card in cards):
        flag = 0
    return _store(collection, [Flag(card, flag) for card in cards if states[card].flag != flag])


def reset(collection: Collection, cards: Sequence[str]) -> Acted:
    """Make cards new again; those that are new stay as they are.

    Raises:
        StoreError: it could not be stored; nothing has happened.
    """
    states = _states(collection, cards)
    return _store(collection, [Reset(card) for card in cards if not isinstance(states[card].schedule, New)])


def set_due(collection: Collection, cards: Sequence[str], text: str) -> Acted:
    """Set the study day on which cards are due, written as days from today or as a date.

    Raises:
        UsageError: the text names no day from today on.
        StoreError: it could not be stored; nothing has happened.
    """
    due = due_day(text, collection.now().day)
    return _store(collection, [SetDue(card, due) for card in cards])


def tag(collection: Collection, cards: Sequence[str], text: str) -> Acted:
    """Put tags of one's own on cards, and take those off that stand after a minus: `hard -later`.

    Raises:
        UsageError: one of them cannot be a tag, or none is named.
        StoreError: it could not be stored; nothing has happened.
    """
    on, off = tags_of(text)
    remarks = _remarks(collection, cards)
    bodies: list[Tag | Untag] = []
    for card in cards:
        has = remarks.get(card, Remarks()).tags
        bodies += [Untag(card, each) for each in off if each in has]
        bodies += [Tag(card, each) for each in on if each not in has]
    return _store(collection, bodies)


def tags_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tags that a text puts on, and those that it takes off.

    Raises:
        UsageError: one of them cannot be a tag, one is in both, or none is named.
    """
    words = text.split()
    on = as_tags(" ".join(word for word in words if not word.startswith("-")))
    off = as_tags(" ".join(word[1:] for word in words if word.startswith("-")))
    both = sorted(set(on) & set(off))
    if not on and not off:
        raise UsageError("no tag is named", remedy="Write one or more words, such as `hard`; `-hard` takes it off.")
    if both:
        raise UsageError(f"{both[0]} is to be put on and taken off", remedy="Write it once.")
    return on, off


def tags_on(collection: Collection, cards: Sequence[str]) -> dict[str, int]:
    """The tags of one's own on some cards, each with the number of the cards that have it, the most frequent first."""
    remarks = _remarks(collection, cards)
    counted = Counter(each for card in cards if card in remarks for each in remarks[card].tags)
    return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))


def last_done(collection: Collection) -> Acted:
    """The last action on this device that still counts, wherever it was done; an empty one where there is none.

    Raises:
        StoreError: the journal cannot be read.
    """
    events = collection.journal.last_undoable()
    if not events:
        return Acted()
    cards = tuple(dict.fromkeys(card for event in events if (card := card_of(event.body)) is not None))
    return Acted(tuple(event.id for event in events), cards, what_was_done(events[0].body))


def undo(collection: Collection, acted: Acted) -> None:
    """Take an action back.

    Raises:
        StoreError: it could not be stored; nothing has happened.
    """
    collection.journal.append([Undo(event) for event in reversed(acted.events)], collection.now())


def _states(collection: Collection, cards: Sequence[str]) -> dict[str, CardState]:
    journal = collection.journal
    states = journal.states(cards) if len(cards) <= _FEW else journal.all_states()
    return {card: states.get(card, CardState()) for card in cards}


def _remarks(collection: Collection, cards: Sequence[str]) -> dict[str, Remarks]:
    if len(cards) == 1:
        return {cards[0]: collection.journal.remarks_of(cards[0])}
    return collection.journal.remarks()


def _store(collection: Collection, bodies: Sequence[CardBody | RemarkBody]) -> Acted:
    if not bodies:
        return Acted()
    events = collection.journal.append(bodies, collection.now())
    cards = tuple(dict.fromkeys(body.card for body in bodies))
    return Acted(tuple(event.id for event in events), cards, what_was_done(bodies[0]))
