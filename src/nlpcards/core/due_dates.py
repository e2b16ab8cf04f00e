"""Due days as a learner writes them: a number of days, or a date."""

from __future__ import annotations

import re
from datetime import date

from nlpcards.core.days import date_of, day_of
from nlpcards.core.errors import UsageError

FARTHEST_DAYS = 36_500
"""The most days ahead on which a card can be made due: FSRS's longest interval."""

_REMEDY = "Write days from today, such as 0 or 7, or a date, such as 2026-12-24."


def due_day(text: str, today: int) -> int:
    """The study day that a text names, seen from the study day `today`: `7` days on, `today`, `tomorrow`, or a date as
    `2026-12-24`.

    Raises:
        UsageError: it names none, one before today, or one more than 36,500 days ahead.
    """
    written = text.strip().casefold()
    days = {"today": 0, "tomorrow": 1}.get(written)
    if days is None and re.fullmatch(r"\+?[0-9]{1,6}", written):
        days = int(written)
    if days is None:
        try:
            days = day_of(date.fromisoformat(written)) - today
        except ValueError:
            raise UsageError(f"{text.strip() or 'nothing'} is no day", remedy=_REMEDY) from None
    if days < 0:
        raise UsageError(f"{text.strip()} is before today, {date_of(today)}", remedy=_REMEDY)
    if days > FARTHEST_DAYS:
        raise UsageError(f"{text.strip()} is more than {FARTHEST_DAYS:,} days ahead", remedy=_REMEDY)
    return today + days


def any_day(text: str) -> int:
    """The study day of a date as `2026-12-24`, past or to come.

    Raises:
        UsageError: it is no date.
    """
    try:
        return day_of(date.fromisoformat(text.strip()))
    except ValueError:
        raise UsageError(f"{text.strip() or 'nothing'} is no date", remedy="Write it as 2026-12-24.") from None
