"""Facts of the evaluation deck: every metric is computed from its definition and compared with the card."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from tests.support.facts import filled, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "perplexity-stride": "transformers documentation, Perplexity: gpt2-large, stride 1024: 19.44, stride 512: 16.44",
    "judge-ceiling": "an example; zheng2023 §4.2 gives the agreement of judges and of humans as similar",
    "metric-family": "papineni2002 §2.3: n-grams up to length 4",
}


def grams(words: list[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


def precision(candidate: list[str], reference: list[str], n: int) -> float:
    own = grams(candidate, n)
    return (own & grams(reference, n)).total() / own.total()


def lcs(a: list[str], b: list[str]) -> int:
    if not a or not b:
        return 0
    return max(lcs(a[1:], b[1:]) + 1 if a[0] == b[0] else 0, lcs(a[1:], b), lcs(a, b[1:]))


def quotes(question: str) -> list[list[str]]:
    return [each.split() for each in re.findall(r'"([^"]+)"', prose(question))]


def kappa(a: list[bool], b: list[bool]) -> float:
    same = sum(x == y for x, y in zip(a, b, strict=True)) / len(a)
    chance = sum((a.count(v) / len(a)) * (b.count(v) / len(b)) for v in (True, False))
    return (same - chance) / (1 - chance)


@pytest.mark.proves("clipped-precision", "bigram-precision", "one-zero-kills", "pooled-counts")
def test_bleu_precisions(text: Text) -> None:
    candidate, reference = quotes(text("nlp-evaluation/clipped-precision", "q"))
    assert float(text("nlp-evaluation/clipped-precision", "typed")) == precision(candidate, reference, 1)
    assert f"{len(candidate)}/{len(candidate)}" in text("nlp-evaluation/clipped-precision", "why")
    candidate, reference = quotes(text("nlp-evaluation/bigram-precision", "q"))
    assert float(text("nlp-evaluation/bigram-precision", "typed")) == precision(candidate, reference, 2)
    assert set(grams(candidate, 2) - grams(reference, 2)) == {("on", "mat")}
    no_four, reference = "a b c x d e f".split(), "a b c y d e f".split()
    assert precision(no_four, reference, 1) > 0.8
    assert math.prod(precision(no_four, reference, n) for n in range(1, 5)) == 0
    assert "no 4-gram" in prose(text("nlp-evaluation/one-zero-kills", "q"))
    assert "without a 4-gram match" in prose(text("nlp-evaluation/pooled-counts", "why"))


@pytest.mark.proves("brevity-drill")
def test_the_brevity_penalty(drill: Drill) -> None:
    for c, r in itertools.product((800, 900, 1000, 1200), (900, 1000, 1100)):
        assert drill("nlp-evaluation/brevity-drill", c=c, r=r) == pytest.approx(min(1, math.exp(1 - r / c)))


@pytest.mark.proves("rouge-l")
def test_rouge_l(text: Text) -> None:
    reference, candidate = quotes(text("nlp-evaluation/rouge-l", "q"))
    assert float(text("nlp-evaluation/rouge-l", "typed")) == lcs(reference, candidate) / len(reference)
    assert lcs("the bit the".split(), reference) == lcs("the bit the".split(), candidate) == 3
    assert f"{lcs(reference, candidate)} of {len(reference)} words" in prose(text("nlp-evaluation/rouge-l", "why"))


@pytest.mark.proves("meteor-chunks")
def test_the_meteor_penalty(drill: Drill) -> None:
    assert drill("nlp-evaluation/meteor-chunks", m=8, c=4) == 0.5 / 8
    assert drill("nlp-evaluation/meteor-chunks", m=4, c=4) == 0.5


@pytest.mark.proves("bertscore-recall")
def test_bertscore_recall_rewards_covering_the_reference(text: Text) -> None:
    said = prose(filled(text("nlp-evaluation/bertscore-recall", "cloze")))
    assert r"\sum_{i} \max_{j} \; x_i^\top y_j" in said
    x = np.eye(3)
    assert (x @ x[:1].T).max(axis=1).mean() == pytest.approx(1 / 3)
    assert (x @ x.T).max(axis=1).mean() == 1


@pytest.mark.proves("per-word-perplexity", "perplexity-needs-tokenizer")
def test_perplexity_per_word(text: Text, drill: Drill) -> None:
    words, tokens = 100, 150
    log_probability = -tokens * math.log(9)
    assert drill("nlp-evaluation/per-word-perplexity", p=9, r=1.5) == pytest.approx(math.exp(-log_probability / words))
    q = prose(text("nlp-evaluation/perplexity-needs-tokenizer", "q"))
    assert "20 per token, another 12" in q
    assert 12**1.5 > 20**1.2, "with more tokens for the same text, the second may be worse"


@pytest.mark.proves("kappa-formula", "kappa-drill", "raw-agreement-misleads", "weighted-kappa")
def test_kappa(text: Text, drill: Drill) -> None:
    said = filled(text("nlp-evaluation/kappa-formula", "cloze"))
    assert r"\frac{p_o - p_e}{1 - p_e}" in said
    for o, y in itertools.product((80, 90), (50, 70, 80, 90)):
        split = (100 - o) // 2
        if split > min(y, 100 - y):
            continue
        a = [True] * y + [False] * (100 - y)
        b = a[:]
        for i in range(split):
            b[i], b[-1 - i] = False, True
        assert drill("nlp-evaluation/kappa-drill", o=o, y=y) == pytest.approx(kappa(a, b))
    assert "95% of comments" in prose(text("nlp-evaluation/raw-agreement-misleads", "q"))
    chance = 0.95**2 + 0.05**2
    assert float(text("nlp-evaluation/raw-agreement-misleads", "typed")) == pytest.approx(100 * chance)
    assert "$0.95^2 + 0.05^2$" in text("nlp-evaluation/raw-agreement-misleads", "why")
    harmless = [i < 19 for i in range(20)]
    pairs = list(itertools.product(harmless, harmless))
    assert kappa([a for a, _ in pairs], [b for _, b in pairs]) == pytest.approx(0)
    assert abs(4 - 5) < abs(1 - 5)
    assert "4 against 5 is as wrong as 1 against 5" in prose(text("nlp-evaluation/weighted-kappa", "a"))
