"""Facts of the deck on the science of learning, computed from the formulas or quoted from the experiments."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED = {
    "reread-or-test": "Roediger and Karpicke 2006, Experiment 1, proportions of idea units recalled",
    "drop-from-test": "Karpicke and Roediger 2008, final recall after one week in the four conditions",
    "best-gap-grows": "Cepeda and others 2008, abstract",
    "blocked-mixed": "Rohrer and Taylor 2007, Experiment 2",
    "three-components": "FSRS4Anki wiki, ABC of FSRS, the definition of stability",
}


def recall(days: float, stability: float) -> float:
    """A power law with exponent -1/2 that passes 0.9 where the days equal the stability."""
    factor = 0.9**-2 - 1
    return float((1 + factor * days / stability) ** -0.5)


@pytest.mark.proves("best-gap-grows")
def test_the_best_gap_for_a_year_is_some_weeks(text: Text) -> None:
    assert 0.2 * 7 < 2 < 0.4 * 7
    assert 2 * 7 < 0.05 * 365 < 0.1 * 365 < 6 * 7
    assert "about two days for the week and some weeks" in prose(text("learning-science/best-gap-grows", "why"))


@pytest.mark.proves("savings-drill")
def test_the_saving_is_the_share_of_time_not_needed_again(drill: Drill) -> None:
    assert drill("learning-science/savings-drill", a=1000, b=600) == 40
    assert drill("learning-science/savings-drill", a=1200, b=900) == 25


@pytest.mark.proves("mixed-exponentials", "forgetting-slows")
def test_a_mixture_of_exponentials_loses_ever_more_slowly(text: Text) -> None:
    days = np.arange(0, 50)
    kept = (np.exp(-days / 2) + np.exp(-days / 40)) / 2
    rate = -np.diff(np.log(kept))
    assert (np.diff(rate) < 0).all()
    assert "the average rate of loss falls" in prose(text("learning-science/mixed-exponentials", "a"))


@pytest.mark.proves("stability-retention")
def test_at_the_stability_the_chance_of_recall_is_90_percent(text: Text) -> None:
    q = prose(text("learning-science/stability-retention", "q"))
    assert "stability at 30 days" in q
    assert "exactly 30 days later" in q
    assert 100 * recall(30, 30) == pytest.approx(float(text("learning-science/stability-retention", "typed")))


@pytest.mark.proves("retrievability-drill", "interval-drill")
def test_the_curve_and_its_inverse(text: Text, drill: Drill) -> None:
    assert 0.9**-2 - 1 == pytest.approx(19 / 81)
    for s, t in ((10, 40), (30, 120), (20, 60)):
        assert drill("learning-science/retrievability-drill", s=s, t=t) == pytest.approx(100 * recall(t, s))
    why = prose(text("learning-science/retrievability-drill", "why"))
    assert f"gives {100 * recall(1, 1):.0f}%. At four times that, {100 * recall(4, 1):.0f}%, where" in why
    assert f"fallen to {100 * 0.9**4:.0f}%." in why
    for s, r in ((10, 0.7), (100, 0.85)):
        assert recall(drill("learning-science/interval-drill", s=s, r=r), s) == pytest.approx(r)
    longer = drill("learning-science/interval-drill", s=30, r=0.8) / 30
    assert 2 < longer < 3
    assert "From 90% to 80% the interval more than doubles" in prose(text("learning-science/interval-drill", "why"))


def gain(difficulty: float, stability: float, retrievability: float) -> float:
    """The relative gain in stability after a success rated Good, with parameters near the usual ones."""
    return float(math.exp(1.87) * (11 - difficulty) * stability**-0.17 * (math.exp(0.8 * (1 - retrievability)) - 1))


@pytest.mark.proves("difficulty-factor", "late-success", "stability-saturates")
def test_what_raises_stability_most(text: Text) -> None:
    times = gain(1, 10, 0.9) / gain(10, 10, 0.9)
    assert float(text("learning-science/difficulty-factor", "typed")) == pytest.approx(times)
    assert "from 10 down to 1" in prose(text("learning-science/difficulty-factor", "why"))
    assert gain(5, 10, 0.6) > gain(5, 10, 0.95)
    assert gain(5, 5, 0.9) > gain(5, 50, 0.9) > gain(5, 500, 0.9) > 0
    assert "by a smaller factor" in prose(text("learning-science/stability-saturates", "a"))


@pytest.mark.proves("minimum-information")
def test_five_parts_are_seldom_all_known(text: Text) -> None:
    why = prose(text("learning-science/minimum-information", "why"))
    assert f"known at 90%, all five are right only {100 * 0.9**5:.0f}% of the time" in why


@pytest.mark.proves("fitted-decay")
def test_at_the_stability_recall_is_the_same_for_every_exponent(text: Text) -> None:
    code = program(text("learning-science/fitted-decay", "cloze"))
    for exponent in (0.1, 0.1542, 0.5, 0.8):
        names: dict[str, Any] = {"w20": exponent, "t": 12.0, "S": 12.0}
        exec(code, names)
        assert names["R"] == pytest.approx(0.9)
    assert "so $R$ is 0.9 whatever the exponent" in prose(text("learning-science/fitted-decay", "why"))
