"""From raw blocks to the tree: the marks of clozes are paired up again.

A cloze whose marks do not enclose whole nodes (it begins inside emphasis and ends outside, or in another block)
becomes several clozes of its number, each whole within its parent: what was hidden stays hidden.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nlpcards.core.markup.cloze import ClozeSpan
from nlpcards.core.markup.marks import Mark, split, without
from nlpcards.core.markup.raw import Container, Leaf, Raw, RawBlock, has_marks
from nlpcards.core.markup.safe import visible
from nlpcards.core.markup.tree import (
    Alignment,
    Block,
    Break,
    BulletList,
    Cell,
    Cloze,
    Code,
    CodeBlock,
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

if TYPE_CHECKING:
    from markdown_it.token import Token

_SPACE = re.compile(r"[ \t\n]+")


@dataclass(slots=True)
class Builder:
    """Builds one document's blocks; a cloze that is still open when a block ends goes on in the next."""

    spans: tuple[ClozeSpan, ...]
    closings: frozenset[int]
    """The clozes whose closing mark was seen; another ends with its block, lest it hide the rest of the text."""
    torn: set[int] = field(default_factory=set)
    _current: int | None = None
    _place: int = 0
    _opened_in: int = 0

    def blocks(self, raw: list[RawBlock]) -> tuple[Block, ...]:
        """The blocks of a document or of a block that holds others."""
        return tuple(block for item in raw for block in self._block(item))

    def _block(self, raw: RawBlock) -> Iterator[Block]:
        self._next_place()
        token = raw.token
        match raw.kind:
            case "paragraph":
                yield from self._paragraph(raw.inlines)
            case "heading":
                yield Heading(int(token.tag[1:]), self._trimmed(raw.inlines))
            case "fence" | "code_block":
                language = visible(without(token.info)).split(maxsplit=1)
                content = token.content.removesuffix("\n")
                yield CodeBlock(language[0] if language else None, self._pieces(split(content)))
            case "maths_block":
                yield MathBlock(self._pieces(split(token.content)))
            case "bullet_list":
                yield BulletList(tuple(self.blocks(item.children) for item in raw.children), _is_tight(raw))
            case "ordered_list":
                items = tuple(self.blocks(item.children) for item in raw.children)
                yield OrderedList(int(token.attrs.get("start", 1)), items, _is_tight(raw))
            case "blockquote":
                yield Quote(self.blocks(raw.children))
            case "table":
                yield self._table(raw)
            case "hr":
                yield Rule()
            case _:  # Nothing else is enabled; a token of a later version of the parser holds no text of its own.
                yield from self.blocks(raw.children)

    def _next_place(self) -> None:
        self._place += 1
        if self._current is not None and self._current not in self.closings:
            self._current = None

    def _paragraph(self, raw: list[Raw]) -> Iterator[Block]:
        """One paragraph, or several parts where display maths stands in it."""
        words: list[Raw] = []
        position = 0
        while position < len(raw):
            item = raw[position]
            position += 1
            if not isinstance(item, Leaf) or item.kind != "maths_display":
                words.append(item)
                continue
            parts = [*item.parts]
            if words and isinstance(opening := words[-1], tuple) and opening[0]:
                words.pop()
                parts.insert(0, opening)
            if position < len(raw) and isinstance(closing := raw[position], tuple) and not closing[0]:
                position += 1
                parts.append(closing)
            yield from self._words(words)
            words = []
            yield MathBlock(self._pieces(parts))
        yield from self._words(words)

    def _words(self, raw: list[Raw]) -> Iterator[Paragraph]:
        if children := self._trimmed(raw):
            yield Paragraph(children)

    def _table(self, raw: RawBlock) -> Table:
        rows: list[tuple[Cell, ...]] = []
        alignments: tuple[Alignment, ...] = ()
        for row in (row for section in raw.children for row in section.children):
            cells: list[Cell] = []
            for cell in row.children:
                self._next_place()
                cells.append(self._trimmed(cell.inlines))
            rows.append(tuple(cells))
            alignments = alignments or tuple(_alignment(cell.token) for cell in row.children)
        return Table(alignments, rows[0], tuple(rows[1:]))

    def _trimmed(self, raw: list[Raw]) -> tuple[Inline, ...]:
        """The inlines of a block, without space at its ends."""
        children = self._inlines(raw)
        while children and isinstance(first := children[0], Text | Break):
            if isinstance(first, Text) and (text := first.text.lstrip()):
                children[0] = Text(text)
                break
            children.pop(0)
        while children and isinstance(last := children[-1], Text | Break):
            if isinstance(last, Text) and (text := last.text.rstrip()):
                children[-1] = Text(text)
                break
            children.pop()
        return tuple(children)

    def _inlines(self, raw: list[Raw]) -> list[Inline]:
        children: list[Inline] = []
        hidden: list[Inline] = []

        def finish() -> None:
            if hidden and self._current is not None:
                span = self.spans[self._current]
                children.append(Cloze(span.number, _hint(span), tuple(hidden)))
                hidden.clear()

        for item in raw:
            if isinstance(item, tuple):
                finish()
                self._pass(item)
            elif has_marks(item):
                finish()
                _append(children, self._inline(item))
            elif self._current is None:
                _append(children, self._inline(item))
            else:
                # Whole within the cloze: its parts must not become clozes of their own.
                outside, self._current = self._current, None
                _append(hidden, self._inline(item))
                self._current = outside
        finish()
        return children

    def _inline(self, raw: Leaf | Container | Text | Break) -> Inline:
        match raw:
            case Text(text=text):
                return Text(_SPACE.sub(" ", visible(text)))
            case Break():
                return raw
            case Leaf(kind="image", path=path, parts=parts):
                return Image(path, self._pieces(parts))
            case Leaf(kind="code_inline", parts=parts):
                return Code(self._pieces(parts))
            case Leaf(parts=parts):
                return Math(self._pieces(parts))
            case Container(kind="link", target=target, children=inner):
                return Link(target, tuple(self._inlines(inner)))
            case Container(kind="strong", children=inner):
                return Strong(tuple(self._inlines(inner)))
            case Container(kind="s", children=inner):
                return Strike(tuple(self._inlines(inner)))
            case Container(children=inner):
                return Emphasis(tuple(self._inlines(inner)))

    def _pieces(self, parts: list[str | Mark]) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        for part in parts:
            if not isinstance(part, str):
                self._pass(part)
            elif self._current is None:
                pieces.append(visible(part))
            else:
                span = self.spans[self._current]
                pieces.append(Cloze(span.number, _hint(span), (visible(part),)))
        return tuple(pieces)

    def _pass(self, mark: Mark) -> None:
        """Step over a mark: a cloze begins or ends here."""
        opens, index = mark
        if opens:
            self._current, self._opened_in = index, self._place
        elif index == self._current:
            self._current = None
            if self._opened_in != self._place:
                self.torn.add(index)


def _hint(span: ClozeSpan) -> str | None:
    return None if span.hint is None else _SPACE.sub(" ", visible(span.hint))


def _append(children: list[Inline], child: Inline) -> None:
    """Add an inline, joining words to words."""
    if isinstance(child, Text) and children and isinstance(last := children[-1], Text):
        children[-1] = Text(last.text + child.text)
    else:
        children.append(child)


def _is_tight(raw: RawBlock) -> bool:
    return all(child.token.hidden for item in raw.children for child in item.children if child.kind == "paragraph")


def _alignment(token: "Token") -> Alignment:
    match str(token.attrs.get("style", "")).removeprefix("text-align:"):
        case "left":
            return "left"
        case "center":
            return "center"
        case "right":
            return "right"
        case _:
            return None
