"""Facts of the deck on gated recurrent units, computed from their equations."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {}


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


class Unit:
    """A GRU layer with the weights of r, z and n apart, by the first paper's equations or by PyTorch's."""

    def __init__(self, inputs: int, units: int, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.W = {part: rng.normal(size=(units, inputs)) for part in "rzn"}
        self.U = {part: rng.normal(size=(units, units)) for part in "rzn"}
        self.b = {part: rng.normal(size=units) for part in "rzn"}
        self.second = {part: rng.normal(size=units) for part in "rzn"}

    def gate(self, part: str, x: Array, h: Array) -> Array:
        return np.asarray(sigmoid(self.W[part] @ x + self.U[part] @ h + self.b[part] + self.second[part]))

    def step(self, x: Array, h: Array, *, r: Any = None, z: Any = None, after: bool = True) -> Array:
        r = self.gate("r", x, h) if r is None else r
        z = self.gate("z", x, h) if z is None else z
        old = self.U["n"] @ h + self.second["n"]
        inner = r * old if after else self.U["n"] @ (r * h) + self.second["n"]
        return np.asarray(z * h + (1 - z) * np.tanh(self.W["n"] @ x + self.b["n"] + inner))

    def size(self) -> int:
        return sum(array.size for part in (self.W, self.U, self.b) for array in part.values())


@pytest.mark.proves("cell-diagram", "gate-equation", "candidate-equation", "state-equation", "torch-candidate")
def test_the_clozes_fill_in_to_the_equations(text: Text) -> None:
    diagram = filled(text("gru/cell-diagram", "cloze"))
    for label in ("P = z, the update gate", "Q = r, the reset gate", "R = 1 - z"):
        assert label in diagram
    for note, formula in {
        "gate-equation": r"$z_t = \sigma(W_z x_t + U_z h_{t-1} + b_z)$",
        "candidate-equation": r"$\tilde{h}_t = \tanh(W x_t + U (r_t \odot h_{t-1}))$",
        "state-equation": r"$h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde{h}_t$",
        "torch-candidate": r"$n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{t-1} + b_{hn}))$",
    }.items():
        assert formula in prose(filled(text(f"gru/{note}", "cloze")))


@pytest.mark.proves("state-drill")
def test_the_new_state(drill: Drill) -> None:
    for h, c, z in product((0.5, -0.2, 0.8), (1, -0.5, 0), (0.1, 0.5, 0.9)):
        assert drill("gru/state-drill", h=h, c=c, z=z) == pytest.approx(c + z * (h - c))


@pytest.mark.proves("hold-a-value", "direct-path", "reset-shut", "reset-is-not-forget", "becomes-plain-rnn")
def test_what_the_gates_do(text: Text) -> None:
    unit, rng = Unit(3, 4), np.random.default_rng(1)
    x, h, other = rng.normal(size=3), rng.normal(size=4), rng.normal(size=4)
    for reset in (0.0, 0.3, 1.0):
        assert unit.step(x, h, z=1.0, r=reset) == pytest.approx(h)
    for after in (True, False):
        first = unit.step(x, h, z=0.0, r=0.0, after=after)
        assert first == pytest.approx(unit.step(x, other, z=0.0, r=0.0, after=after))
        plain = np.tanh(unit.W["n"] @ x + unit.U["n"] @ h + unit.b["n"] + unit.second["n"])
        assert unit.step(x, h, z=0.0, r=1.0, after=after) == pytest.approx(plain)
    kept = unit.step(x, h, z=0.9, r=0.0) - unit.step(x, other, z=0.9, r=0.0)
    assert kept == pytest.approx(0.9 * (h - other))
    assert text("gru/hold-a-value", "a").startswith("Update gate 1")
    assert text("gru/becomes-plain-rnn", "a").startswith("Update gate 0 and reset gate 1")
    assert "By $z_t$" in text("gru/direct-path", "a")


@pytest.mark.proves("update-bias")
def test_a_positive_bias_keeps(text: Text) -> None:
    unit = Unit(3, 4)
    x, h = np.zeros(3), np.full(4, 0.5)
    unit.b["z"] += 50
    assert unit.step(x, h) == pytest.approx(h)
    assert text("gru/update-bias", "a").startswith("Positive")


@pytest.mark.proves("two-conventions")
def test_a_change_of_sign_exchanges_the_conventions(text: Text) -> None:
    unit, rng = Unit(3, 4, seed=6), np.random.default_rng(7)
    x, h = rng.normal(size=3), rng.normal(size=4)
    z = unit.gate("z", x, h)
    other = unit.step(x, h, z=1 - z)
    for part in (unit.W, unit.U, unit.b, unit.second):
        part["z"] = -part["z"]
    assert unit.step(x, h) == pytest.approx(other)
    assert text("gru/two-conventions", "a").startswith("Change the sign of all of them")


@pytest.mark.proves("bounded-state")
def test_the_state_of_a_gru_stays_within_1(text: Text) -> None:
    unit, rng, h = Unit(3, 8), np.random.default_rng(2), np.zeros(8)
    for _ in range(500):
        h = unit.step(5 * rng.normal(size=3), h)
        assert np.abs(h).max() <= 1
    cell = sum(1.0 * 1.0 for _ in range(50))
    assert f"cell state can reach {cell:.0f}" in prose(text("gru/bounded-state", "q"))


@pytest.mark.proves("parameter-formula", "parameter-drill", "torch-count")
def test_parameters(text: Text, drill: Drill) -> None:
    for d, n in product((10, 50, 100, 300), (10, 20, 100, 200)):
        size = 3 * sum(np.zeros(shape).size for shape in ((n, d), (n, n), (n,)))
        assert drill("gru/parameter-drill", d=d, n=n) == size
        assert size / (4 * (n * d + n * n + n)) == 3 / 4
    assert Unit(10, 20).size() == drill("gru/parameter-drill", d=10, n=20)
    said = prose(filled(text("gru/parameter-formula", "cloze")))
    assert r"$3 \, (nd + n^2 + n)$ parameters." in said
    assert "three quarters of an LSTM" in prose(text("gru/parameter-formula", "why"))
    unit = Unit(3, 2)
    second = sum(array.size for array in unit.second.values())
    assert "torch.nn.GRU(3, 2)" in text("gru/torch-count", "q")
    assert text("gru/torch-count", "typed") == str(unit.size() + second)
    why = prose(text("gru/torch-count", "why"))
    assert f"(3 + 2) = {unit.size() - second}$ weights" in why
    assert f"= {2 * second}$ biases" in why


@pytest.mark.proves("second-bias-counts", "reset-after")
def test_where_the_reset_gate_acts_matters() -> None:
    unit, rng = Unit(3, 4), np.random.default_rng(3)
    x, h = rng.normal(size=3), rng.normal(size=4)
    assert unit.step(x, h, after=True) != pytest.approx(unit.step(x, h, after=False), abs=1e-3)
    before = unit.step(x, h)
    for part in "rz":
        unit.b[part], unit.second[part] = unit.b[part] + unit.second[part], np.zeros(4)
    assert unit.step(x, h) == pytest.approx(before)
    unit.b["n"], unit.second["n"] = unit.b["n"] + unit.second["n"], np.zeros(4)
    assert unit.step(x, h) != pytest.approx(before, abs=1e-3)


@pytest.mark.proves("step-code", "torch-candidate")
def test_the_step_on_the_card(text: Text) -> None:
    unit, rng = Unit(3, 4, seed=4), np.random.default_rng(5)
    x, h = rng.normal(size=3), rng.normal(size=4)
    names: dict[str, Any] = {"np": np, "sigmoid": sigmoid, "x": x, "h": h}
    for name, part in {"W_ih": unit.W, "W_hh": unit.U, "b_ih": unit.b, "b_hh": unit.second}.items():
        names[name] = np.concatenate([part[each] for each in "rzn"])
    exec(program(text("gru/step-code", "cloze")), names)
    assert names["h"] == pytest.approx(unit.step(x, h))
