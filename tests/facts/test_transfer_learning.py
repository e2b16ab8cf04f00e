"""The facts of the deck on transfer learning: its programs run, adapters and LoRA counted and differentiated."""

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
Drill = Callable[..., float]
Array = NDArray[np.float64]

QUOTED: dict[str, str] = {
    "which-frozen-layers": "devlin2019 Table 7, dev F1 of the last layer, the last four concatenated, and fine-tuning",
    "ulmfit-stages": "howard2018 §5, low-shot learning: 100 labels against 10 and 20 times more data",
    "irrelevant-domain": "gururangan2020 §3.3, two of the eight tasks",
    "domain-or-task": "gururangan2020 §5.3, nearly 60 times faster to train",
}


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"transfer-learning/{note}", key))


@pytest.mark.proves("freeze-code")
def test_the_code_freezes_the_encoder_and_keeps_the_head(text: Text) -> None:
    class Part:
        def __init__(self, size: int) -> None:
            self.weights = [SimpleNamespace(requires_grad=True) for _ in range(size)]

        def parameters(self) -> list[SimpleNamespace]:
            return self.weights

    encoder, head = Part(5), Part(2)
    model = SimpleNamespace(encoder=encoder, parameters=lambda: encoder.parameters() + head.parameters())
    names: dict[str, Any] = {"model": model}
    exec(program(text("transfer-learning/freeze-code", "cloze")), names)
    assert names["free"] == head.parameters()


@pytest.mark.proves("ewc-formula", "ewc-penalty")
def test_the_penalty_is_a_spring_at_the_old_weight(text: Text, drill: Drill) -> None:
    formula = prose(filled(text("transfer-learning/ewc-formula", "cloze")))
    assert r"\frac{\lambda}{2} F_i (\theta_i - \theta^*_{A,i} )^2" in formula
    for f, move, lam in ((0.5, 0.1, 10), (8, 0.5, 100), (2, 0.2, 40)):
        old, new = 1.3, 1.3 + move
        assert drill("transfer-learning/ewc-penalty", f=f, move=move, lam=lam) == pytest.approx(
            lam * f * (new - old) ** 2 / 2
        )


@pytest.mark.proves("layer-rate-drill")
def test_each_layer_down_divides_the_rate(text: Text, drill: Drill) -> None:
    rate = 0.026
    for k in (1, 2, 3):
        rate /= 2.6
        assert drill("transfer-learning/layer-rate-drill", top=0.026, k=k) == pytest.approx(rate)
    assert 2.6**3 == pytest.approx(17, abs=1)
    assert "about a seventeenth" in said(text, "layer-rate-drill", "why")


@pytest.mark.proves("unfreeze-code")
def test_one_more_layer_from_the_top_is_free_in_each_epoch(text: Text) -> None:
    class Layer:
        free = False

        def requires_grad_(self, flag: bool) -> None:
            self.free = flag

    layers, seen = [Layer() for _ in range(4)], []
    names: dict[str, Any] = {"layers": layers, "train_one_epoch": lambda: seen.append([each.free for each in layers])}
    exec(program(text("transfer-learning/unfreeze-code", "cloze")), names)
    assert seen == [[place >= 4 - epoch for place in range(4)] for epoch in range(1, 5)]


@pytest.mark.proves("adapter-count", "adapter-identity")
def test_an_adapter_is_counted_and_starts_near_the_identity(text: Text, drill: Drill) -> None:
    rng = np.random.default_rng(0)
    d, m = 100, 8
    parts = [rng.normal(0, 1e-2, (m, d)), np.zeros(m), rng.normal(0, 1e-2, (d, m)), np.zeros(d)]
    assert drill("transfer-learning/adapter-count", m=m, d=d) == sum(part.size for part in parts)
    x = rng.normal(size=d)
    out = x + parts[2] @ np.maximum(parts[0] @ x + parts[1], 0) + parts[3]
    assert np.linalg.norm(out - x) < 0.02 * np.linalg.norm(x)
    assert "3.6% of BERT's parameters per task came within 0.4 points" in said(text, "adapter-count", "why")


@pytest.mark.proves("lora-code", "lora-formula", "lora-init", "lora-no-latency")
def test_lora_starts_as_the_frozen_layer_merges_into_it_and_is_stuck_at_zero(text: Text) -> None:
    rng = np.random.default_rng(1)
    d, k, r, alpha = 5, 7, 2, 4.0
    x, W = rng.normal(size=(3, k)), rng.normal(size=(d, k))
    names: dict[str, Any] = {"np": np, "rng": rng, "x": x, "W": W, "d": d, "k": k, "r": r, "alpha": alpha}
    code = program(text("transfer-learning/lora-code", "cloze"))
    exec(code, names)
    assert names["y"] == pytest.approx(x @ W.T)
    A, B = names["A"], rng.normal(size=(d, r))
    after = names | {"B": B}
    exec(code.splitlines()[-1], after)
    assert after["y"] == pytest.approx(x @ (W + alpha / r * B @ A).T)
    assert r"h = W_0 x + \frac{\alpha}{r} B A x" in prose(filled(text("transfer-learning/lora-formula", "cloze")))

    def gradients(A: Array, B: Array) -> tuple[float, float]:
        error = x @ W.T + alpha / r * (x @ A.T) @ B.T - 1.0
        return float(np.abs(error.T @ (x @ A.T)).max()), float(np.abs((error @ B).T @ x).max())

    to_b, to_a = gradients(A, np.zeros((d, r)))
    assert to_b > 0.1
    assert to_a == 0
    assert gradients(np.zeros((r, k)), np.zeros((d, r))) == (0, 0)


@pytest.mark.proves("lora-count", "lora-share", "lora-gpt3", "lora-memory", "qlora-base")
def test_lora_parameters_are_counted_from_shapes(text: Text, drill: Drill) -> None:
    def trained(layers: int, d: int, r: int) -> int:
        return sum(np.zeros((r, d)).size + np.zeros((d, r)).size for _ in range(layers) for _ in ("query", "value"))

    assert drill("transfer-learning/lora-count", r=4, d=1000, layers=24) * 1000 == trained(24, 1000, 4)
    assert int(text("transfer-learning/lora-share", "typed")) == 4000 * 4000 / (2 * 8 * 4000)
    count = trained(96, 12288, 4)
    assert float(text("transfer-learning/lora-gpt3", "typed")) == pytest.approx(count / 1e6, rel=0.005)
    assert 175e9 / count == pytest.approx(10_000, rel=0.1)
    assert f"some {count * 2 / 2**20:.0f} MiB" in said(text, "lora-gpt3", "why")
    assert 175e9 * 2 / 1e9 == 350
    assert (1200 - 350) / 350 > 2
    assert "350 GB instead of 1.2 TB" in said(text, "lora-memory", "q")
    assert f"need {65e9 * 16 / 8 / 1e9:.0f} GB for the frozen weights in 16 bits" in said(text, "qlora-base", "q")
    assert math.ceil(65e9 * 4 / 8 / 1e9) == 33
    assert "about 33 GB" in said(text, "qlora-base", "why")
