"""Facts of the deck on calculus, computed by finite differences and by hand."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {}


def slope(f: Callable[[Any], Any], x: float, h: float = 1e-6) -> float:
    return float(f(x + h) - f(x - h)) / (2 * h)


def gradient(f: Callable[[Array], Any], x: Array, h: float = 1e-6) -> Array:
    return np.stack([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(x.size)], axis=-1)


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def softmax(z: Array) -> Array:
    e = np.exp(z - z.max())
    return np.asarray(e / e.sum())


@pytest.mark.proves("directional-derivative", "gradient-length", "contour-angle")
def test_the_gradient_is_the_steepest_direction_and_its_length_the_slope(text: Text) -> None:
    def f(x: Array) -> float:
        return float(x[0] ** 2 * x[1] + math.sin(x[1]))

    at = np.array([1.0, 2.0])
    g = gradient(f, at)
    angles = np.linspace(0, 2 * math.pi, 721)
    slopes = []
    for angle in angles:
        u = np.array([math.cos(angle), math.sin(angle)])
        slopes.append((f(at + 1e-6 * u) - f(at - 1e-6 * u)) / 2e-6)
        assert slopes[-1] == pytest.approx(u @ g, abs=1e-6)
    best = angles[int(np.argmax(slopes))]
    assert np.array([math.cos(best), math.sin(best)]) == pytest.approx(g / np.linalg.norm(g), abs=0.01)
    assert max(slopes) == pytest.approx(np.linalg.norm(g), rel=1e-3)
    across = np.array([-g[1], g[0]]) / np.linalg.norm(g)
    assert slope(lambda t: f(at + t * across), 0.0) == pytest.approx(0, abs=1e-6)
    q = prose(text("calculus/gradient-length", "q"))
    assert "has length 5" in q
    assert "length 0.01" in q
    assert text("calculus/gradient-length", "a").startswith(f"By {5 * 0.01}")


@pytest.mark.proves("partial-drill", "vector-derivatives", "log-derivative")
def test_gradients_by_hand(text: Text, drill: Drill) -> None:
    for a, b in ((2, -3), (5, 7)):
        by_x, by_y = gradient(lambda v: v[0] ** 2 * v[1] + 3 * v[1], np.array([a, b], float))
        assert drill("calculus/partial-drill", a=a, b=b) == pytest.approx(by_x)
        assert by_y == pytest.approx(a**2 + 3)
    rng = np.random.default_rng(0)
    x, vector, matrix = rng.normal(size=3), rng.normal(size=3), rng.normal(size=(3, 3))
    assert gradient(lambda v: vector @ v, x) == pytest.approx(vector, abs=1e-6)
    assert gradient(lambda v: v @ matrix @ v, x) == pytest.approx((matrix + matrix.T) @ x, abs=1e-6)
    assert r"= (A + A^\top) x$" in prose(filled(text("calculus/vector-derivatives", "cloze")))
    reward = rng.normal(size=3)
    scores = gradient(lambda z: np.log(softmax(z)), x)
    assert gradient(lambda z: softmax(z) @ reward, x) == pytest.approx((softmax(x) * reward) @ scores, abs=1e-6)
    said = prose(filled(text("calculus/log-derivative", "cloze")))
    assert r"E[r(x) \cdot \nabla_\theta \log p_\theta(x)]$" in said


@pytest.mark.proves("sum-over-paths", "graph-by-hand")
def test_paths_add_up_and_the_graph_has_the_derivatives_on_the_card(text: Text) -> None:
    w = 0.7
    assert slope(lambda t: 2 * t - 5 * t + 4 * t, w) == pytest.approx(
        int(text("calculus/sum-over-paths", "typed")), abs=1e-8
    )
    assert "multiply to 2, -5 and 4" in prose(text("calculus/sum-over-paths", "q"))
    shown = filled(text("calculus/graph-by-hand", "cloze"))
    values = {name: int(value) for name, value in re.findall(r"\b(\w) = (-?\d+)", shown)}
    a, b, c = values["a"], values["b"], values["c"]
    assert values["u"] == a * b
    assert values["v"] == a * b + c
    assert values["f"] == (a * b + c) ** 2
    slopes = {name: int(value) for name, value in re.findall(r"df/d(\w) = (-?\d+)", shown)}
    assert slopes["v"] == pytest.approx(slope(lambda v: v**2, values["v"]))
    assert slopes["u"] == pytest.approx(slope(lambda u: (u + c) ** 2, values["u"]))
    assert slopes["a"] == pytest.approx(slope(lambda t: (t * b + c) ** 2, a))


@pytest.mark.proves("node-patterns", "assigned-not-added", "multiply-from-the-loss")
def test_nodes_send_their_gradients_back(text: Text) -> None:
    at = np.array([3.0, -2.0])
    assert gradient(lambda v: v[0] + v[1], at) == pytest.approx([1, 1])
    assert gradient(lambda v: v[0] * v[1], at) == pytest.approx([-2, 3])
    assert gradient(lambda v: max(v[0], v[1]), at) == pytest.approx([1, 0])
    assert text("calculus/node-patterns", "contrast.by.sends.multiply") == "to each, times the other input"
    assert slope(lambda x: math.sin(x) + x**2, 1.0) == pytest.approx(math.cos(1.0) + 2.0)


@pytest.mark.proves("broadcast-backward-code")
def test_the_backward_pass_of_a_linear_layer_agrees_with_differences(text: Text) -> None:
    rng = np.random.default_rng(1)
    x, w, b, g = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=(4, 2))
    names: dict[str, Any] = {"X": x, "W": w, "b": b, "g": g}
    exec(program(text("calculus/broadcast-backward-code", "cloze")), names)

    def loss(x: Array, w: Array, b: Array) -> float:
        return float((g * (x @ w + b)).sum())

    assert names["dX"].ravel() == pytest.approx(gradient(lambda v: loss(v.reshape(4, 3), w, b), x.ravel()), abs=1e-6)
    assert names["dW"].ravel() == pytest.approx(gradient(lambda v: loss(x, v.reshape(3, 2), b), w.ravel()), abs=1e-6)
    assert names["db"] == pytest.approx(gradient(lambda v: loss(x, w, v), b), abs=1e-6)


@pytest.mark.proves("derivatives-by-outputs", "slopes-compared", "sigmoid-slope-drill", "five-sigmoids", "relu-at-zero")
def test_the_slopes_of_the_activations(text: Text, drill: Drill) -> None:
    grid = np.linspace(-6, 6, 241)
    for x in grid:
        s, t = sigmoid(x), math.tanh(x)
        assert slope(sigmoid, x) == pytest.approx(s * (1 - s), abs=1e-8)
        assert slope(np.tanh, x) == pytest.approx(1 - t**2, abs=1e-8)
    said = filled(text("calculus/derivatives-by-outputs", "cloze"))
    assert "$s (1 - s)$" in said
    assert "$1 - t^2$" in said
    steepest = {"sigmoid": max(slope(sigmoid, x) for x in grid), "tanh": max(slope(np.tanh, x) for x in grid)}
    assert steepest["sigmoid"] == pytest.approx(1 / 4)
    assert steepest["tanh"] == pytest.approx(1)
    assert text("calculus/slopes-compared", "contrast.by.steepest.sigmoid") == "1/4, at 0"
    assert text("calculus/slopes-compared", "contrast.by.steepest.tanh") == "1, at 0"
    assert text("calculus/slopes-compared", "contrast.by.level.ask").endswith("is 0.8")
    for name, function, x in (("sigmoid", sigmoid, math.log(4)), ("tanh", np.tanh, math.atanh(0.8))):
        assert function(x) == pytest.approx(0.8)
        said_slope = float(text("calculus/slopes-compared", f"contrast.by.level.{name}"))
        assert said_slope == pytest.approx(slope(function, x), abs=1e-6)
    for output in (0.1, 0.8):
        x = math.log(output / (1 - output))
        assert drill("calculus/sigmoid-slope-drill", s=output) == pytest.approx(slope(sigmoid, x), abs=1e-8)
    share = steepest["sigmoid"] ** 5
    assert "5 sigmoids" in text("calculus/five-sigmoids", "q")
    assert float(text("calculus/five-sigmoids", "typed")) == pytest.approx(share, rel=0.05)
    assert f"$(1/4)^5 = 1/{1 / share:.0f}$" in prose(text("calculus/five-sigmoids", "why"))


@pytest.mark.proves("softmax-jacobian", "softmax-cross-entropy", "logit-gradients-sum")
def test_the_derivatives_of_softmax_and_its_loss(text: Text) -> None:
    z, y = np.array([0.3, -1.2, 2.0, 0.5]), np.eye(4)[1]
    p = softmax(z)
    expected = np.diag(p) - np.outer(p, p)
    assert gradient(softmax, z) == pytest.approx(expected, abs=1e-8)
    assert expected[2, 2] == pytest.approx(p[2] * (1 - p[2]))
    assert expected[0, 3] == pytest.approx(-p[0] * p[3])
    said = prose(filled(text("calculus/softmax-jacobian", "cloze")))
    assert "= p_i (1 - p_i)$" in said
    assert "= -p_i p_j$" in said
    by_logits = gradient(lambda v: -np.log(softmax(v)[1]), z)
    assert by_logits == pytest.approx(p - y, abs=1e-8)
    assert by_logits.sum() == pytest.approx(0, abs=1e-8)
    assert softmax(z + 7) == pytest.approx(p)
    assert "= p - y$" in prose(filled(text("calculus/softmax-cross-entropy", "cloze")))


@pytest.mark.proves("central-difference", "cubic-difference", "step-too-small")
def test_errors_of_difference_quotients(text: Text, drill: Drill) -> None:
    for h, x in ((0.1, 2), (0.5, 4)):
        assert drill("calculus/cubic-difference", h=h, x=x) == pytest.approx(3 * x**2 + h**2)
    true = math.exp(1)
    one_sided = [abs((math.exp(1 + h) - math.exp(1)) / h - true) for h in (1e-2, 1e-3)]
    central = [abs(slope(math.exp, 1, h) - true) for h in (1e-2, 1e-3)]
    assert one_sided[0] / one_sided[1] == pytest.approx(10, rel=0.02)
    assert central[0] / central[1] == pytest.approx(100, rel=0.02)
    q = prose(text("calculus/step-too-small", "q"))
    assert "$10^{-5}$ to $10^{-12}$" in q
    assert abs(slope(math.exp, 1, 1e-12) - true) > 1000 * abs(slope(math.exp, 1, 1e-5) - true)


@pytest.mark.proves("too-dear-for-training")
def test_each_parameter_takes_two_forward_passes(text: Text) -> None:
    calls = 0

    def f(x: Array) -> float:
        nonlocal calls
        calls += 1
        return float(x.sum())

    gradient(f, np.zeros(5))
    assert calls == 2 * 5
    assert "1,000,000 parameters" in prose(text("calculus/too-dear-for-training", "q"))
    assert int(text("calculus/too-dear-for-training", "typed").replace(",", "")) == 2 * 1_000_000


@pytest.mark.proves("numerical-gradient-code", "relative-error", "check-across-a-kink")
def test_the_gradient_check_on_the_card_works_and_stumbles_over_a_kink(text: Text) -> None:
    names: dict[str, Any] = {"np": np}
    exec(program(text("calculus/numerical-gradient-code", "cloze")), names)
    x = np.random.default_rng(2).normal(size=(2, 3))
    before = x.copy()
    found = names["numerical_gradient"](lambda v: float((v**3).sum()), x)
    assert found == pytest.approx(3 * before**2, abs=1e-6)
    assert (x == before).all()
    near = np.array([-1e-6])
    kinked = names["numerical_gradient"](lambda v: float(np.maximum(v, 0).sum()), near)
    assert 0.1 < kinked[0] < 0.9
    q, a = prose(text("calculus/relative-error", "q")), prose(text("calculus/relative-error", "a"))
    assert "apart by 0.0001." in q
    assert a.endswith("near 0.0001.")


@pytest.mark.proves("gradcheck-single-precision")
def test_single_precision_cannot_take_a_step_of_a_millionth(text: Text) -> None:
    h, one = np.float32(1e-6), np.float32(1.5)
    estimate = float(((one + h) ** 3 - (one - h) ** 3) / (2 * h))
    assert abs(estimate - 3 * 1.5**2) / (3 * 1.5**2) > 1e-3
    assert round(math.log10(float(np.spacing(np.float32(1))))) == -7
    assert "about $10^{-7}$ apart" in prose(text("calculus/gradcheck-single-precision", "why"))
    assert "step of $10^{-6}$" in prose(text("calculus/gradcheck-single-precision", "a"))
