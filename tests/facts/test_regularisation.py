"""Facts of the deck on regularisation and normalisation, computed from their definitions."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "degradation": "He and others (2016), Fig. 1: 20 and 56 layers on CIFAR-10",
}


@pytest.mark.proves("dropout-code", "dropout-drill", "dropout-scale-why")
def test_dropout_keeps_the_expected_value(text: Text, drill: Drill) -> None:
    code = program(text("regularisation/dropout-code", "cloze"))
    for p in (0.1, 0.5):
        names: dict[str, Any] = {"rng": np.random.default_rng(0), "h": np.full(200_000, 3.0), "p": p}
        exec(code, names)
        assert (names["h"] == 0).mean() == pytest.approx(p, abs=0.01)
        assert names["h"].mean() == pytest.approx(3, rel=0.02)
        assert drill("regularisation/dropout-drill", x=3, p=p) == pytest.approx(names["h"].max())
    assert "`p` is the probability of dropping" in text("regularisation/dropout-drill", "why")
    unscaled = np.where(np.random.default_rng(1).random(100_000) >= 0.5, 3.0, 0.0)
    assert 3 / unscaled.mean() == pytest.approx(2, rel=0.02)
    assert "$p = 0.5$" in text("regularisation/dropout-scale-why", "q")
    assert "twice as large" in text("regularisation/dropout-scale-why", "a")


@pytest.mark.proves("dropout-ensemble", "residual-paths")
def test_subsets_are_counted(text: Text) -> None:
    assert text("regularisation/dropout-ensemble", "typed") == str(len(list(product((0, 1), repeat=10))))
    assert "on 10 units" in text("regularisation/dropout-ensemble", "q")
    assert text("regularisation/residual-paths", "typed") == str(len(list(product(("by", "through"), repeat=6))))
    assert "6 residual blocks" in text("regularisation/residual-paths", "q")


@pytest.mark.proves("recurrent-dropout")
def test_little_survives_twenty_masks(text: Text) -> None:
    why = prose(text("regularisation/recurrent-dropout", "why"))
    assert f"With $p = 0.1$ a number survives 20 fresh masks with probability {(1 - 0.1) ** 20:.2f}." in why


@pytest.mark.proves("decay-update", "shrinkage-drill", "flat-directions")
def test_weight_decay(text: Text, drill: Drill) -> None:
    assert r"w \leftarrow (1 - \eta \lambda) \, w - \eta \, \nabla L(w)" in prose(
        filled(text("regularisation/decay-update", "cloze"))
    )
    for h, wd in product((0.5, 1, 4, 9), (0.5, 1, 4)):
        at = 0.0
        for _ in range(5000):
            at = (1 - 0.01 * wd) * at - 0.01 * h * (at - 10)
        assert drill("regularisation/shrinkage-drill", h=h, d=wd) == pytest.approx(at)
    curvature, decay, w = np.array([0.01, 1.0, 100.0]), 0.5, np.zeros(3)
    for _ in range(20_000):
        w = (1 - 0.01 * decay) * w - 0.01 * curvature * (w - 1)
    assert w == pytest.approx(curvature / (curvature + decay))
    assert "$h / (h + \\lambda)$" in text("regularisation/flat-directions", "why")


def batch_norm(text: Text, X: Any, gamma: Any = 1.0, beta: Any = 0.0, eps: float = 1e-12) -> Any:
    names: dict[str, Any] = {"np": np, "X": X, "gamma": gamma, "beta": beta, "eps": eps}
    exec(program(text("regularisation/batch-norm-code", "cloze")), names)
    return names["out"]


@pytest.mark.proves("batch-norm-code", "decay-before-norm", "bias-before-norm", "batch-of-one", "batch-norm-noise")
def test_batch_norm(text: Text) -> None:
    X = np.random.default_rng(2).normal(3, 5, size=(32, 4))
    out = batch_norm(text, X)
    assert out.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-9)
    assert out.std(axis=0) == pytest.approx(np.ones(4))
    assert batch_norm(text, X / 2) == pytest.approx(out)
    assert batch_norm(text, X + np.array([1, 2, 3, 4])) == pytest.approx(out)
    assert batch_norm(text, X[:1], beta=7.0) == pytest.approx(np.full((1, 4), 7.0))
    assert batch_norm(text, X[:8])[0] != pytest.approx(out[0])


@pytest.mark.proves("batch-norm-drill")
def test_a_value_through_batch_norm(drill: Drill, text: Text) -> None:
    for m, v, g, b, x in product((2, 5), (4, 9, 16), (2, 6), (-1, 3), (1, 8, 11)):
        pairs = 100
        spread = ((v * (2 + 2 * pairs) - 2 * (x - m) ** 2) / (2 * pairs)) ** 0.5
        batch = np.array([x, 2 * m - x] + pairs * [m - spread, m + spread], dtype=float)
        assert (batch.mean(), batch.var()) == pytest.approx((m, v))
        out = batch_norm(text, batch[:, None], g, b)
        assert drill("regularisation/batch-norm-drill", m=m, v=v, g=g, b=b, x=x) == pytest.approx(out[0, 0])


@pytest.mark.proves("running-average")
def test_the_running_mean(text: Text) -> None:
    names = {"running_mean": 0.0, "batch_mean": 5.0}
    code = program(text("regularisation/running-average", "cloze"))
    exec(code, names)
    assert names["running_mean"] == pytest.approx(0.1 * 5)
    for _ in range(100):
        exec(code, names)
    assert names["running_mean"] == pytest.approx(5, abs=1e-3)


@pytest.mark.proves("how-many-means", "layer-norm-parameters", "batch-or-layer-norm")
def test_counts_of_means(text: Text) -> None:
    x = np.zeros((32, 100, 512), np.float32)
    said = prose(filled(text("regularisation/how-many-means", "cloze")))
    assert "(32 texts, 100 tokens, 512 features)" in said
    layer, batch = x.mean(axis=-1).size, x.mean(axis=(0, 1)).size
    assert f"Layer norm takes {layer:,} means of them, batch norm {batch:,}." in said
    gain, shift = np.ones(768), np.zeros(768)
    assert text("regularisation/layer-norm-parameters", "typed") == f"{gain.size + shift.size:,}"
    assert "768 features" in text("regularisation/layer-norm-parameters", "q")


@pytest.mark.proves("residual-derivative", "residual-drill")
def test_a_residual_stack_multiplies_by_one_plus_the_slope(text: Text, drill: Drill) -> None:
    assert r"\frac{\partial y}{\partial x} = I + \frac{\partial F}{\partial x}" in filled(
        text("regularisation/residual-derivative", "cloze")
    )
    for n, f in product((5, 10, 20), (-0.1, 0.02, 0.05, 0.1)):
        x, moved = 1.0, 1.0 + 1e-6
        for _ in range(n):
            x, moved = x + f * x, moved + f * moved
        assert drill("regularisation/residual-drill", n=n, f=f) == pytest.approx((moved - x) / 1e-6, rel=1e-6)


@pytest.mark.proves("stream-variance")
def test_scaled_writers_keep_the_variance() -> None:
    rng, layers = np.random.default_rng(3), 48
    writers = rng.normal(size=(layers, 100_000))
    assert writers.sum(axis=0).var() == pytest.approx(layers, rel=0.05)
    assert (writers / np.sqrt(layers)).sum(axis=0).var() == pytest.approx(1, rel=0.05)
