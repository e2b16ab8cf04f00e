"""True retention: of the answers to cards in review, the share that was not `again`.

As Anki counts it (`rslib/src/stats/graphs/retention.rs`): every answer to a card whose interval was a day or more,
young where that interval was below 21 days, else mature. Answers on the learning and relearning steps are left out, so
a card counts once for each time it was due, not once for each step that a lapse led to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from nlpcards.core.stats.answers import Answers, Was

WINDOWS = (
    ("Today", 0, 0),
    ("Yesterday", 1, 1),
    ("Last 7 days", 6, 0),
    ("Last 30 days", 29, 0),
    ("Last 365 days", 364, 0),
    ("All time", None, 0),
)
"""The spans of study days in Anki's table: a name, and how many days ago the first (None: ever) and the last are."""


def as_share(share: float | None) -> str:
    """A share of 0-1 in per cent, a dash where there is none."""
    return "-" if share is None else f"{share:.1%}"


@dataclass(frozen=True, slots=True)
class Retention:
    """Answers to cards in review, by maturity, passed (hard, good, easy) and failed (again)."""

    young_passed: int = 0
    young_failed: int = 0
    mature_passed: int = 0
    mature_failed: int = 0

    def __add__(self, other: Retention) -> Retention:
        return Retention(
            self.young_passed + other.young_passed,
            self.young_failed + other.young_failed,
            self.mature_passed + other.mature_passed,
            self.mature_failed + other.mature_failed,
        )

    @property
    def figures(self) -> tuple[str, ...]:
        """The shares for young cards, mature cards and all, each with the number of answers behind it, in words."""
        return (
            as_share(self.young),
            f"{self.young_answers:,}",
            as_share(self.mature),
            f"{self.mature_answers:,}",
            as_share(self.share),
            f"{self.answers:,}",
        )

    @property
    def answers(self) -> int:
        """All of them."""
        return self.young_answers + self.mature_answers

    @property
    def young_answers(self) -> int:
        """Those to young cards."""
        return self.young_passed + self.young_failed

    @property
    def mature_answers(self) -> int:
        """Those to mature cards."""
        return self.mature_passed + self.mature_failed

    @property
    def share(self) -> float | None:
        """True retention, 0-1; None without answers."""
        return _share(self.young_passed + self.mature_passed, self.answers)

    @property
    def young(self) -> float | None:
        """True retention of young cards."""
        return _share(self.young_passed, self.young_answers)

    @property
    def mature(self) -> float | None:
        """True retention of mature cards."""
        return _share(self.mature_passed, self.mature_answers)

    @property
    def range(self) -> tuple[float, float] | None:
        """Within which the share would lie with 95 % confidence, were answers independent (Wilson's score interval).

        So few answers say little, and it shows. None without answers.
        """
        share, total = self.share, self.answers
        if share is None:
            return None
        z = 1.96
        middle = (share + z * z / (2 * total)) / (1 + z * z / total)
        half = z / (1 + z * z / total) * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
        return max(0.0, middle - half), min(1.0, middle + half)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def retention(answers: Iterable[Answers]) -> Retention:
    """True retention over some answers."""
    young = [0, 0]
    mature = [0, 0]
    for each in answers:
        if each.was is Was.YOUNG:
            young[each.rating == 1] += each.number
        elif each.was is Was.MATURE:
            mature[each.rating == 1] += each.number
    return Retention(*young, *mature)


def windows(by_day: dict[int, Retention], day: int) -> tuple[tuple[str, Retention], ...]:
    """Anki's table seen from the study day `day`, of the retention of each day that had answers."""
    found = []
    for name, first, last in WINDOWS:
        total = Retention()
        for each, own in by_day.items():
            if each <= day - last and (first is None or each >= day - first):
                total += own
        found.append((name, total))
    return tuple(found)
