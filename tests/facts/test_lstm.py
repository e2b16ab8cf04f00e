"""Facts of the deck on LSTM gates, computed from the equations."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {}


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def logistic(z: float) -> float:
    return float(sigmoid(z))


class Cell:
    """An LSTM layer by its six equations, each gate with matrices and a bias of its own."""

    def __init__(self, inputs: int, units: int, seed: int = 0, scale: float = 1.0) -> None:
        rng = np.random.default_rng(seed)
        self.W = {gate: scale * rng.normal(size=(units, inputs)) for gate in "ifgo"}
        self.U = {gate: scale * rng.normal(size=(units, units)) for gate in "ifgo"}
        self.b = {gate: scale * rng.normal(size=units) for gate in "ifgo"}

    def before(self, gate: str, x: Array, h: Array) -> Array:
        return self.W[gate] @ x + self.U[gate] @ h + self.b[gate]

    def step(self, x: Array, h: Array, c: Array) -> tuple[Array, Array]:
        i, f, o = (sigmoid(self.before(gate, x, h)) for gate in "ifo")
        new = f * c + i * np.tanh(self.before("g", x, h))
        return o * np.tanh(new), new

    def size(self) -> int:
        return sum(array.size for part in (self.W, self.U, self.b) for array in part.values())


@pytest.mark.proves("hidden-bounded")
def test_a_large_cell_state_shows_as_a_hidden_state_between_0_and_1(text: Text) -> None:
    shown = [gate * math.tanh(50) for gate in np.linspace(0.001, 0.999, 99)]
    assert min(shown) > 0
    assert max(shown) < 1
    assert math.tanh(50) == pytest.approx(1)
    assert "c_t = 50" in prose(text("lstm/hidden-bounded", "q"))
    assert prose(text("lstm/hidden-bounded", "a")).startswith("Between 0 and 1")


@pytest.mark.proves("hidden-bounded")
def test_the_hidden_state_stays_between_minus_1_and_1_while_the_cell_state_does_not(text: Text) -> None:
    rng = np.random.default_rng(1)
    cell, h, c = Cell(3, 8, scale=2.0), np.zeros(8), np.zeros(8)
    cell.b["f"] += 10
    largest = 0.0
    for _ in range(200):
        h, c = cell.step(rng.normal(size=3), h, c)
        assert np.abs(h).max() <= 1
        largest = max(largest, float(np.abs(c).max()))
    assert largest > 5
    assert "between -1 and 1" in prose(text("lstm/hidden-bounded", "why"))


@pytest.mark.proves("cell-diagram", "forget-equation", "candidate-equation", "cell-update-equation", "hidden-equation")
def test_the_clozes_fill_in_to_the_equations(text: Text) -> None:
    assert r"$f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)$" in prose(filled(text("lstm/forget-equation", "cloze")))
    assert r"$\tilde{c}_t = \tanh(W_c x_t + U_c h_{t-1} + b_c)$" in prose(
        filled(text("lstm/candidate-equation", "cloze"))
    )
    assert r"$c_t = f_t \odot c_{t-1} + i_t \odot \tilde{c}_t$" in prose(
        filled(text("lstm/cell-update-equation", "cloze"))
    )
    assert r"$h_t = o_t \odot \tanh(c_t)$" in prose(filled(text("lstm/hidden-equation", "cloze")))
    diagram = filled(text("lstm/cell-diagram", "cloze"))
    for label in ("P = forget gate", "Q = input gate", "R = candidate", "S = output gate"):
        assert label in diagram


@pytest.mark.proves("squash-choice")
def test_a_sigmoid_candidate_never_lowers_the_cell_state(text: Text) -> None:
    z = np.linspace(-5, 5, 101)
    assert (sigmoid(z) > 0).all()
    assert (np.tanh(z) < 0).any()
    assert (np.tanh(z) > 0).any()
    assert prose(text("lstm/squash-choice", "a")).startswith("Negative values")


@pytest.mark.proves("worked-cell-step")
def test_the_new_cell_state(drill: Callable[..., float]) -> None:
    for c, f, i, n in itertools.product((2, -1, 4), (0.5, 0.8, 1), (0.2, 0.5, 0.8), (-0.5, 0.5, 1)):
        cell = Cell(1, 1)
        for gate, value in (("i", i), ("f", min(f, 1 - 1e-12)), ("g", None)):
            cell.W[gate], cell.U[gate] = np.zeros((1, 1)), np.zeros((1, 1))
            if value is not None:
                cell.b[gate] = np.array([math.log(value / (1 - value))])
        cell.b["g"] = np.array([math.atanh(min(n, 1 - 1e-12))])
        _, new = cell.step(np.zeros(1), np.zeros(1), np.array([float(c)]))
        assert drill("lstm/worked-cell-step", c=c, f=f, i=i, n=n) == pytest.approx(new[0], abs=1e-9)


@pytest.mark.proves("hold-a-value")
def test_an_open_forget_gate_and_a_shut_input_gate_hold_a_value(text: Text) -> None:
    cell, h, c = Cell(3, 4), np.zeros(4), np.array([0.3, -2.0, 1.5, 7.0])
    cell.b["f"] += 40
    cell.b["i"] -= 40
    rng = np.random.default_rng(2)
    held = c
    for _ in range(100):
        h, held = cell.step(rng.normal(size=3), h, held)
    assert held == pytest.approx(c)
    said = prose(filled(text("lstm/hold-a-value", "cloze")))
    assert "forget gate near 1 and its input gate near 0" in said


@pytest.mark.proves("overwrite-a-value")
def test_a_shut_forget_gate_and_an_open_input_gate_replace_the_value_while_the_input_gate_alone_adds(
    text: Text,
) -> None:
    cell, x, h, old = Cell(3, 4), np.array([0.1, -0.4, 0.8]), np.zeros(4), np.array([0.3, -2.0, 1.5, 7.0])
    candidate = np.tanh(cell.before("g", x, h))
    cell.b["i"] += 40
    cell.b["f"] -= 40
    assert cell.step(x, h, old)[1] == pytest.approx(candidate)
    cell.b["f"] += 80
    assert cell.step(x, h, old)[1] == pytest.approx(old + candidate)
    said = prose(text("lstm/overwrite-a-value", "a"))
    assert said.startswith("$f_t = 0$ and $i_t = 1$")
    assert r"$c_t = \tilde{c}_t$" in said


@pytest.mark.proves("running-sum", "coupled-gates-lose")
def test_both_gates_at_1_add_up_and_coupled_gates_cannot(text: Text) -> None:
    rng = np.random.default_rng(3)
    candidates = np.tanh(rng.normal(size=500))
    total = 0.0
    for candidate in candidates:
        total = 1.0 * total + 1.0 * candidate
    assert total == pytest.approx(candidates.sum())
    averaged = 0.0
    for write in rng.uniform(size=10_000):
        averaged = (1 - write) * averaged + write * 1.0
        assert 0 <= averaged <= 1
    assert "running sum" in prose(text("lstm/running-sum", "a"))
    assert "weighted average" in prose(text("lstm/coupled-gates-lose", "a"))


@pytest.mark.proves("forget-gate-missing", "input-gate-missing")
def test_without_a_forget_gate_the_cell_state_grows_and_its_tanh_saturates(text: Text) -> None:
    c = 0.0
    for _ in range(1000):
        c += 0.5 * math.tanh(0.2)
    assert c > 90
    assert 1 - math.tanh(c) ** 2 < 1e-12
    assert "saturates" in prose(text("lstm/forget-gate-missing", "a"))
    c, stuck = 1.0, 1.0
    for candidate in (0.9, -0.8, 0.7):
        c = c + stuck * candidate
    assert abs(c - 1.0) > 0.5


@pytest.mark.proves("closed-output-keeps-cell")
def test_a_shut_output_gate_hides_the_cell_state_without_changing_it(text: Text) -> None:
    cell, x = Cell(3, 4), np.array([0.1, -0.4, 0.8])
    _, open_c = cell.step(x, np.zeros(4), np.ones(4))
    cell.b["o"] -= 800
    with np.errstate(over="ignore"):
        shut_h, shut_c = cell.step(x, np.zeros(4), np.ones(4))
    assert (shut_h == 0).all()
    assert (open_c == shut_c).all()
    assert "$h_t$ is zero" in prose(text("lstm/closed-output-keeps-cell", "a"))


@pytest.mark.proves("cell-path-derivative")
def test_the_derivative_along_the_cell_path_is_the_forget_gate(text: Text) -> None:
    cell, eps = Cell(3, 4), 1e-6
    x, h, c = np.array([0.1, -0.4, 0.8]), np.array([0.3, 0.0, -0.2, 0.5]), np.array([1.0, -2.0, 0.5, 3.0])
    jacobian = np.empty((4, 4))
    for unit in range(4):
        shift = eps * np.eye(4)[unit]
        jacobian[:, unit] = (cell.step(x, h, c + shift)[1] - cell.step(x, h, c - shift)[1]) / (2 * eps)
    assert jacobian == pytest.approx(np.diag(sigmoid(cell.before("f", x, h))), abs=1e-8)
    assert r"\frac{\partial c_t}{\partial c_{t-1}} = f_t$" in prose(filled(text("lstm/cell-path-derivative", "cloze")))


@pytest.mark.proves("factors-absent")
def test_a_tanh_rnn_goes_back_through_its_matrix_and_the_derivative_of_tanh(text: Text) -> None:
    rng, eps = np.random.default_rng(4), 1e-6
    U, h = rng.normal(size=(3, 3)), rng.normal(size=3)
    numeric = np.empty((3, 3))
    for unit in range(3):
        shift = eps * np.eye(3)[unit]
        numeric[:, unit] = (np.tanh(U @ (h + shift)) - np.tanh(U @ (h - shift))) / (2 * eps)
    assert numeric == pytest.approx(np.diag(1 - np.tanh(U @ h) ** 2) @ U, abs=1e-8)
    assert prose(text("lstm/factors-absent", "a")) == "The recurrent weight matrix and the derivative of tanh."


@pytest.mark.proves("gradient-after-hundred")
def test_the_share_of_a_gradient_that_survives_a_hundred_steps(text: Text) -> None:
    q, a, why = (prose(text("lstm/gradient-after-hundred", key)) for key in ("q", "a", "why"))
    assert "stays at 0.99" in q
    assert "100 steps" in q
    assert f"About {0.99**100:.2f}," in a
    assert r"0.99^{100} \approx 1/e" in a
    assert 0.99**100 == pytest.approx(1 / math.e, rel=0.01)
    assert f"At 0.9 the same distance would leave about {0.9**100:.5f}." in why


@pytest.mark.proves("carousel", "carousel-condition")
def test_error_keeps_its_size_only_where_slope_times_self_weight_is_1(text: Text) -> None:
    for product, outcome in ((0.9, 0.0), (1.0, 1.0), (1.1, math.inf)):
        after = product**1000
        assert after == 1 if outcome == 1 else (after < 1e-40 if outcome == 0 else after > 1e40)
    said = prose(filled(text("lstm/carousel-condition", "cloze")))
    assert r"$\phi'(z_t) \, w = 1$" in said
    assert "to be linear" in said
    assert "a weight fixed at 1" in prose(text("lstm/carousel", "a"))


@pytest.mark.proves("still-clip")
def test_an_lstm_gradient_can_grow_through_the_hidden_state_although_forget_gates_stay_below_1(text: Text) -> None:
    cell, eps = Cell(1, 2), 1e-7
    for gate in "ifgo":
        cell.W[gate], cell.b[gate] = np.zeros((2, 1)), np.zeros(2)
        cell.U[gate] = np.zeros((2, 2))
    cell.U["g"] = 12 * np.eye(2)
    x, zero = np.zeros(1), np.zeros(2)
    moved, h = zero + eps, zero
    for _ in range(5):
        h, moved = cell.step(x, h, moved)
    assert moved[0] / eps > 5
    assert prose(text("lstm/still-clip", "a")).startswith("Through $h_{t-1}$")
    assert "never exceed 1" in prose(text("lstm/still-clip", "q"))


@pytest.mark.proves("forget-bias-why", "forget-bias-gain")
def test_the_forget_bias_decides_what_survives_ten_steps(text: Text) -> None:
    closed, opened = logistic(0), logistic(1)
    assert f"near {closed:.1f}" in prose(text("lstm/forget-bias-why", "a"))
    assert f"After 10 steps about {closed**10:.3f} is left" in prose(text("lstm/forget-bias-why", "why"))
    q, a = prose(text("lstm/forget-bias-gain", "q")), prose(text("lstm/forget-bias-gain", "a"))
    assert f"from {closed} to {opened:.3f}." in q
    assert "10 steps" in q
    assert f"About {(opened / closed) ** 10:.0f}, from $({opened:.3f}/{closed})^{{10}}$" in a


@pytest.mark.proves("bias-for-time-constant")
def test_the_bias_for_a_time_constant_inverts_the_sigmoid(text: Text) -> None:
    for steps in (2, 10, 100, 1000):
        assert logistic(math.log(steps - 1)) == pytest.approx(1 - 1 / steps)
    assert r"\ln(T - 1)" in prose(text("lstm/bias-for-time-constant", "a"))
    why = prose(text("lstm/bias-for-time-constant", "why"))
    assert f"A bias of 1 reaches about {1 / (1 - logistic(1)):.0f} steps" in why
    assert f"100 steps need a bias of about {math.log(100 - 1):.1f}." in why


def stacked(cell: Cell) -> tuple[Array, Array, Array]:
    """The cell's weights and bias in the row order i, f, g, o."""
    W, U, b = (np.concatenate([part[gate] for gate in "ifgo"]) for part in (cell.W, cell.U, cell.b))
    return W, U, b


@pytest.mark.proves("forget-bias-code", "bias-set-twice")
def test_the_code_gives_the_forget_gates_and_no_others_a_total_bias_of_1(text: Text) -> None:
    n = 3
    lstm = SimpleNamespace(hidden_size=n, bias_ih_l0=np.full(4 * n, 0.3), bias_hh_l0=np.full(4 * n, -0.2))
    exec(program(text("lstm/forget-bias-code", "cloze")), {"lstm": lstm, "torch": SimpleNamespace(no_grad=nullcontext)})
    i, f, g, o = np.split(lstm.bias_ih_l0 + lstm.bias_hh_l0, 4)
    assert (f == 1.0).all()
    assert np.concatenate([i, g, o]) == pytest.approx(0.1)


@pytest.mark.proves("bias-set-twice")
def test_setting_both_biases_to_1_gives_the_gate_2(text: Text) -> None:
    assert f"a bias of {1 + 1}," in prose(text("lstm/bias-set-twice", "a"))
    assert f"start at {logistic(2):.2f} where {logistic(1):.2f} was meant" in prose(text("lstm/bias-set-twice", "why"))


@pytest.mark.proves("peephole-why")
def test_with_the_output_gate_shut_the_gates_do_not_depend_on_the_cell_state(text: Text) -> None:
    cell, x = Cell(3, 4), np.array([0.1, -0.4, 0.8])
    cell.b["o"] -= 40
    seen = []
    for stored in (-3.0, 5.0):
        h, _ = cell.step(x, np.zeros(4), np.full(4, stored))
        seen.append([sigmoid(cell.before(gate, x, h)) for gate in "ifo"])
    assert np.array(seen[0]) == pytest.approx(np.array(seen[1]))
    assert "about zero" in prose(text("lstm/peephole-why", "a"))


@pytest.mark.proves("peephole-cost")
def test_peepholes_add_one_weight_for_each_unit_and_gate(text: Text) -> None:
    for n in (1, 5, 200):
        assert sum(np.ones(n).size for _ in "ifo") == 3 * n
    assert prose(text("lstm/peephole-cost", "a")).startswith("$3n$")


@pytest.mark.proves("torch-gate-order", "step-code")
def test_the_step_on_the_card_computes_the_six_equations(text: Text) -> None:
    order = prose(filled(text("lstm/torch-gate-order", "cloze")))
    assert "input gate, forget gate, candidate, output gate" in order
    assert "PyTorch writes i, f, g, o." in prose(text("lstm/torch-gate-order", "why"))
    cell = Cell(3, 4, seed=5)
    W, U, b = stacked(cell)
    rng = np.random.default_rng(6)
    x, h, c, share = rng.normal(size=3), rng.normal(size=4), rng.normal(size=4), rng.normal(size=16)
    names: dict[str, Any] = {"np": np, "sigmoid": sigmoid, "x": x, "h": h, "c": c}
    names |= {"W_ih": W, "W_hh": U, "b_ih": share, "b_hh": b - share}
    exec(program(text("lstm/step-code", "cloze")), names)
    new_h, new_c = cell.step(x, h, c)
    assert names["h"] == pytest.approx(new_h)
    assert names["c"] == pytest.approx(new_c)


@pytest.mark.proves("second-bias")
def test_only_the_sum_of_the_two_biases_matters(text: Text) -> None:
    rng = np.random.default_rng(7)
    W, U, x, h = rng.normal(size=(8, 3)), rng.normal(size=(8, 2)), rng.normal(size=3), rng.normal(size=2)
    one, two = rng.normal(size=8), rng.normal(size=8)
    assert W @ x + one + U @ h + two == pytest.approx(W @ x + U @ h + (one + two))
    assert "Only their sum matters" in prose(text("lstm/second-bias", "why"))


@pytest.mark.proves("param-formula", "torch-count")
def test_the_parameter_count_follows_from_the_shapes(text: Text) -> None:
    assert r"$4 \, (nd + n^2 + n)$" in prose(filled(text("lstm/param-formula", "cloze")))
    for d, n in ((3, 2), (100, 200)):
        assert Cell(d, n).size() == 4 * (n * d + n**2 + n)
    d, n = 3, 2
    W, U, b = stacked(Cell(d, n))
    q, typed, why = (prose(text("lstm/torch-count", key)) for key in ("q", "typed", "why"))
    assert f"`torch.nn.LSTM({d}, {n})`" in q
    assert f"input size {d}, hidden size {n}" in q
    assert typed == str(W.size + U.size + 2 * b.size)
    assert f"(3 + 2) = {W.size + U.size}$ weights" in why
    assert f"= {2 * b.size}$ biases" in why
    assert f"it would be {W.size + U.size + b.size}:" in why
    assert b.size == 4 * n
