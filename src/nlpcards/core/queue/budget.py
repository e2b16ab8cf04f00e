"""A time budget: what fits into some minutes, by one's own answer times, and which reviews are worth them most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from enum import Enum, auto

from nlpcards.core.dataclass import dataclass
from nlpcards.core.state import Memory

FEWEST_ANSWERS = 10
"""So many answers of a sort it takes before their median counts; with fewer, the pace that is assumed of anyone."""


class Sort(Enum):
    """What a card was when it was answered."""

    NEW = auto()
    STEPS = auto()
    REVIEW = auto()


@dataclass(frozen=True, slots=True)
class Pace:
    """How many seconds an answer takes: to a card never met, to one on the steps, to one out of them.

    `basis` says of how many of the learner's own answers each of these is the median; a `Sort` that it lacks has the
    pace that is assumed of anyone.
    """

    new: float = 20.0
    steps: float = 8.0
    review: float = 10.0
    basis: Mapping[Sort, int] = field(default_factory=dict, compare=False)


USUAL = Pace()
"""The pace assumed of a learner who has answered too little to be measured."""


def pace_of(answers: Iterable[tuple[Sort, int]]) -> Pace:
    """The pace of recent answers, each with its time in ms: each sort's median, which a few long ones do not move."""
    from statistics import median

    times: dict[Sort, list[int]] = {sort: [] for sort in Sort}
    for sort, duration_ms in answers:
        times[sort].append(duration_ms)

    basis = {sort: len(each) for sort, each in times.items() if len(each) >= FEWEST_ANSWERS}

    def of(sort: Sort, otherwise: float) -> float:
        # A second at least: an answer that cost nothing would make any number of cards fit.
        return max(1.0, median(times[sort]) / 1000) if sort in basis else otherwise

    return Pace(of(Sort.NEW, USUAL.new), of(Sort.STEPS, USUAL.steps), of(Sort.REVIEW, USUAL.review), basis)


Gain = Callable[[Memory, int], tuple[float, float]]
"""For a memory state and elapsed days: the probability of recall, and the recall that a review now gains."""


def review_seconds(recall: float, pace: Pace) -> float:
    """How long a review takes, the relearning step included that follows where the card is not recalled."""
    return pace.review + (1 - recall) * pace.steps


def new_seconds(pace: Pace, steps: int) -> float:
    """How long a new card takes to leave the learning steps, `steps` of them, where all goes well."""
    return pace.new + max(0, steps - 1) * pace.steps


def estimated_seconds(
    new: int, learning: int, review: int, pace: Pace, *, steps: int = 2, recall: float = 0.9
) -> float:
    """How long so many cards of each sort take: new ones through all `steps`, one step for each on the steps, and for
    reviews the step that follows where they are not recalled, as often as `recall` says.
    """
    return new * new_seconds(pace, steps) + learning * pace.steps + review * review_seconds(recall, pace)


class Budget:
    """Seconds that are left while cards are chosen; `seconds` None never runs out."""

    def __init__(self, seconds: float | None) -> None:
        self._left = seconds
        self.spent = 0.0

    def take(self, seconds: float) -> bool:
        """Take a card that needs so many seconds, if it fits; the first always does, since a session asks something."""
        if self._left is not None and self.spent and self.spent + seconds > self._left:
            return False
        self.spent += seconds
        return True
