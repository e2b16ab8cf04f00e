"""One card beside the table, or on a screen of its own: both sides, where it stands, and what happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import PurePath
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.collection.collection import Collection
from nlpcards.collection.information import Information, information
from nlpcards.core.cards import Card
from nlpcards.core.kinds import Face
from nlpcards.core.markup import Document, parse
from nlpcards.core.remarks import Remarks
from nlpcards.render.layout import layout
from nlpcards.tui.card import NARROWEST, styled
from nlpcards.tui.headline import citations
from nlpcards.tui.own_words import reported
from nlpcards.tui.page import SCROLLING, ScrollingPage
from nlpcards.tui.sheet import Block, Lines, Sheet
from nlpcards.tui.words import safe


class CardSheet(Sheet, can_focus=False):
    """Shows a card; of another one, its beginning."""

    _shown = ""

    def show_card(self, collection: Collection, card: Card | None) -> None:
        """Show a card as it is now, or nothing.

        Raises:
            StoreError: the journal cannot be read.
        """
        if card is None:
            self._shown = ""
            self.show(())
            return
        known = information(collection, card.id)
        face = card.face(collection.state(card.id).reps)
        remarks = collection.journal.remarks_of(card.id)
        content = (card.id, card.content(), face.given, known, remarks)
        self.show((Block(card.id, content, partial(_lay, card, face, known, remarks)),))
        if card.id != self._shown:
            self._shown = card.id
            self.scroll_home(animate=False, force=True)


class BrowsedCard(ScrollingPage[None]):
    """A card on a screen of its own; any way out leads back to the table."""

    SHEET = "#browsed"
    BINDINGS: ClassVar[list[BindingType]] = [*SCROLLING, Binding("escape,enter,space", "leave", "Back")]

    def __init__(self, card: Card) -> None:
        super().__init__()
        self._card = card

    def body(self) -> Iterable[Widget]:
        """The card's id and all there is to say."""
        yield Vertical(
            Static(safe(self._card.id), classes="title", markup=False), CardSheet(id="browsed"), classes="column"
        )

    def on_mount(self) -> None:
        """Show it."""
        self.query_one(CardSheet).show_card(self.nlpcards.collection, self._card)

    def action_leave(self) -> None:
        """Go back to the table."""
        self.dismiss(None)


def _lay(card: Card, face: Face, known: Information, remarks: Remarks, width: int) -> Lines:
    """The lines of a card at a width in cells."""
    return tuple(_lines(card, face, known, remarks, width))


def _lines(card: Card, face: Face, known: Information, remarks: Remarks, width: int) -> Iterator[Content]:
    if face.task:
        yield Content.styled(safe(face.task), "italic $ink-muted").truncate(width, ellipsis=True)
    yield from _text(face.question_tree(), width, face.ask, reveal=False)
    yield Content.styled("╌" * min(24, width), "$ink-muted")
    yield from _text(face.answer_tree() or face.question_tree(), width, face.ask, reveal=True)
    if card.note.why:
        yield from _titled("Why")
        yield from _text(parse(card.note.why), width, None, reveal=True)
    if remarks.note:
        yield from _titled("Your note")
        yield from _text(parse(remarks.note), width, None, reveal=True)
    if remarks.reports:
        yield Content("")
        for line in reported(remarks.reports).split("\n"):
            yield from Content.styled(line, "$ink-warning").wrap(width)
    word, sources = citations(card.note)
    if sources:
        yield from _titled(word.partition(" (")[0])
        for line in sources.split("\n"):
            yield from Content.styled(line, "$ink-muted").wrap(width)
    yield from _titled("Memory")
    # Of the file its name does: the way to it is long, and the editor finds it.
    facts = [(name, PurePath(value).name if name == "Written in" else value) for name, value in known.facts]
    yield from _pairs(facts, width)
    yield from _titled("What happened")
    happened = [(each.on, each.what) for each in known.history]
    yield from _pairs(happened, width) if happened else (Content.styled("Nothing yet.", "$ink-muted"),)


def _titled(title: str) -> Iterator[Content]:
    yield Content("")
    yield Content.styled(title, "bold $ink-accent")


def _text(document: Document, width: int, ask: int | None, *, reveal: bool) -> Iterator[Content]:
    for line in layout(document, max(NARROWEST, width), ask=ask, reveal=reveal):
        yield styled(line)


def _pairs(pairs: Iterable[tuple[str, str]], width: int) -> Iterator[Content]:
    rows = [(safe(name), safe(value)) for name, value in pairs]
    wide = max(cell_len(name) for name, _ in rows)
    for name, value in rows:
        first = True
        for line in Content(value).wrap(max(8, width - wide - 2)):
            label = name if first else ""
            yield Content.styled(label + " " * (wide - cell_len(label) + 2), "$ink-muted") + line
            first = False
