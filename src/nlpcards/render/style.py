"""What a stretch of text is, for a face to colour as it likes: lines of spans with semantic styles."""

from enum import Flag, auto
from typing import TypeAlias

from nlpcards.core.dataclass import dataclass


class Style(Flag):
    """What a stretch of text is; several may hold at once."""

    PLAIN = 0
    STRONG = auto()
    EMPHASIS = auto()
    STRIKE = auto()
    CODE = auto()
    MATHS = auto()
    CLOZE = auto()
    """Stands for the text that is asked for and hidden."""
    ANSWER = auto()
    """The text that was asked for, revealed."""
    LINK = auto()
    IMAGE = auto()
    PICTURE = auto()
    """Empty cells that the picture at the span's target is to fill: one span on each row that it takes."""
    HEADING = auto()
    QUOTE = auto()
    RULE = auto()
    """A line of a table, a quotation or a division; decoration that says nothing."""
    MARKER = auto()
    """A bullet, an item's number or the sign that a line goes on."""
    KEYWORD = auto()
    NAME = auto()
    FUNCTION = auto()
    CLASS = auto()
    BUILTIN = auto()
    DECORATOR = auto()
    STRING = auto()
    NUMBER = auto()
    COMMENT = auto()
    OPERATOR = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style."""

    text: str
    style: Style = Style.PLAIN
    target: str | None = None
    """The address of a link, or the path of an image."""


Line: TypeAlias = tuple[Span, ...]


def joined(spans: "list[Span]") -> Line:
    """The same text with neighbours of one style joined and nothing empty."""
    line: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if line and (last := line[-1]).style == span.style and last.target == span.target:
            line[-1] = Span(last.text + span.text, span.style, span.target)
        else:
            line.append(span)
    return tuple(line)
