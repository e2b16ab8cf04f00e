"""Where the entries of a roadmap file stand in it, for the comments that silence advice on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from nlpcards.decks.files import Content, clean_text, decode, read_content
from nlpcards.decks.layout import Layout
from nlpcards.decks.nodes import ListNode, MapNode, Node
from nlpcards.decks.roadmaps.keys import LISTS
from nlpcards.decks.roadmaps.pieces import read_nodes
from nlpcards.decks.source import GivenUp

_MOST_LINES = 10_000
"""So many lines are kept of a file that was given up, which may be made of line ends alone."""


def lay_out_roadmap(path: Path, *, entries: bool = True) -> Layout | None:
    """The layout of a roadmap file as it is now, its entries only if asked for; None where it cannot be read."""
    content = read_content(path)
    if not isinstance(content, Content):
        return None
    source = clean_text(decode(content.data), str(path))
    if source.is_given_up or not entries:
        return Layout(source, source.text.split("\n", _MOST_LINES)[:_MOST_LINES], {}, LISTS)
    root: Node | None = None
    with suppress(GivenUp):
        root = read_nodes(source)
    nodes = {source.position(node.start): node for node in _entries(root)}
    return Layout(source, source.text.split("\n"), nodes, LISTS)


def _entries(root: Node | None) -> Iterator[MapNode]:
    for key, value in root.entries if isinstance(root, MapNode) else ():
        if key.value in LISTS:
            yield from _with_stages(value)


def _with_stages(node: Node) -> Iterator[MapNode]:
    for item in node.items if isinstance(node, ListNode) else ():
        if isinstance(item, MapNode):
            yield item
            for key, value in item.entries:
                if key.value == "stages":
                    yield from _with_stages(value)
