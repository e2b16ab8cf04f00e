"""Facts of the deck on linear regression, computed on small data sets."""

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

QUOTED: dict[str, str] = {}


def data(n: int = 30, d: int = 3, seed: int = 0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.normal(size=(n, d))])
    return X, X @ np.arange(1.0, d + 2) + rng.normal(size=n)


def solve(X: Array, y: Array) -> Array:
    return np.asarray(np.linalg.lstsq(X, y, rcond=None)[0])


def r_squared(y: Array, guess: Array) -> float:
    return 1 - float(((y - guess) ** 2).sum() / ((y - y.mean()) ** 2).sum())


@pytest.mark.proves("linear-in-what", "noise-behind-squares")
def test_squared_error_is_gaussian_log_likelihood() -> None:
    rng = np.random.default_rng(1)
    y, guess = rng.normal(size=(2, 6))
    log_density = (-((y - guess) ** 2) / 2 - math.log(2 * math.pi) / 2).sum()
    assert log_density == pytest.approx(-((y - guess) ** 2).sum() / 2 - 6 * math.log(2 * math.pi) / 2)


@pytest.mark.proves("squared-or-absolute")
def test_the_mean_minimises_squares_and_the_median_absolute_errors(text: Text) -> None:
    y = np.array([1.0, 2.0, 4.0, 9.0, 30.0])
    grid = np.linspace(0, 31, 3101)
    squares = ((y[:, None] - grid) ** 2).sum(0)
    absolute = np.abs(y[:, None] - grid).sum(0)
    assert grid[squares.argmin()] == pytest.approx(y.mean(), abs=0.006)
    assert grid[absolute.argmin()] == pytest.approx(np.median(y), abs=0.006)
    assert text("linear-regression/squared-or-absolute", "contrast.by.constant.squared") == "the mean"
    assert text("linear-regression/squared-or-absolute", "contrast.by.constant.absolute") == "the median"
    assert text("linear-regression/squared-or-absolute", "contrast.by.outlier.squared") == "four times as much"
    assert 2**2 == 4


@pytest.mark.proves("normal-equation", "residual-orthogonal", "residuals-sum", "column-of-ones", "gradient-formula")
def test_the_solution_leaves_residuals_orthogonal_to_the_features(text: Text) -> None:
    X, y = data()
    w = np.linalg.solve(X.T @ X, X.T @ y)
    assert w == pytest.approx(solve(X, y))
    assert X.T @ (y - X @ w) == pytest.approx(np.zeros(4), abs=1e-10)
    assert (y - X @ w).sum() == pytest.approx(float(text("linear-regression/residuals-sum", "typed")), abs=1e-10)
    at, eps = np.array([0.5, -1.0, 2.0, 0.0]), 1e-6

    def loss(v: Array) -> float:
        return float(((X @ v - y) ** 2).mean())

    numeric = [(loss(at + eps * e) - loss(at - eps * e)) / (2 * eps) for e in np.eye(4)]
    assert 2 / len(y) * X.T @ (X @ at - y) == pytest.approx(numeric, abs=1e-6)
    said = prose(filled(text("linear-regression/gradient-formula", "cloze")))
    assert r"\frac{2}{n} \, X^\top (Xw - y)$" in said


@pytest.mark.proves("slope-drill")
def test_the_slope_through_three_points_ignores_the_middle_one(drill: Drill) -> None:
    X = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    for a, b, c in ((1, 0, 4), (3, 9, 8), (2, 5, 7)):
        expected = solve(X, np.array([a, b, c], float))[1]
        assert drill("linear-regression/slope-drill", a=a, b=b, c=c) == pytest.approx(expected)


@pytest.mark.proves("gram-too-large")
def test_the_gram_matrix_of_bag_of_words_features_takes_80_gigabytes(text: Text) -> None:
    entries = 100_000**2
    assert "number 100,000" in text("linear-regression/gram-too-large", "q")
    said = prose(text("linear-regression/gram-too-large", "a"))
    assert f"$10^{{{round(math.log10(entries))}}}$ entries, {entries * 8 / 1e9:.0f} GB" in said


@pytest.mark.proves("duplicate-feature", "squared-condition", "ridge-solution", "ridge-against-lasso")
def test_duplicates_make_the_gram_matrix_singular_and_ridge_repairs_it(text: Text) -> None:
    X, y = data()
    s = np.linalg.svd(X)[1]
    assert np.linalg.cond(X.T @ X) == pytest.approx((s[0] / s[-1]) ** 2)
    twice = np.column_stack([X, X[:, 3]])
    assert np.linalg.matrix_rank(twice.T @ twice) == 4
    w = np.linalg.solve(twice.T @ twice + 0.5 * np.eye(5), twice.T @ y)
    assert w[3] == pytest.approx(w[4])
    shifted = w + np.array([0, 0, 0, 0.1, -0.1])
    assert twice @ shifted == pytest.approx(twice @ w)
    assert np.abs(shifted).sum() == pytest.approx(np.abs(w).sum()), "any split of one sign has the same L1 norm"
    assert (shifted**2).sum() > (w**2).sum()
    assert r"{{c1::\lambda I}}" in text("linear-regression/ridge-solution", "cloze")


@pytest.mark.proves("lstsq-code", "descent-code")
def test_the_code_on_the_cards_fits_the_model(text: Text) -> None:
    X, y = data()
    names: dict[str, Any] = {"np": np, "features": X[:, 1:], "y": y}
    exec(program(text("linear-regression/lstsq-code", "cloze")), names)
    assert names["w"] == pytest.approx(np.linalg.solve(X.T @ X, X.T @ y))
    names = {"np": np, "X": X, "y": y, "steps": 2000, "lr": 0.1}
    exec(program(text("linear-regression/descent-code", "cloze")), names)
    assert names["w"] == pytest.approx(solve(X, y), abs=1e-8)
    names = {"np": np, "X": X, "y": y, "steps": 20, "lr": -0.1}
    exec(program(text("linear-regression/descent-code", "cloze")), names)
    assert ((X @ names["w"] - y) ** 2).mean() > (y**2).mean()


@pytest.mark.proves("one-step-drill", "divergence-threshold")
def test_single_steps_of_descent(text: Text, drill: Drill) -> None:
    for w, x, y in ((1, 2, 10), (3, 1, 5)):
        eps = 1e-6
        slope = (((w + eps) * x - y) ** 2 - ((w - eps) * x - y) ** 2) / (2 * eps)
        assert drill("linear-regression/one-step-drill", w=w, x=x, y=y) == pytest.approx(w - 0.1 * slope)
    bound = float(text("linear-regression/divergence-threshold", "typed"))
    assert "$5w^2$, with slope $10w$" in prose(text("linear-regression/divergence-threshold", "q"))
    for rate, nearer in ((bound - 0.001, True), (bound, False), (bound + 0.001, False)):
        assert (abs(1.0 - rate * 10 * 1.0) < 1 - 1e-12) is nearer
    assert bound == 2 / 10


@pytest.mark.proves("r-squared-formula", "r-squared-drill", "r-squared-negative", "r-squared-random-feature")
def test_r_squared(text: Text, drill: Drill) -> None:
    X, y = data(12)
    assert drill("linear-regression/r-squared-drill", all=80, left=20) == 1 - 20 / 80
    flat = np.full_like(y, y.mean())
    assert r_squared(y, flat) == pytest.approx(0)
    worse = y + (flat - y) * math.sqrt(1.5)
    assert r_squared(y, worse) == pytest.approx(-0.5)
    assert "is -0.5." in prose(text("linear-regression/r-squared-negative", "q"))
    assert "1.5 times as much" in prose(text("linear-regression/r-squared-negative", "a"))
    rng, before = np.random.default_rng(2), r_squared(y, X @ solve(X, y))
    for _ in range(20):
        wider = np.column_stack([X, rng.normal(size=12)])
        assert r_squared(y, wider @ solve(wider, y)) >= before - 1e-12


@pytest.mark.proves("shrinkage-formulas", "why-lasso-zeros", "ridge-against-lasso")
def test_ridge_scales_and_lasso_subtracts_for_orthonormal_features(text: Text) -> None:
    b, strength = 2.0, 0.5
    grid = np.linspace(-1, 3, 400_001)
    fit = (grid - b) ** 2 / 2
    assert grid[(fit + strength / 2 * grid**2).argmin()] == pytest.approx(b / (1 + strength), abs=1e-4)
    assert grid[(fit + strength * np.abs(grid)).argmin()] == pytest.approx(b - strength, abs=1e-4)
    weak = (grid - 0.3) ** 2 / 2
    assert grid[(weak + strength * np.abs(grid)).argmin()] == pytest.approx(0, abs=1e-9)
    assert grid[(weak + strength / 2 * grid**2).argmin()] > 0.1
    said = prose(filled(text("linear-regression/shrinkage-formulas", "cloze")))
    assert r"$b / (1 + \lambda)$" in said
    assert r"into $b - \lambda$" in said


@pytest.mark.proves("units-and-penalty", "intercept-free-of-penalty")
def test_units_change_a_ridge_fit_and_no_plain_one(text: Text) -> None:
    X, y = data()
    scaled = X * np.array([1, 1, 1, 1 / 1000])
    assert X @ solve(X, y) == pytest.approx(scaled @ solve(scaled, y))
    assert solve(scaled, y)[3] == pytest.approx(1000 * solve(X, y)[3])
    assert "1,000 times as large" in prose(text("linear-regression/units-and-penalty", "a"))

    def ridge(X: Array, y: Array, free: bool = False) -> Array:
        penalty = np.eye(X.shape[1])
        penalty[0, 0] = 0 if free else 1
        return np.asarray(X @ np.linalg.solve(X.T @ X + penalty, X.T @ y))

    assert np.abs(ridge(X, y) - ridge(scaled, y)).max() > 0.1
    assert ridge(X, y + 100, free=True) == pytest.approx(ridge(X, y, free=True) + 100)
    assert np.abs(ridge(X, y + 100) - ridge(X, y) - 100).max() > 1


@pytest.mark.proves("normality-not-needed")
def test_least_squares_is_right_on_average_for_skewed_noise() -> None:
    rng = np.random.default_rng(3)
    X, _ = data(20)
    truth = np.array([1.0, -2.0, 0.5, 3.0])
    fits = [solve(X, X @ truth + rng.exponential(size=20) - 1) for _ in range(4000)]
    assert np.mean(fits, axis=0) == pytest.approx(truth, abs=0.03)


@pytest.mark.proves("copied-rows")
def test_four_copies_halve_the_standard_errors(text: Text) -> None:
    X, y = data(400)

    def errors(X: Array, y: Array) -> Array:
        residuals = y - X @ solve(X, y)
        variance = residuals @ residuals / (len(y) - X.shape[1])
        return np.asarray(np.sqrt(variance * np.diag(np.linalg.inv(X.T @ X))))

    ratio = errors(np.tile(X, (4, 1)), np.tile(y, 4)) / errors(X, y)
    assert "entered 4 times" in prose(text("linear-regression/copied-rows", "q"))
    assert ratio == pytest.approx(eval(text("linear-regression/copied-rows", "typed")), rel=0.01)
