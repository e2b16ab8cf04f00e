"""Which order of reviews remembers most: simulated learners whose memory is drawn from FSRS, under a daily limit.

    python benchmarks/orders.py                          # all scenarios, two years, 5 learners (about ten minutes)
    python benchmarks/orders.py --days 365 --seeds 3     # less of it

Each learner has FSRS-6 parameters of their own, drawn around the default ones, and every card a stability of its own
beside them; the scheduler knows the default parameters only, as a real one does that has not been fitted. Answers are
drawn from the learner's true memory. Compared are the program's orders (`core.queue.Order`) and Anki's, as its manual
defines them under FSRS; those that are the program's too are checked against its own `sort_key` on the way.

Remembered is the true probability of recall, summed over all cards that were introduced, at the end; divided by the
hours studied from the first day on. All orders of one seed have the same learner, cards and luck: the figure to quote
is the mean of the ratios to the program's default, with their standard deviation over seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from statistics import mean, stdev

import numpy as np
from numpy.typing import NDArray

from nlpcards.core.gain import HORIZON_DAYS, recall_gained
from nlpcards.core.memory import Settings
from nlpcards.core.queue import Order, Pace, Rules
from nlpcards.core.queue.budget import review_seconds
from nlpcards.core.queue.order import sort_key
from nlpcards.core.state import Interval, Memory

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

DEFAULTS = np.array(Settings().parameters)
RETENTION = Settings().desired_retention
DECKS = 10
NEW_S, AGAIN_S, HARD_S, GOOD_S, EASY_S, STEP_S = 20.0, 14.0, 11.0, 8.0, 5.0, 8.0
"""Seconds that a new card, each rating of a review and a learning step take."""
FIRST = (0.24, 0.1, 0.6, 0.06)
"""How often a new card is rated again, hard, good and easy."""
RECALLED = (0.08, 0.85, 0.07)
"""How often a recalled card is rated hard, good and easy."""


@dataclass(frozen=True)
class Scenario:
    """What a learner has a day: so many minutes of reviews, or so many reviews, and new cards beside them.

    `backlog` cards were introduced before the first day and have then waited for `away` days.
    """

    name: str
    minutes: float | None = None
    reviews: int | None = None
    new: int = 20
    backlog: int = 0
    away: int = 0
    cards: int = 16_000


SCENARIOS = {
    "reviews": Scenario("80 reviews a day, 20 new cards beside them", reviews=80),
    "minutes": Scenario("12 minutes of reviews a day, 20 new cards beside them", minutes=12.0),
    "backlog": Scenario(
        "6,000 cards left alone for 120 days, then 10 minutes of reviews a day and no new cards",
        minutes=10.0,
        new=0,
        backlog=6000,
        away=120,
    ),
}


class Fsrs:
    """FSRS-6 over arrays of cards."""

    def __init__(self, w: Floats) -> None:
        self.w = w
        self.decay = -w[20]
        self.factor = 0.9 ** (1 / self.decay) - 1

    def recall(self, elapsed: Floats, stability: Floats) -> Floats:
        """The probability of recall after elapsed days."""
        found: Floats = (1 + self.factor * np.maximum(elapsed, 0) / stability) ** self.decay
        return found

    def interval(self, stability: Floats) -> Floats:
        """The interval in days after which recall falls to what is desired."""
        days = stability / self.factor * (RETENTION ** (1 / self.decay) - 1)
        found: Floats = np.clip(np.rint(days), 1, 36_500)
        return found

    def first(self, rating: Whole) -> tuple[Floats, Floats]:
        """Stability and difficulty after the first answer."""
        return self.w[rating - 1], self._first_difficulty(rating)

    def _first_difficulty(self, rating: Whole) -> Floats:
        found: Floats = np.clip(self.w[4] - np.exp(self.w[5] * (rating - 1)) + 1, 1, 10)
        return found

    def step(self, stability: Floats) -> Floats:
        """The stability after a good answer on the same day."""
        found: Floats = stability * np.maximum(1, np.exp(self.w[17] * self.w[18]) * stability ** -self.w[19])
        return found

    def answered(self, s: Floats, d: Floats, r: Floats, rating: Whole) -> tuple[Floats, Floats]:
        """Stability and difficulty after a review at recall `r`."""
        w = self.w
        bonus = np.where(rating == 2, w[15], np.where(rating == 4, w[16], 1.0))
        grown = s * (1 + np.exp(w[8]) * (11 - d) * s ** -w[9] * (np.exp((1 - r) * w[10]) - 1) * bonus)
        lost = w[11] * d ** -w[12] * ((s + 1) ** w[13] - 1) * np.exp((1 - r) * w[14])
        lost = np.minimum(lost, s / np.exp(w[17] * w[18]))
        moved = d - w[6] * (rating - 3) * (10 - d) / 9
        easiest = w[4] - np.exp(w[5] * 3) + 1
        difficulty = np.clip(w[7] * easiest + (1 - w[7]) * moved, 1, 10)
        return np.clip(np.where(rating == 1, lost, grown), 0.001, 36_500), difficulty


@dataclass
class Cards:
    """All cards of a learner, in the order in which they are added: what the scheduler knows, and what is true."""

    deck: Whole
    own: Floats
    """What each card's stability is times in truth."""
    stability: Floats
    difficulty: Floats
    true_stability: Floats
    true_difficulty: Floats
    last: Floats
    due: Floats
    introduced: int = 0


@dataclass(frozen=True)
class View:
    """What an order may look at: the cards that are due, as the scheduler knows them."""

    day: int
    deck: Whole
    stability: Floats
    difficulty: Floats
    last: Floats
    due: Floats
    added: Whole


SCHEDULER = Fsrs(DEFAULTS)
PACE = Pace()
"""By what the program's own order counts seconds; the learners have times of their own."""
GAIN = recall_gained(tuple(DEFAULTS))


def _waited(view: View) -> Floats:
    return (view.day - view.last) / view.stability


def _interval(view: View) -> Floats:
    return view.due - view.last


def _recall(view: View) -> Floats:
    return SCHEDULER.recall(view.day - view.last, view.stability)


def _worth(view: View) -> Floats:
    """The recall gained a second; `core.gain` over arrays, checked against it."""
    recall = _recall(view)
    three = np.full(len(recall), 3)
    after, _ = SCHEDULER.answered(view.stability, view.difficulty, recall, three)
    failed, _ = SCHEDULER.answered(view.stability, view.difficulty, recall, three - 2)
    later = SCHEDULER.recall(view.day - view.last + HORIZON_DAYS, view.stability)
    then = np.full(len(recall), float(HORIZON_DAYS))
    gained = recall * SCHEDULER.recall(then, after) + (1 - recall) * SCHEDULER.recall(then, failed) - later
    return np.maximum(gained, 0) / (PACE.review + (1 - recall) * PACE.steps)


Keys = Callable[[View], tuple[Floats | Whole, ...]]
"""What cards are sorted by, smallest first, the most important last; equals are mixed."""

ORDERS: dict[str, Keys] = {
    "due date, then random": lambda view: (view.due,),
    "due date, then deck": lambda view: (view.deck, view.due),
    "deck, then due date": lambda view: (view.due, view.deck),
    "ascending intervals": lambda view: (_interval(view),),
    "descending intervals": lambda view: (-_interval(view),),
    "ascending ease (hardest first)": lambda view: (-view.difficulty,),
    "descending ease (easiest first)": lambda view: (view.difficulty,),
    "ascending retrievability": lambda view: (-_waited(view),),
    "descending retrievability": lambda view: (_waited(view),),
    "relative overdueness": lambda view: (-(view.day - view.last) / np.maximum(1, _interval(view)),),
    "random": lambda view: (),
    "order added": lambda view: (view.added,),
    "reverse order added": lambda view: (-view.added,),
    "recall gained a second": lambda view: (-_worth(view),),
}
"""Anki's thirteen, under FSRS, and the program's own. Anki's `ease` is FSRS's difficulty, the other way round."""

OURS: dict[Order, str] = {
    Order.GAIN: "recall gained a second",
    Order.DUE: "due date, then random",
    Order.WEAKEST: "ascending retrievability",
    Order.STRONGEST: "descending retrievability",
    Order.OVERDUE: "relative overdueness",
    Order.RANDOM: "random",
}
"""Which of them each order of the program is."""


@dataclass
class Outcome:
    """What a run came to: cards remembered at the end and on the average day, and the hours studied."""

    remembered: float
    average: float
    hours: float
    introduced: int
    backlog: int

    @property
    def per_hour(self) -> float:
        """Cards remembered at the end for each hour studied."""
        return self.remembered / self.hours


@dataclass
class Learner:
    """A learner with a true memory of their own, and luck that is the same whatever the order."""

    scenario: Scenario
    seed: int
    truth: Fsrs = field(init=False)
    cards: Cards = field(init=False)

    def __post_init__(self) -> None:
        random = np.random.default_rng(self.seed)
        w = DEFAULTS * np.exp(random.normal(0, 0.15, len(DEFAULTS)))
        w[:4] = np.sort(w[:4])
        w[4] = np.clip(w[4], 1, 10)
        w[20] = np.clip(w[20], 0.1, 0.8)
        self.truth = Fsrs(w)
        n = self.scenario.cards
        self.cards = Cards(
            deck=random.integers(0, DECKS, n),
            own=np.exp(random.normal(0, 0.4, n)),
            stability=np.zeros(n),
            difficulty=np.zeros(n),
            true_stability=np.zeros(n),
            true_difficulty=np.zeros(n),
            last=np.full(n, -1.0),
            due=np.full(n, np.inf),
        )

    def run(self, keys: Keys, days: int) -> Outcome:
        """Study so many days, reviews taken by an order."""
        scenario, cards = self.scenario, self.cards
        seconds, remembered = 0.0, []
        if scenario.backlog:
            for start in range(-scenario.away - scenario.backlog // 20, -scenario.away):
                # The past, the same for every order: everything is reviewed on its day.
                self._reviewed(start, self._due(start), None)
                self._introduce(start, 20)
        for day in range(days):
            left = None if scenario.minutes is None else 60 * scenario.minutes
            due = self._due(day)
            chosen = self._sorted(due, keys, day)[: scenario.reviews]
            seconds += self._reviewed(day, chosen, left) + self._introduce(day, scenario.new)
            remembered.append(self.remembered(day))
        end = days
        return Outcome(self.remembered(end), mean(remembered), seconds / 3600, cards.introduced, len(self._due(end)))

    def remembered(self, day: int) -> float:
        """The true probability of recall on a day, summed over all cards that were introduced."""
        met = slice(0, self.cards.introduced)
        return float(self.truth.recall(day - self.cards.last[met], self.cards.true_stability[met]).sum())

    def _due(self, day: int) -> Whole:
        found: Whole = np.flatnonzero(self.cards.due[: self.cards.introduced] <= day)
        return found

    def view(self, due: Whole, day: int) -> View:
        """What an order may look at."""
        cards = self.cards
        return View(
            day, cards.deck[due], cards.stability[due], cards.difficulty[due], cards.last[due], cards.due[due], due
        )

    def _sorted(self, due: Whole, keys: Keys, day: int) -> Whole:
        mixed = self._luck(day, 1, due)
        found: Whole = due[np.lexsort((mixed, *keys(self.view(due, day))))]
        return found

    def _luck(self, day: int, what: int, cards: Whole) -> Floats:
        """Numbers from 0 to 1, the same for a card on a day in every run of a seed."""
        x = cards.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(
            ((self.seed * 7919 + what) * 1_000_003 + day + 1000) * 0xBF58476D1CE4E5B9 % 2**64
        )
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
        x ^= x >> np.uint64(31)
        return (x >> np.uint64(11)).astype(np.float64) / 2**53

    def _reviewed(self, day: int, chosen: Whole, left: float | None) -> float:
        """Review cards while there are seconds left; gives the seconds it took."""
        cards, truth = self.cards, self.truth
        true_recall = truth.recall(day - cards.last[chosen], cards.true_stability[chosen])
        recalled = self._luck(day, 2, chosen) < true_recall
        which = np.searchsorted(np.cumsum(RECALLED), self._luck(day, 3, chosen)) + 2
        rating = np.where(recalled, np.minimum(which, 4), 1)
        took = np.choose(rating - 1, (AGAIN_S + STEP_S, HARD_S, GOOD_S, EASY_S))
        if left is not None:
            fits = int(np.searchsorted(np.cumsum(took), left, side="right"))
            chosen, rating, took, true_recall = chosen[:fits], rating[:fits], took[:fits], true_recall[:fits]
        recall = SCHEDULER.recall(day - cards.last[chosen], cards.stability[chosen])
        s, d = SCHEDULER.answered(cards.stability[chosen], cards.difficulty[chosen], recall, rating)
        own = cards.own[chosen]
        ts, td = truth.answered(cards.true_stability[chosen] / own, cards.true_difficulty[chosen], true_recall, rating)
        again = rating == 1
        self._learned(
            day, chosen, np.where(again, SCHEDULER.step(s), s), d, np.where(again, truth.step(ts), ts) * own, td
        )
        return float(took.sum())

    def _introduce(self, day: int, most: int) -> float:
        """Introduce new cards, each with a learning step; gives the seconds it took."""
        cards = self.cards
        number = min(most, len(cards.last) - cards.introduced)
        fresh = np.arange(cards.introduced, cards.introduced + number)
        cards.introduced += number
        rating = np.minimum(np.searchsorted(np.cumsum(FIRST), self._luck(0, 4, fresh)) + 1, 4)
        s, d = SCHEDULER.first(rating)
        ts, td = self.truth.first(rating)
        self._learned(day, fresh, SCHEDULER.step(s), d, self.truth.step(ts) * cards.own[fresh], td)
        return number * (NEW_S + STEP_S)

    def _learned(self, day: int, which: Whole, s: Floats, d: Floats, ts: Floats, td: Floats) -> None:
        cards = self.cards
        cards.stability[which], cards.difficulty[which] = s, d
        cards.true_stability[which], cards.true_difficulty[which] = np.clip(ts, 0.001, 36_500), td
        cards.last[which] = day
        days = SCHEDULER.interval(s)
        fuzz = np.where(
            days < 2.5,
            0,
            1 + 0.15 * np.clip(days - 2.5, 0, 4.5) + 0.1 * np.clip(days - 7, 0, 13) + 0.05 * np.maximum(days - 20, 0),
        )
        spread = np.rint(days + (2 * self._luck(day, 5, which) - 1) * fuzz)
        cards.due[which] = day + np.where(days < 2.5, days, np.maximum(2, spread))


def check_against_the_program() -> None:
    """The arrays here sort as the program itself does, and see the same gain."""
    random = np.random.default_rng(1)
    n, day = 400, 500
    last = random.integers(0, day - 1, n).astype(float)
    view = View(
        day,
        random.integers(0, DECKS, n),
        random.uniform(0.5, 300, n),
        random.uniform(1, 10, n),
        last,
        np.minimum(last + random.integers(1, 200, n), day),
        np.arange(n),
    )
    schedules = [
        Interval(Memory(float(s), float(d)), int(due), int(at))
        for s, d, due, at in zip(view.stability, view.difficulty, view.due, view.last, strict=True)
    ]

    def worth_of(schedule: Interval) -> float:
        recall, gained = GAIN(schedule.memory, day - schedule.last_day)
        return gained / review_seconds(recall, PACE)

    for order, name in OURS.items():
        key = sort_key(order, day, worth_of)
        measures = np.array([key(f"d/n{number}#qa", schedule)[0] for number, schedule in enumerate(schedules)])
        found = ORDERS[name](view)
        if found:
            ranks = np.lexsort((view.added, found[0]))
            assert (np.diff(measures[ranks]) >= -1e-12).all(), f"{order} and {name} sort differently"


def one(job: tuple[str, str, int], days: int) -> tuple[str, str, int, Outcome]:
    scenario, order, seed = job
    return scenario, order, seed, Learner(SCENARIOS[scenario], seed).run(ORDERS[order], days)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=730)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--scenario", choices=SCENARIOS, action="append")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    check_against_the_program()
    scenarios = options.scenario or list(SCENARIOS)
    jobs = [(scenario, order, seed) for scenario in scenarios for seed in range(options.seeds) for order in ORDERS]
    with ProcessPoolExecutor(options.processes) as pool:
        found = {(s, o, seed): out for s, o, seed, out in pool.map(partial(one, days=options.days), jobs)}
    default = OURS[Rules().order]
    for scenario in scenarios:
        print(f"\n{SCENARIOS[scenario].name}; {options.days} days, {options.seeds} learners")
        print(f"{'order':33} {'an hour':>8} {'ratio':>14} {'avg day':>8} {'ratio':>14} {'met':>6} {'waiting':>7}")
        rows = []
        for order in ORDERS:
            runs = [found[scenario, order, seed] for seed in range(options.seeds)]
            base = [found[scenario, default, seed] for seed in range(options.seeds)]
            ratios = [run.per_hour / other.per_hour for run, other in zip(runs, base, strict=True)]
            daily = [run.average / run.hours / (o.average / o.hours) for run, o in zip(runs, base, strict=True)]
            rows.append((mean(ratios), order, runs, ratios, daily))
        for _, order, runs, ratios, daily in sorted(rows, reverse=True):
            mark = "*" if order == default else " "
            print(
                f"{mark}{order:32} {mean(r.per_hour for r in runs):8.2f} {mean(ratios):7.4f}±{_spread(ratios):.4f}"
                f" {mean(r.average for r in runs):8.0f} {mean(daily):7.4f}±{_spread(daily):.4f}"
                f" {mean(r.introduced for r in runs):6.0f} {mean(r.backlog for r in runs):7.0f}"
            )


def _spread(values: list[float]) -> float:
    return stdev(values) if len(values) > 1 else 0.0


if __name__ == "__main__":
    main()
