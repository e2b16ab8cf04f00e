"""Printing sentences so that no terminal breaks a word: long lines are wrapped at spaces."""

from __future__ import annotations

import shutil
import sys

from nlpcards.cli.context import put

USUAL_COLUMNS = 80
"""The width that is taken where the terminal's is not known."""


def columns() -> int:
    """How many cells fit on a line of the terminal."""
    return shutil.get_terminal_size((USUAL_COLUMNS, 24)).columns


def wrapped(text: str, width: int) -> str:
    """The text with each line that takes more than `width` cells broken at spaces; a longer word stays whole.

    A break takes the place of one space, and nothing else changes.
    """
    return "\n".join(part for line in text.split("\n") for part in _parts(line, width))


def _parts(line: str, width: int) -> list[str]:
    if len(line) <= width and line.isascii():
        return [line]
    from nlpcards.render.cells import cell_width

    parts: list[str] = []
    for word in line.split(" "):
        if parts and (not parts[-1].strip() or cell_width(parts[-1]) + 1 + cell_width(word) <= width):
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return parts


def put_prose(text: str, *, always: bool = False) -> None:
    """Print words on standard output, wrapped for the terminal; where there is none, line for line as they are, for a
    pipe's reader counts on that, unless they are `always` to be wrapped.
    """
    put(wrapped(text, columns()) if always or (sys.stdout is not None and sys.stdout.isatty()) else text)
