"""Study days: local calendar days that begin at the rollover hour, counted from 1970-01-01.

Scheduling in days must follow the learner's mornings and not multiples of 24 hours: with raw timestamps three
quarters of the cards get another memory state than in Anki. A study day is fixed at the time of the answer, in the
zone where the learner is, and stored with the event; later folds never look at a zone again.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from nlpcards.core.dataclass import dataclass

ROLLOVER_HOUR = 4
"""The local hour (0-23) at which a study day begins unless the learner says otherwise; Anki's default too."""

MS_PER_DAY = 86_400_000
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant and the study day it falls on, as seen by the learner then.

    `ms` is milliseconds since 1970-01-01 UTC; `day` is the study day, in days since 1970-01-01.
    """

    ms: int
    day: int

    def later(self, ms: int) -> Moment:
        """The moment `ms` milliseconds on, on the same study day: for steps within a session."""
        return Moment(self.ms + ms, self.day)


def study_day(at: datetime, rollover_hour: int = ROLLOVER_HOUR) -> int:
    """The study day of an aware local time, in days since 1970-01-01.

    It is read off the wall clock, so a day with a DST change has 23 or 25 hours and still begins at the rollover hour.

    Raises:
        ValueError: `at` has no zone.
    """
    if at.tzinfo is None:
        raise ValueError("a study day needs a time with a zone")
    wall = at.replace(tzinfo=None) - timedelta(hours=rollover_hour)
    return wall.date().toordinal() - _EPOCH


def moment(at: datetime, rollover_hour: int = ROLLOVER_HOUR) -> Moment:
    """The moment of an aware local time."""
    return Moment(epoch_ms(at), study_day(at, rollover_hour))


def epoch_ms(at: datetime) -> int:
    """Milliseconds since 1970-01-01 UTC of an aware time, exactly (floats would lose some)."""
    since = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return since // timedelta(milliseconds=1)


def date_of(day: int) -> date:
    """The calendar date whose rollover begins the study day."""
    return date.fromordinal(day + _EPOCH)


def day_of(on: date) -> int:
    """The study day that begins on a calendar date."""
    return on.toordinal() - _EPOCH


def start_of(day: int, zone: tzinfo, rollover_hour: int = ROLLOVER_HOUR) -> datetime:
    """The local time at which a study day begins in a zone.

    Where the rollover hour does not exist that morning (a spring change), Python's `fold=0` reading is taken: the time
    before the gap, moved into it.
    """
    return datetime.combine(date_of(day), time(rollover_hour), tzinfo=zone)
