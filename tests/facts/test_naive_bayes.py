"""Facts of the deck on naive Bayes, computed by counting and multiplying."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {}

SPAM, HAM = ["win cash win", "cash now"], ["meet now"]


def smoothed(documents: list[str], vocabulary: list[str]) -> dict[str, Fraction]:
    count = Counter(word for document in documents for word in document.split())
    return {word: Fraction(count[word] + 1, count.total() + len(vocabulary)) for word in vocabulary}


def vocabulary() -> list[str]:
    return sorted({word for document in SPAM + HAM for word in document.split()})


@pytest.mark.proves("decision-rule", "multinomial-estimate", "bernoulli-estimate", "bernoulli-product")
def test_the_clozes_fill_in_to_the_formulas(text: Text) -> None:
    said = {
        "decision-rule": r"P(c) \prod_{i=1}^{n} P(w_i \mid c)$",
        "multinomial-estimate": r"\frac{ T_{cw} + 1 }{ \sum_{w'} T_{cw'} + V }$",
        "bernoulli-estimate": r"\frac{N_{cw} + 1}{N_c + 2}$",
        "bernoulli-product": r"\prod_{w \notin d} \bigl( 1 - \hat{P}(w \mid c) \bigr)$",
    }
    for note, formula in said.items():
        assert formula in prose(filled(text(f"naive-bayes/{note}", "cloze")))


@pytest.mark.proves("independence-saves")
def test_a_full_model_needs_a_probability_for_each_combination(text: Text) -> None:
    assert len(list(itertools.product((0, 1), repeat=5))) - 1 == 2**5 - 1
    assert 2**30 - 1 == pytest.approx(1e9, rel=0.08)
    assert "with 30 words estimates 30 probabilities" in prose(text("naive-bayes/independence-saves", "q"))
    assert prose(text("naive-bayes/independence-saves", "a")).startswith("$2^{30} - 1$, about a billion:")


@pytest.mark.proves("double-counting")
def test_a_word_that_says_nothing_new_is_counted_again(text: Text) -> None:
    once, twice = Fraction(4, 1), Fraction(4, 1) ** 2
    a = prose(text("naive-bayes/double-counting", "a"))
    naive = twice / (twice + 1)
    assert naive == Fraction(16, 17)
    assert a == f"$16/17$, about {float(naive):.2f}, where $4/5$ would be right."
    assert once / (once + 1) == Fraction(4, 5)


@pytest.mark.proves("small-corpus")
def test_the_small_corpus_gives_win_a_third(text: Text) -> None:
    q = prose(text("naive-bayes/small-corpus", "q"))
    assert all(f"`{document}`" in q for document in SPAM + HAM)
    p = smoothed(SPAM, vocabulary())["win"]
    assert p == Fraction(text("naive-bayes/small-corpus", "typed"))
    assert "$(2 + 1)/(5 + 4)$" in prose(text("naive-bayes/small-corpus", "why"))
    assert Fraction(2 + 1, 5 + 4) == p


@pytest.mark.proves("multinomial-drill", "bernoulli-drill", "word-of-no-class")
def test_smoothed_estimates_sum_to_1_and_an_unknown_word_favours_the_class_with_less_text(drill: Drill) -> None:
    words = vocabulary()
    for documents in (SPAM, HAM):
        assert sum(smoothed(documents, words).values()) == 1
    assert drill("naive-bayes/multinomial-drill", t=500, k=9, v=500) == pytest.approx(10 / 1000)
    assert drill("naive-bayes/multinomial-drill", t=1500, k=0, v=500) == pytest.approx(1 / 2000)
    for n, k in itertools.product((18, 48, 98), (0, 4, 11)):
        present = drill("naive-bayes/bernoulli-drill", n=n, k=k)
        assert present == pytest.approx((k + 1) / (k + 1 + (n - k) + 1))
    assert Fraction(1, 100 + len(words)) > Fraction(1, 1000 + len(words))


@pytest.mark.proves("event-models")
def test_a_repeated_word_gives_its_factor_twice_or_once(text: Text) -> None:
    p, words = {"great": Fraction(1, 5), "dull": Fraction(1, 10)}, ["great", "great"]
    drawn = math.prod((p[word] for word in words), start=Fraction(1))
    tossed = math.prod((p[word] if word in words else 1 - p[word] for word in p), start=Fraction(1))
    assert drawn == p["great"] ** 2
    assert tossed == p["great"] * (1 - p["dull"])
    cells = [text("naive-bayes/event-models", f"contrast.by.twice.{name}") for name in ("multinomial", "bernoulli")]
    assert [r"\mid c)^2$" in cell for cell in cells] == [True, False]


@pytest.mark.proves("both-silenced", "alpha-large")
def test_a_zero_silences_all_other_evidence_and_a_large_alpha_levels_all(text: Text) -> None:
    assert math.prod([1e6] * 10 + [0.0]) == math.prod([1e-6] * 10 + [0.0]) == 0
    counts = np.array([50.0, 3.0, 0.0, 1.0])
    for alpha, spread in ((1.0, 0.1), (1e9, 1e-6)):
        p = (counts + alpha) / (counts + alpha).sum()
        assert (np.ptp(p) < 1e-6) == (spread == 1e-6)
    assert "$1/V$" in text("naive-bayes/alpha-large", "a")


@pytest.mark.proves("underflow-after")
def test_the_product_of_small_probabilities_underflows(text: Text) -> None:
    product, words = 1.0, 0
    while product > 0:
        product, words = product * 1e-4, words + 1
    assert int(text("naive-bayes/underflow-after", "typed")) == words
    assert math.ulp(0.0) == pytest.approx(5e-324)


@pytest.mark.proves("train-code", "predict-code", "linear-in-log-space", "clip-counts")
def test_the_code_classifies_as_the_product_does(text: Text) -> None:
    words = vocabulary()
    documents = SPAM + HAM
    X = np.array([[document.split().count(word) for word in words] for document in documents], dtype=float)
    Y = np.array([[1, 0], [1, 0], [0, 1]], dtype=float)
    names: dict[str, Any] = {"np": np, "X": X, "Y": Y}
    exec(program(text("naive-bayes/train-code", "cloze")), names)
    for row, docs in enumerate((SPAM, HAM)):
        expected = [float(p) for p in smoothed(docs, words).values()]
        assert np.exp(names["log_theta"][row]) == pytest.approx(expected)
    assert np.exp(names["log_prior"]) == pytest.approx([2 / 3, 1 / 3])
    names["X"] = np.array([[float(document.split().count(word)) for word in words] for document in ("win now", "meet")])
    exec(program(text("naive-bayes/predict-code", "cloze")), names)
    spam, ham = smoothed(SPAM, words), smoothed(HAM, words)
    joint = Fraction(2, 3) * spam["win"] * spam["now"], Fraction(1, 3) * ham["win"] * ham["now"]
    assert np.exp(names["scores"][0]) == pytest.approx([float(p) for p in joint])
    assert names["predicted"].tolist() == [0, 1]
    theta = names["log_theta"][0] - names["log_theta"][1]
    linear = names["log_prior"][0] - names["log_prior"][1] + names["X"] @ theta
    assert ((linear > 0) == (names["predicted"] == 0)).all()


@pytest.mark.proves("posterior-code")
def test_the_shifted_exponentials_give_the_posterior(text: Text) -> None:
    scores = np.array([-1200.0, -1203.0])
    assert "-1,200 and -1,203" in prose(text("naive-bayes/posterior-code", "cloze"))
    assert (np.exp(scores) == 0).all()
    names: dict[str, Any] = {"np": np, "scores": scores}
    exec(program(text("naive-bayes/posterior-code", "cloze")), names)
    assert names["p"] == pytest.approx([1 / (1 + math.exp(-3)), 1 / (1 + math.exp(3))])


@pytest.mark.proves("wrong-but-right-class", "dependence-cancels", "naive-or-logistic")
def test_duplicates_double_the_evidence_and_equal_dependence_cancels(text: Text) -> None:
    odds = 0.7 / 0.3
    while odds / (1 + odds) < 0.9999:
        odds *= odds
    assert odds > 1
    for number in ("0.9999", "0.7"):
        assert number in text("naive-bayes/wrong-but-right-class", "q")
    one, two, factor = 0.02, 0.005, 3.0
    assert (one * factor) / (two * factor) == pytest.approx(one / two)
    theta, counts = np.array([0.5, -1.2, 0.3]), np.array([2.0, 1.0, 4.0])
    assert np.concatenate([theta, theta]) @ np.concatenate([counts, counts]) == pytest.approx(2 * theta @ counts)


@pytest.mark.proves("new-prior")
def test_only_the_prior_changes_with_the_share_of_spam(text: Text) -> None:
    assert "only 10% is spam" in prose(text("naive-bayes/new-prior", "q"))
    ratio = 6.0
    before, after = ratio * 0.5 / 0.5, ratio * 0.1 / 0.9
    assert before > 1 > after
