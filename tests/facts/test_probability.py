"""Facts of the deck on probability, computed by counting, by formula and by simulation."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {}


def posterior(prior: Fraction, hit: Fraction, alarm: Fraction) -> Fraction:
    return prior * hit / (prior * hit + (1 - prior) * alarm)


@pytest.mark.proves("conditional-definition", "chain-rule-of-text", "bayes-rule", "prior-likelihood-posterior")
def test_the_rules_hold_in_a_random_joint_distribution(text: Text) -> None:
    joint = np.random.default_rng(0).dirichlet(np.ones(24)).reshape(2, 3, 4)
    first, pair = joint.sum((1, 2)), joint.sum(2)
    for i, j, k in product(range(2), range(3), range(4)):
        second, third = pair[i, j] / first[i], joint[i, j, k] / pair[i, j]
        assert first[i] * second * third == pytest.approx(joint[i, j, k])
        assert pair[i, j] / pair[:, j].sum() == pytest.approx(second * first[i] / pair[:, j].sum())
    said = prose(filled(text("probability/chain-rule-of-text", "cloze")))
    assert r"= P(w_1) \cdot P(w_2 \mid w_1) \cdot P(w_3 \mid w_1, w_2)$" in said
    table = filled(text("probability/prior-likelihood-posterior", "cloze"))
    assert r"| $P(d \mid h)$ | likelihood |" in table


@pytest.mark.proves("independent-given-topic")
def test_words_can_depend_on_each_other_and_not_given_the_topic() -> None:
    topic = np.array([0.5, 0.5])
    goal, referee = np.array([0.6, 0.1]), np.array([0.5, 0.05])
    both = (topic * goal * referee).sum()
    assert both / (topic @ goal) > topic @ referee


@pytest.mark.proves("base-rate", "flagged-drill")
def test_a_flagged_mail_is_spam_with_the_posterior_probability(text: Text, drill: Drill) -> None:
    rare = posterior(Fraction(1, 1000), Fraction(99, 100), Fraction(1, 100))
    assert "flags 99% of spam and only 1% of honest" in prose(text("probability/base-rate", "q"))
    assert f"one spam in 1,000 mails, a flagged one is spam with probability {float(rare):.2f}." in prose(
        text("probability/base-rate", "why")
    )
    for p, s, f in ((10, 80, 5), (20, 90, 10), (50, 80, 20)):
        expected = 100 * posterior(Fraction(p, 100), Fraction(s, 100), Fraction(f, 100))
        assert drill("probability/flagged-drill", p=p, s=s, f=f) == pytest.approx(float(expected))


@pytest.mark.proves("odds-form")
def test_posterior_odds_are_prior_odds_times_the_likelihood_ratio(text: Text) -> None:
    prior = Fraction(1, 1 + 4)
    after = posterior(prior, Fraction(8, 100), Fraction(1, 100))
    odds = after / (1 - after)
    assert odds == Fraction(1, 4) * 8
    assert "1 to 4" in text("probability/odds-form", "q")
    assert "8 times as likely" in prose(text("probability/odds-form", "q"))
    assert text("probability/odds-form", "a") == f"{odds} to 1, that is a probability of {after}."


@pytest.mark.proves("linear-though-dependent", "variance-shortcut")
def test_means_add_up_always_and_variances_only_without_covariance(text: Text) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=1000)
    y = x + rng.normal(size=1000)
    assert (x + y).mean() == pytest.approx(x.mean() + y.mean())
    covariance = (x * y).mean() - x.mean() * y.mean()
    assert covariance > 0.5
    assert (x + y).var() == pytest.approx(x.var() + y.var() + 2 * covariance)
    assert x.var() == pytest.approx((x**2).mean() - x.mean() ** 2)
    assert (3 * x + 7).var() == pytest.approx(3**2 * x.var())
    assert r"{{c2::a^2}}" in text("probability/variance-shortcut", "cloze")


@pytest.mark.proves("four-times-the-batch")
def test_the_spread_of_a_mean_falls_with_the_root_of_the_number(text: Text) -> None:
    # All samples of a fair coin, so that the spread is exact.
    def spread(n: int) -> float:
        return float(np.std([np.mean(flips) for flips in product((0, 1), repeat=n)]))

    factor = int(text("probability/four-times-the-batch", "typed"))
    assert spread(2) / spread(2 * factor) == pytest.approx(2)
    assert "halves" in text("probability/four-times-the-batch", "q")


@pytest.mark.proves("examples-for-error-drill")
def test_the_spread_of_an_accuracy(drill: Drill) -> None:
    for accuracy, error, n in ((80, 2, 400), (90, 2, 225), (50, 2, 625)):
        p = accuracy / 100
        chances = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
        variance = sum((k / n - p) ** 2 * chance for k, chance in enumerate(chances))
        assert 100 * math.sqrt(variance) == pytest.approx(error)
        assert drill("probability/examples-for-error-drill", acc=accuracy, se=error) == n


@pytest.mark.proves("why-log-likelihood")
def test_two_hundred_small_probabilities_underflow(text: Text) -> None:
    assert math.prod([0.01] * 200) == 0.0
    exponent = round(200 * math.log10(0.01))
    assert f"Two hundred probabilities of 0.01 already give $10^{{{exponent}}}$" in prose(
        text("probability/why-log-likelihood", "why")
    )


@pytest.mark.proves("unseen-word-zero")
def test_relative_frequencies_are_the_most_likely_ones() -> None:
    counts = np.array([5, 3, 2])
    best = float(counts @ np.log(counts / counts.sum()))
    for rival in np.random.default_rng(2).dirichlet(np.ones(3), size=500):
        assert float(counts @ np.log(rival)) <= best


@pytest.mark.proves("variance-too-small", "ddof")
def test_the_maximum_likelihood_variance_is_too_small_by_one_nth(text: Text) -> None:
    n, values = 3, (0.0, 1.0, 5.0)
    true = float(np.var(values))
    samples = list(product(values, repeat=n))
    assert np.mean([np.var(each) for each in samples]) == pytest.approx((n - 1) / n * true)
    argument = text("probability/ddof", "typed")
    assert np.mean([eval(f"np.var(each, {argument})", {"np": np, "each": each}) for each in samples]) == pytest.approx(
        true
    )
    assert "$(n-1)/n$ of the true variance" in prose(text("probability/variance-too-small", "why"))


@pytest.mark.proves("density-above-one", "two-sigma")
def test_the_gaussian_density_and_its_shares(text: Text) -> None:
    peak = 1 / (0.1 * math.sqrt(2 * math.pi))
    assert "standard deviation 0.1 has a density of about 4" in prose(text("probability/density-above-one", "q"))
    assert round(peak) == 4
    within = [100 * math.erf(k / math.sqrt(2)) for k in (1, 2)]
    assert f"{within[0]:.0f}% within one" in text("probability/two-sigma", "why")
    assert float(text("probability/two-sigma", "typed")) == round(within[1])
    assert 2 * 0.1 == pytest.approx(0.2)
    assert "within 0.2 of its mean" in prose(text("probability/density-above-one", "why"))


@pytest.mark.proves("inverse-cdf-code", "gumbel-max", "reparameterised-gaussian")
def test_the_ways_to_sample_reach_their_distributions(text: Text) -> None:
    p = np.array([0.5, 0.2, 0.3])
    code = program(text("probability/inverse-cdf-code", "cloze"))
    grid = (np.arange(1000) + 0.5) / 1000
    drawn = []
    for u in grid:
        names: dict[str, Any] = {"np": np, "p": p, "rng": type("Fixed", (), {"random": staticmethod(lambda u=u: u)})}
        exec(code, names)
        drawn.append(int(names["token"]))
    assert np.bincount(drawn) / 1000 == pytest.approx(p, abs=0.002)
    rng = np.random.default_rng(3)
    logits = np.log(p) + 4.2
    noisy = (logits + rng.gumbel(size=(40_000, 3))).argmax(axis=1)
    assert np.bincount(noisy) / 40_000 == pytest.approx(p, abs=0.01)
    said = prose(filled(text("probability/reparameterised-gaussian", "cloze")))
    assert r"$x = \mu + \sigma \epsilon$" in said
    x = 3 + 0.5 * rng.normal(size=40_000)
    assert x.mean() == pytest.approx(3, abs=0.02)
    assert x.std() == pytest.approx(0.5, abs=0.02)
