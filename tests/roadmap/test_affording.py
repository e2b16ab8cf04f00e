"""A day to meet and minutes a day: where both cannot hold, each way out is enough, and nothing less is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlpcards.core.memory import Settings
from nlpcards.core.roadmap.affording import Afforded, afford
from nlpcards.core.roadmap.pacing import Part, paced
from nlpcards.core.roadmap.workload import Met, Workload

TODAY = 20_000
PARTS = tuple(Part(f"topic{at}", 60, TODAY + 14 * (at + 1) - 1) for at in range(6))
MET = tuple(Met(4.0 + at % 40, 5.0, TODAY - at % 9, TODAY + at % 30) for at in range(300))
WORK = Workload(Settings(), MET, today=TODAY, days=1_300)


def plan(minutes: float | None, parts: tuple[Part, ...] = PARTS, work: Workload = WORK) -> Afforded:
    return afford(parts, work, TODAY, minutes=minutes)


def test_with_minutes_enough_there_is_no_way_out_to_look_for() -> None:
    found = plan(60)
    assert found.ways_out is None
    assert found.paced == paced(PARTS, TODAY)
    assert found.load.busiest <= 60


def test_each_way_out_is_enough_and_one_step_less_is_not() -> None:
    needed = plan(None).load.busiest
    minutes = needed - 1.5
    found = plan(minutes)
    ways = found.ways_out
    assert ways is not None
    assert found.paced == paced(PARTS, TODAY), "the day is met, and what would have to give is said"

    assert ways.more_minutes == 2
    assert plan(minutes + ways.more_minutes).ways_out is None
    assert plan(minutes + ways.more_minutes - 1).ways_out is not None

    assert ways.later_days is not None

    def later(days: int) -> tuple[Part, ...]:
        return tuple(replace(part, by=(part.by or 0) + days) for part in PARTS)

    assert plan(minutes, later(ways.later_days)).ways_out is None
    assert plan(minutes, later(ways.later_days)).paced.ends == ways.ends
    assert ways.later_days == 1 or plan(minutes, later(ways.later_days - 1)).ways_out is not None

    assert ways.drop
    kept = len(PARTS) - len(ways.drop)
    assert ways.drop == tuple(part.id for part in PARTS[kept:])
    assert ways.dropped == sum(part.cards for part in PARTS[kept:])
    assert plan(minutes, PARTS[:kept]).ways_out is None
    assert plan(minutes, PARTS[: kept + 1]).ways_out is not None


def test_where_the_reviews_alone_take_more_only_minutes_help_and_that_is_said() -> None:
    alone = WORK.of([]).busiest
    ways = plan(alone / 3).ways_out
    assert ways is not None
    assert (ways.later_days, ways.ends, ways.drop, ways.dropped) == (None, None, None, 0)
    assert ways.more_minutes > 0


def test_without_a_day_the_pace_is_the_quickest_that_the_minutes_allow() -> None:
    parts = tuple(replace(part, by=None) for part in PARTS)
    found = plan(14, parts)
    assert found.ways_out is None
    assert found.load.busiest <= 14
    quicker = paced(parts, TODAY, most=found.paced.fullest + 1)
    assert WORK.of(quicker.new, len(quicker.new) + 7).busiest > 14


@pytest.mark.parametrize("minutes", [10.0, 13.0, 17.0])
def test_more_minutes_never_make_it_slower(minutes: float) -> None:
    parts = tuple(replace(part, by=None) for part in PARTS)
    slow, quick = plan(minutes, parts).paced.ends, plan(minutes + 2, parts).paced.ends
    assert slow is not None
    assert quick is not None
    assert quick <= slow


def test_minutes_too_few_for_a_card_a_day_are_said_to_be_too_few() -> None:
    found = plan(0.1, tuple(replace(part, by=None) for part in PARTS))
    assert found.paced.fullest == 1
    assert found.ways_out is not None
    assert found.ways_out.more_minutes > 0
