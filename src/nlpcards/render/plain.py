"""A document as plain words, for screen readers, pipes and dumb terminals.

No boxes are drawn and nothing depends on columns: tables are read cell by cell under their headings, formulas on one
line, pictures by their descriptions.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from nlpcards.core.markup.tree import (
    Block,
    BulletList,
    CodeBlock,
    Document,
    Heading,
    Inline,
    MathBlock,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from nlpcards.render.spans import NEWLINE, Side, maths_spans, piece_spans, spans
from nlpcards.render.style import Span, Style


def plain(document: Document, *, ask: int | None, reveal: bool) -> str:
    """A document as lines of words.

    With `ask`, the clozes of that number are replaced by their hints in brackets, or stand in brackets if `reveal`;
    with None, all are plain text.
    """
    return "\n".join(_blocks(document.blocks, Side(ask, reveal)))


def _blocks(blocks: Iterable[Block], side: Side) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if lines:
            lines.append("")
        lines += _block(block, side)
    return lines


def _block(block: Block, side: Side) -> list[str]:
    match block:
        case Paragraph(children=children) | Heading(children=children):
            return _inlines(children, side).split("\n")
        case CodeBlock(pieces=pieces):
            return _words(piece_spans(pieces, side, Style.CODE)).expandtabs(4).split("\n")
        case MathBlock(pieces=pieces):
            return [_words(maths_spans(pieces, side))]
        case BulletList(items=items):
            return [line for item in items for line in _item("-", item, side)]
        case OrderedList(start=start, items=items):
            return [line for number, item in enumerate(items, start) for line in _item(f"{number}.", item, side)]
        case Quote(children=children):
            return [f"> {line}".rstrip() for line in _blocks(children, side)]
        case Table():
            return _table(block, side)
        case Rule():
            return ["* * *"]


def _item(marker: str, item: tuple[Block, ...], side: Side) -> list[str]:
    inside = [line for block in item for line in _block(block, side)] or [""]
    indent = " " * (len(marker) + 1)
    return [f"{marker} {inside[0]}".rstrip(), *(f"{indent}{line}".rstrip() for line in inside[1:])]


def _table(table: Table, side: Side) -> list[str]:
    """One line a row: `heading: cell; heading: cell.`"""
    header = [_inlines(cell, side).replace("\n", " ") for cell in table.header]
    lines = []
    for row in table.rows:
        cells = [_inlines(cell, side).replace("\n", " ") for cell in row]
        named = [f"{name}: {cell}" if name else cell for name, cell in zip(header, cells, strict=True) if cell or name]
        lines.append("; ".join(named))
    return lines or ["; ".join(header)]


def _inlines(children: Sequence[Inline], side: Side) -> str:
    """Words, with the address after each link that does not show it."""
    found: list[Span] = []
    target: str | None = None
    shown = ""
    for span in [*spans(children, side), Span("")]:
        leads = span.target if span.style & Style.LINK else None
        if leads != target:
            if target is not None and shown.strip() not in target:
                found.append(Span(f" ({target})"))
            target, shown = leads, ""
        shown += span.text
        found.append(span)
    return "\n".join(line.strip().replace("\t", " ") for line in _words(found).split(NEWLINE))


def _words(found: Iterable[Span]) -> str:
    """The spans' text, each stretch of a revealed cloze in brackets."""
    text = ""
    for revealed, stretch in groupby(found, key=lambda span: bool(span.style & Style.ANSWER)):
        words = "".join(span.text for span in stretch)
        text += f"[{words}]" if revealed else words
    return text
