"""Facts of the deck on generalisation, computed on small samples."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support import drawn
from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {}


def polynomial_errors(degree: int, n: int, seed: int) -> tuple[float, float]:
    """Mean squared training and test errors of a polynomial fitted to a noisy sine."""
    rng = np.random.default_rng(seed)
    x, z = rng.uniform(-1, 1, size=n), np.linspace(-0.9, 0.9, 200)
    y, truth = np.sin(3 * x) + 0.2 * rng.normal(size=n), np.sin(3 * z) + 0.2 * rng.normal(size=200)
    fit = np.polynomial.Polynomial.fit(x, y, degree)
    return float(((fit(x) - y) ** 2).mean()), float(((fit(z) - truth) ** 2).mean())


def mean_errors(degree: int, n: int) -> Array:
    return np.asarray(np.mean([polynomial_errors(degree, n, seed) for seed in range(60)], axis=0))


def penalised_errors(degree: int, strength: float, seed: int) -> tuple[float, float]:
    """Those of a polynomial with a penalty of that strength on its squared coefficients but the constant."""
    rng = np.random.default_rng(seed)
    x, z = rng.uniform(-1, 1, size=30), np.linspace(-0.9, 0.9, 200)
    y, truth = np.sin(3 * x) + 0.2 * rng.normal(size=30), np.sin(3 * z) + 0.2 * rng.normal(size=200)
    X, Z = (np.vander(each, degree + 1, increasing=True) for each in (x, z))
    free = np.diag([0.0] + [1.0] * degree)
    w = np.linalg.solve(X.T @ X + strength * free, X.T @ y)
    return float(((X @ w - y) ** 2).mean()), float(((Z @ w - truth) ** 2).mean())


@pytest.mark.proves("over-or-under")
def test_a_stronger_penalty_helps_on_one_side_only(text: Text) -> None:
    free, bound, rigid, stiff = (
        np.mean([penalised_errors(degree, strength, seed) for seed in range(60)], axis=0)
        for degree, strength in ((11, 1e-6), (11, 0.1), (1, 1e-6), (1, 10))
    )
    assert bound[1] - bound[0] < free[1] - free[0]
    assert (stiff > rigid).all()
    cells = (text("generalisation/over-or-under", f"contrast.by.penalty.{side}") for side in ("over", "under"))
    assert tuple(cells) == ("narrows the gap", "raises both errors")


@pytest.mark.proves("over-or-under", "learning-curve", "more-data-no-help")
def test_errors_on_both_sides_of_the_right_capacity(text: Text) -> None:
    rigid, flexible = mean_errors(0, 30), mean_errors(11, 30)
    assert rigid[0] > 3 * flexible[0]
    assert rigid[1] - rigid[0] < flexible[1] - flexible[0]
    few, many = mean_errors(3, 8), mean_errors(3, 200)
    assert few[0] < many[0]
    assert few[1] > many[1]
    assert "training error of a model of fixed size rise" in prose(text("generalisation/learning-curve", "q"))
    assert "error on new data falls" in prose(text("generalisation/learning-curve", "why"))
    q, a = (prose(text("generalisation/more-data-no-help", key)) for key in ("q", "a"))
    assert "30% of its training data and on 31% of new data; people err on 2%" in q
    assert f"one point; the other {30 - 2} are" in a
    assert mean_errors(0, 300)[1] > 0.9 * rigid[1] - 0.05


@pytest.mark.proves("decomposition", "which-one-is-it", "bagging-and-bias")
def test_error_is_noise_and_squared_bias_and_variance(text: Text) -> None:
    rng = np.random.default_rng(0)
    predictions, losses = [], []
    truth, at = float(np.sin(3 * 0.4)), 0.4
    for _ in range(4000):
        x = rng.uniform(-1, 1, size=20)
        fit = np.polynomial.Polynomial.fit(x, np.sin(3 * x) + 0.3 * rng.normal(size=20), 1)
        predictions.append(float(fit(at)))
        losses.append((truth + 0.3 * rng.normal() - predictions[-1]) ** 2)
    bias, variance = np.mean(predictions) - truth, np.var(predictions)
    assert np.mean(losses) == pytest.approx(0.3**2 + bias**2 + variance, rel=0.1)
    assert prose(filled(text("generalisation/decomposition", "cloze"))).endswith("noise + squared bias + variance")
    averages = np.array(predictions).reshape(400, 10).mean(axis=1)
    assert averages.mean() - truth == pytest.approx(bias)
    assert averages.var() < variance / 5


@pytest.mark.proves("neighbours-drill")
def test_the_variance_of_a_mean(drill: Drill) -> None:
    rng = np.random.default_rng(1)
    for s, k in ((2, 4), (9, 10), (4, 20)):
        means = rng.normal(scale=np.sqrt(s), size=(40_000, k)).mean(axis=1)
        assert drill("generalisation/neighbours-drill", s=s, k=k) == pytest.approx(float(means.var()), rel=0.05)


@pytest.mark.proves("ensemble-drill")
def test_the_variance_of_correlated_models(drill: Drill) -> None:
    for n, v, c in ((2, 4, 0), (5, 1, 0.2), (10, 10, 0.5)):
        covariance = v * (c * np.ones((n, n)) + (1 - c) * np.eye(n))
        assert drill("generalisation/ensemble-drill", n=n, v=v, c=c) == pytest.approx(covariance.sum() / n**2)


@pytest.mark.proves("l1-against-l2")
def test_the_pull_of_the_penalties(text: Text) -> None:
    corner, middle = np.array([1.0, 0.0]), np.array([0.5, 0.5])
    assert "(1, 0) and (0.5, 0.5)" in text("generalisation/l1-against-l2", "contrast.by.choice.ask")
    assert np.abs(corner).sum() == np.abs(middle).sum()
    assert (middle**2).sum() == (corner**2).sum() / 2
    assert "at half the cost" in text("generalisation/l1-against-l2", "contrast.by.choice.two")


@pytest.mark.proves("soft-threshold-drill")
def test_the_best_weight_under_an_l1_penalty(text: Text, drill: Drill) -> None:
    u = np.linspace(-4, 4, 800_001)
    for w, strength in ((-3, 1), (-0.5, 0.3), (0.8, 1.5), (2, 1)):
        best = u[(0.5 * (u - w) ** 2 + strength * np.abs(u)).argmin()]
        assert drill("generalisation/soft-threshold-drill", w=w, l=strength) == pytest.approx(best, abs=1e-5)
        ridge = u[(0.5 * (u - w) ** 2 + 0.5 * strength * u**2).argmin()]
        assert ridge == pytest.approx(w / (1 + strength), abs=1e-5)
    assert r"divide by $1 + \lambda$" in prose(text("generalisation/soft-threshold-drill", "why"))


LOSSES = [0.9, 0.7, 0.6, 0.65, 0.62, 0.66]


@pytest.mark.proves("which-epoch", "stopping-code")
def test_early_stopping_keeps_the_best_weights(text: Text) -> None:
    q = prose(text("generalisation/which-epoch", "q"))
    assert "epochs 1 to 6: " + ", ".join(str(loss) for loss in LOSSES) in q
    assert "patience 3 ends here" in q
    body = program(text("generalisation/stopping-code", "cloze"))
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    loop = f"for epoch, loss in enumerate(losses, 1):\n    weights[0] = epoch\n{indented}"
    names: dict[str, Any] = {"copy": copy, "losses": [*LOSSES, 0.1], "weights": [0], "best": np.inf}
    names |= {"kept": None, "waited": 0, "patience": 3}
    exec(loop, names)
    assert names["epoch"] == len(LOSSES)
    assert names["kept"] == [int(text("generalisation/which-epoch", "typed"))]
    assert f"nothing better than {min(LOSSES)}" in prose(text("generalisation/which-epoch", "why"))


@pytest.mark.proves("stopping-as-l2")
def test_few_steps_match_a_penalty(text: Text) -> None:
    rate, steps = 0.01, 50
    for h in (0.05, 0.1, 0.2):
        kept = 1 - (1 - rate * h) ** steps
        assert kept == pytest.approx(h / (h + 1 / (steps * rate)), rel=0.06)
    assert r"$\alpha = 1 / (\tau \epsilon)$" in prose(text("generalisation/stopping-as-l2", "why"))


@pytest.mark.proves("stopping-is-selection")
def test_the_least_of_noisy_values_is_too_low() -> None:
    rng = np.random.default_rng(2)
    assert float(rng.normal(size=(1000, 20)).min(axis=1).mean()) < -1.5


def interpolation(parameters: int, n: int = 40, trials: int = 15) -> tuple[float, float]:
    """Mean test error and norm of least squares (of least norm) on the first of 200 features."""
    errors, norms = [], []
    for seed in range(trials):
        rng = np.random.default_rng(seed)
        truth = rng.normal(size=200) / np.sqrt(200)
        X, Z = rng.normal(size=(n, 200)), rng.normal(size=(200, 200))
        y = X @ truth + 0.3 * rng.normal(size=n)
        w = np.linalg.pinv(X[:, :parameters]) @ y
        errors.append(float(((Z[:, :parameters] @ w - Z @ truth) ** 2).mean()))
        norms.append(float(np.linalg.norm(w)))
    return float(np.median(errors)), float(np.median(norms))


@pytest.mark.proves("double-descent-curve", "why-the-peak", "more-data-hurts")
def test_the_error_peaks_where_parameters_equal_examples(text: Text) -> None:
    small, peak, large = interpolation(10), interpolation(40), interpolation(200)
    assert peak[0] > 3 * small[0]
    assert peak[0] > 3 * large[0]
    assert peak[1] > 3 * large[1]
    assert interpolation(100, n=100)[0] > 3 * interpolation(100, n=30)[0]
    assert "training error just reaches 0" in filled(text("generalisation/double-descent-curve", "cloze"))


@pytest.mark.proves("smallest-solution")
def test_descent_from_zero_finds_the_smallest_solution() -> None:
    rng = np.random.default_rng(3)
    X, y, w = rng.normal(size=(5, 12)), rng.normal(size=5), np.zeros(12)
    for _ in range(20_000):
        w -= 0.01 * X.T @ (X @ w - y)
    assert w == pytest.approx(np.linalg.pinv(X) @ y, abs=1e-8)


@pytest.mark.proves("which-run-is-too-small")
def test_the_three_runs_drawn(text: Text) -> None:
    source, epochs = random.Random(3), 120
    here, new = (np.arange(24) + 0.5) / 24, np.linspace(0, 1, 121)
    wave, wave_new = (np.cos(2 * np.pi * x) + np.cos(3 * np.pi * x) for x in (here, new))
    seen = wave + np.array([0.9 * (2 * source.random() - 1) for _ in here])
    shown, losses = drawn.lines("three-runs.svg"), {}
    for name, features in {"A": 24, "B": 3, "C": 5}.items():
        k = np.arange(features)
        rows, rows_new = (np.cos(np.pi * np.outer(x, k)) / np.maximum(k, 1) ** 0.7 for x in (here, new))
        w = np.zeros(features)
        training, validation = [], []
        for _ in range(epochs + 1):
            training.append(((rows @ w - seen) ** 2).mean())
            validation.append(((rows_new @ w - wave_new) ** 2).mean() + 0.9**2 / 3)
            w -= rows.T @ (rows @ w - seen) / len(here)
        losses[name] = np.array(training), np.array(validation)
        for part, values in zip(("training", "validation"), losses[name], strict=True):
            line = shown[f"{name}-{part}"]
            assert line.x == pytest.approx(np.arange(0, epochs + 1, 2), abs=line.x_off)
            assert line.y == pytest.approx(values[::2], abs=line.y_off)
    q = prose(text("generalisation/which-run-is-too-small", "q"))
    (a, a_new), (b, b_new), (c, c_new) = losses.values()
    assert f"over {epochs} epochs, from {a[0]:.1f} and {a_new[0]:.1f} on" in q
    least = int(a_new.argmin())
    assert f"falls to {a[-1]:.2f}; validation to {a_new[least]:.2f} after {least} epochs, then climbs to" in q
    assert f"climbs to {a_new[-1]:.2f}. B: they level off at {b[-1]:.2f} and {b_new[-1]:.2f}." in q
    assert f"C: they level off at {c[-1]:.2f} and {c_new[-1]:.2f}." in q


@pytest.mark.proves("which-penalty-region")
def test_the_least_loss_in_the_regions_drawn(text: Text) -> None:
    best, hessian = np.array([1.6, 0.5]), np.array([[2.0, 0.5], [0.5, 1.0]])

    def loss(points: Array) -> Any:
        return ((points - best) @ hessian * (points - best)).sum(axis=-1) / 2

    angles = np.linspace(0, 2 * np.pi, 100_000)
    disc = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    regions = {"A": disc, "B": disc / np.abs(disc).sum(axis=-1, keepdims=True)}
    touch = {name: region[loss(region).argmin()] for name, region in regions.items()}
    for name, point in touch.items():
        for share in ("0.15", "0.5", "1"):
            ring = drawn.lines("penalty-regions.svg")[f"{name}-{share}"]
            levels = loss(np.stack([ring.x, ring.y], axis=-1))
            assert levels == pytest.approx(np.full(len(ring.x), float(loss(point)) * float(share)), abs=0.01)
    q = prose(text("generalisation/which-penalty-region", "q"))
    assert f"around ({best[0]}, {best[1]})" in q
    assert f"an ellipse touches it at ({touch['A'][0]:.2f}, {touch['A'][1]:.2f})" in q
    assert touch["B"] == pytest.approx([1, 0], abs=1e-3)
