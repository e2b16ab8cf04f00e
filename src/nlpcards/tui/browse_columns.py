"""The columns of the table of cards: which ones have room, how wide they are, how a heading and a row are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from nlpcards.collection.browsing import NUMBERS, Column
from nlpcards.tui.words import clipped

MARKS = 3
"""Cells before the first column: the arrow, the mark, and one that is free."""

GAP = 2
"""Cells between two columns."""

LEAST = 30
"""Cells that the column with the rest of the room has at least."""

WIDTHS = {
    Column.STATE: 10,
    Column.DUE: 10,
    Column.RECALL: 6,
    Column.STABILITY: 9,
    Column.DIFFICULTY: 10,
    Column.INTERVAL: 8,
    Column.REPS: 4,
    Column.LAPSES: 6,
    Column.FLAG: 9,
    Column.DECK: 14,
    Column.TOPIC: 14,
    Column.CARD: 24,
}
"""How many cells the columns have; the question has the rest."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A column with its first cell, counted from 0, and its width in cells."""

    column: Column
    start: int
    width: int

    @property
    def end(self) -> int:
        """The cell after its last."""
        return self.start + self.width


def fitted(columns: Sequence[Column], width: int, sort: Column | None = None) -> tuple[Placed, ...]:
    """Where the columns are on lines of `width` cells; the last ones are left out where there is no room, though never
    the one by which cards are sorted, nor the question.
    """
    kept = list(columns)
    while True:
        widths = {column: _width(column, sort) for column in kept}
        taking = Column.QUESTION if Column.QUESTION in kept else kept[-1]
        room = width - MARKS - sum(each + GAP for column, each in widths.items() if column is not taking)
        spare = [column for column in kept if column not in (taking, sort)] or [
            column for column in kept if column is not taking
        ]
        if room >= LEAST or not spare:
            break
        kept.remove(spare[-1])
    widths[taking] = max(1, room)
    placed = []
    start = MARKS
    for column in kept:
        placed.append(Placed(column, start, widths[column]))
        start += widths[column] + GAP
    return tuple(placed)


def _width(column: Column, sort: Column | None) -> int:
    # The arrow at the heading of the column that cards are sorted by takes two cells.
    return max(WIDTHS.get(column, LEAST), len(column) + 2 if column is sort else 0)


def heading(placed: Sequence[Placed], sort: Column | None, descending: bool) -> Content:
    """The line of headings; an arrow stands at the one by which cards are sorted."""
    parts: list[str | tuple[str, str]] = [" " * MARKS]
    for each in placed:
        arrow = (" ▼" if descending else " ▲") if each.column is sort else ""
        text = _set(f"{each.column}{arrow}", each)
        parts += [(text, "bold underline $foreground" if arrow else ""), " " * GAP]
    return Content.assemble(*parts)


def row(cells: Sequence[str], placed: Sequence[Placed], *, at: bool, marked: bool) -> str:
    """A card's line: the arrow, the mark, and what the columns show."""
    signs = f"{'▸' if at else ' '}{'✓' if marked else ' '} "
    return signs + (" " * GAP).join(_set(text, each) for text, each in zip(cells, placed, strict=True))


def _set(text: str, placed: Placed) -> str:
    """A text in exactly the cells of its column."""
    if cell_len(text) > placed.width:
        text = clipped(text, placed.width)
    free = placed.width - cell_len(text)
    if placed.column in NUMBERS:
        return " " * max(0, free) + text
    return text + " " * free if free >= 0 else set_cell_size(text, placed.width)
