"""Inlines as spans: what each face of a card shows of running text, before it is broken into lines."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from nlpcards.core.dataclass import dataclass
from nlpcards.core.markup.tree import (
    Break,
    Cloze,
    Code,
    Emphasis,
    Image,
    Inline,
    Link,
    Math,
    Piece,
    Strike,
    Strong,
    Text,
)
from nlpcards.render.style import Span, Style
from nlpcards.render.view import View, label, view

NEWLINE = "\n"
"""The text of a span that ends its line."""


PictureSize: TypeAlias = Callable[[str, int], "tuple[int, int] | None"]
"""The columns and rows, in cells, that the picture at a path takes within a width; None if it cannot be shown."""


@dataclass(frozen=True, slots=True)
class Side:
    """Which side of which card is shown, and where pictures can be."""

    ask: int | None
    reveal: bool
    picture: PictureSize | None = None


def spans(inlines: Sequence[Inline], side: Side, style: Style = Style.PLAIN) -> list[Span]:
    """Running text as spans; a span whose text is `NEWLINE` is a line break that the author asked for."""
    return [span for inline in inlines for span in _inline(inline, side, style)]


def _inline(inline: Inline, side: Side, style: Style) -> list[Span]:
    match inline:
        case Text(text=text):
            return [Span(text, style)]
        case Break():
            return [Span(NEWLINE, style)]
        case Emphasis(children=children):
            return spans(children, side, style | Style.EMPHASIS)
        case Strong(children=children):
            return spans(children, side, style | Style.STRONG)
        case Strike(children=children):
            return spans(children, side, style | Style.STRIKE)
        case Code(pieces=pieces):
            return piece_spans(pieces, side, style | Style.CODE)
        case Math(pieces=pieces):
            return [replace(span, style=span.style | style) for span in maths_spans(pieces, side)]
        case Link(target=target, children=children):
            inside = spans(children, side, style | Style.LINK)
            return [span if span.text == NEWLINE else replace(span, target=target) for span in inside]
        case Image(path=path, pieces=pieces):
            image = style | Style.IMAGE
            words = [replace(span, target=path) for span in piece_spans(pieces, side, image)] or [
                Span("?", image, path)
            ]
            return [Span("[image: ", image, path), *words, Span("]", image, path)]
        case Cloze(children=children):
            match view(inline, side.ask, side.reveal):
                case View.HIDDEN:
                    return [Span(label(inline), style | Style.CLOZE)]
                case View.ANSWER:
                    return spans(children, side, style | Style.ANSWER)
                case View.SHOWN:
                    return spans(children, side, style)


def maths_spans(pieces: Sequence[Piece], side: Side) -> list[Span]:
    """A formula on one line."""
    from nlpcards.render.maths import inline_pieces  # Many a text has no formula.

    return list(inline_pieces(pieces, ask=side.ask, reveal=side.reveal))


def piece_spans(pieces: Sequence[Piece], side: Side, style: Style) -> list[Span]:
    """Raw text with clozes, newlines and all."""
    found: list[Span] = []
    for piece in pieces:
        if isinstance(piece, str):
            found.append(Span(piece, style))
            continue
        match view(piece, side.ask, side.reveal):
            case View.HIDDEN:
                found.append(Span(label(piece), style | Style.CLOZE))
            case View.ANSWER:
                found.append(Span("".join(piece.children), style | Style.ANSWER))
            case View.SHOWN:
                found.append(Span("".join(piece.children), style))
    return found
