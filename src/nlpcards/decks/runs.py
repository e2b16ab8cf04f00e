"""The pieces of a deck file with a mistake: notes that a glance is enough for, and the others in runs to be parsed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from nlpcards.decks.nodes import MapNode, Node, Scalar, Sink
from nlpcards.decks.plainly import Stretch, plain_content
from nlpcards.decks.source import SourceText

_DASH = re.compile(r"([ \t]*)-")

TOGETHER = 16
"""So many notes are read at once in the hope that they are sound: a parser for each takes three times as long."""


class Piece(NamedTuple):
    """A part of the text: a top key with its value, or one note of the list under `notes`."""

    start: int
    end: int
    note: bool


class Glances:
    """Reads those notes among the pieces of a file that a glance is enough for, once the keys before them are read."""

    def __init__(self, source: SourceText, sink: Sink, text: str, entries: list[tuple[Scalar, Node]]) -> None:
        self._source = source
        self._sink = sink
        self._text = text
        self._entries = entries
        self._glance: Callable[[Stretch], bool] | None = None
        self._column = -1
        self.are_read = False
        """Whether any note was."""

    def read(self, piece: Piece) -> bool:
        """Whether a note was read."""
        if self._column < 0:
            self._begin(piece)
        if self._glance is None:
            return False
        text = self._text[piece.start : piece.end]
        line, _ = self._source.position(piece.start)
        stretch = Stretch(piece.start, piece.end, line, text, plain_content(text, self._column))
        is_read = self._glance(stretch)
        self.are_read = self.are_read or is_read
        return is_read

    def _begin(self, piece: Piece) -> None:
        dash = _DASH.match(self._text, piece.start)
        self._column = dash.end(1) - piece.start if dash else 0
        key = self._entries[-1][0] if self._entries else None
        if key is None or key.value != "notes":
            return
        if self._sink.begin(MapNode(self._entries[:-1], 0, key.start, False)):
            self._glance = self._sink.glance(self._column)


def runs(pieces: Iterable[Piece], glances: Glances) -> Iterator[list[Piece]]:
    """The pieces that a glance is not enough for: notes in a row together, all others by themselves."""
    run: list[Piece] = []
    # All are found first: a file with far too many is given up before any is read.
    for piece in list(pieces):
        if run and (not piece.note or len(run) == TOGETHER):
            yield run
            run = []
        if not piece.note:
            yield [piece]
        elif not glances.read(piece):
            run.append(piece)
        elif run:
            yield run
            run = []
    if run:
        yield run
