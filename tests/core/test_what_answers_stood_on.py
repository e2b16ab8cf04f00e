"""A stored due day holds where the answer's whole history is what its writer saw, else it is computed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.days import Moment
from nlpcards.core.errors import JournalConflict
from nlpcards.core.fold import fold
from nlpcards.core.journal import Body, Event, EventId, Reset, Review, Undo, chained, merge, next_hlc, undone
from nlpcards.core.memory import Model, Settings
from nlpcards.core.state import CardState, Interval

CARDS = ("a/x#qa", "a/y#qa")
MODEL = Model(Settings())
BALANCED = 500
"""Days that a stored due day lies behind the computed one here, so that it shows which of the two a fold took."""


def standing(events: Sequence[Event], card: str) -> tuple[EventId, ...]:
    """The card's surviving reviews since its last surviving reset, in order: found without any chain."""
    gone = undone(events)
    reviews: list[EventId] = []
    for event in sorted(events, key=lambda event: event.order):
        if event.id in gone or event.card != card:
            continue
        match event.body:
            case Reset():
                reviews.clear()
            case Review():
                reviews.append(event.id)
            case _:
                pass
    return tuple(reviews)


class Device:
    """A device with a journal of its own, that answers as a session does: upon the state that it folds itself."""

    def __init__(self, name: str, behind_ms: int = 0) -> None:
        self.name = name
        self.behind_ms = behind_ms
        self.events: tuple[Event, ...] = ()
        self.saw: dict[EventId, tuple[EventId, ...]] = {}

    def write(self, body: Body, at_ms: int) -> Event:
        at_ms -= self.behind_ms
        own = sum(event.id.device == self.name for event in self.events)
        hlc = next_hlc(max((event.hlc for event in self.events), default=0), at_ms)
        event = Event(EventId(self.name, own + 1), hlc, at_ms, at_ms // 86_400_000, body)
        self.events = merge(self.events, [event])
        return event

    def answer(self, card: str, rating: int, at_ms: int) -> Event:
        before = fold(self.events).get(card, CardState())
        outcome = MODEL.answered(card, before, rating, Moment(at_ms, (at_ms - self.behind_ms) // 86_400_000)).schedule
        due = outcome.due + BALANCED if isinstance(outcome, Interval) else None
        stood = standing(self.events, card)
        event = self.write(Review(card, rating, 1_000, due, before.reps, after=before.chain), at_ms)
        self.saw[event.id] = stood
        return event

    def undo(self, nth: int, at_ms: int) -> None:
        """Undo one of the events that count, an undo among them."""
        gone = undone(self.events)
        counting = [event.id for event in self.events if event.id not in gone]
        if counting:
            self.write(Undo(counting[nth % len(counting)]), at_ms)

    def sync(self, other: Device) -> None:
        self.events = other.events = merge(self.events, other.events)


def due(events: Sequence[Event], card: str) -> int:
    schedule = fold(events)[card].schedule
    assert isinstance(schedule, Interval)
    return schedule.due


def stored_due(event: Event) -> int:
    assert isinstance(event.body, Review)
    assert event.body.due is not None
    return event.body.due


def without_due(events: Sequence[Event], dropped: set[EventId]) -> list[Event]:
    return [
        replace(event, body=replace(event.body, due=None))
        if event.id in dropped and isinstance(event.body, Review)
        else event
        for event in events
    ]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["review", "review", "review", "review", "undo", "undo", "sync", "reset"]),
        st.sampled_from(CARDS),
        st.sampled_from([1, 3, 4, 4]),
        st.integers(0, 12),
        st.integers(0, 20),
    ),
    max_size=30,
)


@given(STEPS, st.sampled_from([0, 60_000, 3 * 86_400_000]))
def test_after_a_merge_every_due_day_is_the_stored_one_where_its_history_is_what_the_writer_saw_else_computed(
    steps: list[tuple[int, str, str, int, int, int]], behind_ms: int
) -> None:
    devices = Device("ann"), Device("bob", behind_ms)
    at_ms = 20_000 * 86_400_000
    for who, what, card, rating, days, nth in steps:
        device, at_ms = devices[who], at_ms + days * 86_400_000 + 1_000
        match what:
            case "review":
                device.answer(card, rating, at_ms)
            case "undo":
                device.undo(nth, at_ms)
            case "reset":
                device.write(Reset(card), at_ms)
            case _:
                device.sync(devices[1 - who])
    devices[0].sync(devices[1])
    events = devices[0].events
    saw = devices[0].saw | devices[1].saw
    moved: set[EventId] = set()
    for card in CARDS:
        reviews = standing(events, card)
        moved |= {review for place, review in enumerate(reviews) if saw[review] != reviews[:place]}
    states = fold(events)
    computed = fold(without_due(events, set(saw)))
    assert states == fold(without_due(events, moved))
    for card, state in states.items():
        schedule = state.schedule
        if not isinstance(schedule, Interval):
            assert state == computed[card]
            continue
        last = standing(events, card)[-1]
        if last in moved:
            assert schedule == computed[card].schedule
        else:
            assert schedule.due == stored_due(next(event for event in events if event.id == last))


def test_an_answer_upon_one_that_was_undone_and_given_again_elsewhere_is_due_anew() -> None:
    ann, bob = Device("ann"), Device("bob")
    day = 86_400_000
    at_ms = 20_000 * day
    first = ann.answer(CARDS[0], 4, at_ms)
    ann.sync(bob)
    later = ann.answer(CARDS[0], 4, at_ms + 10 * day)
    bob.undo(0, at_ms + day)
    again = bob.answer(CARDS[0], 3, at_ms + day)
    assert due(ann.events, CARDS[0]) == stored_due(later)
    ann.sync(bob)
    assert isinstance(later.body, Review)
    assert later.body.repetition == 1
    assert standing(ann.events, CARDS[0]) == (again.id, later.id)
    assert first.id in undone(ann.events)
    assert due(ann.events, CARDS[0]) == due(without_due(ann.events, {later.id}), CARDS[0])
    assert due(ann.events, CARDS[0]) < stored_due(later) - BALANCED // 2


def test_a_change_of_an_early_answer_shows_even_where_the_last_one_and_the_count_are_as_they_were() -> None:
    ann, bob = Device("ann"), Device("bob")
    day = 86_400_000
    at_ms = 20_000 * day
    early = ann.answer(CARDS[0], 4, at_ms)
    ann.sync(bob)
    last = ann.answer(CARDS[0], 4, at_ms + 10 * day)
    newest = ann.answer(CARDS[0], 4, at_ms + 40 * day)
    bob.undo(0, at_ms + day)
    again = bob.answer(CARDS[0], 4, at_ms + day)
    assert due(ann.events, CARDS[0]) == stored_due(newest)
    ann.sync(bob)
    assert early.id in undone(ann.events)
    assert standing(ann.events, CARDS[0]) == (again.id, last.id, newest.id)
    assert due(ann.events, CARDS[0]) < stored_due(newest) - BALANCED // 2


def test_an_undone_undo_makes_a_stored_due_day_hold_again() -> None:
    ann = Device("ann")
    day = 86_400_000
    first = ann.answer(CARDS[0], 4, 20_000 * day)
    second = ann.answer(CARDS[0], 4, 20_010 * day)
    undo = ann.write(Undo(first.id), 20_011 * day)
    assert due(ann.events, CARDS[0]) != stored_due(second)
    ann.write(Undo(undo.id), 20_011 * day)
    assert due(ann.events, CARDS[0]) == stored_due(second)


def test_an_answer_upon_reviews_that_its_writer_did_not_know_is_due_anew() -> None:
    ann = Device("ann")
    day = 86_400_000
    ann.answer(CARDS[0], 4, 20_000 * day)
    unknowing = ann.write(Review(CARDS[0], 4, 0, 30_000, 1), 20_010 * day)
    assert due(ann.events, CARDS[0]) < stored_due(unknowing)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "b1"]), st.integers(1, 99)), min_size=1, max_size=6, unique=True))
def test_a_chain_is_of_32_bits_and_tells_what_stood_and_in_what_order(reviews: list[tuple[str, int]]) -> None:
    chain = 0
    seen = {chain}
    for device, seq in reviews:
        chain = chained(chain, device, seq)
        assert 0 < chain < 2**32
        seen.add(chain)
    assert len(seen) == len(reviews) + 1
    turned = 0
    for device, seq in reversed(reviews):
        turned = chained(turned, device, seq)
    assert (turned == chain) == (len(reviews) == 1)


def test_a_chain_is_the_same_on_every_machine_and_in_every_later_version() -> None:
    assert chained(0, "desk", 1) == 0xE78D4D96
    assert chained(chained(0, "desk", 1), "lap", 7) == 0x807578EA


def test_one_answer_with_two_replies_or_upon_two_histories_is_a_conflict() -> None:
    body = Review(CARDS[0], 3, 0, None, 1, after=7, reply='{"typed":"lstm"}')
    one = Event(EventId("ann", 1), 1 << 16, 1, 0, body)
    assert merge([one], [replace(one)]) == (one,)
    for other in (replace(body, reply='{"typed":"gru"}'), replace(body, reply=""), replace(body, after=8)):
        with pytest.raises(JournalConflict):
            merge([one], [replace(one, body=other)])


def test_a_reply_changes_no_state() -> None:
    one = Event(EventId("ann", 1), 1 << 16, 1, 0, Review(CARDS[0], 3, 0, None, 0))
    replied = replace(one, body=Review(CARDS[0], 3, 0, None, 0, reply='{"points":["start"]}'))
    assert fold([one]) == fold([replied])
