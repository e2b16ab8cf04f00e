"""How values are spread: bins, the median and the mean."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

STABILITY_EDGES = (0.0, 1.0, 3.0, 7.0, 14.0, 21.0, 30.0, 60.0, 90.0, 180.0, 365.0, 730.0)
"""Days: what forms within a week, a month, a year and beyond; the last bin has no end."""

DIFFICULTY_EDGES = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)
"""FSRS's difficulty, 1-10."""

RETRIEVABILITY_EDGES = tuple(step / 20 for step in range(20))
"""Steps of 5 %."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many values lie in each bin: from its edge (included) to the next one, the last to `end` (None: open).

    Values below the first edge are in the first bin. `median` and `mean` are None without values.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    end: float | None
    median: float | None = None
    mean: float | None = None

    @property
    def total(self) -> int:
        """All values."""
        return sum(self.counts)


def distribution(values: Sequence[float], edges: tuple[float, ...], end: float | None = None) -> Distribution:
    """The distribution of some values over bins that begin at `edges` (in ascending order)."""
    counts = [0] * len(edges)
    for value in values:
        counts[max(0, bisect_right(edges, value) - 1)] += 1
    if not values:
        return Distribution(edges, tuple(counts), end)
    return Distribution(edges, tuple(counts), end, median(values), fmean(values))
