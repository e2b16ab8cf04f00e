"""The weeks of a track as days, its holidays and pauses, and how a learner writes holidays."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.days import date_of, day_of
from nlpcards.core.roadmap.calendar import Pause, Week, calendar
from nlpcards.core.roadmap.holidays import holidays
from nlpcards.core.roadmap.values import Stage, Track

MONDAY = day_of(date(2026, 3, 2))


def track(*stages: Stage) -> Track:
    return Track("plan", "Plan", "A plan", stages)


THREE = track(
    Stage("s1", "One", ("a", "b"), (1, 1)), Stage("s2", "Two", ("b", "c"), (2, 2)), Stage("s3", "Three", ("d",), (3, 3))
)


def test_weeks_follow_each_other_from_the_start_and_a_topic_belongs_to_the_first_that_names_it() -> None:
    assert calendar(THREE, MONDAY) == (
        Week(1, MONDAY, MONDAY + 6, "s1", ("a", "b")),
        Week(2, MONDAY + 7, MONDAY + 13, "s2", ("c",)),
        Week(3, MONDAY + 14, MONDAY + 20, "s3", ("d",)),
    )


def test_the_topics_of_a_stage_of_several_weeks_are_dealt_to_them_in_order() -> None:
    found = calendar(track(Stage("s", "S", ("a", "b", "c", "d", "e"), (1, 3))), MONDAY)
    assert [week.topics for week in found if isinstance(week, Week)] == [("a", "b"), ("c", "d"), ("e",)]
    few = calendar(track(Stage("s", "S", ("a",), (2, 3))), MONDAY)
    assert [week.topics for week in few if isinstance(week, Week)] == [(), ("a",), ()]
    assert [week.stage for week in few if isinstance(week, Week)] == ["", "s", "s"]


def test_single_holidays_leave_their_week_where_it_is() -> None:
    assert calendar(THREE, MONDAY, {MONDAY + 1, MONDAY + 9}) == calendar(THREE, MONDAY)


def test_a_whole_week_of_holidays_is_a_pause_and_the_rest_comes_a_week_later() -> None:
    found = calendar(THREE, MONDAY, range(MONDAY + 7, MONDAY + 21))
    assert [type(each) for each in found] == [Week, Pause, Pause, Week, Week]
    assert found[-1].last == MONDAY + 34


@given(st.frozensets(st.integers(MONDAY, MONDAY + 80), max_size=60))
def test_weeks_and_pauses_leave_no_day_out_and_every_week_comes(off: frozenset[int]) -> None:
    found = calendar(THREE, MONDAY, off)
    assert [each.first for each in found] == list(range(MONDAY, MONDAY + 7 * len(found), 7))
    assert all(each.last == each.first + 6 for each in found)
    assert [each.number for each in found if isinstance(each, Week)] == [1, 2, 3]
    for each in found:
        assert isinstance(each, Pause) == all(day in off for day in range(each.first, each.last + 1))


def test_a_learner_who_is_never_there_has_a_calendar_that_ends() -> None:
    class Always:
        def __contains__(self, day: object) -> bool:
            return True

    assert isinstance(calendar(THREE, MONDAY, Always())[-1], Week)


def test_holidays_are_dates_and_spans_with_both_their_ends() -> None:
    found = holidays("2026-12-24, 2026-12-31..2027-01-02")
    days = {
        date_of(day).isoformat() for day in range(day_of(date(2026, 12, 1)), day_of(date(2027, 2, 1))) if day in found
    }
    assert days == {"2026-12-24", "2026-12-31", "2027-01-01", "2027-01-02"}
    assert MONDAY not in holidays("")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("christmas", "christmas is no date"),
        ("2026-02-30", "2026-02-30 is no date that there is"),
        ("2026-12-24 2026-12-31..2026-12-30", "2026-12-31..2026-12-30 ends before it begins"),
        ("2026-12-24..", "2026-12-24.. is no date"),
        ("2026W521", "2026W521 is no date"),
    ],
)
def test_what_is_no_holiday_is_named(text: str, what: str) -> None:
    with pytest.raises(ValueError, match="^" + what.replace(".", r"\.")):
        holidays(text)
