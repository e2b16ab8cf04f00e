"""A layout to the text of a deck file: two spaces a level, canonical order, comments at their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from nlpcards.decks.formatting_layout import Comment, Entry, Group, Layout, Text
from nlpcards.decks.writing import IN_HEAD, LONGEST_LINE, WITHIN, is_flow, write_block, write_key, write_scalar

_NOTE_COLUMN = 4
"""The column (from 0) of a note's own keys."""


class _Piece(NamedTuple):
    """An entry as written: comments above it, whether a blank line stands between them and it, and its lines."""

    above: list[Comment]
    blank: bool
    lines: list[str]


def text_of(layout: Layout) -> str:
    """The file's text; it ends with a line end."""
    lines = [*_comment_lines(layout.header, 0, first=True)]
    pieces = [_entry(entry, 0, entry.key == "notes") for entry in layout.root.entries]
    lines += _joined(pieces, layout.root.after, 0, first=not lines)
    return "".join(f"{line}\n" for line in lines)


def _joined(pieces: Iterable[_Piece], after: list[Comment], column: int, *, first: bool) -> Iterator[str]:
    """The lines of a group; no blank line comes first in it where `first` says so."""
    for piece in pieces:
        yield from _comment_lines(piece.above, column, first=first)
        if piece.blank and not first:
            yield ""
        yield from piece.lines
        first = False
    yield from _comment_lines(after, column, first=first)


def _comment_lines(comments: list[Comment], column: int, *, first: bool) -> Iterator[str]:
    for comment in comments:
        if comment.blank and not first:
            yield ""
        first = False
        yield f"{'':{column}}{comment.text}"


def _pieces(group: Group, column: int, in_note: bool) -> list[_Piece]:
    return [
        _item(entry, column, in_note) if group.is_list else _entry(entry, column, in_note) for entry in group.entries
    ]


def _entry(entry: Entry, column: int, in_note: bool) -> _Piece:
    """A key with its value. `in_note` is true for `notes` and for all that stands below it."""
    head = f"{'':{column}}{write_key(entry.key)}:"
    value = entry.value
    if isinstance(value, Text):
        return _leaf(entry, value, head, column, in_note)
    flow = _flow(value, len(head) + 1, maps=in_note and column > 0)
    if flow:
        return _Piece(entry.above, entry.blank, [_beside(f"{head} {flow}", entry.beside)])
    below = _joined(_pieces(value, column + 2, in_note), value.after, column + 2, first=True)
    return _Piece(entry.above, entry.blank, [_beside(head, entry.beside), *below])


def _item(entry: Entry, column: int, in_note: bool) -> _Piece:
    """An item of a list, after its dash."""
    value = entry.value
    if isinstance(value, Text):
        return _leaf(entry, value, f"{'':{column}}-", column, in_note)
    pieces = _pieces(value, column + 2, in_note)
    # No line is left above the first key, so comments there go above the dash.
    above, blank = [*entry.above, *pieces[0].above], entry.blank
    pieces[0] = _Piece([], False, pieces[0].lines)
    first, *lines = _joined(pieces, value.after, column + 2, first=True)
    return _Piece(above, blank, [f"{'':{column}}- {first.lstrip(' ')}", *lines])


def _leaf(entry: Entry, text: Text, head: str, column: int, in_note: bool) -> _Piece:
    written = _scalar(text, column, len(head) + 1, in_note)
    first, *lines = f"{head} {written}".rstrip(" ").split("\n")
    if entry.beside is None or not ((text.style and written[:1] not in ("'", '"')) or lines):
        return _Piece(entry.above, entry.blank, [_beside(first, entry.beside), *lines])
    # Once quotes are gone the reader would take it for a part of the text, and beside a `|-` the eye loses it.
    above = [*entry.above, replace(entry.beside, blank=entry.blank)]
    return _Piece(above, False, [first, *lines])


def _scalar(text: Text, column: int, used: int, in_note: bool) -> str:
    if not text.value.strip():
        return "" if not text.style else "''"
    if text.style == "|":
        # In a block the lines are the author's own.
        return write_block(text.value, column)
    quotes = IN_HEAD if not in_note else WITHIN if column > _NOTE_COLUMN else ""
    return write_scalar(text.value, column, used, quotes=quotes)


def _flow(group: Group, used: int, *, maps: bool) -> str:
    """A group in brackets, empty where it is better written in lines."""
    if not group.entries:
        return "[]" if group.is_list else "{}"
    if group.after or any(entry.above or entry.beside for entry in group.entries):
        return ""
    if not group.is_list and not (group.flow and maps):
        return ""
    parts = []
    for entry in group.entries:
        value = entry.value
        if not isinstance(value, Text) or not is_flow(value.value) or not (entry.key == "" or is_flow(entry.key)):
            return ""
        if not group.flow and " " in value.value:
            return ""
        parts.append(value.value if group.is_list else f"{entry.key}: {value.value}")
    opening, closing = "[]" if group.is_list else "{}"
    flow = f"{opening}{', '.join(parts)}{closing}"
    return flow if used + len(flow) <= LONGEST_LINE else ""


def _beside(line: str, comment: Comment | None) -> str:
    """A line with the comment at its end: where it stood if it was aligned with others, else as far away as it was."""
    if comment is None:
        return line
    aligned = comment.gap > 2 and comment.column > len(line)
    return f"{line}{'':{comment.column - len(line) if aligned else max(1, min(comment.gap, 2))}}{comment.text}"
