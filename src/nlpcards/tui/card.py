"""The widget that shows a card's text: laid out for the present width, styled by the theme."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from nlpcards.core.kinds import Face
from nlpcards.core.markup import Document, parse
from nlpcards.render.layout import layout
from nlpcards.render.style import Line, Style

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

    def show(self, text: str, *, ask: int | None = None, reveal: bool = False) -> None:
        """Show a text; `ask` is the cloze number to hide in it, or to mark once `reveal` is set."""
        self._document = parse(text, cloze=ask is not None)
        self._ask, self._reveal = ask, reveal
        self._laid_out_for = -1
        self.refresh(layout=True)

    def lines(self, width: int) -> tuple[Line, ...]:
        """The text laid out for a width in cells."""
        if width != self._laid_out_for:
            self._lines = layout(self._document, max(width, NARROWEST), ask=self._ask, reveal=self._reveal)
            self._laid_out_for = width
        return self._lines

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All the width there is."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the text takes at a width."""
        return len(self.lines(width))

    def render(self) -> Content:
        """The text with its styles."""
        parts: list[str | tuple[str, str]] = []
        for number, line in enumerate(self.lines(self.content_size.width)):
            if number:
                parts.append("\n")
            parts += [(span.text, _look(span.style)) for span in line]
        return Content.assemble(*parts)


@cache
def _look(style: Style) -> str:
    return " ".join(look for each, look in LOOKS.items() if each in style)


def one_line(face: Face) -> str:
    """A card's question on one line, in words."""
    from nlpcards.render.plain import plain

    return " ".join(plain(parse(face.question, cloze=face.ask is not None), ask=face.ask, reveal=False).split())
