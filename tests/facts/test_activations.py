"""Facts of the deck on activation functions, computed from their formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from tests.support import drawn
from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]

QUOTED: dict[str, str] = {}

NORMAL = NormalDist()


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def gelu(x: float) -> float:
    return x * NORMAL.cdf(x)


def slope(f: Callable[[float], float], x: float, h: float = 1e-6) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


@pytest.mark.proves("tanh-from-sigmoid", "tanh-near-zero")
def test_tanh_is_a_stretched_sigmoid(text: Text) -> None:
    z = np.linspace(-4, 4, 33)
    assert np.tanh(z) == pytest.approx(2 * sigmoid(2 * z) - 1)
    assert r"\tanh(z) = 2 \, \sigma(2z) - 1" in filled(text("activations/tanh-from-sigmoid", "cloze"))
    assert slope(math.tanh, 0) == pytest.approx(1)
    assert slope(sigmoid, 0) == pytest.approx(1 / 4)
    assert "of 1 at 0, against 1/4" in prose(text("activations/tanh-from-sigmoid", "why"))
    near = np.linspace(-0.1, 0.1, 21)
    assert sigmoid(near) == pytest.approx(0.5 + near / 4, abs=1e-4)
    assert "$0.5 + z/4$" in text("activations/tanh-near-zero", "why")


@pytest.mark.proves("zero-centred")
def test_positive_inputs_give_weight_gradients_of_one_sign() -> None:
    x = sigmoid(np.random.default_rng(0).normal(size=20))
    for error in (0.7, -0.3):
        assert len(set(np.sign(error * x))) == 1


@pytest.mark.proves("activation-ranges", "gelu-not-monotonic")
def test_ranges_and_the_dip_of_gelu(text: Text) -> None:
    x = np.linspace(-8, 8, 16001)
    values = np.array([gelu(each) for each in x])
    lowest = int(values.argmin())
    assert f"about {values[lowest]:.2f} up" in text("activations/activation-ranges", "contrast.by.range.gelu")
    assert (np.diff(values[:lowest]) < 1e-12).all()
    assert (np.diff(values[lowest:]) > -1e-12).all()
    a = prose(text("activations/gelu-not-monotonic", "a"))
    assert f"to about {values[lowest]:.2f} near $x = {x[lowest]:.2f}$" in a
    assert text("activations/activation-ranges", "contrast.by.range.sigmoid") == "between 0 and 1"
    assert text("activations/activation-ranges", "contrast.by.range.tanh") == "between -1 and 1"
    for f in (sigmoid, math.tanh, gelu):
        assert 0 < abs(slope(f, -5)) < 0.01
    assert slope(gelu, -0.3) > 0.1


@pytest.mark.proves("saturated-unit")
def test_a_saturated_sigmoid_has_the_slope_on_the_card(text: Text) -> None:
    flat = sigmoid(10) * (1 - sigmoid(10))
    assert f"about {flat:.5f}." in prose(text("activations/saturated-unit", "a"))
    assert "pre-activation of 10" in text("activations/saturated-unit", "q")
    assert f"At 0 the factor would be {sigmoid(0) * (1 - sigmoid(0)):.2f}." in prose(
        text("activations/saturated-unit", "why")
    )


@pytest.mark.proves("saturation-drill")
def test_the_factor_of_a_tanh_unit(drill: Callable[..., float]) -> None:
    for t in (0, 0.2, -0.5, 0.6, -0.8, 0.9, 0.99):
        assert drill("activations/saturation-drill", t=t) == pytest.approx(slope(math.tanh, math.atanh(t)), abs=1e-6)


@pytest.mark.proves("large-weights-saturate")
def test_unit_weights_on_a_thousand_inputs_saturate(text: Text) -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(size=(2000, 1000)) @ rng.normal(size=1000)
    assert z.std() == pytest.approx(math.sqrt(1000), rel=0.1)
    assert f"about {math.sqrt(1000):.0f}," in prose(text("activations/large-weights-saturate", "a"))
    assert (sigmoid(z) * (1 - sigmoid(z)) < 0.05).mean() > 0.9
    assert "1,000 inputs" in text("activations/large-weights-saturate", "q")


@pytest.mark.proves("relu-gradient-code", "find-dead-units")
def test_the_relu_code(text: Text) -> None:
    rng = np.random.default_rng(2)
    names: dict[str, Any] = {"np": np, "z": rng.normal(size=(4, 3)), "g": rng.normal(size=(4, 3))}
    exec(program(text("activations/relu-gradient-code", "cloze")), names)
    for z, g, out, dz in zip(*(names[each].flat for each in ("z", "g", "out", "dz")), strict=True):
        assert out == (z if z > 0 else 0)
        assert dz == (g if z > 0 else 0)
    with pytest.raises(TypeError):
        np.max(0, names["z"])
    H = np.maximum(0, rng.normal(size=(100, 6)))
    H[:, [1, 4]] = 0
    names = {"H": H}
    exec(program(text("activations/find-dead-units", "cloze")), names)
    assert names["dead"] == 2


@pytest.mark.proves("why-relu")
def test_about_half_of_the_units_are_off() -> None:
    rng = np.random.default_rng(3)
    z = rng.normal(size=(500, 50)) @ rng.normal(size=(50, 200))
    assert (z <= 0).mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.proves("leaky-relu")
def test_a_leaky_unit_comes_back(text: Text) -> None:
    assert "by 0.01" in text("activations/leaky-relu", "q")
    x, biases = np.random.default_rng(4).uniform(0, 1, 100), {}
    for leak in (0.0, 0.01):
        bias = -5.0
        for _ in range(20_000):
            z = x + bias
            bias -= 0.1 * float(((np.where(z > 0, z, leak * z) - 1) * np.where(z > 0, 1, leak)).mean())
        biases[leak] = bias
    assert biases[0.0] == -5
    assert biases[0.01] > 0


@pytest.mark.proves("gelu-values")
def test_gelu_of_1(text: Text) -> None:
    middle = round(NORMAL.cdf(1) - NORMAL.cdf(-1), 2)
    tail = round(NORMAL.cdf(-1), 2)
    assert prose(text("activations/gelu-values", "q")).startswith(f"{middle:.0%} of a standard normal")
    assert text("activations/gelu-values", "typed") == f"{gelu(1):.2f}"
    why = prose(text("activations/gelu-values", "why"))
    assert f"{middle} + {tail} = {middle + tail:.2f}" in why
    assert gelu(-1) == pytest.approx(-tail, abs=0.005)
    assert rf"$-1 \cdot {tail}$" in why


@pytest.mark.proves("gelu-tanh-code")
def test_the_approximation_of_gelu(text: Text) -> None:
    x = np.linspace(-6, 6, 121)
    near = eval(program(text("activations/gelu-tanh-code", "cloze")), {"np": np, "x": x})
    assert near == pytest.approx(np.array([gelu(each) for each in x]), abs=5e-4)


def softmax(z: Any, temperature: float = 1) -> Any:
    e = np.exp(np.asarray(z, float) / temperature)
    return e / e.sum()


@pytest.mark.proves("temperature-formula", "two-scores-drill", "temperature-keeps-order")
def test_temperature(text: Text, drill: Callable[..., float]) -> None:
    z = [1.0, 3.0, 2.5]
    assert softmax(z, 1e6) == pytest.approx(np.full(3, 1 / 3), abs=1e-5)
    assert softmax(z, 0.01) == pytest.approx([0, 1, 0])
    said = prose(filled(text("activations/temperature-formula", "cloze")))
    assert "uniform as $T$ goes to infinity" in said
    assert "largest score as $T$ goes to 0" in said
    for d in (1, 2, 3, 4):
        for t in (0.5, 1, 2):
            assert drill("activations/two-scores-drill", d=d, t=t) == pytest.approx(softmax([5 + d, 5], t)[0])
            assert (np.argsort(softmax(z, t)) == np.argsort(z)).all()
    why = text("activations/two-scores-drill", "why")
    for score in (1, 2, 4):
        assert rf"$\sigma({score}) \approx {sigmoid(score):.2f}$" in why


@pytest.mark.proves("stable-softmax-code")
def test_the_stable_softmax(text: Text) -> None:
    code = program(text("activations/stable-softmax-code", "cloze"))
    z = np.random.default_rng(5).normal(size=(4, 4))
    names: dict[str, Any] = {"np": np, "z": z}
    exec(code, names)
    assert names["p"] == pytest.approx(np.array([softmax(row) for row in z]))
    names = {"np": np, "z": np.array([[1000.0, 0.0]])}
    exec(code, names)
    assert names["p"] == pytest.approx(np.array([[1.0, 0.0]]))
    names = {"np": np, "z": z}
    exec(code.replace(", keepdims=True", ""), names)
    assert names["p"].sum(axis=-1) != pytest.approx(np.ones(4))


@pytest.mark.proves("which-curve-is-gelu")
def test_the_four_curves_drawn(text: Text) -> None:
    curves: dict[str, Callable[[float], float]] = {
        "A": lambda x: max(x, 0.1 * x),
        "B": lambda x: max(x, 0.0),
        "C": gelu,
        "D": math.tanh,
    }
    shown = drawn.lines("activation-curves.svg")
    assert shown.keys() == curves.keys()
    assert all(shown[name].lies_on(f) for name, f in curves.items())
    for name, line in shown.items():
        assert line.x[[0, -1]] == pytest.approx([-3, 1.5], abs=0.01)
        turns = (np.diff(line.y) < -line.y_off).any() and (np.diff(line.y) > line.y_off).any()
        assert turns == (name == "C"), "of these only GELU turns round"
    q = prose(text("activations/which-curve-is-gelu", "q"))
    assert f"from {curves['A'](-3):.1f} to a kink at 0" in q
    lowest = min(curves["C"](x) for x in np.linspace(-3, 0, 301))
    assert f"sinks to {lowest:.2f}, passes through 0 and rises to {gelu(1.5):.1f}" in q
    assert f"from {math.tanh(-3):.0f} to {math.tanh(1.5):.1f}" in q
    assert "slope 0.1" in text("activations/which-curve-is-gelu", "why")


@pytest.mark.proves("temperature-from-bars")
def test_the_bars_of_two_temperatures(text: Text) -> None:
    scores = np.log([16, 4, 1])
    temperature = float(text("activations/temperature-from-bars", "typed"))
    cold, hot = softmax(scores), softmax(scores, temperature)
    shown = [each for each in drawn.said("softmax-temperature.svg") if each.endswith("%")]
    assert shown == [f"{share:.0%}" for share in (*cold, *hot)]
    q = prose(text("activations/temperature-from-bars", "q"))
    assert f"T = 1: {shown[0]}, {shown[1]} and {shown[2]}." in q
    assert f"T unknown: {shown[3]}, {shown[4]} and {shown[5]}." in q
    why = prose(text("activations/temperature-from-bars", "why"))
    assert f"goes from {cold[0] / cold[1]:.0f} to {hot[0] / hot[1]:.0f}, its square root" in why
    # What is shown, rounded as it is, leads to the same answer.
    ratios = [(int(a[:-1]) / int(b[:-1])) for a, b in ((shown[0], shown[1]), (shown[3], shown[4]))]
    assert math.log(ratios[0]) / math.log(ratios[1]) == pytest.approx(temperature, abs=0.1)
