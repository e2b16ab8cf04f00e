"""Facts of the deck on perceptrons and hidden layers, computed by running them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {}

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)


def relu(z: Any) -> Any:
    return np.maximum(0, z)


def separable_data(seed: int, margin: float = 0.1) -> tuple[Array, Array]:
    """Points of the plane with labels from a line through the origin, none nearer to it than a margin."""
    points = np.random.default_rng(seed).normal(size=(200, 2))
    scores = points @ np.array([0.6, 0.8])
    far = np.abs(scores) >= margin
    return points[far], np.sign(scores[far])


@pytest.mark.proves("update-rule", "epoch-code")
def test_the_code_separates_what_can_be_separated(text: Text) -> None:
    assert r"$w \leftarrow w + y \, x$" in prose(filled(text("perceptron/update-rule", "cloze")))
    code = program(text("perceptron/epoch-code", "cloze"))
    X, y = separable_data(0)
    names: dict[str, Any] = {"X": X, "y": y, "w": np.zeros(2), "b": 0.0}
    for _ in range(200):
        exec(code, names)
    assert (y * (X @ names["w"] + names["b"]) > 0).all()
    strict: dict[str, Any] = {"X": X, "y": y, "w": np.zeros(2), "b": 0.0}
    exec(code.replace("<=", "<"), strict)
    assert not strict["w"].any()
    assert "would never change" in prose(text("perceptron/epoch-code", "why"))


@pytest.mark.proves("score-gain")
def test_an_update_adds_the_squared_length(text: Text) -> None:
    rng = np.random.default_rng(1)
    for label in (1, -1):
        w, x = rng.normal(size=4), rng.normal(size=4)
        assert label * (w + label * x) @ x - label * w @ x == pytest.approx(x @ x)
    assert r"\lVert x \rVert^2" in text("perceptron/score-gain", "a")


@pytest.mark.proves("update-drill")
def test_the_score_after_an_update(drill: Callable[..., float]) -> None:
    for w, a, b in itertools.product((2, 3, 4), (-1, 1, 2), (1, 2, 3)):
        weights, x = np.array([1.0, w]), np.array([a, b], dtype=float)
        assert weights @ x > 0
        assert drill("perceptron/update-drill", w=w, a=a, b=b) == (weights - x) @ x


@pytest.mark.proves("mistake-bound")
def test_mistakes_stay_below_the_bound(text: Text) -> None:
    for seed in range(5):
        X, y = separable_data(seed)
        margin = float(np.min(y * (X @ np.array([0.6, 0.8]))))
        w, mistakes = np.zeros(2), 0
        while True:
            before = mistakes
            for x, label in zip(X, y, strict=True):
                if label * (w @ x) <= 0:
                    w, mistakes = w + label * x, mistakes + 1
            if mistakes == before:
                break
        assert 0 < mistakes <= (np.linalg.norm(X, axis=1).max() / margin) ** 2
    assert r"at most $(R/\gamma)^2$ mistakes" in prose(filled(text("perceptron/mistake-bound", "cloze")))


@pytest.mark.proves("xor-contradiction", "fourteen-functions", "never-settles")
def test_a_threshold_unit_computes_all_but_two_functions_of_two_bits(text: Text) -> None:
    grid = np.arange(-2, 2.01, 0.5)
    found = {tuple((CORNERS @ np.array([v, w]) + b > 0).astype(int)) for v, w, b in itertools.product(grid, grid, grid)}
    assert set(itertools.product((0, 1), repeat=4)) - found == {(0, 1, 1, 0), (1, 0, 0, 1)}
    assert f"There are {2**4} Boolean" in text("perceptron/fourteen-functions", "q")
    assert text("perceptron/fourteen-functions", "typed") == str(len(found))
    assert text("perceptron/fourteen-functions", "why").startswith("All but XOR and its negation")
    w, labels = np.zeros(3), [-1, 1, 1, -1]
    for _ in range(500):
        changes = 0
        for x, label in zip(np.c_[CORNERS, np.ones(4)], labels, strict=True):
            if label * (w @ x) <= 0:
                w, changes = w + label * x, changes + 1
        assert changes


@pytest.mark.proves("xor-network", "xor-hidden-space")
def test_two_relu_units_compute_xor(text: Text) -> None:
    diagram = filled(text("perceptron/xor-network", "cloze"))
    for part in ("relu(a + b)   ", "---( 1)---", "relu(a + b - 1)", "---(-2)---"):
        assert part in diagram
    total = CORNERS.sum(axis=1)
    hidden = np.c_[relu(total), relu(total - 1)]
    assert list(hidden @ [1, -2]) == [0, 1, 1, 0]
    assert tuple(hidden[1]) == tuple(hidden[2]) == (1, 0)
    assert "to the same point, $(1, 0)$" in prose(text("perceptron/xor-hidden-space", "a"))


@pytest.mark.proves("layers-collapse")
def test_linear_layers_are_one_linear_layer() -> None:
    rng = np.random.default_rng(2)
    layers = [rng.normal(size=(4, 4)) for _ in range(10)]
    x = out = rng.normal(size=4)
    for layer in layers:
        out = layer @ out
    assert out == pytest.approx(np.linalg.multi_dot(layers[::-1]) @ x)


@pytest.mark.proves("mlp-code")
def test_the_forward_pass_runs(text: Text) -> None:
    rng = np.random.default_rng(3)
    names: dict[str, Any] = {"np": np, "X": rng.normal(size=(5, 3))}
    names |= {"W1": rng.normal(size=(3, 7)), "b1": rng.normal(size=7)}
    names |= {"W2": rng.normal(size=(7, 2)), "b2": rng.normal(size=2)}
    exec(program(text("perceptron/mlp-code", "cloze")), names)
    for x, scores in zip(names["X"], names["scores"], strict=True):
        assert scores == pytest.approx(names["W2"].T @ relu(names["W1"].T @ x + names["b1"]) + names["b2"])
    assert (names["scores"] < 0).any()


@pytest.mark.proves("weight-symmetries")
def test_a_tanh_layer_has_as_many_twins_as_the_card_says(text: Text) -> None:
    rng = np.random.default_rng(4)
    W, b, v, x = rng.normal(size=(3, 2)), rng.normal(size=3), rng.normal(size=3), rng.normal(size=2)
    twins = set()
    for order in itertools.permutations(range(3)):
        for signs in itertools.product((1, -1), repeat=3):
            at, s = list(order), np.array(signs)
            assert (s * v[at]) @ np.tanh(s * (W[at] @ x + b[at])) == pytest.approx(v @ np.tanh(W @ x + b))
            twins.add((tuple(s * v[at]), tuple(s * b[at])))
    assert text("perceptron/weight-symmetries", "typed") == str(len(twins))
    assert len(twins) == math.factorial(3) * 2**3
    assert "3 tanh units" in prose(text("perceptron/weight-symmetries", "q"))


@pytest.mark.proves("polynomial-activation")
def test_cubic_units_stay_cubic_however_many(text: Text) -> None:
    rng = np.random.default_rng(5)
    x = np.linspace(-1, 1, 50)
    out = np.zeros(50)
    for _ in range(100):
        out += rng.normal() * (rng.normal() * x + rng.normal()) ** 3
    fit = np.polynomial.Polynomial.fit(x, out, 3)
    assert fit(x) == pytest.approx(out)
    assert "z^3" in text("perceptron/polynomial-activation", "q")
    assert "degree 3 or less" in text("perceptron/polynomial-activation", "a")


def pieces(x: Array, y: Array) -> int:
    """Straight pieces of a curve that is sampled so finely that each has two points or more."""
    slopes = np.diff(y) / np.diff(x)
    inside = slopes[1:-1]
    real = np.isclose(inside, slopes[:-2]) | np.isclose(inside, slopes[2:])
    kept = np.concatenate([slopes[:1], inside[real], slopes[-1:]])
    return int((~np.isclose(np.diff(kept), 0)).sum()) + 1


@pytest.mark.proves("pieces-shallow")
def test_each_relu_unit_adds_one_kink(text: Text) -> None:
    kinks = np.arange(1, 21) / 21
    x = np.linspace(0, 1, 210 * 2 + 1)
    y = relu(x[:, None] - kinks) @ np.where(np.arange(20) % 2, 2.0, -1.0)
    assert text("perceptron/pieces-shallow", "typed") == str(pieces(x, y)) == "21"
    assert "of 20 ReLU units" in prose(text("perceptron/pieces-shallow", "q"))


@pytest.mark.proves("pieces-deep")
def test_folding_doubles_the_pieces(drill: Callable[..., float]) -> None:
    x = np.linspace(0, 1, 2**12 + 1)
    for k in (3, 4, 5, 8, 10):
        y = x
        for _ in range(k):
            y = 2 * relu(y) - 4 * relu(y - 0.5)
        assert drill("perceptron/pieces-deep", k=k) == pieces(x, y)


@pytest.mark.proves("layer-parameters", "network-parameters-drill", "first-layer-dominates")
def test_parameters_are_the_sizes_of_the_arrays(text: Text, drill: Callable[..., float]) -> None:
    def count(*sizes: int) -> int:
        return sum(m * n + n for m, n in itertools.pairwise(sizes))

    assert r"has $(m + 1) \, n$ parameters" in prose(filled(text("perceptron/layer-parameters", "cloze")))
    for d, h, k in itertools.product((10, 20, 100), (5, 20, 50), (2, 3, 10)):
        assert drill("perceptron/network-parameters-drill", d=d, h=h, k=k) == count(d, h, k)
    q, a = (prose(text("perceptron/first-layer-dominates", key)) for key in ("q", "a"))
    assert "20,000 words to 100 hidden units and these to 5 classes" in q
    assert f"has {count(20_000, 100):,} of its {count(20_000, 100, 5):,} parameters." in a
    assert "half of the words are dropped" in q
    assert count(10_000, 100, 5) / count(20_000, 100, 5) == pytest.approx(0.5, abs=0.001)


@pytest.mark.proves("linear-shape")
def test_a_weight_that_is_transposed_has_its_outputs_first(text: Text) -> None:
    x, weight, bias = np.ones((4, 300)), np.ones((50, 300)), np.ones(50)
    assert (x @ weight.T + bias).shape == (4, 50)
    assert text("perceptron/linear-shape", "typed") == str(weight.shape)
    assert "nn.Linear(300, 50)" in text("perceptron/linear-shape", "q")
