"""Facts of the deck on recurrent networks, computed by running them."""

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
    "random-windows": "Merity and others (2018), §4.1: the example of a window of 10",
}


def states(X: Array, W: Array, U: Array) -> Array:
    """The hidden states of a plain RNN without bias, row 0 being the initial one."""
    H = [np.zeros(len(U))]
    for x in X:
        H.append(np.tanh(W @ x + U @ H[-1]))
    return np.array(H)


@pytest.mark.proves("recurrence", "step-code")
def test_the_loop_computes_the_recurrence(text: Text) -> None:
    assert r"h_t = \tanh(W x_t + U h_{t-1} + b)" in prose(filled(text("rnn/recurrence", "cloze")))
    rng = np.random.default_rng(0)
    X, W, U = rng.normal(size=(6, 3)), rng.normal(size=(4, 3)), rng.normal(size=(4, 4))
    names: dict[str, Any] = {"np": np, "X": X, "W": W, "U": U, "b": np.zeros(4), "n": 4}
    exec(program(text("rnn/step-code", "cloze")), names)
    assert np.array(names["states"]) == pytest.approx(states(X, W, U)[1:])


@pytest.mark.proves("any-length")
def test_one_set_of_weights_reads_any_length(text: Text) -> None:
    q = prose(text("rnn/any-length", "q"))
    assert "5 words and of 500" in q
    rng = np.random.default_rng(1)
    W, U = rng.normal(size=(4, 3)), rng.normal(size=(4, 4))
    for length in (5, 500):
        assert states(rng.normal(size=(length, 3)), W, U).shape == (length + 1, 4)


def linear(u: float, inputs: tuple[float, ...]) -> float:
    h = 0.0
    for x in inputs:
        h = u * h + x
    return h


@pytest.mark.proves("linear-unit-drill", "bptt-drill")
def test_a_linear_unit(drill: Drill) -> None:
    for u, a, b in product((0.5, 2, 3), (2, 4, 8), (-1, 1, 5)):
        assert drill("rnn/linear-unit-drill", u=u, a=a, b=b) == linear(u, (a, 0, b))
    for a, w in product((1, 2, 5), (0.5, 2, 3, 4)):
        slope = (linear(w + 1e-6, (a, 0, 0)) - linear(w - 1e-6, (a, 0, 0))) / 2e-6
        assert drill("rnn/bptt-drill", a=a, w=w) == pytest.approx(slope)


@pytest.mark.proves("parameters-drill", "stacked-drill")
def test_parameters_are_the_sizes_of_the_arrays(drill: Drill) -> None:
    def arrays(d: int, n: int) -> list[Array]:
        return [np.zeros((n, d)), np.zeros((n, n)), np.zeros(n)]

    for d, n in product((10, 50, 100), (20, 100, 200)):
        assert drill("rnn/parameters-drill", d=d, n=n) == sum(each.size for each in arrays(d, n))
    for n, d in product((10, 50, 100), (20, 30, 200)):
        both = arrays(d, n)[:2] + arrays(n, n)[:2]
        assert drill("rnn/stacked-drill", n=n, d=d) == sum(each.size for each in both)


@pytest.mark.proves("torch-shapes", "bidirectional-size", "dropout-argument")
def test_shapes_of_states(text: Text) -> None:
    rng = np.random.default_rng(2)
    x, W, U = rng.normal(size=(32, 20, 100)), rng.normal(size=(128, 100)), rng.normal(size=(128, 128))
    said = filled(text("rnn/torch-shapes", "cloze"))
    assert f"`x` has shape {x.shape}" in said
    assert "nn.RNN(100, 128, batch_first=True)" in said
    output = np.array([states(each, W, U)[1:] for each in x])
    assert f"# output: {output.shape}" in said
    assert f"# h_n:    {output[None, :, -1].shape}" in said
    both = np.concatenate([output, output[:, ::-1]], axis=-1)
    assert "nn.RNN(100, 128, bidirectional=True)" in text("rnn/bidirectional-size", "q")
    assert text("rnn/bidirectional-size", "typed") == str(both.shape[-1])
    assert "nn.RNN(100, 128, dropout=0.5)" in text("rnn/dropout-argument", "q")


@pytest.mark.proves("bptt-code", "unrolled-diagram", "jacobian-product")
def test_backpropagation_through_time_gives_the_gradient(text: Text) -> None:
    rng = np.random.default_rng(3)
    T, n = 5, 3
    X, W, U = rng.normal(size=(T, 2)), rng.normal(size=(n, 2)), rng.normal(size=(n, n))
    targets = rng.normal(size=(T + 1, n))

    def loss(recurrent: Array) -> float:
        return float(((states(X, W, recurrent) - targets)[1:] ** 2).sum() / 2)

    H = states(X, W, U)
    names: dict[str, Any] = {"np": np, "H": H, "G": H - targets, "U": U, "T": T, "n": n, "dU": np.zeros((n, n))}
    exec(program(text("rnn/bptt-code", "cloze")), names)
    numeric = np.zeros((n, n))
    for i in np.ndindex(n, n):
        shift = np.zeros((n, n))
        shift[i] = 1e-6
        numeric[i] = (loss(U + shift) - loss(U - shift)) / 2e-6
    assert names["dU"] == pytest.approx(numeric, abs=1e-6)
    assert r"\prod_{i=k+1}^{t} \mathrm{diag}(1 - h_i^2) \, U" in prose(filled(text("rnn/jacobian-product", "cloze")))
    jacobian = np.eye(n)
    for h in H[2:]:
        jacobian = np.diag(1 - h**2) @ U @ jacobian
    moved = []
    for unit in range(n):
        h = H[1] + 1e-6 * np.eye(n)[unit]
        for x in X[1:]:
            h = np.tanh(W @ x + U @ h)
        moved.append((h - H[T]) / 1e-6)
    assert jacobian == pytest.approx(np.array(moved).T, abs=1e-4)


@pytest.mark.proves("bptt-memory", "beyond-the-window")
def test_lengths_on_the_cards(text: Text) -> None:
    assert "100,000 tokens" in text("rnn/bptt-memory", "q")
    q = prose(text("rnn/beyond-the-window", "q"))
    window, distance = 35, 60
    assert f"windows of {window} tokens" in q
    assert f"{distance} tokens later" in q
    assert distance > window


@pytest.mark.proves("detach-code")
def test_the_state_is_cut_before_each_window(text: Text) -> None:
    calls: list[str] = []

    class State:
        def detach(self) -> State:
            calls.append("detach")
            return self

    def rnn(x: int, h: State) -> tuple[int, State]:
        calls.append("rnn")
        return x, h

    names = {
        "windows": [(1, 2), (3, 4)],
        "h": State(),
        "rnn": rnn,
        "loss_fn": lambda out, y: SimpleNamespace(backward=lambda: calls.append("backward")),
        "optimizer": SimpleNamespace(zero_grad=lambda: None, step=lambda: calls.append("step")),
    }
    exec(program(text("rnn/detach-code", "cloze")), names)
    assert calls == 2 * ["detach", "rnn", "backward", "step"]


@pytest.mark.proves("power-drill", "near-drowns-far")
def test_factors_over_time(drill: Drill) -> None:
    for w, s, n in product((0.8, 1, 1.5), (0.5, 0.8, 1), (5, 10)):
        if w * s != 1:
            assert drill("rnn/power-drill", w=w, s=s, n=n) == pytest.approx(math.prod([w * s] * n))
    shares = 0.7 ** np.arange(50)
    assert shares[:10].sum() / shares.sum() > 0.95


@pytest.mark.proves("sufficient-to-vanish")
def test_the_bound_is_one_over_the_steepest_slope(text: Text) -> None:
    z = np.linspace(-5, 5, 10001)
    s = 1 / (1 + np.exp(-z))
    assert float(text("rnn/sufficient-to-vanish", "typed")) == pytest.approx(1 / (s * (1 - s)).max())
    assert (1 - np.tanh(z) ** 2).max() == pytest.approx(1)
    rng = np.random.default_rng(4)
    U = rng.normal(size=(8, 8))
    U *= 3.9 / np.linalg.norm(U, 2)
    h, jacobian = rng.random(8), np.eye(8)
    for _ in range(400):
        h = 1 / (1 + np.exp(-U @ h))
        jacobian = np.diag(h * (1 - h)) @ U @ jacobian
    assert np.linalg.norm(jacobian) < 1e-3


@pytest.mark.proves("orthogonal-start")
def test_an_orthogonal_matrix_keeps_lengths() -> None:
    rng = np.random.default_rng(5)
    Q = np.linalg.qr(rng.normal(size=(20, 20)))[0]
    v = rng.normal(size=20)
    assert np.linalg.norm(np.linalg.matrix_power(Q, 1000) @ v) == pytest.approx(np.linalg.norm(v))


@pytest.mark.proves("generation-code")
def test_the_generator_feeds_back_what_it_draws(text: Text) -> None:
    rng = np.random.default_rng(6)
    E, U, seen = rng.normal(size=(5, 3)), rng.normal(size=(3, 3)), []

    def step(token: int, h: Array) -> Array:
        seen.append(int(token))
        return np.asarray(np.tanh(E[token] + U @ h))

    def softmax(z: Array) -> Array:
        e = np.exp(z)
        return np.asarray(e / e.sum())

    names: dict[str, Any] = {"step": step, "softmax": softmax, "O": rng.normal(size=(5, 3)), "rng": rng}
    names |= {"token": 2, "h": np.zeros(3), "text": [], "length": 20}
    exec(program(text("rnn/generation-code", "cloze")), names)
    assert len(names["text"]) == 20
    assert seen == [2, *map(int, names["text"][:-1])]
    assert len(set(names["text"])) > 1


@pytest.mark.proves("language-model-parameters")
def test_tables_hold_nearly_all_weights(text: Text) -> None:
    words, size, units = 10_000, 100, 100
    tables, layer = words * size + units * words, units * size + units * units
    q, a = (prose(text("rnn/language-model-parameters", key)) for key in ("q", "a"))
    assert f"{words:,} words, embeddings of size {size} and {units} hidden units" in q
    assert a.startswith(f"{tables / (tables + layer):.0%}: ")
    assert r"$2 \cdot 10{,}000 \cdot 100$" in a
    assert tables == 2 * 10_000 * 100
    assert r"$2 \cdot 100 \cdot 100$" in a
    assert layer == 2 * 100 * 100
