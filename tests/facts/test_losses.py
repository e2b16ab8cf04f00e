"""Facts of the deck on loss functions, computed from their definitions."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "ignore-index": "PyTorch documentation, CrossEntropyLoss: ignore_index=-100",
}


def softmax(z: Any) -> Any:
    e = np.exp(np.asarray(z) - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(z: Any, target: Any) -> float:
    return float(-(np.asarray(target) * np.log(softmax(z))).sum())


@pytest.mark.proves("squared-error-mean", "outlier-pull")
def test_squared_error_asks_for_the_mean(text: Text) -> None:
    guesses = np.linspace(0, 10, 101)
    best = guesses[((guesses[:, None] - [0, 10]) ** 2).mean(axis=1).argmin()]
    assert text("losses/squared-error-mean", "a").startswith(f"{best:.0f}, the mean")
    assert "targets 0 and 10" in text("losses/squared-error-mean", "q")
    pull = [2 * error for error in (100, 2)]
    assert text("losses/outlier-pull", "typed") == str(pull[0] // pull[1])
    assert "gives an error of 100" in prose(text("losses/outlier-pull", "q"))


@pytest.mark.proves("mse-drill")
def test_mean_squared_error(text: Text, drill: Drill) -> None:
    assert "one error of 3 costs as much as nine errors of 1" in prose(text("losses/mse-drill", "why"))
    assert 3**2 == sum(1**2 for _ in range(9))
    for a, b in product((0, 1, 5), (2, 5, 8)):
        assert drill("losses/mse-drill", a=a, b=b) == pytest.approx(((np.array([a, b, 4]) - [2, 5, 4]) ** 2).mean())


@pytest.mark.proves("first-loss")
def test_the_loss_of_knowing_nothing(text: Text) -> None:
    nothing = cross_entropy(np.zeros(1000), np.eye(1000)[3])
    assert rf"\ln 1000 \approx {nothing:.1f}$" in text("losses/first-loss", "a")
    assert "1,000 classes shows a cross-entropy of 15 nats" in prose(text("losses/first-loss", "q"))
    assert nothing < 15


@pytest.mark.proves("softmax-twice")
def test_a_second_softmax_bounds_the_loss(text: Text) -> None:
    best = cross_entropy(np.eye(10)[0], np.eye(10)[0])
    q, why = (prose(text("losses/softmax-twice", key)) for key in ("q", "why"))
    assert f"over 10 classes never get below about {best:.2f}" in q
    assert f"$e/(e + 9) = {math.e / (math.e + 9):.2f}$" in why
    rng = np.random.default_rng(0)
    for _ in range(100):
        assert cross_entropy(softmax(10 * rng.normal(size=10)), np.eye(10)[0]) >= best


@pytest.mark.proves("logits-not-probabilities", "fused-loss")
def test_the_stable_loss(text: Text) -> None:
    code = program(text("losses/logits-not-probabilities", "cloze"))
    names: dict[str, Any] = {"np": np, "z": np.array([1.0, -2.0, 0.5]), "y": 1}
    exec(code, names)
    assert names["loss"] == pytest.approx(cross_entropy(names["z"], [0, 1, 0]))
    names = {"np": np, "z": np.array([1000.0, 0.0]), "y": 1}
    exec(code, names)
    assert names["loss"] == 1000
    with np.errstate(divide="ignore"):
        assert np.log(softmax([1000.0, 0.0]))[1] == -np.inf


@pytest.mark.proves("cross-entropy-unbounded")
def test_confident_mistakes_cost_more(text: Text) -> None:
    assert f"at probability 0.4 costs {-math.log(0.4):.1f} nats, at 0.001 it costs {-math.log(0.001):.1f}." in prose(
        text("losses/cross-entropy-unbounded", "why")
    )


def slopes(z: Any, target: Any, h: float = 1e-6) -> Any:
    steps = h * np.eye(len(z))
    return np.array([(cross_entropy(z + s, target) - cross_entropy(z - s, target)) / (2 * h) for s in steps])


@pytest.mark.proves("which-logit-falls", "true-logit-drill")
def test_the_gradient_is_prediction_minus_label(drill: Drill) -> None:
    z = np.array([1.0, 2.0, -1.0, 0.0])
    grad = slopes(z, [1, 0, 0, 0])
    assert grad == pytest.approx(softmax(z) - [1, 0, 0, 0], abs=1e-8)
    assert grad.argmax() == 1
    for a, b in product((0.1, 0.2, 0.3, 0.5), (0.05, 0.1, 0.4)):
        logits = np.log([1 - a - b, a, b])
        assert drill("losses/true-logit-drill", a=a, b=b) == pytest.approx(slopes(logits, [1, 0, 0])[0], abs=1e-7)


@pytest.mark.proves("squared-against-cross-entropy")
def test_both_gradients_of_a_sigmoid(text: Text) -> None:
    said = filled(text("losses/squared-against-cross-entropy", "cloze"))
    assert "| cross-entropy | $p - y$ |" in said
    assert r"| $\frac{1}{2}$ squared error | $(p - y) \, p (1 - p)$ |" in said
    h = 1e-6
    for z, y in product((-6.0, -1.0, 0.5), (0, 1)):
        p = 1 / (1 + math.exp(-z))

        def entropy(score: float, label: int = y) -> float:
            q = 1 / (1 + math.exp(-score))
            return -math.log(q if label else 1 - q)

        def squared(score: float, label: int = y) -> float:
            return (1 / (1 + math.exp(-score)) - label) ** 2 / 2

        assert p - y == pytest.approx((entropy(z + h) - entropy(z - h)) / (2 * h), abs=1e-6)
        assert (p - y) * p * (1 - p) == pytest.approx((squared(z + h) - squared(z - h)) / (2 * h), abs=1e-6)


@pytest.mark.proves("smoothed-gap", "smoothing-pushes-back")
def test_smoothed_targets(text: Text) -> None:
    eps, k = 0.1, 10
    target = np.full(k, eps / k)
    target[0] += 1 - eps
    q = prose(text("losses/smoothed-gap", "q"))
    assert f"over {k} classes the right one has the target {target[0]:.2f} and each other {target[1]:.2f}." in q
    gaps = np.arange(0, 12, 0.01)
    losses = [cross_entropy(np.r_[gap, np.zeros(k - 1)], target) for gap in gaps]
    assert float(text("losses/smoothed-gap", "typed")) == pytest.approx(gaps[int(np.argmin(losses))])
    sure = np.log(np.r_[0.99, np.full(k - 1, 0.01 / (k - 1))])
    assert f"is $+{slopes(sure, target)[0]:.2f}$" in text("losses/smoothing-pushes-back", "a")
    assert "target 0.91, and a network gives it 0.99" in prose(text("losses/smoothing-pushes-back", "q"))


@pytest.mark.proves("triplet-drill", "margin-missing", "easy-triplets")
def test_triplets(text: Text, drill: Drill) -> None:
    assert r"\max(0, d(a, p) - d(a, n) + \alpha)" in prose(filled(text("losses/triplet-formula", "cloze")))
    for p, n, m in product((0.2, 0.5, 0.9), (0.4, 0.6, 1.5), (0.2, 0.5)):
        violated = n < p + m
        assert drill("losses/triplet-drill", p=p, n=n, m=m) == pytest.approx(p + m - n if violated else 0)


@pytest.mark.proves("in-batch-code")
def test_in_batch_negatives(text: Text) -> None:
    rng = np.random.default_rng(1)
    A, B = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in rng.normal(size=(2, 5, 8)))

    def mean_loss(scores: Any, labels: Any) -> float:
        return float(np.mean([cross_entropy(row, np.eye(len(row))[y]) for row, y in zip(scores, labels, strict=True)]))

    names: dict[str, Any] = {"A": A, "B": B, "temperature": 0.1}
    names |= {"F": SimpleNamespace(cross_entropy=mean_loss), "torch": SimpleNamespace(arange=np.arange)}
    exec(program(text("losses/in-batch-code", "cloze")), names)
    expected = [
        math.log(sum(math.exp(a @ b / 0.1) for b in B)) - a @ partner / 0.1 for a, partner in zip(A, B, strict=True)
    ]
    assert names["loss"] == pytest.approx(np.mean(expected))


@pytest.mark.proves("contrastive-temperature")
def test_cosines_alone_leave_the_softmax_flat(text: Text) -> None:
    cosines = np.r_[1.0, np.full(1023, -1.0)]
    why = prose(text("losses/contrastive-temperature", "why"))
    assert "With 1,023 negatives, all at -1, and the positive at 1" in why
    assert f"its probability would be {softmax(cosines)[0]:.3f}." in why
    assert "Dividing by 0.1" in why
    assert softmax(cosines / 0.1)[0] > 0.99


@pytest.mark.proves("sequence-drill", "every-token-teaches")
def test_loss_per_token(text: Text, drill: Drill) -> None:
    for a, b in product((2, 4, 16), (8, 32, 64, 1024)):
        likelihood = 1 / 2 * 1 / 2 * 1 / a * 1 / b
        assert drill("losses/sequence-drill", a=a, b=b) == pytest.approx(-math.log2(likelihood) / 4)
    assert "1,000 tokens" in text("losses/every-token-teaches", "q")


@pytest.mark.proves("mean-of-means")
def test_a_mean_of_means_weighs_short_texts_more(text: Text) -> None:
    texts = [np.full(10, 1 / 10) / 2, np.full(90, 1 / 90) / 2]
    assert sum(each.sum() for each in texts) == pytest.approx(1)
    assert float(text("losses/mean-of-means", "typed")) == pytest.approx(texts[0][0] / texts[1][0])
    assert "texts of 10 and 90 tokens" in text("losses/mean-of-means", "q")
    assert r"$1/(2 \cdot 10)$ against $1/(2 \cdot 90)$" in prose(text("losses/mean-of-means", "why"))
