"""Facts of the deck on gradient descent, computed on small functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support import drawn
from tests.support.facts import filled, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {
    "cosine-as-long-as-the-run": "Hoffmann and others 2022, Appendix D.1: worse if the cycle is over 25% too long",
}


def adam(gradients: list[float], lr: float = 0.001, corrected: bool = True, eps: float = 1e-8) -> list[float]:
    """The moves of one weight, by Algorithm 1 of the paper."""
    m = v = 0.0
    moves = []
    for t, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        a, b = (m / (1 - 0.9**t), v / (1 - 0.999**t)) if corrected else (m, v)
        moves.append(-lr * a / (math.sqrt(b) + eps))
    return moves


@pytest.mark.proves("three-batches", "steps-drill")
def test_steps_of_an_epoch(drill: Drill) -> None:
    for n, b, k in ((1000, 32, 2), (10_000, 64, 3), (50_000, 128, 10)):
        batches = [range(at, min(at + b, n)) for at in range(0, n, b)]
        assert drill("gradient-descent/steps-drill", n=n, b=b, k=k) == k * len(batches)


@pytest.mark.proves("hundredfold-batch")
def test_a_hundredfold_batch_is_ten_times_as_exact(text: Text) -> None:
    rng = np.random.default_rng(0)
    small, large = (rng.normal(size=(1000, b)).mean(axis=1).std() for b in (4, 400))
    assert small / large == pytest.approx(10, rel=0.1)
    assert "100 times as large" in prose(text("gradient-descent/hundredfold-batch", "q"))
    a = prose(text("gradient-descent/hundredfold-batch", "a"))
    assert f"only {math.sqrt(100):.0f} times as exact, for 100 times the work" in a


@pytest.mark.proves("one-step-drill", "largest-rate")
def test_steps_on_a_parabola(text: Text, drill: Drill) -> None:
    for w, r in ((-5, 0.1), (4, 0.25), (10, 1.5)):
        slope = ((w + 1e-6) ** 2 - (w - 1e-6) ** 2) / 2e-6
        assert drill("gradient-descent/one-step-drill", w=w, r=r) == pytest.approx(w - r * slope)

    def after(rate: float, h: float = 2.0, steps: int = 200) -> float:
        w = 1.0
        for _ in range(steps):
            w -= rate * h * w
        return abs(w)

    assert "a rate of 0.5 lands on the minimum, one above 1 diverges" in prose(
        text("gradient-descent/one-step-drill", "why")
    )
    assert after(0.5, steps=1) == 0
    assert after(0.99) < 1 < after(1.01)
    for h in (0.5, 4.0):
        assert after(1.99 / h, h) < 1 < after(2.01 / h, h)
    said = prose(filled(text("gradient-descent/largest-rate", "cloze")))
    assert r"by $1 - \epsilon h$ at each step" in said
    assert r"$\epsilon <$ $2 / h$." in said


def travelled(alpha: float, steps: int = 100) -> Array:
    """How far plain descent or momentum comes in a valley a hundred times as steep across as along."""
    w, v, h = np.ones(2), np.zeros(2), np.array([100.0, 1.0])
    for _ in range(steps):
        v = alpha * v - 0.015 * h * w
        w = w + v
    return w


@pytest.mark.proves("ravine", "momentum-ravine")
def test_a_ravine_and_what_momentum_does_there(text: Text) -> None:
    assert "curved 100 times as much" in prose(text("gradient-descent/ravine", "q"))
    assert abs(travelled(0.0)[1]) > 0.2
    assert np.abs(travelled(0.8)).max() < 0.05


@pytest.mark.proves("momentum-formula", "terminal-drill")
def test_the_velocity_and_where_it_ends(text: Text, drill: Drill) -> None:
    said = prose(filled(text("gradient-descent/momentum-formula", "cloze")))
    assert r"$v \leftarrow \alpha v - \epsilon g$, then $w \leftarrow w + v$" in said
    for alpha in (0.5, 0.9, 0.99):
        v = 0.0
        for _ in range(5000):
            v = alpha * v - 0.01 * 3.0
        assert drill("gradient-descent/terminal-drill", a=alpha) == pytest.approx(v / (-0.01 * 3.0))


@pytest.mark.proves("two-momenta")
def test_the_two_forms_part_when_the_rate_changes() -> None:
    def paths(rates: list[float]) -> tuple[float, float]:
        one = other = 5.0
        v = u = 0.0
        for rate in rates:
            v = 0.9 * v + 2 * one
            one -= rate * v
            u = 0.9 * u - rate * 2 * other
            other += u
        return one, other

    same = paths([0.01] * 20)
    assert same[0] == pytest.approx(same[1])
    changed = paths([0.01] * 10 + [0.001] * 10)
    assert changed[0] != pytest.approx(changed[1], rel=0.01)


@pytest.mark.proves("rmsprop-formula", "steps-alike")
def test_the_scale_of_the_loss_hardly_matters(text: Text) -> None:
    said = prose(filled(text("gradient-descent/rmsprop-formula", "cloze")))
    assert r"r \leftarrow \rho r + (1 - \rho) g^2" in said
    assert r"g / \sqrt{r}" in said
    gradients = [float(g) for g in np.random.default_rng(1).normal(size=50)]
    assert adam([1000 * g for g in gradients]) == pytest.approx(adam(gradients), rel=1e-4)
    steps = []
    for steady in (0.01, 100.0):
        r = 0.0
        for _ in range(200):
            r = 0.9 * r + 0.1 * steady**2
        steps.append(steady / math.sqrt(r))
    assert steps == pytest.approx([1, 1])
    assert "gradients of 0.01 and 100" in prose(text("gradient-descent/steps-alike", "q"))
    assert f"{100 / 0.01:,.0f} times the other" in prose(text("gradient-descent/steps-alike", "why"))
    for factor in (1.0, 1000.0):
        r, moves = 0.0, []
        for g in gradients:
            r = 0.9 * r + 0.1 * (factor * g) ** 2
            moves.append(factor * g / math.sqrt(r))
        assert moves[-1] == pytest.approx(gradients[-1] / math.sqrt(r / factor**2))


@pytest.mark.proves("rmsprop-not-adagrad")
def test_adagrad_shrinks_its_steps_and_rmsprop_does_not() -> None:
    total, mean = 0.0, 0.0
    for _ in range(10_000):
        total, mean = total + 1.0, 0.9 * mean + 0.1
    assert 1 / math.sqrt(total) == pytest.approx(0.01)
    assert 1 / math.sqrt(mean) == pytest.approx(1)


@pytest.mark.proves("adam-parts", "adam-step")
def test_the_steps_of_adam(text: Text) -> None:
    gradients = [float(g) for g in np.random.default_rng(2).normal(size=30)]
    first, _ = gradients[:2]
    assert adam(gradients)[0] == pytest.approx(-0.001 * math.copysign(1, first), rel=1e-4)
    assert abs(adam(gradients, corrected=False)[0]) > 3 * abs(adam(gradients)[0])
    assert r"$1 - \beta_1^t$ and $1 - \beta_2^t$" in text("gradient-descent/adam-step", "steps.of.correct")
    flip = adam([1.0, -1.0] * 100)
    assert abs(flip[-1]) < 0.1 * 0.001


@pytest.mark.proves("adam-memory-drill")
def test_two_numbers_for_each_weight(drill: Drill) -> None:
    for n in (25, 110, 1500):
        each = np.zeros(2, np.float32).nbytes
        assert drill("gradient-descent/adam-memory-drill", n=n) == each * n * 1_000_000 / 1_000_000


@pytest.mark.proves("saddle-shares")
def test_all_signs_must_be_positive(drill: Drill) -> None:
    for n in (2, 5, 10):
        signs = list(product((-1, 1), repeat=n))
        share = sum(min(each) > 0 for each in signs) / len(signs)
        assert drill("gradient-descent/saddle-shares", n=n) == pytest.approx(share)


@pytest.mark.proves("on-the-ridge", "newton-at-saddle")
def test_on_the_ridge_of_a_saddle(text: Text) -> None:
    def descend(noise: float, rate: float = 0.1) -> Array:
        rng, w = np.random.default_rng(3), np.array([1.0, 0.0])
        for _ in range(100):
            w = w - rate * (np.array([2 * w[0], -2 * w[1]]) + noise * rng.normal(size=2))
        return w

    assert np.abs(descend(0)).max() < 1e-6
    assert abs(descend(0.01)[1]) > 1
    w = np.array([0.7, 0.3])
    newton = w - np.linalg.inv(np.diag([2.0, -2.0])) @ np.array([2 * w[0], -2 * w[1]])
    assert np.abs(newton).max() < 1e-12
    assert "the saddle point $(0, 0)$" in prose(text("gradient-descent/on-the-ridge", "q"))
    assert r"is $1 + 2\epsilon$" in prose(text("gradient-descent/on-the-ridge", "why"))


@pytest.mark.proves("noise-floor", "robbins-monro")
def test_noise_keeps_a_constant_rate_bouncing() -> None:
    def spread(decay: bool) -> float:
        rng, w, seen = np.random.default_rng(4), 3.0, []
        for k in range(1, 20_001):
            w -= (1 / k if decay else 0.3) * (w + rng.normal())
            seen.append(w)
        return float(np.std(seen[-2000:]) + abs(seen[-1]))

    assert spread(True) < 0.05 < 0.3 < spread(False)

    def excess(rate: float) -> float:
        rng, w, seen = np.random.default_rng(6), np.zeros(2000), []
        for k in range(3000):
            w -= rate * (w + rng.normal(size=2000))
            if k >= 1000:
                seen.append(float((w**2).mean()) / 2)
        return float(np.mean(seen))

    assert excess(0.01) == pytest.approx(excess(0.02) / 2, rel=0.02)
    k = np.arange(1, 1_000_001)
    assert (1 / k).sum() > 14
    assert (1 / k**2.0).sum() < math.pi**2 / 6


@pytest.mark.proves("which-path-has-momentum")
def test_the_two_paths_drawn(text: Text) -> None:
    shown, curvature = drawn.lines("momentum-paths.svg"), np.array([1.0, 20.0])
    paths = {}
    for name, alpha in {"A": 0.5, "B": 0.0}.items():
        w, v = np.array([-4.0, 1.0]), np.zeros(2)
        path = [w]
        for _ in range(15):
            v = alpha * v - 0.09 * curvature * w
            w = w + v
            path.append(w)
        paths[name] = np.array(path)
        assert shown[name].x == pytest.approx(paths[name][:, 0], abs=shown[name].x_off)
        assert shown[name].y == pytest.approx(paths[name][:, 1], abs=shown[name].y_off)
    assert "15 steps each" in text("gradient-descent/which-path-has-momentum", "q")
    first, plain = paths["A"], paths["B"]
    along = np.diff(first[:, 0])
    assert (np.diff(along[:3]) > 0).all(), "steps along the valley grow at first"
    assert abs(first[-1]) == pytest.approx([0, 0], abs=0.1), "it ends at the cross"
    assert 4 <= (np.diff(np.sign(first[:, 1])) != 0).sum() < 10
    assert (np.sign(plain[1:, 1]) == -np.sign(plain[:-1, 1])).all(), "every step ends on the other side"
    assert (np.diff(np.diff(plain[:, 0])) < 0).all(), "its steps along the valley only shrink"
    assert plain[-1, 0] / plain[0, 0] == pytest.approx(1 / 4, abs=0.01)


@pytest.mark.proves("which-rate-is-highest")
def test_the_three_rates_drawn(text: Text) -> None:
    rates = {"A": 0.1, "B": 0.02, "C": 0.5}
    steps = np.arange(151)
    losses = {}
    for name, rate in rates.items():
        shrink, floor = (1 - rate) ** 2, rate / (2 - rate)
        losses[name] = ((100 - floor) * shrink**steps + floor) / 2
        line = drawn.lines("learning-rates.svg")[name]
        assert line.x == pytest.approx(steps, abs=line.x_off)
        assert line.y == pytest.approx(np.log10(losses[name]), abs=line.y_off)
    # The mean of many runs comes out there.
    w, rng = np.full(4000, 10.0), np.random.default_rng(0)
    for _ in range(30):
        w -= rates["C"] * (w + rng.normal(size=len(w)))
    assert (w**2 / 2).mean() == pytest.approx(losses["C"][30], rel=0.1)
    q = prose(text("gradient-descent/which-rate-is-highest", "q"))
    assert f"over 150 steps, on a logarithmic axis, from {losses['A'][0]:.0f} on" in q
    a, b, c = losses.values()
    assert f"A falls to {a[-1]:.2f} within 50 steps" in q
    assert f"{a[50]:.2f}" == f"{a[-1]:.2f}"
    assert f"B falls all the way, straight, to {b[-1]:.2f}" in q
    assert f"C falls to {c[-1]:.2f} within 10 steps" in q
    assert f"{c[10]:.2f}" == f"{c[-1]:.2f}"
    floors = {name: rate / (2 - rate) / 2 for name, rate in rates.items()}
    assert min(floors, key=lambda name: floors[name]) == "B"
    assert floors["A"] / floors["B"] == pytest.approx(5, rel=0.1)
