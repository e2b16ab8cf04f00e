"""What the pictures of decks are drawn with: plots, lines and words as SVG, on a white ground of their own.

A picture is no wider than a phone. Lines differ in their dashes as well as in their colours, and every colour of a line
or a word has a contrast of 4.5:1 to the ground. A plot tells which values its edges stand for (`data-x`, `data-y`: two
values, then where they lie), and a line has the name that a card calls it by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

Points = list[tuple[float, float]]

WIDTH = 400
"""Of every picture, in CSS pixels: that of a phone, so that 14 pixels of type stay legible."""

INK, GREY = "#1f2328", "#57606a"
BLUE, RED, GREEN = "#0b4fa8", "#b3261e", "#1a6b34"
STYLES = {"solid": "", "dashed": ' stroke-dasharray="8 5"', "dotted": ' stroke-dasharray="2 4"'}
SHADE = "#dbe4f0"
"""The ground of an area, light enough for any line or word over it."""


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{round(value, 1) + 0.0:g}"


def words(x: float, y: float, said: str, *, anchor: str = "middle", size: int = 14, more: str = "") -> str:
    """A text at a point of the picture."""
    return (
        f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" font-size="{size}"{more}>{escape(said)}</text>'
    )


class Plot:
    """A rectangle of the picture that shows a range of values to the right and one upwards."""

    def __init__(
        self, x: tuple[float, float], y: tuple[float, float], *, at: tuple[float, float, float, float]
    ) -> None:
        self.x, self.y = x, y
        self.left, self.top, self.width, self.height = at
        self.drawn: list[str] = []

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a pair of values lies in the picture."""
        right = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + right * self.width, self.top + (1 - up) * self.height

    def line(
        self, name: str, points: Iterable[tuple[float, float]], *, colour: str = BLUE, style: str = "solid"
    ) -> None:
        """A line through points that a card calls by a name."""
        path = " ".join(f"{number(x)} {number(y)}" for x, y in (self.place(*point) for point in points))
        self.drawn.append(
            f'<path id="{name}" d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"'
            f'{STYLES[style]} stroke-linejoin="round"/>'
        )

    def area(self, points: Iterable[tuple[float, float]], fill: str = SHADE, stroke: str = GREY) -> None:
        """A closed outline, filled."""
        path = " ".join(f"{number(x)} {number(y)}" for x, y in (self.place(*point) for point in points))
        self.drawn.append(f'<path d="M{path}z" fill="{fill}" stroke="{stroke}"/>')

    def rule(self, start: tuple[float, float], end: tuple[float, float], colour: str = "#c4cad1") -> None:
        """A thin straight line between two points."""
        (x1, y1), (x2, y2) = self.place(*start), self.place(*end)
        self.drawn.append(f'<path d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}" stroke="{colour}"/>')

    def dot(self, x: float, y: float, colour: str = INK, radius: float = 4) -> None:
        """A point."""
        across, down = self.place(x, y)
        self.drawn.append(f'<circle cx="{number(across)}" cy="{number(down)}" r="{radius:g}" fill="{colour}"/>')

    def label(self, x: float, y: float, said: str, colour: str = INK) -> None:
        """The letter by which a card calls what stands there."""
        self.drawn.append(words(*self.place(x, y), said, size=17, more=f' font-weight="bold" fill="{colour}"'))

    def ticks(self, across: dict[float, str], up: dict[float, str]) -> None:
        """Values named below and to the left, with thin lines through the plot."""
        for x, said in across.items():
            self.rule((x, self.y[0]), (x, self.y[1]))
            self.drawn.append(words(self.place(x, 0)[0], self.top + self.height + 16, said, size=13))
        for y, said in up.items():
            self.rule((self.x[0], y), (self.x[1], y))
            self.drawn.append(words(self.left - 5, self.place(0, y)[1] + 4, said, anchor="end", size=13))

    def svg(self) -> str:
        """The plot with its frame."""
        return "\n".join(
            [
                f'<g data-x="{self.x[0]:g} {self.x[1]:g} {self.left:g} {self.left + self.width:g}" '
                f'data-y="{self.y[0]:g} {self.y[1]:g} {self.top + self.height:g} {self.top:g}">',
                *self.drawn,
                f'<rect x="{self.left:g}" y="{self.top:g}" width="{self.width:g}" height="{self.height:g}" '
                f'fill="none" stroke="{GREY}"/>',
                "</g>",
            ]
        )


def picture(height: int, *parts: str) -> str:
    """An SVG of some parts on a white ground."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
            f'font-family="sans-serif" fill="{INK}">',
            f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="6" fill="#ffffff" stroke="#8c959f"/>',
            *parts,
            "</svg>\n",
        ]
    )


def steps(first: float, last: float, count: int) -> list[float]:
    """Evenly spaced values from the first to the last, in a number of steps."""
    return [first + (last - first) * at / count for at in range(count + 1)]


def graph(f: Callable[[float], float], first: float, last: float, count: int = 90) -> Points:
    """The points of a function."""
    return [(x, f(x)) for x in steps(first, last, count)]
