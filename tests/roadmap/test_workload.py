"""What new cards cost: the same formulas as the scheduler's, days that add up, and more cards that never cost less."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.core.days import Moment
from nlpcards.core.memory import Model, Settings
from nlpcards.core.queue import Pace
from nlpcards.core.roadmap.workload import FIRST_AGAIN, Load, Met, Workload
from nlpcards.core.state import CardState, Interval, Memory, Steps

TODAY = 20_000
DAYS = 60
SETTINGS = Settings()
WORK = Workload(SETTINGS, today=TODAY, days=DAYS)

plans = st.lists(st.integers(0, 30), max_size=DAYS)


def total(load: Load) -> float:
    return sum(load.seconds)


@settings(max_examples=40)
@given(plans, plans)
def test_the_work_of_two_plans_is_that_of_both_together(one: list[int], other: list[int]) -> None:
    padded = [[*plan, *[0] * (DAYS - len(plan))] for plan in (one, other)]
    both = WORK.of([a + b for a, b in zip(*padded, strict=True)])
    for of_one, of_other, of_both in zip(WORK.of(one).seconds, WORK.of(other).seconds, both.seconds, strict=True):
        assert of_one + of_other == pytest.approx(of_both, abs=1e-6)


@settings(max_examples=40)
@given(plans, st.integers(0, DAYS - 1))
def test_a_card_more_on_any_day_costs_more_minutes_and_spares_none_on_any_day(plan: list[int], day: int) -> None:
    padded = [*plan, *[0] * (DAYS - len(plan))]
    more = list(padded)
    more[day] += 1
    before, after = WORK.of(padded), WORK.of(more)
    assert all(b <= a + 1e-9 for b, a in zip(before.seconds, after.seconds, strict=True))
    assert total(after) > total(before)
    assert after.busiest >= before.busiest - 1e-9


def test_the_work_is_the_same_each_time() -> None:
    met = [Met(10.0, 5.0, TODAY - 8, TODAY + 2), Met(3.0, 7.0, TODAY - 9, TODAY - 4)]
    found = [Workload(SETTINGS, cards, today=TODAY, days=DAYS).of([3, 2]) for cards in (met, met[::-1])]
    assert found[0] == found[1]


def test_a_new_card_costs_its_answer_and_its_steps_on_its_day() -> None:
    pace = Pace(new=30, steps=6, review=9)
    of_one = Workload(SETTINGS, today=TODAY, days=5, pace=pace).of([1])
    assert of_one.new == (1, 0, 0, 0, 0)
    assert of_one.seconds[0] == pytest.approx(30 + 6 * (1 + FIRST_AGAIN))
    without_steps = Workload(replace(SETTINGS, learning_steps=()), today=TODAY, days=5, pace=pace).of([1])
    assert without_steps.seconds[0] == pytest.approx(30)


def test_a_card_more_that_was_met_costs_more_and_changes_nothing_of_the_others() -> None:
    met = [Met(6.0, 5.0, TODAY - 8, TODAY + at // 2) for at in range(10)]
    one = Met(9.0, 4.0, TODAY - 8, TODAY + 1)
    few, more, alone = (Workload(SETTINGS, cards, today=TODAY, days=DAYS).of([]) for cards in (met, [one, *met], [one]))
    for of_few, of_more, of_one in zip(few.seconds, more.seconds, alone.seconds, strict=True):
        assert of_more == pytest.approx(of_few + of_one)
    assert total(alone) > 0


def test_an_overdue_card_is_asked_today_and_one_on_its_day() -> None:
    met = [Met(5.0, 5.0, TODAY - 30, TODAY - 20), Met(50.0, 5.0, TODAY - 10, TODAY + 3)]
    reviews = Workload(SETTINGS, met, today=TODAY, days=4).of([]).reviews
    assert reviews[0] == 1
    assert reviews[3] >= 1


def test_a_higher_desired_retention_costs_more_reviews() -> None:
    def reviews(retention: float) -> float:
        work = Workload(replace(SETTINGS, desired_retention=retention), today=TODAY, days=180)
        return sum(work.of([10] * 60).reviews)

    assert reviews(0.8) < reviews(0.9) < reviews(0.95)


def test_a_deck_s_own_desired_retention_holds_for_its_cards() -> None:
    def reviews(retention: float | None) -> float:
        met = [Met(5.0 + number / 10, 5.0, TODAY - 3, TODAY + number % 9, retention) for number in range(200)]
        return sum(Workload(SETTINGS, met, today=TODAY, days=120).of([]).reviews)

    assert reviews(0.95) > reviews(None) == reviews(0.9)


def test_of_very_many_cards_some_stand_for_all() -> None:
    random = Random(3)
    met = [
        Met(
            random.uniform(1, 100), random.uniform(1, 10), TODAY - random.randint(1, 20), TODAY + random.randint(-3, 40)
        )
        for _ in range(9_000)
    ]
    sampled = Workload(SETTINGS, met, today=TODAY, days=30).of([])
    whole = [0.0] * 30
    for at in range(0, 9_000, 3_000):
        for day, reviews in enumerate(Workload(SETTINGS, met[at : at + 3_000], today=TODAY, days=30).of([]).reviews):
            whole[day] += reviews
    assert sum(sampled.reviews) == pytest.approx(sum(whole), rel=0.02)


def test_it_agrees_with_a_learner_whose_cards_the_scheduler_itself_moves() -> None:
    """Two hundred cards a day for a week, answered by luck as the forecast assumes, through the real model."""
    model = Model(SETTINGS)
    random = Random(5)
    states: dict[str, CardState] = {}
    reviews = [0] * 40

    def steps(card: str, now: Moment) -> None:
        while isinstance(states[card].schedule, Steps):
            now = now.later(600_000)
            states[card] = model.answered(card, states[card], 3, now)

    for day in range(40):
        now = Moment((TODAY + day) * 86_400_000, TODAY + day)
        for card, state in list(states.items()):
            schedule = state.schedule
            if isinstance(schedule, Interval) and schedule.due <= now.day:
                reviews[day] += 1
                recall = model.retrievability(schedule.memory, now.day - schedule.last_day)
                states[card] = model.answered(card, state, 3 if random.random() < recall else 1, now)
                steps(card, now)
        for number in range(200 if day < 7 else 0):
            card = f"d/n{day}x{number}#qa"
            states[card] = model.answered(card, CardState(), 1 if number < 200 * FIRST_AGAIN else 3, now)
            steps(card, now)
    foreseen = Workload(SETTINGS, today=TODAY, days=40).of([200] * 7).reviews
    assert sum(foreseen) == pytest.approx(sum(reviews), rel=0.04)
    for week in range(5):
        span = slice(7 * week, 7 * week + 7)
        assert sum(foreseen[span]) == pytest.approx(sum(reviews[span]), rel=0.12)


def test_it_agrees_with_the_scheduler_on_cards_that_are_long_overdue_and_often_forgotten() -> None:
    model, random = Model(SETTINGS), Random(6)
    met = [Met(1.5 + at / 400, 8.0, TODAY - 200 - at % 50, TODAY - 100) for at in range(600)]
    reviews = 0
    for at, card in enumerate(met):
        name = f"d/n{at}#qa"
        state = CardState(Interval(Memory(card.stability, card.difficulty), card.due, card.last_day), reps=4)
        while isinstance(state.schedule, Interval) and state.schedule.due < TODAY + 45:
            now = Moment(max(state.schedule.due, TODAY) * 86_400_000, max(state.schedule.due, TODAY))
            recall = model.retrievability(state.schedule.memory, now.day - state.schedule.last_day)
            state = model.answered(name, state, 3 if random.random() < recall else 1, now)
            while isinstance(state.schedule, Steps):
                state = model.answered(name, state, 3, now)
            reviews += 1
    foreseen = Workload(SETTINGS, met, today=TODAY, days=45).of([]).reviews
    assert sum(foreseen) == pytest.approx(reviews, rel=0.03)


def test_the_busiest_week_is_a_mean_over_seven_days() -> None:
    load = Load((0,) * 9, (0.0,) * 9, (0.0, 0, 0, 700 * 60, 0, 0, 0, 0, 7 * 60))
    assert load.busiest == pytest.approx(101)
    assert load.minutes_on(3, 3) == 700
    assert Load((0,), (0.0,), (120.0,)).busiest == 2


def test_a_plan_longer_than_it_looks_ahead_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        WORK.of([1] * (DAYS + 1))
