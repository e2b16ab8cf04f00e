"""Facts of the deck on logistic regression, computed on small data sets."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {
    "sklearn-l1": "scikit-learn 1.8, LogisticRegression, parameter penalty: deprecated since that version",
}


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def gradient(f: Callable[[Array], float], x: Array, h: float = 1e-6) -> Array:
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(x.size)])


def data(n: int = 60, d: int = 3, seed: int = 0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.normal(size=(n, d))])
    return X, (rng.uniform(size=n) < sigmoid(X @ np.arange(-1.0, d))).astype(float)


def newton(X: Array, y: Array, penalty: float = 0.0, steps: int = 50) -> Array:
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        p = sigmoid(X @ w)
        curvature = X.T @ (X * (p * (1 - p))[:, None]) + penalty * np.eye(w.size)
        w = w - np.linalg.solve(curvature, X.T @ (p - y) + penalty * w)
    return w


@pytest.mark.proves("log-odds", "sigmoid-formula", "log-odds-drill")
def test_the_sigmoid_inverts_the_log_odds(text: Text, drill: Drill) -> None:
    for p in (0.1, 0.75, 0.99):
        z = drill("logistic-regression/log-odds-drill", p=p)
        assert sigmoid(z) == pytest.approx(p)
        assert sigmoid(-z) == pytest.approx(1 - p)
    said = prose(filled(text("logistic-regression/sigmoid-formula", "cloze")))
    assert r"$\sigma(-z) = 1 - \sigma(z)$" in said


@pytest.mark.proves("weight-as-odds-factor", "after-one-word-drill", "linear-or-logistic")
def test_a_weight_multiplies_the_odds(text: Text, drill: Drill) -> None:
    q = prose(text("logistic-regression/weight-as-odds-factor", "q"))
    assert "weight 0.7" in q
    assert f"$e^{{0.7}}$, about {math.exp(0.7):.0f}?" in q
    after = [float(sigmoid(math.log(p / (1 - p)) + math.log(2))) for p in (0.5, 0.99)]
    assert f"from 0.5 it rises to {after[0]:.2f}, from 0.99 only to {after[1]:.3f}." in prose(
        text("logistic-regression/weight-as-odds-factor", "why")
    )
    for p, k in ((0.1, 9), (0.2, 4), (0.5, 3)):
        expected = sigmoid(math.log(p / (1 - p)) + math.log(k))
        assert drill("logistic-regression/after-one-word-drill", p=p, k=k) == pytest.approx(float(expected))


@pytest.mark.proves("gaussians-give-a-sigmoid")
def test_the_log_ratio_of_gaussians_of_one_covariance_is_linear() -> None:
    rng = np.random.default_rng(1)
    root = rng.normal(size=(2, 2))
    inverse, first, second = np.linalg.inv(root @ root.T), rng.normal(size=2), rng.normal(size=2)

    def score(x: Array) -> float:
        return float(-(x - first) @ inverse @ (x - first) / 2 + (x - second) @ inverse @ (x - second) / 2)

    a, b = rng.normal(size=2), rng.normal(size=2)
    assert score(a + b) + score(np.zeros(2)) == pytest.approx(score(a) + score(b))


@pytest.mark.proves("binary-loss-formula", "honest-mail-loss", "logistic-gradient", "not-squared-error")
def test_the_loss_and_its_gradient(text: Text, drill: Drill) -> None:
    assert r"$L = -y \ln p - (1 - y) \ln(1 - p)$" in prose(
        filled(text("logistic-regression/binary-loss-formula", "cloze"))
    )

    def loss(p: float, y: float) -> float:
        return -y * math.log(p) - (1 - y) * math.log(1 - p)

    for p in (0.1, 0.99):
        assert drill("logistic-regression/honest-mail-loss", p=p) == pytest.approx(loss(p, 0))
    rng = np.random.default_rng(2)
    x, w = rng.normal(size=3), rng.normal(size=3)
    honest = gradient(lambda v: loss(float(sigmoid(v @ x)), 0), w)
    spam = gradient(lambda v: loss(float(sigmoid(v @ x)), 1), w)
    assert honest == pytest.approx((sigmoid(w @ x) - 0) * x, abs=1e-8)
    assert spam == pytest.approx((sigmoid(w @ x) - 1) * x, abs=1e-8)
    score = np.array([-6.0])
    squared = gradient(lambda z: float((sigmoid(z[0]) - 1) ** 2), score)[0]
    entropy = gradient(lambda z: loss(float(sigmoid(z[0])), 1), score)[0]
    assert (
        f"At a score of -6 with label 1, squared error has the slope {squared:.3f} and cross-entropy {entropy:.3f}."
        in (prose(text("logistic-regression/not-squared-error", "why")))
    )


@pytest.mark.proves("descent-code", "no-closed-form", "mean-prediction")
def test_descent_reaches_the_one_minimum_whose_predictions_are_right_on_average(text: Text) -> None:
    X, y = data()
    best = newton(X, y)
    names: dict[str, Any] = {"np": np, "X": X, "y": y, "lr": 1.0}
    code = program(text("logistic-regression/descent-code", "cloze"))
    for start in (np.zeros(4), np.full(4, 3.0)):
        names["w"] = start.copy()
        for _ in range(5000):
            exec(code, names)
        assert names["w"] == pytest.approx(best, abs=1e-6)
    assert sigmoid(X @ best).mean() == pytest.approx(y.mean())
    assert "finds it from any start" in prose(text("logistic-regression/no-closed-form", "why"))
    # One weight, and one example of each class alike: the minimum is at 0, and Newton's steps from 3 swing ever wider.
    weight = 3.0
    for _ in range(2):
        chance = float(sigmoid(weight))
        further = weight - (chance - 0.5) / (chance * (1 - chance))
        assert abs(further) > 2 * abs(weight)
        weight = further


@pytest.mark.proves("stable-loss-code")
def test_the_loss_from_logits_survives_large_ones(text: Text) -> None:
    names: dict[str, Any] = {"np": np, "z": np.array([-2.0, 0.5, 800.0]), "y": np.array([1.0, 0.0, 0.0])}
    exec(program(text("logistic-regression/stable-loss-code", "cloze")), names)
    assert names["loss"][:2] == pytest.approx([-math.log(sigmoid(-2.0)), -math.log(1 - sigmoid(0.5))])
    assert names["loss"][2] == 800
    assert 1 - sigmoid(800.0) == 0
    why = prose(text("logistic-regression/stable-loss-code", "why"))
    assert "a wrong logit of 800" in why
    assert "the loss is 800" in why


@pytest.mark.proves("boundary-shape", "boundary-crossing-drill", "raised-threshold", "scaled-weights")
@pytest.mark.proves("teach-logistic-regression")
def test_the_boundary_is_where_the_score_is_zero(text: Text, drill: Drill) -> None:
    assert sigmoid(0) == 0.5
    assert "passes 0.5 where the score is 0." in prose(
        text("logistic-regression/teach-logistic-regression", "points.2")
    )
    for a, b, c in ((1, 4, 13), (3, 2, 7)):
        height = drill("logistic-regression/boundary-crossing-drill", a=a, b=b, c=c)
        assert sigmoid(a * 1 + b * height - c) == pytest.approx(0.5)
    assert "probability of 0.9 on" in prose(text("logistic-regression/raised-threshold", "q"))
    assert float(text("logistic-regression/raised-threshold", "typed")) == round(math.log(0.9 / 0.1), 1)
    X, y = data()
    w = newton(X, y)
    assert ((sigmoid(X @ w) > 0.5) == (sigmoid(X @ (10 * w)) > 0.5)).all()
    assert (np.abs(sigmoid(X @ (10 * w)) - 0.5) >= np.abs(sigmoid(X @ w) - 0.5)).all()
    assert "multiplied by 10" in prose(text("logistic-regression/scaled-weights", "q"))


@pytest.mark.proves("separable-data", "word-of-one-class", "penalty-as-prior")
def test_weights_of_separable_classes_grow_until_a_penalty_holds_them(text: Text) -> None:
    X, y = np.array([[1.0, -2], [1, -1], [1, 1], [1, 2]]), np.array([0.0, 0, 1, 1])
    w, lengths = np.zeros(2), []
    for step in range(30_000):
        w -= X.T @ (sigmoid(X @ w) - y)
        if step in (10, 300, 29_999):
            lengths.append(float(np.linalg.norm(w)))
    assert lengths[0] + 2 < lengths[1] < lengths[2] - 2
    held = newton(X, y, penalty=0.1)
    assert np.linalg.norm(held) < lengths[1]
    assert np.abs(X.T @ (sigmoid(X @ held) - y) + 0.1 * held).max() < 1e-9
    assert "three spam mails" in prose(text("logistic-regression/word-of-one-class", "q"))


@pytest.mark.proves("xor-feature")
def test_the_product_makes_xor_linear(text: Text) -> None:
    for a, b in product((0, 1), repeat=2):
        assert a + b - 2 * a * b == a ^ b
    assert "$a + b - 2ab$" in prose(text("logistic-regression/xor-feature", "a"))


@pytest.mark.proves(
    "softmax-regression", "softmax-drill", "two-class-softmax", "softmax-redundancy", "softmax-or-sigmoids"
)
def test_softmax_regression(text: Text, drill: Drill) -> None:
    for a, b in ((2, 5), (4, 15)):
        scores = np.log(np.array([1.0, a, b]))
        assert drill("logistic-regression/softmax-drill", a=a, b=b) == pytest.approx(softmax(scores)[2])
    rng = np.random.default_rng(3)
    W, x, shift = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=3)
    assert softmax(W[:2] @ x)[0] == pytest.approx(sigmoid((W[0] - W[1]) @ x))
    assert r"= \sigma((w_1 - w_2)^\top x)$" in prose(filled(text("logistic-regression/two-class-softmax", "cloze")))
    assert softmax((W + shift) @ x) == pytest.approx(softmax(W @ x))
    raised = W @ x + np.array([1.0, 0, 0, 0])
    assert (softmax(raised)[1:] < softmax(W @ x)[1:]).all()
    assert (sigmoid(raised)[1:] == sigmoid(W @ x)[1:]).all()


@pytest.mark.proves("softmax-gradient-code")
def test_the_gradient_of_softmax_regression(text: Text) -> None:
    rng = np.random.default_rng(4)
    X, W, Y = rng.normal(size=(5, 3)), rng.normal(size=(3, 4)), np.eye(4)[[0, 3, 1, 1, 2]]
    names: dict[str, Any] = {"X": X, "P": softmax(X @ W), "Y": Y}
    exec(program(text("logistic-regression/softmax-gradient-code", "cloze")), names)

    def loss(v: Array) -> float:
        return float(-(Y * np.log(softmax(X @ v.reshape(3, 4)))).sum(1).mean())

    assert names["grad"].ravel() == pytest.approx(gradient(loss, W.ravel()), abs=1e-8)


@pytest.mark.proves("sklearn-c", "sklearn-penalised-by-default")
def test_a_stronger_penalty_pulls_odds_ratios_towards_1() -> None:
    X, y = data()
    free, mild, strong = (newton(X, y, penalty)[3] for penalty in (0.0, 1.0, 1000.0))
    assert math.exp(free) > math.exp(mild) > math.exp(strong) > 1
