"""Facts of the deck on sentiment analysis, computed by counting."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

DECK = "sentiment-analysis"
QUOTED: dict[str, str] = {
    "negation-is-no-minus": "hutto2014, source: N_SCALAR = -0.74",
    "pang-accuracy": "pang2002: word lists of people in Fig. 1 (58% and 64%), SVM on presence in Fig. 3 (82.9%)",
}


@pytest.mark.proves("stars-are-ordered")
def test_cross_entropy_does_not_see_which_wrong_star_has_the_probability(text: Text) -> None:
    near, far = np.array([0.1, 0.0, 0.0, 0.8, 0.1]), np.array([0.8, 0.0, 0.0, 0.1, 0.1])
    assert -math.log(near[4]) == -math.log(far[4])
    assert "predicting 1 star costs no more than predicting 4" in prose(text(f"{DECK}/stars-are-ordered", "a"))


@pytest.mark.proves("orientation-drill", "orientation-formula")
def test_the_orientation_is_a_difference_of_pointwise_mutual_informations(drill: Drill, text: Text) -> None:
    def pmi(together: float, one: float, other: float, whole: float) -> float:
        return math.log2((together / whole) / ((one / whole) * (other / whole)))

    for phrase, whole in ((500, 10**6), (900, 10**7)):
        expected = pmi(64, phrase, 8000, whole) - pmi(16, phrase, 2000, whole)
        assert drill(f"{DECK}/orientation-drill", g=64, b=16, x=8000, y=2000) == pytest.approx(expected)
    said = prose(filled(text(f"{DECK}/orientation-formula", "cloze")))
    assert r"\mathrm{PMI}(p, \text{excellent}) - \mathrm{PMI}(p, \text{poor})" in said


@pytest.mark.proves("vader-squash")
def test_the_compound_score_stays_within_one(text: Text) -> None:
    def compound(s: float) -> float:
        return s / math.sqrt(s**2 + 15)

    sums = np.arange(-1000, 1001)
    scores = np.array([compound(float(s)) for s in sums])
    assert (np.abs(scores) < 1).all()
    assert (np.diff(scores[sums >= 0], 2) < 0).all()
    why = prose(text(f"{DECK}/vader-squash", "why"))
    assert f"A sum of 1 gives {compound(1)} and one of 7 gives {compound(7)}" in why
    assert r"$s / \sqrt{s^2 + 15}$" in prose(text(f"{DECK}/vader-squash", "q"))


@pytest.mark.proves("same-bag")
def test_the_two_texts_are_one_bag_of_words(text: Text) -> None:
    one, other = re.findall(r"\*(.+?)\*", prose(text(f"{DECK}/same-bag", "q")))
    assert one != other
    assert Counter(re.findall(r"\w+", one)) == Counter(re.findall(r"\w+", other))


@pytest.mark.proves("mark-negation-code", "not-only")
def test_the_code_marks_from_a_negation_to_the_next_punctuation(text: Text) -> None:
    code = program(text(f"{DECK}/mark-negation-code", "cloze"))

    def marked(sentence: str) -> str:
        names: dict[str, Any] = {"tokens": sentence.split()}
        exec(code, names)
        return " ".join(names["out"])

    assert marked("i didn't like it , but you did") == "i didn't NOT_like NOT_it , but you did"
    assert marked("never dull . fine") == "never NOT_dull . fine"
    assert marked("not only clever but moving") == "not NOT_only NOT_clever NOT_but NOT_moving"
    assert "*clever* and *moving* are inverted" in prose(text(f"{DECK}/not-only", "a"))


@pytest.mark.proves("log-count-ratio")
def test_the_ratio_is_positive_for_words_of_positive_texts(text: Text) -> None:
    p, q = 1 + np.array([9.0, 1, 5]), 1 + np.array([1.0, 9, 5])
    r = np.log((p / np.abs(p).sum()) / (q / np.abs(q).sum()))
    assert r[0] > 0 > r[1]
    assert r[2] == 0
    card = prose(filled(text(f"{DECK}/log-count-ratio", "cloze")))
    assert r"\log \frac{ p / \lVert p \rVert_1 }{ q / \lVert q \rVert_1 }$" in card
    assert "counts of the positive and the negative texts" in card
