"""A picture in half cells: two pixels, one above the other, to a character."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from PIL.Image import Image

_LOWER_HALF = "▄"


class Blocks(Widget):
    """Shows a picture in as many cells as its styles give it."""

    def __init__(self, image: Image) -> None:
        super().__init__()
        self._image = image
        self._scaled: Image | None = None

    def render_line(self, y: int) -> Strip:
        """One row of cells, over the background where the picture lets it through."""
        width, height = self.size
        if self._scaled is None or self._scaled.size != (width, height * 2):
            self._scaled = self._image.resize((width, height * 2))
        ground = self.background_colors[1].rgb
        cells = []
        for x in range(width):
            upper, lower = (self._over(ground, (x, row)) for row in (2 * y, 2 * y + 1))
            cells.append(Segment(_LOWER_HALF, Style.parse(f"{lower} on {upper}")))
        return Strip(cells, width)

    def _over(self, ground: tuple[int, int, int], at: tuple[int, int]) -> str:
        pixel = self._scaled.getpixel(at) if self._scaled is not None else None
        if not isinstance(pixel, tuple):
            return "default"
        share = pixel[3] / 255
        red, green, blue = (
            round(share * part + (1 - share) * under) for part, under in zip(pixel, ground, strict=False)
        )
        return f"rgb({red},{green},{blue})"
