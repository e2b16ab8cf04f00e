"""Facts of the serving deck: caches, slots and rounding are counted, speculative sampling is simulated exactly."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable

import numpy as np
import pytest

from tests.support.facts import filled, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "batch-for-free": "an example: pope2022 §2, weights are loaded once for the batch",
}


@pytest.mark.proves("cache-formula", "cache-size")
def test_the_cache_is_counted_array_by_array(text: Text, drill: Drill) -> None:
    layers, heads, tokens, width = 16, 8, 1024, 128
    arrays = [np.empty((heads, tokens, width), np.float16) for _ in range(layers) for _ in ("key", "value")]
    size = sum(each.nbytes for each in arrays)
    assert drill("serving/cache-size", l=layers, h=heads, n=tokens) == size / 2**20
    said = prose(filled(text("serving/cache-formula", "cloze")))
    assert r"$2 \cdot L \cdot h \cdot d \cdot n \cdot b$" in said
    assert size == 2 * layers * heads * width * tokens * 2


@pytest.mark.proves("decode-ceiling", "answer-latency", "quantised-size")
def test_speeds_and_sizes(drill: Drill) -> None:
    assert drill("serving/decode-ceiling", n=10, b=2, w=2000) == pytest.approx(2000e9 / (10e9 * 2))
    clock = 200.0
    for _ in range(100):
        clock += 25
    assert drill("serving/answer-latency", f=200, t=25, n=101) == clock
    assert drill("serving/quantised-size", n=70, b=4) == 70e9 * 4 / 8 / 1e9


@pytest.mark.proves("static-waste")
def test_the_slots_of_a_static_batch(text: Text) -> None:
    lengths = [int(each) for each in re.findall(r"\d+", prose(text("serving/static-waste", "q")))]
    assert lengths == [10, 20, 30, 100]
    slots = max(lengths) * len(lengths)
    assert f"{len(lengths)} × {max(lengths)} slots, {sum(lengths)} yield" in prose(text("serving/static-waste", "why"))
    assert float(text("serving/static-waste", "typed")) == 100 * (slots - sum(lengths)) / slots


@pytest.mark.proves("block-table", "page-waste")
def test_only_the_last_block_is_partly_empty(text: Text) -> None:
    said = filled(text("serving/block-table", "cloze"))
    assert "blocks of 4 tokens; a sequence of 10 tokens" in said
    table = [block for _, block in re.findall(r"(\d) -> (\d)", said)]
    first = list(range(1, 11, 4))
    assert len(table) == math.ceil(10 / 4) == len(first)
    for block, start in zip(table, first, strict=True):
        assert f"memory block {block}:  tokens {start} to {min(start + 3, 10)}" in said
    assert "blocks of 16 tokens" in text("serving/page-waste", "q")
    assert max(-n % 16 for n in range(1, 200)) == int(text("serving/page-waste", "typed"))


@pytest.mark.proves("block-lookup")
def test_the_table_says_where_a_token_lies(text: Text, drill: Drill) -> None:
    for a, b, c, t in itertools.product((7, 12), (2, 9), (5, 30), (3, 4, 5, 8, 9, 10)):
        assert drill("serving/block-lookup", a=a, b=b, c=c, t=t) == [a, b, c][(t - 1) // 4]
    assert "blocks of 4 tokens" in prose(text("serving/block-lookup", "drill.ask"))
    assert r"\lfloor (t - 1) / 4 \rfloor" in text("serving/block-lookup", "why")


@pytest.mark.proves("prefix-cache", "chunked-prefill")
def test_a_changed_first_token_changes_all_later_states(text: Text) -> None:
    rng = np.random.default_rng(2)
    first, second = rng.normal(size=(2, 6, 4))
    second[1:] = first[1:]

    def layer(
        x: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        scores = np.where(np.tri(6, dtype=bool), x @ x.T, -np.inf)
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        out: np.ndarray[tuple[int, int], np.dtype[np.float64]] = x + weights @ x / weights.sum(axis=1, keepdims=True)
        return out

    assert (np.abs(layer(first) - layer(second)).max(axis=1) > 1e-9).all()
    second = first.copy()
    second[5] += 1
    assert (layer(first)[:5] == layer(second)[:5]).all()
    assert "depend on all tokens to their left" in prose(text("serving/prefix-cache", "a"))
    assert "30,000 tokens" in prose(text("serving/chunked-prefill", "q"))


@pytest.mark.proves("significant-is-not-harmful")
def test_a_tiny_shift_is_significant_in_a_million(text: Text) -> None:
    shift, n = 0.01, 1_000_000
    z = shift / math.sqrt(2 / n)
    assert math.erfc(z / math.sqrt(2)) < 1e-9
    assert "A million inputs a day" in prose(text("serving/significant-is-not-harmful", "q"))


@pytest.mark.proves("absmax", "outlier-ruins-scale")
def test_absmax_rounding(text: Text, drill: Drill) -> None:
    for m, x in itertools.product((2.54, 5.08, 6.35), (0.6, 1, -0.8, 2, -1.6)):
        code = drill("serving/absmax", m=m, x=x)
        assert abs(code * m / 127 - x) <= m / 127 / 2 + 1e-12
        assert abs(abs(x * 127 / m) % 1 - 0.5) > 1e-6, "no drawn value lies halfway between two integers"
    assert "outlier of 100" in prose(text("serving/outlier-ruins-scale", "q"))
    assert f"about {100 / 127:.1f}" in prose(text("serving/outlier-ruins-scale", "a"))
    assert {round(x * 127 / 100) for x in np.linspace(0.6, 1.4, 50)} == {1, 2}


@pytest.mark.proves("weight-only-speed")
def test_a_quarter_of_the_bytes(text: Text) -> None:
    assert "4-bit weights are expanded to 16 bits" in prose(text("serving/weight-only-speed", "q"))
    assert 4 / 16 == 1 / 4
    assert "a quarter as many bytes" in prose(text("serving/weight-only-speed", "a"))


@pytest.mark.proves("distillation-t-squared")
def test_soft_gradients_shrink_with_the_temperature_squared(text: Text) -> None:
    rng = np.random.default_rng(1)
    teacher, student = rng.normal(size=5), rng.normal(size=5)

    def slope(T: float) -> float:
        soft = [np.exp(z / T) / np.exp(z / T).sum() for z in (student, teacher)]
        return float(np.linalg.norm(soft[0] - soft[1]) / T)

    assert slope(200) / slope(400) == pytest.approx(4, rel=0.02)
    assert text("serving/distillation-t-squared", "a") == "$T^2$"


@pytest.mark.proves("acceptance-rule", "expected-tokens")
def test_speculative_sampling_yields_the_large_models_distribution(text: Text, drill: Drill) -> None:
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.7, 0.1])
    accepted = q * np.minimum(1, p / q)
    rest = np.maximum(0, p - q)
    assert accepted + (1 - accepted.sum()) * rest / rest.sum() == pytest.approx(p)
    said = prose(filled(text("serving/acceptance-rule", "cloze")))
    assert r"\frac{p(x)}{q(x)}" in said
    assert r"\max(0, p(x) - q(x))" in said
    for g, a in itertools.product((2, 3, 4), (0.5, 0.6, 0.8, 0.9)):
        mean = sum((k + 1) * a**k * (1 - a) for k in range(g)) + (g + 1) * a**g
        assert drill("serving/expected-tokens", g=g, a=a) == pytest.approx(mean)
