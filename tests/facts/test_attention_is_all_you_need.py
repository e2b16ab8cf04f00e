"""The numbers of the deck on the paper: schedule, counts and costs computed, results quoted with their table."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from tests.support.facts import filled, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "base-and-big": "vaswani2017 Table 3, rows base and big",
    "batches-by-length": "vaswani2017 §5.1: approximately 25000 source tokens and 25000 target tokens",
    "averaged-checkpoints": "vaswani2017 §6.1: the last 5 checkpoints",
    "big-result": "vaswani2017 §6.1: 28.4, more than 2.0 BLEU, 3.5 days on 8 P100 GPUs; Table 2: ConvS2S",
    "base-against-ensemble-cost": "vaswani2017 §5.2 (12 hours, 8 GPUs) and Table 2 (BLEU and FLOPs, ConvS2S ensemble)",
    "why-test-parsing": "vaswani2017 §6.3: about 40K training sentences",
    "dropout-ablation": "vaswani2017 §5.1, §5.2 and Table 3 (D)",
    "learned-positions-ablation": "vaswani2017 Table 3 (E)",
}

BLEU = {"base": 25.8, "1 head": 24.9, "32 heads": 25.4, "d_k 16": 25.1, "no dropout": 24.6, "no smoothing": 25.3}
"""Development-set BLEU in Table 3 of the paper."""


def said(text: Text, note: str, key: str) -> str:
    """A field of one of the deck's notes on a single line."""
    return prose(text(f"attention-is-all-you-need/{note}", key))


def lost(row: str) -> str:
    return f"{BLEU['base'] - BLEU[row]:.1f}"


@pytest.mark.proves("complexity-table", "cheaper-than-recurrence", "work-ratio")
def test_the_ratio_of_the_two_counts(drill: Drill, text: Text) -> None:
    for n, d in product((16, 32, 64, 128, 1024), (256, 512, 1024)):
        ratio = (n * d**2) / (n**2 * d)
        assert drill("attention-is-all-you-need/work-ratio", n=n, d=d) == ratio
        assert (ratio > 1) == (n < d)
    assert "at width 512" in said(text, "cheaper-than-recurrence", "why")
    assert "$n < d$" in said(text, "cheaper-than-recurrence", "a")


def test_a_dilated_stack_reaches_all_positions_in_logarithmically_many_layers() -> None:
    k, n = 3, 81
    reach, layers = 1, 0
    while reach < n:
        reach += (k - 1) * k**layers
        layers += 1
    assert layers == round(math.log(n, k))


@pytest.mark.proves("same-head-width", "base-and-big")
def test_both_models_have_heads_of_64(text: Text) -> None:
    width, inner, heads = (
        int(said(text, "base-and-big", f"contrast.by.{by}.base").replace(",", "")) for by in ("width", "inner", "heads")
    )
    assert inner == 4 * width
    assert width // heads == 64
    assert f"to {2 * width:,}, {2 * inner:,} and {2 * heads}" in said(text, "base-and-big", "why")
    assert [said(text, "base-and-big", f"contrast.by.parameters.{of}") for of in ("base", "big")] == ["65", "213"]
    assert "$512/8 = 1024/16 = 64$" in said(text, "same-head-width", "why")
    assert "no wider than 64" in said(text, "same-head-width", "q")


@pytest.mark.proves("base-against-ensemble-cost")
def test_the_base_model_took_about_a_twentieth_of_the_ensembles_compute(text: Text) -> None:
    answer = said(text, "base-against-ensemble-cost", "a")
    assert r"$3.3 \cdot 10^{18}$ operations against $7.7 \cdot 10^{19}$" in answer
    assert answer.startswith("About a twentieth")
    assert 20 < 7.7e19 / 3.3e18 < 25


@pytest.mark.proves("base-embedding-share")
def test_the_base_models_parameters_add_up(text: Text) -> None:
    d, inner, vocabulary = 512, 2048, 37000
    encoder = 6 * (4 * d * d + 2 * d * inner)
    decoder = 6 * (8 * d * d + 2 * d * inner)
    table = vocabulary * d
    assert float(text("attention-is-all-you-need/base-embedding-share", "typed")) == pytest.approx(
        table / 1e6, rel=0.01
    )
    assert (encoder + decoder + table) / 1e6 == pytest.approx(65, rel=0.05)
    why = said(text, "base-embedding-share", "why")
    assert rf"${vocabulary} \cdot {d}$" in why
    assert (
        f"hold about {encoder / 1e6:.0f} million as well, and the 6 decoder layers {decoder / 1e6:.0f} million" in why
    )


@pytest.mark.proves("warmup-formula", "warmup-share", "peak-rate")
def test_the_schedule_rises_to_its_peak_and_falls(drill: Drill, text: Text) -> None:
    def rate(step: int, d: int, warmup: int) -> float:
        return 1 / math.sqrt(d) * min(1 / math.sqrt(step), step / math.sqrt(warmup) ** 3)

    for d, w in product((256, 512, 1024), (1000, 4000, 8000)):
        peak = max(rate(step, d, w) for step in range(1, 20000))
        assert drill("attention-is-all-you-need/peak-rate", d=d, w=w) == pytest.approx(peak)
    for s in (400, 1000, 2000, 16000, 36000, 64000, 100000):
        share = rate(s, 512, 4000) / rate(4000, 512, 4000)
        assert drill("attention-is-all-you-need/warmup-share", s=s) == pytest.approx(share)
    assert f"peaks at about {rate(4000, 512, 4000):.4f};" in said(text, "peak-rate", "why")
    note = filled(text("attention-is-all-you-need/warmup-formula", "cloze"))
    assert r"s^{-0.5} , \; s \cdot w^{-1.5}" in note


@pytest.mark.proves("second-moment-memory")
def test_the_memory_of_a_moving_mean(text: Text) -> None:
    for beta, steps in ((0.98, 50), (0.999, 1000)):
        weights = [(1 - beta) * beta**age for age in range(40 * steps)]
        assert sum(age * w for age, w in enumerate(weights, 1)) == pytest.approx(steps, rel=0.01)
    assert "about 50 steps, not 1,000" in said(text, "second-moment-memory", "a")
    assert r"$\beta_2 = 0.98$ where 0.999 is usual" in said(text, "second-moment-memory", "q")


@pytest.mark.proves("smoothed-target", "unsmoothed-logits", "smoothing-trade")
def test_a_smoothed_target_sums_to_one_and_has_a_finite_best_gap(drill: Drill) -> None:
    for eps, k in product((0.1, 0.2), (2, 4, 5, 10, 20)):
        right = drill("attention-is-all-you-need/smoothed-target", eps=eps, k=k)
        assert right + (k - 1) * eps / k == pytest.approx(1)

    def loss(gap: float, target: float) -> float:
        p = 1 / (1 + math.exp(-gap))
        return -target * math.log(p) - (1 - target) * math.log(1 - p)

    gaps = np.linspace(0.1, 20, 400)
    one_hot = [loss(gap, 1.0) for gap in gaps]
    assert one_hot == sorted(one_hot, reverse=True)
    smoothed = [loss(gap, 0.95) for gap in gaps]
    assert gaps[int(np.argmin(smoothed))] == pytest.approx(math.log(0.95 / 0.05), abs=0.1)


@pytest.mark.proves("training-cost")
def test_the_cost_is_time_times_hardware(drill: Drill, text: Text) -> None:
    for t, hours in product((2.8, 6, 9.5), (12, 24, 84)):
        operations = 8 * (t * 1e12) * (hours * 3600) / 1e18
        assert drill("attention-is-all-you-need/training-cost", t=t, hours=hours) == pytest.approx(operations)
    base, big = (8 * 9.5e12 * 3600 * hours / 1e18 for hours in (12, 3.5 * 24))
    assert f"12 hours give the base model's {base:.1f} and 3.5 days the big one's {big:.0f}." in said(
        text, "training-cost", "why"
    )


@pytest.mark.proves("heads-ablation", "key-width-ablation", "dropout-ablation")
def test_the_losses_are_differences_of_the_table(text: Text) -> None:
    why = said(text, "heads-ablation", "why")
    assert f"One head lost {lost('1 head')} BLEU, 32 heads of width {512 // 32} lost {lost('32 heads')}" in why
    assert f"from 64 to 16, cost the base transformer {lost('d_k 16')} BLEU" in said(text, "key-width-ablation", "q")
    assert f"Without dropout the base transformer lost {lost('no dropout')} BLEU" in said(text, "dropout-ablation", "q")
    assert f"Without label smoothing it lost only {lost('no smoothing')}." in said(text, "dropout-ablation", "why")
