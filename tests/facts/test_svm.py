"""Facts of the deck on support vector machines, computed from the objective and from explicit features."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {}


def hinge(margin: Any) -> Any:
    return np.maximum(0, 1 - margin)


def squares(x: Array) -> Array:
    """The features of the kernel (1 + x.z)^2, written out."""
    pairs = [math.sqrt(2) * x[i] * x[j] for i, j in itertools.combinations(range(len(x)), 2)]
    return np.array([1, *(math.sqrt(2) * x), *x**2, *pairs])


def trained(points: Array, labels: Array, C: float) -> Array:
    """The soft-margin SVM without intercept, by projected gradient steps on its dual."""
    signed = points * labels[:, None]
    gram = signed @ signed.T
    alpha = np.zeros(len(points))
    step = 1 / np.linalg.eigvalsh(gram).max()
    for _ in range(20_000):
        alpha = np.clip(alpha + step * (1 - gram @ alpha), 0, C)
    return alpha


def problem(seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    labels = np.where(np.arange(40) % 2 == 0, 1.0, -1.0)
    return rng.normal(size=(40, 2)) + labels[:, None], labels


@pytest.mark.proves("margin-width-drill", "margin-program")
def test_the_strip_is_two_over_the_length_of_the_weights(drill: Drill, text: Text) -> None:
    for a, b in ((3, 4), (6, 8), (9, 12)):
        w = np.array([a, b])
        near, far = -w / (w @ w), w / (w @ w)
        assert (w @ near, w @ far) == pytest.approx((-1, 1))
        assert drill("svm/margin-width-drill", a=a, b=b) == pytest.approx(float(np.linalg.norm(far - near)))
    assert r"$y_i (w^\top x_i + b) \ge 1$" in prose(filled(text("svm/margin-program", "cloze")))


@pytest.mark.proves("weights-from-points", "remove-far-points", "outlier-bound", "support-vector-term", "soft-margin")
def test_only_points_at_or_inside_the_margin_hold_the_boundary(text: Text) -> None:
    points, labels = problem(0)
    alpha = trained(points, labels, 0.5)
    w = (alpha * labels) @ points
    margins = labels * (points @ w)
    assert alpha.max() <= 0.5
    assert alpha[margins > 1.01] == pytest.approx(0, abs=1e-6)
    assert alpha[margins < 0.99] == pytest.approx(0.5)
    kept = margins < 1.01
    assert 0 < kept.sum() < len(points)
    again = trained(points[kept], labels[kept], 0.5)
    assert (again * labels[kept]) @ points[kept] == pytest.approx(w, abs=1e-4)

    def objective(v: Array) -> float:
        return float(v @ v / 2 + 0.5 * hinge(labels * (points @ v)).sum())

    for angle in np.linspace(0, 2 * np.pi, 12):
        assert objective(w) <= objective(w + 0.01 * np.array([np.cos(angle), np.sin(angle)])) + 1e-6
    assert r"\alpha_i y_i x_i$" in prose(filled(text("svm/weights-from-points", "cloze")))


@pytest.mark.proves("c-to-zero", "c-to-infinity")
def test_c_leads_from_no_weights_to_the_hard_margin(text: Text) -> None:
    points, labels = problem(1)
    for C in (0.01, 1e-4, 1e-6):
        w = (trained(points, labels, C) * labels) @ points
        assert float(np.linalg.norm(w)) <= C * float(np.linalg.norm(points, axis=1).sum()) + 1e-12
    assert "Towards $w = 0$" in prose(text("svm/c-to-zero", "a"))
    apart = points + 3 * labels[:, None]
    first, second = ((trained(apart, labels, C) * labels) @ apart for C in (1e3, 1e6))
    assert first == pytest.approx(second, rel=1e-3)
    assert (labels * (apart @ first)).min() == pytest.approx(1, abs=1e-3)
    assert prose(text("svm/c-to-infinity", "a")).startswith("The hard-margin SVM")


@pytest.mark.proves("hinge-formula", "hinge-drill", "right-but-punished")
def test_the_hinge_loss(drill: Drill, text: Text) -> None:
    for f, y, loss in ((-1.5, -1, 0), (-1.5, 1, 2.5), (0.4, 1, 0.6), (0.8, -1, 1.8), (2.5, 1, 0)):
        assert drill("svm/hinge-drill", f=f, y=y) == pytest.approx(loss)
    assert hinge(0.6) == pytest.approx(0.4)
    assert "loss of 0.4" in prose(text("svm/right-but-punished", "q"))
    assert "$y f = 0.6$" in prose(text("svm/right-but-punished", "a"))
    assert r"$\max(0, 1 - y f)$" in prose(filled(text("svm/hinge-formula", "cloze")))


@pytest.mark.proves("three-losses")
def test_where_the_three_losses_stop_pulling(text: Text) -> None:
    def logistic(m: float) -> float:
        return math.log1p(math.exp(-m))

    def perceptron(m: float) -> float:
        return max(0.0, -m)

    def pulls(loss: Callable[[float], float], m: float) -> bool:
        return loss(m) - loss(m + 1e-3) > 0

    assert [pulls(hinge, m) for m in (-1.0, 0.1, 0.9, 1.0, 5.0)] == [True, True, True, False, False]
    assert [pulls(perceptron, m) for m in (-1.0, -0.1, 0.1, 5.0)] == [True, True, False, False]
    assert all(pulls(logistic, m) for m in (-1.0, 0.1, 5.0, 20.0))
    cells = [text("svm/three-losses", f"contrast.by.stops.{name}") for name in ("hinge", "perceptron")]
    assert [re.findall(r"m (\S+ \d)", cell) for cell in cells] == [[r"\ge 1"], ["> 0"]]


@pytest.mark.proves("hinge-step-code")
def test_the_step_goes_down_the_subgradient(text: Text) -> None:
    code = program(text("svm/hinge-step-code", "cloze"))
    rng, lam, eta, eps = np.random.default_rng(2), 0.1, 0.05, 1e-6
    for y in (-1, 1):
        for _ in range(10):
            w, x = rng.normal(size=3), rng.normal(size=3)

            def loss(v: Array, x: Array = x, y: int = y) -> float:
                return float(lam / 2 * v @ v + hinge(y * (v @ x)))

            slope = np.array([(loss(w + eps * e) - loss(w - eps * e)) / (2 * eps) for e in np.eye(3)])
            names: dict[str, Any] = {"w": w, "x": x, "y": y, "eta": eta, "lam": lam}
            exec(code, names)
            assert names["w"] == pytest.approx(w - eta * slope, abs=1e-7)


@pytest.mark.proves("c-from-lambda-drill")
def test_the_two_objectives_are_multiples_of_each_other(drill: Drill) -> None:
    rng, n, lam = np.random.default_rng(3), 1000, 0.01
    C = drill("svm/c-from-lambda-drill", n=n, l=lam)
    points, labels = rng.normal(size=(n, 3)), rng.choice([-1.0, 1.0], n)
    for w in rng.normal(size=(5, 3)):
        losses = hinge(labels * (points @ w))
        mean, summed = lam / 2 * w @ w + losses.mean(), w @ w / 2 + C * losses.sum()
        assert mean == pytest.approx(lam * summed)


@pytest.mark.proves("polynomial-drill", "implicit-features-drill", "xor-by-product", "kernel-term", "kernel-decision")
def test_the_polynomial_kernel_is_a_dot_product_of_written_out_features(drill: Drill, text: Text) -> None:
    for a, b, c, d in itertools.product((1, 2, 3), (-1, 1, 2), (1, 2), (1, 3)):
        x, z = np.array([a, b], float), np.array([c, d], float)
        assert drill("svm/polynomial-drill", a=a, b=b, c=c, d=d) == pytest.approx(float(squares(x) @ squares(z)))
    assert squares(np.ones(2)).size == 6
    assert "vectors with six coordinates" in prose(text("svm/polynomial-drill", "why"))
    for size in (10, 100):
        assert drill("svm/implicit-features-drill", d=size) == squares(np.ones(size)).size
    assert [x * z for x, z in itertools.product((1, -1), repeat=2)] == [1, -1, -1, 1]
    assert "The product $x_1 x_2$" in prose(text("svm/xor-by-product", "a"))


@pytest.mark.proves("rbf-gamma")
def test_a_large_gamma_leaves_each_point_alone() -> None:
    points, _ = problem(4)
    distances = ((points[:, None] - points[None]) ** 2).sum(-1)
    assert np.exp(-1e6 * distances) == pytest.approx(np.eye(len(points)))


@pytest.mark.proves("gram-matrix-drill")
def test_the_bytes_of_the_kernel_matrix(drill: Drill) -> None:
    per_document = np.zeros((10, 10)).nbytes / 10**2
    assert drill("svm/gram-matrix-drill", n=20000) == pytest.approx(per_document * 20000**2 / 1e9)


@pytest.mark.proves("why-linear-for-text")
def test_more_dimensions_than_points_fit_any_labels() -> None:
    rng = np.random.default_rng(5)
    points, labels = rng.normal(size=(30, 100)), rng.choice([-1.0, 1.0], 30)
    w = np.linalg.lstsq(points, labels, rcond=None)[0]
    assert (np.sign(points @ w) == labels).all()
