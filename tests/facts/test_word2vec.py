"""Facts of the deck on word2vec, computed on small vocabularies."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {}


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def gradient(f: Callable[[Array], float], x: Array, h: float = 1e-6) -> Array:
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(x.size)])


@pytest.mark.proves("pairs-drill")
def test_pairs_of_a_fixed_window(drill: Drill) -> None:
    for n in (10, 12, 30):
        for c in (1, 3, 5):
            pairs = [(i, j) for i in range(n) for j in range(n) if i != j and abs(i - j) <= c]
            assert drill("word2vec/pairs-drill", n=n, c=c) == len(pairs)


@pytest.mark.proves("window-shrunk-drill")
def test_a_shrunk_window_reaches_near_words_more_often(drill: Drill) -> None:
    for c in (4, 5, 10):
        for d in (1, 2, 4):
            reached = Fraction(sum(width >= d for width in range(1, c + 1)), c)
            assert drill("word2vec/window-shrunk-drill", c=c, d=d) == pytest.approx(float(reached))


@pytest.mark.proves("vectors-touched")
def test_only_the_pair_and_its_negatives_touch_output_vectors(text: Text) -> None:
    q = prose(text("word2vec/vectors-touched", "q"))
    assert "5 negative samples" in q
    rng = np.random.default_rng(0)
    V, U = rng.normal(size=(50, 4)), rng.normal(size=(50, 4))
    before = U.copy()
    step(text, V, U, 3, 7, [1, 2, 4, 5, 6], 0.1)
    assert int((U != before).any(axis=1).sum()) == int(text("word2vec/vectors-touched", "typed"))


def step(text: Text, V: Array, U: Array, centre: int, context: int, negatives: list[int], lr: float) -> None:
    names = {"V": V, "U": U, "centre": centre, "context": context, "negatives": negatives, "lr": lr}
    exec(program(text("word2vec/sgns-step-code", "cloze")), {"np": np, "sigmoid": sigmoid, **names})


@pytest.mark.proves("negative-sampling-formula", "sgns-step-code")
def test_the_step_follows_the_gradient_of_the_objective(text: Text) -> None:
    said = prose(filled(text("word2vec/negative-sampling-formula", "cloze")))
    assert r"$$\log \sigma(u^\top v) + \sum_{j=1}^{k} \log \sigma(-u_j^\top v)$$" in said
    rng = np.random.default_rng(1)
    V, U = rng.normal(size=(9, 4)), rng.normal(size=(9, 4))
    centre, context, negatives = 2, 5, [0, 3, 8]

    def loss(v: Array, u: Array) -> float:
        good = np.log(sigmoid(u[context] @ v))
        return -float(good + sum(np.log(sigmoid(-u[j] @ v)) for j in negatives))

    expected_v = V[centre] - 0.1 * gradient(lambda v: loss(v, U), V[centre])
    expected_u = U - 0.1 * gradient(lambda u: loss(V[centre], u.reshape(U.shape)), U.ravel()).reshape(U.shape)
    step(text, V, U, centre, context, negatives, 0.1)
    assert V[centre] == pytest.approx(expected_v, abs=1e-6)
    assert np.abs(U - expected_u).max() < 1e-6


@pytest.mark.proves("no-negatives", "two-vectors")
def test_one_long_vector_satisfies_all_positive_pairs() -> None:
    v = np.full(4, 5.0)
    assert np.log(sigmoid(v @ v)) == pytest.approx(0)
    assert min(float(w @ w) for w in np.random.default_rng(2).normal(size=(100, 4))) >= 0


@pytest.mark.proves("noise-drill")
def test_the_noise_favours_rare_words(text: Text, drill: Drill) -> None:
    for a, root in ((16, 2), (81, 3), (256, 4)):
        for b, other in ((625, 5), (10000, 10)):
            share = root**3 / (root**3 + other**3)
            assert drill("word2vec/noise-drill", a=a, b=b) == pytest.approx(share)
            assert a / (a + b) < share < 0.5
    assert "power 3/4" in prose(text("word2vec/noise-drill", "why"))


@pytest.mark.proves("shifted-pmi")
def test_the_optimum_of_each_pair_is_its_pmi_less_the_logarithm_of_k(text: Text) -> None:
    counts = np.array([[8.0, 1, 1], [2, 6, 4], [1, 3, 10]])
    total, words, contexts = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    pmi = np.log(counts * total / np.outer(words, contexts))
    for k in (1, 5):
        noise = k * np.outer(words, contexts) / total
        scores = np.zeros((3, 3))
        for _ in range(20_000):
            scores += 0.05 * (counts * sigmoid(-scores) - noise * sigmoid(scores)) / counts
        assert scores == pytest.approx(pmi - math.log(k), abs=1e-6)
    assert r"= \mathrm{PMI}(w, c) - \ln k$" in prose(filled(text("word2vec/shifted-pmi", "cloze")))


@pytest.mark.proves("tree-decisions-drill", "inner-nodes")
def test_a_balanced_tree_has_log_v_levels_and_one_node_less_than_leaves(text: Text, drill: Drill) -> None:
    for v in (1024, 65536, 1048576):
        levels, width, inner = 0, 1, 0
        while width < v:
            inner, width, levels = inner + width, 2 * width, levels + 1
        assert drill("word2vec/tree-decisions-drill", v=v) == levels
        assert inner == v - 1
    assert "$V - 1$" in text("word2vec/inner-nodes", "a")


@pytest.mark.proves("tree-path")
def test_the_leaves_of_the_tree_sum_to_1(text: Text) -> None:
    for s1, s2 in ((0.3, -1.2), (-2.0, 0.5)):
        the, cat = sigmoid(-s1), sigmoid(s1) * sigmoid(s2)
        dog = sigmoid(s1) * sigmoid(-s2)
        assert the + cat + dog == pytest.approx(1)
    said = prose(filled(text("word2vec/tree-path", "cloze")))
    assert said.endswith(r"= \sigma(s_1) \cdot \sigma(-s_2)$")


@pytest.mark.proves("huffman")
def test_a_huffman_tree_is_on_average_within_a_bit_of_the_entropy() -> None:
    counts = [1000 / rank for rank in range(1, 257)]
    heap = [(count, index, 0.0) for index, count in enumerate(counts)]
    heapq.heapify(heap)
    cost, serial = 0.0, len(heap)
    while len(heap) > 1:
        one, two = heapq.heappop(heap), heapq.heappop(heap)
        cost += one[0] + two[0]
        serial += 1
        heapq.heappush(heap, (one[0] + two[0], serial, 0.0))
    p = np.array(counts) / sum(counts)
    entropy, depth = float(-(p * np.log2(p)).sum()), cost / sum(counts)
    assert entropy <= depth < entropy + 1
    assert depth < math.log2(256) - 1


@pytest.mark.proves("subsampling-formula", "subsampling-drill")
def test_subsampling_keeps_the_order_of_frequencies(text: Text, drill: Drill) -> None:
    assert r"$1 - \sqrt{t / f}$" in prose(filled(text("word2vec/subsampling-formula", "cloze")))
    kept = [drill("word2vec/subsampling-drill", f=f) for f in (0.001, 0.004, 0.016, 0.064)]
    assert kept == pytest.approx([0.1, 0.05, 0.025, 0.0125])
    left = [f * share for f, share in zip((0.001, 0.004, 0.016, 0.064), kept, strict=True)]
    assert left == sorted(left)
    assert r"$\sqrt{t / f} + t / f$ of them" in prose(text("word2vec/subsampling-formula", "why"))
    for f in (0.001, 0.064):
        released = (math.sqrt(f / 1e-5) + 1) * 1e-5 / f
        assert released == pytest.approx(math.sqrt(1e-5 / f) + 1e-5 / f)
    assert "$t = 10^{-5}$" in text("word2vec/subsampling-drill", "drill.ask")


@pytest.mark.proves("subsampling-widens")
def test_after_subsampling_a_window_reaches_further_in_the_text(text: Text) -> None:
    rng = np.random.default_rng(3)
    frequent = rng.random(10_000) < 0.5
    places = np.flatnonzero(~frequent | (rng.random(10_000) < 0.05))
    assert float((places[5:] - places[:-5]).mean()) > 8
    assert "window of 5" in prose(text("word2vec/subsampling-widens", "q"))
    assert "within 5" in prose(text("word2vec/subsampling-widens", "a"))


@pytest.mark.proves("both-matrices-drill")
def test_both_matrices_count(drill: Drill) -> None:
    for d, v in ((100, 10_000), (200, 50_000)):
        assert drill("word2vec/both-matrices-drill", d=d, v=v) == sum(np.empty((v, d)).size for _ in "VU")
    assert drill("word2vec/both-matrices-drill", d=300, v=3_000_000) == 1_800_000_000


@pytest.mark.proves("sum-of-cosines")
def test_the_sum_of_cosines_ranks_as_the_sum_of_vectors_does() -> None:
    E = np.random.default_rng(5).normal(size=(30, 6))
    E /= np.linalg.norm(E, axis=1, keepdims=True)
    king, man, woman = E[:3]
    sums = E @ king - E @ man + E @ woman
    assert (np.argsort(sums) == np.argsort(E @ (king - man + woman))).all()


@pytest.mark.proves("analogy-code", "inputs-excluded")
def test_the_analogy_and_what_comes_without_its_rule(text: Text) -> None:
    rng = np.random.default_rng(4)
    royal, female, rest = np.eye(6)[0], np.eye(6)[1], rng.normal(size=(20, 6))
    words = [royal, royal + 0.4 * female, 0.2 * royal, 0.2 * royal + 0.4 * female]
    words = [word + np.array([0, 0, 0, 0, 1.0, 0.5]) for word in words]
    E = np.stack([*words, *rest])
    E = E / np.linalg.norm(E, axis=1, keepdims=True)
    king, queen, man, woman = range(4)
    names: dict[str, Any] = {"np": np}
    exec(program(text("word2vec/analogy-code", "cloze")), names)
    assert names["analogy"](E, man, king, woman) == queen
    # a pair of words that hardly differ: the sum stays nearest to where it began
    near = E.copy()
    near[woman] = near[man] + 0.05 * rng.normal(size=6)
    near[woman] /= np.linalg.norm(near[woman])
    assert (near @ (near[king] - near[man] + near[woman])).argmax() == king
    assert prose(text("word2vec/inputs-excluded", "a")) == "`king` itself."
