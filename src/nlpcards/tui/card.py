"""The widget that shows a card's text: laid out for the present width, styled by the theme, its pictures in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from textual import events
from textual.app import App
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from nlpcards.core.cards import Note
from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds import Face
from nlpcards.core.markup import Document, Image, walk
from nlpcards.render.cells import cell_width
from nlpcards.render.layout import layout
from nlpcards.render.style import Line, Style
from nlpcards.tui.themed import shows_all

if TYPE_CHECKING:
    from nlpcards.render.spans import PictureSize
    from nlpcards.tui.pictures import Gallery

NARROWEST = 20
"""The least width, in cells, for which a text can be laid out."""

LOOKS: Mapping[Style, str] = {
    Style.STRONG: "bold",
    Style.EMPHASIS: "italic",
    Style.STRIKE: "strike",
    Style.CODE: "$ink-secondary",
    Style.MATHS: "$ink-primary",
    Style.LINK: "underline",
    Style.IMAGE: "italic",
    Style.HEADING: "bold $ink-accent",
    Style.QUOTE: "$ink-muted",
    Style.RULE: "$foreground 40%",
    Style.MARKER: "$ink-muted",
    Style.KEYWORD: "bold $ink-accent",
    Style.FUNCTION: "$ink-primary",
    Style.CLASS: "bold $ink-primary",
    Style.BUILTIN: "$ink-primary",
    Style.DECORATOR: "$ink-warning",
    Style.STRING: "$ink-success",
    Style.NUMBER: "$ink-warning",
    Style.COMMENT: "italic $ink-muted",
    Style.CLOZE: "bold $ink-warning",
    Style.ANSWER: "bold underline $ink-success",
}
"""How each sort of span looks, in the theme's colours; a later one wins: what is asked for stands out of maths.

Bold, brackets and underlines say what colour says. These are no component classes of the style sheet, since matching
those for every text took nearly half of the time to the first card.
"""


class CardView(Widget):
    """Shows Markdown.

    The text reaches the screen as plain cells with styles: nothing in it is ever read as console markup.
    """

    _document = Document(())
    _ask: int | None = None
    _reveal = False
    _lines: tuple[Line, ...] = ()
    _laid_out_for = -1
    _folder: Path | None = None
    _placed: tuple[Placed, ...] = ()
    _placed_from: Path | None = None

    def show(
        self, document: Document, *, ask: int | None = None, reveal: bool = False, folder: Path | None = None
    ) -> None:
        """Show a text; `ask` is the cloze number to hide in it, or to mark once `reveal` is set.

        `folder` is the folder of the note's deck, where its pictures are; without it, they are only named.
        """
        if not shows_all(self.app):
            from nlpcards.render.sourced import sourced

            document = sourced(document)
        self._document = document
        self._ask, self._reveal = ask, reveal
        self._laid_out_for = -1
        pictured = folder is not None and any(isinstance(node, Image) for node in walk(document))
        self._folder = folder if pictured and self._gallery.shows else None
        self.refresh(layout=True)
        if self._folder is not None or self._placed:
            self.call_after_refresh(self._place_pictures)

    def on_resize(self, event: events.Resize) -> None:
        """Put the pictures where the new width has left room for them."""
        if self._folder is not None:
            self.call_after_refresh(self._place_pictures)

    @property
    def _gallery(self) -> Gallery:
        return _gallery(self.app)

    def _place_pictures(self) -> None:
        """Lay a widget over each stretch of free cells, unless the same ones lie there."""
        placed = places(self.lines(self.content_size.width)) if self._folder is not None else ()
        if (self._folder, placed) == (self._placed_from, self._placed):
            return
        self._placed_from, self._placed = self._folder, placed
        self.remove_children()
        for each in placed:
            widget = self._gallery.widget(self._folder, each.path) if self._folder is not None else None
            if widget is not None:
                widget.styles.position = "absolute"
                widget.styles.offset = (each.column, each.row)
                widget.styles.width, widget.styles.height = each.columns, each.rows
                self.mount(widget)

    def lines(self, width: int) -> tuple[Line, ...]:
        """The text laid out for a width in cells."""
        if width != self._laid_out_for:
            self._lines = layout(
                self._document, max(width, NARROWEST), ask=self._ask, reveal=self._reveal, picture=self._picture()
            )
            self._laid_out_for = width
        return self._lines

    def _picture(self) -> PictureSize | None:
        folder, gallery = self._folder, self._gallery if self._folder is not None else None
        if folder is None or gallery is None:
            return None
        return lambda path, width: gallery.size(folder, path, width)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All the width there is."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the text takes at a width."""
        return len(self.lines(width))

    def render(self) -> Content:
        """The text with its styles."""
        return Content("\n").join(styled(line) for line in self.lines(self.content_size.width))


def styled(line: Line) -> Content:
    """One laid-out line as it looks on the screen."""
    return Content.assemble(*((span.text, _look(span.style)) for span in line))


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture in a text: its path, and the cells of the text that it takes, counted from 0."""

    path: str
    column: int
    row: int
    columns: int
    rows: int


def places(lines: Sequence[Line]) -> tuple[Placed, ...]:
    """Where the pictures of a laid-out text are."""
    found: list[Placed] = []
    for row, line in enumerate(lines):
        column = 0
        for span in line:
            width = cell_width(span.text)
            if Style.PICTURE in span.style and span.target is not None:
                last = found[-1] if found else None
                if last is not None and (last.path, last.column, last.row + last.rows) == (span.target, column, row):
                    found[-1] = replace(last, rows=last.rows + 1)
                else:
                    found.append(Placed(span.target, column, row, width, 1))
            column += width
    return tuple(found)


def _gallery(app: App[object]) -> Gallery:
    """The application's gallery, made when the first card with a picture is shown."""
    made = _GALLERIES.get(app)
    if made is None:
        from nlpcards.tui.pictures import gallery

        made = _GALLERIES[app] = gallery(headless=app.is_headless)
    return made


_GALLERIES: WeakKeyDictionary[App[object], Gallery] = WeakKeyDictionary()


@cache
def _look(style: Style) -> str:
    return " ".join(look for each, look in LOOKS.items() if each in style)


def folder_of(note: Note) -> Path:
    """The folder of a note's deck file, to which the paths of its pictures are relative."""
    return Path(note.place.path).absolute().parent


def picture_files(folder: Path, documents: Sequence[Document]) -> tuple[str, ...]:
    """The addresses of the picture files that some texts name and that are there, each once.

    Drawings (SVG) are left out, but for the program's own: what opens them is often a browser, which would run a
    stranger's script in them.
    """
    paths = [node.path for each in documents for node in walk(each) if isinstance(node, Image) and node.path]
    if not paths:
        return ()
    from nlpcards.decks.bundled import bundled_folder
    from nlpcards.tui.pictures import find  # Few cards have pictures.

    if folder != bundled_folder():
        paths = [path for path in paths if not path.lower().endswith((".svg", ".svgz"))]
    files = (find(folder, path) for path in paths)
    return tuple(dict.fromkeys(file.as_uri() for file in files if file is not None))


def one_line(face: Face) -> str:
    """A card's question on one line, in words."""
    from nlpcards.render.plain import plain

    return " ".join(plain(face.question_tree(), ask=face.ask, reveal=False).split())
