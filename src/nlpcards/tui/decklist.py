"""The table of decks on Today: one line a deck, all of them first."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nlpcards.collection.collection import Today
from nlpcards.core.queue import Counts
from nlpcards.tui.words import clipped, safe, share

_GAP = 2


class DeckList(OptionList):
    """Decks to choose from; an arrow stands before the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Review deck")]

    _entries: tuple[tuple[str, str], ...] = ()

    @property
    def deck(self) -> str:
        """The id of the deck at the arrow, empty for all of them."""
        at = self.highlighted or 0
        return self._entries[at][0] if at < len(self._entries) else ""

    def show(self, today: Today, width: int) -> str:
        """List the decks of `today` on lines of `width` cells; gives the line of column heads."""
        wide = width >= 72
        heads = ("new", "learning", "review", *(("cards", "introduced") if wide else ("introduced",)))
        total = sum(row.cards for row in today.rows)
        met = sum(row.introduced for row in today.rows)
        table = [("", "All decks", today.counts, total, met)]
        for row in today.rows:
            table.append((row.deck.id, safe(row.deck.title or row.deck.id), row.counts, row.cards, row.introduced))
        room = width - 2 - sum(len(head) + _GAP for head in heads)
        lines = []
        for deck, title, counts, number, introduced in table:
            cells = _cells(counts, number, introduced, wide)
            columns = "".join(f"{cell:>{len(head) + _GAP}}" for cell, head in zip(cells, heads, strict=True))
            name = clipped(title, room)
            lines.append((deck, name + " " * (room - cell_len(name)) + columns))
        if tuple(lines) != self._entries:
            at = self.highlighted or 0
            self._entries = tuple(lines)
            self.clear_options()
            self.add_options([Option(self._prompt(index, at)) for index in range(len(lines))])
            self.highlighted = min(at, len(lines) - 1)
        return "  " + " " * room + "".join(f"{head:>{len(head) + _GAP}}" for head in heads)

    def _prompt(self, index: int, at: int) -> Content:
        return Content(("▸ " if index == at else "  ") + self._entries[index][1])

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Move the arrow with the highlight: it must not be told by colour alone."""
        super().watch_highlighted(highlighted)
        for index in range(self.option_count):
            if str(self.get_option_at_index(index).prompt).startswith("▸") != (index == highlighted):
                self.replace_option_prompt_at_index(index, self._prompt(index, highlighted or 0))


def _cells(counts: Counts, cards: int, introduced: int, wide: bool) -> tuple[str, ...]:
    numbers = (f"{counts.new}", f"{counts.learning}", f"{counts.review}")
    return (*numbers, f"{cards:,}", share(introduced, cards)) if wide else (*numbers, share(introduced, cards))
