"""Where the notes of a deck file stand in it, key by key, for checks that run after the notes were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, assert_never

from nlpcards.core.cards import Note
from nlpcards.core.kinds import KINDS, Entries, Fields, Flag, Shape, Text, Texts, Word, Words
from nlpcards.decks.files import Content, clean_text, decode, read_content
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.recovery import read_yaml
from nlpcards.decks.scalars import index_of
from nlpcards.decks.shapes import node_at
from nlpcards.decks.source import GivenUp, SourceText

KeyPath = tuple[str | int, ...]
"""Keys and list indexes that lead to a value of a note."""


class WrittenText(NamedTuple):
    """A Markdown text of a note, and the keys that lead to it; `cloze` says that its `{{c1::…}}` are clozes."""

    path: KeyPath
    text: str
    cloze: bool


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note with the place of its keys; `node` is None where the file is no longer the one that was read."""

    note: Note
    source: SourceText | None
    node: MapNode | None

    def problem(
        self,
        code: str,
        path: KeyPath,
        message: str,
        hint: str,
        *,
        offset: int = 0,
        severity: Severity = Severity.ADVICE,
    ) -> Problem:
        """A problem at a character of the value that a path of keys leads to."""
        place = self.note.place
        line, column = place.line, place.column
        if self.node is not None and self.source is not None:
            node = node_at(self.node, path)
            at = node.start
            # A text full of mistakes would be searched for each of them; then its beginning has to do.
            with suppress(GivenUp):
                at = index_of(self.source, node, offset) if isinstance(node, Scalar) and offset else at
            line, column = self.source.position(at)
        return Problem(place.path, line, column, severity, code, message, hint)

    def texts(self) -> Iterator[WrittenText]:
        """The Markdown texts of the note, in the order of its keys, `why` last."""
        body = self.note.body
        for key, shape in KINDS[body.kind].keys.items():
            value = body.written().get(key)
            if value is not None:
                yield from _texts(shape, (key,), value, cloze=key == "cloze")
        if self.note.why:
            yield WrittenText(("why",), self.note.why, False)


def _texts(shape: Shape, path: KeyPath, value: object, *, cloze: bool) -> Iterator[WrittenText]:
    match shape:
        case Text():
            yield WrittenText(path, str(value), cloze)
        case Texts():
            assert isinstance(value, tuple)
            for at, text in enumerate(value):
                yield WrittenText((*path, at), str(text), False)
        case Fields():
            assert isinstance(value, Mapping)
            for name, each in value.items():
                within = shape.keys.get(name, shape.others)
                if within is not None:
                    yield from _texts(within, (*path, name), each, cloze=False)
        case Entries():
            assert isinstance(value, Mapping)
            for name, each in value.items():
                yield from _texts(shape.of, (*path, name), each, cloze=False)
        case Word() | Words() | Flag():
            return
        case _:
            assert_never(shape)


@dataclass(frozen=True, slots=True)
class Layout:
    """A deck file's text and its lines, and its notes by the line and column they begin at."""

    source: SourceText
    lines: list[str]
    notes: dict[tuple[int, int], MapNode]

    def written(self, note: Note) -> WrittenNote:
        """A note of this file."""
        return WrittenNote(note, self.source, self.notes.get((note.place.line, note.place.column)))


_MOST_LINES = 10_000
"""So many lines are kept of a file that holds no notes, and may be made of line ends alone."""


def lay_out(path: Path, *, notes: bool = True) -> Layout | None:
    """The layout of a file as it is now, its `notes` only if asked for; None where it cannot be read."""
    content = read_content(path)
    if not isinstance(content, Content):
        return None
    source = clean_text(decode(content.data), str(path))
    if source.is_given_up or not notes:
        return Layout(source, source.text.split("\n", _MOST_LINES)[:_MOST_LINES], {})
    lines = source.text.split("\n")
    whole = _Whole()
    root = None
    with suppress(GivenUp):
        root = read_yaml(source, whole)
    nodes = whole.nodes
    for _, value in root.entries if isinstance(root, MapNode) else ():
        if isinstance(value, ListNode):
            nodes += value.items
    return Layout(source, lines, {source.position(each.start): each for each in nodes if isinstance(each, MapNode)})


class _Whole:
    """Keeps all notes."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def begin(self, root: MapNode) -> Callable[[Node], None] | None:
        return self.nodes.append

    def restart(self) -> None:
        self.nodes.clear()
