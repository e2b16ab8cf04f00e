"""Changing the pictures and the formulas of a markup tree, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import is_
from typing import TypeVar, assert_never

from nlpcards.core.markup.tree import (
    Block,
    Break,
    BulletList,
    Cell,
    Cloze,
    Code,
    CodeBlock,
    Document,
    Emphasis,
    Heading,
    Image,
    Inline,
    Link,
    Math,
    MathBlock,
    OrderedList,
    Paragraph,
    Piece,
    Quote,
    Rule,
    Strike,
    Strong,
    Table,
    Text,
)


def rewrite(document: Document, *, image: Callable[[Image], Image], tex: Callable[[str], str]) -> Document:
    """The document with `image` applied to every picture and `tex` to every formula's source, clozes in it included."""
    change = _Change(image, tex)
    blocks = change.blocks(document.blocks)
    return document if blocks is document.blocks else replace(document, blocks=blocks)


@dataclass(frozen=True, slots=True)
class _Change:
    image: Callable[[Image], Image]
    tex: Callable[[str], str]

    # What does not change is given as it is: most documents have neither pictures nor formulas.

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return _same(blocks, tuple(map(self.block, blocks)))

    def block(self, block: Block) -> Block:
        match block:
            case Paragraph() | Heading():
                inlines = self.inlines(block.children)
                return block if inlines is block.children else replace(block, children=inlines)
            case Quote():
                blocks = self.blocks(block.children)
                return block if blocks is block.children else replace(block, children=blocks)
            case BulletList() | OrderedList():
                items = _same(block.items, tuple(map(self.blocks, block.items)))
                return block if items is block.items else replace(block, items=items)
            case Table():
                rows = _same(block.rows, tuple(map(self.cells, block.rows)))
                header = self.cells(block.header)
                is_same = rows is block.rows and header is block.header
                return block if is_same else replace(block, header=header, rows=rows)
            case MathBlock():
                pieces = self.pieces(block.pieces)
                return block if pieces is block.pieces else replace(block, pieces=pieces)
            case CodeBlock() | Rule():
                return block
            case _:
                assert_never(block)

    def cells(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return _same(cells, tuple(map(self.inlines, cells)))

    def inlines(self, inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return _same(inlines, tuple([each if type(each) is Text else self.inline(each) for each in inlines]))

    def inline(self, inline: Inline) -> Inline:
        match inline:
            case Image():
                return self.image(inline)
            case Math():
                pieces = self.pieces(inline.pieces)
                return inline if pieces is inline.pieces else replace(inline, pieces=pieces)
            case Emphasis() | Strong() | Strike() | Link():
                inlines = self.inlines(inline.children)
                return inline if inlines is inline.children else replace(inline, children=inlines)
            case Cloze():
                inlines = self.inlines(inline.children)
                return inline if inlines is inline.children else replace(inline, children=inlines)
            case Text() | Code() | Break():
                return inline
            case _:
                assert_never(inline)

    def pieces(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        return _same(pieces, tuple(map(self.piece, pieces)))

    def piece(self, piece: Piece) -> Piece:
        if isinstance(piece, str):
            return self.tex(piece)
        children = tuple(map(self.tex, piece.children))
        return piece if children == piece.children else replace(piece, children=children)


_Some = TypeVar("_Some")


def _same(before: tuple[_Some, ...], after: tuple[_Some, ...]) -> tuple[_Some, ...]:
    """What was there before, where it is what is there after."""
    return before if all(map(is_, before, after)) else after
