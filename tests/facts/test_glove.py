"""Facts of the deck on GloVe, computed on small matrices of counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {
    "ratio-table": "Pennington 2014, Table 1: solid 8.9, gas 0.085, water 1.36, fashion 0.96",
    "corpus-doubles": "Pennington 2014, §3.2: with alpha 1.25 the model scales as the corpus length to the power 0.8",
}


def weight(x: float, most: float = 100) -> float:
    return (x / most) ** 0.75 if x < most else 1.0


def train(X: Array, size: int, steps: int = 6000, seed: int = 0) -> tuple[Array, Array, Array, Array]:
    """GloVe by plain gradient descent on a full matrix of positive counts."""
    rng = np.random.default_rng(seed)
    n = len(X)
    W, C = rng.normal(scale=0.3, size=(n, size)), rng.normal(scale=0.3, size=(n, size))
    b, c = np.zeros(n), np.zeros(n)
    f = np.vectorize(weight)(X)
    for _ in range(steps):
        error = f * (W @ C.T + b[:, None] + c - np.log(X))
        W, C = W - 0.05 * error @ C, C - 0.05 * error.T @ W
        b, c = b - 0.05 * error.sum(axis=1), c - 0.05 * error.sum(axis=0)
    return W, C, b, c


COUNTS = np.array([[90.0, 12, 30, 8], [12, 60, 5, 40], [30, 5, 70, 9], [8, 40, 9, 50]])


@pytest.mark.proves("ratio-table", "ratio-drill")
def test_ratios_of_probabilities(text: Text, drill: Drill) -> None:
    for n, a, m, b in ((1000, 8, 5000, 2), (4000, 20, 10000, 4)):
        assert drill("glove/ratio-drill", n=n, a=a, m=m, b=b) == pytest.approx(a * m / (n * b))
    said = filled(text("glove/ratio-table", "cloze"))
    table = {"solid": 8.9, "gas": 0.085, "water": 1.36, "fashion": 0.96}
    for word, ratio in table.items():
        expected = "far above 1" if ratio > 5 else "far below 1" if ratio < 0.2 else "about 1"
        assert f"| {word} | {expected} |" in said


@pytest.mark.proves("differences-to-ratios", "objective", "bias-absorbs")
def test_a_perfect_fit_turns_differences_into_ratios(text: Text) -> None:
    W, C, b, c = train(COUNTS, 4)
    assert np.abs(W @ C.T + b[:, None] + c - np.log(COUNTS)).max() < 0.02
    # the word's own biases cancel from a ratio of its probabilities up to a factor that all contexts share
    P = COUNTS / COUNTS.sum(axis=1, keepdims=True)
    ratio = np.exp((W[0] - W[1]) @ C.T) / (P[0] / P[1])
    assert ratio == pytest.approx(ratio.mean(), rel=0.05)
    said = prose(filled(text("glove/differences-to-ratios", "cloze")))
    assert r"$$\exp\left((w_i - w_j)^\top \tilde{w}_k\right) = \frac{P_{ik}}{P_{jk}}$$" in said
    said = prose(filled(text("glove/objective", "cloze")))
    assert r"f(X_{ij}) \left(w_i^\top \tilde{w}_j + b_i + \tilde{b}_j - \ln X_{ij}\right)^2$$" in said


@pytest.mark.proves("cell-loss-drill")
def test_the_loss_of_one_cell(drill: Drill) -> None:
    for s, x, f in ((1, 1, 0.1), (2, 10, 0.5), (3, 100, 1)):
        assert drill("glove/cell-loss-drill", s=s, x=x, f=f) == pytest.approx(f * (s - math.log(x)) ** 2)


@pytest.mark.proves("loss-code")
def test_the_code_sums_over_the_nonzero_cells(text: Text) -> None:
    rng = np.random.default_rng(1)
    X = rng.integers(0, 150, size=(6, 6)).astype(float)
    X[X < 60] = 0
    i, j = np.nonzero(X)
    W, C, b, c = rng.normal(size=(6, 3)), rng.normal(size=(6, 3)), rng.normal(size=6), rng.normal(size=6)
    names: dict[str, Any] = {"np": np, "i": i, "j": j, "x": X[i, j], "x_max": 100, "W": W, "C": C, "b": b, "c": c}
    exec(program(text("glove/loss-code", "cloze")), names)
    expected = sum(
        weight(X[row, column]) * (W[row] @ C[column] + b[row] + c[column] - math.log(X[row, column])) ** 2
        for row in range(6)
        for column in range(6)
        if X[row, column]
    )
    assert names["loss"] == pytest.approx(expected)


@pytest.mark.proves("zero-cells", "weighting-formula", "weighting-drill")
def test_the_weighting_function(text: Text, drill: Drill) -> None:
    assert weight(0) == 0
    for x in (1, 10, 50, 200, 5000):
        assert drill("glove/weighting-drill", x=x) == pytest.approx(weight(x))
    assert f"seen once still weighs about {100 * weight(1):.0f}%" in prose(text("glove/weighting-drill", "why"))
    assert weight(100) == weight(5000) == 1
    said = prose(filled(text("glove/weighting-formula", "cloze")))
    assert r"$f(x) = (x / x_{\max})^{3/4}$ if $x < x_{\max}$, else $1$." in said
    assert "beyond 100" in prose(text("glove/weighting-formula", "why"))
    assert "$f(0) = 0$" in text("glove/zero-cells", "a")


@pytest.mark.proves("distance-drill")
def test_an_occurrence_counts_one_over_its_distance(drill: Drill) -> None:
    for d, k in ((1, 5), (2, 8), (4, 10)):
        assert drill("glove/distance-drill", d=d, k=k) == pytest.approx((d + k) / (d * k))


@pytest.mark.proves("unweighted-fit")
def test_most_nonzero_cells_are_tiny() -> None:
    rng = np.random.default_rng(2)
    p = 1 / np.arange(1, 2001)
    words = rng.choice(2000, size=200_000, p=p / p.sum())
    _, counts = np.unique(words[:-1] * 2000 + words[1:], return_counts=True)
    assert (counts <= 2).mean() > 0.6


@pytest.mark.proves("corpus-doubles")
def test_distinct_pairs_grow_more_slowly_than_the_text() -> None:
    rng = np.random.default_rng(3)
    p = 1 / np.arange(1, 2001)
    words = rng.choice(2000, size=400_000, p=p / p.sum())
    pairs = words[:-1] * 2000 + words[1:]
    half, whole = len(np.unique(pairs[:200_000])), len(np.unique(pairs))
    assert 1 < whole / half < 1.8


@pytest.mark.proves("skip-gram-as-count-fit")
def test_the_loss_over_the_text_is_a_sum_of_cross_entropies_weighted_by_counts(text: Text) -> None:
    Q = np.random.default_rng(4).dirichlet(np.ones(4), size=4)
    over_the_text = -sum(COUNTS[i, j] * math.log(Q[i, j]) for i in range(4) for j in range(4))
    totals = COUNTS.sum(axis=1)
    cross_entropies = -(COUNTS / totals[:, None] * np.log(Q)).sum(axis=1)
    assert over_the_text == pytest.approx(float(totals @ cross_entropies))
    assert "$X_i$" in text("glove/skip-gram-as-count-fit", "a")


@pytest.mark.proves("sum-of-both")
def test_symmetric_counts_make_the_two_sets_exchangeable() -> None:
    assert (COUNTS.T == COUNTS).all()
    W, C, b, c = train(COUNTS, 4, seed=5)
    f = np.vectorize(weight)(COUNTS)
    one = (f * (W @ C.T + b[:, None] + c - np.log(COUNTS)) ** 2).sum()
    swapped = (f * (C @ W.T + c[:, None] + b - np.log(COUNTS)) ** 2).sum()
    assert one == pytest.approx(swapped)
    assert np.abs(W - C).max() > 0.1
