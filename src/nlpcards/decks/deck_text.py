"""A deck file as its bytes, with where its keys and notes stand in it, so that a little of it can be changed.

Everything that an edit does not name stays as it is to the byte: comments, layout, line ends, a byte order mark.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple, assert_never

from yaml.error import MarkedYAMLError

from nlpcards.core.errors import DeckErrors
from nlpcards.decks.files import clean_text, decode
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, SecondDocument, TooDeep, Unusable, compose
from nlpcards.decks.reader import read_text
from nlpcards.decks.source import GivenUp

_DASH = re.compile(r"^ *-(?=\s)", re.MULTILINE)
_HEADING = re.compile(r"\s*#+\s*([-=*~_#])\1\1")
"""A comment that is a rule or begins with one is the heading of a section, not a word on the note below it."""
_COMMENT_LINE = re.compile(r"( *)#[^\n]*\n?")


class Edit(NamedTuple):
    """Other text for what stands between two indexes; an insertion where they are equal."""

    start: int
    end: int
    text: str


class NoteText(NamedTuple):
    """Where a note stands: its keys, the column (from 0) of its dash and that of its keys.

    Its lines are those from `start` to before `end`: with the comments right above its dash, and those below it that
    are further in; the last one may be without a line end.
    """

    node: MapNode
    dash: int
    column: int
    start: int
    end: int

    def get(self, key: str) -> Node | None:
        """The value of a key."""
        return next((value for name, value in self.node.entries if name.value == key), None)

    @property
    def id(self) -> str:
        """The id as written, empty where there is none."""
        node = self.get("id")
        return node.value if isinstance(node, Scalar) else ""


class DeckText:
    """The text of a deck file. Indexes are those of `text`, which has neither carriage returns nor a byte order mark.

    Raises:
        DeckErrors: it is not UTF-8 or no YAML, so that nobody can say what stands where.
    """

    def __init__(self, data: bytes, path: str) -> None:
        self.data = data
        self.path = path
        raw = decode(data)
        source = clean_text(raw, path)
        self.text = source.text
        self._raw = raw
        node: Node | None = None
        try:
            node = None if source.found else compose(source)
        except (MarkedYAMLError, TooDeep, SecondDocument, GivenUp):
            pass
        if not isinstance(node, MapNode) or node.flow:
            raise mistakes_of(raw, path)
        self.root = node

    def get(self, key: str) -> Node | None:
        """The value of a key of the deck."""
        return next((value for name, value in self.root.entries if name.value == key), None)

    @cached_property
    def notes(self) -> tuple[NoteText, ...]:
        """The notes in the file's order.

        Raises:
            DeckErrors: they are no list in lines.
        """
        node = self.get("notes")
        if (
            node is None
            or (isinstance(node, Scalar) and not node.value)
            or (isinstance(node, ListNode) and not node.items)
        ):
            return ()
        if not isinstance(node, ListNode) or node.flow or not all(isinstance(item, MapNode) for item in node.items):
            raise DeckErrors(
                "the notes are not a list of notes in lines",
                place=self.path,
                remedy="Write each after a dash below `notes:`; nothing was changed.",
            )
        found: list[NoteText] = []
        before = self.key_start("notes")
        for item in node.items:
            assert isinstance(item, MapNode)
            dashes = list(_DASH.finditer(self.text, self.line_end(before), item.start + 1))
            dash = dashes[-1] if dashes else None
            if dash is None:
                raise DeckErrors("a note begins in the line of `notes:`", place=self.path, remedy="Run `nlpcards fmt`.")
            end = self.after(item)
            found.append(
                NoteText(
                    item,
                    dash.end() - 1 - dash.start(),
                    item.start - self.line_start(item.start) if not item.flow else dash.end() + 1 - dash.start(),
                    self._with_comments_above(dash.start(), self.line_end(before)),
                    self._with_comments_below(end, dash.end() - 1 - dash.start()),
                )
            )
            before = end - 1
        return tuple(found)

    def note(self, name: str) -> NoteText | None:
        """The first note with an id."""
        return next((note for note in self.notes if note.id == name), None)

    # ---- where things stand

    def line_start(self, index: int) -> int:
        """The index at which the line of an index begins."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """The index of the line feed that ends the line of an index, or that of the text's end."""
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end

    def key_start(self, key: str) -> int:
        """The index of a key of the deck that is there."""
        return next(name.start for name, _ in self.root.entries if name.value == key)

    def content_end(self, node: Node) -> int:
        """The index behind the last character of a value, blank lines and comments after it left out."""
        match node:
            case Scalar(start=start, end=end, style="|" | ">"):
                return start + len(self.text[start:end].rstrip())
            case Scalar(end=end) | Unusable(end=end):
                return end
            case ListNode(items=items, end=end, flow=flow):
                return end if flow or not items else self.content_end(items[-1])
            case MapNode(entries=entries, end=end, flow=flow):
                return end if flow or not entries else max(entries[-1][0].end, self.content_end(entries[-1][1]))
            case _:
                assert_never(node)

    def after(self, node: Node) -> int:
        """The index behind the last line of a value."""
        return min(self.line_end(self.content_end(node)) + 1, len(self.text))

    def _with_comments_above(self, start: int, least: int) -> int:
        """Where the comments begin that stand right above a line."""
        while start > least + 1:
            above = self.line_start(start - 1)
            line = _COMMENT_LINE.fullmatch(self.text, above, start)
            if above <= least or line is None or _HEADING.match(line.group()):
                break
            start = above
        return start

    def _with_comments_below(self, end: int, column: int) -> int:
        """Where the comments end that stand right below a note and are further in than its dash."""
        while (found := _COMMENT_LINE.match(self.text, end)) and len(found.group(1)) > column:
            end = found.end()
        return end

    # ---- changing it

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The file with some edits, which must not overlap; those of one place come in the order given."""
        raw, parts, at = self._raw, list[str](), 0
        line_end = "\r\n" if "\r\n" in raw else "\n"
        for start, end, text in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            first, last = self._raw_index(start), self._raw_index(end)
            assert first >= at, "edits overlap"
            parts += [raw[at:first], text.replace("\n", line_end)]
            at = last
        return "".join((*parts, raw[at:])).encode("utf-8", "surrogateescape")

    @cached_property
    def _carriage_returns(self) -> list[int]:
        """The indexes in `text` of the line feeds that have a carriage return before them in the file."""
        bom = int(self._raw.startswith("\ufeff"))
        return [found.start() - bom - number for number, found in enumerate(re.finditer("\r\n", self._raw))]

    def _raw_index(self, index: int) -> int:
        bom = int(self._raw.startswith("\ufeff"))
        return index + bom + bisect_left(self._carriage_returns, index)

    def appended(self, note: str) -> list[Edit]:
        """The edits that put a note after all others: its lines, the last with its line end, its dash in any column."""
        column = self.notes[-1].dash if self.notes else 2
        lines = indented(note, column)
        if self.notes:
            last = self.notes[-1]
            before = self.text[: last.end]
            apart = len(self.notes) == 1 or "\n\n" in self.text[self.notes[-2].end - 1 : last.start]
            gap = "\n" if apart else ""
            return [Edit(last.end, last.end, f"{'' if before.endswith(chr(10)) else chr(10)}{gap}{lines}")]
        end = len(self.text)
        missing = "" if self.text.endswith("\n") or not self.text else "\n"
        node = self.get("notes")
        if node is None:
            return [Edit(end, end, f"{missing}notes:\n{lines}")]
        edits = []
        if node.end > node.start:
            # `[]`, with the space before it.
            colon = self.text.rindex(":", 0, node.start) + 1
            edits.append(Edit(colon, node.end, ""))
        following = [name.start for name, _ in self.root.entries if name.start > self.key_start("notes")]
        place = min(following, default=end)
        above = self.text[:place].rstrip("\n").rpartition("\n")[2]
        gap = "\n" if above.lstrip().startswith("#") and not self.text[:place].endswith("\n\n") else ""
        return [*edits, Edit(place, place, f"{gap}{lines}" if following else f"{missing}{gap}{lines}")]

    def removed(self, note: NoteText) -> Edit:
        """The edit that takes a note out, with the blank lines before it (after it where it is the first)."""
        start, end = note.start, note.end
        if note is self.notes[0]:
            while end < len(self.text) and not self.text[end : self.line_end(end)].strip():
                end = min(self.line_end(end) + 1, len(self.text))
        else:
            while not self.text[self.line_start(start - 1) : start].strip():
                start = self.line_start(start - 1)
        return Edit(start, end, "")

    def with_key(self, note: NoteText, key: str, value: str) -> Edit:
        """The edit that adds a key at the end of a note; `value` is YAML and may have more lines, already indented."""
        if note.node.flow:
            at = self.content_end(note.node) - 1
            return Edit(at, at, f", {key}: {value}")
        at = self.line_end(self.content_end(note.node))
        return Edit(at, at, f"\n{'':{note.column}}{key}:{'' if value.startswith(chr(10)) else ' '}{value}")


def indented(lines: str, column: int) -> str:
    """The lines of a note moved so that its dash stands in a column."""
    dash = _DASH.search(lines)
    assert dash is not None, "a note begins with a dash"
    by = column - (dash.end() - dash.start() - 1)
    if not lines.endswith("\n"):
        lines += "\n"
    if not by:
        return lines
    moved = []
    for line in lines.splitlines(keepends=True):
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        moved.append(f"{'':{max(0, indent + by)}}{bare}" if bare.strip() else line)
    return "".join(moved)


def mistakes_of(text: str, path: str) -> DeckErrors:
    """The first mistake of a deck's text, as what stops a change of the file."""
    error = next((problem for problem in read_text(text, path).problems if problem.is_error), None)
    if error is None:
        return DeckErrors("the file is not laid out in lines", place=path, remedy="Run `nlpcards fmt` on it.")
    place = f"{path}:{error.line}:{error.column}"
    return DeckErrors(error.message, place=place, remedy=f"{error.hint} The file is as it was.")
