"""Facts of the mixed-precision deck: the formats are computed from their bits, FP16 with NumPy, BF16 by rounding."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {}


def bf16(value: float) -> float:
    """The nearest BF16 number: FP32's upper 16 bits, ties to even."""
    bits = int(np.float32(value).view(np.uint32))
    bits += 0x7FFF + ((bits >> 16) & 1)
    return float(np.uint32(bits & 0xFFFF0000).view(np.float32))


def largest(exponent: int, fraction: int) -> float:
    """The largest finite number of an IEEE-like format, whose highest exponent is for infinity and NaN."""
    return math.ldexp(2 - math.ldexp(1, -fraction), (1 << (exponent - 1)) - 1)


@pytest.mark.proves("bit-layouts", "fp16-bf16-weakness", "bf16-upper-half")
def test_the_layouts_have_as_many_bits_as_numpy_says(text: Text) -> None:
    rows = [line.split() for line in filled(text("mixed-precision/bit-layouts", "cloze")).splitlines()]
    bits = {row[0]: [int(each) for each in row[1:]] for row in rows if row and row[0][:2] in {"FP", "BF"}}
    for name, dtype in (("FP32", np.float32), ("FP16", np.float16)):
        info = np.finfo(dtype)
        assert bits[name] == [1, info.iexp, info.nmant]
    assert bits["BF16"] == [1, bits["FP32"][1], 16 - 1 - bits["FP32"][1]]
    assert "the same 15 bits" in prose(text("mixed-precision/bit-layouts", "why"))
    assert np.spacing(np.float16(1)) == 2.0**-10
    assert "$2^{-10}$ just above 1" in text("mixed-precision/fp16-bf16-weakness", "contrast.by.good.fp16")
    assert bits["FP32"][2] - bits["BF16"][2] == 16
    assert "last 16 fraction bits" in prose(text("mixed-precision/bf16-upper-half", "a"))


@pytest.mark.proves("fp16-largest", "exp-overflow", "variance-overflow")
def test_fp16_ends_at_65504(text: Text) -> None:
    top = largest(5, 10)
    assert top == float(np.finfo(np.float16).max)
    assert text("mixed-precision/fp16-largest", "typed") == f"{top:.0f}"
    assert r"$(2 - 2^{-10}) \cdot 2^{15}$" in text("mixed-precision/fp16-largest", "why")
    assert text("mixed-precision/exp-overflow", "typed") == f"{math.log(top):.2f}"
    assert r"\ln 65504" in text("mixed-precision/exp-overflow", "why")
    assert "the value 300" in text("mixed-precision/variance-overflow", "q")
    assert f"{300**2:,}" in text("mixed-precision/variance-overflow", "a")
    assert 300**2 > top


@pytest.mark.proves("bf16-spacing", "update-ratio", "master-copy", "explain-recipe")
def test_small_updates_round_away(text: Text) -> None:
    assert "weight of 1.0" in prose(text("mixed-precision/bf16-spacing", "q"))
    assert "$+0.001$" in text("mixed-precision/bf16-spacing", "q")
    assert bf16(1 + 0.001) == 1.0
    assert bf16(1 + 2**-7) == 1 + 2**-7
    assert bf16(1 + 2**-8) == 1.0
    assert f"{1 + 2**-7:.4f}" in text("mixed-precision/bf16-spacing", "a")
    assert "rounding in 16 bits" in prose(text("mixed-precision/master-copy", "a"))
    assert "too small for 16 bits" in prose(text("mixed-precision/explain-recipe", "points.0"))
    weight, masters = np.float16(1), np.float32(1)
    for _ in range(1000):
        weight, masters = np.float16(weight + np.float16(2.0**-12)), np.float32(masters + np.float32(2.0**-12))
    assert weight == 1
    assert masters == pytest.approx(1 + 1000 / 4096)
    ratio = int(text("mixed-precision/update-ratio", "typed"))
    assert ratio == 2**11
    one = np.float16(1)
    assert one + np.float16(1 / ratio) == one
    assert one + np.float16(1.01 / ratio) > one


@pytest.mark.proves("where-memory-is-saved", "autocast-or-half")
def test_the_weights_alone_take_half_as_much_again(text: Text) -> None:
    master, copy = np.dtype(np.float32).itemsize, np.dtype(np.float16).itemsize
    assert f"{master} bytes become {master} + {copy}, half as much again" in text(
        "mixed-precision/where-memory-is-saved", "why"
    )
    assert copy == master / 2
    assert f"a {8 * copy}-bit copy" in text("mixed-precision/autocast-or-half", "contrast.by.weights.autocast")


@pytest.mark.proves("bf16-no-scaling", "scale-for-gradient")
def test_gradients_below_the_smallest_number_vanish(text: Text, drill: Drill) -> None:
    assert np.float16(2.0**-24) > 0
    assert np.float16(2.0**-25) == 0
    assert bf16(2.0**-126) == float(np.finfo(np.float32).tiny)
    assert "$2^{-24}$" in text("mixed-precision/bf16-no-scaling", "why")
    assert "$2^{-126}$" in text("mixed-precision/bf16-no-scaling", "why")
    for k in range(18, 25):
        assert 2.0**-k * drill("mixed-precision/scale-for-gradient", k=k) == float(np.finfo(np.float16).tiny) == 2**-14


@pytest.mark.proves("clip-before-unscale")
def test_clipping_scaled_gradients_leaves_almost_nothing(text: Text) -> None:
    gradient = np.array([3.0, -4.0]) * 1024
    clipped = gradient / max(1.0, float(np.linalg.norm(gradient)))
    assert np.linalg.norm(clipped / 1024) == pytest.approx(1 / 1024)
    assert "scale of 1024" in prose(text("mixed-precision/clip-before-unscale", "q"))
    assert text("mixed-precision/clip-before-unscale", "a").startswith("$1/1024$")


@pytest.mark.proves("amp-loop", "scaled-step")
def test_the_loop_scales_unscales_clips_and_steps_in_this_order(text: Text) -> None:
    calls: list[str] = []

    @contextmanager
    def autocast(device: str, dtype: str) -> Iterator[None]:
        calls.append("in")
        yield
        calls.append("out")

    def say(name: str, value: Any = None) -> Callable[..., Any]:
        def call(*_: Any) -> Any:
            calls.append(name)
            return value

        return call

    backward = SimpleNamespace(backward=say("backward"))
    scaler = SimpleNamespace(
        scale=say("scale", backward), unscale_=say("unscale"), step=say("step"), update=say("adjust")
    )
    utils = SimpleNamespace(clip_grad_norm_=say("clip"))
    torch = SimpleNamespace(autocast=autocast, float16="float16", nn=SimpleNamespace(utils=utils))
    model = type("Model", (), {"__call__": lambda self, x: x, "parameters": lambda self: []})()
    names = {"torch": torch, "scaler": scaler, "model": model, "loss_fn": lambda x, y: x - y, "x": 1.0, "y": 0.5}
    names["optimizer"] = SimpleNamespace(zero_grad=say("zero"))
    exec(program(text("mixed-precision/amp-loop", "cloze")), names)
    order = ["scale", "backward", "unscale", "clip", "step", "adjust"]
    assert calls == ["in", "out", *order, "zero"]
    for name in order:
        assert text("mixed-precision/scaled-step", f"steps.of.{name}")


@pytest.mark.proves("ones-in-fp16", "matmul-accumulator")
def test_adding_ones_in_fp16_stops(text: Text) -> None:
    total = np.float16(0)
    for _ in range(10_000):
        total = np.float16(total + np.float16(1))
    assert "10,000 ones" in text("mixed-precision/ones-in-fp16", "q")
    assert text("mixed-precision/ones-in-fp16", "typed") == f"{total:.0f}"
    assert np.spacing(np.float16(2048)) == 2
    a, b = (np.random.default_rng(seed).normal(size=1000).astype(np.float16) for seed in (1, 2))
    exact = a.astype(np.float64) * b.astype(np.float64)
    assert (exact == (a.astype(np.float32) * b.astype(np.float32)).astype(np.float64)).all()
    assert text("mixed-precision/matmul-accumulator", "a") == "The running sum of the products."


@pytest.mark.proves("bce-refused")
def test_the_gradient_of_the_cross_entropy_by_probability_explodes_and_by_logit_does_not(text: Text) -> None:
    logit, eps = -12.0, 1e-5
    p = 1 / (1 + math.exp(-logit))
    assert 1 / p > largest(5, 10)

    def loss(z: float) -> float:
        return math.log1p(math.exp(-z))

    assert (loss(logit + eps) - loss(logit - eps)) / (2 * eps) == pytest.approx(p - 1)
    assert "like $1/p$" in prose(text("mixed-precision/bce-refused", "a"))
    assert "$p - y$" in prose(text("mixed-precision/bce-refused", "a"))


def e4m3(value: float) -> float:
    """The nearest E4M3 number to one within its range; below the smallest normal number the steps stay equal."""
    step = 2.0 ** (max(math.frexp(value)[1] - 1, -6) - 3)
    return round(value / step) * step


@pytest.mark.proves("fp8-tiles")
def test_an_outlier_underflows_its_own_tile_only(text: Text) -> None:
    values = np.random.default_rng(3).uniform(0.5, 1.5, size=1024)
    values[300] = 1e6

    def zeros(tile: int) -> int:
        parts = values.reshape(-1, tile)
        return sum(e4m3(each * 448 / part.max()) == 0 for part in parts for each in part)

    assert zeros(1024) == 1023
    assert zeros(128) == 127
    assert "tile of 128 activations" in prose(text("mixed-precision/fp8-tiles", "q"))
    assert "at most its 127 neighbours" in prose(text("mixed-precision/fp8-tiles", "why"))


@pytest.mark.proves("fp8-formats", "fp8-scale-drill")
def test_the_largest_fp8_numbers_follow_from_the_bits(text: Text, drill: Drill) -> None:
    e4m3 = (2 - 2 * 2.0**-3) * 2.0 ** (15 - 7)  # the highest exponent is used; only all ones is NaN
    assert text("mixed-precision/fp8-formats", "contrast.by.largest.e4m3") == f"{e4m3:.0f}"
    assert text("mixed-precision/fp8-formats", "contrast.by.largest.e5m2") == f"{largest(5, 2):,.0f}"
    assert f"{e4m3:.0f}?" in text("mixed-precision/fp8-scale-drill", "drill.ask")
    for m in (0.5, 1.75, 3.5, 7, 14, 28, 56, 112):
        assert m * drill("mixed-precision/fp8-scale-drill", m=m) == e4m3
