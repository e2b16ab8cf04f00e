"""The plan of a session over a collection: what the journal and the decks say, put before the queue's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Collection as Container
from dataclasses import replace
from functools import cache
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, assert_never

from nlpcards.core.balance import NO_EASY_DAYS, Place, balanced
from nlpcards.core.cards import Card, deck_of, note_of
from nlpcards.core.days import Moment
from nlpcards.core.gain import recall_gained
from nlpcards.core.queue import Ahead, Cram, Daily, Pace, Plan, Purpose, Relations, Rules, both_ways, pace_of, plan
from nlpcards.core.queue.introducing import CONFUSABLE_DAYS
from nlpcards.core.state import CardState, New

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.decks.library import Library

PACE_DAYS, PACE_ANSWERS = 365, 1_000
"""One's own answer times are those of the newest answers, so many at most, within so many last study days."""


def planned(
    collection: Collection,
    decks: Container[str],
    now: Moment,
    chosen: Callable[[Card], bool] | None,
    purpose: Purpose,
    *,
    explicit: bool = False,
) -> Plan:
    """The plan for a purpose from some decks, of the cards that are `chosen` there (None: of all). Where the learner
    named cards (`explicit`) or fewer than all decks, no track orders new ones or holds them back.
    """
    library, journal = collection.library, collection.journal
    ends = collection.day_ends_ms(now.day)

    def asked(name: str) -> bool:
        if chosen is None:
            return library.has_card(name)
        card = library.card(name)
        return card is not None and chosen(card)

    timed = purpose.minutes is not None
    led = isinstance(purpose, Daily) and not explicit and all(deck in decks for deck in library.decks)
    return plan(
        _states(collection, decks, now, ends, purpose),
        filter(asked, _new_cards(collection, decks, now.day, led=led)),
        day=now.day,
        day_ends_ms=ends,
        rules=_rules(collection, now.day, led=led),
        purpose=purpose,
        wanted=lambda card: deck_of(card) in decks and asked(card),
        ready=_prerequisites_met(collection, led=led),
        relations=relations_of(library),
        lately=set(map(note_of, journal.introduced_between(now.day - CONFUSABLE_DAYS, now.day))),
        gain=recall_gained(collection.settings.parameters),
        pace=pace(collection, now.day) if timed else Pace(),
        steps=len(collection.settings.learning_steps),
    )


def _rules(collection: Collection, day: int, *, led: bool) -> Rules:
    """The learner's rules, with as many new cards as the calendar of the track that leads has today."""
    rules = collection.taste.rules
    track = collection.knowing.track if led and collection.journal.marks() else None
    if track is None:
        return rules
    from nlpcards.core.roadmap.values import Pacing

    # What paces by a calendar is loaded for those tracks alone.
    if track.pacing is not Pacing.CALENDAR:
        return rules
    from nlpcards.collection.pacing import new_cards_today

    new = new_cards_today(collection, day)
    return rules if new is None else replace(rules, limits=replace(rules.limits, new=new))


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
        return library.topic_of(note_id) or deck_of(note_id)

    return Relations(both_ways(library.confusable()), topic)


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
            library = collection.library
            return journal.states(card for deck in library.decks if deck in decks for card in library.card_ids(deck))
        case _:
            assert_never(purpose)


def _new_cards(collection: Collection, decks: Container[str], day: int, *, led: bool) -> Iterator[str]:
    """Cards never answered: where a track leads, of its open topics in its order; else decks take turns, each in its
    file's order. Looked up in batches, since a plan takes few.
    """
    in_turn = _led_by_track(collection, decks, day) if led else None
    waiting = iter(_free(collection, decks) if in_turn is None else in_turn)
    while batch := list(islice(waiting, 500)):
        states = collection.journal.states(batch)
        for card in batch:
            state = states.get(card)
            if state is None or (isinstance(state.schedule, New) and state.asked_on(day)):
                yield card


def _led_by_track(collection: Collection, decks: Container[str], day: int) -> Iterator[str] | None:
    """Cards of the open topics in the track's order, those answered among them; None where no track is followed."""
    # Most learners follow none at first, and then nothing about roadmaps is loaded.
    if not collection.journal.marks() or collection.knowing.track is None:
        return None
    return (card for card in collection.knowing.new_cards(day) if deck_of(card) in decks)


def _free(collection: Collection, decks: Container[str]) -> Iterator[str]:
    """Cards that are not answered, decks taking turns, each in its file's order."""
    library = collection.library
    each = [library.card_ids(deck) for deck in library.decks if deck in decks]
    answered = collection.journal.answered_cards()
    return (card for turn in zip_longest(*each) for card in turn if card is not None and card not in answered)


def _prerequisites_met(collection: Collection, *, led: bool) -> Callable[[str], bool]:
    """Whether every note that a card's note needs is out of the learning steps; a missing or suspended one counts as
    met, and so does one that the track which leads has only later or not at all: it may be waiting for this very card.
    """
    met: dict[str, bool] = {}
    library, journal = collection.library, collection.journal
    comes_first = collection.knowing.comes_first if led and journal.marks() else None

    def known(note_id: str) -> bool:
        if note_id not in met:
            cards = library.cards_of(note_id)
            states = journal.states(cards)
            met[note_id] = all(
                state is not None and (state.suspended or state.in_review)
                for state in (states.get(card) for card in cards)
            )
        return met[note_id]

    def ready(card: str) -> bool:
        note = note_of(card)
        needs = library.needs_of(note)
        return all(known(need) for need in needs if comes_first is None or comes_first(need, note))

    return ready
