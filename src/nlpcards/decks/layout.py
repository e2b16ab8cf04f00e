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
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, compose
from nlpcards.decks.plainly import Stretch
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
    """A note with the places of its keys in its file; `layout` is None where that cannot be read any more."""

    note: Note
    layout: Layout | None

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
        whole = self.layout.notes.get((line, column)) if self.layout is not None else None
        if self.layout is not None and whole is not None:
            node, source = node_at(whole, path), self.layout.source
            at = node.start
            # A text full of mistakes would be searched for each of them; then its beginning has to do.
            with suppress(GivenUp):
                at = index_of(source, node, offset) if isinstance(node, Scalar) and offset else at
            line, column = source.position(at)
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
    """A deck file's text and its lines, and its notes by the line and column they begin at.

    Of a roadmap, `notes` are all its entries. `lists` are the keys at the top below which they stand.
    """

    source: SourceText
    lines: list[str]
    notes: Mapping[tuple[int, int], MapNode]
    lists: tuple[str, ...] = ("notes",)

    def written(self, note: Note) -> WrittenNote:
        """A note of this file."""
        return WrittenNote(note, self)


class _Nodes(Mapping[tuple[int, int], MapNode]):
    """The notes of a file by their places. A plainly written one is parsed when it is asked for: few are."""

    def __init__(self, source: SourceText, nodes: dict[tuple[int, int], MapNode | Stretch]) -> None:
        self._source = source
        self._nodes = nodes

    def __getitem__(self, place: tuple[int, int]) -> MapNode:
        node = self._nodes[place]
        if isinstance(node, Stretch):
            # In a source of its own, since the notes that advice is on may be more than one reading of a file allows.
            parsed = compose(SourceText(self._source.text, self._source.path), node.text, node.start, outside=1)
            item = parsed.items[0] if isinstance(parsed, ListNode) else None
            assert isinstance(item, MapNode), "it was read at a glance"
            self._nodes[place] = node = item
        return node

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)


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
    placed: dict[tuple[int, int], MapNode | Stretch] = {
        source.position(each.start): each for each in nodes if isinstance(each, MapNode)
    }
    return Layout(source, lines, _Nodes(source, whole.glanced | placed))


class _Whole:
    """Keeps all notes, those that are plainly written as their lines, by their places."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.glanced: dict[tuple[int, int], MapNode | Stretch] = {}

    def begin(self, root: MapNode) -> Callable[[Node], None] | None:
        return self.nodes.append

    def glance(self, column: int) -> Callable[[Stretch], bool] | None:
        def take(stretch: Stretch) -> bool:
            if stretch.content is not None:
                self.glanced[stretch.line, column + 3] = stretch
            return stretch.content is not None

        return take

    def restart(self) -> None:
        self.nodes.clear()
        self.glanced.clear()
