"""Pacing: how many new cards a day introduce everything in time. Counted anew on any day from what is left then.

The pace is the gentlest that is in time: of all ways to meet every day that is set, it has the least new cards on its
fullest day, and no day has fewer than the day after it. So a learner who falls behind needs no plan of another sort.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import accumulate

from nlpcards.core.dataclass import dataclass

LONGEST_DAYS = 3_650
"""Study days beyond which nothing is planned: ten years."""


@dataclass(frozen=True, slots=True)
class Part:
    """New cards that belong together, such as those of a week or a topic.

    `cards` are those never answered before today. `by` is the last study day on which they are introduced in time;
    None leaves it to the parts that follow.
    """

    id: str
    cards: int
    by: int | None = None


@dataclass(frozen=True, slots=True)
class PartPace:
    """When a part comes: from the study day `first` to `last` (None: no card of it is left). `late` says by how many
    days it ends after its day, 0 where it is in time.
    """

    part: Part
    first: int | None
    last: int | None
    late: int


@dataclass(frozen=True, slots=True)
class Paced:
    """How many cards are introduced on each study day, `today` being the first of `new`; holidays have 0.

    `needed` are the cards a day that it takes to meet every day that is not over yet, on the fullest day; where the
    learner's own limit is lower, some part is late. `needed_at_last` are those that it takes to meet the last of these
    days; each is 0 where no day is to come.
    """

    today: int
    new: tuple[int, ...]
    parts: tuple[PartPace, ...]
    needed: int
    needed_at_last: int

    @property
    def now(self) -> int:
        """The cards of today, those introduced already included."""
        return self.new[0] if self.new else 0

    @property
    def ends(self) -> int | None:
        """The study day on which the last card comes, None where none is left."""
        return self.today + len(self.new) - 1 if self.new else None

    @property
    def late(self) -> int:
        """By how many days the whole ends after the last of its days, 0 where it is in time or has none."""
        days = [each.part.by for each in self.parts if each.part.by is not None]
        return 0 if self.ends is None or not days else max(0, self.ends - max(days))

    @property
    def fullest(self) -> int:
        """The new cards of the fullest day."""
        return max(self.new, default=0)


def paced(parts: Sequence[Part], today: int, *, off: Container[int] = (), most: int | None = None) -> Paced:
    """The pace for parts in the order in which they are learned; `off` are study days without new cards, `most` is how
    many cards a day there may be (1 or more, None for any number).

    Where `most` is too few for a day that is set, the part ends as early as it can, and those after it are in time
    again as soon as that is possible. A part whose day is over is late already; it comes first, and asks for no more
    cards a day than the days still to come. Without any day to meet, it is `most` a day.

    Raises:
        ValueError: neither a day nor `most` says how fast; or a number is out of range.
    """
    if (most is not None and most < 1) or any(part.cards < 0 for part in parts):
        raise ValueError("cards are 0 or more, and a limit is 1 or more")
    ends = list(accumulate(part.cards for part in parts))
    total = ends[-1] if ends else 0
    if not total:
        return Paced(today, (), tuple(PartPace(part, None, None, 0) for part in parts), 0, 0)
    days = _Days(today, off)
    corners: list[tuple[int, int]] = []
    needed = needed_at_last = 0
    for part, cards in zip(parts, ends, strict=True):
        if part.by is None or part.by < today or not cards:
            continue
        there_are = days.until(part.by)
        needed_at_last = -(-cards // max(1, there_are))
        needed = max(needed, needed_at_last)
        corners.append((_enough(max(1, there_are), cards, most), cards))
    if not corners or corners[-1][1] < total:
        if most is None:
            raise ValueError("the last part has no day to come, and there is no limit of cards a day")
        corners.append((_enough(1, total, most), total))
    new = _spread(_least_concave(corners))
    on = [days[index] for index in range(len(new))]
    by_day = [0] * (on[-1] - today + 1)
    for day, cards in zip(on, new, strict=True):
        by_day[day - today] = cards
    return Paced(today, tuple(by_day), tuple(_placed(parts, ends, by_day, today)), needed, needed_at_last)


def _enough(days: int, cards: int, most: int | None) -> int:
    """How many days the cards get: those there are, or as many as the limit needs."""
    return days if most is None else max(days, -(-cards // most))


class _Days:
    """The study days with new cards from today on, found as far as they are asked for."""

    def __init__(self, today: int, off: Container[int]) -> None:
        self._today, self._off = today, off
        self._found: list[int] = []
        self._looked_until = today - 1

    def _look(self) -> None:
        self._looked_until += 1
        # Whoever is never there still gets an answer: beyond the longest plan every day counts.
        if self._looked_until not in self._off or self._looked_until > self._today + LONGEST_DAYS:
            self._found.append(self._looked_until)

    def until(self, day: int) -> int:
        """How many there are up to and with a day."""
        while self._looked_until < day:
            self._look()
        return sum(each <= day for each in self._found)

    def __getitem__(self, index: int) -> int:
        while len(self._found) <= index:
            self._look()
        return self._found[index]


def _least_concave(corners: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches, each with its days and cards, of the least concave way that is nowhere below the corners.

    Corners are numbers of days with the cards introduced by their end, the cards rising.
    """
    at_days, at_cards = 0, 0
    left = list(corners)
    while left:
        # The steepest way to a corner; of equals the farthest, so that a stretch is as long as it can be.
        days, cards = max(
            left, key=lambda corner: ((corner[1] - at_cards) / max(1, corner[0] - at_days), corner[0], corner[1])
        )
        days = max(days, at_days + 1)
        yield days - at_days, cards - at_cards
        at_days, at_cards = days, cards
        left = [corner for corner in left if corner[1] > cards]


def _spread(stretches: Iterator[tuple[int, int]]) -> list[int]:
    """Whole cards on each day: evenly over each stretch, what does not divide early; no empty days."""
    found: list[int] = []
    for days, cards in stretches:
        each, over = divmod(cards, days)
        found += [each + 1] * over + [each] * (days - over)
    # A fuller day never comes later for it, so what is in time stays so.
    return [cards for cards in sorted(found, reverse=True) if cards]


def _placed(parts: Sequence[Part], ends: Sequence[int], new: Sequence[int], today: int) -> Iterator[PartPace]:
    """The days on which the first and the last card of each part come."""
    done = list(accumulate(new))
    first_at = last_at = 0
    before = 0
    for part, end in zip(parts, ends, strict=True):
        if not part.cards:
            yield PartPace(part, None, None, 0)
            continue
        while done[first_at] <= before:
            first_at += 1
        while done[last_at] < end:
            last_at += 1
        last = today + last_at
        yield PartPace(part, today + first_at, last, 0 if part.by is None else max(0, last - part.by))
        before = end
