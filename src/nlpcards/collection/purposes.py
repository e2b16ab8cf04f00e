"""Sessions besides the day's work, as a learner asks for them in words: so many minutes, so many days."""

from __future__ import annotations

from nlpcards.core.errors import UsageError

MINUTES = (0.1, 1440.0)
"""The shortest and the longest session that can be asked for, in minutes."""

DAYS = (1, 3650)
"""The fewest and the most days over which one catches up, or studies ahead."""


def minutes_of(text: str) -> float:
    """How many minutes a text says.

    Raises:
        UsageError: it says no number within `MINUTES`.
    """
    try:
        minutes = float(text.strip())
    except ValueError:
        minutes = 0.0
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        raise UsageError(f"{_shown(text)} is no time", remedy="Write minutes, such as 15.")
    return minutes


def days_of(text: str) -> int:
    """How many days a text says.

    Raises:
        UsageError: it says no whole number within `DAYS`.
    """
    text = text.strip()
    days = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
    if not DAYS[0] <= days <= DAYS[1]:
        raise UsageError(f"{_shown(text)} is no number of days", remedy=f"Write one from {DAYS[0]} to {DAYS[1]:,}.")
    return days


def _shown(text: str) -> str:
    return " ".join(text.split())[:40] or "nothing"
