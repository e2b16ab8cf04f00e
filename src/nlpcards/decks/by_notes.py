"""A deck file note by note: plainly written ones at a glance, all others by the YAML parser, several at once.

Where one of those is no YAML by itself, or more than one note, the file is read in another way.
"""

from __future__ import annotations

import re

from nlpcards.decks.bounds import count_values
from nlpcards.decks.nodes import ListNode, MapNode, Node, Sink, compose
from nlpcards.decks.plainly import Stretch, plain_notes
from nlpcards.decks.source import SourceText

_NOTES = re.compile(r"^notes:\n(?:\x20*+(?:#[^\n]*+)?\n)*+(?P<line>(?P<indent>\x20*+)-\x20)", re.MULTILINE)
_MARKER = re.compile(r"^(?:---|\.\.\.)(?=\s|$)", re.MULTILINE)

_TOGETHER = 32
"""So many notes that are not plainly written are given to one parser: to begin one takes time."""


class NotByNotes(Exception):
    """A file cannot be read note by note; it takes a parser that reads all of it."""


def read_by_notes(source: SourceText, *, sink: Sink) -> MapNode:
    """The node of a deck file of which nothing but notes follows the key `notes`, all of them given to the sink.

    Raises:
        NotByNotes: it is another file.
        yaml.MarkedYAMLError, TooDeep, SecondDocument, GivenUp: as `compose` does.
    """
    text = source.text
    found = _NOTES.search(text)
    # A plain search first: it is many times faster, and nearly no file has what it looks for.
    if found is None or (("\n---" in text or "\n..." in text) and _MARKER.search(text, found.end())):
        raise NotByNotes
    at = found.start("line")
    head = compose(source, text[: found.start() + len("notes:\n")])
    if not isinstance(head, MapNode) or not head.entries or head.start > found.start():
        raise NotByNotes
    key, _ = head.entries[-1]
    before = MapNode(head.entries[:-1], head.start, key.start, False)
    take = sink.begin(before)
    if take is None:
        raise NotByNotes
    column = len(found["indent"])
    glance = sink.glance(column)
    # Some in a row that a glance is not enough for.
    others: list[Stretch] = []
    for each in plain_notes(text, at, column, source.position(at)[0]):
        is_read = glance is not None and glance(each)
        if is_read:
            count_values(source, len(each.content or ()))
        else:
            others.append(each)
        if others and (is_read or len(others) == _TOGETHER):
            for item in _parsed(source, others):
                take(item)
            others.clear()
    if others:
        for item in _parsed(source, others):
            take(item)
    return MapNode([*before.entries, (key, ListNode([], at, len(text), False))], head.start, len(text), False)


def _parsed(source: SourceText, stretches: list[Stretch]) -> list[Node]:
    """The nodes of some notes in a row, by the YAML parser."""
    start, end = stretches[0].start, stretches[-1].end
    node = compose(source, source.text[start:end], start, outside=1)
    items = node.items if isinstance(node, ListNode) else []
    if len(items) != len(stretches) or any(
        not stretch.start < item.start <= stretch.end for stretch, item in zip(stretches, items, strict=True)
    ):
        raise NotByNotes
    return items
