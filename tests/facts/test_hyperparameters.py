"""The schedules, scalings and counts of the deck on hyperparameters, worked out afresh."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support import drawn
from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {}


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"hyperparameters/{note}", key))


@pytest.mark.proves("values-per-parameter")
def test_a_grid_spreads_its_trials_over_all_dimensions(drill: Drill) -> None:
    checked = 0
    for n, k in product((16, 64, 729, 4096), (2, 3, 4, 6)):
        values = round(n ** (1 / k))
        if values**k == n:
            assert drill("hyperparameters/values-per-parameter", n=n, k=k) == values
            assert len(list(product(range(values), repeat=k))) == n
            checked += 1
    assert checked >= 8


@pytest.mark.proves("random-hits-top")
def test_some_trial_hits_the_top_unless_all_miss(text: Text, drill: Drill) -> None:
    for q, n in product((2, 5, 10), (10, 20, 30, 60)):
        miss = math.prod([1 - q / 100] * n)
        assert drill("hyperparameters/random-hits-top", q=q, n=n) == pytest.approx(1 - miss)
    assert round(drill("hyperparameters/random-hits-top", q=5, n=60), 2) == 0.95
    assert "With 60 trials and the best 5% it is about 0.95" in said(text, "random-hits-top", "why")


@pytest.mark.proves("log-uniform-code")
def test_each_power_of_ten_is_equally_likely(text: Text) -> None:
    names: dict[str, Any] = {"rng": np.random.default_rng(0)}
    code = compile(program(text("hyperparameters/log-uniform-code", "cloze")), "card", "exec")
    counts = np.zeros(4)
    for _ in range(8000):
        exec(code, names)
        assert 0.00001 <= names["rate"] <= 0.1
        counts[int(math.log10(names["rate"]) + 5)] += 1
    assert counts / 8000 == pytest.approx([0.25] * 4, abs=0.02)
    assert "between 0.00001 and 0.1" in prose(filled(text("hyperparameters/log-uniform-code", "cloze")))
    assert (0.1 - 0.01) / (0.1 - 0.00001) == pytest.approx(0.9, abs=0.001)
    assert "nine rates in ten would exceed 0.01" in said(text, "log-uniform-code", "why")


@pytest.mark.proves("linear-schedule", "scheduler-per-epoch")
def test_the_linear_schedule_rises_and_falls(text: Text, drill: Drill) -> None:
    def rate(step: int, peak: float, warm: int, total: int) -> float:
        if step < warm:
            return peak * step / warm
        return peak * (total - step) / (total - warm)

    for p, w, n, t in product((2, 4, 5), (100, 200), (1000, 1200), (50, 100, 400, 600, 900)):
        assert drill("hyperparameters/linear-schedule", p=p, w=w, n=n, t=t) == pytest.approx(rate(t, p, w, n))
    assert rate(3, 1.0, 500, 10_000) < 0.01
    question = said(text, "scheduler-per-epoch", "q")
    assert "3 epochs" in question
    assert "500 steps" in question
    assert said(text, "scheduler-per-epoch", "a").startswith("Under 1%")


@pytest.mark.proves("cosine-formula", "cosine-at-third")
def test_the_cosine_schedule(text: Text) -> None:
    def share(done: float) -> float:
        return (1 + math.cos(math.pi * done)) / 2

    assert (share(0), share(1)) == pytest.approx((1, 0))
    assert share(0.5) == pytest.approx(0.5)
    steps = [share(i / 100) - share((i + 1) / 100) for i in range(100)]
    assert np.argmax(steps) in (49, 50)
    formula = prose(filled(text("hyperparameters/cosine-formula", "cloze")))
    assert r"\frac{1}{2} \eta_{\max} (1 + \cos(\pi t / T))" in formula
    assert f"{100 * share(1 / 3):.0f}" == said(text, "cosine-at-third", "typed")


@pytest.mark.proves("linear-scaling-rule", "adam-root-scaling")
def test_rates_scale_with_the_batch_or_its_root(text: Text, drill: Drill) -> None:
    for r, b in product((0.05, 0.1, 0.2), (64, 512, 1024, 2048, 8192)):
        assert drill("hyperparameters/linear-scaling-rule", r=r, b=b) == pytest.approx(r * (b / 256))
    # With the same gradient throughout, one step k times as long goes as far as k steps.
    gradient = np.array([0.3, -0.7])
    assert sum(0.1 * gradient for _ in range(4)) == pytest.approx(0.4 * gradient)
    assert "16-fold" in said(text, "adam-root-scaling", "q")
    assert said(text, "adam-root-scaling", "a").startswith(f"{math.isqrt(16)},")
    # The size of a gradient that is all noise falls by the root of the batch size.
    noise = np.random.default_rng(1).normal(size=(4000, 16))
    assert noise.mean(axis=1).std() == pytest.approx(1 / 4, rel=0.05)


class Model:
    """A linear model of one weight, with the gradient that its last loss would send back."""

    def __init__(self) -> None:
        self.weight, self.grad = 0.5, 0.0

    def __call__(self, batch: Any) -> Loss:
        x, y = batch
        error = self.weight * x - y
        return Loss(self, float((error**2).mean()), float((2 * error * x).mean()))


class Loss:
    """A loss that can be scaled and sent back."""

    def __init__(self, model: Model, value: float, slope: float) -> None:
        self.model, self.value, self.slope = model, value, slope

    def __truediv__(self, by: float) -> Loss:
        return Loss(self.model, self.value / by, self.slope / by)

    def backward(self) -> None:
        self.model.grad += self.slope


class Sgd:
    """Plain gradient descent that remembers the gradients of its steps."""

    def __init__(self, model: Model) -> None:
        self.model, self.seen = model, list[float]()

    def step(self) -> None:
        self.seen.append(self.model.grad)

    def zero_grad(self) -> None:
        self.model.grad = 0.0


@pytest.mark.proves("accumulation-code", "forgotten-division")
def test_accumulated_gradients_are_those_of_the_large_batch(text: Text) -> None:
    rng = np.random.default_rng(2)
    batches = [(rng.normal(size=5), rng.normal(size=5)) for _ in range(16)]
    code = program(text("hyperparameters/accumulation-code", "cloze"))
    model = Model()
    optimizer = Sgd(model)
    exec(code, {"model": model, "optimizer": optimizer, "batches": batches, "k": 8})
    expected = []
    for part in (batches[:8], batches[8:]):
        x, y = (np.concatenate(each) for each in zip(*part, strict=True))
        expected.append(model((x, y)).slope)
    assert optimizer.seen == pytest.approx(expected)
    model = Model()
    longer = Sgd(model)
    exec(code.replace(" / k", ""), {"model": model, "optimizer": longer, "batches": batches, "k": 8})
    assert longer.seen == pytest.approx([8 * each for each in expected])
    assert "of 8 passes" in said(text, "forgotten-division", "q")
    assert "SGD's steps become 8 times too long" in said(text, "forgotten-division", "q")


@pytest.mark.proves("forgotten-division")
def test_adam_divides_a_scale_out(text: Text) -> None:
    gradients = np.random.default_rng(3).normal(size=20)
    moved = []
    for scale in (1.0, 8.0):
        m = v = total = 0.0
        for t, g in enumerate(scale * gradients, start=1):
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            total += (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        moved.append(total)
    assert moved[0] == pytest.approx(moved[1], rel=1e-5)
    assert "a constant factor cancels" in said(text, "forgotten-division", "a")


@pytest.mark.proves("effective-batch")
def test_examples_of_one_update(drill: Drill) -> None:
    for g, b, k in product((1, 2, 4, 8), (4, 8, 16), (2, 4, 8, 16)):
        assert drill("hyperparameters/effective-batch", g=g, b=b, k=k) == sum(b for _ in range(k) for _ in range(g))


@pytest.mark.proves("unequal-token-counts")
def test_the_mean_over_tokens_is_not_the_mean_of_means(text: Text) -> None:
    losses = np.array([4.0] * 10 + [2.0] * 90)
    question = said(text, "unequal-token-counts", "q")
    assert "10 and 90 target tokens, with mean losses of 4 and 2" in question
    assert f"gives {(4 + 2) / 2:.0f}." in question
    assert said(text, "unequal-token-counts", "a") == f"{losses.mean():.1f}, the mean over all {len(losses)} tokens."


@pytest.mark.proves("error-of-the-mean")
def test_the_error_of_a_mean(text: Text, drill: Drill) -> None:
    for n, s in product((4, 5, 9, 10, 16), (0.6, 0.9, 1.2)):
        error = math.sqrt(n * s**2) / n
        assert drill("hyperparameters/error-of-the-mean", n=n, s=s) == pytest.approx(error)
        assert math.hypot(error, error) == pytest.approx(math.sqrt(2) * error)
    assert r"larger still, by $\sqrt{2}$." in said(text, "error-of-the-mean", "why")


@pytest.mark.proves("best-of-more-seeds")
def test_the_best_of_more_runs_is_better(text: Text) -> None:
    runs = np.random.default_rng(4).normal(size=(4000, 50))
    assert runs.max(axis=1).mean() > runs[:, :5].max(axis=1).mean() + 0.5
    assert "the best of 5 runs, the other the best of 50" in said(text, "best-of-more-seeds", "q")


@pytest.mark.proves("survivor-epochs")
def test_the_survivor_has_trained_long(drill: Drill) -> None:
    for n, r in product((8, 16, 32, 64), (2, 3, 5)):
        settings, epochs = n, r
        while settings > 1:
            settings, epochs = settings // 2, epochs * 2
        assert drill("hyperparameters/survivor-epochs", n=n, r=r) == epochs


@pytest.mark.proves("schedule-without-an-end")
def test_the_schedules_drawn(text: Text) -> None:
    def cosine(t: float) -> float:
        return t / 0.1 if t <= 0.1 else math.cos(math.pi / 2 * (t - 0.1) / 0.9) ** 2

    def straight(corners: tuple[list[float], list[float]], t: float) -> float:
        return float(np.interp(t, *corners))

    shown = drawn.lines("schedules.svg")
    assert shown["A"].lies_on(partial(straight, ([0, 0.1, 1], [0, 1, 0])))
    assert shown["B"].lies_on(partial(straight, ([0, 0.1, 0.85, 1], [0, 1, 1, 0])))
    assert shown["C"].lies_on(cosine)
    q = prose(text("hyperparameters/schedule-without-an-end", "q"))
    assert "over the first tenth" in q
    assert f"over the last {1 - 0.85:.0%}" in q
