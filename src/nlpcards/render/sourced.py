"""A text with its formulas as they are written, for screens that lack the signs of mathematics."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar, cast

from nlpcards.core.markup import Document
from nlpcards.core.markup.tree import Code, CodeBlock, Math, MathBlock

Node = TypeVar("Node")


def sourced(document: Document) -> Document:
    """The text with each formula in TeX, as code; clozes stay where they are."""
    return replace(document, blocks=_each(document.blocks))


def _each(nodes: Node) -> Node:
    """Nodes, or anything that holds some, with formulas as code."""
    found: object = nodes
    match nodes:
        case tuple():
            found = tuple(_each(node) for node in nodes)
        case Math(pieces=pieces):
            found = Code(pieces)
        case MathBlock(pieces=pieces):
            found = CodeBlock("tex", pieces)
        case _:
            for field in ("children", "items", "header", "rows"):
                if isinstance(getattr(found, field, None), tuple):
                    found = replace(cast("Document", found), **{field: _each(getattr(found, field))})
    return cast("Node", found)
