"""Facts of the deck on model evaluation, computed from counts, scores and samples."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, product
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from tests.support import drawn
from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[Any]]

QUOTED: dict[str, str] = {
    "contaminated-benchmark": "Brown 2020, §4 and Appendix C: 13-gram overlaps; a bug in the filtering",
}


def confusion(truth: list[int], named: list[int], classes: int) -> Array:
    table = np.zeros((classes, classes))
    for t, n in zip(truth, named, strict=True):
        table[t, n] += 1
    return table


def auc(pos: list[float], neg: list[float]) -> float:
    return sum((p > n) + 0.5 * (p == n) for p, n in product(pos, neg)) / (len(pos) * len(neg))


@pytest.mark.proves("four-cells", "sklearn-orientation", "rows-and-columns", "precision-recall-formulas")
def test_rows_give_recall_and_columns_precision(text: Text) -> None:
    truth, named = [0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 0, 1]
    table = confusion(truth, named, 2)
    assert table[0, 1] == sum(t == 0 and n == 1 for t, n in zip(truth, named, strict=True))
    right = [t for t, n in zip(truth, named, strict=True) if t == n == 0]
    assert table[0, 0] / table[0].sum() == len(right) / truth.count(0)
    assert table[0, 0] / table[:, 0].sum() == len(right) / named.count(0)
    said = prose(filled(text("model-evaluation/rows-and-columns", "cloze")))
    assert "the sum of its row, its precision the same cell over the sum of its column" in said
    said = filled(text("model-evaluation/four-cells", "cloze"))
    assert "| is spam | true positive | false negative |" in said
    assert "| is ham | false positive | true negative |" in said
    said = prose(filled(text("model-evaluation/precision-recall-formulas", "cloze")))
    assert r"Precision is $\frac{TP}{TP + FP}$, recall is $\frac{TP}{TP + FN}$" in said


@pytest.mark.proves("lazy-accuracy-drill", "accuracy-above-what")
def test_the_accuracy_of_doing_nothing(text: Text, drill: Drill) -> None:
    for n, k in ((1000, 5), (20_000, 100)):
        truth = [1] * k + [0] * (n - k)
        right = sum(label == 0 for label in truth) / n
        assert drill("model-evaluation/lazy-accuracy-drill", n=n, k=k) == pytest.approx(right)
    assert "right on 96% of texts, 95% of which" in prose(text("model-evaluation/accuracy-above-what", "q"))
    assert Fraction(100 - 95 - (100 - 96), 100 - 95) == Fraction(1, 5)
    assert prose(text("model-evaluation/accuracy-above-what", "a")) == "A fifth: 4% of errors are left of 5%."


@pytest.mark.proves("precision-drill", "f1-drill", "why-harmonic")
def test_f1_is_the_harmonic_mean(text: Text, drill: Drill) -> None:
    for p, m, t in ((50, 40, 20), (120, 100, 36)):
        marked = [1] * t + [0] * (m - t)
        assert drill("model-evaluation/precision-drill", p=p, m=m, t=t) == sum(marked) / len(marked)
    for t, f, n in ((20, 5, 10), (60, 20, 30)):
        precision, recall = t / (t + f), t / (t + n)
        harmonic = 2 / (1 / precision + 1 / recall)
        assert drill("model-evaluation/f1-drill", t=t, f=f, n=n) == pytest.approx(harmonic)
    q, a = (prose(text("model-evaluation/why-harmonic", key)) for key in ("q", "a"))
    assert "recall 1, precision 0.01" in q
    assert f"{2 / (1 / 1 + 1 / 0.01):.2f}, where" in a
    assert f"praise it with {(1 + 0.01) / 2}" in a


@pytest.mark.proves("threshold-and-precision")
def test_a_higher_threshold_may_lower_precision() -> None:
    scored = [(0.9, 0), (0.8, 1), (0.7, 1), (0.6, 0)]
    precision = [sum(y for s, y in scored if s >= t) / sum(s >= t for s, _ in scored) for t in (0.6, 0.7, 0.8, 0.9)]
    assert precision[1] > precision[0]
    assert precision[3] < precision[2] < precision[1]


@pytest.mark.proves("macro-recall-drill", "macro-or-micro")
def test_the_macro_average_ignores_sizes(drill: Drill) -> None:
    for a, b, s in ((900, 100, 50), (990, 10, 10)):
        right_a, right_b = 0.9 * a, s / 100 * b
        macro = (right_a / a + right_b / b) / 2
        micro = (right_a + right_b) / (a + b)
        assert drill("model-evaluation/macro-recall-drill", a=a, b=b, s=s) == pytest.approx(100 * macro)
        assert micro > macro + 0.15


@pytest.mark.proves("two-macro-f1")
def test_the_two_macro_f1_scores(text: Text) -> None:
    def both(table: Array) -> tuple[float, float]:
        right = np.diag(table)
        p, r = right / table.sum(axis=0), right / table.sum(axis=1)
        of_means = 2 * p.mean() * r.mean() / (p.mean() + r.mean())
        return float((2 * p * r / (p + r)).mean()), float(of_means)

    rng = np.random.default_rng(9)
    for _ in range(200):
        first, second = both(rng.integers(1, 50, size=(4, 4)).astype(float))
        assert second >= first
    first, second = both(np.array([[1.0, 9999.0], [0.0, 1.0]]))
    assert second - first == pytest.approx(0.5, abs=0.001)
    assert "almost 0.5 above" in prose(text("model-evaluation/two-macro-f1", "why"))


@pytest.mark.proves("micro-is-accuracy")
def test_micro_f1_is_accuracy_for_one_label_each() -> None:
    rng = np.random.default_rng(0)
    truth, named = (list(map(int, rng.integers(0, 10, size=200))) for _ in range(2))
    table = confusion(truth, named, 10)
    right = np.diag(table)
    false_positives, false_negatives = table.sum(axis=0) - right, table.sum(axis=1) - right
    micro = 2 * right.sum() / (2 * right.sum() + false_positives.sum() + false_negatives.sum())
    assert micro == pytest.approx(np.mean(np.array(truth) == np.array(named)))


@pytest.mark.proves("roc-axes", "auc-meaning", "auc-by-pairs")
def test_the_area_is_the_share_of_ordered_pairs(text: Text) -> None:
    pos, neg = [0.9, 0.6], [0.7, 0.3, 0.1]
    q = prose(text("model-evaluation/auc-by-pairs", "q"))
    assert "Positives score 0.9 and 0.6, negatives 0.7, 0.3 and 0.1." in q
    assert auc(pos, neg) == pytest.approx(5 / 6)
    assert f"{auc(pos, neg):.2f}" == text("model-evaluation/auc-by-pairs", "typed")
    corners = [(0.0, 0.0)]
    for threshold in sorted(pos + neg, reverse=True):
        corners.append((sum(n >= threshold for n in neg) / 3, sum(p >= threshold for p in pos) / 2))
    area = sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in pairwise(corners))
    assert area == pytest.approx(auc(pos, neg))
    said = prose(text("model-evaluation/auc-meaning", "a"))
    assert "ROC AUC is 0.9" in prose(text("model-evaluation/auc-meaning", "q"))
    assert "With probability 0.9" in said


@pytest.mark.proves("precision-under-imbalance", "roc-or-pr")
def test_precision_sinks_with_the_share_of_positives(text: Text, drill: Drill) -> None:
    for n, k in ((10_000, 1000), (100_000, 100)):
        hits, alarms = Fraction(9, 10) * k, Fraction(1, 100) * (n - k)
        expected = float(hits / (hits + alarms))
        assert drill("model-evaluation/precision-under-imbalance", n=n, k=k) == pytest.approx(expected)
    rng = np.random.default_rng(1)
    pos, neg = list(rng.normal(1, 1, size=60)), list(rng.normal(size=60))
    assert auc(pos, neg * 3) == pytest.approx(auc(pos, neg))
    few, many = (sum(p > 1 for p in pos) / sum(s > 1 for s in pos + neg * times) for times in (1, 10))
    assert many < few / 2
    assert auc(list(rng.random(200)), list(rng.random(200))) == pytest.approx(0.5, abs=0.07)
    assert text("model-evaluation/roc-or-pr", "contrast.by.random.roc") == "0.5"


@pytest.mark.proves("best-of-twenty")
def test_the_best_of_twenty_equal_models(text: Text) -> None:
    right = np.random.default_rng(2).binomial(1000, 0.8, size=(20_000, 20)).max(axis=1).mean() / 10
    q, a, why = (prose(text("model-evaluation/best-of-twenty", key)) for key in ("q", "a", "why"))
    assert "Twenty models, each of true accuracy 80%" in q
    assert "1,000 examples" in q
    assert a.startswith(f"About {right:.0f}%")
    error = 100 * (0.8 * 0.2 / 1000) ** 0.5
    assert f"standard error is {error:.1f} points" in why
    assert f"some {(right - 80) / error:.1f} of them" in why


@pytest.mark.proves("k-fold", "fits-drill")
def test_folds_hold_each_example_out_once(drill: Drill) -> None:
    order = np.random.default_rng(3).permutation(20)
    held = np.concatenate(np.array_split(order, 5))
    assert sorted(held) == list(range(20))
    for a, b, k in ((3, 3, 5), (5, 6, 10)):
        fits = len([*product(range(a), range(b), range(k))]) + 1
        assert drill("model-evaluation/fits-drill", a=a, b=b, k=k) == fits


@pytest.mark.proves("grouped-folds")
def test_an_author_known_by_style_is_easy_at_random_and_not_by_group(text: Text) -> None:
    rng = np.random.default_rng(4)
    authors = np.repeat(np.arange(200), 40)
    label = rng.integers(0, 2, size=200)[authors]
    X = rng.normal(size=(200, 5))[authors] + 0.1 * rng.normal(size=(8000, 5))

    def accuracy(test: Array) -> float:
        train = np.flatnonzero(~test)
        some = np.flatnonzero(test)[::40]
        distance = ((X[some][:, None] - X[train]) ** 2).sum(axis=2)
        return float((label[train[distance.argmin(axis=1)]] == label[some]).mean())

    assert accuracy(rng.random(8000) < 0.1) > 0.95
    assert accuracy(authors < 20) < 0.75
    assert "40 sentences from each of 200 authors" in prose(text("model-evaluation/grouped-folds", "q"))


@pytest.mark.proves("nested-cross-validation")
def test_the_best_of_a_hundred_settings_is_lucky() -> None:
    scores = np.random.default_rng(5).normal(size=(2000, 100))
    assert scores.max(axis=1).mean() > 2


@pytest.mark.proves("selected-before-folds")
def test_selecting_on_all_labels_spoils_cross_validation(text: Text) -> None:
    q = prose(text("model-evaluation/selected-before-folds", "q"))
    assert "From 5,000 random features of 50 examples someone picks the 100" in q
    assert "not 50%" in q

    def error(seed: int, within: bool) -> float:
        rng = np.random.default_rng(seed)
        X, y = rng.normal(size=(50, 5000)), rng.permutation(np.repeat([0, 1], 25))

        def best(rows: Array) -> Array:
            return np.asarray(np.argsort(-np.abs((y[rows] - y[rows].mean()) @ X[rows]))[:100])

        wrong = 0
        for held in np.array_split(np.arange(50), 5):
            train = np.setdiff1d(np.arange(50), held)
            columns = best(train if within else np.arange(50))
            A, B = X[train][:, columns], X[held][:, columns]
            nearest = ((B[:, None] - A) ** 2).sum(axis=2).argmin(axis=1)
            wrong += int((y[train][nearest] != y[held]).sum())
        return wrong / 50

    # Hastie and others quote an average of 3% for this experiment
    assert np.mean([error(seed, False) for seed in range(4)]) < 0.1
    assert np.mean([error(seed, True) for seed in range(4)]) > 0.35
    assert "Hastie and others got an error of 3% with one nearest neighbour." in prose(
        text("model-evaluation/selected-before-folds", "why")
    )


@pytest.mark.proves("group-folds-code")
def test_the_code_hands_the_groups_to_the_splitter(text: Text) -> None:
    seen: list[Any] = []
    names: dict[str, Any] = {
        "GroupKFold": lambda folds: ("group folds", folds),
        "cross_val_score": lambda model, X, y, *, groups, cv: seen.append((model, X, y, groups, cv)),
        "model": "model",
        "texts": ["one text"],
        "labels": [1],
        "authors": ["an author"],
    }
    exec(program(text("model-evaluation/group-folds-code", "cloze")), names)
    assert seen == [("model", ["one text"], [1], ["an author"], ("group folds", 5))]


@pytest.mark.proves("meaning-of-p", "bootstrap-code")
def test_the_bootstrap_agrees_with_a_test_by_flipping_signs(text: Text) -> None:
    rng = np.random.default_rng(6)
    a = rng.normal(0.2, 1, size=120)
    b = np.zeros(120)
    names: dict[str, Any] = {"np": np, "rng": rng, "a": a, "b": b}
    exec(program(text("model-evaluation/bootstrap-code", "cloze")), names)
    flips = rng.choice([-1, 1], size=(10_000, 120))
    by_flipping = float(((flips * a).mean(axis=1) >= a.mean()).mean())
    assert 0.001 < by_flipping < 0.2
    assert names["p"] == pytest.approx(by_flipping, abs=0.01)
    assert "$p = 0.03$. Of what is 0.03" in prose(text("model-evaluation/meaning-of-p", "q"))


@pytest.mark.proves("discordant-pairs", "mcnemar-drill")
def test_mcnemar(text: Text, drill: Drill) -> None:
    for b, c in ((10, 20), (30, 50)):
        expected = Fraction((abs(b - c) - 1) ** 2, b + c)
        assert drill("model-evaluation/mcnemar-drill", b=b, c=c) == pytest.approx(float(expected))
    squares = np.random.default_rng(7).normal(size=1_000_000) ** 2
    assert float(np.quantile(squares, 0.95)) == pytest.approx(3.84, abs=0.03)
    assert "(Above 3.84 is significant at 5%.)" in prose(text("model-evaluation/mcnemar-drill", "drill.ask"))


@pytest.mark.proves("many-tests-drill")
def test_one_of_many_tests_is_significant_by_chance(drill: Drill) -> None:
    p = np.random.default_rng(8).random((200_000, 20))
    for n in (2, 5, 20):
        share = float((p[:, :n] < 0.05).any(axis=1).mean())
        assert drill("model-evaluation/many-tests-drill", n=n) == pytest.approx(share, abs=0.005)


@pytest.mark.proves("crossing-curves")
def test_the_roc_curves_drawn_cross(text: Text) -> None:
    normal = NormalDist()
    shown = drawn.lines("roc-curves.svg")
    areas = {}
    # Scores of negatives are standard normal; a curve is that of positives with a mean and a standard deviation.
    for name, mean, spread in (("A", 2.0, 2.0), ("B", 1.9 / 1.6, 1 / 1.6)):
        positives = NormalDist(mean, spread)

        def recall(flagged: float, positives: NormalDist = positives) -> float:
            return 1 - positives.cdf(normal.inv_cdf(1 - flagged)) if 0 < flagged < 1 else min(max(flagged, 0.0), 1.0)

        assert shown[name].lies_on(recall)
        flagged = np.linspace(0, 1, 20_001)
        found = np.array([recall(float(each)) for each in flagged])
        areas[name] = float(((found[1:] + found[:-1]) / 2 * np.diff(flagged)).sum())
        said = [f"{recall(share):.2f}" for share in (0.1, 0.2, 0.5)]
        q = prose(text("model-evaluation/crossing-curves", "q"))
        expected = ("A finds {} of", "{} and", "{} and") if name == "A" else ("B {};", "and {};", "and {}.")
        assert all(form.format(value) in q for form, value in zip(expected, said, strict=True))
    assert f"Areas: A {areas['A']:.2f}, B {areas['B']:.2f}" in q
    assert [f"area under {name}: {area:.2f}" for name, area in areas.items()] == drawn.said("roc-curves.svg")[-4:-2]
    why = prose(text("model-evaluation/crossing-curves", "why"))
    assert f"its larger one, {areas['B']:.2f} against {areas['A']:.2f}" in why
