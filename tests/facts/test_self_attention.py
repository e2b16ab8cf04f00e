"""The numbers, masks and programs of the deck on self-attention, worked out afresh."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Array = NDArray[np.float64]

QUOTED: dict[str, str] = {}


def said(text: Text, note: str, key: str) -> str:
    """A field of one of the deck's notes on a single line."""
    return prose(text(f"self-attention/{note}", key))


def softmax(x: Array, axis: int = -1) -> Array:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.asarray(e / e.sum(axis=axis, keepdims=True))


def attend(q: Array, k: Array, v: Array, allowed: Any = None) -> Array:
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf)
    return np.asarray(softmax(scores) @ v)


def normal(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def causal(n: int) -> NDArray[np.bool_]:
    return np.tril(np.ones((n, n), dtype=bool))


@pytest.mark.proves("two-key-weight")
def test_the_drill_is_the_first_entry_of_a_softmax_over_two_scaled_scores(drill: Callable[..., float]) -> None:
    for d in (4, 16, 64):
        for a in (0, 8, 12):
            for b in (2, 4, 16):
                weight = softmax(np.array([a, b]) / math.sqrt(d))[0]
                assert drill("self-attention/two-key-weight", d=d, a=a, b=b) == pytest.approx(weight)


@pytest.mark.proves("scaled-attention-steps", "explain-self-attention")
def test_the_steps_stand_in_the_order_of_the_formula(text: Text) -> None:
    steps = [said(text, "scaled-attention-steps", f"steps.of.{key}") for key in ("score", "scale", "mask", "normalise")]
    assert [r"QK^\top" in steps[0], r"\sqrt{d_k}" in steps[1], r"-\infty" in steps[2], "softmax" in steps[3]] == [
        True
    ] * 4
    x, wq, wk, wv = normal(5, 8), normal(8, 4, seed=1), normal(8, 4, seed=2), normal(8, 4, seed=3)
    out = attend(x @ wq, x @ wk, x @ wv, causal(5))
    weights = softmax(np.where(causal(5), (x @ wq) @ (x @ wk).T / 2, -np.inf))
    assert out == pytest.approx(weights @ (x @ wv))


@pytest.mark.proves("equal-keys", "column-sums")
def test_equal_keys_average_and_columns_may_sum_to_anything(text: Text) -> None:
    v = normal(6, 3, seed=1)
    assert attend(normal(4, 5), np.ones((6, 5)), v) == pytest.approx(np.tile(v.mean(axis=0), (4, 1)))
    assert said(text, "equal-keys", "a") == "The plain mean of all values."
    greedy = softmax(np.array([[50.0, 0, 0]] * 3))
    assert greedy.sum(axis=1) == pytest.approx(1)
    assert greedy.sum(axis=0) == pytest.approx([3, 0, 0])
    assert "between 0 and the number of rows" in said(text, "column-sums", "why")


@pytest.mark.proves("forgotten-scale-temperature", "scaled-twice")
def test_what_a_missing_and_a_second_scaling_do(text: Text) -> None:
    raw = normal(10) * 8
    assert softmax(raw) == pytest.approx(softmax(raw / math.sqrt(64) / (1 / 8)))
    assert "d_k = 64$ is coded without the scaling" in said(text, "forgotten-scale-temperature", "q")
    assert said(text, "forgotten-scale-temperature", "a").startswith("$1/8$: every score is 8 times too large")
    q, a, why = (said(text, "scaled-twice", key) for key in ("q", "a", "why"))
    assert "q / 8" in q
    assert math.isqrt(64) * 8 == 64
    assert "shrink 64-fold" in a
    right, wrong = softmax(np.array([16.0, 0]) / 8), softmax(np.array([16.0, 0]) / 64)
    assert f"weights of {right[0]:.2f} and {right[1]:.2f}, and come out as {wrong[0]:.2f} and {wrong[1]:.2f}." in why


@pytest.mark.proves("einsum-attention")
def test_the_einsum_program_is_attention(text: Text) -> None:
    names: dict[str, Any] = {"np": np, "softmax": softmax}
    names |= {"Q": normal(2, 3, 4), "K": normal(2, 5, 4, seed=1), "V": normal(2, 5, 4, seed=2)}
    exec(program(text("self-attention/einsum-attention", "cloze")), names)
    assert names["out"] == pytest.approx(attend(names["Q"], names["K"], names["V"]))


@pytest.mark.proves("which-attention", "encoder-side-computed-once")
def test_the_weights_have_the_shapes_in_the_table(text: Text) -> None:
    s, t = 7, 4
    source, target = normal(s, 6), normal(t, 6, seed=1)
    sizes = {s: "s", t: "t"}
    for name, q, k in (("self", target, target), ("cross", target, source)):
        shape = (q @ k.T).shape
        cell = text("self-attention/which-attention", f"contrast.by.weights.{name}")
        assert cell == rf"${sizes[shape[0]]} \times {sizes[shape[1]]}$"


@pytest.mark.proves("first-token-weight")
def test_the_first_causal_row_is_one_and_zeros(text: Text) -> None:
    weights = softmax(np.where(causal(5), normal(5, 5), -np.inf))
    assert weights[0] == pytest.approx([1, 0, 0, 0, 0])
    assert float(text("self-attention/first-token-weight", "typed")) == weights[0, 0]


@pytest.mark.proves("causal-pairs", "score-multiplications")
def test_pairs_and_multiplications_are_counted(drill: Callable[..., float]) -> None:
    for n in (4, 6, 8, 10, 20, 50, 100):
        assert drill("self-attention/causal-pairs", n=n) == causal(n).sum()
    for n, d in ((10, 8), (20, 32), (50, 64)):
        counted = sum(len(range(d)) for _query in range(n) for _key in range(n))
        assert drill("self-attention/score-multiplications", n=n, d=d) == counted


@pytest.mark.proves("right-padding-causal")
def test_padding_on_the_right_changes_no_real_output_and_on_the_left_it_does(text: Text) -> None:
    x, pad = normal(3, 4), normal(2, 4, seed=9)
    alone = attend(x, x, x, causal(3))
    right, left = np.concatenate([x, pad]), np.concatenate([pad, x])
    assert attend(right, right, right, causal(5))[:3] == pytest.approx(alone)
    assert attend(left, left, left, causal(5))[2:] != pytest.approx(alone)
    assert "must be masked" in said(text, "right-padding-causal", "why")


@pytest.mark.proves("row-of-infinities")
def test_a_row_of_infinities_is_nan_and_a_row_of_large_negatives_uniform(text: Text) -> None:
    row = np.full(4, -np.inf)
    with np.errstate(invalid="ignore"):
        assert np.isnan(np.exp(row) / np.exp(row).sum()).all()
        assert np.isnan(softmax(row)).all()
    # in single precision, scores of ordinary size vanish beside the mask
    scores = (normal(4).astype(np.float32) + np.float32(-1e9)).astype(np.float32)
    assert softmax(scores.astype(np.float64)) == pytest.approx(0.25)
    assert said(text, "row-of-infinities", "a").startswith("NaN")
    assert "$-10^9$" in said(text, "row-of-infinities", "why")


@pytest.mark.proves("mask-polarity", "sdpa-call")
def test_the_call_names_the_function_and_its_switch(text: Text) -> None:
    q = normal(2, 3, 5, 4)
    calls = SimpleNamespace(
        scaled_dot_product_attention=lambda q, k, v, is_causal=False: attend(q, k, v, causal(5) if is_causal else None)
    )
    names: dict[str, Any] = {"F": calls, "q": q, "k": q, "v": q}
    exec(program(text("self-attention/sdpa-call", "cloze")), names)
    assert names["out"] == pytest.approx(attend(q, q, q, causal(5)))
    table = filled(text("self-attention/mask-polarity", "cloze"))
    assert "`F.scaled_dot_product_attention` | may be attended to |" in table
    assert "`nn.MultiheadAttention` | is hidden |" in table


@pytest.mark.proves("cost-of-next-token")
def test_a_new_token_is_one_query_against_all_keys(text: Text) -> None:
    k = normal(9, 4)
    assert (normal(1, 4, seed=1) @ k.T).shape == (1, 8 + 1)
    assert sum(t + 1 for t in range(100)) == 100 * 101 // 2
    assert "$t + 1$ keys" in said(text, "cost-of-next-token", "a")


@pytest.mark.proves("shuffled-memory", "pooled-bag-of-words")
def test_shuffled_pairs_change_nothing_and_a_mean_forgets_the_order(text: Text) -> None:
    q, k, v, order = normal(3, 4), normal(6, 4, seed=1), normal(6, 4, seed=2), np.array([3, 0, 5, 1, 4, 2])
    assert attend(q, k[order], v[order]) == pytest.approx(attend(q, k, v))
    assert attend(q, k, v[order]) != pytest.approx(attend(q, k, v))

    def deep(x: Array) -> Array:
        for layer in range(3):
            w = normal(4, 4, seed=10 + layer)
            x = x + attend(x @ w, x, x @ w.T)
        return np.asarray(x.mean(axis=0))

    assert deep(v[order]) == pytest.approx(deep(v))
    assert deep(np.concatenate([v, v[:1]])) != pytest.approx(deep(v))
    assert deep(np.concatenate([v, v])) == pytest.approx(deep(v))
    assert "in which proportions" in said(text, "pooled-bag-of-words", "a")
