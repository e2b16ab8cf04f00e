"""What new cards cost: the reviews and the time of each day to come, simulated with the learner's own FSRS.

Cards that were met are each followed once, with luck that follows from how they stand; a new card is the mean of
`SAMPLES` such lives. Days add up: the work of a plan is that of the cards there are, and for each day's new cards that
of as many such cards, begun then. So it is the same on every machine, and more cards never cost less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import exp
from operator import mul
from typing import TYPE_CHECKING

from nlpcards.core.dataclass import dataclass
from nlpcards.core.fuzz import drawn, evenly, fuzz_range
from nlpcards.core.queue.budget import USUAL, Pace

if TYPE_CHECKING:
    from nlpcards.core.memory import Settings

SAMPLES = 512
"""So many lives of a new card are averaged."""

FIRST_AGAIN = 0.25
"""The share of new cards that are answered again the first time; the others are answered good."""

MOST_FOLLOWED = 4_000
"""Of more cards that were met than this, every second, third … is followed, and stands for as many."""

BUSY_DAYS = 7
"""How busy one is, is the mean over so many days: single days are rough, and one can study ahead."""


@dataclass(frozen=True, slots=True)
class Met:
    """A card out of the steps: stability in days, difficulty 1-10, study days of its last review and when it is due.

    `retention` is the desired retention of its deck, None for that of all decks.
    """

    stability: float
    difficulty: float
    last_day: int
    due: int
    retention: float | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """Expected work on each study day, today first: new cards, reviews, and seconds with every step in them."""

    new: tuple[int, ...]
    reviews: tuple[float, ...]
    seconds: tuple[float, ...]

    def minutes_on(self, first: int, last: int) -> float:
        """The mean minutes a day from the day at place `first` to that at `last`, both included; 0 beyond the end."""
        own = self.seconds[max(0, first) : last + 1]
        return sum(own) / len(own) / 60 if own else 0.0

    def reviews_on(self, first: int, last: int) -> float:
        """The mean reviews a day, as `minutes_on`."""
        own = self.reviews[max(0, first) : last + 1]
        return sum(own) / len(own) if own else 0.0

    @property
    def busiest(self) -> float:
        """The mean minutes a day of the busiest `BUSY_DAYS` days in a row."""
        if len(self.seconds) <= BUSY_DAYS:
            return self.minutes_on(0, BUSY_DAYS)
        held = most = sum(self.seconds[:BUSY_DAYS])
        for gone, come in zip(self.seconds, self.seconds[BUSY_DAYS:], strict=False):
            held += come - gone
            most = max(most, held)
        return most / BUSY_DAYS / 60


class Workload:
    """The work that cards bring, over the `days` study days from `today` on.

    `met` are the cards out of the steps that are asked, `settings` what shapes memory, `pace` how long answers take.
    """

    def __init__(
        self, settings: Settings, met: Iterable[Met] = (), *, today: int, days: int, pace: Pace = USUAL
    ) -> None:
        self.days = days
        self._lives = _Lives(settings)
        self._pace, self._relearning = pace, len(settings.relearning_steps)
        self._base = self._of_met(met, today)
        self._one = self._of_one_new(len(settings.learning_steps))

    def of(self, new: Sequence[int], days: int | None = None) -> Load:
        """The work where so many cards are introduced on each day, from today on; over `days` days, all where None.

        Raises:
            ValueError: there are more days of new cards than it looks ahead, or than are asked for.
        """
        days = self.days if days is None else min(days, self.days)
        if len(new) > days:
            raise ValueError("the plan is longer than the workload looks ahead")
        padded = [*new, *[0] * (days - len(new))]
        backwards = padded[::-1]
        reviews, seconds = [], []
        for day in range(days):
            # The cards of today are of age 0, those of the first day of age `day`.
            ages = backwards[days - 1 - day :]
            reviews.append(self._base[0][day] + sum(map(mul, ages, self._one[0])))
            seconds.append(self._base[1][day] + sum(map(mul, ages, self._one[1])))
        return Load(tuple(padded), tuple(reviews), tuple(seconds))

    def _of_met(self, met: Iterable[Met], today: int) -> tuple[list[float], list[float]]:
        cards = sorted(met, key=lambda card: (card.due, card.last_day, card.stability, card.difficulty))
        every = -(-len(cards) // MOST_FOLLOWED) if cards else 1
        reviews, seconds = [0.0] * self.days, [0.0] * self.days
        followed = cards[every // 2 :: every]
        weight = len(cards) / len(followed) if followed else 0.0
        alike: Counter[str] = Counter()
        for card in followed:
            # By how it stands, and not by its place in line: another card must not change its luck.
            stands = f"{card.stability!r} {card.difficulty!r} {card.last_day} {card.due}"
            alike[stands] += 1
            luck = int(drawn(stands, alike[stands]) * 2**53)
            life = self._lives.from_review(
                card.stability,
                card.difficulty,
                card.last_day - today,
                max(0, card.due - today),
                self.days,
                luck,
                card.retention,
            )
            self._add(life, weight, reviews, seconds)
        return reviews, seconds

    def _of_one_new(self, steps: int) -> tuple[list[float], list[float]]:
        reviews, seconds = [0.0] * self.days, [0.0] * self.days
        for number in range(SAMPLES):
            # Spread evenly, the first answers have exactly their share.
            failed = (number + 0.5) / SAMPLES < FIRST_AGAIN
            further = max(0, steps if failed else steps - 1)
            if self.days:
                seconds[0] += (self._pace.new + further * self._pace.steps) / SAMPLES
            life = self._lives.from_first(failed, further, self.days, number)
            self._add(life, 1 / SAMPLES, reviews, seconds)
        return reviews, seconds

    def _add(self, life: Iterable[tuple[int, bool]], weight: float, reviews: list[float], seconds: list[float]) -> None:
        for day, failed in life:
            reviews[day] += weight
            seconds[day] += weight * (self._pace.review + (self._relearning * self._pace.steps if failed else 0.0))


class _Lives:
    """FSRS-6's formulas, without what a forecast has no use for: a review is good with the probability of recall, else
    again, and steps are answered good.
    """

    def __init__(self, settings: Settings) -> None:
        w = settings.parameters
        self._w = w
        self._decay = -w[20]
        self._factor = 0.9 ** (1 / self._decay) - 1
        self._retention = settings.desired_retention
        self._maximum = settings.maximum_interval
        self._relearning = len(settings.relearning_steps)
        self._easiest = self._first_difficulty(4)

    def from_first(self, failed: bool, further: int, until: int, seed: int) -> Iterable[tuple[int, bool]]:
        """The reviews of a card introduced on day 0, each with its day and whether it failed."""
        rating = 1 if failed else 3
        stability = max(0.001, self._w[rating - 1])
        difficulty = min(max(self._first_difficulty(rating), 1.0), 10.0)
        for _ in range(further):
            stability, difficulty = self._stepped(stability), self._moved(difficulty, 3)
        draw = _draws(seed)
        due = self._interval(stability, draw(), None)
        return self._live(stability, difficulty, 0, due, until, draw, None)

    def from_review(
        self,
        stability: float,
        difficulty: float,
        last: int,
        due: int,
        until: int,
        seed: int,
        retention: float | None = None,
    ) -> Iterable[tuple[int, bool]]:
        """The reviews of a card last reviewed on day `last` (0 or before) and due on day `due`."""
        return self._live(stability, difficulty, last, due, until, _draws(seed), retention)

    def _live(
        self,
        stability: float,
        difficulty: float,
        last: int,
        due: int,
        until: int,
        draw: Callable[[], float],
        retention: float | None,
    ) -> Iterable[tuple[int, bool]]:
        w = self._w
        growth, short = exp(w[8]), exp(w[17] * w[18])
        while due < until:
            recall = (1 + self._factor * max(0, due - last) / stability) ** self._decay
            forgotten = 1 - recall
            failed = draw() >= recall
            yield due, failed
            if due == last:
                # A second time on one day, as it is with a card set due by hand.
                stability = self._stepped(stability)
            elif failed:
                lost = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * exp(forgotten * w[14])
                stability = min(lost, stability / short)
            else:
                stability *= 1 + growth * (11 - difficulty) * stability ** -w[9] * (exp(forgotten * w[10]) - 1)
            stability = min(max(stability, 0.001), 36_500.0)
            difficulty = self._moved(difficulty, 1 if failed else 3)
            if failed:
                for _ in range(self._relearning):
                    stability, difficulty = self._stepped(stability), self._moved(difficulty, 3)
            last = due
            due += self._interval(stability, draw(), retention)

    def _interval(self, stability: float, draw: float, retention: float | None) -> int:
        share = self._retention if retention is None else retention
        days = min(max(round(stability / self._factor * (share ** (1 / self._decay) - 1)), 1), self._maximum)
        shortest, longest = fuzz_range(days, self._maximum)
        return evenly(shortest, longest, draw)

    def _stepped(self, stability: float) -> float:
        """After a good answer on the same day."""
        w = self._w
        grown: float = stability * max(1.0, exp(w[17] * w[18]) * stability ** -w[19])
        return grown

    def _moved(self, difficulty: float, rating: int) -> float:
        w = self._w
        moved: float = difficulty + (10 - difficulty) * -w[6] * (rating - 3) / 9
        return min(max(w[7] * self._easiest + (1 - w[7]) * moved, 1.0), 10.0)

    def _first_difficulty(self, rating: int) -> float:
        return self._w[4] - exp(self._w[5] * (rating - 1)) + 1


def _draws(seed: int) -> Callable[[], float]:
    """Numbers from 0 to below 1 that follow from a seed alone (SplitMix64; Steele, Lea and Flood 2014)."""
    state = (seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & 0xFFFFFFFFFFFFFFFF

    def draw() -> float:
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return ((mixed ^ (mixed >> 31)) >> 11) / 2**53

    return draw
