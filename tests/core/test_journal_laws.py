"""The journal's laws: merging, undoing, and folding in any order of arrival."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.errors import JournalConflict
from nlpcards.core.fold import fold, roots
from nlpcards.core.journal import (
    Alias,
    Body,
    Bury,
    ChangedMeaning,
    Event,
    EventId,
    Flag,
    OwnNote,
    Report,
    Reset,
    Resolve,
    Review,
    SetDue,
    Setting,
    Suspend,
    Tag,
    Undo,
    Unsuspend,
    Untag,
    merge,
    next_hlc,
    undone,
)
from nlpcards.core.remarks import remarks
from nlpcards.core.state import CardState, Interval, New, Steps

CARDS = ("a/x#qa", "a/x#aq", "b/y#c1")


def write(steps: list[tuple[str, int, int, int]], device: str, start_day: int = 20_000) -> list[Event]:
    """A device's journal: each step is (card, what, gap in days, rating)."""
    events: list[Event] = []
    hlc = 0
    day = start_day
    reps = dict.fromkeys(CARDS, 0)
    for seq, (card, what, gap, rating) in enumerate(steps, 1):
        day += gap
        at_ms = day * 86_400_000 + 36_000_000 + seq * 60_000
        hlc = next_hlc(hlc, at_ms)
        body: Body
        match what:
            case 0:
                body = Suspend(card)
            case 1:
                body = Unsuspend(card)
            case 2:
                body = Bury(card, day + 1)
            case 3:
                body = Flag(card, rating)
            case 4 if events:
                body = Undo(events[-1].id)
            case 5:
                body = Reset(card)
            case 6:
                body = SetDue(card, day + rating)
            case 7:
                body = Setting("desired_retention", "0.85")
            case 8:
                body = ChangedMeaning(card, f"{seq:02x}")
            case 9:
                body = OwnNote(card, f"note {seq}" if rating > 1 else "")
            case 10:
                body = Report(card, f"reason {seq}", f"{seq:02x}")
            case 11:
                body = Resolve(card)
            case 12:
                body = Tag(card, f"tag{rating}")
            case 13:
                body = Untag(card, f"tag{rating}")
            case _:
                body = Review(card, rating, 1_000, None, reps[card])
                reps[card] += 1
        events.append(Event(EventId(device, seq), hlc, at_ms, day, body))
    return events


STEPS = st.lists(
    st.tuples(st.sampled_from(CARDS), st.integers(0, 26), st.integers(0, 40), st.integers(1, 4)), max_size=25
)
JOURNALS = st.builds(write, STEPS, st.just("ann"))
OTHERS = st.builds(write, STEPS, st.just("bob"))
THIRDS = st.builds(write, STEPS, st.just("cat"))


@given(JOURNALS, OTHERS, THIRDS)
def test_a_merge_is_commutative_associative_and_idempotent(
    ours: list[Event], theirs: list[Event], third: list[Event]
) -> None:
    assert merge(ours, theirs) == merge(theirs, ours)
    assert merge(merge(ours, theirs), third) == merge(ours, merge(theirs, third))
    assert merge(ours, ours) == merge(ours, ())
    assert len(merge(ours, theirs)) == len(ours) + len(theirs)


@given(JOURNALS, OTHERS, st.randoms(use_true_random=False))
def test_a_fold_does_not_depend_on_the_order_of_arrival(ours: list[Event], theirs: list[Event], random: Random) -> None:
    events = list(merge(ours, theirs))
    shuffled = events[:]
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(events)
    assert remarks(shuffled) == remarks(events)


@given(JOURNALS, st.sampled_from(CARDS), st.integers(1, 4))
def test_an_answer_and_its_undo_leave_every_state_as_it_was(ours: list[Event], card: str, rating: int) -> None:
    before = fold(ours)
    last = ours[-1] if ours else None
    hlc, day = (last.hlc, last.day) if last else (0, 20_000)
    at_ms = day * 86_400_000 + 80_000_000
    answer = Event(EventId("ann", len(ours) + 1), next_hlc(hlc, at_ms), at_ms, day, Review(card, rating, 0, None, 0))
    undo = Event(EventId("ann", len(ours) + 2), next_hlc(answer.hlc, at_ms), at_ms, day, Undo(answer.id))
    after = fold([*ours, answer, undo])
    assert {name: after.get(name, CardState()) for name in CARDS} == {
        name: before.get(name, CardState()) for name in CARDS
    }


def test_an_undone_undo_revives_what_it_undid() -> None:
    review, undo, redo = (EventId("ann", seq) for seq in (1, 2, 3))
    events = [
        Event(review, 1 << 16, 1, 0, Review("a/x#qa", 3, 0, None, 0)),
        Event(undo, 2 << 16, 2, 0, Undo(review)),
        Event(redo, 3 << 16, 3, 0, Undo(undo)),
    ]
    assert undone(events) == {undo}
    assert fold(events)["a/x#qa"].reps == 1


def test_an_undo_forged_to_come_before_its_target_undoes_nothing() -> None:
    review = Event(EventId("ann", 1), 5 << 16, 5, 0, Review("a/x#qa", 3, 0, None, 0))
    forged = Event(EventId("bob", 1), 1 << 16, 1, 0, Undo(review.id))
    assert undone([review, forged]) == frozenset()


def test_one_number_with_two_contents_is_an_error_and_never_a_choice() -> None:
    one = Event(EventId("ann", 1), 1 << 16, 1, 0, Review("a/x#qa", 3, 0, None, 0))
    other = Event(EventId("ann", 1), 1 << 16, 1, 0, Review("a/x#qa", 1, 0, None, 0))
    with pytest.raises(JournalConflict, match="number 1 of device ann"):
        merge([one], [other])


@given(st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=30))
def test_the_logical_clock_goes_forward_even_where_the_wall_clock_does_not(jumps: list[int]) -> None:
    hlc, at_ms = 0, 1_000_000
    for jump in jumps:
        at_ms += jump
        following = next_hlc(hlc, at_ms)
        assert following > hlc
        assert following >= at_ms << 16
        hlc = following


def test_a_stored_due_day_is_kept_until_a_merge_puts_an_earlier_answer_under_it() -> None:
    day = 20_000
    ms = day * 86_400_000
    first = Event(EventId("ann", 1), ms << 16, ms, day, Review("a/x#qa", 4, 0, day + 77, 0))
    kept = fold([first])["a/x#qa"].schedule
    assert isinstance(kept, Interval)
    assert kept.due == day + 77
    yesterday = ms - 86_400_000
    earlier = Event(EventId("bob", 1), yesterday << 16, yesterday, day - 1, Review("a/x#qa", 4, 0, day, 0))
    computed = fold([first, earlier])["a/x#qa"].schedule
    assert isinstance(computed, Interval)
    assert computed.due != day + 77
    assert computed.due > day


def test_answers_of_a_former_id_belong_to_the_present_one_through_a_chain_of_renames() -> None:
    events = [
        Event(EventId("ann", 1), 1 << 16, 1, 0, Review("a/old#qa", 4, 0, None, 0)),
        Event(EventId("ann", 2), 2 << 16, 2, 0, Alias("a/mid#qa", "a/old#qa")),
        Event(EventId("ann", 3), 3 << 16, 3, 0, Alias("b/new#qa", "a/mid#qa")),
    ]
    states = fold(events)
    assert set(states) == {"b/new#qa"}
    assert states["b/new#qa"].reps == 1


def test_the_first_id_of_a_card_survives_every_rename_and_a_return() -> None:
    names = ["d/a", "d/b", "d/c", "d/a"]
    events = [
        Event(EventId("ann", seq), seq << 16, seq, 0, Alias(f"{new}#qa", f"{old}#qa"))
        for seq, (old, new) in enumerate(pairwise(names), 1)
    ]
    for upto in range(1, 4):
        assert roots(reversed(events[:upto]))[f"{names[upto]}#qa"] == "d/a#qa"


def test_a_reset_card_is_new_and_a_suspended_one_stays_suspended() -> None:
    events = write([("a/x#qa", 26, 0, 3), ("a/x#qa", 0, 1, 1), ("a/x#qa", 5, 1, 1)], "ann")
    state = fold(events)["a/x#qa"]
    assert state.schedule == New()
    assert state.suspended
    assert state.reps == 0


def test_a_journey_westwards_never_makes_elapsed_days_negative() -> None:
    day = 20_000
    ms = day * 86_400_000
    events = [
        Event(EventId("ann", 1), ms << 16, ms, day, Review("a/x#qa", 3, 0, None, 0)),
        Event(EventId("ann", 2), (ms + 9) << 16, ms + 9, day - 1, Review("a/x#qa", 3, 0, None, 1)),
    ]
    state = fold(events)["a/x#qa"]
    assert state.last_day == day
    assert not isinstance(state.schedule, Steps)
