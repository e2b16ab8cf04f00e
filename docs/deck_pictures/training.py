"""Pictures about training: losses, paths, learning rates, penalties, budgets."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import pairwise

from docs.deck_pictures.plot import (
    BLUE,
    GREEN,
    GREY,
    INK,
    RED,
    STYLES,
    Plot,
    Points,
    graph,
    number,
    picture,
    steps,
    words,
)

RUNS = {"A": 24, "B": 3, "C": 5}
"""How many cosines each run fits."""
NOISE = 0.9
"""The largest error of a value to fit."""
EPOCHS = 120


def wave(x: float) -> float:
    """What the runs of `three_runs` are to learn."""
    return math.cos(2 * math.pi * x) + math.cos(3 * math.pi * x)


def run(features: int) -> tuple[list[float], list[float]]:
    """Losses on training and on new data while gradient descent of rate 1 fits cosines to noisy values of the wave.

    The k-th cosine is damped by k ** 0.7, so that slow waves are learned first, as networks do.
    """
    source = random.Random(3)
    here, new = [(at + 0.5) / 24 for at in range(24)], steps(0, 1, 120)
    seen = [wave(x) + NOISE * (2 * source.random() - 1) for x in here]
    rows, rows_new = (
        [[math.cos(math.pi * k * x) / max(k, 1) ** 0.7 for k in range(features)] for x in xs] for xs in (here, new)
    )
    weights = [0.0] * features
    training, validation = [], []
    for _ in range(EPOCHS + 1):
        errors = [sum(map(float.__mul__, weights, row)) - y for row, y in zip(rows, seen, strict=True)]
        far = [sum(map(float.__mul__, weights, row)) - wave(x) for row, x in zip(rows_new, new, strict=True)]
        training.append(sum(error**2 for error in errors) / len(here))
        # The noise of new data is met on average: its variance is added.
        validation.append(sum(error**2 for error in far) / len(new) + NOISE**2 / 3)
        for k in range(features):
            weights[k] -= sum(error * row[k] for error, row in zip(errors, rows, strict=True)) / len(here)
    return training, validation


def three_runs() -> str:
    """Losses of a model that overfits, one that underfits and one that does neither."""
    parts = []
    for at, (name, features) in enumerate(RUNS.items()):
        plot = Plot((0, EPOCHS), (0, 1.35), at=(34 + at * 122, 40, 112, 170))
        plot.ticks({0: "0", 50: "50", 100: "100"}, {} if at else {0: "0", 0.5: "0.5", 1: "1"})
        training, validation = run(features)
        plot.line(f"{name}-training", list(enumerate(training))[::2])
        plot.line(f"{name}-validation", list(enumerate(validation))[::2], colour=RED, style="dashed")
        parts += [plot.svg(), words(plot.left + 56, 29, name, size=17, more=' font-weight="bold"')]
    key = f'<path d="M30 256h36" stroke="{BLUE}" stroke-width="2.5"/>' + words(72, 261, "training loss", anchor="start")
    key += f'<path d="M196 256h36" stroke="{RED}" stroke-width="2.5"{STYLES["dashed"]}/>'
    return picture(274, *parts, words(216, 241, "epoch"), key + words(238, 261, "validation loss", anchor="start"))


BEST, CURVATURE = (1.6, 0.5), (2.0, 0.5, 1.0)
"""The minimum of a quadratic loss of two weights, and its curvature: by the first, by both, by the second."""


def bowl(u: float, v: float) -> float:
    """That loss."""
    (a, b, c), (x, y) = CURVATURE, (u - BEST[0], v - BEST[1])
    return (a * x * x + 2 * b * x * y + c * y * y) / 2


def contour(level: float) -> Points:
    """Where that loss has a value."""
    a, b, c = CURVATURE
    out = []
    for angle in steps(0, 2 * math.pi, 60)[:-1]:
        x, y = math.cos(angle), math.sin(angle)
        far = math.sqrt(2 * level / (a * x * x + 2 * b * x * y + c * y * y))
        out.append((BEST[0] + far * x, BEST[1] + far * y))
    return out


def penalty_regions() -> str:
    """The least loss in a disc and in a square that stands on a corner."""
    disc = [(math.cos(angle), math.sin(angle)) for angle in steps(0, 2 * math.pi, 720)[:-1]]
    corners = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (1.0, 0.0)]
    square = [
        (u + (s - u) * part / 180, v + (t - v) * part / 180)
        for (u, v), (s, t) in pairwise(corners)
        for part in range(180)
    ]
    parts = []
    for at, (name, region) in enumerate({"A": disc, "B": square}.items()):
        plot = Plot((-1.25, 2.95), (-1.3, 2.1), at=(10 + at * 194, 12, 186, 186 * 3.4 / 4.2))
        plot.rule((-1.25, 0), (2.95, 0), GREY)
        plot.rule((0, -1.3), (0, 2.1), GREY)
        plot.area(region[:: 12 if at == 0 else 180])
        touch = min(region, key=lambda point: bowl(*point))
        for share in (0.15, 0.5, 1):
            ring = contour(bowl(*touch) * share)
            plot.line(f"{name}-{share:g}", [*ring, ring[0]])
        plot.dot(*BEST, BLUE, 3)
        plot.dot(*touch, RED, 5)
        plot.label(-0.95, 1.7, name)
        plot.drawn += [words(*plot.place(2.74, -0.38), "w₁"), words(*plot.place(-0.28, 1.25), "w₂")]
        parts.append(plot.svg())
    return picture(176, *parts)


def descent(rate: float, momentum: float, count: int) -> Points:
    """The points that gradient descent visits on a valley 20 times as steep across as along."""
    (u, v), (along, across) = (-4.0, 1.0), (0.0, 0.0)
    points = [(u, v)]
    for _ in range(count):
        along, across = momentum * along - rate * u, momentum * across - rate * 20 * v
        u, v = u + along, v + across
        points.append((u, v))
    return points


def momentum_paths() -> str:
    """The same valley walked down with momentum and without."""
    parts = []
    for at, (name, momentum) in enumerate({"A": 0.5, "B": 0.0}.items()):
        plot = Plot((-4.5, 1.5), (-1.15, 1.15), at=(10, 12 + at * 160, 380, 380 * 2.3 / 6))
        across, down = plot.place(0, 0)
        # An SVG within the SVG cuts off what leaves the plot.
        rings = f'<svg x="{plot.left:g}" y="{plot.top:g}" width="{plot.width:g}" height="{plot.height:g}" fill="none">'
        for level in (0.25, 1, 2.5, 5, 9):
            far, high = math.sqrt(2 * level) * plot.width / 6, math.sqrt(level / 10) * plot.height / 2.3
            rings += f'<ellipse cx="{number(across - plot.left)}" cy="{number(down - plot.top)}" rx="{number(far)}" '
            rings += f'ry="{number(high)}" stroke="#8c959f"/>'
        plot.drawn.append(f"{rings}</svg>")
        path = descent(0.09, momentum, 15)
        plot.line(name, path, colour=RED)
        for point in path:
            plot.dot(*point, RED, 3)
        cross = f"M{number(across - 6)} {number(down)}h12M{number(across)} {number(down - 6)}v12"
        plot.drawn.append(f'<path d="{cross}" stroke="{INK}" stroke-width="2"/>')
        plot.label(-4.25, -1, name)
        parts.append(plot.svg())
    return picture(330, *parts)


def noisy_losses(rate: float, count: int) -> list[float]:
    """The mean loss above the minimum, step by step, of stochastic descent on w²/2 from w = 10, gradient noise 1."""
    square, out = 100.0, []
    for _ in range(count + 1):
        out.append(square / 2)
        square = (1 - rate) ** 2 * square + rate**2
    return out


RATES = {"A": (0.1, BLUE, "solid"), "B": (0.02, GREEN, "dotted"), "C": (0.5, RED, "dashed")}
"""The learning rate of each run, and how its line is drawn."""


def learning_rates() -> str:
    """The loss over steps at three constant learning rates."""
    plot = Plot((0, 150), (-2, 2), at=(52, 14, 334, 250))
    plot.ticks({each: f"{each}" for each in (0, 50, 100, 150)}, {-2: "0.01", -1: "0.1", 0: "1", 1: "10", 2: "100"})
    for name, (rate, colour, style) in RATES.items():
        losses = [(at, math.log10(loss)) for at, loss in enumerate(noisy_losses(rate, 150))]
        plot.line(name, losses, colour=colour, style=style)
    plot.label(120, -1.9, "A", BLUE)
    plot.label(60, 0.8, "B", GREEN)
    plot.label(20, -0.65, "C", RED)
    side = words(0, 0, "loss", more=' transform="translate(16 140) rotate(-90)"')
    return picture(312, plot.svg(), words(219, 301, "step"), side)


SCHEDULES: dict[str, Callable[[float], float]] = {
    "A": lambda t: min(t / 0.1, (1 - t) / 0.9),
    "B": lambda t: min(t / 0.1, 1, (1 - t) / 0.15),
    "C": lambda t: t / 0.1 if t < 0.1 else (1 + math.cos(math.pi * (t - 0.1) / 0.9)) / 2,
}
"""The learning rate, as a share of its peak, by the share of the run: linear; warm-up, stable, decay; cosine."""


def schedules() -> str:
    """Three schedules of the learning rate, each with a warm-up."""
    parts = []
    for at, (name, schedule) in enumerate(SCHEDULES.items()):
        plot = Plot((0, 1), (0, 1.08), at=(34 + at * 120, 40, 104, 150))
        plot.ticks({0: "", 0.5: "", 1: "end"}, {0: "", 0.5: "", 1: ""} if at else {0: "0", 0.5: "½", 1: "1"})
        plot.line(name, [(t, schedule(t)) for t in steps(0, 1, 60)])
        parts += [plot.svg(), words(plot.left + 52, 29, name, size=17, more=' font-weight="bold"')]
    return picture(240, *parts, words(214, 226, "learning rate (of its peak) over the run"))


def equal_compute(budget: float) -> Callable[[float], float]:
    """The loss by the logarithm of the parameters when all models get the same compute: Chinchilla's fit, C = 6ND."""

    def loss(log: float) -> float:
        parameters = math.pow(10, log)
        tokens = budget / (6 * parameters)
        return 1.69 + 406.4 / math.pow(parameters, 0.34) + 410.7 / math.pow(tokens, 0.28)

    return loss


BUDGETS = {20: (GREEN, "dotted", 8.93, 2.73), 21: (BLUE, "solid", 10.62, 2.42), 22: (RED, "dashed", 10.5, 2.06)}
"""The compute of each curve as a power of ten, how it is drawn, and where its name stands."""


def equal_compute_curves() -> str:
    """Loss against model size at three budgets, and two models on one curve with the same loss."""
    plot = Plot((8, 11), (2.0, 3.0), at=(46, 14, 326, 240))
    plot.ticks(
        {8: "100M", 9: "1B", 10: "10B", 11: "100B"}, {each: f"{each:.1f}" for each in (2.0, 2.2, 2.4, 2.6, 2.8, 3.0)}
    )
    for power, (colour, style, x, y) in BUDGETS.items():
        curve = graph(equal_compute(10.0**power), 8, 11, 60)
        plot.line(f"compute-{power}", [point for point in curve if point[1] <= 3], colour=colour, style=style)
        said = f"10{str(power).translate(str.maketrans('012', '⁰¹²'))} FLOP"
        plot.drawn.append(words(*plot.place(x, y), said, size=13, more=f' fill="{colour}"'))
    loss, left, (low, high) = equal_compute(1e21), 8.8, (9.5, 11.0)
    for _ in range(40):
        low, high = ((low + high) / 2, high) if loss((low + high) / 2) < loss(left) else (low, (low + high) / 2)
    for name, x, beside in (("P", left, -0.08), ("Q", high, 0.09)):
        plot.dot(x, loss(x), INK, 5)
        plot.label(x + beside, loss(x) - 0.08, name)
    side = words(0, 0, "loss", more=' transform="translate(16 134) rotate(-90)"')
    return picture(306, plot.svg(), words(209, 293, "parameters of the model"), side)
