"""The streak: study days in a row, which days off do not break.

A day without an answer is a day off where nothing was due on it, or where its weekday has the weight 0 under
`easy_days`. Days off are not counted; they only do not end what stands on both sides of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nlpcards.core.balance import EasyDays
from nlpcards.core.days import date_of
from nlpcards.store.reading import Reader


@dataclass(frozen=True, slots=True)
class Streak:
    """`days` are the study days with an answer, up to today, or up to the last one before it; `off` the days off among
    and after them.
    """

    days: int = 0
    off: int = 0


def streak(journal: Reader, today: int, easy_days: EasyDays, exists: Callable[[str], bool]) -> Streak:
    """The streak as it stands on a study day; `exists` says whether a card is still in the decks, since one that is
    gone cannot be waiting. Easy days hold for the past as they are set now.

    Today breaks nothing: it is not over.
    """
    first = journal.first_studied()
    if first is None:
        return Streak()
    waiting = _Waiting(journal, today, exists)
    found = Streak()
    off = 0
    for day in range(today, first - 1, -1):
        if journal.studied_on(day):
            found = Streak(found.days + 1, found.off + off)
            off = 0
            waiting.studied(day)
        elif easy_days[date_of(day).weekday()] == 0:
            off += day != today
        elif day != today:
            if waiting.something_was_due(day):
                break
            off += 1
    return found


class _Waiting:
    """Since when something had been due, looking back from today: what is due still, and what was due until it was
    answered. The journal is asked only once a day has to be judged, which most streaks never need.
    """

    def __init__(self, journal: Reader, today: int, exists: Callable[[str], bool]) -> None:
        self._journal, self._today, self._exists = journal, today, exists
        self._days: list[int] = []
        self._since: int | None = None

    def studied(self, day: int) -> None:
        """Take a study day into account: what was answered on it may have been due long before."""
        self._days.append(day)

    def something_was_due(self, day: int) -> bool:
        """Whether something was due on a day without an answer; the days after it were all taken into account."""
        if self._since is None:
            still = self._journal.waiting_since(self._today)
            self._since = min((due for card, due in still if self._exists(card)), default=self._today + 1)
        while self._days and self._since > day:
            due = self._journal.due_until_answered(self._days.pop())
            if due is not None:
                self._since = min(self._since, due)
        return self._since <= day
