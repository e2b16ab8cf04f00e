"""Changing the pictures and the formulas of a markup tree, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

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
    return replace(document, blocks=change.blocks(document.blocks))


@dataclass(frozen=True, slots=True)
class _Change:
    image: Callable[[Image], Image]
    tex: Callable[[str], str]

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(map(self.block, blocks))

    def block(self, block: Block) -> Block:
        match block:
            case Paragraph() | Heading():
                return replace(block, children=self.inlines(block.children))
            case Quote():
                return replace(block, children=self.blocks(block.children))
            case BulletList() | OrderedList():
                return replace(block, items=tuple(map(self.blocks, block.items)))
            case Table():
                rows = tuple(self.cells(row) for row in block.rows)
                return replace(block, header=self.cells(block.header), rows=rows)
            case MathBlock():
                return replace(block, pieces=self.pieces(block.pieces))
            case CodeBlock() | Rule():
                return block
            case _:
                assert_never(block)

    def cells(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(map(self.inlines, cells))

    def inlines(self, inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(map(self.inline, inlines))

    def inline(self, inline: Inline) -> Inline:
        match inline:
            case Image():
                return self.image(inline)
            case Math():
                return replace(inline, pieces=self.pieces(inline.pieces))
            case Emphasis() | Strong() | Strike() | Link():
                return replace(inline, children=self.inlines(inline.children))
            case Cloze():
                return replace(inline, children=self.inlines(inline.children))
            case Text() | Code() | Break():
                return inline
            case _:
                assert_never(inline)

    def pieces(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        return tuple(
            self.tex(piece) if isinstance(piece, str) else replace(piece, children=tuple(map(self.tex, piece.children)))
            for piece in pieces
        )
