"""The pace of new cards: whole, in time, gentle, the same plan whenever it is asked again, honest where it fails."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.roadmap.pacing import Paced, Part, paced

TODAY = 20_000

counts = st.integers(0, 40)
weeks = st.lists(st.tuples(counts, st.integers(1, 10)), min_size=1, max_size=8)
holidays = st.frozensets(st.integers(TODAY, TODAY + 60), max_size=20)


def parts_of(weeks: list[tuple[int, int]]) -> list[Part]:
    """Parts with their cards, each so many days after the one before."""
    ends = accumulate(days for _, days in weeks)
    return [
        Part(f"p{at}", cards, TODAY + end - 1) for at, ((cards, _), end) in enumerate(zip(weeks, ends, strict=True))
    ]


def introduced_by(pace: Paced, day: int) -> int:
    return sum(pace.new[: max(0, day - pace.today + 1)])


@given(weeks)
def test_every_part_ends_in_time_where_there_is_no_limit(weeks: list[tuple[int, int]]) -> None:
    pace = paced(parts_of(weeks), TODAY)
    assert sum(pace.new) == sum(cards for cards, _ in weeks)
    assert all(each.late == 0 for each in pace.parts)
    assert pace.late == 0
    assert pace.fullest == pace.needed


@given(weeks)
def test_no_day_has_fewer_new_cards_than_the_day_after_it(weeks: list[tuple[int, int]]) -> None:
    new = paced(parts_of(weeks), TODAY).new
    assert list(new) == sorted(new, reverse=True)


@given(weeks)
def test_no_other_pace_in_time_has_a_less_full_day(weeks: list[tuple[int, int]]) -> None:
    parts = parts_of(weeks)
    pace = paced(parts, TODAY)
    if not pace.new:
        return
    # With one card a day less than the fullest, some part cannot be in time.
    ends = list(accumulate(part.cards for part in parts))
    least = max(-(-cards // ((part.by or 0) - TODAY + 1)) for part, cards in zip(parts, ends, strict=True))
    assert pace.fullest == least


@given(weeks, holidays, st.integers(1, 12))
def test_a_limit_and_holidays_hold_and_every_card_comes(
    weeks: list[tuple[int, int]], off: frozenset[int], most: int
) -> None:
    pace = paced(parts_of(weeks), TODAY, off=off, most=most)
    assert pace.fullest <= most
    assert sum(pace.new) == sum(cards for cards, _ in weeks)
    assert all(not cards for at, cards in enumerate(pace.new) if TODAY + at in off)


@given(weeks, holidays, st.integers(1, 12))
def test_a_part_is_late_only_by_as_much_as_the_limit_makes_it(
    weeks: list[tuple[int, int]], off: frozenset[int], most: int
) -> None:
    parts = parts_of(weeks)
    pace = paced(parts, TODAY, off=off, most=most)
    for part, found, cards in zip(parts, pace.parts, accumulate(part.cards for part in parts), strict=True):
        if found.late:
            assert found.last is not None
            days = [day for day in range(TODAY, found.last) if day not in off]
            assert most * len(days) < cards, f"{part.id} could have ended earlier"


@given(weeks, st.integers(1, 12), st.integers(1, 20))
def test_asked_again_on_another_day_the_plan_of_one_who_kept_to_it_is_no_fuller_and_as_much_in_time(
    weeks: list[tuple[int, int]], most: int, later: int
) -> None:
    parts = parts_of(weeks)
    before = paced(parts, TODAY, most=most)
    done = introduced_by(before, TODAY + later - 1)
    left = []
    for part in parts:
        taken = min(part.cards, done)
        done -= taken
        left.append(Part(part.id, part.cards - taken, part.by))
    after = paced(left, TODAY + later, most=most)
    assert sum(after.new) == sum(before.new[later:])
    assert after.fullest <= max(before.new[later:], default=0)
    in_time = {each.part.id for each in before.parts if not each.late}
    assert all(not each.late for each in after.parts if each.part.id in in_time)


def test_what_does_not_divide_comes_on_the_first_days() -> None:
    assert paced([Part("a", 11, TODAY + 3)], TODAY).new == (3, 3, 3, 2)


def test_a_heavy_week_to_come_is_begun_early_and_a_light_one_adds_nothing() -> None:
    pace = paced([Part("light", 2, TODAY + 6), Part("heavy", 26, TODAY + 13), Part("last", 3, TODAY + 20)], TODAY)
    assert pace.new == (*[2] * 14, 1, 1, 1)
    assert [each.late for each in pace.parts] == [0, 0, 0]


def test_a_part_whose_day_is_over_comes_first_and_says_by_how_much_it_is_late() -> None:
    pace = paced([Part("missed", 6, TODAY - 4), Part("next", 8, TODAY + 6)], TODAY, most=20)
    assert pace.new == (2,) * 7
    assert [(each.first, each.last, each.late) for each in pace.parts] == [
        (TODAY, TODAY + 2, 6),
        (TODAY + 3, TODAY + 6, 0),
    ]
    assert pace.late == 0


def test_what_is_left_of_past_weeks_makes_no_calendar_late_that_goes_on_after_it() -> None:
    pace = paced([Part("missed", 6, TODAY - 4), Part("done", 0, TODAY + 1)], TODAY, most=3)
    assert (pace.new, pace.late) == ((3, 3), 0)
    assert [each.late for each in pace.parts] == [5, 0]


def test_where_the_limit_is_too_low_it_says_what_it_takes_for_each_week_and_for_the_whole() -> None:
    pace = paced([Part("a", 70, TODAY + 6), Part("b", 14, TODAY + 13)], TODAY, most=5)
    assert (pace.needed, pace.needed_at_last, pace.fullest, pace.late) == (10, 6, 5, 3)
    assert pace.ends == TODAY + 16


def test_without_a_day_it_is_the_limit_a_day() -> None:
    assert paced([Part("a", 3), Part("b", 4)], TODAY, off={TODAY + 1}, most=3).new == (3, 0, 2, 2)


def test_nothing_left_is_a_plan_too() -> None:
    pace = paced([Part("a", 0, TODAY + 3)], TODAY)
    assert (pace.new, pace.now, pace.ends, pace.late, pace.fullest) == ((), 0, None, 0, 0)


def test_neither_a_day_nor_a_limit_is_no_plan() -> None:
    with pytest.raises(ValueError, match="no day"):
        paced([Part("a", 3)], TODAY)
    with pytest.raises(ValueError, match="1 or more"):
        paced([Part("a", 3)], TODAY, most=0)


def test_a_learner_who_is_never_there_gets_an_answer() -> None:
    class Always:
        def __contains__(self, day: object) -> bool:
            return True

    assert sum(paced([Part("a", 3)], TODAY, off=Always(), most=3).new) == 3
