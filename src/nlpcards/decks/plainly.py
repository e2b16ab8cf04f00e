"""Notes that are written in the simplest way, taken apart by one regular expression in a tenth of a YAML parser's time.

What is read here is a small part of YAML: keys on lines of their own, indented by twos, with a text in one line, in
quotes, in a `|-` or a `>-` block, or with a list or a mapping of such. `fmt` writes decks so. Nothing is said of
places, since nearly no note has a mistake to be placed: one in which anything else stands, be it a comment after a
value or a mistake, is left to the parser, which gives the same of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from nlpcards.decks.bounds import LONGEST_TEXT

Plain: TypeAlias = "str | tuple[str, ...] | dict[str, Plain]"
"""A text, a list of texts, or a mapping, all as typed."""

_WORD = r"(?:-(?=[0-9]))?+[A-Za-z0-9(./](?:[^\s:#?,\[\]{}'\"]++|\x20(?=[^\s:#?,\[\]{}'\"]))*+"
_KEY = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}+"
_BLOCK_LINE = r"(?P=indent)(?(dash)(?(key)\x20\x20))\x20\x20"
_LINES = re.compile(
    rf"""
    (?P<indent>\x20*+) (?P<dash>-\x20)?+ (?:(?P<key>{_KEY}):(?:\x20|(?=\n)))?+
    (?:
        ((?:-(?=[0-9A-Za-z(])|[^\s\-?:,\[\]{{}}\#&*!|>'"%@`])(?:[^\s:\#]++|:(?=\S)|\#|\x20++(?=[^\s\#])){{0,20000}}+)(?=\n)
    |   \|-\n({_BLOCK_LINE}[^\s][^\n]*+(?:\n++{_BLOCK_LINE}\x20*+[^\s][^\n]*+)*+)\n
    |   >-\n({_BLOCK_LINE}[^\s][^\n]*+(?:\n{_BLOCK_LINE}[^\s][^\n]*+)*+)\n++(?!{_BLOCK_LINE})
    |   '((?:[^'\n]++|'')*+)'(?=\n)
    |   "([^"\\\n]*+)"(?=\n)
    |   \[({_WORD}(?:,\x20{_WORD})*+)\](?=\n)
    |   \{{({_KEY}:\x20{_WORD}(?:,\x20{_KEY}:\x20{_WORD})*+)\}}(?=\n)
    |   (?=\n)
    )
    \n*+(?:\x20*+\#[^\n]*+\n++)*+
    |   ([\s\S]++)
    """,
    re.VERBOSE,
)
"""One line with a key or a dash and what it says, with the empty lines and the comments that follow; or all the rest of
a text that is written otherwise. The groups are in the order of `_Line`.
"""

_Line: TypeAlias = tuple[str, str, str, str, str, str, str, str, str, str, str]
"""An indentation, a dash, a key; then the value, in one of: plain, a `|-` block, a `>-` block, single quotes, double
quotes, a list, a mapping; then what is not plainly written. All others are empty.
"""

_FLOW_ENTRY = re.compile(rf"({_KEY}):\x20({_WORD})")
_LINES_MATTER = re.compile(r"(?:^|\n)\x20*(?:[-*+]\x20|\d+[.)]\x20|>|```|~~~|\||#{1,6}\x20)")
"""What may begin a line whose end means something to Markdown, so that YAML must not fold it."""

_DEEPEST = 4
"""Deeper lists and mappings, which no kind of note has, are left to the parser."""

_MOST_COLUMNS = 16
"""So are notes whose dashes stand further in."""

_BREAKS = tuple("\n" + " " * width for width in range(_MOST_COLUMNS + 2 * _DEEPEST + 8))
"""A line end with an indentation of so many spaces."""


class Stretch(NamedTuple):
    """The lines of one note: from the line of its dash to before the next one's, `line` being its number from 1.

    `content` is what its keys say, each written once; None where it is not plainly written.
    """

    start: int
    end: int
    line: int
    text: str
    content: dict[str, Plain] | None


def plain_notes(text: str, at: int, column: int, line: int) -> Iterator[Stretch]:
    """The notes of a text in order, from the index at which the line of the first begins, whose number is given; their
    dashes stand in a column (from 0).
    """
    dash = re.compile(rf"\n{' ' * column}-(?=\s)")
    starts = [at, *[found.start() + 1 for found in dash.finditer(text, at)], len(text)]
    for number in range(len(starts) - 1):
        start, end = starts[number], starts[number + 1]
        lines = text[start:end]
        yield Stretch(start, end, line, lines, plain_content(lines, column))
        line += lines.count("\n")


def plain_content(text: str, column: int) -> dict[str, Plain] | None:
    """What the lines of one note say, whose dash stands in a column; None where they are not plainly written."""
    # No text in them is longer than the lines are, so that none needs to be measured.
    if len(text) > LONGEST_TEXT or column > _MOST_COLUMNS or not text.startswith(f"{'':{column}}-"):
        return None
    # With a space for its dash, the first line is like the others.
    lines: list[_Line] = _LINES.findall(f"{' ' * (column + 1)}{text[column + 1 :]}")
    end, content = _mapping(lines, 0, column + 2, 1)
    return content if end == len(lines) else None


def _mapping(lines: list[_Line], at: int, column: int, depth: int) -> tuple[int, dict[str, Plain] | None]:
    """The mapping whose keys stand in a column from a line on, and the number of the line after it."""
    content: dict[str, Plain] = {}
    end, begin, nested = len(lines), at, 0
    while at < end:
        indent, dash, key, plain, literal, folded, single, double, listed, mapped, _ = lines[at]
        if len(indent) != column:
            if len(indent) > column:
                return at, None
            break
        if dash or not key:
            return at, None
        at += 1
        value: Plain | None
        if plain:
            value = plain
        elif literal:
            value = literal[column + 2 :].replace(_BREAKS[column + 2], "\n")
        elif listed:
            value = tuple(listed.split(", "))
        elif folded or single or double or mapped:
            value = _other(folded, single, double, mapped, column)
        else:
            first = at
            at, value = _below(lines, at, column + 2, depth + 1)
            nested += at - first
        if value is None:
            return at, None
        content[key] = value
    # A key that stands twice is there once.
    return at, content if len(content) == at - begin - nested else None


def _below(lines: list[_Line], at: int, column: int, depth: int) -> tuple[int, Plain | None]:
    """The list or the mapping in lines that begins with a line, indented to a column; None where it is not plain."""
    if at == len(lines) or depth > _DEEPEST or len(lines[at][0]) != column:
        return at, None
    if not lines[at][1]:
        return _mapping(lines, at, column, depth)
    items: list[str] = []
    while at < len(lines) and len(lines[at][0]) >= column:
        indent, dash, key, plain, literal, folded, single, double, listed, mapped, _ = lines[at]
        if len(indent) != column or not dash or key or listed or mapped:
            return at, None
        item = plain
        if literal:
            item = literal[column + 2 :].replace(_BREAKS[column + 2], "\n")
        elif not plain:
            other = _other(folded, single, double, "", column)
            item = other if isinstance(other, str) else ""
        if not item:
            return at, None
        items.append(item)
        at += 1
    return at, tuple(items)


def _other(folded: str, single: str, double: str, mapped: str, column: int) -> Plain | None:
    """The value of a line whose key, or whose dash where it has none, stands in a column."""
    if folded:
        return None if _LINES_MATTER.search(folded) else folded[column + 2 :].replace(_BREAKS[column + 2], " ")
    if single:
        return single.replace("''", "'")
    if double:
        return double
    pairs = _FLOW_ENTRY.findall(mapped)
    content: dict[str, Plain] = dict(pairs)
    return content if content and len(content) == len(pairs) else None
