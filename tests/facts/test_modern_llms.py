"""The laws, programs and counts of the deck on modern language models, worked out afresh."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from tests.support import drawn
from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "chinchilla-against-gopher": "hoffmann2022 Table 1: Gopher 280B on 300B tokens, Chinchilla 70B on 1.4T",
}


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"modern-llms/{note}", key))


def softmax(x: Any) -> Any:
    e = np.exp(x - np.max(x))
    return e / e.sum()


@pytest.mark.proves("loss-per-doubling")
def test_a_doubling_takes_five_percent(text: Text) -> None:
    left = 2**-0.076
    assert said(text, "loss-per-doubling", "a").startswith(f"{100 * (1 - left):.0f}%")
    assert f"{left:.2f}" in said(text, "loss-per-doubling", "a")


@pytest.mark.proves("optimal-growth")
def test_compute_is_split_evenly_between_parameters_and_tokens(text: Text, drill: Drill) -> None:
    for c in (4, 9, 10, 16, 25, 100):
        assert drill("modern-llms/optimal-growth", c=c) ** 2 == pytest.approx(c)
    assert 5.5 * 1.8 == pytest.approx(10, rel=0.03)
    assert 10**0.73 == pytest.approx(5.5, rel=0.03)
    assert "5.5 times the parameters and only 1.8 times the tokens" in said(text, "optimal-growth", "why")


@pytest.mark.proves("chinchilla-against-gopher")
def test_a_quarter_of_the_parameters_read_four_times_the_tokens(text: Text) -> None:
    assert 280 / 70 == 4 < 1.4e12 / 300e9 < 5
    assert said(text, "chinchilla-against-gopher", "a").startswith("Four to five times, 1.4 trillion instead of 300")


@pytest.mark.proves("compute-optimal-size", "explain-compute-optimal", "trained-past-optimum")
def test_the_size_spends_the_budget_at_twenty_tokens_each(text: Text, drill: Drill) -> None:
    for c in (1.2, 4.8, 30, 120, 480, 3000):
        n = drill("modern-llms/compute-optimal-size", c=c) * 1e9
        assert 6 * n * (20 * n) == pytest.approx(c * 1e20)
    assert "6 FLOPs" in said(text, "compute-optimal-size", "drill.ask")
    assert f"${6 * 20}N^2$" in said(text, "compute-optimal-size", "why")
    assert 1.4e12 / 70e9 == pytest.approx(20)
    assert "about 6 times" in said(text, "explain-compute-optimal", "points.0")
    assert "near 20 tokens" in said(text, "explain-compute-optimal", "points.3")
    # One trillion tokens for the 6.7 billion parameters of the 7-billion model.
    assert 7 <= 1e12 / (20 * 6.7e9) < 8
    assert "about seven times" in said(text, "trained-past-optimum", "q")


@pytest.mark.proves("rms-leaves-mean", "rms-norm-code")
def test_rms_norm_keeps_what_all_components_share(text: Text) -> None:
    names: dict[str, Any] = {"np": np}
    exec(program(text("modern-llms/rms-norm-code", "cloze")), names)
    five = np.full((1, 4), 5.0)
    assert names["rms_norm"](five, np.ones(4)) == pytest.approx(np.ones((1, 4)))
    assert five - five.mean() == pytest.approx(np.zeros((1, 4)))
    assert "(5, 5, 5, 5)" in said(text, "rms-leaves-mean", "q")
    assert said(text, "rms-leaves-mean", "a") == "Layer normalisation $(0, 0, 0, 0)$, RMSNorm $(1, 1, 1, 1)$."
    x, gain = np.random.default_rng(0).normal(size=(3, 6)), np.arange(1.0, 7.0)
    for row, out in zip(x, names["rms_norm"](x, gain), strict=True):
        root = math.sqrt(sum(v * v for v in row) / 6)
        assert out == pytest.approx([g * v / root for g, v in zip(gain, row, strict=True)], rel=1e-5)


@pytest.mark.proves("swiglu-code")
def test_swiglu_gates_one_path_by_the_other(text: Text) -> None:
    names: dict[str, Any] = {"np": np}
    exec(program(text("modern-llms/swiglu-code", "cloze")), names)
    rng = np.random.default_rng(1)
    x, gate, up, down = rng.normal(size=4), rng.normal(size=(4, 6)), rng.normal(size=(4, 6)), rng.normal(size=(6, 4))
    inner = [float(x @ gate[:, j]) / (1 + math.exp(-float(x @ gate[:, j]))) * float(x @ up[:, j]) for j in range(6)]
    assert names["feed_forward"](x, gate, up, down) == pytest.approx(np.array(inner) @ down)
    assert names["silu"](3.0) > 1


@pytest.mark.proves("modern-block-weights")
def test_the_matrices_of_a_decoder_layer_by_their_shapes(text: Text, drill: Drill) -> None:
    d, width = 4096, 128
    for s, f in product((2, 4, 8), (2.5, 3, 3.5, 4)):
        heads, inner = d // width, int(f * d)
        queries, output = (d, heads * width), (heads * width, d)
        keys = values = (d, heads // s * width)
        gate = up = (d, inner)
        held = sum(a * b for a, b in (queries, output, keys, values, gate, up, (inner, d)))
        assert drill("modern-llms/modern-block-weights", s=s, f=f) == pytest.approx(held / d**2)
    # Mistral 7B: width 4096, 32 query and 8 key-value heads, 14,336 wide inside (jiang2023 Table 1).
    mistral = drill("modern-llms/modern-block-weights", s=32 // 8, f=14336 / 4096)
    assert f"with 4 and 3.5, has {mistral:.0f}; the first transformer's encoder layer had {4 + 2 * 4}." in said(
        text, "modern-block-weights", "why"
    )


@pytest.mark.proves("slow-pairs-unseen")
def test_the_slowest_pair_hardly_turned(text: Text) -> None:
    wavelength = 2 * math.pi * 10000 ** (126 / 128)
    assert wavelength == pytest.approx(54_000, rel=0.01)
    assert 4096 / wavelength < 0.1
    question = said(text, "slow-pairs-unseen", "q")
    assert "4,096" in question
    assert "54,000" in question
    assert "less than a tenth" in said(text, "slow-pairs-unseen", "a")
    assert r"2\pi \cdot 10000^{126/128}" in said(text, "slow-pairs-unseen", "why")


@pytest.mark.proves("turn-shorter-than-text")
def test_a_larger_base_makes_a_turn_longer_than_the_text(text: Text) -> None:
    small, large = (2 * math.pi * base ** (126 / 128) for base in (10_000, 500_000))
    assert small < 128_000 < large
    assert f"once in {round(small, -3):,.0f} tokens" in said(text, "turn-shorter-than-text", "q")
    assert f"takes {large / 1e6:.1f} million tokens" in said(text, "turn-shorter-than-text", "why")


@pytest.mark.proves("normed-queries-keys")
def test_normed_queries_and_keys_bound_the_scores(text: Text) -> None:
    names: dict[str, Any] = {"np": np}
    exec(program(text("modern-llms/rms-norm-code", "cloze")), names)
    d, rng = 16, np.random.default_rng(4)
    q, k = (names["rms_norm"](1000 * rng.normal(size=(50, d)), np.ones(d)) for _ in range(2))
    assert np.abs(q @ k.T / math.sqrt(d)).max() <= math.sqrt(d)
    assert (q * q).sum(axis=1) / math.sqrt(d) == pytest.approx(math.sqrt(d))
    assert r"$d / \sqrt{d} = \sqrt{d}$" in said(text, "normed-queries-keys", "why")


@pytest.mark.proves("many-small-experts")
def test_small_experts_combine_in_more_ways(text: Text) -> None:
    assert (16 * 4, 2 * 4) == (64, 8)
    assert math.comb(64, 8) > 4e9
    answer = said(text, "many-small-experts", "a")
    assert f"over {math.comb(64, 8) // 10**9} billion instead of {math.comb(16, 2)}" in answer


@pytest.mark.proves("sequences-in-memory")
def test_sequences_fill_the_free_memory(drill: Drill) -> None:
    for m, k, n in product((16, 24, 40), (64, 128, 512), (4096, 8192, 16384)):
        assert drill("modern-llms/sequences-in-memory", m=m, k=k, n=n) == m * 2**30 // (k * 2**10 * n)


@pytest.mark.proves("expert-layer-code")
def test_the_layer_mixes_the_two_best_experts(text: Text) -> None:
    names: dict[str, Any] = {"np": np, "softmax": softmax}
    exec(program(text("modern-llms/expert-layer-code", "cloze")), names)
    rng = np.random.default_rng(2)
    x, router = rng.normal(size=5), rng.normal(size=(5, 8))
    ran: list[int] = []

    def expert(i: int) -> Callable[[Any], Any]:
        def run(v: Any) -> Any:
            ran.append(i)
            return (i + 1) * v

        return run

    out = names["moe"](x, router, [expert(i) for i in range(8)])
    scores = x @ router
    a, b = sorted(range(8), key=lambda i: -scores[i])[:2]
    share = 1 / (1 + math.exp(scores[b] - scores[a]))
    assert out == pytest.approx((share * (a + 1) + (1 - share) * (b + 1)) * x)
    assert sorted(ran) == sorted((a, b))


@pytest.mark.proves("eight-times-seven", "compute-against-memory")
def test_mixtral_has_47_billion_parameters_and_uses_13(text: Text) -> None:
    d, layers, inner, vocabulary = 4096, 32, 14336, 32000
    expert = 3 * d * inner
    shared = layers * (2 * d * 32 * 128 + 2 * d * 8 * 128) + 2 * vocabulary * d
    total, active = shared + layers * 8 * expert, shared + layers * 2 * expert
    assert round(total / 1e9) == 47
    assert round(active / 1e9) == 13
    assert 8 * 7 == 56
    assert "about 47 billion" in said(text, "eight-times-seven", "q")
    assert "56" in said(text, "eight-times-seven", "q")
    assert "about 13 billion" in said(text, "eight-times-seven", "why")
    assert "13 of its 47 billion" in said(text, "compute-against-memory", "q")
    assert said(text, "compute-against-memory", "a").startswith("Arithmetic per token is that of 13; memory")


@pytest.mark.proves("expert-capacity")
def test_capacity_is_the_even_share_times_the_factor(drill: Drill) -> None:
    for t, n, f in product((1024, 4096, 8192), (8, 16, 64), (1, 1.25, 1.5)):
        assert drill("modern-llms/expert-capacity", t=t, n=n, f=f) == pytest.approx(f * (t // n))


@pytest.mark.proves("retrieval-marginal")
def test_the_marginal_sums_to_one(text: Text) -> None:
    rng = np.random.default_rng(3)
    p_z = softmax(rng.normal(size=5))
    p_y = np.array([softmax(row) for row in rng.normal(size=(5, 4))])
    assert (p_z @ p_y).sum() == pytest.approx(1)
    assert r"p(z \mid x) \, p(y \mid x, z)" in prose(filled(text("modern-llms/retrieval-marginal", "cloze")))


@pytest.mark.proves("pass-at-two")
def test_pass_at_two_by_counting_pairs(drill: Drill) -> None:
    for n, c in product((5, 10, 20), (1, 2, 3)):
        pairs = list(combinations(range(n), 2))
        assert drill("modern-llms/pass-at-two", n=n, c=c) == pytest.approx(sum(i < c for i, _ in pairs) / len(pairs))


@pytest.mark.proves("benchmark-error-bar")
def test_the_error_bar_is_the_spread_of_the_mean(text: Text, drill: Drill) -> None:
    for p, n in product((50, 80, 90), (100, 164, 400, 1600)):
        each = np.array([100.0] * p + [0.0] * (100 - p))
        assert drill("modern-llms/benchmark-error-bar", p=p, n=n) == pytest.approx(each.std() / math.sqrt(n))
    assert drill("modern-llms/benchmark-error-bar", p=80, n=400) > 1
    assert "164 tasks" in said(text, "benchmark-error-bar", "why")


@pytest.mark.proves("same-loss-two-sizes")
def test_the_curves_of_equal_compute_drawn(text: Text) -> None:
    # hoffmann2022 Appendix D.3, equation 10.
    def loss(n: Any, compute: float) -> Any:
        return 1.69 + 406.4 / n**0.34 + 410.7 / (compute / (6 * n)) ** 0.28

    def by_logarithm(compute: float, log: float) -> float:
        return float(loss(math.pow(10, log), compute))

    shown = drawn.lines("equal-compute.svg")
    for power in (20, 21, 22):
        assert shown[f"compute-{power}"].lies_on(partial(by_logarithm, 10.0**power))
    bottoms = [float(line.x[line.y.argmin()]) for line in shown.values()]
    assert bottoms == sorted(bottoms)
    small = 10**8.8
    sizes = np.logspace(9.5, 11, 100_001)
    large = float(sizes[abs(loss(sizes, 1e21) - loss(small, 1e21)).argmin()])
    q = prose(text("modern-llms/same-loss-two-sizes", "q"))
    assert f"P lies left of the bottom at {small / 1e9:.1f} billion" in q
    assert f"Q right of it at {large / 1e9:.1f} billion, both at a loss of {loss(small, 1e21):.2f}" in q
    assert math.log10(small) < bottoms[1] < math.log10(large)
    fewer, more = large / small, (1e21 / (6 * small)) / (1e21 / (6 * large))
    why = prose(text("modern-llms/same-loss-two-sizes", "why"))
    assert f"{fewer:.1f} times fewer parameters mean {more:.1f} times as many tokens" in why
