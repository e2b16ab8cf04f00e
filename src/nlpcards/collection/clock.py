"""The one place where the time is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo

from nlpcards.core.dataclass import dataclass
from nlpcards.core.days import Moment, date_of, epoch_ms, moment, start_of, study_day


def _system_utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall clock and the learner's zone; `zone` None means the system's, asked anew at every reading (one may
    travel).
    """

    utc: Callable[[], datetime] = _system_utc
    zone: tzinfo | None = None

    def local(self) -> datetime:
        """The local time now, with its zone."""
        return self.utc().astimezone(self.zone)

    def now(self, rollover_hour: int) -> Moment:
        """The moment now."""
        return moment(self.local(), rollover_hour)

    def day_of(self, ms: int, rollover_hour: int) -> int:
        """The study day of an instant in ms since 1970 UTC, as it is called where the learner is now."""
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
        return study_day(at.astimezone(self.zone), rollover_hour)

    def start_ms(self, day: int, rollover_hour: int) -> int:
        """The instant at which a study day begins, in ms since 1970 UTC, DST changes included."""
        if self.zone is not None:
            return epoch_ms(start_of(day, self.zone, rollover_hour))
        return epoch_ms(datetime.combine(date_of(day), time(rollover_hour)).astimezone())
