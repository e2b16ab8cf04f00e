"""What the pictures of bundled decks show: their lines as numbers, and their words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np

FOLDER = Path(__file__).parents[2] / "decks" / "media"
SVG = "{http://www.w3.org/2000/svg}"
HALF_A_STEP = 0.06
"""How far a coordinate may be off, in pixels, that is written to a tenth of one."""


class Line(NamedTuple):
    """The corners of a line in the values that its plot shows, and how exactly these can be read off."""

    x: Any
    y: Any
    x_off: float
    y_off: float

    def lies_on(self, f: Callable[[float], float]) -> bool:
        """Whether each corner is a point of a function's graph, as far as can be read off."""
        around = [np.array([f(float(x)) for x in self.x + shift]) for shift in (-self.x_off, 0, self.x_off)]
        return bool(
            (self.y >= np.min(around, axis=0) - self.y_off).all()
            and (self.y <= np.max(around, axis=0) + self.y_off).all()
        )


def lines(name: str) -> dict[str, Line]:
    """The lines of a picture by the names that they have in it."""
    found: dict[str, Line] = {}
    for plot in ElementTree.parse(FOLDER / name).iter(f"{SVG}g"):
        if "data-x" not in plot.keys():
            continue
        (x0, x1, left, right), (y0, y1, low, high) = (
            [float(each) for each in plot.get(key, "").split()] for key in ("data-x", "data-y")
        )
        for path in plot.iter(f"{SVG}path"):
            if (line := path.get("id")) is not None:
                across, up = np.array(re.findall(r"[-\d.]+", path.get("d", "")), float).reshape(-1, 2).T
                wide, tall = (x1 - x0) / (right - left), (y1 - y0) / (low - high)
                found[line] = Line(
                    x0 + (across - left) * wide, y0 + (low - up) * tall, HALF_A_STEP * wide, HALF_A_STEP * tall
                )
    return found


def said(name: str) -> list[str]:
    """The words of a picture, in the order in which they stand in the file."""
    return [text.text or "" for text in ElementTree.parse(FOLDER / name).iter(f"{SVG}text")]
