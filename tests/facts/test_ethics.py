"""Facts of the deck on ethics, computed from definitions and by counting."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from tests.support.facts import filled, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED = {
    "detector-false-alarms": "liang2023: over half of the TOEFL essays flagged, on average; the year of the study",
    "staged-release": "Solaiman and others 2019, section 1: GPT-2 in four sizes, February to November 2019",
    "tdm-opt-out": "Directive (EU) 2019/790, Articles 3 and 4 (numbers of articles)",
}


@pytest.mark.proves("weat-effect-worked", "weat-effect-size", "weat-association")
def test_the_effect_size_is_the_gap_of_means_over_the_spread_of_all_targets(text: Text) -> None:
    flowers, insects = np.array([0.3, 0.1]), np.array([-0.1, -0.3])
    spread = float(np.concatenate([flowers, insects]).std())
    effect = float(flowers.mean() - insects.mean()) / spread
    assert f"of all four is {spread:.3f}." in prose(text("ethics/weat-effect-worked", "q"))
    assert float(text("ethics/weat-effect-worked", "typed")) == pytest.approx(effect, rel=0.005)
    assert f"means are {flowers.mean():.1f} and {insects.mean():.1f}" in prose(text("ethics/weat-effect-worked", "why"))
    rng = np.random.default_rng(0)
    for _ in range(50):
        one, two = rng.normal(size=5), rng.normal(1, 1, size=5)
        assert abs(one.mean() - two.mean()) / np.concatenate([one, two]).std() <= 2
    assert "cannot exceed 2" in prose(text("ethics/weat-effect-worked", "why"))
    assert r"\cos(w, a) - \operatorname{mean}" in prose(filled(text("ethics/weat-association", "cloze")))


@pytest.mark.proves("false-positive-identity", "explain-fairness-conflict", "base-rate-conflict")
def test_the_false_positive_rate_follows_from_counting(drill: Drill, text: Text) -> None:
    for p, v, r in ((20, 50, 50), (40, 60, 80), (50, 80, 60)):
        people = 100_000.0
        hits = people * p / 100 * r / 100
        alarms = hits / (v / 100)
        rate = (alarms - hits) / (people * (1 - p / 100))
        assert drill("ethics/false-positive-identity", p=p, v=v, r=r) == pytest.approx(100 * rate)
    low, high = (drill("ethics/false-positive-identity", p=p, v=80, r=60) for p in (20, 50))
    assert low < high
    assert "higher base rate has more false alarms" in prose(text("ethics/false-positive-identity", "why"))


@pytest.mark.proves("canary-exposure")
def test_exposure_counts_the_bits_of_guessing_saved(drill: Drill) -> None:
    assert drill("ethics/canary-exposure", n=1024, k=1) == 10
    for n, k in ((1024, 64), (65536, 4), (1048576, 64)):
        assert 2 ** drill("ethics/canary-exposure", n=n, k=k) == pytest.approx(n / k)


@pytest.mark.proves("dp-definition")
def test_randomised_response_meets_the_bound_of_its_epsilon(text: Text) -> None:
    truth = 0.75
    epsilon = math.log(truth / (1 - truth))
    assert truth <= math.exp(epsilon) * (1 - truth) + 1e-12
    assert r"e^{\varepsilon} \Pr[M(y)" in prose(filled(text("ethics/dp-definition", "cloze")))


@pytest.mark.proves("toxicity-max")
def test_a_rare_event_is_likely_among_25_draws(text: Text) -> None:
    why = prose(text("ethics/toxicity-max", "why"))
    assert "over 25 continuations" in prose(text("ethics/toxicity-max", "q"))
    assert f"With 25 draws, an event of chance 0.05 appears with probability {1 - 0.95**25:.2f}." in why


@pytest.mark.proves("training-energy")
def test_energy_is_power_times_time_times_overhead(drill: Drill) -> None:
    seconds, joules_in_kwh = 100 * 3600, 3.6e6
    for n, w, u in ((8, 300, 1.1), (500, 400, 1.5)):
        joules = n * w * seconds * u
        assert drill("ethics/training-energy", n=n, w=w, h=100, u=u) == pytest.approx(joules / joules_in_kwh)


@pytest.mark.proves("card-disaggregated")
def test_the_majority_outweighs_a_small_group(text: Text) -> None:
    overall = (95 * 0.95 + 5 * 0.55) / 100
    said = prose(text("ethics/card-disaggregated", "why"))
    assert said == f"With 95 of 100 users at accuracy 0.95 and 5 at 0.55, the overall accuracy is still {overall:.2f}."
