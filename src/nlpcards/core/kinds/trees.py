"""Markdown texts set into trees: cells of a table, items of a list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nlpcards.core.markup.parser import parse
from nlpcards.core.markup.safe import visible
from nlpcards.core.markup.tree import (
    Block,
    Break,
    BulletList,
    Cloze,
    Code,
    CodeBlock,
    Document,
    Heading,
    Image,
    Inline,
    Math,
    MathBlock,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Table,
    Text,
    walk,
    words,
)


@lru_cache(maxsize=512)  # Each card of a table or a procedure shows the texts of all its siblings again.
def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text; the text itself where Markdown shows nothing of it, lest an item or a cell be empty."""
    document = parse(text)
    if words(document) or any(isinstance(node, Image) for node in walk(document)):
        return document.blocks
    return (Paragraph((Text(visible(" ".join(text.split()))),)),)


def inline(text: str) -> tuple[Inline, ...]:
    """A text as the content of a cell, which holds running text only: its blocks follow each other on lines."""
    inlines: list[Inline] = []
    for each in blocks(text):
        if inlines:
            inlines.append(Break())
        inlines += _inlines(each)
    return tuple(inlines)


def _inlines(block: Block) -> tuple[Inline, ...]:
    match block:
        case Paragraph() | Heading():
            return block.children
        case CodeBlock(pieces=pieces):
            return (Code(pieces),)
        case MathBlock(pieces=pieces):
            return (Math(pieces),)
        case BulletList(items=items) | OrderedList(items=items):
            return _lines([each for item in items for each in item])
        case Quote(children=children):
            return _lines(children)
        case Table(header=header, rows=rows):
            cells = [Paragraph(cell) for row in (header, *rows) for cell in row]
            return _lines(cells)
        case Rule():
            return ()


def _lines(many: Sequence[Block]) -> tuple[Inline, ...]:
    return tuple(inline for block in many for inline in (Break(), *_inlines(block)))[1:]


def strong(text: str) -> Paragraph:
    """A text in bold, as a paragraph."""
    return Paragraph((Strong(inline(text)),))


def numbered(start: int, texts: Sequence[str]) -> OrderedList:
    """Texts as items of a numbered list."""
    return OrderedList(start, tuple(blocks(text) for text in texts), tight=True)


def bullets(texts: Sequence[str]) -> Document:
    """Texts as a list."""
    return Document((BulletList(tuple(blocks(text) for text in texts), tight=True),))


def table(header: Sequence[str], rows: Sequence[Sequence[str]], number: int, asked: tuple[int, int] | None) -> Table:
    """Texts as a table; the cell `asked` (its row and column, from 0) becomes a cloze of that number."""
    cells = [[inline(text) if text else () for text in row] for row in rows]
    if asked is not None:
        row, column = asked
        cells[row][column] = (Cloze(number, None, cells[row][column]),)
    top = tuple(inline(text) if text else () for text in header)
    return Table((None,) * len(top), top, tuple(tuple(row) for row in cells))
