"""What an answer does: steps, intervals, fuzz, settings."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.days import Moment
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.fold import Timeline, fold
from nlpcards.core.fuzz import fuzz_range, fuzzed
from nlpcards.core.journal import Event, EventId, Review, Setting
from nlpcards.core.memory import Model, Settings, with_setting
from nlpcards.core.state import RATINGS, CardState, Interval, Steps
from nlpcards.core.words import comes_back, duration, interval, wait

NOW = Moment(20_000 * 86_400_000 + 36_000_000, 20_000)
MODEL = Model(Settings())


def after(*ratings: int, days: int = 0) -> CardState:
    state, now = CardState(), NOW
    for rating in ratings:
        state = MODEL.answered("a/x#qa", state, rating, now)
        now = Moment(now.ms + days * 86_400_000, now.day + days)
    return state


def test_a_new_card_goes_through_both_learning_steps_before_it_gets_an_interval() -> None:
    first = after(3)
    assert isinstance(first.schedule, Steps)
    assert first.schedule.due_ms - NOW.ms == 600_000
    assert isinstance(after(3, 3).schedule, Interval)


def test_again_goes_back_to_the_first_step_and_easy_leaves_the_steps_at_once() -> None:
    failed = after(3, 1)
    assert isinstance(failed.schedule, Steps)
    assert (failed.schedule.step, failed.schedule.due_ms - NOW.ms) == (0, 60_000)
    assert isinstance(after(4).schedule, Interval)


def test_a_lapse_goes_to_the_relearning_steps_and_counts_once() -> None:
    lapsed = after(4, 1, days=10)
    assert isinstance(lapsed.schedule, Steps)
    assert lapsed.schedule.relearning
    assert lapsed.lapses == 1
    assert after(4, 1, 1, days=0).lapses == 1


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 300)), min_size=1, max_size=12))
def test_the_preview_is_what_is_stored_and_harder_never_waits_longer(answers: list[tuple[int, int]]) -> None:
    state, now = CardState(), NOW
    for rating, gap in answers:
        shown = MODEL.preview("a/x#qa", state, now)
        assert shown[rating] == MODEL.answered("a/x#qa", state, rating, now)
        dues = [shown[each].schedule for each in RATINGS]
        days = [due.due for due in dues if isinstance(due, Interval)]
        assert days == sorted(days)
        if isinstance(state.schedule, Interval) and len(days) == 3 and days[2] < now.day + 36_500:
            assert days[0] < days[1] < days[2]
        state = shown[rating]
        now = Moment(now.ms + gap * 86_400_000, now.day + gap)


@given(st.integers(1, 40_000), st.text(max_size=20), st.integers(0, 50))
def test_fuzz_stays_in_its_range_and_is_the_same_every_time(days: int, card: str, repetition: int) -> None:
    shortest, longest = fuzz_range(min(days, 36_500), 36_500)
    drawn = fuzzed(min(days, 36_500), card, repetition, 36_500)
    assert shortest <= drawn <= longest
    assert drawn == fuzzed(min(days, 36_500), card, repetition, 36_500)


def test_fuzz_spreads_cards_of_one_day_over_its_whole_range_evenly() -> None:
    drawn = [fuzzed(30, f"a/n{number}#qa", 1, 36_500) for number in range(7_000)]
    shortest, longest = fuzz_range(30, 36_500)
    share = len(drawn) / (longest - shortest + 1)
    assert all(0.85 * share < drawn.count(day) < 1.15 * share for day in range(shortest, longest + 1))


@given(st.floats(0.7, 0.99), st.floats(0.7, 0.99))
def test_asking_for_more_retention_never_makes_an_interval_longer(one: float, other: float) -> None:
    low, high = sorted((one, other))
    dues = []
    for retention in (low, high):
        state = Model(Settings(desired_retention=retention)).answered("a/x#qa", CardState(), 4, NOW)
        assert isinstance(state.schedule, Interval)
        dues.append(state.schedule.due)
    assert dues[0] >= dues[1]


def test_recall_is_certain_at_once_and_nine_in_ten_after_a_stability_of_days() -> None:
    memory = after(4).memory
    assert memory is not None
    assert MODEL.retrievability(memory, 0) == 1
    assert MODEL.retrievability(memory, memory.stability) == pytest.approx(0.9)


def test_a_change_of_steps_leaves_a_card_that_was_already_scheduled_where_it_was() -> None:
    first = Event(EventId("ann", 1), 1 << 16, 1, 0, Review("a/x#qa", 3, 0, None, 0))
    change = Event(EventId("ann", 2), 2 << 16, 2, 0, Setting("learning_steps", "[]"))
    assert fold([first, change]) == fold([first])
    second = Event(EventId("ann", 3), 3 << 16, 3, 0, Review("a/y#qa", 3, 0, None, 0))
    assert isinstance(fold([first, change, second])["a/y#qa"].schedule, Interval)


def test_new_parameters_count_for_the_whole_history() -> None:
    first = Event(EventId("ann", 1), 1 << 16, 1, 0, Review("a/x#qa", 3, 0, None, 0))
    better = (*Settings().parameters[:2], 9.0, *Settings().parameters[3:])
    change = Event(EventId("ann", 2), 2 << 16, 2, 0, Setting("parameters", json.dumps(better)))
    memory = fold([first, change])["a/x#qa"].memory
    assert memory is not None
    assert memory.stability == 9.0
    assert Timeline([change]).now.parameters == better


@pytest.mark.parametrize(
    ("subject", "value"),
    [
        ("desired_retention", "0"),
        ("desired_retention", "1.0"),
        ("desired_retention", '"high"'),
        ("learning_steps", "[0]"),
        ("learning_steps", "5"),
        ("parameters", "[1, 2]"),
        ("maximum_interval", "0"),
        ("rollover", "24"),
        ("rollover", "{"),
        ("colour", '"red"'),
    ],
)
def test_a_setting_outside_its_range_is_refused_with_a_remedy(subject: str, value: str) -> None:
    with pytest.raises(NlpcardsError) as caught:
        with_setting(Settings(), subject, value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (interval(1), "1d"),
        (interval(30), "30d"),
        (interval(45), "1.5mo"),
        (interval(400), "1.1y"),
        (wait(5_000), "<1m"),
        (wait(600_000), "10m"),
        (wait(5_400_000), "1.5h"),
        (duration(30_000), "30 s"),
        (duration(600_000), "10 min"),
        (comes_back(after(3), NOW), "10m"),
        (comes_back(CardState(), NOW), "new"),
    ],
)
def test_waits_are_said_in_words_that_fit_a_button(said: str, expected: str) -> None:
    assert said == expected
