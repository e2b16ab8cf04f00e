"""What a change of meaning, a due day set by hand and a reset do to a card's memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.days import Moment
from nlpcards.core.fold import fold
from nlpcards.core.journal import Body, ChangedMeaning, Event, EventId, Review, SetDue, Setting, Undo, next_hlc
from nlpcards.core.memory import CHANGED_DIVISOR, CHANGED_FLOOR, Model, Settings, lowered
from nlpcards.core.state import CardState, Interval, New, Steps

CARD = "a/x#qa"
MODEL = Model(Settings())
DAY = 20_000


class Writer:
    """One device that writes upon the state that it folds itself; each event a day and a second after the last."""

    def __init__(self, name: str = "ann") -> None:
        self.name = name
        self.events: list[Event] = []

    @property
    def state(self) -> CardState:
        return fold(self.events).get(CARD, CardState())

    def write(self, body: Body, day: int) -> Event:
        at_ms = day * 86_400_000 + 1_000 * len(self.events)
        hlc = next_hlc(max((event.hlc for event in self.events), default=0), at_ms)
        event = Event(EventId(self.name, len(self.events) + 1), hlc, at_ms, day, body)
        self.events.append(event)
        return event

    def answer(self, rating: int, day: int, later: int = 0) -> Event:
        """Answer; the due day stored lies `later` days behind the computed one, so that it shows which was taken."""
        before = self.state
        outcome = MODEL.answered(CARD, before, rating, Moment(day * 86_400_000, day)).schedule
        due = outcome.due + later if isinstance(outcome, Interval) else None
        return self.write(Review(CARD, rating, 1_000, due, before.reps, after=before.chain), day)


def learned(answers: int = 4) -> Writer:
    """A card answered easily on its due days."""
    writer = Writer()
    day = DAY
    for _ in range(answers):
        writer.answer(4, day)
        schedule = writer.state.schedule
        assert isinstance(schedule, Interval)
        day = schedule.due
    return writer


def interval(state: CardState) -> Interval:
    assert isinstance(state.schedule, Interval)
    return state.schedule


@given(st.floats(0.001, 36_500))
def test_stability_is_lowered_to_a_quarter_but_not_below_a_day_and_never_raised(stability: float) -> None:
    after = lowered(stability)
    assert after <= stability
    assert after in (stability, stability / CHANGED_DIVISOR, CHANGED_FLOOR)
    assert after >= min(stability, CHANGED_FLOOR)


def test_a_changed_meaning_lowers_stability_and_leaves_all_else() -> None:
    writer = learned()
    before = writer.state
    writer.write(ChangedMeaning(CARD, "new"), interval(before).due)
    after = writer.state
    assert before.memory is not None
    assert after.memory is not None
    assert after.memory.stability == before.memory.stability / 4
    assert after.memory.difficulty == before.memory.difficulty
    assert (after.reps, after.lapses, after.first_day, after.last_day) == (
        before.reps,
        before.lapses,
        before.first_day,
        before.last_day,
    )
    assert after.content == "new"


def test_a_card_not_yet_due_comes_forward_but_not_before_the_day_of_the_change() -> None:
    writer = learned()
    before = interval(writer.state)
    writer.write(ChangedMeaning(CARD), before.last_day + 1)
    early = interval(writer.state)
    assert before.last_day + 1 < early.due < before.due
    expected = MODEL.plain_interval(early.memory.stability)
    assert abs(early.due - early.last_day - expected) <= 1 + 0.15 * expected
    late = learned()
    late.write(ChangedMeaning(CARD), before.due - 1)
    assert interval(late.state).due == before.due - 1
    overdue = learned()
    overdue.write(ChangedMeaning(CARD), before.due + 9)
    assert interval(overdue.state).due == before.due


def test_the_desired_retention_then_in_force_gives_the_new_due_day() -> None:
    writer = learned()
    strict = learned()
    day = interval(writer.state).last_day + 1
    strict.write(Setting("desired_retention/a", "0.97"), day)
    for each in (writer, strict):
        each.write(ChangedMeaning(CARD), day)
    assert interval(strict.state).due < interval(writer.state).due
    writer.write(Setting("desired_retention/a", "0.97"), day)
    assert interval(writer.state) != interval(strict.state)


def test_a_new_card_and_one_on_the_steps_keep_their_place() -> None:
    writer = Writer()
    writer.write(ChangedMeaning(CARD, "new"), DAY)
    assert (writer.state.schedule, writer.state.content, writer.state.chain) == (New(), "new", 0)
    writer.answer(3, DAY)
    before = writer.state.schedule
    assert isinstance(before, Steps)
    writer.write(ChangedMeaning(CARD), DAY)
    after = writer.state.schedule
    assert isinstance(after, Steps)
    assert (after.step, after.due_ms) == (before.step, before.due_ms)
    assert after.memory.stability == lowered(before.memory.stability)


def test_an_undone_change_leaves_the_state_as_it_was() -> None:
    writer = learned()
    before = writer.state
    mark = writer.write(
        ChangedMeaning(CARD, "new"), before.schedule.due if isinstance(before.schedule, Interval) else 0
    )
    writer.write(Undo(mark.id), mark.day)
    assert writer.state == before


def test_an_answer_given_without_knowing_of_the_change_is_due_anew_and_one_upon_it_as_stored() -> None:
    writer = learned(2)
    due = interval(writer.state).due
    other = Writer("bob")
    other.events = list(writer.events)
    writer.write(ChangedMeaning(CARD, "new"), due - 1)
    answer = other.answer(3, due, later=500)
    elsewhere = Event(EventId("bob", 1), answer.hlc, answer.at_ms, answer.day, answer.body)
    merged = interval(fold([*writer.events, elsewhere])[CARD])
    assert isinstance(answer.body, Review)
    assert answer.body.due is not None
    assert merged.due < answer.body.due - 400
    upon = writer.answer(3, due, later=500)
    assert isinstance(upon.body, Review)
    assert interval(writer.state).due == upon.body.due


@given(st.integers(0, 300))
def test_a_due_day_set_by_hand_leaves_memory_alone_and_ends_a_burial(days: int) -> None:
    writer = learned()
    before = writer.state
    writer.write(SetDue(CARD, DAY + days), DAY)
    after = writer.state
    assert interval(after).due == DAY + days
    assert after.memory == before.memory
    assert after.chain == before.chain


def test_a_new_card_with_a_due_day_rests_until_then() -> None:
    writer = Writer()
    writer.write(SetDue(CARD, DAY + 5), DAY)
    assert isinstance(writer.state.schedule, New)
    assert not writer.state.asked_on(DAY + 4)
    assert writer.state.asked_on(DAY + 5)


@pytest.mark.parametrize("retention", ["0.7", "0.9", "0.99"])
def test_the_interval_of_a_stability_is_what_the_package_gives(retention: str) -> None:
    import fsrs

    model = Model(Settings(desired_retention=float(retention)))
    scheduler = fsrs.Scheduler(Settings().parameters, float(retention), enable_fuzzing=False)
    for stability in (0.01, 0.4, 1.0, 7.3, 100.0, 3_000.0, 36_500.0):
        assert model.plain_interval(stability) == scheduler._next_interval(stability=stability)
