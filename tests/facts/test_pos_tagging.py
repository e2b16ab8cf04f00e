"""Facts of the deck on part-of-speech tagging, computed by counting and by trying all tag sequences."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {
    "baseline-accuracy": "jurafsky2026, Sequence Labeling, Part-of-Speech Tagging: about 92%, and 97% for taggers",
}


def chain(tags: int, words: int, seed: int) -> tuple[Array, Array, Array]:
    """Start, transition and emission probabilities of some HMM."""
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(tags)), rng.dirichlet(np.ones(tags), tags), rng.dirichlet(np.ones(words), tags)


def likelihood(path: tuple[int, ...], words: list[int], start: Array, A: Array, B: Array) -> float:
    moves = [start[path[0]], *(A[i, j] for i, j in itertools.pairwise(path))]
    return float(math.prod([*moves, *(B[tag, word] for tag, word in zip(path, words, strict=True))]))


@pytest.mark.proves("baseline-code")
def test_the_baseline_gives_each_word_its_most_frequent_tag(text: Text) -> None:
    pairs = [("the", "DET"), ("run", "VERB"), ("run", "NOUN"), ("run", "NOUN")]
    names: dict[str, Any] = {"Counter": Counter, "defaultdict": defaultdict, "pairs": pairs}
    names["sentence"] = ["the", "run", "blorb"]
    exec(program(text("pos-tagging/baseline-code", "cloze")), names)
    assert names["tagged"] == [("the", "DET"), ("run", "NOUN"), ("blorb", "NOUN")]


@pytest.mark.proves("emission-direction", "hmm-formula")
def test_the_emission_is_the_posterior_with_the_prior_divided_out(text: Text) -> None:
    counts = np.array([[3.0, 5, 2], [1, 4, 9]])
    joint = counts / counts.sum()
    tag, word = joint.sum(1, keepdims=True), joint.sum(0, keepdims=True)
    assert joint / tag == pytest.approx((joint / word) * word / tag)
    assert r"P(t_i \mid w_i) \, P(w_i) / P(t_i)" in prose(text("pos-tagging/emission-direction", "why"))
    assert r"P(w_i \mid t_i) \; P(t_i \mid t_{i-1})" in prose(filled(text("pos-tagging/hmm-formula", "cloze")))


@pytest.mark.proves("emission-drill")
def test_the_emission_divides_by_the_count_of_the_tag(drill: Drill) -> None:
    corpus = [("will", "MD")] * 200 + [("can", "MD")] * 800 + [("will", "NN")] * 50
    modals = [word for word, tag in corpus if tag == "MD"]
    assert drill("pos-tagging/emission-drill", m=1000, w=200, n=50) == modals.count("will") / len(modals)


@pytest.mark.proves("verb-or-noun-drill")
def test_the_verb_wins_although_the_word_speaks_for_the_noun(drill: Drill, text: Text) -> None:
    for tv, tn, ev, en in itertools.product((0.8, 0.6), (0.02, 0.05), (0.0001, 0.0002), (0.0004, 0.0005)):
        factor = drill("pos-tagging/verb-or-noun-drill", tv=tv, tn=tn, ev=ev, en=en)
        assert factor == pytest.approx((tv / tn) * (ev / en))
        assert ev < en
        assert factor > 1
    assert "The word alone speaks for the noun" in prose(text("pos-tagging/verb-or-noun-drill", "why"))


@pytest.mark.proves("viterbi-code", "viterbi-recursion", "teach-viterbi")
def test_the_code_finds_the_best_of_all_tag_sequences(text: Text) -> None:
    code = program(text("pos-tagging/viterbi-code", "cloze"))
    for seed in range(20):
        start, A, B = chain(3, 4, seed)
        words = [int(word) for word in np.random.default_rng(seed + 100).integers(4, size=6)]
        names: dict[str, Any] = {"start": np.log(start), "A": np.log(A), "B": np.log(B), "words": words}
        exec(code, names)
        best = max(itertools.product(range(3), repeat=6), key=lambda path: likelihood(path, words, start, A, B))
        assert tuple(int(tag) for tag in names["tags"]) == best
    assert r"\max_i \; v_{t-1}(i) \, a_{ij} \; b_j(o_t)" in prose(
        filled(text("pos-tagging/viterbi-recursion", "cloze"))
    )
    assert 0.01**200 == 0


@pytest.mark.proves("greedy-goes-wrong")
def test_the_best_path_need_not_start_with_the_best_beginning() -> None:
    found = 0
    for seed in range(50):
        start, A, B = chain(3, 4, seed)
        words = [0, 1]
        best = max(itertools.product(range(3), repeat=2), key=lambda path: likelihood(path, words, start, A, B))
        found += best[0] != int((start * B[:, 0]).argmax())
    assert found > 0


@pytest.mark.proves("viterbi-cell-drill")
def test_one_cell_of_viterbi(drill: Drill) -> None:
    score = drill("pos-tagging/viterbi-cell-drill", n=0.04, v=0.03, nn=0.2, vn=0.5, b=0.1)
    assert score == pytest.approx(0.03 * 0.5 * 0.1)
    score = drill("pos-tagging/viterbi-cell-drill", n=0.06, v=0.02, nn=0.3, vn=0.5, b=0.2)
    assert score == pytest.approx(0.06 * 0.3 * 0.2)


@pytest.mark.proves("viterbi-drill", "viterbi-steps", "trigram-cost")
def test_the_number_of_products_by_counting_them(drill: Drill, text: Text) -> None:
    for n, t in ((10, 6), (20, 11), (40, 21)):
        assert drill("pos-tagging/viterbi-drill", n=n, t=t) == sum(1 for _ in range(1, t) for _ in range(n * n))
    for n in (3, 5):
        pairs = list(itertools.product(range(n), repeat=2))
        moves = sum(first[1] == second[0] for first in pairs for second in pairs)
        assert moves == n * n**2
    assert "from $N^2$ to $N^3$ per word" in prose(text("pos-tagging/trigram-cost", "a"))
    assert "$N^2 T$" in text("pos-tagging/viterbi-drill", "why")


@pytest.mark.proves("crf-forward", "crf-formula")
def test_the_forward_algorithm_sums_over_all_sequences(text: Text) -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(4, 3, 3))
    first = rng.normal(size=3)
    total = first
    for step in scores:
        total = np.log(np.exp(total[:, None] + step).sum(0))
    brute = sum(
        math.exp(first[path[0]] + sum(scores[k, path[k], path[k + 1]] for k in range(4)))
        for path in itertools.product(range(3), repeat=5)
    )
    assert math.log(float(np.exp(total).sum())) == pytest.approx(math.log(brute))
    assert prose(text("pos-tagging/crf-forward", "a")).startswith("Sum over the predecessors")
    card = prose(filled(text("pos-tagging/crf-formula", "cloze")))
    assert r"\frac{\exp \sum_i s_i(y_{i-1}, y_i, x)}{\sum_{y'} \exp \sum_i s_i(y'_{i-1}, y'_i, x)}$" in card


@pytest.mark.proves("label-bias")
def test_with_one_successor_the_word_has_no_influence(text: Text) -> None:
    for score in (-50.0, 0.0, 50.0):
        assert math.exp(score) / sum(math.exp(each) for each in [score]) == 1
    assert prose(text("pos-tagging/label-bias", "a")).startswith("None")


@pytest.mark.proves("sentence-drill")
def test_few_sentences_are_free_of_errors(drill: Drill) -> None:
    free = drill("pos-tagging/sentence-drill", p=97, n=20)
    rng = np.random.default_rng(1)
    assert free == pytest.approx((rng.random((40_000, 20)) < 0.97).all(1).mean(), abs=0.01)
    assert free == pytest.approx(0.54, abs=0.01)
