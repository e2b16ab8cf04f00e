"""The updates, averages and bytes of the deck on optimizers, worked out afresh."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "lamb-purpose": "you2020 abstract: batches over 32868, from 3 days to 76 minutes",
}


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"optimizers/{note}", key))


def run_adam(gradients: Any, lr: float = 0.001, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> list[float]:
    """Where Adam stands after each gradient, from 0, by averages written out as weighted sums."""
    w, path = 0.0, []
    for t in range(1, len(gradients) + 1):
        m = sum((1 - b1) * b1 ** (t - i) * gradients[i - 1] for i in range(1, t + 1)) / (1 - b1**t)
        v = sum((1 - b2) * b2 ** (t - i) * gradients[i - 1] ** 2 for i in range(1, t + 1)) / (1 - b2**t)
        w -= lr * m / (math.sqrt(v) + eps)
        path.append(w)
    return path


@pytest.mark.proves("adam-code", "first-step-length", "loss-times-hundred", "noise-shortens-steps")
def test_the_code_is_adam(text: Text) -> None:
    names: dict[str, Any] = {"np": np}
    exec(program(text("optimizers/adam-code", "cloze")), names)
    gradients = np.random.default_rng(0).normal(size=30)

    def walk(gs: Any) -> list[float]:
        w = m = v = 0.0
        path = []
        for t, g in enumerate(gs, start=1):
            w, m, v = names["adam"](w, g, m, v, t)
            path.append(w)
        return path

    assert walk(gradients) == pytest.approx(run_adam(gradients))
    assert "gradient is 50" in said(text, "first-step-length", "q")
    assert abs(walk([50.0])[0]) == pytest.approx(float(said(text, "first-step-length", "typed")))
    assert walk(100 * gradients) == pytest.approx(walk(gradients), rel=1e-5)
    assert said(text, "loss-times-hundred", "a") == "SGD's become 100 times as long, Adam's stay as they are."
    assert "multiplied by 100" in said(text, "loss-times-hundred", "q")
    steady, flipping = walk(np.ones(500)), walk(np.random.default_rng(1).choice([-1.0, 1.0], size=500))
    assert np.abs(np.diff(steady)).mean() > 3 * np.abs(np.diff(flipping)).mean()
    assert said(text, "noise-shortens-steps", "a").startswith("The first")


@pytest.mark.proves("average-of-ones", "why-bias-correction", "uncorrected-first-step")
def test_averages_that_start_at_zero_are_too_small(text: Text, drill: Drill) -> None:
    for t, b in product((2, 3, 4), (0.5, 0.8, 0.9)):
        m = 0.0
        for _ in range(t):
            m = b * m + (1 - b) * 1
        assert drill("optimizers/average-of-ones", t=t, b=b) == pytest.approx(m)
        assert m / (1 - b**t) == pytest.approx(1)
    g = 7.0
    first = (0.1 * g) / math.sqrt(0.001 * g * g)
    assert said(text, "uncorrected-first-step", "a").startswith(f"About {first:.1f} times")
    assert r"\beta_1 = 0.9$ and $\beta_2 = 0.999$" in said(text, "uncorrected-first-step", "q")


@pytest.mark.proves("memory-of-beta")
def test_the_reach_of_an_average(text: Text, drill: Drill) -> None:
    for b in (0.9, 0.95, 0.98, 0.99, 0.999):
        age = sum((1 - b) * b**k * (k + 1) for k in range(20_000))
        assert drill("optimizers/memory-of-beta", b=b) == pytest.approx(age)
    assert "of 0.95 forgets a burst of gradients fifty times sooner than one of 0.999" in said(
        text, "memory-of-beta", "why"
    )
    assert (1 - 0.95) / (1 - 0.999) == pytest.approx(50)


@pytest.mark.proves("epsilon-bounds")
def test_epsilon_shows_where_gradients_are_as_small(text: Text) -> None:
    moved = [-run_adam([1e-9] * 20, eps=eps)[-1] for eps in (1e-10, 1e-8)]
    assert moved[1] / moved[0] == pytest.approx(0.1, rel=0.01)
    assert "about 1e-9" in said(text, "epsilon-bounds", "q")
    assert "from 1e-10 to 1e-8" in said(text, "epsilon-bounds", "q")
    assert said(text, "epsilon-bounds", "a").startswith("They shrink to a tenth")


@pytest.mark.proves("adamw-line", "l2-in-adam", "same-for-sgd")
def test_a_penalty_is_divided_by_adam_and_a_decay_is_not(text: Text) -> None:
    rng = np.random.default_rng(2)
    lr, decay = 0.001, 0.1
    pulled = []
    for size in (0.1, 10.0):
        gradients = size * rng.choice([-1.0, 1.0], size=400)
        without, penalised, m, v, mp, vp = 1.0, 1.0, 0.0, 0.0, 0.0, 0.0
        for t, g in enumerate(gradients, start=1):
            gp = g + decay * penalised
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            mp, vp = 0.9 * mp + 0.1 * gp, 0.999 * vp + 0.001 * gp * gp
            without -= lr * (m / (1 - 0.9**t)) / math.sqrt(v / (1 - 0.999**t))
            penalised -= lr * (mp / (1 - 0.9**t)) / math.sqrt(vp / (1 - 0.999**t))
        pulled.append(without - penalised)
    assert pulled[0] > 10 * abs(pulled[1])
    assert said(text, "l2-in-adam", "a").startswith("Those with large gradients")
    w, g = 2.0, 0.3
    assert w - 0.1 * (g + 0.5 * w) == pytest.approx((1 - 0.1 * 0.5) * w - 0.1 * g)
    assert r"w - \eta (g + \lambda w) = (1 - \eta\lambda) w - \eta g" in said(text, "same-for-sgd", "why")
    assert r"+ \lambda w \right)" in prose(filled(text("optimizers/adamw-line", "cloze")))


@pytest.mark.proves("decay-over-steps")
def test_decay_alone_shrinks_by_a_share_each_step(drill: Drill) -> None:
    for n, lr, d in product((100, 1000, 10000), (0.0001, 0.001), (0.01, 0.1)):
        if 0.09 <= n * lr * d <= 1.01:
            w = 1.0
            for _ in range(n):
                w -= lr * d * w
            assert drill("optimizers/decay-over-steps", n=n, lr=lr, d=d) == pytest.approx(w)
            assert w == pytest.approx(math.exp(-n * lr * d), rel=0.001)


@pytest.mark.proves("decay-groups-code")
def test_matrices_decay_and_vectors_do_not(text: Text) -> None:
    arrays = [np.ones((3, 4)), np.ones(4), np.ones((2, 3, 4)), np.ones(3)]
    seen: list[Any] = []
    torch = SimpleNamespace(optim=SimpleNamespace(AdamW=lambda groups, lr: seen.extend([groups, lr])))
    model = SimpleNamespace(parameters=lambda: iter(arrays))
    exec(program(text("optimizers/decay-groups-code", "cloze")), {"torch": torch, "model": model})
    decayed, spared = seen[0]
    assert [p.ndim for p in decayed["params"]] == [2, 3]
    assert [p.ndim for p in spared["params"]] == [1, 1]
    assert decayed["weight_decay"] > 0
    assert spared["weight_decay"] == 0


@pytest.mark.proves("trust-ratio", "lamb-step-length")
def test_a_lamb_step_is_a_share_of_the_layers_norm(text: Text, drill: Drill) -> None:
    rng = np.random.default_rng(3)
    for w, u, lr in product((4, 10, 50), (0.5, 2, 20), (0.001, 0.01)):
        weights, direction = rng.normal(size=40), rng.normal(size=40)
        weights *= w / np.linalg.norm(weights)
        direction *= u / np.linalg.norm(direction)
        step = -lr * np.linalg.norm(weights) / np.linalg.norm(direction) * direction
        assert drill("optimizers/lamb-step-length", w=w, u=u, lr=lr) == pytest.approx(float(np.linalg.norm(step)))
    formula = prose(filled(text("optimizers/trust-ratio", "cloze")))
    assert r"- \eta \, \frac{ \lVert w \rVert }{ \lVert u \rVert } \, u" in formula


@pytest.mark.proves("adafactor-code", "adafactor-saves", "when-factors-lose-nothing")
def test_the_factored_estimate_keeps_sums_and_is_exact_at_rank_one(text: Text, drill: Drill) -> None:
    rng = np.random.default_rng(4)
    code = program(text("optimizers/adafactor-code", "cloze"))

    def estimate(V: Any) -> Any:
        names: dict[str, Any] = {"np": np, "V": V}
        exec(code, names)
        return names["V_hat"]

    V = rng.uniform(size=(4, 6))
    assert estimate(V).sum(axis=0) == pytest.approx(V.sum(axis=0))
    assert estimate(V).sum(axis=1) == pytest.approx(V.sum(axis=1))
    one = np.outer(rng.uniform(size=4), rng.uniform(size=6))
    assert estimate(one) == pytest.approx(one)

    def divergence(P: Any) -> float:
        return float((V * np.log(V / P) - V + P).sum())

    best = divergence(estimate(V))
    assert all(
        divergence(np.outer(rng.uniform(0.2, 1.5, size=4), rng.uniform(0.2, 1.5, size=6))) >= best for _ in range(500)
    )
    for n, m in product((512, 768, 1024, 4096), (2048, 3072, 11008)):
        assert drill("optimizers/adafactor-saves", n=n, m=m) == n + m
        assert n * m / (n + m) > 200


@pytest.mark.proves("state-table", "adam-state-size")
def test_bytes_of_state_add_up(text: Text, drill: Drill) -> None:
    moments, bits = 2, 32
    for n in (0.5, 1.5, 3, 7, 13, 70):
        assert drill("optimizers/adam-state-size", n=n) == pytest.approx(n * moments * bits / 8)
    assert "moments in 32 bits" in said(text, "adam-state-size", "drill.ask")
    assert "Two numbers of 4 bytes per weight, four times" in said(text, "adam-state-size", "why")
    assert moments * bits / 16 == 4
    assert "| Adafactor without momentum | $1/n + 1/m$ |" in filled(text("optimizers/state-table", "cloze"))
    n, m = 512, 2048
    assert drill("optimizers/adafactor-saves", n=n, m=m) / (n * m) == pytest.approx(1 / n + 1 / m)


@pytest.mark.proves("muon-orthogonalises")
def test_products_of_matrices_bring_all_singular_values_near_one(text: Text) -> None:
    rng = np.random.default_rng(6)
    left, right = (np.linalg.qr(rng.normal(size=(8, 8)))[0] for _ in range(2))
    momentum = left @ np.diag([9.0, 4, 2, 1, 0.8, 0.5, 0.3, 0.2]) @ right
    x = momentum / np.linalg.norm(momentum)
    for _ in range(20):
        x = 1.5 * x - 0.5 * x @ x.T @ x
    assert np.linalg.svd(x)[1] == pytest.approx(np.ones(8))
    assert x == pytest.approx(left @ right)
    assert "singular values become about 1." in said(text, "muon-orthogonalises", "a")


@pytest.mark.proves("blocks-for-eight-bits")
def test_an_outlier_spoils_its_own_block_only(text: Text) -> None:
    values = np.random.default_rng(5).normal(size=4096)
    values[100] = 1000.0

    def error(block: int) -> float:
        parts = values.reshape(-1, block)
        scale = np.abs(parts).max(axis=1, keepdims=True)
        return float(np.median(np.abs(np.round(parts / scale * 127) * scale / 127 - parts)))

    assert error(4096) > 50 * error(64)
    assert "from 8 bytes per weight to about 2" in said(text, "blocks-for-eight-bits", "why")
