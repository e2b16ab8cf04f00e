"""Reading on after a syntax error: the file is cut into its top keys and its notes, and each piece is read by itself.

A mistake then costs the piece it is in and nothing else. Pieces are found by their lines alone, in one pass, so a file
with ten thousand mistakes is still read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, Protocol

from yaml.error import MarkedYAMLError

from nlpcards.decks.keys import COMMON_KEYS, DECK_KEYS, KIND_KEYS, LATER_DECK_KEYS
from nlpcards.decks.nodes import (
    MAXIMUM_DEPTH,
    ListNode,
    MapNode,
    Node,
    Scalar,
    SecondDocument,
    Sink,
    TooDeep,
    Unusable,
    compose,
)
from nlpcards.decks.source import SourceText
from nlpcards.decks.syntax import Explanation, explain

_TOP = re.compile(rf"(?:{'|'.join((*DECK_KEYS, *sorted(LATER_DECK_KEYS)))})[ \t]*:(?=\s|$)", re.MULTILINE)
_TOP_WORD = re.compile(r"[^\s\-#'\"\[{][^\n:]{0,60}:(?=[ \t\n]|\Z)")
_NOTES = re.compile(r"notes[ \t]*:[ \t]*(?:#.*)?")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_GAP = re.compile(r"(?:\s++|#[^\n]*+)*+")
_NOTHING_MORE = re.compile(r"[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_CONTENT = re.compile(r"^(?![ \t]*$|[ \t]*#|%|---[ \t]*$)", re.MULTILINE)
_MARKER = re.compile(r"^(?:---|\.\.\.)(?=\s|$)", re.MULTILINE)
_DASH = re.compile(r"([ \t]*)-(?=\s|$)")
_NOTE_KEY = re.compile(rf"( *)(?:{'|'.join((*COMMON_KEYS, *sorted(KIND_KEYS)))}):(?=\s|$)")


class Piece(NamedTuple):
    """A part of the text: a top key with its value, or one note of the list under `notes`."""

    start: int
    end: int
    note: bool


class Restartable(Sink, Protocol):
    """A sink that can forget the notes it took."""

    def restart(self) -> None:
        """Forget all notes taken: they come again."""


def read_yaml(source: SourceText, sink: Restartable) -> Node | None:
    """The node of the whole text, of what can be read of it; everything else is noted as errors in `source`.

    Notes that the sink takes are not in the node.
    """
    mark = source.mark()
    try:
        return compose(source, sink=sink)
    except (MarkedYAMLError, TooDeep, SecondDocument):
        # The pieces below report it again, each for itself and in its own words.
        source.back_to(mark)
        sink.restart()
    return _read_pieces(source)


def _read_pieces(source: SourceText) -> Node:
    text = _without_markers(source)
    entries: list[tuple[Scalar, Node]] = []
    notes: list[Node] = []
    for piece in _pieces(source, text):
        if source.is_hopeless:
            break
        if piece.note:
            # A note without a dash is reported already; where its neighbours' keys stand it would read as one of them.
            dash = _DASH.match(text, piece.start)
            node = _read(source, text, piece, dash.end()) if dash else None
            notes += node.items if isinstance(node, ListNode) else [node or Unusable(piece.start, piece.end)]
        else:
            entries += _read_top(source, text, piece)
    _report_repeated(source, entries)
    if notes:
        entries = [_with_notes(source, key, value, notes) for key, value in entries]
    return MapNode(entries, 0, len(text), False)


def _read_top(source: SourceText, text: str, piece: Piece) -> list[tuple[Scalar, Node]]:
    """The top key of a piece with its value, which is there even where it could not be read; nothing for other text."""
    head = _TOP.match(text, piece.start)
    below = head is not None and _NOTHING_MORE.match(text, head.end())
    node = _read(source, text, piece, head.end() if head and below else piece.end)
    if head and (node is None or (isinstance(node, MapNode) and node.start > piece.start)):
        name = re.split(r"[ \t:]", head.group())[0]
        key = Scalar(name, piece.start, piece.start + len(name), "")
        return [(key, node or Unusable(head.end(), piece.end))]
    if isinstance(node, MapNode):
        return node.entries
    if node is not None and not isinstance(node, Unusable):
        source.error(
            node.start,
            "D105",
            "this stands before the first key of the deck",
            "Begin the file with `deck: ` and the deck's id; notes stand below `notes:`.",
        )
    return []


def _with_notes(source: SourceText, key: Scalar, value: Node, notes: list[Node]) -> tuple[Scalar, Node]:
    """The entry `notes` with the notes that were read by themselves, all of them under the first such key."""
    if key.value != "notes":
        return key, value
    if isinstance(value, MapNode) or (isinstance(value, Scalar) and value.value):
        source.error(
            value.start, "D106", "this stands before the first note, without a dash", "Begin each note with `- `."
        )
    own = value.items if isinstance(value, ListNode) else []
    everything = ListNode([*own, *notes], key.start, value.end, False)
    notes.clear()
    return key, everything


def _report_repeated(source: SourceText, entries: list[tuple[Scalar, Node]]) -> None:
    seen: dict[str, int] = {}
    for key, _ in entries:
        if key.value in seen:
            _repeated(source, key, seen[key.value])
        seen.setdefault(key.value, key.start)


def _repeated(source: SourceText, key: Scalar, first: int) -> None:
    line, _ = source.position(first)
    source.error(
        key.start,
        "D201",
        f"the key `{key.value}` stands here a second time; the first is on line {line}",
        "Remove one of the two.",
    )


def _read(source: SourceText, text: str, piece: Piece, inside: int) -> Node | None:
    """The node of one piece. Of one that is not YAML, what can be read below `inside`; None where nothing can.

    A piece of the notes gives a list with one item, unless it had to be cut further: then the item itself.
    """
    part = text[piece.start : piece.end]
    known = len(source.found)
    try:
        return compose(source, part, piece.start, outside=int(piece.note)) or Unusable(piece.start, piece.end)
    except MarkedYAMLError as error:
        failed = explain(source, error, piece.start, piece.end)
    except TooDeep as deep:
        failed = Explanation(
            deep.index,
            "D112",
            f"lists and mappings nest more than {MAXIMUM_DEPTH} deep here",
            "No deck needs that; if these brackets are text, put it in a `|-` block.",
        )
    except SecondDocument:
        failed = Explanation(
            piece.start, "D113", "several YAML documents stand here", "Remove the lines `---` and `...`."
        )
    # What was found before the parser gave up may come from the same mistake, and comes again below if it does not.
    del source.found[known:]
    node = _read_by_keys(source, text, inside, piece.end)
    if failed.code in _OF_THE_WHOLE:
        del source.found[known:]
    if len(source.found) == known:
        source.error(*failed)
    return node


_OF_THE_WHOLE = frozenset({"D103", "D105", "D109", "D112"})
"""Mistakes in how lines stand to each other, of which a line by itself says something else."""


_KEY = re.compile(r"[\w“”\"'-]+(?=[ \t]*:)")


def _read_by_keys(source: SourceText, text: str, start: int, end: int) -> MapNode | None:
    """A mapping of which each key is read by itself, from the first line that has something after `start`."""
    gap = _GAP.match(text, start, end)
    begin = gap.end() if gap else start
    if not _KEY.match(text, begin, end):
        return None
    column = begin - (text.rfind("\n", 0, begin) + 1)
    key_lines = re.compile(rf"^ {{{column}}}(?=[^\s#-])", re.MULTILINE)
    starts = [begin, *(found.end() for found in key_lines.finditer(text, begin, end))]
    if len(starts) == 1 and begin == start:
        return None
    entries: list[tuple[Scalar, Node]] = []
    for at, until in pairwise((*starts, end)):
        key = _KEY.match(text, at, until)
        node = _read(source, text, Piece(at, until, False), until)
        if isinstance(node, MapNode):
            entries += node.entries
        elif key:
            entries.append((Scalar(key.group(), at, key.end(), ""), Unusable(key.end(), until)))
    return MapNode(entries, begin, end, False)


def _without_markers(source: SourceText) -> str:
    """The text with its document markers blanked; those after the beginning are errors."""
    text = source.text
    content = _CONTENT.search(text)
    first = content.start() if content else len(text)
    for marker in _MARKER.finditer(text):
        if marker.start() >= first and text[marker.end() :].strip():
            source.error(
                marker.start(),
                "D113",
                f"`{marker.group()}` begins another YAML document, which would never be read",
                f"Remove the line `{marker.group()}`; a deck is one document.",
            )
    return _MARKER.sub("   ", text)


def _pieces(source: SourceText, text: str) -> Iterator[Piece]:
    """The pieces in order. Comments and blank lines belong to the piece before them."""
    start = 0
    in_notes = is_note = False
    dash: int | None = None
    for found in _LINE.finditer(text):
        at, line = found.start(), found.group()
        if not line.strip() or line.lstrip()[0] == "#":
            continue
        begins_note = False
        if _TOP.match(line) or (not in_notes and _TOP_WORD.match(line)):
            if in_notes and dash == 0 and line.startswith("topic"):
                continue
            begins_top, in_notes_now = True, _NOTES.fullmatch(line.strip()) is not None
        else:
            begins_top, in_notes_now = False, in_notes
            if in_notes:
                dash, begins_note = _begins_note(source, at, line, dash)
        if begins_top or begins_note:
            if at > start:
                yield Piece(start, at, is_note)
            start, is_note = at, begins_note
            if begins_top:
                dash = None
        in_notes = in_notes_now
    if start < len(text):
        yield Piece(start, len(text), is_note)


def _begins_note(source: SourceText, at: int, line: str, dash: int | None) -> tuple[int | None, bool]:
    """The column of the notes' dashes (None before the first), and whether a note begins on this line."""
    found = _DASH.match(line)
    if found and (dash is None or "\t" in found.group(1)):
        return (len(found.group(1)) if dash is None else dash), True
    if dash is None:
        return None, False
    if found:
        column = len(found.group(1))
        if column > dash + 1:
            return dash, False
        if column != dash:
            source.error(
                at + column,
                "D105",
                f"the dash of this note stands in column {column + 1}, those of the others in column {dash + 1}",
                "Begin all notes in the same column.",
            )
        return dash, True
    key = _NOTE_KEY.match(line)
    if key and len(key.group(1)) <= dash:
        source.error(
            at + len(key.group(1)),
            "D106",
            "a note begins here without a dash",
            f"Write `- ` before `{line.strip().split(':')[0]}:`.",
        )
        return dash, True
    return dash, False
