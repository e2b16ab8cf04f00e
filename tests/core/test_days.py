"""Study days follow the learner's wall clock: the rollover hour, DST changes, journeys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.days import date_of, day_of, epoch_ms, moment, start_of, study_day

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


def test_a_night_owl_at_half_past_three_is_still_on_yesterdays_study_day() -> None:
    assert date_of(study_day(datetime(2026, 3, 10, 3, 59, 59, tzinfo=BERLIN))) == date(2026, 3, 9)
    assert date_of(study_day(datetime(2026, 3, 10, 4, 0, tzinfo=BERLIN))) == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("on", "hours"),
    [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 6, 1), 24)],
    ids=["spring change", "autumn change", "ordinary"],
)
def test_a_study_day_lasts_from_rollover_to_rollover_through_dst_changes(on: date, hours: int) -> None:
    day = day_of(on)
    begins, ends = start_of(day, BERLIN), start_of(day + 1, BERLIN)
    assert epoch_ms(ends) - epoch_ms(begins) == hours * 3_600_000
    assert study_day(begins) == day
    assert study_day((ends.astimezone(UTC) - timedelta(seconds=1)).astimezone(BERLIN)) == day


def test_a_rollover_in_the_hour_that_a_spring_change_skips_still_begins_the_day_once() -> None:
    day = day_of(date(2026, 3, 29))
    begins = start_of(day, BERLIN, rollover_hour=2)
    before = (begins.astimezone(UTC) - timedelta(seconds=1)).astimezone(BERLIN)
    after = (begins.astimezone(UTC) + timedelta(hours=1)).astimezone(BERLIN)
    assert study_day(before, 2) == day - 1
    assert study_day(after, 2) == day


def test_a_journey_westwards_makes_the_same_instant_an_earlier_study_day() -> None:
    instant = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
    assert study_day(instant.astimezone(BERLIN)) == study_day(instant.astimezone(NEW_YORK)) + 1


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        study_day(datetime(2026, 1, 1))


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
    st.integers(0, 23),
)
def test_every_instant_lies_within_the_study_day_that_it_is_said_to_be(
    wall: datetime, offset: int, rollover: int
) -> None:
    zone = timezone(timedelta(minutes=offset))
    now = moment(wall.replace(tzinfo=zone), rollover)
    assert epoch_ms(start_of(now.day, zone, rollover)) <= now.ms < epoch_ms(start_of(now.day + 1, zone, rollover))
    assert day_of(date_of(now.day)) == now.day
