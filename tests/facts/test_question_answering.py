"""Facts of the deck on question answering: scores by their definitions, spans by exhaustive search."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "distracting-sentence": "jia2017, abstract: sixteen models, from 75% F1 on average to 36%",
    "hard-negatives-by-people": "the number of the dataset's version, in its name",
}


def overlap(prediction: list[str], gold: list[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of two bags of words."""
    shared = sum((Counter(prediction) & Counter(gold)).values())
    if not shared:
        return 0.0, 0.0, 0.0
    precision, recall = shared / len(prediction), shared / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


@pytest.mark.proves("span-search-code", "argmax-each-end")
def test_the_code_finds_the_best_span_that_a_search_through_all_of_them_finds(text: Text) -> None:
    code = program(text("question-answering/span-search-code", "cloze"))
    rng = np.random.default_rng(0)
    backwards = 0
    for _ in range(50):
        n, longest = int(rng.integers(2, 12)), int(rng.integers(1, 5))
        start, end = rng.normal(size=n), rng.normal(size=n)
        names: dict[str, Any] = {"np": np, "start": start, "end": end, "n": n, "longest": longest}
        exec(code, names)
        spans = [(i, j) for i in range(n) for j in range(i, min(i + longest, n))]
        best = max(spans, key=lambda span: start[span[0]] + end[span[1]])
        assert (names["first"], names["last"]) == best
        backwards += int(end.argmax() < start.argmax())
    assert backwards
    assert "at most `longest` tokens" in prose(text("question-answering/span-search-code", "cloze"))
    assert "end stands before its start" in prose(text("question-answering/argmax-each-end", "a"))


@pytest.mark.proves("normalize-code", "date-with-preposition", "opposite-answer-scores")
def test_normalization_and_the_scores_of_two_short_answers(text: Text) -> None:
    names: dict[str, Any] = {"re": re, "string": string}
    exec(program(text("question-answering/normalize-code", "cloze")), names)
    normalize = names["normalize"]
    assert normalize("The  Eiffel Tower.") == "eiffel tower"
    assert normalize("an apple a day") == "apple day"
    assert normalize("theory") == "theory"

    precision, recall, f1 = overlap(normalize("in 1912").split(), normalize("1912").split())
    assert text("question-answering/date-with-preposition", "typed") == f"{f1:.3f}"
    assert (precision, recall) == (1 / 2, 1)
    assert "Precision 1/2, recall 1." in prose(text("question-answering/date-with-preposition", "why"))
    q = prose(text("question-answering/date-with-preposition", "q"))
    assert '"1912"' in q
    assert '"in 1912"' in q

    precision, recall, f1 = overlap(["guilty"], ["not", "guilty"])
    assert precision == 1 > recall
    assert f'"guilty" {f1:.2f}?' in prose(text("question-answering/opposite-answer-scores", "q"))
    assert "costs only recall" in prose(text("question-answering/opposite-answer-scores", "a"))


@pytest.mark.proves("f1-drill")
def test_f1_from_counts_is_the_harmonic_mean(text: Text, drill: Drill) -> None:
    for p, g, o in ((3, 2, 1), (5, 4, 3), (6, 5, 2)):
        prediction = ["same"] * o + ["mine"] * (p - o)
        gold = ["same"] * o + ["yours"] * (g - o)
        assert drill("question-answering/f1-drill", p=p, g=g, o=o) == pytest.approx(overlap(prediction, gold)[2])
    assert "$2o/(p+g)$" in prose(text("question-answering/f1-drill", "why"))


@pytest.mark.proves("always-abstain", "ceiling-drill")
def test_what_silence_scores_and_what_a_reader_can_reach(drill: Drill) -> None:
    golds = [""] * 80 + ["an answer"] * 120
    assert drill("question-answering/always-abstain", n=200, u=80) == pytest.approx(
        100 * sum(gold == "" for gold in golds) / len(golds)
    )
    assert drill("question-answering/ceiling-drill", r=80, a=75) == pytest.approx(100 * (0.8 * 0.75 + 0.2 * 0))


@pytest.mark.proves("dense-loss", "negatives-in-batch")
def test_the_loss_is_cross_entropy_over_all_passages_of_the_batch(text: Text, drill: Drill) -> None:
    rng = np.random.default_rng(1)
    b = 8
    questions, passages = rng.normal(size=(b, 4)), rng.normal(size=(2 * b, 4))
    scores = questions @ passages.T
    softmax = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    for i in range(b):
        negatives = [j for j in range(2 * b) if j != i]
        assert drill("question-answering/negatives-in-batch", b=b) == len(negatives)
        loss = -np.log(np.exp(scores[i, i]) / (np.exp(scores[i, i]) + sum(np.exp(scores[i, j]) for j in negatives)))
        assert loss == pytest.approx(-np.log(softmax[i, i]))
    said = prose(filled(text("question-answering/dense-loss", "cloze")))
    assert r"\frac{\exp(q \cdot p^+)}{\exp(q \cdot p^+) + \sum_j \exp(q \cdot p^-_j)}" in said


@pytest.mark.proves("exact-search-cost")
def test_an_exact_search_takes_a_dot_product_a_passage(text: Text, drill: Drill) -> None:
    for n, d in ((5, 256), (40, 768)):
        assert drill("question-answering/exact-search-cost", n=n, d=d) == pytest.approx(n * 10**6 * d / 10**9)
    one = np.zeros(768, dtype=np.float32)
    why = prose(text("question-answering/exact-search-cost", "why"))
    assert f"at {one.itemsize} bytes each about {21e6 * one.nbytes / 1e9:.0f} GB" in why
    assert "21 million passages of 768" in why


@pytest.mark.proves("fusion-in-decoder")
def test_separate_passages_save_a_factor_of_their_number(text: Text) -> None:
    for n, length in ((10, 200), (100, 250)):
        assert (n * length) ** 2 / (n * length**2) == n
    assert prose(text("question-answering/fusion-in-decoder", "a")).startswith("By $n$: $n L^2$")


@pytest.mark.proves("always-abstain", "hard-negatives-by-people")
def test_the_data_set_is_named_by_its_version(text: Text) -> None:
    assert "SQuAD 2.0" in prose(text("question-answering/always-abstain", "drill.ask"))
    assert "SQuAD 2.0" in prose(text("question-answering/hard-negatives-by-people", "q"))
