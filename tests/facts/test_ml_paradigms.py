"""Facts of the deck on the kinds of learning; most of its numbers are quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "labels-run-out": "Brown and others 2020, caption of Table 2.1: all models saw 300 billion tokens",
    "gpt3-is-parametric": "Brown and others 2020, Table 2.1: 175.0B parameters",
}


@pytest.mark.proves("discounted-return")
def test_the_return_discounts_each_step_once_more(drill: Drill) -> None:
    for rewards, discount in (((1, 4, 8), 0.5), ((2, 6, 10), 0.9)):
        total = 0.0
        for reward in reversed(rewards):
            total = reward + discount * total
        a, b, c = rewards
        assert drill("ml-paradigms/discounted-return", a=a, b=b, c=c, g=discount) == pytest.approx(total)


@pytest.mark.proves("all-neighbours")
def test_with_all_neighbours_the_majority_wins_everywhere() -> None:
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(9, 2)), [0] * 4 + [1] * 5
    for query in rng.normal(size=(20, 2)):
        order = np.argsort(((points - query) ** 2).sum(1))
        assert Counter(labels[i] for i in order[: len(labels)]).most_common(1)[0][0] == 1
