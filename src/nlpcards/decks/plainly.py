"""Notes that are written in the simplest way, read by one regular expression in a third of a YAML parser's time.

What is read here is a small part of YAML: keys on lines of their own, indented by twos, with a text in one line, in
quotes, in a `|-` or a `>-` block, or with a list or a mapping of such. `fmt` writes decks so. A note in which anything
else stands, be it a comment after a value or a mistake, is left to the parser; of the others it would give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nlpcards.decks.bounds import LONGEST_TEXT
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar

_WORD = r"(?:-(?=[0-9]))?+[A-Za-z0-9(./](?:[^\s:#?,\[\]{}'\"]++|\x20(?=[^\s:#?,\[\]{}'\"]))*+"
_KEY = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}+"
_BLOCK_LINE = r"(?P=indent)(?(dash)(?(key)\x20\x20))\x20\x20"
_ENTRY = re.compile(
    rf"""
    (?P<indent>\x20*+) (?P<dash>-\x20)?+ (?:(?P<key>{_KEY}):(?:\x20|(?=\n)))?+
    (?:
        (?P<plain>(?:-(?=[0-9A-Za-z(])|[^\s\-?:,\[\]{{}}\#&*!|>'"%@`])(?:[^\s:\#]++|:(?=\S)|\#|\x20++(?=[^\s\#])){{0,20000}}+)(?=\n)
    |   (?P<literal>\|-\n{_BLOCK_LINE}[^\s][^\n]*+(?:\n++{_BLOCK_LINE}\x20*+[^\s][^\n]*+)*+\n++)
    |   (?P<folded>>-\n{_BLOCK_LINE}[^\s][^\n]*+(?:\n{_BLOCK_LINE}[^\s][^\n]*+)*+\n++(?!{_BLOCK_LINE}))
    |   (?P<single>'(?:[^'\n]++|'')*+')(?=\n)
    |   (?P<double>"[^"\\\n]*+")(?=\n)
    |   (?P<list>\[{_WORD}(?:,\x20{_WORD})*+\])(?=\n)
    |   (?P<mapping>\{{{_KEY}:\x20{_WORD}(?:,\x20{_KEY}:\x20{_WORD})*+\}})(?=\n)
    |   (?P<nothing>(?=\n))
    )
    \n*+(?:\x20*+\#[^\n]*+\n++)*+
    """,
    re.VERBOSE,
)
"""One line with a key or a dash and what it says, with the empty lines and the comments that follow."""

_INDENT, _DASH, _KEY_NAME, _PLAIN, _LITERAL, _FOLDED, _SINGLE, _DOUBLE, _LIST, _MAPPING, _NOTHING = range(1, 12)
_FLOW_ENTRY = re.compile(rf"({_KEY}):\x20({_WORD})")

_DEEPEST = 4
"""Deeper lists and mappings, which no kind of note has, are left to the parser."""

_MOST_COLUMNS = 16
"""So are notes whose dashes stand further in."""

_BREAKS = tuple("\n" + " " * width for width in range(_MOST_COLUMNS + 2 * _DEEPEST + 8))
"""A line end with an indentation of so many spaces."""


class Stretch(NamedTuple):
    """The lines of one note, from its dash to before the next one's; `node` is None where it is not plainly written."""

    start: int
    end: int
    node: MapNode | None


def plain_notes(text: str, at: int, column: int) -> Iterator[Stretch]:
    """The notes of a text in order, from the index at which the line of the first begins; their dashes stand in a
    column (from 0). Each `node` is what `nodes.compose` would give.
    """
    dash = re.compile(rf"^{' ' * column}-(?=\s)", re.MULTILINE)
    while at < len(text):
        read = _note(text, at, column) if column <= _MOST_COLUMNS else None
        if read is None:
            found = dash.search(text, at + column + 1)
            until = found.start() if found else len(text)
            yield Stretch(at, until, None)
        else:
            until, node = read
            yield Stretch(at, until, node)
        at = until


def _note(text: str, at: int, column: int) -> tuple[int, MapNode] | None:
    """The note whose line begins at an index, and the index at which the next one's does."""
    first = _ENTRY.match(text, at)
    if first is None or not first[_DASH] or first[_KEY_NAME] is None or first.end(_INDENT) - at != column:
        return None
    read = _mapping(text, at, column + 2, 1, first)
    if read is None:
        return None
    until = read[0]
    # The next line is a note's, or it is one at which a parser should look.
    return read if until == len(text) or text.startswith(f"{'':{column}}- ", until) else None


def _mapping(text: str, at: int, column: int, depth: int, found: re.Match[str]) -> tuple[int, MapNode] | None:
    """The mapping in lines whose keys stand in a column, the first of them in a line that was matched already."""
    new, match, end = tuple.__new__, _ENTRY.match, len(text)
    begin = at + column
    entries: list[tuple[Scalar, Node]] = []
    names: set[str] = set()
    while True:
        key, kind = found[_KEY_NAME], found.lastindex
        start = at + column
        if key is None or kind is None or text[start] == "-":
            return None
        after = start + len(key)
        # What NamedTuple's own constructor does, without a Python call for each of a file's scalars.
        name: Scalar = new(Scalar, (key, start, after, ""))
        names.add(key)
        start, after, at = after + 2, found.end(kind), found.end()
        value: Node | None
        if after - start > LONGEST_TEXT:
            return None
        if kind == _PLAIN:
            value = new(Scalar, (text[start:after], start, after, ""))
        elif kind == _LITERAL:
            written = text[start + 5 + column : after].rstrip("\n").replace(_BREAKS[column + 2], "\n")
            value = new(Scalar, (written, start, after, "|"))
        elif kind == _NOTHING:
            at, value = _below(text, at, column + 2, depth + 1)
            if value is None:
                return None
        else:
            value = _other(text, kind, start, after, column)
            if value is None:
                return None
        entries.append((name, value))
        if at == end:
            break
        following = match(text, at)
        if following is None:
            return None
        indent = following.end(_INDENT) - at
        if indent != column:
            if indent > column:
                return None
            break
        found = following
    if len(names) != len(entries):
        return None
    last = entries[-1][1].end
    if text[last - 1] != "\n":
        last = text.find("\n", last)
    return at, MapNode(entries, begin, last, False)


def _below(text: str, at: int, column: int, depth: int) -> tuple[int, Node | None]:
    """The list or the mapping in lines that begins at an index, indented to a column; None where it is not plain."""
    found = _ENTRY.match(text, at) if depth <= _DEEPEST else None
    if found is None or found.end(_INDENT) - at != column:
        return at, None
    if not found[_DASH]:
        return _mapping(text, at, column, depth, found) or (at, None)
    begin = at + column
    items: list[Node] = []
    while found is not None and found.end(_INDENT) - at == column and found[_DASH]:
        if found[_KEY_NAME] is not None or found.lastindex == _NOTHING or found.end() - at > LONGEST_TEXT:
            return at, None
        kind = found.lastindex or 0
        item = _other(text, kind, at + column + 2, found.end(kind), column)
        if item is None:
            return at, None
        items.append(item)
        at = found.end()
        found = _ENTRY.match(text, at) if at < len(text) else None
    if at < len(text) and (found is None or found.end(_INDENT) - at >= column):
        return at, None
    # A list ends where something else begins.
    return at, ListNode(items, begin, at if found is None else found.end(_INDENT), False)


def _other(text: str, kind: int, start: int, end: int, column: int) -> Node | None:
    """The value between two indexes, on a line whose key, or whose dash where it has none, stands in a column; None
    where it has a key twice.
    """
    if kind == _PLAIN:
        return Scalar(text[start:end], start, end, "")
    if kind in (_LITERAL, _FOLDED):
        style, between = ("|", "\n") if kind == _LITERAL else (">", " ")
        written = text[start + 5 + column : end].rstrip("\n").replace(_BREAKS[column + 2], between)
        return Scalar(written, start, end, style)
    if kind == _SINGLE:
        return Scalar(text[start + 1 : end - 1].replace("''", "'"), start, end, "'")
    if kind == _DOUBLE:
        return Scalar(text[start + 1 : end - 1], start, end, '"')
    if kind == _LIST:
        at = start + 1
        items: list[Node] = []
        for word in text[at : end - 1].split(", "):
            items.append(Scalar(word, at, at + len(word), ""))
            at += len(word) + 2
        return ListNode(items, start, end, True)
    pairs = _FLOW_ENTRY.finditer(text, start + 1, end - 1)
    entries: list[tuple[Scalar, Node]] = [
        (Scalar(each[1], *each.span(1), ""), Scalar(each[2], *each.span(2), "")) for each in pairs
    ]
    return MapNode(entries, start, end, True) if len({key.value for key, _ in entries}) == len(entries) else None
