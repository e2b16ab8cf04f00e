"""Pictures of cards: which terminals show them, how a file of a stranger's deck is read, and the widget that shows one.

The library textual-image draws them. It asks the terminal what it can when it is imported, and Textual's own thread
would take the answers for keys; so it is imported only when a card has a picture and the environment names a terminal
that shows pictures, and with nobody to ask.
"""

from __future__ import annotations

import os
import stat
import sys
import warnings
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from textual.widget import Widget

MOST_BYTES = 20 * 2**20
"""A larger file is not opened."""
MOST_PIXELS = 40_000_000
"""A picture that says it has more pixels is not decoded: it would take more than 160 MB."""
MOST_ROWS = 16
"""No picture takes more rows, so that the question stays in sight above it."""
SUFFIXES = frozenset([".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg", ".avif"])
"""The names of picture files, which alone may be handed to another program."""
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
"""What is decoded here; an SVG is a program for a browser rather than a picture, and is named."""
_SHARPEST = (1600, 1200)
"""Pictures are made no larger than this, in pixels: what the terminal shows is smaller."""


class Protocol(Enum):
    """How a terminal is told to show a picture; the values are what `NLPCARDS_IMAGES` may say."""

    KITTY = "kitty"
    SIXEL = "sixel"
    BLOCKS = "blocks"
    """Half a cell for a pixel: any terminal with colours, but coarse, so only where it is asked for."""
    NONE = "none"


def protocol(environ: Mapping[str, str], *, terminal: bool) -> Protocol:
    """How this terminal shows pictures, as its environment variables tell; `terminal` is whether there is one at all.

    `NLPCARDS_IMAGES` (kitty, sixel, blocks or none) overrides the guess. A terminal multiplexer passes no pictures on.
    """
    named = environ.get("NLPCARDS_IMAGES", "").strip().lower()
    if named in (each.value for each in Protocol):
        chosen = Protocol(named)
        return chosen if terminal or chosen is Protocol.BLOCKS else Protocol.NONE
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "").lower()
    if not terminal or environ.get("TMUX") or environ.get("STY") or term.startswith(("tmux", "screen", "dumb")):
        return Protocol.NONE
    if environ.get("KITTY_WINDOW_ID") or term in ("xterm-kitty", "xterm-ghostty") or program == "ghostty":
        return Protocol.KITTY
    if term.startswith(("foot", "mlterm", "contour")) or program in ("iterm.app", "wezterm", "mintty", "contour"):
        return Protocol.SIXEL
    if environ.get("WT_SESSION") or environ.get("LC_TERMINAL") == "iTerm2":
        return Protocol.SIXEL
    return Protocol.NONE


class Gallery:
    """Reads pictures and makes the widgets for them; made once for an application."""

    def __init__(self, shown_by: Protocol) -> None:
        needed = {Protocol.NONE: (), Protocol.BLOCKS: ("PIL",)}.get(shown_by, ("PIL", "textual_image"))
        self._protocol = shown_by if all(map(find_spec, needed)) else Protocol.NONE

    @property
    def shows(self) -> bool:
        """Whether pictures can be shown at all."""
        return self._protocol is not Protocol.NONE

    def size(self, folder: Path, path: str, width: int) -> tuple[int, int] | None:
        """The columns and rows, in cells, that a picture takes within a width; None if it cannot be shown."""
        image = load(folder, path) if self.shows else None
        if image is None:
            return None
        cell_width, cell_height = _cell_size(*_window())
        scale = min(1.0, width * cell_width / image.width, MOST_ROWS * cell_height / image.height)
        columns = max(1, min(width, round(image.width * scale / cell_width)))
        return columns, max(1, min(MOST_ROWS, round(image.height * scale / cell_height)))

    def widget(self, folder: Path, path: str) -> Widget | None:
        """A widget that shows a picture at the size that its styles give it; None if it cannot be shown."""
        image = load(folder, path) if self.shows else None
        return None if image is None else _widget(self._protocol, image)


def gallery(*, headless: bool) -> Gallery:
    """The gallery for this process's terminal; what is written into a pipe or a test gets no picture."""
    out = sys.__stdout__
    return Gallery(protocol(os.environ, terminal=not headless and out is not None and out.isatty()))


def find(folder: Path, path: str) -> Path | None:
    """The picture file at a path within a deck's folder; None unless it is one, whatever a link on the way says."""
    try:
        found = (folder / path).resolve()
        if not found.is_relative_to(folder.resolve()) or found.suffix.lower() not in SUFFIXES:
            return None
        return found if stat.S_ISREG(found.stat().st_mode) else None
    except (OSError, ValueError, RuntimeError):
        return None


def load(folder: Path, path: str) -> Image | None:
    """The picture at a path within a deck's folder; None for what is missing, broken, huge or no picture."""
    found = find(folder, path)
    if found is None:
        return None
    try:
        about = found.stat()
    except OSError:
        return None
    return _decoded(found, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=4)
def _decoded(file: Path, changed: int, size: int) -> Image | None:
    """The picture, no larger than it can be shown; `changed` and `size` tell a new picture from one seen before."""
    if size > MOST_BYTES:
        return None
    try:
        from PIL import Image

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file, formats=_FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS or min(opened.size) < 1:
                    return None
                opened.draft("RGB", _SHARPEST)
                opened.thumbnail(_SHARPEST)
                return opened.convert("RGBA")
    except Exception:  # Decoders of a dozen formats, fed by strangers: whatever they trip over, the words are shown.
        return None


def _window() -> tuple[int, int, int, int]:
    """The terminal's rows, columns, width and height; the last two in pixels, 0 where it does not tell."""
    try:
        from fcntl import ioctl
        from struct import calcsize, unpack
        from termios import TIOCGWINSZ

        out = sys.__stdout__
        if out is None:
            return 0, 0, 0, 0
        answer = ioctl(out.fileno(), TIOCGWINSZ, b"\0" * calcsize("HHHH"))
        rows, columns, width, height = unpack("HHHH", answer)
    except (ImportError, OSError, ValueError):
        return 0, 0, 0, 0
    return rows, columns, width, height


def _cell_size(rows: int, columns: int, width: int, height: int) -> tuple[int, int]:
    """The pixels of a cell; 10 by 20, as on the first terminals with pictures, where the terminal does not tell."""
    if min(rows, columns, width, height) > 0 and width >= columns and height >= rows:
        return width // columns, height // rows
    return 10, 20


def _widget(shown_by: Protocol, image: Image) -> Widget:
    if shown_by in (Protocol.BLOCKS, Protocol.NONE):
        from nlpcards.tui.blocks import Blocks

        return Blocks(image)
    # Whoever imports the library sees no terminal, so it asks none.
    real = sys.__stdout__
    setattr(sys, "__stdout__", StringIO())  # noqa: B010 - the name is declared final, which holds for everyone else
    try:
        from textual_image import _terminal, widget
    finally:
        setattr(sys, "__stdout__", real)  # noqa: B010
    setattr(_terminal.get_cell_size, "_result", _terminal.CellSize(*_cell_size(*_window())))  # noqa: B010
    return widget.TGPImage(image) if shown_by is Protocol.KITTY else widget.SixelImage(image)
