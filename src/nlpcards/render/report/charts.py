"""Charts as inline SVG. Every bar and point says its figures when pointed at, and no colour carries a meaning alone.

Coordinates are in user units of a drawing `WIDTH` wide, which scales with the page. Colours come from the page's CSS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 10, 12, 26
_PLOT_WIDTH, _PLOT_HEIGHT = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: what stands under it (where there is room), how high it is, and what is said of it in words."""

    label: str
    value: float
    told: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar of parts, the first of them at the bottom: what stands under it, the parts' heights, what is said of it."""

    label: str
    values: tuple[float, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of points, None where there is no figure; `mark` tells its points from another line's by their shape."""

    name: str
    values: tuple[float | None, ...]
    told: tuple[str, ...]
    mark: str = "circle"


def bars(title: str, each: Sequence[Bar], *, unit: str = "") -> str:
    """A bar chart from zero up; `unit` follows the figures at its side."""
    return _svg(title, _columns([Stack(bar.label, (bar.value,), bar.told) for bar in each], ("bar",), unit))


def stacks(title: str, names: Sequence[str], each: Sequence[Stack], *, unit: str = "") -> str:
    """A chart of bars made of parts, with a legend in the order of the parts, the first of them at the bottom.

    Parts are darker or lighter one after the other, not only of another hue.
    """
    kinds = tuple(f"part part-{number}" for number in range(len(names)))
    keys = "".join(
        f'<rect class="{kind}" x="{_LEFT + 130 * number}" y="{HEIGHT + 6}" width="12" height="12"/>'
        f'<text class="key" x="{_LEFT + 18 + 130 * number}" y="{HEIGHT + 16}">{escape(name)}</text>'
        for number, (kind, name) in enumerate(zip(kinds, names, strict=True))
    )
    return _svg(title, _columns(each, kinds, unit) + keys, HEIGHT + 24)


def _columns(each: Sequence[Stack], kinds: Sequence[str], unit: str) -> str:
    top = _round_up(max((sum(stack.values) for stack in each), default=0.0))
    parts = [_axis(0.0, top, unit)]
    step = _PLOT_WIDTH / max(1, len(each))
    # One bar alone, as wide as the page, would look like a wall.
    wide = min(step - min(2.0, step / 5), 48.0)
    for index, stack in enumerate(each):
        x = _LEFT + index * step
        foot = float(_TOP + _PLOT_HEIGHT)
        drawn = ""
        for kind, value in zip(kinds, stack.values, strict=True):
            height = value / top * _PLOT_HEIGHT
            foot -= height
            if height:
                drawn += f'<rect class="{kind}" x="{x + (step - wide) / 2:.2f}" y="{foot:.2f}" '
                drawn += f'width="{wide:.2f}" height="{height:.2f}"/>'
        # The whole column says what the bar does: a small bar is hard to point at.
        area = f'<rect class="area" x="{x:.2f}" y="{_TOP}" width="{step:.2f}" height="{_PLOT_HEIGHT}"/>'
        parts.append(f"<g><title>{escape(stack.told)}</title>{drawn}{area}</g>")
    parts.append(_labels([stack.label for stack in each], step))
    return "".join(parts)


def lines(title: str, labels: Sequence[str], each: Sequence[Line], *, low: float, high: float, unit: str = "") -> str:
    """A chart of lines between two heights, with a legend; a line is broken where it has no figure."""
    parts = [_axis(low, high, unit)]
    step = _PLOT_WIDTH / max(1, len(labels))

    def y_of(value: float) -> float:
        return _TOP + _PLOT_HEIGHT * (1 - (min(max(value, low), high) - low) / (high - low))

    for number, line in enumerate(each):
        runs: list[list[str]] = [[]]
        marks = []
        for index, value in enumerate(line.values):
            if value is None:
                runs.append([])
                continue
            x, y = _LEFT + (index + 0.5) * step, y_of(value)
            runs[-1].append(f"{x:.2f},{y:.2f}")
            marks.append(f"<g><title>{escape(line.told[index])}</title>{_mark(line.mark, x, y)}</g>")
        drawn = "".join(f'<polyline points="{" ".join(run)}"/>' for run in runs if len(run) > 1)
        parts.append(f'<g class="line line-{number}">{drawn}{"".join(marks)}</g>')
    parts.append(_labels(labels, step))
    keys = "".join(
        f'<g class="line line-{number}" transform="translate({_LEFT + 10 + 130 * number} {HEIGHT + 12})">'
        f'<polyline points="-10,0 10,0"/>{_mark(line.mark, 0, 0)}</g>'
        f'<text class="key" x="{_LEFT + 26 + 130 * number}" y="{HEIGHT + 16}">{escape(line.name)}</text>'
        for number, line in enumerate(each)
    )
    return _svg(title, "".join(parts) + keys, HEIGHT + 24)


def heat(title: str, cells: Sequence[tuple[int, str]], months: Sequence[tuple[int, str]], legend: Sequence[str]) -> str:
    """Weeks side by side, Monday on top: for each day its level (0-4) and what is said of it; `months` by their weeks.

    A level is the size of a square as well as its colour; `legend` says in a few words what each level is.
    """
    size = 12.6
    left, top = 34, 18
    parts = [
        f'<text class="tick" x="{left - 6}" y="{top + row * size + 10:.1f}" text-anchor="end">{name}</text>'
        for row, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun"))
    ]
    parts += [
        f'<text class="tick" x="{left + week * size:.1f}" y="{top - 6}">{escape(name)}</text>' for week, name in months
    ]
    for index, (level, told) in enumerate(cells):
        week, row = divmod(index, 7)
        parts.append(_square(level, left + week * size, top + row * size, size, f"<title>{escape(told)}</title>"))
    foot = top + 7 * size + 14
    x = float(left)
    for level, said in enumerate(legend):
        parts.append(_square(level, x, foot, size))
        parts.append(f'<text class="key" x="{x + size + 4:.1f}" y="{foot + 10:.1f}">{escape(said)}</text>')
        x += size + 22 + 6.2 * len(said)
    return _svg(title, "".join(parts), int(foot + size + 6))


def _square(level: int, x: float, y: float, size: float, inside: str = "") -> str:
    side = (3.0, 5.0, 7.0, 9.0, 11.0)[level]
    at = f'x="{x + (size - side) / 2:.1f}" y="{y + (size - side) / 2:.1f}"'
    return f'<rect class="heat heat-{level}" {at} width="{side}" height="{side}" rx="1.5">{inside}</rect>'


def _svg(title: str, inside: str, height: int = HEIGHT) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    )


def _mark(shape: str, x: float, y: float) -> str:
    if shape == "square":
        return f'<rect class="mark" x="{x - 3.5:.2f}" y="{y - 3.5:.2f}" width="7" height="7"/>'
    return f'<circle class="mark" cx="{x:.2f}" cy="{y:.2f}" r="3.5"/>'


def _axis(low: float, high: float, unit: str) -> str:
    parts = []
    for step in range(5):
        value = low + (high - low) * step / 4
        y = _TOP + _PLOT_HEIGHT * (1 - step / 4)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.2f}" y2="{y:.2f}"/>')
        parts.append(
            f'<text class="tick" x="{_LEFT - 6}" y="{y + 4:.2f}" text-anchor="end">{_short(value)}{unit}</text>'
        )
    return "".join(parts)


def _labels(labels: Sequence[str], step: float) -> str:
    """As many labels as there is room for, at equal distances, none beyond the edges."""
    widest = max((len(label) for label in labels), default=1) * 6.5 + 8
    every = max(1, ceil(widest / step))
    found = []
    for index in range(0, len(labels), every):
        middle = _LEFT + (index + 0.5) * step
        half = len(labels[index]) * 3.25
        middle = max(half, min(middle, WIDTH - half))
        found.append(
            f'<text class="tick" x="{middle:.2f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(labels[index])}</text>'
        )
    return "".join(found)


def _short(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:g}k"
    return f"{value:,.0f}" if value == round(value) else f"{value:.4g}"


def _round_up(value: float) -> float:
    """A height above a value whose quarters are whole numbers, easy to read: 4, 8, 12, 16, 20, 24, 32, 40, 60 … 400."""
    power = max(1.0, 10.0 ** (floor(log10(value)) - 1)) if value > 0 else 1.0
    return next((step * power for step in (4, 8, 12, 16, 20, 24, 32, 40, 60, 80, 100) if step * power >= value), value)
