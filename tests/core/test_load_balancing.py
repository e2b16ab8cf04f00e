"""Where in the range of fuzz a card goes: by what else is due, by easy days, and the same every time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from statistics import mean, stdev

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlpcards.core.balance import NO_EASY_DAYS, EasyDays, balanced
from nlpcards.core.days import Moment, date_of
from nlpcards.core.fuzz import drawn, evenly, fuzz_range, fuzzed
from nlpcards.core.memory import Model, Settings
from nlpcards.core.state import RATINGS, CardState, Interval
from tests.support.tracing import untraced

DAY = 20_000
LOADS = st.dictionaries(st.integers(DAY, DAY + 60), st.integers(0, 500))
WEIGHTS = st.tuples(*[st.sampled_from([0.0, 0.25, 0.5, 1.0])] * 7)
DRAWS = st.floats(0, 1, exclude_max=True)
NO_SUNDAYS: EasyDays = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0)


def within(load: Mapping[int, int], first: int, last: int) -> dict[int, int]:
    return {day: count for day, count in load.items() if first <= day <= last}


@given(LOADS, WEIGHTS, st.integers(1, 40), st.integers(0, 8), DRAWS)
def test_the_interval_stays_in_its_range_and_is_the_same_every_time(
    load: dict[int, int], easy: EasyDays, shortest: int, more: int, draw: float
) -> None:
    place = balanced(DAY, lambda first, last: within(load, first, last), easy)
    found = place(shortest, shortest + more, draw)
    assert shortest <= found <= shortest + more
    assert found == place(shortest, shortest + more, draw)


@given(LOADS, WEIGHTS, st.integers(1, 40), st.integers(1, 8), DRAWS)
def test_a_weekday_of_no_weight_gets_a_card_only_where_the_range_has_no_other(
    load: dict[int, int], easy: EasyDays, shortest: int, more: int, draw: float
) -> None:
    def weight(interval: int) -> float:
        return easy[date_of(DAY + interval).weekday()]

    found = balanced(DAY, lambda first, last: within(load, first, last), easy)(shortest, shortest + more, draw)
    others = [weight(interval) for interval in range(shortest, shortest + more + 1)]
    assert weight(found) > 0 or not any(others)


@given(st.integers(1, 400), st.text(max_size=9), st.integers(0, 30), st.integers(0, 50))
def test_where_all_days_are_alike_it_is_plain_fuzz(days: int, card: str, repetition: int, load: int) -> None:
    place = balanced(DAY, lambda first, last: dict.fromkeys(range(first, last + 1), load))
    assert place(*fuzz_range(days, 36_500), drawn(card, repetition)) == fuzzed(days, card, repetition, 36_500)


@untraced
@untraced
@settings(max_examples=25)
@example({DAY + 12: 40}, 10, 2)
@given(st.dictionaries(st.integers(DAY, DAY + 60), st.integers(0, 40)), st.integers(10, 40), st.integers(2, 8))
def test_the_interval_expected_is_that_of_plain_fuzz(load: dict[int, int], shortest: int, more: int) -> None:
    place = balanced(DAY, lambda first, last: within(load, first, last))
    draws = [(step + 0.5) / 3000 for step in range(3000)]
    found = mean(place(shortest, shortest + more, draw) for draw in draws)
    assert found == pytest.approx(mean(evenly(shortest, shortest + more, draw) for draw in draws), abs=0.06)


def test_uneven_days_become_more_even_than_under_plain_fuzz() -> None:
    uneven = {DAY + days: 40 * (days % 2) for days in range(60)}
    fuzz, balance = Counter(uneven), Counter(uneven)
    place = balanced(DAY, lambda first, last: within(balance, first, last))
    for number in range(400):
        card, allowed = f"a/n{number}#qa", fuzz_range(20 + number % 12, 36_500)
        fuzz[DAY + evenly(*allowed, drawn(card, 1))] += 1
        balance[DAY + place(*allowed, drawn(card, 1))] += 1
    inner = range(DAY + 21, DAY + 31)
    assert stdev(balance[day] for day in inner) < 0.5 * stdev(fuzz[day] for day in inner)


@given(LOADS, WEIGHTS, st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60)), min_size=1, max_size=8))
def test_the_buttons_keep_their_order_and_say_what_is_stored(
    load: dict[int, int], easy: EasyDays, answers: list[tuple[int, int]]
) -> None:
    model, state, now = Model(Settings()), CardState(), Moment(DAY * 86_400_000, DAY)
    place = balanced(DAY, lambda first, last: within(load, first, last), easy)
    for rating, gap in answers:
        shown = model.preview("a/x#qa", state, now, place)
        assert shown[rating] == model.answered("a/x#qa", state, rating, now, place)
        days = [due.due for due in (shown[each].schedule for each in RATINGS) if isinstance(due, Interval)]
        assert days == sorted(days)
        if isinstance(state.schedule, Interval) and len(days) == 3:
            assert days[0] < days[1] < days[2]
        plain = model.preview("a/x#qa", state, now)
        assert [shown[each].memory for each in RATINGS] == [plain[each].memory for each in RATINGS]
        state, now = shown[rating], Moment(now.ms + gap * 86_400_000, now.day + gap)


def test_a_day_off_is_kept_free_of_long_intervals_and_not_of_tomorrow() -> None:
    sunday = next(day for day in range(DAY, DAY + 7) if date_of(day).weekday() == 6)
    place = balanced(sunday - 1, lambda first, last: {}, NO_SUNDAYS)
    assert place(1, 1, 0.3) == 1
    found = {place(15, 30, step / 1_000) for step in range(1_000)}
    assert found == {days for days in range(15, 31) if date_of(sunday - 1 + days).weekday() != 6}
    assert NO_SUNDAYS != NO_EASY_DAYS
