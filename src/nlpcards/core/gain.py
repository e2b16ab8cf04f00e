"""What a review now is worth: how much likelier the card is recalled in half a year because of it.

FSRS-6's own formulas for the stability after a success and after a lapse, without the rest of an answer: ten thousand
due cards are compared in the time in which the package would review some hundreds.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp

from nlpcards.core.state import Memory

HORIZON_DAYS = 180
"""The gain is recall so many days from now, with the review and without. In simulation (`benchmarks/orders.py`) any
horizon from a quarter of a year to a year remembers about as much, and a month clearly less: it is blind to what is
gained by cards of long intervals.
"""


def recall_gained(parameters: tuple[float, ...]) -> Callable[[Memory, int], tuple[float, float]]:
    """For a memory state and the days since the last review: the probability of recall, and what a review gains.

    The review is taken to be answered good with the probability of recall, else again; the gain is the expected recall
    in `HORIZON_DAYS` days after it less that without it, 0 to 1.
    """
    decay = -parameters[20]
    factor = 0.9 ** (1 / decay) - 1
    w9, w10, w12, w13, w14 = parameters[9], parameters[10], parameters[12], parameters[13], parameters[14]
    growth, lapse = exp(parameters[8]), parameters[11]
    short = exp(parameters[17] * parameters[18])

    def gained(memory: Memory, elapsed: int) -> tuple[float, float]:
        stability, difficulty = memory.stability, memory.difficulty
        elapsed = max(0, elapsed)
        recall = (1 + factor * elapsed / stability) ** decay
        forgotten = 1 - recall
        after = stability * (1 + growth * (11 - difficulty) * stability**-w9 * (exp(forgotten * w10) - 1))
        failed = lapse * difficulty**-w12 * ((stability + 1) ** w13 - 1) * exp(forgotten * w14)
        failed = max(0.001, min(failed, stability / short))
        later = (1 + factor * (elapsed + HORIZON_DAYS) / stability) ** decay
        with_review = (
            recall * (1 + factor * HORIZON_DAYS / after) ** decay
            + forgotten * (1 + factor * HORIZON_DAYS / failed) ** decay
        )
        return recall, max(0.0, with_review - later)

    return gained
