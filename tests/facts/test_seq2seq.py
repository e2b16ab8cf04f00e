"""Probabilities, searches and programs of the deck on sequence to sequence, worked out afresh."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = NDArray[np.float64]

QUOTED: dict[str, str] = {
    "reversed-source": "sutskever2014 §3.3: the BLEU scores 25.9 and 30.6",
    "gnmt-penalty": "wu2016 §7, equation 14; vaswani2017 §6.1 for 0.6",
}


def said(text: Text, note: str, key: str) -> str:
    """A field of one of the deck's notes on a single line."""
    return prose(text(f"seq2seq/{note}", key))


def log_softmax(x: Array) -> Array:
    return np.asarray(x - np.log(np.exp(x).sum(axis=-1, keepdims=True)))


class Toy:
    """A decoder over four tokens, 0 the start and 3 the end, whose next scores depend on the last token alone."""

    def __init__(self, seed: int) -> None:
        self.table = log_softmax(np.random.default_rng(seed).normal(size=(4, 4)) * 2)

    def step(self, token: int, state: int) -> tuple[Array, int]:
        return self.table[token], state + 1

    def log_probability(self, tokens: tuple[int, ...]) -> float:
        return float(sum(self.table[a, b] for a, b in zip((0, *tokens[:-1]), tokens, strict=True)))


@pytest.mark.proves("conditional-factorisation", "end-token-needed")
def test_with_an_end_token_the_sequences_of_all_lengths_sum_to_one() -> None:
    toy, total = Toy(0), 0.0
    alive = np.array([1.0, 0, 0])
    go = np.exp(toy.table)
    for _length in range(500):
        total += float(alive @ go[:3, 3])
        alive = alive @ go[:3, :3]
    assert total == pytest.approx(1)


@pytest.mark.proves("reversed-source")
def test_reversal_brings_the_first_words_together_and_leaves_the_mean() -> None:
    n = 10
    plain = [n + i - i for i in range(n)]
    reverse = [n + i - (n - 1 - i) for i in range(n)]
    assert min(reverse) == 1
    assert sum(reverse) == sum(plain)


@pytest.mark.proves("bigger-vector")
def test_twice_the_state_has_four_times_the_recurrent_weights(text: Text) -> None:
    assert np.empty((2000, 2000)).size == 4 * np.empty((1000, 1000)).size
    assert "quadruples the recurrent weights" in said(text, "bigger-vector", "a")


@pytest.mark.proves("error-free-prefix")
def test_the_chance_of_no_error_is_a_product(drill: Drill) -> None:
    for p, n in product((0.01, 0.02, 0.05, 0.1), (10, 20, 50)):
        assert drill("seq2seq/error-free-prefix", p=p, n=n) == pytest.approx(math.prod([1 - p] * n))


@pytest.mark.proves("greedy-loop")
def test_the_greedy_program_takes_the_best_token_each_time(text: Text) -> None:
    names: dict[str, Any] = {"np": np}
    exec(program(text("seq2seq/greedy-loop", "cloze")), names)
    for seed in range(8):
        toy, expected, token = Toy(seed), [], 0
        for _step in range(6):
            token = max(range(4), key=lambda t: toy.table[token, t])
            if token == 3:
                break
            expected.append(token)
        assert names["greedy"](toy.step, 0, 0, 3, 6) == expected


@pytest.mark.proves("greedy-misses")
def test_greedy_search_misses_the_better_pair(text: Text) -> None:
    first, second = {"A": 0.6, "B": 0.4}, {"A": 0.5, "B": 0.9}
    pairs = {word: first[word] * second[word] for word in first}
    greedy, best = max(first, key=lambda word: first[word]), max(pairs, key=lambda word: pairs[word])
    assert (greedy, best) == ("A", "B")
    q = said(text, "greedy-misses", "q")
    assert f"A {first['A']}, B {first['B']}" in q
    assert f"probability {second['A']} after A, {second['B']} after B" in q
    assert f"starts with {best}, with probability {pairs['B']:.2f} against {pairs['A']:.2f}." in said(
        text, "greedy-misses", "a"
    )


@pytest.mark.proves("beam-code", "beam-steps", "beam-limits", "beam-candidates")
def test_the_beam_step_keeps_the_best_extensions(text: Text, drill: Drill) -> None:
    k, vocabulary = 3, 5
    rng = np.random.default_rng(1)
    scores, log_probs = rng.normal(size=k), log_softmax(rng.normal(size=(k, vocabulary)))
    names: dict[str, Any] = {"np": np, "k": k, "scores": scores, "log_probs": log_probs}
    exec(program(text("seq2seq/beam-code", "cloze")), names)
    table = {(i, t): scores[i] + log_probs[i, t] for i, t in product(range(k), range(vocabulary))}
    assert len(table) == k * vocabulary
    best = sorted(table, key=lambda pair: table[pair])[-k:]
    assert list(zip(names["parents"], names["tokens"], strict=True)) == best
    for width, v in product((2, 4, 5, 10), (100, 1000, 32000, 50000)):
        assert drill("seq2seq/beam-candidates", k=width, v=v) == sum(v for _hypothesis in range(width))
    toy = Toy(4)
    beams: dict[int, tuple[int, ...]] = {}
    for width in (1, 4**3):
        kept: list[tuple[int, ...]] = [()]
        for _step in range(3):
            grown = [(*prefix, token) for prefix in kept for token in range(4)]
            kept = sorted(grown, key=toy.log_probability)[-width:]
        beams[width] = kept[-1]
    exact = max(product(range(4), repeat=3), key=toy.log_probability)
    assert beams[4**3] == exact
    token, walk = 0, []
    for _step in range(3):
        token = int(np.argmax(toy.table[token]))
        walk.append(token)
    assert list(beams[1]) == walk


@pytest.mark.proves("short-is-probable", "which-hypothesis-wins")
def test_division_by_length_turns_the_order(text: Text) -> None:
    score = -4 // 4
    assert f"Above ${score * 8}$: its score is then above ${score}$" in said(text, "which-hypothesis-wins", "a")
    question = said(text, "which-hypothesis-wins", "q")
    assert "of 4 tokens has log-probability $-4$. Above which log-probability does one of 8 tokens win" in question
    assert said(text, "which-hypothesis-wins", "why") == "Without the division it would have to be above $-4$."
    assert max(math.log(p) for p in np.linspace(0.01, 0.99, 50)) < 0


@pytest.mark.proves("gnmt-score", "gnmt-penalty")
def test_the_length_penalty_is_one_for_one_token_and_grows(drill: Drill, text: Text) -> None:
    def penalty(n: int, alpha: float) -> float:
        return float((5 + n) ** alpha / (5 + 1) ** alpha)

    for alpha, n, logp in product((0.5, 1), (7, 19, 49), (-6, -12, -18)):
        assert drill("seq2seq/gnmt-score", alpha=alpha, n=n, logp=logp) == pytest.approx(logp / penalty(n, alpha))
    assert penalty(1, 0.6) == penalty(30, 0) == 1
    note = prose(filled(text("seq2seq/gnmt-penalty", "cloze")))
    assert r"\left( \frac{5 + |Y|}{6} \right)" in note
    assert r"With $\alpha = 0$ it is the plain log-probability; a larger $\alpha$ lets longer outputs win" in note


@pytest.mark.proves("pointer-generator-number", "pointer-generator-formula")
def test_a_pointer_generator_mixes_two_distributions(drill: Drill, text: Text) -> None:
    for gen, voc, a in product((0.2, 0.5, 0.8), (0, 0.1, 0.2), (0.2, 0.3, 0.5)):
        source = [("name", a), ("other", 0.9 - a), ("name", 0.1)]
        vocabulary = {"name": voc, "other": 1 - voc}
        mixed = {word: gen * vocabulary[word] for word in vocabulary}
        for word, weight in source:
            mixed[word] += (1 - gen) * weight
        assert sum(mixed.values()) == pytest.approx(1)
        assert drill("seq2seq/pointer-generator-number", gen=gen, voc=voc, a=a) == pytest.approx(mixed["name"])
    assert r"\sum_{i: w_i = w} a_i" in filled(text("seq2seq/pointer-generator-formula", "cloze"))
