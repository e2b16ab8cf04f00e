"""Facts of the deck on information theory, computed from sums over small distributions."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support import drawn
from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {
    "english-per-letter": "Shannon 1951, table of bounds for the 27-letter alphabet, column of 100 letters: 1.3 and 0.6"
}


def cross_entropy(p: Array, q: Array) -> float:
    """In bits."""
    kept = p > 0
    return -float(np.sum(p[kept] * np.log2(q[kept])))


def entropy(p: Array) -> float:
    return cross_entropy(p, p)


def divergence(p: Array, q: Array) -> float:
    kept = p > 0
    return float(np.sum(p[kept] * np.log2(p[kept] / q[kept])))


@pytest.mark.proves("why-logarithm", "entropy-formula", "entropy-by-hand")
def test_entropies_by_hand(text: Text) -> None:
    assert f"ten times the information of one: {entropy(np.full(2**10, 2.0**-10)):.0f} bits" in prose(
        text("information-theory/why-logarithm", "why")
    )
    p = np.array([1 / 2, 1 / 4, 1 / 4])
    assert "1/2, 1/4 and 1/4" in text("information-theory/entropy-by-hand", "q")
    assert float(text("information-theory/entropy-by-hand", "typed")) == entropy(p)
    why = prose(text("information-theory/entropy-by-hand", "why"))
    assert "surprises are {:.0f}, {:.0f} and {:.0f} bits".format(*-np.log2(p)) in why
    lengths = np.array([len(word) for word in ("0", "10", "11")])
    assert "codewords 0, 10 and 11" in why
    assert p @ lengths == entropy(p)


@pytest.mark.proves("uniform-entropy", "entropy-bounds-codes")
def test_the_uniform_distribution_has_the_logarithm_as_entropy_and_none_has_more(drill: Drill) -> None:
    for n in (256, 1024):
        assert drill("information-theory/uniform-entropy", n=n) == pytest.approx(entropy(np.full(n, 1 / n)))
    for p in np.random.default_rng(0).dirichlet(np.ones(8), size=200):
        assert entropy(p) < math.log2(8)
        shannon_code = np.ceil(-np.log2(p))
        assert (2.0**-shannon_code).sum() <= 1
        assert entropy(p) <= p @ shannon_code < entropy(p) + 1


@pytest.mark.proves("cross-entropy-formula", "one-hot-loss", "cross-entropy-split", "kl-formula", "loss-floor")
def test_cross_entropy_is_entropy_plus_divergence_which_is_never_negative(text: Text) -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        p, q = rng.dirichlet(np.ones(5), size=2)
        assert cross_entropy(p, q) == pytest.approx(entropy(p) + divergence(p, q))
        assert divergence(p, q) > 0
        assert divergence(p, p) == 0
    one_hot = np.eye(5)[2]
    assert cross_entropy(one_hot, q) == pytest.approx(-math.log2(q[2]))
    said = prose(filled(text("information-theory/cross-entropy-split", "cloze")))
    assert r"$H(p, q) = H(p) + D(p \,\|\, q)$" in said
    assert r"\sum_x p(x) \log q(x)$" in prose(filled(text("information-theory/cross-entropy-formula", "cloze")))


@pytest.mark.proves("likelihood-and-cross-entropy")
def test_the_mean_negative_log_likelihood_is_the_cross_entropy_with_the_data() -> None:
    data, q = [0, 0, 1, 2, 0, 1], np.array([0.5, 0.3, 0.2])
    empirical = np.bincount(data) / len(data)
    assert -np.mean([math.log2(q[x]) for x in data]) == pytest.approx(cross_entropy(empirical, q))


@pytest.mark.proves("wrong-code-drill", "perplexity-drill", "perplexity-formula", "perplexity-code")
def test_the_drills_average_surprises_and_the_perplexity_is_their_power(text: Text, drill: Drill) -> None:
    code = program(text("information-theory/perplexity-code", "cloze"))
    for p in (0.1, 0.6, 0.9):
        bits = cross_entropy(np.array([p, (1 - p) / 3, 2 * (1 - p) / 3]), np.array([1 / 2, 1 / 4, 1 / 4]))
        assert drill("information-theory/wrong-code-drill", p=p) == pytest.approx(bits)
    for a, b, c in ((2, 4, 8), (2, 10, 50), (4, 16, 8)):
        log_probs = np.log(np.array([1 / a, 1 / b, 1 / c]))
        names: dict[str, Any] = {"np": np, "log_probs": log_probs}
        exec(code, names)
        bits, nats = -float((log_probs / math.log(2)).mean()), -float(log_probs.mean())
        assert 2**bits == pytest.approx(math.exp(nats))
        assert names["perplexity"] == pytest.approx(2**bits)
        assert drill("information-theory/perplexity-drill", a=a, b=b, c=c) == pytest.approx(2**bits)


@pytest.mark.proves("which-way-kl")
def test_the_direction_of_kl_decides_between_covering_and_seeking_peaks(text: Text) -> None:
    x = np.linspace(-8, 8, 401)

    def bump(mean: float, spread: float) -> Array:
        height = np.exp(-(((x - mean) / spread) ** 2) / 2) + 1e-12
        return np.asarray(height / height.sum())

    p = (bump(-3, 0.8) + bump(3, 0.8)) / 2
    rivals = list(product(np.linspace(-5, 5, 41), np.linspace(0.5, 5, 19)))
    forward = min(rivals, key=lambda each: divergence(p, bump(*each)))
    reverse = min(rivals, key=lambda each: divergence(bump(*each), p))
    assert forward[0] == pytest.approx(0, abs=0.01)
    assert forward[1] > 2.5
    assert abs(reverse[0]) == pytest.approx(3, abs=0.3)
    assert reverse[1] < 1.1
    assert text("information-theory/which-way-kl", "contrast.by.peaks.forward") == "spreads over both peaks"
    assert text("information-theory/which-way-kl", "contrast.by.peaks.reverse") == "settles on one peak"


@pytest.mark.proves("kl-not-symmetric")
def test_kl_differs_between_its_directions(text: Text) -> None:
    p, q = np.array([1 / 2, 1 / 2]), np.array([1 / 4, 3 / 4])
    said = prose(text("information-theory/kl-not-symmetric", "q"))
    assert "$p = (1/2, 1/2)$" in said
    assert "$q = (1/4, 3/4)$" in said
    assert rf"$D(p \,\|\, q)$ is {divergence(p, q):.3f} bits" in said
    assert rf"$D(q \,\|\, p)$ is {divergence(q, p):.3f}." in said


@pytest.mark.proves("perplexity-meaning", "perplexity-of-halves")
def test_perplexities_as_branching_factors(text: Text) -> None:
    assert 2 ** entropy(np.full(20, 1 / 20)) == pytest.approx(20)
    assert "even choice among 20 tokens" in prose(text("information-theory/perplexity-meaning", "a"))
    assert f"vocabulary of 50,000 the model has narrowed the choice by a factor of {50_000 // 20:,}." in prose(
        text("information-theory/perplexity-meaning", "why")
    )
    whole = math.exp((math.log(10) + math.log(1000)) / 2)
    assert float(text("information-theory/perplexity-of-halves", "typed")) == pytest.approx(whole)
    assert f"mean of the two perplexities, {(10 + 1000) / 2:.0f}," in prose(
        text("information-theory/perplexity-of-halves", "why")
    )
    assert "perplexity 10 on one half of a text and 1,000" in prose(
        text("information-theory/perplexity-of-halves", "q")
    )


@pytest.mark.proves("bits-per-character", "english-per-letter")
def test_bits_per_character(text: Text, drill: Drill) -> None:
    for nats, characters in ((2.8, 4), (3.5, 5)):
        bits = math.log2(math.exp(nats))
        assert drill("information-theory/bits-per-character", l=nats, c=characters) == pytest.approx(bits / characters)
    assert rf"$1/\ln 2 \approx {math.log2(math.e):.2f}$ bits" in prose(
        text("information-theory/bits-per-character", "why")
    )
    assert f"{math.log2(27):.3f}".startswith("4.75")
    assert "27 signs" in text("information-theory/english-per-letter", "q")
    assert "4.75 bits" in text("information-theory/english-per-letter", "q")


@pytest.mark.proves("information-diagram", "mutual-information-saved", "mutual-information-as-kl", "pmi-eight-times")
def test_mutual_information_in_a_random_joint_distribution(text: Text) -> None:
    joint = np.random.default_rng(2).dirichlet(np.ones(12)).reshape(3, 4)
    x, y = joint.sum(1), joint.sum(0)
    x_given_y = sum(y[j] * entropy(joint[:, j] / y[j]) for j in range(4))
    y_given_x = sum(x[i] * entropy(joint[i] / x[i]) for i in range(3))
    shared = entropy(x) - x_given_y
    assert shared == pytest.approx(entropy(y) - y_given_x)
    assert shared > 0
    assert x_given_y + shared + y_given_x == pytest.approx(entropy(joint.ravel()))
    assert shared == pytest.approx(divergence(joint.ravel(), np.outer(x, y).ravel()))
    pmi = np.log2(joint / np.outer(x, y))
    assert (joint * pmi).sum() == pytest.approx(shared)
    diagram = filled(text("information-theory/information-diagram", "cloze")).splitlines()
    rows = {row.split(" = ")[0]: row.split(" = ")[1] for row in diagram if " = " in row}
    assert rows == {"P": "H(X|Y)", "Q": "I(X;Y)", "R": "H(Y|X)", "S": "H(X,Y)"}
    bars = [index for index, sign in enumerate(diagram[2]) if sign == "|"]
    spans = [[index for index, sign in enumerate(line) if sign == "|"] for line in diagram[1:5]]
    assert spans[0] == [bars[0], bars[2]]
    assert spans[2] == [bars[1], bars[3]]
    assert spans[3] == [bars[0], bars[3]]
    assert int(text("information-theory/pmi-eight-times", "typed")) == 2**3
    assert "3 bits" in prose(text("information-theory/pmi-eight-times", "q"))


@pytest.mark.proves("uncorrelated-but-informative")
def test_a_square_is_uncorrelated_with_its_root_and_fixed_by_it(text: Text) -> None:
    x = np.array([-1.0, 0.0, 1.0])
    assert np.mean(x * x**2) - x.mean() * (x**2).mean() == 0
    h = entropy(np.array([1 / 3, 2 / 3]))
    assert f"$H(y)$, {h:.3f} bits" in prose(text("information-theory/uncorrelated-but-informative", "q"))


@pytest.mark.proves("which-fit-puts-data-first")
def test_the_fits_drawn_are_the_nearest(text: Text) -> None:
    x = np.linspace(-12, 12, 4801)
    width = x[1] - x[0]

    def normal(mean: float, spread: float) -> Array:
        return np.exp(-(((x - mean) / spread) ** 2) / 2) / (spread * math.sqrt(2 * math.pi))

    p = 0.6 * normal(-2.5, 0.7) + 0.4 * normal(2.5, 0.7)
    shown = drawn.lines("kl-fits.svg")
    curves = {name: np.interp(x, line.x, line.y, left=0, right=0) for name, line in shown.items()}
    tops = {name: (float(x[curve.argmax()]), float(curve.max())) for name, curve in curves.items()}

    def nearest(cost: Callable[[Array], float], about: tuple[float, float]) -> tuple[float, float]:
        """The mean and spread of the Gaussian of least cost, by an ever finer search."""
        reach = 0.5
        for _ in range(14):
            around = [
                (about[0] + i * reach / 2, max(about[1] + j * reach / 2, 0.1))
                for i in range(-2, 3)
                for j in range(-2, 3)
            ]
            about, reach = min(around, key=lambda each: cost(normal(*each))), reach * 0.6
        return about

    def kl(a: Array, b: Array) -> float:
        return float((a * (np.log(a + 1e-300) - np.log(b + 1e-300))).sum() * width)

    forward = nearest(lambda q: kl(p, q), (0.0, 2.0))
    reverse = min(
        (nearest(lambda q: kl(q, p), start) for start in ((-2.0, 1.0), (2.0, 1.0), (0.0, 2.0))),
        key=lambda each: kl(normal(*each), p),
    )
    for name, (mean, spread) in {"A": reverse, "B": forward}.items():
        line = shown[name]
        heights = np.exp(-(((line.x - mean) / spread) ** 2) / 2) / (spread * math.sqrt(2 * math.pi))
        assert line.y == pytest.approx(heights, abs=0.006)
        assert tops[name][0] == pytest.approx(mean, abs=0.1)
    q = prose(text("information-theory/which-fit-puts-data-first", "q"))
    assert f"a narrow curve, its top at {reverse[0]:.1f}, almost 0 from 0 on" in q
    assert curves["A"][x >= 0].max() < 0.01
    assert [float(each) for each in x[1:-1][(np.diff(np.sign(np.diff(p))) < 0)]] == pytest.approx([-2.5, 2.5], abs=0.01)
    assert f"its top at {forward[0]:.1f}, which reaches from -6 to 6" in q
    assert shown["B"].x[[0, -1]] == pytest.approx([-6, 6])
    mean = float((p * x).sum() * width)
    assert forward == pytest.approx((mean, math.sqrt(float((p * (x - mean) ** 2).sum() * width))), abs=0.01)
