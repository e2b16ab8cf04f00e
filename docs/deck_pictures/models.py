"""Pictures about what models compute and how they are judged: curves, weights, encodings, densities."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

from docs.deck_pictures.plot import BLUE, GREY, RED, Plot, graph, picture, steps, words

NORMAL = NormalDist()


def activation_curves() -> str:
    """Leaky ReLU, ReLU, GELU and tanh."""
    curves: dict[str, Callable[[float], float]] = {
        "A": lambda x: max(x, 0.1 * x),
        "B": lambda x: max(x, 0.0),
        "C": lambda x: x * NORMAL.cdf(x),
        "D": math.tanh,
    }
    parts = []
    for at, (name, f) in enumerate(curves.items()):
        plot = Plot((-3, 1.5), (-1.1, 1.5), at=(28 + at % 2 * 188, 12 + at // 2 * 184, 176, 150))
        plot.ticks({-3: "-3", -2: "-2", -1: "-1", 0: "0", 1: "1"}, {} if at % 2 else {-1: "-1", 0: "0", 1: "1"})
        plot.rule((-3, 0), (1.5, 0), GREY)
        plot.rule((0, -1.1), (0, 1.5), GREY)
        plot.line(name, graph(f, -3, 1.5))
        plot.label(-2.7, 1.15, name)
        parts.append(plot.svg())
    return picture(380, *parts)


def softmax_temperature() -> str:
    """The softmax of the same three scores at temperature 1 and at 2."""
    scores = [math.log(each) for each in (16, 4, 1)]
    parts = []
    for at, (name, temperature) in enumerate({"T = 1": 1, "T = ?": 2}.items()):
        powers = [math.exp(score / temperature) for score in scores]
        plot = Plot((0, 3), (0, 1), at=(16 + at * 190, 40, 178, 180))
        for bar, power in enumerate(powers):
            share = power / sum(powers)
            plot.area([(bar + 0.15, 0), (bar + 0.15, share), (bar + 0.85, share), (bar + 0.85, 0)], BLUE, BLUE)
            x, y = plot.place(bar + 0.5, share)
            plot.drawn += [words(x, y - 6, f"{share:.0%}"), words(x, 237, "abc"[bar])]
        parts += [plot.svg(), words(plot.left + plot.width / 2, 28, name, size=17, more=' font-weight="bold"')]
    return picture(250, *parts)


def roc(shift: float, slope: float) -> Callable[[float], float]:
    """A binormal ROC curve: the recall at a share of negatives flagged."""
    return lambda x: NORMAL.cdf(shift + slope * NORMAL.inv_cdf(x)) if 0 < x < 1 else x


def roc_area(shift: float, slope: float) -> float:
    """The area under it: the chance that the normal score of a positive is the higher one."""
    return NORMAL.cdf(shift / math.hypot(1, slope))


def roc_curves() -> str:
    """Two classifiers whose ROC curves cross."""
    plot = Plot((0, 1), (0, 1), at=(58, 14, 326, 300))
    tenths = {each / 10: f"{each / 10:g}" if each % 2 == 0 else "" for each in range(11)}
    plot.ticks(tenths, tenths)
    plot.rule((0, 0), (1, 1), GREY)
    shares = [*steps(0, 0.01, 10), *steps(0.015, 0.1, 17), *steps(0.12, 1, 44)]
    plot.line("A", [(x, roc(1, 0.5)(x)) for x in shares])
    plot.line("B", [(x, roc(1.9, 1.6)(x)) for x in shares], colour=RED, style="dashed")
    plot.label(0.06, 0.66, "A", BLUE)
    plot.label(0.55, 0.935, "B", RED)
    for y, name, area, colour in ((0.3, "A", roc_area(1, 0.5), BLUE), (0.22, "B", roc_area(1.9, 1.6), RED)):
        plot.drawn.append(words(*plot.place(0.72, y), f"area under {name}: {area:.2f}", more=f' fill="{colour}"'))
    side = words(0, 0, "positives found", more=' transform="translate(20 164) rotate(-90)"')
    return picture(362, plot.svg(), words(221, 351, "negatives flagged"), side)


LEVELS = ("#08306b", "#14539a", "#3f7fbd", "#7aa9d3", "#b4cce6", "#dce8f4", "#f7fafd")
"""From -1 to 1."""
POSITIONS, COMPONENTS = 40, 32


def sinusoid(position: int, component: int) -> float:
    """A component of a position's sinusoidal encoding."""
    angle = position / 10000 ** (2 * (component // 2) / COMPONENTS)
    return math.cos(angle) if component % 2 else math.sin(angle)


def sinusoids() -> str:
    """Sinusoidal encodings as a heat map, the first component at the right."""
    runs: dict[int, list[str]] = {level: [] for level in range(len(LEVELS))}
    for column in range(COMPONENTS):
        component = COMPONENTS - 1 - column
        levels = [
            min(int((sinusoid(row, component) + 1) / 2 * len(LEVELS)), len(LEVELS) - 1) for row in range(POSITIONS)
        ]
        row = 0
        while row < POSITIONS:
            end = row
            while end < POSITIONS and levels[end] == levels[row]:
                end += 1
            runs[levels[row]].append(f"M{column + 0.5:g} {row}v{end - row}")
            row = end
    cells = "".join(f'<path d="{"".join(runs[n])}" stroke="{colour}"/>' for n, colour in enumerate(LEVELS) if runs[n])
    heat = f'<g id="heat" transform="translate(42 12) scale(10.5 6.6)" stroke-width="1.02">{cells}</g>'
    frame = f'<rect x="42" y="12" width="336" height="264" fill="none" stroke="{GREY}"/>'
    side = words(0, 0, "position", more=' transform="translate(17 144) rotate(-90)"')
    ends = [words(32, 25, "0", size=13), words(30, 275, f"{POSITIONS - 1}", size=13), words(210, 297, "component")]
    edges = [words(x, 299, name, size=17, more=' font-weight="bold"') for x, name in ((50, "A"), (370, "B"))]
    return picture(310, heat, frame, side, *ends, *edges)


SCORES = ((1.2, 0.4, 1.6, 0.2), (0.3, 1.0, 0.5, 1.5), (0.9, 0.1, 1.4, 0.6), (0.2, 1.3, 0.8, 1.0))
"""What the queries, row by row, give the keys."""


def masked_attention() -> str:
    """Attention weights of which the future was removed after the softmax, and before it."""
    parts = []
    for at, name in enumerate("AB"):
        left, top, side = 34 + at * 186, 42, 42
        drawn = []
        for query, scores in enumerate(SCORES):
            powers = [math.exp(score) for score in scores]
            total = sum(powers) if name == "A" else sum(powers[: query + 1])
            for key, power in enumerate(powers[: query + 1]):
                share = power / total
                tint = "#" + "".join(f"{round(255 - share * (255 - full)):02x}" for full in (110, 160, 225))
                x, y = left + key * side, top + query * side
                drawn.append(f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="{tint}" stroke="#8c959f"/>')
                drawn.append(words(x + side / 2, y + 26, f"{100 * share:.0f}"))
        frame = f'<rect x="{left}" y="{top}" width="{4 * side}" height="{4 * side}" fill="none" stroke="{GREY}"/>'
        title = words(left + 2 * side, 30, name, size=17, more=' font-weight="bold"')
        parts += [f'<g id="{name}">', *drawn, frame, "</g>", title, words(left + 2 * side, 230, "keys")]
    return picture(242, *parts, words(0, 0, "queries", more=' transform="translate(22 126) rotate(-90)"'))


PEAKS = ((0.6, NormalDist(-2.5, 0.7)), (0.4, NormalDist(2.5, 0.7)))
"""The parts of the density that Gaussians are fitted to, and their shares."""


def two_peaks(x: float) -> float:
    """That density."""
    return sum(share * peak.pdf(x) for share, peak in PEAKS)


def reverse_fit() -> NormalDist:
    """The Gaussian q of least D(q || p): the best of three searches, about either peak and over both."""
    grid = steps(-10, 10, 250)
    logs = [math.log(two_peaks(x)) for x in grid]

    def divergence(mean: float, spread: float) -> float:
        q = NormalDist(mean, spread)
        return sum(q.pdf(x) * (math.log(q.pdf(x) + 1e-300) - log) for x, log in zip(grid, logs, strict=True))

    found = []
    for mean, spread in ((-2.0, 1.0), (2.0, 1.0), (0.0, 2.5)):
        reach = 0.4
        for _ in range(14):
            near = [(mean + i * reach, max(spread + j * reach, 0.2)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
            mean, spread = min(near, key=lambda each: divergence(*each))
            reach *= 0.6
        found.append((mean, spread))
    return NormalDist(*min(found, key=lambda each: divergence(*each)))


def forward_fit() -> NormalDist:
    """The Gaussian q of least D(p || q): that of p's mean and variance."""
    mean = sum(share * peak.mean for share, peak in PEAKS)
    return NormalDist(mean, math.sqrt(sum(share * (peak.variance + (peak.mean - mean) ** 2) for share, peak in PEAKS)))


def kl_fits() -> str:
    """A density of two peaks with the Gaussians that come nearest to it by either KL divergence."""
    plot = Plot((-6, 6), (0, 0.62), at=(12, 14, 376, 220))
    plot.ticks({each: f"{each}" for each in (-4, -2, 0, 2, 4)}, {})
    plot.area([(-6, 0), *graph(two_peaks, -6, 6), (6, 0)], "#d0d7de", GREY)
    plot.line("A", graph(reverse_fit().pdf, -6, 6))
    plot.line("B", graph(forward_fit().pdf, -6, 6), colour=RED, style="dashed")
    plot.label(-3.6, 0.42, "A", BLUE)
    plot.label(0, 0.185, "B", RED)
    plot.label(-2.5, 0.2, "p")
    return picture(260, plot.svg())
