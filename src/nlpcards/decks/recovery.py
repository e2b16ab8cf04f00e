"""Reading on after a syntax error: the file is cut into its top keys and its notes, and each piece is read by itself.

A mistake then costs the piece it is in and nothing else. Pieces are found by their lines alone, in one pass, so a file
with ten thousand mistakes is still read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise
from typing import Protocol

from yaml.error import MarkedYAMLError

from nlpcards.decks.bounds import MAXIMUM_DEPTH, MOST_ENTRIES, too_many_entries
from nlpcards.decks.by_notes import NotByNotes, read_by_notes
from nlpcards.decks.keys import COMMON_KEYS, DECK_KEYS, KIND_KEYS, SLUG
from nlpcards.decks.nodes import (
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
from nlpcards.decks.runs import Glances, Piece, runs
from nlpcards.decks.source import SourceText
from nlpcards.decks.syntax import Explanation, explain, stuck_dash

_TOP = re.compile(rf"(?:{'|'.join(DECK_KEYS)})[ \t]*:(?=\s|$)", re.MULTILINE)
_TOP_WORD = re.compile(r"[^\s\-#'\"\[{][^\n:]{0,60}:(?=[ \t\n]|\Z)")
_NOTES = re.compile(r"notes[ \t]*:[ \t]*(?:#.*)?")
_GAP = re.compile(r"(?:\s++|#[^\n]*+)*+")
_NOTHING_MORE = re.compile(r"[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_CONTENT = re.compile(r"^(?![ \t]*$|[ \t]*#|%|---[ \t]*$)", re.MULTILINE)
_MARKER = re.compile(r"^(?:---|\.\.\.)(?=\s|$)", re.MULTILINE)
_ANY_KEY = f"(?:{'|'.join((*COMMON_KEYS, *sorted(KIND_KEYS)))})"
_DASH = re.compile(rf"([ \t]*)-(?=\s|$|{_ANY_KEY}:(?:\s|$))")
_STUCK_DASH = re.compile(rf"[ \t]*-(?P<key>{_ANY_KEY}):[ \t]*(?P<value>[^\n]*)\n?")
_BARE_NOTES = re.compile(r"notes[ \t]*$", re.MULTILINE)
_NOTE_KEY = re.compile(rf"( *){_ANY_KEY}:(?=\s|$)")


class Restartable(Sink, Protocol):
    """A sink that can forget the notes it took."""

    def restart(self) -> None:
        """Forget all notes taken: they come again."""


def read_yaml(source: SourceText, sink: Restartable) -> Node | None:
    """The node of the whole text, of what can be read of it; everything else is noted as errors in `source`.

    Notes that the sink takes are not in the node.

    Raises:
        GivenUp: the file is not worth reading any further.
    """
    mark = source.mark()
    for read in (read_by_notes, compose):
        try:
            return read(source, sink=sink)
        except (NotByNotes, MarkedYAMLError, TooDeep, SecondDocument) as error:
            # What follows reports it again: the pieces below each for itself and in its own words.
            source.back_to(mark)
            sink.restart()
            # A note that is no YAML by itself is none in its file either, unless a quote that is not closed makes one
            # text of two notes; so a parser for all of the file would come to the same end, only later.
            if not isinstance(error, NotByNotes):
                break
    return _read_pieces(source, sink)


def _read_pieces(source: SourceText, sink: Sink) -> Node:
    text = _without_markers(source)
    entries: list[tuple[Scalar, Node]] = []
    notes: list[Node] = []
    first: dict[str, int] = {}
    glances = Glances(source, sink, text, entries)
    for pieces in runs(_pieces(source, text), glances):
        if not pieces[0].note:
            for key, value in _read_top(source, text, pieces[0]):
                if key.value in first:
                    _repeated(source, key, first[key.value])
                first.setdefault(key.value, key.start)
                entries.append((key, value))
            continue
        nodes = _read_together(source, text, pieces)
        if nodes is None:
            for piece in pieces:
                notes += _read_note(source, text, piece)
        else:
            notes += nodes
    if notes or glances.are_read:
        entries = [_with_notes(source, key, value, notes) for key, value in entries]
    return MapNode(entries, 0, len(text), False)


def _read_together(source: SourceText, text: str, pieces: list[Piece]) -> list[Node] | None:
    """The notes of some pieces, None where any of them has to be read by itself."""
    mark = source.mark()
    try:
        node = compose(source, text[pieces[0].start : pieces[-1].end], pieces[0].start, outside=1)
    except (MarkedYAMLError, TooDeep, SecondDocument):
        node = None
    if (
        len(source.found) == mark[0]
        and isinstance(node, ListNode)
        and len(node.items) == len(pieces)
        and all(piece.start < item.start < piece.end for piece, item in zip(pieces, node.items, strict=True))
    ):
        return node.items
    source.back_to(mark)
    return None


def _read_note(source: SourceText, text: str, piece: Piece) -> list[Node]:
    # A note without a dash is reported already; where its neighbours' keys stand it would read as one of them.
    dash = _DASH.match(text, piece.start)
    stuck = _STUCK_DASH.match(text, piece.start)
    if stuck:
        return [_after_stuck_dash(source, text, piece, stuck)]
    node = _read(source, text, piece, dash.end()) if dash else None
    return node.items if isinstance(node, ListNode) else [node or Unusable(piece.start, piece.end)]


def _after_stuck_dash(source: SourceText, text: str, piece: Piece, stuck: re.Match[str]) -> Node:
    """A note whose dash has no space after it, which is reported already: its first line's key, and all below it."""
    key = Scalar(stuck["key"], stuck.start("key"), stuck.end("key"), "")
    value = stuck["value"].strip()
    first: Node = Scalar(value, stuck.start("value"), stuck.start("value") + len(value), "")
    if not SLUG.fullmatch(value):
        first = Unusable(stuck.start("value"), stuck.end("value"))
    below = _read(source, text, Piece(stuck.end(), piece.end, False), piece.end)
    entries = below.entries if isinstance(below, MapNode) else []
    return MapNode([(key, first), *entries], piece.start, piece.end, False)


def _read_top(source: SourceText, text: str, piece: Piece) -> list[tuple[Scalar, Node]]:
    """The top key of a piece with its value, which is there even where it could not be read; nothing for other text."""
    if _BARE_NOTES.match(text, piece.start):
        return [(Scalar("notes", piece.start, piece.start + 5, ""), ListNode([], piece.start, piece.end, False))]
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
    if _is_below_an_empty_block(node, failed.at):
        return node
    if failed.code in _OF_THE_WHOLE:
        del source.found[known:]
    if len(source.found) == known:
        source.error(*failed)
    return node


def _is_below_an_empty_block(node: Node | None, index: int) -> bool:
    """Whether what is wrong is only that the text of a block is not indented: reading it says that it is empty."""
    if not isinstance(node, MapNode):
        return False
    above = [value for key, value in node.entries if key.start < index]
    return bool(above) and isinstance(above[-1], Scalar) and above[-1].style in ("|", ">") and not above[-1].value


_OF_THE_WHOLE = frozenset({"D103", "D105", "D109", "D112"})
"""Mistakes in how lines stand to each other, of which a line by itself says something else."""


_MOST_KEYS = 1_000
"""What has more lines that may begin with a key is not cut up at them: they are lines of a text."""

_KNOWN_KEY = re.compile(rf"{_ANY_KEY}[ \t]*:(?=\s|$)")
_EMPTY_BLOCK = re.compile(r"[\w-]+:[ \t]*[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\s*")

_KEY = re.compile(r"[\w“”\"'-]+(?=[ \t]*:)")


def _read_by_keys(source: SourceText, text: str, start: int, end: int) -> MapNode | None:
    """A mapping of which each key is read by itself, from the first line that has something after `start`."""
    gap = _GAP.match(text, start, end)
    begin = gap.end() if gap else start
    if not _KEY.match(text, begin, end):
        return None
    column = begin - (text.rfind("\n", 0, begin) + 1)
    key_lines = re.compile(rf"^ {{{column}}}(?=[^\s#-])", re.MULTILINE)
    starts = [begin, *(found.end() for found in islice(key_lines.finditer(text, begin, end), _MOST_KEYS))]
    if len(starts) > _MOST_KEYS or (len(starts) == 1 and begin == start):
        return None
    entries: list[tuple[Scalar, Node]] = []
    hangs = False
    for at, until in pairwise((*starts, end)):
        key = _KEY.match(text, at, until)
        if hangs and not _KNOWN_KEY.match(text, at, until):
            # The text of the block above, which is not indented: that is said of the block, which is empty.
            continue
        hangs = _EMPTY_BLOCK.fullmatch(text, at, until) is not None
        node = _read(source, text, Piece(at, until, False), until)
        if isinstance(node, MapNode):
            entries += node.entries
        elif key:
            entries.append((Scalar(key.group().strip("\"'"), at, key.end(), ""), Unusable(key.end(), until)))
    return MapNode(entries, begin, end, False)


def _without_markers(source: SourceText) -> str:
    """The text with its document markers blanked; those after the beginning are errors."""
    text = source.text
    # A plain search first: it is many times faster, and nearly no file has what it looks for.
    if not any(f"\n{mark}" in text or text.startswith(mark) for mark in ("---", "...")):
        return text
    content = _CONTENT.search(text)
    first = content.start() if content else len(text)
    filled = len(text.rstrip())
    for marker in _MARKER.finditer(text, first):
        if marker.end() < filled:
            source.error(
                marker.start(),
                "D113",
                f"`{marker.group()}` begins another YAML document, which would never be read",
                f"Remove the line `{marker.group()}`; a deck is one document.",
            )
    return _MARKER.sub("   ", text)


@cache
def _candidates(in_notes: bool, dash: int | None) -> re.Pattern[str]:
    """Finds the lines with which a piece may begin, so that all others are passed over without a look from Python.

    It begins with the line end before, which is found many times faster than the beginning of a line.
    """
    if not in_notes:
        return re.compile(rf"\n(?:{_TOP.pattern}|{_TOP_WORD.pattern}|{_BARE_NOTES.pattern})", re.MULTILINE)
    dashes, keys = "[ \t]*+", " *+"
    if dash is not None and dash < _MOST_COLUMNS:
        # A dash further in is of a list inside a note; behind a tab nothing is sure.
        dashes, keys = rf"(?: {{0,{dash + 1}}}+|[ \t]*\t[ \t]*+)", rf" {{0,{dash}}}+"
    return re.compile(
        rf"\n(?:{_TOP.pattern}|{dashes}-(?=\s|$|{_ANY_KEY}:(?:\s|$))|{keys}{_ANY_KEY}:(?=\s|$))", re.MULTILINE
    )


_MOST_COLUMNS = 40
"""Dashes further in than so many columns are looked for in any column; each column has a pattern of its own."""


def _pieces(source: SourceText, text: str) -> Iterator[Piece]:
    """The pieces in order. Comments and blank lines belong to the piece before them."""
    start = count = at = 0
    in_notes = is_note = False
    dash: int | None = None
    while at <= len(text):
        begin = at
        if at:
            candidates = _candidates(in_notes, None if dash is None else min(dash, _MOST_COLUMNS))
            found = candidates.search(text, at - 1)
            if found is None:
                break
            begin = found.start() + 1
        at = text.find("\n", begin) + 1 or len(text) + 1
        line = text[begin:at]
        begins_note = False
        if not in_notes and _BARE_NOTES.match(line):
            source.error(begin + len("notes"), "D109", "no colon follows `notes`", "Write `notes:`.")
            begins_top = in_notes_now = True
        elif _TOP.match(line) or (not in_notes and _TOP_WORD.match(line)):
            if in_notes and dash == 0 and line.startswith(("topic", "was")):
                continue
            begins_top, in_notes_now = True, _NOTES.fullmatch(line.strip()) is not None
        else:
            begins_top, in_notes_now = False, in_notes
            if in_notes:
                dash, begins_note = _begins_note(source, begin, line, dash)
        if begins_top or begins_note:
            count += 1
            if count > MOST_ENTRIES:
                too_many_entries(source, begin, "notes and keys")
            if begin > start:
                yield Piece(start, begin, is_note)
            start, is_note = begin, begins_note
            if begins_top:
                dash = None
        in_notes = in_notes_now
    if start < len(text):
        yield Piece(start, len(text), is_note)


def _begins_note(source: SourceText, at: int, line: str, dash: int | None) -> tuple[int | None, bool]:
    """The column of the notes' dashes (None before the first), and whether a note begins on this line."""
    found = _DASH.match(line)
    stuck = stuck_dash(line.rstrip("\n")) if found else ""
    if stuck and found and (dash is None or len(found.group(1)) <= dash + 1):
        source.error(at + len(found.group(1)), "D109", "no space follows the dash", stuck)
        return (len(found.group(1)) if dash is None else dash), True
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
                f"Move the dash to column {dash + 1}, and the note's keys with it.",
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
