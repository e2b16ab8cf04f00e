"""Facts of the summarization deck: TextRank, the pointer's mixture, coverage and ROUGE computed from definitions."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "copies-more-than-trained": "see2017, section 7.2: mean p_gen 0.53 at the end of training, 0.17 at test time",
    "map-or-refine": "numbers of chunks, an example",
}


def textrank(similarity: np.ndarray[tuple[int, ...], np.dtype[np.float64]], d: float) -> list[float]:
    n = len(similarity)
    out = similarity.sum(axis=1)
    score = [1.0] * n
    for _ in range(200):
        score = [
            (1 - d) + d * sum(similarity[j, i] / out[j] * score[j] for j in range(n) if similarity[j, i] > 0)
            for i in range(n)
        ]
    return score


@pytest.mark.proves("textrank-lonely", "textrank-idea", "textrank-similarity")
def test_textrank(text: Text) -> None:
    weights = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]], float)
    score = textrank(weights, 0.85)
    assert "$d = 0.85$" in text("summarization/textrank-lonely", "q")
    assert score[3] == pytest.approx(float(text("summarization/textrank-lonely", "typed")))
    assert score[1] == max(score)
    said = prose(filled(text("summarization/textrank-similarity", "cloze")))
    assert r"divided by $\log|A| + \log|B|$" in said
    assert 8 / (2 * math.log(20)) < 8 / (2 * math.log(10))


@pytest.mark.proves("pointer-code")
def test_the_code_gives_a_distribution_and_adds_repeated_words(text: Text) -> None:
    words, attention = ["Oslo", "is", "Oslo", "cold"], np.array([0.3, 0.4, 0.1, 0.2])
    vocabulary = {"is": 0.6, "cold": 0.4}
    index = {"is": 0, "cold": 1, "Oslo": 2}
    for g in (0.2, 0.5, 0.8):
        final = dict.fromkeys(index, 0.0)
        for word, p in vocabulary.items():
            final[word] += g * p
        for word, a in zip(words, attention, strict=True):
            final[word] += (1 - g) * a
        names: dict[str, Any] = {"np": np, "n_vocab": 2, "n_unknown": 1, "p_gen": g, "attention": attention}
        names |= {"p_vocab": np.array(list(vocabulary.values())), "ids": [index[word] for word in words]}
        exec(program(text("summarization/pointer-code", "cloze")), names)
        assert names["final"] == pytest.approx(list(final.values()))
        assert names["final"].sum() == pytest.approx(1)
    once = np.zeros(3)
    once[[2, 0, 2, 1]] += attention
    assert once[2] == attention[2] < attention[0] + attention[2]
    assert "only once" in prose(text("summarization/pointer-code", "why"))


@pytest.mark.proves("coverage-loss")
def test_the_coverage_loss(text: Text) -> None:
    q = prose(text("summarization/coverage-loss", "q"))
    assert "$c = (0.9, 0.1)$" in q
    assert "$a = (0.7, 0.3)$" in q
    loss = float(np.minimum([0.7, 0.3], [0.9, 0.1]).sum())
    assert float(text("summarization/coverage-loss", "typed")) == pytest.approx(loss)
    assert "$0.7 + 0.1$" in text("summarization/coverage-loss", "why")


@pytest.mark.proves("rouge-f", "rouge-negation")
def test_rouge_one(text: Text, drill: Drill) -> None:
    for c, r, m in itertools.product((20, 30, 50), (20, 25, 30), (5, 10, 15)):
        precision, recall = m / c, m / r
        f1 = 2 * precision * recall / (precision + recall)
        assert drill("summarization/rouge-f", c=c, r=r, m=m) == pytest.approx(f1)
    reference = "the board did not agree to sell the old plant".split()
    summary = [word for word in reference if word != "not"]
    assert len(reference) == 10
    assert "ten words" in prose(text("summarization/rouge-negation", "q"))
    recall = (Counter(summary) & Counter(reference)).total() / len(reference)
    assert float(text("summarization/rouge-negation", "typed")) == recall


@pytest.mark.proves("tree-calls")
def test_calls_of_the_tree_are_counted_level_by_level(drill: Drill) -> None:
    for n, k in itertools.product((16, 64), (2, 4)):
        calls = level = n
        while level > 1:
            level = math.ceil(level / k)
            calls += level
        assert drill("summarization/tree-calls", n=n, k=k) == calls
