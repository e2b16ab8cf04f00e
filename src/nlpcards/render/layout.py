"""A document as lines for a terminal of a given width.

Lines are spans with semantic styles; what colour each has is for the face to say. No line is wider than the width, as
a terminal counts cells, and nothing in them can move the cursor.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from nlpcards.core.markup.tree import (
    Block,
    BulletList,
    CodeBlock,
    Document,
    Heading,
    MathBlock,
    OrderedList,
    Paragraph,
    Piece,
    Quote,
    Rule,
    Table,
)
from nlpcards.render.cells import cell_width
from nlpcards.render.code import segments
from nlpcards.render.paragraph import paragraph
from nlpcards.render.spans import PictureSize, Side, maths_spans, spans
from nlpcards.render.style import Line, Span, Style
from nlpcards.render.table import table_lines
from nlpcards.render.view import View, label, view
from nlpcards.render.wrap import fold, wrap

_ROOM = 12
"""Lists and quotes within one another are no longer indented where less than this would be left."""
_BULLETS = "•◦▪"


def layout(
    document: Document, width: int, *, ask: int | None, reveal: bool, picture: PictureSize | None = None
) -> tuple[Line, ...]:
    """A document as lines of spans.

    With `ask`, the clozes of that number are hidden, or marked if `reveal`; with None, all are plain text. Where
    `picture` gives a size, cells are left free for a picture (`Style.PICTURE`), its description below; else there is
    only the description.
    """
    return tuple(_blocks(document.blocks, max(width, 4), Side(ask, reveal, picture), 0))


def _blocks(blocks: Iterable[Block], width: int, side: Side, depth: int, *, tight: bool = False) -> list[Line]:
    lines: list[Line] = []
    for block in blocks:
        if lines and not tight:
            lines.append(())
        lines += _block(block, width, side, depth)
    return lines


def _block(block: Block, width: int, side: Side, depth: int) -> list[Line]:
    match block:
        case Paragraph(children=children):
            return paragraph(children, width, side)
        case Heading(children=children):
            return wrap(spans(children, side, Style.HEADING), width)
        case CodeBlock(language=language, pieces=pieces):
            return _indented(lambda room: fold(code_spans(pieces, language, side), room), width)
        case MathBlock(pieces=pieces):
            return _maths(pieces, width, side)
        case BulletList(items=items, tight=tight):
            markers = [_BULLETS[depth % len(_BULLETS)]] * len(items)
            return _list(items, markers, width, side, depth, tight=tight)
        case OrderedList(start=start, items=items, tight=tight):
            numbers = [f"{start + index}." for index in range(len(items))]
            longest = max(len(number) for number in numbers)
            return _list(items, [number.rjust(longest) for number in numbers], width, side, depth, tight=tight)
        case Quote(children=children):
            return _quote(children, width, side, depth)
        case Table():
            return table_lines(block, width, side)
        case Rule():
            return [(Span("─" * width, Style.RULE),)]


def _indented(lines_of: Callable[[int], list[Line]], width: int) -> list[Line]:
    """Lines set in by two cells, where there is room."""
    if width - 2 < _ROOM:
        return lines_of(width)
    return [(Span("  "), *line) if line else () for line in lines_of(width - 2)]


def _maths(pieces: Sequence[Piece], width: int, side: Side) -> list[Line]:
    """A formula in two dimensions if it fits, else on lines of text."""
    from nlpcards.render.maths import block_pieces  # Many a text has no formula.

    rows = block_pieces(pieces, ask=side.ask, reveal=side.reveal)
    widest = max((sum(cell_width(span.text) for span in row) for row in rows), default=0) if rows else 0
    if rows and widest <= width:
        indent = (Span("  "),) if widest + 2 <= width else ()
        return [(*indent, *row) for row in rows]
    return _indented(lambda room: wrap(maths_spans(pieces, side), room), width)


def _list(
    items: Sequence[tuple[Block, ...]], markers: Sequence[str], width: int, side: Side, depth: int, *, tight: bool
) -> list[Line]:
    lines: list[Line] = []
    for marker, item in zip(markers, items, strict=True):
        if lines and not tight:
            lines.append(())
        hang = cell_width(marker) + 1
        if width - hang < _ROOM:
            lines.append((Span(marker[:width], Style.MARKER),))
            lines += _blocks(item, width, side, depth + 1, tight=tight)
            continue
        inside = _blocks(item, width - hang, side, depth + 1, tight=tight) or [()]
        for number, line in enumerate(inside):
            before = Span(f"{marker} ", Style.MARKER) if not number else Span(" " * hang)
            lines.append((before, *line) if line or not number else ())
    return lines


def _quote(children: Sequence[Block], width: int, side: Side, depth: int) -> list[Line]:
    bar = Span("▎ ", Style.RULE)
    room = width - 2 if width - 2 >= _ROOM else width
    inside = _blocks(children, room, side, depth)
    quoted = [tuple(replace(span, style=span.style | Style.QUOTE) for span in line) for line in inside]
    return quoted if room == width else [(bar, *line) for line in quoted]


def code_spans(pieces: Sequence[Piece], language: str | None, side: Side) -> list[Span]:
    """A code block as spans in the styles of its tokens, newlines and all."""
    found: list[Span] = []
    for cloze, tokens in segments(pieces, language):
        shown = View.SHOWN if cloze is None else view(cloze, side.ask, side.reveal)
        if cloze is not None and shown is View.HIDDEN:
            found.append(Span(label(cloze), Style.CODE | Style.CLOZE))
            continue
        extra = Style.ANSWER if shown is View.ANSWER else Style.PLAIN
        found += [Span(text, Style.CODE | _token_style(kind) | extra) for kind, text in tokens]
    return found


def _token_style(kind: Any) -> Style:
    """The style of one of Pygments' token types: that of its nearest ancestor in the table."""
    while kind is not None:
        if (style := _TOKEN_STYLES.get(str(kind))) is not None:
            return style
        kind = kind.parent
    return Style.PLAIN


_TOKEN_STYLES = {
    "Token.Keyword": Style.KEYWORD,
    "Token.Name": Style.NAME,
    "Token.Name.Function": Style.FUNCTION,
    "Token.Name.Class": Style.CLASS,
    "Token.Name.Builtin": Style.BUILTIN,
    "Token.Name.Decorator": Style.DECORATOR,
    "Token.Literal.String": Style.STRING,
    "Token.Literal.Number": Style.NUMBER,
    "Token.Comment": Style.COMMENT,
    "Token.Operator": Style.OPERATOR,
    "Token.Operator.Word": Style.KEYWORD,
    "Token.Text": Style.PLAIN,
}
