"""Folding: a card's state from its surviving events, a whole journal's states from all of them.

The fold is pure and goes in the journal's order, so every machine that has the same events has the same states, in
whatever order they arrived.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from nlpcards.core.journal import Alias, Event, RemarkBody, Setting, Undo, chained, undone
from nlpcards.core.memory import Cursor, Model, Settings, with_setting
from nlpcards.core.state import CardState


class Timeline:
    """The settings as they changed over a journal.

    Parameters are the latest ones for the whole history, as in Anki: stability and difficulty are always folded anew.
    Steps and retention are those in force when an event happened, so that a change never moves a card that was
    already scheduled.
    """

    def __init__(self, events: Collection[Event] = (), gone: Collection[object] | None = None) -> None:
        """Read the `Setting` events of a journal; `gone` are the ids that undos took out (found here where it is
        None).
        """
        settings = [event for event in events if isinstance(event.body, (Setting, Undo))]
        dead = undone(settings) if gone is None else gone
        self._orders: list[tuple[int, str]] = []
        self._epochs = [Settings()]
        for event in sorted(settings, key=lambda event: event.order):
            if isinstance(event.body, Setting) and event.id not in dead:
                self._orders.append(event.order)
                self._epochs.append(with_setting(self._epochs[-1], event.body.subject, event.body.value))
        parameters = self._epochs[-1].parameters
        self._models = [Model(replace(epoch, parameters=parameters)) for epoch in self._epochs]

    @property
    def now(self) -> Settings:
        """The settings after the last event."""
        return self._models[-1].settings

    @property
    def model(self) -> Model:
        """The model after the last event."""
        return self._models[-1]

    @property
    def only_model(self) -> Model | None:
        """The model, where one was in force all the time; None where steps or retention changed on the way."""
        return None if self._orders else self._models[0]

    def at(self, order: tuple[int, str]) -> Model:
        """The model in force at a place in the journal's order."""
        return self._models[bisect_right(self._orders, order)] if self._orders else self._models[0]


def apply(state: CardState, event: Event, model: Model, name: str) -> CardState:
    """The state of the card now called `name` after one more surviving event of its own."""
    cursor = Cursor(name, state)
    cursor.happen(event, model)
    return cursor.state()


def fold_card(events: Iterable[Event], timeline: Timeline, name: str) -> CardState:
    """The state of the card now called `name` from its surviving events, given in the journal's order.

    The name matters where the events bear a former one: fuzz is seeded by the present id.
    """
    cursor = Cursor(name, CardState())
    for event in events:
        cursor.happen(event, timeline.at(event.order))
    return cursor.state()


FoldedReview = tuple[str, int, int, int, int, int | None, int, int, str]
"""A review as `fold_reviews` takes it: device, seq, rating, at_ms, day, due, repetition, after, content."""


def fold_reviews(reviews: Iterable[FoldedReview], model: Model, name: str) -> CardState:
    """The state of a card to which nothing but reviews happened, under one model: `fold_card` without its events.

    They come in the journal's order. A rebuild folds a million of them, and making an event of each would cost a third
    again of what FSRS itself does.
    """
    cursor = Cursor(name, CardState())
    content, chain = "", 0
    for device, seq, rating, at_ms, day, due, repetition, after, content in reviews:  # noqa: B007 - the last one's stays
        cursor.answer(model, rating, at_ms, day, due if repetition == cursor.reps and after == chain else None)
        chain = chained(chain, device, seq)
    cursor.content, cursor.chain = content, chain
    return cursor.state()


def fold(events: Collection[Event]) -> dict[str, CardState]:
    """Every card's state from a whole journal in any order, with aliases followed."""
    gone = undone(events)
    timeline = Timeline(events, gone)
    names = aliases(events, gone)
    by_card: dict[str, list[Event]] = {}
    for event in events:
        card = event.card
        if card is not None and event.id not in gone and not isinstance(event.body, Alias | RemarkBody):
            by_card.setdefault(names.get(card, card), []).append(event)
    states: dict[str, CardState] = {}
    for card, own in by_card.items():
        own.sort(key=lambda event: event.order)
        states[card] = fold_card(own, timeline, card)
    return states


def aliases(events: Iterable[Event], gone: Collection[object] = frozenset()) -> Mapping[str, str]:
    """The present name of each former card id, through chains of renames.

    A rename back to a former name makes that name present again: the later alias wins.
    """
    step: dict[str, str] = {}
    for event in sorted(
        (event for event in events if isinstance(event.body, Alias) and event.id not in gone),
        key=lambda event: event.order,
    ):
        assert isinstance(event.body, Alias)
        step.pop(event.body.card, None)
        step[event.body.former] = event.body.card
    present: dict[str, str] = {}
    for former in step:
        seen = {former}
        name = former
        while name in step and step[name] not in seen:
            name = step[name]
            seen.add(name)
        present[former] = name
    return present


def roots(events: Iterable[Event]) -> Mapping[str, str]:
    """The first id that each renamed card ever had, from the surviving `Alias` events of a journal in any order.

    A card that went back to a former name has its first id still, and so has one that took over the history of another
    later, so that Anki never takes it for another one.
    """
    first: dict[str, str] = {}
    for event in sorted(events, key=lambda event: event.order):
        if isinstance(event.body, Alias):
            first.setdefault(event.body.card, first.pop(event.body.former, event.body.former))
    return first
