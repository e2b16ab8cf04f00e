"""Facts of the deck on backpropagation, computed from the chain rule and checked by differences."""

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
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {
    "cheap-gradient": "Baydin and others (2018), §3.2: below 6, typically 2 to 3",
}


def numerical(f: Callable[[Array], float], at: Array, h: float = 1e-6) -> Array:
    """The gradient of a function by central differences."""
    grad = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        shift = np.zeros_like(at)
        shift[i] = h
        grad[i] = (f(at + shift) - f(at - shift)) / (2 * h)
    return grad


@pytest.mark.proves("delta-recursion", "backprop-steps")
def test_the_recursion_gives_the_gradient(text: Text) -> None:
    said = prose(filled(text("backpropagation/delta-recursion", "cloze")))
    assert r"\delta_l = (W_{l+1}^\top \delta_{l+1}) \odot \phi'(z_l)" in said
    assert r"\frac{\partial L}{\partial W_l} = \delta_l \, a_{l-1}^\top" in said
    rng = np.random.default_rng(0)
    x, W1, W2, W3 = rng.normal(size=4), rng.normal(size=(5, 4)), rng.normal(size=(3, 5)), rng.normal(size=(2, 3))

    def loss(first: Array) -> float:
        return float(((W3 @ np.tanh(W2 @ np.tanh(first @ x))) ** 2).sum() / 2)

    a1 = np.tanh(W1 @ x)
    a2 = np.tanh(W2 @ a1)
    top = W3 @ a2
    middle = W3.T @ top * (1 - a2**2)
    bottom = W2.T @ middle * (1 - a1**2)
    assert np.outer(bottom, x) == pytest.approx(numerical(loss, W1), abs=1e-6)


@pytest.mark.proves("two-layer-backward-code")
def test_the_backward_code(text: Text) -> None:
    rng = np.random.default_rng(1)
    n = 6
    X, W1, W2 = rng.normal(size=(n, 4)), rng.normal(size=(4, 5)), rng.normal(size=(5, 3))
    Y = np.eye(3)[rng.integers(0, 3, n)]

    def forward(first: Array, second: Array) -> tuple[Array, Array]:
        H = np.maximum(0, X @ first)
        e = np.exp(H @ second)
        return H, e / e.sum(axis=1, keepdims=True)

    def loss(first: Array, second: Array) -> float:
        return float(-(Y * np.log(forward(first, second)[1])).sum() / n)

    H, P = forward(W1, W2)
    names: dict[str, Any] = {"X": X, "Y": Y, "H": H, "P": P, "W2": W2, "n": n}
    exec(program(text("backpropagation/two-layer-backward-code", "cloze")), names)
    assert names["dW1"] == pytest.approx(numerical(lambda W: loss(W, W2), W1), abs=1e-6)
    assert names["dW2"] == pytest.approx(numerical(lambda W: loss(W1, W), W2), abs=1e-6)


@pytest.mark.proves("two-weights-by-hand")
def test_the_chain_of_two_weights(drill: Drill) -> None:
    for u, v, x in product((1, 2, 3), (2, 5), (1, 2, 3)):
        slope = (v * ((u + 1e-6) * x) ** 2 - v * ((u - 1e-6) * x) ** 2) / 2e-6
        assert drill("backpropagation/two-weights-by-hand", u=u, v=v, x=x) == pytest.approx(slope)


@pytest.mark.proves("jacobian-never-built")
def test_the_jacobian_of_an_activation_is_diagonal(text: Text) -> None:
    z, g = np.random.default_rng(2).normal(size=1000), np.random.default_rng(3).normal(size=1000)
    jacobian = np.diag(1 - np.tanh(z) ** 2)
    assert g @ jacobian == pytest.approx(g * (1 - np.tanh(z) ** 2))
    assert f"{jacobian.size:,} entries" in prose(text("backpropagation/jacobian-never-built", "q"))


@pytest.mark.proves("two-products-back")
def test_operations_of_a_linear_layer(text: Text) -> None:
    tokens, inputs, outputs = 7, 5, 3
    product_cost = 2 * tokens * inputs * outputs
    shapes = [((inputs, tokens), (tokens, outputs)), ((tokens, outputs), (outputs, inputs))]
    back = [2 * a[0] * a[1] * b[1] for a, b in shapes]
    assert back == [product_cost] * int(text("backpropagation/two-products-back", "typed"))
    each = [cost // (tokens * inputs * outputs) for cost in (product_cost + sum(back), product_cost, sum(back))]
    why = prose(text("backpropagation/two-products-back", "why"))
    assert "{} operations for each parameter and token of language models, {} forward and {} back".format(*each) in why


@pytest.mark.proves("passes-drill", "forward-or-reverse")
def test_passes_for_a_jacobian(drill: Drill) -> None:
    for n, m in product((2, 3, 50, 1000), (1, 5, 20, 400)):
        columns, rows = np.zeros((m, n)).shape[1], np.zeros((m, n)).shape[0]
        assert drill("backpropagation/passes-drill", n=n, m=m) == (columns if columns < rows else rows)


@pytest.mark.proves("dual-numbers")
def test_a_square_of_a_dual_number(text: Text) -> None:
    value, slope = 3 * 3, 3 * 1 + 1 * 3
    assert rf"(3 + \varepsilon)^2 = {value} + {slope} \varepsilon" in filled(
        text("backpropagation/dual-numbers", "cloze")
    )


@pytest.mark.proves("product-of-layers")
def test_factors_multiply_over_layers(drill: Drill) -> None:
    for n, f in product((5, 10, 20), (0.5, 0.8, 0.9, 1.1, 1.5)):
        assert drill("backpropagation/product-of-layers", n=n, f=f) == pytest.approx(math.prod([f] * n))


@pytest.mark.proves("seen-in-norms")
def test_gradient_norms_of_a_sigmoid_network_shrink_downwards() -> None:
    rng, a = np.random.default_rng(4), np.random.default_rng(5).normal(size=50)
    layers, outputs = [rng.normal(size=(50, 50)) / math.sqrt(50) for _ in range(8)], []
    for W in layers:
        outputs.append(a)
        a = 1 / (1 + np.exp(-W @ a))
    norms, g = [], a - 1
    for W, below in zip(layers[::-1], outputs[::-1], strict=True):
        above = 1 / (1 + np.exp(-W @ below))
        delta = g * above * (1 - above)
        norms.append(float(np.linalg.norm(np.outer(delta, below))))
        g = W.T @ delta
    assert norms[-1] < norms[0] / 1000
    assert norms[1:-1] == sorted(norms[1:-1], reverse=True)


def clipped(g: Array, threshold: float) -> Array:
    norm = float(np.linalg.norm(g))
    return g * threshold / norm if norm > threshold else g


@pytest.mark.proves("clip-formula", "clip-drill", "norm-not-value")
def test_clipping(text: Text, drill: Drill) -> None:
    said = prose(filled(text("backpropagation/clip-formula", "cloze")))
    assert r"$g \leftarrow \theta \, g / \lVert g \rVert$" in said
    for n, t, first in product((2, 4, 10, 50), (1, 5), (-1, 0.5, 1.5)):
        g = np.array([first, math.sqrt(n**2 - first**2)])
        assert drill("backpropagation/clip-drill", n=n, t=t, g=first) == pytest.approx(clipped(g, t)[0])
    long = np.array([10, 0.1])
    by_value = np.clip(long, -0.1, 0.1)
    why = prose(text("backpropagation/norm-not-value", "why"))
    assert "From $(10, 0.1)$ a bound of 0.1 on each component makes $(0.1, 0.1)$" in why
    assert by_value == pytest.approx([0.1, 0.1])
    angle = math.degrees(math.acos(long @ by_value / np.linalg.norm(long) / np.linalg.norm(by_value)))
    assert angle == pytest.approx(45, abs=1)


@pytest.mark.proves("clip-code")
def test_the_order_of_a_training_step(text: Text) -> None:
    calls: list[str] = []

    def call(name: str, result: Any = None) -> Callable[..., Any]:
        def run(*_: Any) -> Any:
            calls.append(name)
            return result

        return run

    loss = SimpleNamespace(backward=call("backward"))
    model = call("model")
    model.parameters = lambda: []  # type: ignore[attr-defined]
    names = {
        "optimizer": SimpleNamespace(zero_grad=call("zero"), step=call("step")),
        "loss_fn": call("loss", loss),
        "model": model,
        "nn": SimpleNamespace(utils=SimpleNamespace(clip_grad_norm_=call("clip"))),
        "x": None,
        "y": None,
    }
    exec(program(text("backpropagation/clip-code", "cloze")), names)
    assert calls == ["zero", "model", "loss", "backward", "clip", "step"]


@pytest.mark.proves("break-symmetry")
def test_equal_units_stay_equal() -> None:
    rng = np.random.default_rng(6)
    X, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    W, v = np.tile(rng.normal(size=(1, 3)), (4, 1)), np.full(4, 0.3)
    start = W.copy()
    for _ in range(50):
        H = np.tanh(X @ W.T)
        error = (H @ v - y) / 20
        W, v = W - 0.1 * (np.outer(error, v) * (1 - H**2)).T @ X, v - 0.1 * H.T @ error
    assert W == pytest.approx(np.tile(W[:1], (4, 1)))
    assert np.abs(W - start).max() > 0.01


@pytest.mark.proves("variance-of-sum", "xavier-formula", "he-formula", "he-drill", "relu-without-two")
def test_initialisation_keeps_the_signal(text: Text, drill: Drill) -> None:
    rng, n = np.random.default_rng(7), 400
    x = rng.normal(size=(300, n))
    assert (x @ rng.normal(size=(n, n)) / math.sqrt(n)).var() == pytest.approx(1, rel=0.05)
    assert text("backpropagation/variance-of-sum", "a") == "$1/n$"
    assert r"\mathrm{Var}(w) = \frac{2}{ n_{in} + n_{out} }" in prose(
        filled(text("backpropagation/xavier-formula", "cloze"))
    )
    assert r"\mathrm{Var}(w) = 2 / n_{in}$" in prose(filled(text("backpropagation/he-formula", "cloze")))
    for gain, per_layer in ((2, 1.0), (1, 0.5)):
        a = x
        for _ in range(5):
            a = np.maximum(0, a @ rng.normal(size=(n, n)) * math.sqrt(gain / n))
        assert (a**2).mean() / (x**2).mean() == pytest.approx(per_layer**5, rel=0.4)
    for n in (8, 32, 50, 128, 200, 800, 5000):
        assert drill("backpropagation/he-drill", n=n) ** 2 * n == pytest.approx(2)
    assert "30 layers" in text("backpropagation/relu-without-two", "q")
    assert "$(1/2)^{30}$" in text("backpropagation/relu-without-two", "a")
    assert 0.5**30 == pytest.approx(1e-9, rel=0.1)


@pytest.mark.proves("pytorch-linear-default")
def test_the_default_of_linear_is_six_times_below_he(text: Text) -> None:
    n = 50
    w = np.random.default_rng(8).uniform(-1 / math.sqrt(n), 1 / math.sqrt(n), 1_000_000)
    assert w.var() == pytest.approx(1 / (3 * n), rel=0.01)
    assert (2 / n) / w.var() == pytest.approx(float(text("backpropagation/pytorch-linear-default", "typed")), rel=0.01)
