"""Facts of the deck on competitions, by simulation, by counting and by running the cards' code."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED = {
    "kaggle-metrics-essays": "the competitions' overview pages (a year in a name)",
    "kaggle-metrics-others": "LLM Science Exam, overview page: MAP@3",
    "prompts-unseen": "CommonLit - Evaluate Student Summaries, data page: four prompts in training",
    "span-match": "Feedback Prize - Evaluating Student Writing, overview page",
}


@pytest.mark.proves("leaderboard-error", "trust-cv")
def test_the_shown_score_scatters_with_its_standard_error(text: Text, drill: Drill) -> None:
    rng = np.random.default_rng(0)
    for n, a in ((400, 80), (2500, 90)):
        shown = 100 * rng.binomial(n, a / 100, size=40_000) / n
        assert drill("competitions/leaderboard-error", n=n, a=a) == pytest.approx(float(shown.std()), rel=0.03)
    assert "on 20,000 texts" in prose(text("competitions/trust-cv", "q"))
    assert "leaderboard on 500 " in prose(text("competitions/trust-cv", "q"))
    assert 20_000 / 500 == 40
    assert "forty times as many" in prose(text("competitions/trust-cv", "a"))


@pytest.mark.proves("leaderboard-climbing")
def test_coin_flips_climb_the_public_leaderboard_only() -> None:
    rng = np.random.default_rng(1)
    public, private = rng.integers(0, 2, size=500), rng.integers(0, 2, size=5000)
    flips = [(rng.integers(0, 2, size=500), rng.integers(0, 2, size=5000)) for _ in range(301)]
    lucky = [pair for pair in flips if (pair[0] == public).mean() > 0.5]
    seen, unseen = (np.mean([pair[part] for pair in lucky], axis=0) > 0.5 for part in (0, 1))
    assert (seen == public).mean() > 0.65
    assert abs((unseen == private).mean() - 0.5) < 0.03


@pytest.mark.proves("tuned-on-folds")
def test_the_best_of_300_noisy_scores_flatters(text: Text) -> None:
    assert "300 settings" in prose(text("competitions/tuned-on-folds", "q"))
    rng = np.random.default_rng(2)
    best = rng.normal(0, 1, size=(500, 300)).max(axis=1)
    assert best.mean() > 2.5


@pytest.mark.proves("fit-before-split")
def test_words_chosen_on_all_data_predict_random_labels(text: Text) -> None:
    q = prose(text("competitions/fit-before-split", "q"))
    assert "the 50 words" in q
    assert "gives 90% accuracy on random labels" in q
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(100, 10_000)), rng.choice([-1.0, 1.0], size=100)

    def accuracy(chosen_within: bool) -> float:
        right = 0
        for valid in np.array_split(np.arange(100), 5):
            train = np.setdiff1d(np.arange(100), valid)
            rows = train if chosen_within else np.arange(100)
            words = np.argsort(-np.abs(X[rows].T @ y[rows]))[:50]
            weights = X[np.ix_(train, words)].T @ y[train]
            right += int((np.sign(X[np.ix_(valid, words)] @ weights) == y[valid]).sum())
        return right / 100

    assert accuracy(chosen_within=False) >= 0.9
    assert 0.3 < accuracy(chosen_within=True) < 0.7


@pytest.mark.proves("vote-of-three")
def test_the_majority_of_three(text: Text, drill: Drill) -> None:
    for p in (60, 90):
        exact = 0.0
        for right in itertools.product([True, False], repeat=3):
            if sum(right) >= 2:
                exact += math.prod(p / 100 if each else 1 - p / 100 for each in right)
        assert drill("competitions/vote-of-three", p=p) == pytest.approx(100 * exact)
    assert 0.4**3 + 3 * 0.4**2 * 0.6 < 0.4
    assert "Below 50%" in prose(text("competitions/vote-of-three", "why"))


@pytest.mark.proves("ambiguity-worked", "ensemble-diversity")
def test_the_ensembles_error_is_the_mean_error_minus_the_spread(text: Text) -> None:
    models, target = np.array([4.0, 8.0]), 5.0
    q, why = (prose(text("competitions/ambiguity-worked", key)) for key in ("q", "why"))
    assert "target is 5; two models predict 4 and 8" in q
    blend = float(models.mean())
    errors, spread = (models - target) ** 2, float(((models - blend) ** 2).mean())
    assert float(text("competitions/ambiguity-worked", "typed")) == (blend - target) ** 2
    assert f"are {errors[0]:.0f} and {errors[1]:.0f}, mean {errors.mean():.0f}." in why
    assert f"ensemble's {blend:.0f}, so the spread is {spread:.0f}" in why
    assert errors.mean() - spread == (blend - target) ** 2


@pytest.mark.proves("oof-code")
def test_each_row_is_predicted_by_a_model_that_never_saw_it(text: Text) -> None:
    rows = np.arange(6)
    folds = [(np.setdiff1d(rows, valid), valid) for valid in np.array_split(rows, 3)]

    def fit(X: Any, y: Any) -> Callable[[Any], list[float]]:
        known = dict(zip(X.tolist(), y.tolist(), strict=True))
        return lambda asked: [known.get(each, -1.0) for each in asked.tolist()]

    names: dict[str, Any] = {"np": np, "X": rows, "y": rows + 10.0, "folds": folds, "fit": fit}
    exec(program(text("competitions/oof-code", "cloze")), names)
    assert (names["oof"] == -1).all()


@pytest.mark.proves("rank-average")
def test_the_wide_range_decides_the_order_of_the_mean(text: Text) -> None:
    q = prose(text("competitions/rank-average", "q"))
    assert "between 0.4 and 0.6" in q
    rng = np.random.default_rng(4)
    a, b = rng.uniform(0.4, 0.6, size=2000), rng.uniform(0, 1, size=2000)

    def ranks(x: Any) -> Any:
        return x.argsort().argsort()

    mean = ranks(a + b)
    assert np.corrcoef(mean, ranks(b))[0, 1] > 0.95 > 0.4 > np.corrcoef(mean, ranks(a))[0, 1]
    fair = ranks(a) + ranks(b)
    assert np.corrcoef(fair, ranks(a))[0, 1] == pytest.approx(np.corrcoef(fair, ranks(b))[0, 1], abs=0.02)


@pytest.mark.proves("pseudo-threshold")
def test_only_confident_rows_are_kept(text: Text) -> None:
    p = np.array([[0.97, 0.02, 0.01], [0.5, 0.3, 0.2], [0.01, 0.03, 0.96]])
    names: dict[str, Any] = {"p": p, "U": np.array([7, 8, 9])}
    exec(program(text("competitions/pseudo-threshold", "cloze")), names)
    assert names["X_new"].tolist() == [7, 9]
    assert names["y_new"].tolist() == [0, 2]


@pytest.mark.proves("map-at-three")
def test_map_at_three_by_precision_at_each_rank(drill: Drill) -> None:
    for a, b, c in ((40, 20, 15), (50, 10, 30)):
        ranks = [1] * a + [2] * b + [3] * c + [0] * (100 - a - b - c)
        total = 0.0
        for rank in ranks:
            guesses = [place == rank for place in (1, 2, 3)]
            total += sum(sum(guesses[: k + 1]) / (k + 1) * guesses[k] for k in range(3))
        assert drill("competitions/map-at-three", a=a, b=b, c=c) == pytest.approx(total / 100)


@pytest.mark.proves("mcrmse-worked")
def test_the_roots_are_taken_per_column(text: Text) -> None:
    assert "0.3 and 0.4 in grammar, and 0 and 0 in cohesion" in prose(text("competitions/mcrmse-worked", "q"))
    columns = np.sqrt((np.array([[0.3, 0.0], [0.4, 0.0]]) ** 2).mean(axis=0))
    assert float(text("competitions/mcrmse-worked", "typed")) == pytest.approx(float(columns.mean()), abs=5e-4)
    assert rf"\sqrt{{{columns[0] ** 2:.3f}}} = {columns[0]:.3f}$" in prose(text("competitions/mcrmse-worked", "why"))


@pytest.mark.proves("log-loss-uniform")
def test_a_uniform_guess_costs_the_logarithm_of_the_classes(text: Text) -> None:
    assert float(text("competitions/log-loss-uniform", "typed")) == pytest.approx(-math.log(1 / 3), abs=5e-5)
    assert r"$\ln 3$" in text("competitions/log-loss-uniform", "why")
    shares = (0.2, 0.5, 0.3)
    assert -sum(share * math.log(share) for share in shares) < math.log(3)
