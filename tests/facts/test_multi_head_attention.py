"""The shapes, counts and programs of the deck on multi-head attention, worked out afresh."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Array = NDArray[np.float64]

QUOTED: dict[str, str] = {
    "heads-pruned-after": "voita2019 abstract: 38 of 48 encoder heads, 0.15 BLEU",
    "uptrain-from-heads": "ainslie2023 abstract: 5% of the original pre-training compute",
}


def said(text: Text, note: str, key: str) -> str:
    """A field of one of the deck's notes on a single line."""
    return prose(text(f"multi-head-attention/{note}", key))


def attention(q: Array, k: Array, v: Array) -> Array:
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True) @ v)


def normal(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def by_head(x: Array, w: list[Array], h: int) -> Array:
    """Multi-head attention head by head: each takes its own columns of W_q, W_k, W_v and its own rows of W_o."""
    width = x.shape[1] // h
    out = np.zeros((x.shape[0], w[3].shape[1]))
    for i in range(h):
        own = slice(i * width, (i + 1) * width)
        out += attention(x @ w[0][:, own], x @ w[1][:, own], x @ w[2][:, own]) @ w[3][own]
    return out


@pytest.mark.proves("multi-head-code", "multi-head-flow")
def test_the_program_on_the_card_is_the_sum_over_heads(text: Text) -> None:
    names: dict[str, Any] = {"attention": attention}
    exec(program(text("multi-head-attention/multi-head-code", "cloze")), names)
    x, w = normal(5, 12), [normal(12, 12, seed=s) for s in range(1, 5)]
    assert names["multi_head"](x, *w, 3) == pytest.approx(by_head(x, w, 3))
    assert "# shape (h, n, d // h)" in filled(text("multi-head-attention/multi-head-code", "cloze"))


@pytest.mark.proves("batched-split-code")
def test_a_batch_is_split_as_each_of_its_texts_alone(text: Text) -> None:
    b, n, d, h = 2, 5, 12, 3
    x, w = normal(b, n, d), [normal(d, d, seed=s) for s in range(1, 5)]
    names: dict[str, Any] = {"np": np, "x": x, "W_qkv": np.concatenate(w[:3], axis=1), "b": b, "n": n, "d": d, "h": h}
    exec(program(text("multi-head-attention/batched-split-code", "cloze")), names)
    heads = attention(names["q"], names["k"], names["v"])
    assert heads.shape == (b, h, n, d // h)
    joined = heads.swapaxes(1, 2).reshape(b, n, d) @ w[3]
    for one, alone in zip(joined, x, strict=True):
        assert one == pytest.approx(by_head(alone, w, h))


@pytest.mark.proves("projection-shapes")
def test_the_matrices_have_the_shapes_on_the_card(text: Text) -> None:
    n, d, h, d_k, d_v = 5, 12, 3, 2, 7
    x = normal(n, d)
    heads = [attention(x @ normal(d, d_k), x @ normal(d, d_k, seed=i), x @ normal(d, d_v)) for i in range(h)]
    assert (np.concatenate(heads, axis=1) @ normal(h * d_v, d)).shape == x.shape
    note = filled(text("multi-head-attention/projection-shapes", "cloze"))
    assert r"$d \times d_k$" in note
    assert r"$h d_v \times d$" in note


@pytest.mark.proves("many-narrow-same-cost")
def test_eight_narrow_heads_multiply_as_often_as_a_wide_one(text: Text) -> None:
    n = 10
    assert 8 * (2 * n * n * 64) == 2 * n * n * 512
    assert "8 heads of width 64" in said(text, "many-narrow-same-cost", "q")
    assert "add up to 512" in said(text, "many-narrow-same-cost", "a")
    assert 64 / 512 == 1 / 8
    assert "an eighth as long" in said(text, "many-narrow-same-cost", "why")


@pytest.mark.proves("equal-initial-heads")
def test_equal_heads_get_equal_gradients() -> None:
    x, target = normal(4, 6), normal(4, 6, seed=9)
    half = [normal(6, 3, seed=s) for s in (1, 2, 3)]
    w = [np.concatenate([m, m], axis=1) for m in half]
    block = normal(3, 6, seed=4)
    w.append(np.concatenate([block, block]))

    def loss(i: int, row: int, column: int, eps: float) -> float:
        moved = [m.copy() for m in w]
        moved[i][row, column] += eps
        return float(((by_head(x, moved, 2) - target) ** 2).sum())

    for i in range(3):
        slopes = [(loss(i, 1, c, 1e-5) - loss(i, 1, c, -1e-5)) / 2e-5 for c in (2, 5)]
        assert slopes[0] == pytest.approx(slopes[1], rel=1e-5)
    slopes = [(loss(3, r, 1, 1e-5) - loss(3, r, 1, -1e-5)) / 2e-5 for r in (2, 5)]
    assert slopes[0] == pytest.approx(slopes[1], rel=1e-5)


@pytest.mark.proves("in-proj-rows", "batch-first-trap", "averaged-weights")
def test_one_matrix_projects_to_all_three(drill: Callable[..., float], text: Text) -> None:
    for d, h in product((128, 256, 512, 768), (4, 8, 16)):
        stacked = np.concatenate([np.zeros((d // h, d)) for _kind in "qkv" for _head in range(h)])
        assert drill("multi-head-attention/in-proj-rows", d=d, h=h) == stacked.shape[0]
    assert "nn.MultiheadAttention(512, 8)" in said(text, "batch-first-trap", "q")
    assert "(batch, tokens, 512)" in said(text, "batch-first-trap", "q")
    weights = normal(2, 8, 5, 5)
    assert weights.mean(axis=1).shape == (2, 5, 5)
    assert "with 8 heads" in said(text, "averaged-weights", "q")


@pytest.mark.proves("head-rank", "too-many-heads")
def test_the_rank_of_a_heads_scores_is_its_width(text: Text) -> None:
    form = normal(512, 64) @ normal(64, 512, seed=1)
    rank = int(np.linalg.matrix_rank(form))
    assert 512 - rank == int(text("multi-head-attention/head-rank", "typed"))
    blind = np.linalg.svd(form.T)[2][rank:]
    assert blind @ form == pytest.approx(np.zeros((512 - rank, 512)), abs=1e-8)
    assert f"of rank {rank} at most" in said(text, "head-rank", "why")
    assert "One head of width 64 scores token vectors of width 512" in said(text, "head-rank", "q")
    assert r"$512 \times 512$" in said(text, "head-rank", "why")
    x = normal(40, 16)
    for h in (1, 2, 4, 8):
        width = 16 // h
        assert np.linalg.matrix_rank(x @ normal(16, width) @ normal(width, 16, seed=1) @ x.T) == width


@pytest.mark.proves("where-and-what", "factored-value-output")
def test_a_head_depends_on_two_products_only(text: Text) -> None:
    x, wq, wk, wv, wo = normal(5, 6), *(normal(6, 2, seed=s) for s in (1, 2, 3)), normal(2, 6, seed=4)
    mix = np.array([[2.0, 1.0], [0.5, 3.0]])
    inverse = np.linalg.inv(mix)
    one = attention(x @ wq, x @ wk, x @ wv) @ wo
    other = attention(x @ wq @ mix, x @ wk @ inverse.T, x @ wv @ mix) @ (inverse @ wo)
    assert one == pytest.approx(other)
    why = said(text, "factored-value-output", "why")
    d, width = 512, 64
    assert f"$d = {d}$ and $d_k = {width}$" in why
    assert f"{2 * d * width:,} against {d * d:,} in every head" in why


@pytest.mark.proves("induction-head")
def test_the_induction_head_copies_what_followed(text: Text) -> None:
    diagram = filled(text("multi-head-attention/induction-head", "cloze"))
    line = next(line for line in diagram.splitlines() if line.endswith("?"))
    tokens = line.split()[:-1]
    last = tokens[-1]
    follower = tokens[tokens.index(last) + 1]
    assert last == "cat"
    assert "attends to the token after the earlier cat" in diagram
    assert "raises the probability of that same token" in diagram
    assert f"So it expects `{follower}`" in said(text, "induction-head", "why")


@pytest.mark.proves("shared-heads-contrast", "cache-per-token", "grouped-query-weights")
def test_cache_and_weights_follow_from_the_key_value_heads(drill: Callable[..., float], text: Text) -> None:
    for layers, h, g, w in product((16, 32, 64, 80), (32, 64), (1, 4, 8, 32), (64, 128)):
        cached = [np.zeros((g, w), dtype=np.float16) for _layer in range(layers) for _kind in "kv"]
        kib = sum(array.nbytes for array in cached) / 1024
        assert drill("multi-head-attention/cache-per-token", layers=layers, h=h, g=g, w=w) == kib
    for d, h, g in product((64, 128, 256, 512), (8, 16), (1, 2, 4)):
        width = d // h
        shapes = [(d, h * width), (d, g * width), (d, g * width), (h * width, d)]
        counted = sum(rows * columns for rows, columns in shapes)
        assert drill("multi-head-attention/grouped-query-weights", d=d, h=h, g=g) == counted
    assert said(text, "shared-heads-contrast", "contrast.by.cache.gqa") == "$2gw$"
    heads = [said(text, "shared-heads-contrast", f"contrast.by.kv.{name}") for name in ("mha", "mqa")]
    assert heads == ["$h$", "$1$"]


@pytest.mark.proves("repeat-key-heads")
def test_repeating_joins_neighbouring_query_heads_and_tiling_does_not(text: Text) -> None:
    h, g, n, w = 6, 2, 4, 3
    q, k, v = normal(h, n, w), normal(g, n, w, seed=1), normal(g, n, w, seed=2)
    names: dict[str, Any] = {"np": np, "attention": attention, "Q": q, "K": k, "V": v, "h": h, "g": g}
    exec(program(text("multi-head-attention/repeat-key-heads", "cloze")), names)
    grouped = np.stack([attention(q[i], k[i // (h // g)], v[i // (h // g)]) for i in range(h)])
    assert names["out"] == pytest.approx(grouped)
    tiled = attention(q, np.tile(k, (h // g, 1, 1)), np.tile(v, (h // g, 1, 1)))
    assert tiled.shape == grouped.shape
    assert tiled != pytest.approx(grouped)
