"""A deck file as its author laid it out: keys, values, blank lines, and each comment with the key that it belongs to.

YAML's parser gives neither comments nor blank lines. A `#` that is a comment stands between two texts and never in
one, so comments are found where the parsed texts are not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple, assert_never

from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, Unusable
from nlpcards.decks.source import SourceText

_COMMENT = re.compile(r"#[^\n]*")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its `#`; `column` counts from 0, `blank` says that a blank line stands above it.

    `gap` is the number of spaces between it and what stands before it in its line, 0 where nothing does.
    """

    text: str
    column: int
    blank: bool
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A text; `style` is YAML's: empty for plain, a quote, `|` or `>`."""

    value: str
    style: str = ""


@dataclass(slots=True)
class Group:
    """A list or a mapping. `flow` says that it was written in brackets; `after` are the comments at its end."""

    entries: list[Entry]
    is_list: bool
    flow: bool = False
    after: list[Comment] = field(default_factory=list)

    def get(self, key: str) -> Entry | None:
        """The entry of a key."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(slots=True)
class Entry:
    """A key, or a dash (then `key` is empty), with its value.

    `above` are the comments on lines of their own before it, `beside` is the one at the end of its first line. `blank`
    says that a blank line stands right above it.
    """

    key: str
    value: Text | Group
    above: list[Comment] = field(default_factory=list)
    beside: Comment | None = None
    blank: bool = False

    @property
    def entries(self) -> list[Entry]:
        """What stands below it; nothing where its value is a text."""
        return self.value.entries if isinstance(self.value, Group) else []


@dataclass(slots=True)
class Layout:
    """A whole file: the comments at its top, and its keys."""

    header: list[Comment]
    root: Group


def lay_out(source: SourceText, node: MapNode) -> Layout:
    """The layout of a deck file that was read without an error, and gave this node."""
    reading = _Reading(source)
    root = reading.group(node, ())
    header = reading.attach_comments()
    return Layout(header, root)


def comments_of(source: SourceText, node: MapNode) -> list[str]:
    """The comments of a deck file that was read without an error, in its order, as they are written."""
    reading = _Reading(source)
    _add_scalars(node, reading.scalars)
    return [reading.written(index) for index in reading.comments()]


class _Anchor(NamedTuple):
    """An entry in lines: where it and its value stand, and the groups around it with their columns, outermost first."""

    start: int
    column: int
    entry: Entry
    around: tuple[tuple[int, Group], ...]
    value: Node


class _Reading:
    def __init__(self, source: SourceText) -> None:
        self.text = source.text
        self.anchors: list[_Anchor] = []
        self.scalars: list[Scalar] = []

    def group(self, node: MapNode | ListNode, around: tuple[tuple[int, Group], ...]) -> Group:
        """The group of a node, after noting every text and every entry in it that has lines of its own."""
        group = Group([], isinstance(node, ListNode), node.flow)
        for key, value in _children(node):
            start = value.start if isinstance(key, _Dash) else key.start
            if isinstance(key, _Dash) and not node.flow:
                start = self._dash(value.start)
            entry = Entry("" if isinstance(key, _Dash) else key.value, Text(""))
            if not node.flow:
                column = self._column(start)
                inside = (*around, (column, group))
                self.anchors.append(_Anchor(start, column, entry, inside, value))
                # What stands in the line of its list's dash has no line above it.
                own_line = not self.text[start - column : start].strip()
                entry.blank = own_line and bool(group.entries or not around) and self._is_blank_above(start)
            else:
                inside = around
            if not isinstance(key, _Dash):
                self.scalars.append(key)
            entry.value = self._value(value, inside)
            group.entries.append(entry)
        return group

    def _value(self, node: Node, around: tuple[tuple[int, Group], ...]) -> Text | Group:
        match node:
            case Scalar():
                self.scalars.append(node)
                return Text(node.value, node.style)
            case MapNode() | ListNode():
                return self.group(node, around)
            case Unusable():
                raise AssertionError("a file without errors has nothing unusable")
            case _:
                assert_never(node)

    def _dash(self, before: int) -> int:
        """Where the dash of the list's item that begins at `before` stands."""
        after = self.scalars[-1].end if self.scalars else 0
        gap = _COMMENT.sub(lambda found: " " * len(found.group()), self.text[after:before])
        return after + gap.rindex("-")

    def attach_comments(self) -> list[Comment]:
        """Give each comment to the entry or the group that it belongs to; gives those at the top of the file."""
        header: list[Comment] = []
        starts = [anchor.start for anchor in self.anchors]
        for index in self.comments():
            at = bisect_right(starts, index)
            following = self.anchors[at] if at < len(self.anchors) else None
            column = self._column(index)
            before = self.text[index - column : index]
            own_line = not before.strip()
            gap = 0 if own_line else len(before) - len(before.rstrip())
            comment = Comment(self.written(index), column, own_line and self._is_blank_above(index), gap)
            if at == 0:
                header.append(comment)
            else:
                _attach(comment, index, own_line, self.anchors[at - 1], following)
        return header

    def comments(self) -> Iterator[int]:
        """The index of each comment."""
        starts = [scalar.start for scalar in self.scalars]
        at = 0
        while (index := self.text.find("#", at)) >= 0:
            number = bisect_right(starts, index) - 1
            scalar = self.scalars[number] if number >= 0 else None
            beside_mark = scalar and scalar.style in ("|", ">") and index < self._end_of_line(scalar.start)
            if scalar is None or index >= scalar.end or beside_mark:
                yield index
                at = self._end_of_line(index)
            else:
                at = scalar.end

    def written(self, index: int) -> str:
        """The comment that begins at an index."""
        return self.text[index : self._end_of_line(index)].rstrip()

    def _end_of_line(self, index: int) -> int:
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end

    def _column(self, index: int) -> int:
        return index - (self.text.rfind("\n", 0, index) + 1)

    def _is_blank_above(self, index: int) -> bool:
        start = self.text.rfind("\n", 0, index) + 1
        return start > 0 and not self.text[self.text.rfind("\n", 0, start - 1) + 1 : start].strip()


def _add_scalars(node: Node, scalars: list[Scalar]) -> None:
    """Add the keys and texts of a node, in the file's order."""
    if isinstance(node, Scalar):
        scalars.append(node)
    elif isinstance(node, ListNode):
        for item in node.items:
            _add_scalars(item, scalars)
    elif isinstance(node, MapNode):
        for key, value in node.entries:
            scalars.append(key)
            _add_scalars(value, scalars)


class _Dash(NamedTuple):
    """Stands for the key that an item of a list does not have."""


def _children(node: MapNode | ListNode) -> Iterator[tuple[Scalar | _Dash, Node]]:
    if isinstance(node, MapNode):
        yield from node.entries
    else:
        yield from ((_Dash(), item) for item in node.items)


def _attach(comment: Comment, index: int, own_line: bool, before: _Anchor, following: _Anchor | None) -> None:
    """Give a comment to the entry before it or after it, or to a group that ends between the two."""
    value = before.value
    in_lines = isinstance(value, MapNode | ListNode) and not value.flow
    inside_brackets = not isinstance(value, Scalar) and value.start <= index < value.end
    if not in_lines and (index < value.start or inside_brackets):
        before.entry.above.append(comment)
    elif not own_line:
        if isinstance(before.entry.value, Group) and not before.entry.key:
            # Beside a dash whose note begins in the next line.
            before.entry.above.append(comment)
        else:
            before.entry.beside = comment
    elif following is not None and (following.entry.above or comment.column <= following.column):
        following.entry.above.append(comment)
    else:
        ended = [
            (column, group)
            for column, group in before.around
            if column <= comment.column and (following is None or column > following.column)
        ]
        if ended:
            # The innermost; of those in the same column the outer one, since a list may stand in that of its key.
            max(ended, key=itemgetter(0))[1].after.append(comment)
        elif following is not None:
            following.entry.above.append(comment)
        else:
            before.around[0][1].after.append(comment)
