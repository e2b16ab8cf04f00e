"""Facts of the deck on text classification, computed from confusion counts and probabilities."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "hypothesis-only": "Gururangan and others 2018, abstract and Table 2: 67% against a majority of 34%",
    "small-learning-rate": "Devlin and others 2019, appendix A.3; Sun and others 2019, on catastrophic forgetting",
    "tf-idf-or-encoder": "Devlin and others 2019, section 3: 110 million parameters",
    "when-linear-stays": "Devlin and others 2019, appendix A.2: sequences of at most 512 tokens",
}


def f1(truth: list[int], guess: list[int], label: int) -> float:
    hits = sum(t == g == label for t, g in zip(truth, guess, strict=True))
    return 2 * hits / (truth.count(label) + guess.count(label))


@pytest.mark.proves("pipeline-code")
def test_the_pipeline_gets_raw_texts(text: Text) -> None:
    seen: dict[str, Any] = {}

    def cross_val_score(model: object, texts: object, labels: object, **options: object) -> None:
        seen.update(model=model, texts=texts, labels=labels, **options)

    names = {
        "make_pipeline": lambda *steps: steps,
        "TfidfVectorizer": lambda: "vectorizer",
        "LogisticRegression": lambda: "classifier",
        "cross_val_score": cross_val_score,
        "texts": ["raw"],
        "labels": [1],
    }
    exec(program(text("text-classification/pipeline-code", "cloze")), names)
    assert seen["model"] == ("vectorizer", "classifier")
    assert (seen["texts"], seen["cv"]) == (["raw"], 5)


@pytest.mark.proves("majority-f1")
def test_macro_f1_of_the_majority_class(drill: Drill) -> None:
    for p in (50, 60, 75, 80, 90):
        truth = [0] * p + [1] * (100 - p)
        guess = [0] * 100
        macro = (f1(truth, guess, 0) + f1(truth, guess, 1)) / 2
        assert drill("text-classification/majority-f1", p=p) == pytest.approx(macro)


@pytest.mark.proves("micro-against-macro")
def test_one_large_class_and_many_failed_small_ones_part_micro_from_macro() -> None:
    truth = [0] * 92 + [1, 2, 3, 4, 5, 6, 7, 8]
    guess = [0] * 100
    macro = sum(f1(truth, guess, label) for label in range(9)) / 9
    accuracy = sum(t == g for t, g in zip(truth, guess, strict=True)) / 100
    hits = sum(t == g == label for t, g in zip(truth, guess, strict=True) for label in range(9))
    assert 2 * hits / (len(truth) + len(guess)) == pytest.approx(accuracy)
    assert macro < 0.2 < 0.9 < accuracy


@pytest.mark.proves("balanced-weight")
def test_balanced_weights_give_every_class_the_same_total(drill: Drill) -> None:
    for n, k, c in itertools.product((1000, 3000, 6000), (2, 3, 5), (50, 100, 200)):
        assert drill("text-classification/balanced-weight", n=n, k=k, c=c) * c == pytest.approx(n / k)


@pytest.mark.proves("weights-distort")
def test_balancing_two_percent_shifts_the_log_odds_by_ln_49(text: Text) -> None:
    assert "only 2% of mail" in prose(text("text-classification/weights-distort", "q"))
    shift = math.log((1 / 0.02) / (1 / 0.98))
    assert shift == pytest.approx(math.log(49))
    assert r"$\ln 49$" in text("text-classification/weights-distort", "why")
    rng = np.random.default_rng(0)
    y = (rng.uniform(size=4000) < 0.02).astype(float)
    weight = np.where(y == 1, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    assert (weight * y).sum() / weight.sum() == pytest.approx(0.5)


@pytest.mark.proves("threshold-from-costs")
def test_the_threshold_balances_the_two_costs(text: Text) -> None:
    threshold = float(text("text-classification/threshold-from-costs", "typed"))
    assert "9 times as much" in prose(text("text-classification/threshold-from-costs", "q"))
    assert 9 * threshold == pytest.approx(1 - threshold)


@pytest.mark.proves("multi-class-or-label")
def test_classes_share_one_total_and_labels_do_not(text: Text) -> None:
    z = np.random.default_rng(1).normal(size=(1000, 5)) * 5
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert p.sum(axis=1) == pytest.approx(1)
    assert (np.sort(p, axis=1)[:, -2] <= 0.5).all()
    assert (np.sort(1 / (1 + np.exp(-z)), axis=1)[:, -2] > 0.5).any()
    assert "one total of 1" in prose(text("text-classification/multi-class-or-label", "why"))


@pytest.mark.proves("all-labels-right")
def test_all_labels_right_is_a_product(drill: Drill) -> None:
    for k, p in itertools.product((2, 3, 4, 5), (80, 90, 95)):
        assert drill("text-classification/all-labels-right", k=k, p=p) == pytest.approx(100 * math.prod([p / 100] * k))


@pytest.mark.proves("bert-head", "head-size")
def test_the_head_is_one_row_for_each_class(text: Text, drill: Drill) -> None:
    assert r"P = \mathrm{softmax}(C W^\top)" in filled(text("text-classification/bert-head", "cloze"))
    for k, h in itertools.product((2, 5, 10, 20), (384, 768, 1024)):
        W, b = np.zeros((k, h)), np.zeros(k)
        assert (np.zeros(h) @ W.T).shape == (k,)
        assert drill("text-classification/head-size", k=k, h=h) == W.size + b.size


@pytest.mark.proves("head-and-tail")
def test_head_tail_and_special_tokens_fill_the_input(text: Text) -> None:
    assert "first 128 and the last 382" in prose(text("text-classification/head-and-tail", "a"))
    assert "512 tokens" in prose(text("text-classification/head-and-tail", "q"))
    assert 128 + 382 + 2 == 512


@pytest.mark.proves("rare-label-threshold")
def test_ten_times_a_small_base_rate_stays_below_a_half(text: Text) -> None:
    assert "0.5, even where it is ten times its base rate" in prose(
        text("text-classification/rare-label-threshold", "why")
    )
    assert 10 * 0.01 < 0.5
