"""The table on Today: one line a deck or a topic, all of them first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nlpcards.core.queue import Counts
from nlpcards.tui.words import clipped, safe, share

_GAP = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A line: what it is called, what of it is to be asked, its cards, those of them that were ever introduced."""

    title: str
    counts: Counts
    cards: int
    introduced: int


class DeckList(OptionList):
    """Decks or topics to choose from; an arrow stands before the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Review deck")]

    _entries: tuple[str, ...] = ()

    @property
    def chosen(self) -> int:
        """The place of the line at the arrow."""
        return self.highlighted or 0

    def show(self, rows: Sequence[Row], head: str, width: int, *, anew: bool = False) -> str:
        """List rows on lines of `width` cells, the arrow where it was, or at the first one (`anew`); gives the line of
        column heads, which begins with `head`.
        """
        wide = width >= 72
        heads = ("new", "learning", "review", *(("cards", "introduced") if wide else ("introduced",)))
        room = width - 2 - sum(len(each) + _GAP for each in heads)
        lines = []
        for row in rows:
            columns = "".join(
                f"{cell:>{len(each) + _GAP}}" for cell, each in zip(_cells(row, wide), heads, strict=True)
            )
            name = clipped(safe(row.title), room)
            lines.append(name + " " * (room - cell_len(name)) + columns)
        if tuple(lines) != self._entries or anew:
            at = 0 if anew else self.chosen
            self._entries = tuple(lines)
            self.clear_options()
            self.add_options([Option(self._prompt(index, at)) for index in range(len(lines))])
            self.highlighted = min(at, len(lines) - 1)
        named = clipped(head, room)
        return "  " + named + " " * (room - cell_len(named)) + "".join(f"{each:>{len(each) + _GAP}}" for each in heads)

    def _prompt(self, index: int, at: int) -> Content:
        return Content(("▸ " if index == at else "  ") + self._entries[index])

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Move the arrow with the highlight: it must not be told by colour alone."""
        super().watch_highlighted(highlighted)
        for index in range(self.option_count):
            if str(self.get_option_at_index(index).prompt).startswith("▸") != (index == highlighted):
                self.replace_option_prompt_at_index(index, self._prompt(index, highlighted or 0))


def _cells(row: Row, wide: bool) -> tuple[str, ...]:
    numbers = (f"{row.counts.new:,}", f"{row.counts.learning:,}", f"{row.counts.review:,}")
    met = share(row.introduced, row.cards)
    return (*numbers, f"{row.cards:,}", met) if wide else (*numbers, met)
