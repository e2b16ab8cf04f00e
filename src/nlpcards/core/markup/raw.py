"""The parser's flat tokens as nests of raw blocks and inlines, the marks of clozes still lying among the words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

from nlpcards.core.markup.marks import Mark, split
from nlpcards.core.markup.safe import visible
from nlpcards.core.markup.tree import Break, Text

if TYPE_CHECKING:
    from markdown_it.token import Token

_FOLLOWED = ("http://", "https://", "mailto:")
_DEEPEST = 30
"""Emphasis nested deeper than this is read as plain."""


@dataclass(slots=True)
class RawBlock:
    """A block token with the tokens between it and its end."""

    token: "Token"
    children: list["RawBlock"] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The token's type without `_open`."""
        return self.token.type.removesuffix("_open")

    @property
    def inlines(self) -> "list[Raw]":
        """The inlines of a block that holds words."""
        return raw_inlines(self.children[0].token.children or []) if self.children else []


def raw_blocks(tokens: Iterable["Token"]) -> list[RawBlock]:
    """Turn markdown-it's flat list of block tokens into a nest."""
    top: list[RawBlock] = []
    stack = [top]
    for token in tokens:
        if token.nesting == -1:
            stack.pop()
            continue
        block = RawBlock(token)
        stack[-1].append(block)
        if token.nesting == 1:
            stack.append(block.children)
    return top


def marks_in(tokens: Sequence["Token"]) -> Iterator[Mark]:
    """Every mark that came through the parser in a place where something can be hidden."""
    for token in tokens:
        if token.children:
            yield from marks_in(token.children)
        elif token.content:
            yield from (part for part in split(token.content) if not isinstance(part, str))


@dataclass(slots=True)
class Leaf:
    """An inline that holds raw text, its marks not yet paired."""

    kind: str
    parts: list[str | Mark]
    path: str | None = None


@dataclass(slots=True)
class Container:
    """An inline that holds others, their marks not yet paired."""

    kind: str
    children: list["Raw"] = field(default_factory=list)
    target: str | None = None


Raw: TypeAlias = Leaf | Container | Text | Break | Mark


def raw_inlines(tokens: Iterable["Token"]) -> list[Raw]:
    """Turn markdown-it's flat list of inline tokens into a nest."""
    stack = [Container("root")]
    flattened = 0
    for token in tokens:
        here = stack[-1].children
        match token.type:
            case "text" | "text_special" | "html_inline":
                here += [Text(part) if isinstance(part, str) else part for part in split(token.content)]
            case "softbreak":
                here.append(Text(" "))
            case "hardbreak":
                here.append(Break())
            case "code_inline" | "maths_inline" | "maths_display":
                here.append(Leaf(token.type, split(token.content)))
            case "image":
                path = _media_path(str(token.attrs.get("src", "")))
                here.append(Leaf("image", _alternative(token.children or []), path))
            case _ if token.nesting == 1:
                if len(stack) > _DEEPEST:
                    flattened += 1
                    continue
                container = Container(token.type.removesuffix("_open"))
                if token.type == "link_open":
                    container.target = _target(str(token.attrs.get("href", "")))
                here.append(container)
                stack.append(container)
            case _ if token.nesting == -1:
                if flattened:
                    flattened -= 1
                else:
                    stack.pop()
    return stack[0].children


def _alternative(tokens: Iterable["Token"]) -> list[str | Mark]:
    """The words of an image's description, its markup dropped."""
    parts: list[str | Mark] = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts += _alternative(token.children) if token.children else split(token.content)
    return parts


def _target(address: str) -> str | None:
    """An address that may be followed, else None."""
    return visible(address) if address.lower().startswith(_FOLLOWED) else None


def _media_path(address: str) -> str | None:
    """A path inside the deck's folder, else None: nothing is ever fetched, nor read from elsewhere."""
    path = unquote(address)
    parts = path.replace("\\", "/").split("/")
    if not path or ":" in parts[0] or parts[0] in ("", "~") or ".." in parts or visible(path) != path:
        return None
    return path


def has_marks(item: Raw) -> bool:
    """Whether a mark stands somewhere inside an inline."""
    match item:
        case Leaf(parts=parts):
            return any(not isinstance(part, str) for part in parts)
        case Container(children=children):
            return any(isinstance(child, tuple) or has_marks(child) for child in children)
        case _:
            return False
