"""What each card says, as words to be searched: made once for a text, and kept in the cache folder.

Reading a thousand cards with formulas takes a second, so what was read is kept in a file of its own. It can be deleted
at any time; where it cannot be used, cards are read anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from nlpcards import __version__
from nlpcards.core.cards import Card, Note
from nlpcards.core.search.patterns import folded

_FORM = f"{__version__}/1"
"""What the file's words were made by; those of another form are made anew. The number rises when rendering changes."""

_BATCH = 500
"""So many cards read are written to the file at once: an interrupted search has not worked for nothing."""

MOST_KEPT = 400_000
"""Cards from which the file is begun anew, since most in it must be of former texts."""


class CardWords:
    """The words of cards; `file` keeps them, None for nowhere.

    `progress` is called now and then while many cards are read, with how many were so far.
    """

    def __init__(self, file: Path | None, progress: Callable[[int], None] | None = None) -> None:
        self._file = file
        self._progress = progress
        self._count = 0
        self._connection: sqlite3.Connection | None = None
        self._folded: dict[str, tuple[Note, str]] = {}
        self._fresh: list[tuple[str, str, str]] = []

    def words(self, card: Card) -> str:
        """All that a card shows on both sides and below, as words, line by line; of formulas the TeX too."""
        key = _key(card)
        kept = self._kept("words", key)
        return self._read(card, key)[0] if kept is None else kept

    def folded(self, card: Card) -> str:
        """The same, folded (see `patterns.folded`)."""
        known = self._folded.get(card.id)
        if known is not None and known[0] is card.note:  # a deck read again has other notes
            return known[1]
        key = _key(card)
        text = self._kept("folded", key)
        if text is None:
            text = self._read(card, key)[1]
        self._folded[card.id] = card.note, text
        return text

    def close(self) -> None:
        """Keep what was read, and close the file."""
        self._write()
        if self._connection is not None:
            self._connection.close()
        self._connection, self._file = None, None

    def _read(self, card: Card, key: str) -> tuple[str, str]:
        words = "\n".join(said(card))
        both = words, folded(words)
        self._fresh.append((key, *both))
        self._count += 1
        if self._count % _BATCH == 0:
            self._write()
            if self._progress is not None:
                self._progress(self._count)
        return both

    def _kept(self, column: str, key: str) -> str | None:
        connection = self._open()
        if connection is None:
            return None
        try:
            found = connection.execute(f"SELECT {column} FROM words WHERE card = ?", (key,)).fetchone()
        except sqlite3.Error:
            self._give_up()
            return None
        return None if found is None else str(found[0])

    def _write(self) -> None:
        fresh, self._fresh = self._fresh, []
        connection = self._open() if fresh else None
        if connection is None:
            return
        try:
            with connection:
                if connection.execute("SELECT count(*) FROM words").fetchone()[0] > MOST_KEPT:
                    connection.execute("DELETE FROM words")
                connection.executemany("INSERT OR REPLACE INTO words VALUES (?, ?, ?)", fresh)
        except sqlite3.Error:
            self._give_up()

    def _open(self) -> sqlite3.Connection | None:
        if self._connection is None and self._file is not None:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._connection = _opened(self._file)
            except sqlite3.OperationalError:
                self._file = None  # another process holds it, or the folder cannot be written to
            except sqlite3.DatabaseError:
                # Only what can be made anew lies here, so a damaged file is no matter to speak of.
                with suppress(OSError):
                    self._file.unlink()
                self._file = None
            except OSError:
                self._file = None
        return self._connection

    def _give_up(self) -> None:
        """Go on without the file: another process may hold it, or the disk be full."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._file = None, None


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=0.5)
    try:
        with connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("CREATE TABLE IF NOT EXISTS form (form TEXT)")
            if connection.execute("SELECT form FROM form").fetchall() != [(_FORM,)]:
                connection.execute("DROP TABLE IF EXISTS words")
                connection.execute("DELETE FROM form")
                connection.execute("INSERT INTO form VALUES (?)", (_FORM,))
            connection.execute("CREATE TABLE IF NOT EXISTS words (card TEXT PRIMARY KEY, words TEXT, folded TEXT)")
    except BaseException:
        connection.close()
        raise
    return connection


def _key(card: Card) -> str:
    return f"{card.note.body.kind} {card.content()}"


def said(card: Card) -> Iterator[str]:
    """What a card says: its question, its answer and its reason in words, then its formulas as TeX.

    A drill says what it asks the first time.
    """
    from nlpcards.core.markup.parser import parse
    from nlpcards.core.markup.tree import Math, MathBlock, walk
    from nlpcards.render.plain import plain

    face = card.face()
    answer = face.answer_tree()
    documents = [face.question_tree(), *([answer] if answer is not None else [])]
    if card.note.why:
        documents.append(parse(card.note.why))
    for document in documents:
        yield plain(document, ask=None, reveal=True)
    for document in documents:
        for node in walk(document):
            if isinstance(node, Math | MathBlock):
                yield " ".join(node.source.split())


def question_line(card: Card, repetition: int) -> str:
    """A card's question on one line, what it asks for hidden."""
    from nlpcards.render.plain import plain

    face = card.face(repetition)
    return " ".join(plain(face.question_tree(), ask=face.ask, reveal=False).split())
