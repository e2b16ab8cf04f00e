"""The programs, patterns and counts of the deck on long contexts, worked out afresh."""

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
    "relative-encoding-ablation": "dai2019 Table 6: best perplexities of 26.77, 27.94 (Shaw) and 29.02 (no recurrence)",
    "rounds-for-full-attention": "kitaev2020 §5: almost full attention at 8 rounds, 12 layers at 1.05; dai2019 Table 2",
    "trained-with-hashing": "kitaev2020 Table 2: rows full attention and LSH-4, columns LSH-4 and full attention",
    "reformer-timed": "tay2021 Table 2: rows Transformer and Reformer, columns 1K and 4K, steps and memory",
    "flash-block-size": "dao2022 §3.2 and Figure 2, middle: blocks beyond 256 gain no more",
    "shuffled-sentences-gain": "dai2019 Table 7: perplexities of 25.2 and, without recurrence, 27.1",
    "lost-in-the-middle": "liu2024, a preprint of 2023",
    "faster-evaluation": "dai2019 abstract: up to 1,800+ times faster than vanilla transformers during evaluation",
}


def said(text: Text, note: str, key: str) -> str:
    """A field of one of the deck's notes on a single line."""
    return prose(text(f"long-context/{note}", key))


def normal(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def softmax(x: Array) -> Array:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def attend(q: Array, k: Array, v: Array) -> Array:
    """Causal attention of queries that stand at the end of the keys."""
    n, m = len(q), len(k)
    allowed = np.tril(np.ones((n, m), dtype=bool), k=m - n)
    return np.asarray(softmax(np.where(allowed, q @ k.T / math.sqrt(q.shape[1]), -np.inf)) @ v)


def reached(pattern: NDArray[np.bool_], layers: int) -> NDArray[np.bool_]:
    """Which inputs can influence which outputs after some layers of one attention pattern."""
    out = np.eye(len(pattern), dtype=bool)
    for _layer in range(layers):
        out = (pattern.astype(int) @ out.astype(int)) > 0
    return out


@pytest.mark.proves("segment-recurrence-code", "segment-recurrence")
def test_a_layer_with_memory_gives_what_it_gives_over_both_segments(text: Text) -> None:
    both = normal(8, 6)
    names: dict[str, Any] = {"np": np, "attend": attend, "memory": both[:4], "h": both[4:]}
    names |= {"W_q": normal(6, 6, seed=1), "W_k": normal(6, 6, seed=2), "W_v": normal(6, 6, seed=3)}
    exec(program(text("long-context/segment-recurrence-code", "cloze")), names)
    full = attend(both @ names["W_q"], both @ names["W_k"], both @ names["W_v"])
    assert names["out"] == pytest.approx(full[4:])


@pytest.mark.proves("reach-of-recurrence", "window-reach")
def test_the_reach_grows_by_a_segment_or_window_with_each_layer(drill: Drill) -> None:
    n, segments, layers = 4, 6, 3
    size = n * segments
    pattern = np.zeros((size, size), dtype=bool)
    for i, j in product(range(size), repeat=2):
        pattern[i, j] = j <= i and i // n - j // n <= 1
    back = size - 1 - int(np.argmax(reached(pattern, layers)[-1]))
    assert layers * n <= back < (layers + 1) * n
    for deep, length in product((6, 12, 16, 24), (64, 128, 512)):
        assert drill("long-context/reach-of-recurrence", layers=deep, n=length) == sum(length for _layer in range(deep))
    w = 4
    window = np.abs(np.subtract.outer(np.arange(41), np.arange(41))) <= w // 2
    assert reached(window, layers)[20].sum() == layers * w + 1
    for wide, deep in product((32, 128, 256, 512), (6, 12, 24)):
        assert drill("long-context/window-reach", w=wide, layers=deep) == sum(wide for _layer in range(deep))


@pytest.mark.proves("twelve-layers-as-sixty-four")
def test_the_deeper_model_is_nearly_six_times_as_large(text: Text) -> None:
    # dai2019 Table 2: layers, millions of parameters and bits per character on enwik8
    ours, plain = {12: (41, 1.06), 24: (277, 0.99)}, {12: (44, 1.11), 64: (235, 1.06)}
    assert ours[12][1] == plain[64][1]
    assert 5.5 < plain[64][0] / ours[12][0] < 6
    q, a, why = (said(text, "twelve-layers-as-sixty-four", key) for key in ("q", "a", "why"))
    assert f"of 12 layers and {ours[12][0]} million parameters reached {ours[12][1]} bits" in q
    assert a == f"Nearly six times as large, with {plain[64][0]} million parameters in 64 layers."
    assert f"At 12 layers the plain one had {plain[12][1]}" in why
    assert f"worth {64 - 12} further layers" in why
    assert f"With 24 layers Transformer-XL was the first below 1 bit, at {ours[24][1]}" in why


@pytest.mark.proves("four-terms")
def test_the_four_terms_are_the_expanded_product_with_the_query_position_replaced(text: Text) -> None:
    content, distance, u, v = normal(4), normal(4, seed=1), normal(4, seed=2), normal(4, seed=3)
    query = normal(4, seed=4)
    expanded = query @ content + query @ distance + u @ content + v @ distance
    assert expanded == pytest.approx((query + u) @ content + (query + v) @ distance)
    note = filled(text("long-context/four-terms", "cloze"))
    assert r"q_i \cdot k_j + q_i \cdot r_{i-j}  + u \cdot k_j + v \cdot r_{i-j}" in note


@pytest.mark.proves("angular-hash", "hash-rounds", "hashing-idea")
def test_near_vectors_share_buckets_more_often_than_far_ones(text: Text, drill: Drill) -> None:
    code = program(text("long-context/angular-hash", "cloze"))
    x, m = normal(1, 16), 8
    near, far = x + 0.1 * normal(1, 16, seed=1), normal(1, 16, seed=2)
    together = {"near": 0, "far": 0}
    for seed in range(200):
        names: dict[str, Any] = {"np": np, "x": np.concatenate([x, near, far]), "R": normal(16, m, seed=100 + seed)}
        exec(code, names)
        one, two, three = names["bucket"]
        assert 0 <= min(one, two, three) <= max(one, two, three) < 2 * m
        together["near"] += one == two
        together["far"] += one == three
    assert together["near"] > 150
    assert together["far"] < 50
    for p, r in product((0.5, 0.6, 0.8), (2, 3, 4)):
        met = sum(
            math.prod(p if hit else 1 - p for hit in hits) for hits in product((True, False), repeat=r) if any(hits)
        )
        assert drill("long-context/hash-rounds", p=p, r=r) == pytest.approx(met)


@pytest.mark.proves("scores-at-64k")
def test_the_scores_of_a_long_text_are_counted(text: Text) -> None:
    assert "A text of 65,536 tokens" in said(text, "scores-at-64k", "q")
    row = np.zeros(65536, dtype=np.float32)
    assert row.nbytes * len(row) == 2**16 * 2**16 * 4 == int(text("long-context/scores-at-64k", "typed")) * 2**30


@pytest.mark.proves("sorted-chunks")
def test_sorted_tokens_find_their_bucket_in_two_chunks() -> None:
    rng = np.random.default_rng(0)
    size, chunk = 64, 16
    buckets = rng.integers(size // chunk * 2, size=size)
    assert np.bincount(buckets).max() <= chunk
    place = np.argsort(np.argsort(buckets, kind="stable"))
    order = np.argsort(buckets, kind="stable")
    for token in range(size):
        own = place[token] // chunk
        seen = order[max(0, own - 1) * chunk : (own + 1) * chunk]
        earlier = [other for other in np.flatnonzero(buckets == buckets[token]) if other <= token]
        assert set(earlier) <= set(seen)


@pytest.mark.proves("reversible-code", "reversible-saves", "chunked-feed-forward")
def test_a_reversible_block_can_be_taken_back_and_chunks_change_nothing(text: Text) -> None:
    x1, x2, w = normal(5, 4), normal(5, 4, seed=1), normal(4, 4, seed=2)

    def feed_forward(x: Array) -> Array:
        return np.maximum(0, x @ w) @ w.T

    names: dict[str, Any] = {"x1": x1, "x2": x2, "attend": lambda x: attend(x, x, x), "feed_forward": feed_forward}
    forward, back = program(text("long-context/reversible-code", "cloze")).split("# and back:")
    exec(forward, names)
    names["x1"] = names["x2"] = None
    exec(back.strip(), names)
    assert names["x1"] == pytest.approx(x1)
    assert names["x2"] == pytest.approx(x2)
    assert np.concatenate([feed_forward(x1[:2]), feed_forward(x1[2:])]) == pytest.approx(feed_forward(x1))


@pytest.mark.proves("sparse-picture", "window-cost", "bigbird-theory", "dilated-window")
def test_the_pattern_on_the_card_is_a_window_and_a_global_token(text: Text) -> None:
    picture = filled(text("long-context/sparse-picture", "cloze"))
    rows = [line.split()[2:] for line in picture.splitlines() if line.startswith("query")]
    n = 6
    pattern = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) <= 1
    pattern[0] = pattern[:, 0] = True
    assert rows == [["x" if cell else "." for cell in row] for row in pattern]
    assert reached(pattern, 2).all()
    assert "in two steps" in said(text, "bigbird-theory", "why")

    def pairs(length: int, w: int) -> int:
        return int((np.abs(np.subtract.outer(np.arange(length), np.arange(length))) <= w // 2).sum())

    assert pairs(800, 8) / pairs(400, 8) == pytest.approx(2, rel=0.01)
    assert said(text, "window-cost", "a") == "By 2."
    gapless, gaps = range(-3, 4), range(-6, 7, 2)
    assert len(gapless) == len(gaps)
    assert max(gaps) == 2 * max(gapless)


@pytest.mark.proves("linear-formula", "linear-saving", "linear-as-rnn")
def test_linear_attention_can_be_bracketed_or_run_as_a_recurrence(text: Text, drill: Drill) -> None:
    n, d = 7, 4
    q, k, v = (np.exp(normal(n, d, seed=s)) for s in (1, 2, 3))
    assert q @ (k.T @ v) == pytest.approx((q @ k.T) @ v)
    names: dict[str, Any] = {"np": np, "S": np.zeros((d, d)), "z": np.zeros(d)}
    code = program(text("long-context/linear-as-rnn", "cloze"))
    weights = np.tril(q @ k.T)
    expected = weights / weights.sum(axis=1, keepdims=True) @ v
    for t in range(n):
        names |= {"q": q[t], "k": k[t], "v": v[t]}
        exec(code, names)
        assert names["out"] == pytest.approx(expected[t])
    for length, width in product((1024, 4096, 8192, 16384), (32, 64, 128)):
        full = 2 * length * length * width
        linear = 2 * length * width * width
        assert drill("long-context/linear-saving", n=length, d=width) == full / linear


@pytest.mark.proves("positive-features", "linear-forgets")
def test_positive_features_and_the_limit_of_orthogonal_keys() -> None:
    x = np.linspace(-8, 8, 101)
    features = np.where(x > 0, x, np.exp(x) - 1) + 1
    assert (features > 0).all()
    d = 4
    keys, values = np.eye(d), normal(d, d)
    assert keys @ (keys.T @ values) == pytest.approx(values)
    more = normal(d + 2, d, seed=1)
    more /= np.linalg.norm(more, axis=1, keepdims=True)
    values = normal(d + 2, d, seed=2)
    assert more @ (more.T @ values) != pytest.approx(values, abs=0.1)


@pytest.mark.proves("flash-how-much-faster")
def test_time_follows_the_traffic_and_not_the_operations(text: Text) -> None:
    # dao2022 Figure 2, left: GFLOPs, gigabytes and milliseconds of plain attention and of FlashAttention
    (work, traffic, time), (more, less, faster) = (66.6, 40.3, 41.7), (75.2, 4.4, 7.3)
    q, a, why = (said(text, "flash-how-much-faster", key) for key in ("q", "a", "why"))
    assert f"FlashAttention moved {less} GB through main memory, plain attention {traffic}." in q
    assert f"With {more / work - 1:.0%} more operations" in q
    assert 5.5 < time / faster < 6
    assert a == f"Nearly six times, {faster} ms against {time}."
    assert round(traffic / less) == 9
    assert "a ninth of the traffic" in why


@pytest.mark.proves("flash-traffic")
def test_traffic_falls_with_the_size_of_the_blocks(drill: Drill) -> None:
    def read(n: int, d: int, m: int) -> int:
        """Numbers of queries read in the forward pass, where blocks of keys fill a quarter of the fast memory."""
        rows = m // (4 * d)
        return sum(n * d for _block in range(0, n, rows))

    n = 2**15
    base = n * n / read(n, 32, 32768) / drill("long-context/flash-traffic", d=32, m=32768)
    for d, m in product((32, 64, 128), (32768, 65536, 131072)):
        assert n * n / read(n, d, m) / base == pytest.approx(drill("long-context/flash-traffic", d=d, m=m))
    assert read(n, 64, 65536) > read(n, 64, 131072)


@pytest.mark.proves("online-softmax", "flash-backward", "flash-what-stays")
def test_the_running_statistics_are_those_of_the_whole_row(text: Text) -> None:
    row = normal(12) * 5
    names: dict[str, Any] = {"np": np, "blocks": np.split(row, 3)}
    exec(program(text("long-context/online-softmax", "cloze")), names)
    assert names["m"] == row.max()
    assert names["l"] == pytest.approx(np.exp(row - row.max()).sum())
    assert np.exp(row - names["m"]) / names["l"] == pytest.approx(softmax(row))
    note = filled(text("long-context/flash-what-stays", "cloze"))
    assert "memory grows linearly" in prose(note)
