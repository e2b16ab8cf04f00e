"""The SQLite file inside a package: Anki's legacy schema, which every Anki reads.

genanki writes its schema, note types and decks; the notes and cards go in as rows here, in batches, so that memory does
not grow with their number, and with the modification time of their content, where genanki would put the time of the
export: Anki updates a note in place only where that time grew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from itertools import count
from pathlib import Path

from nlpcards.anki.note_types import DESIGN_TIME, NoteType, model

_CONFIG = '{"schedVer": 2, "sched2021": true, "rollover": 4, "creationOffset": 0}'
_CREATED = 1_577_880_000
"""Noon UTC of 2020-01-01, the day from which due days in a package count."""

_NOTE = "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
_CARD = "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"


NoteRow = tuple[int, str, int, int, str, str, str]
"""An Anki note: its id (milliseconds by convention), GUID, note type, when its content came to be (unix seconds), tags
and fields as in Anki's table, and the words by which Anki sorts it. A bare tuple, as SQLite takes it: there are many.
"""

CardRow = tuple[int, int, int, int, int, int]
"""A new card: its id, the ids of its note and its deck, its ordinal, when its note's content came to be (unix seconds),
and its place among new cards.
"""

Batch = tuple[list[NoteRow], list[CardRow]]
"""Some notes and their cards."""


def write_collection(
    to: Path,
    batches: Iterable[Batch],
    decks: Mapping[str, int],
    note_types: Iterable[NoteType],
    more: Callable[[sqlite3.Cursor], object] | None = None,
) -> None:
    """Write the file. `decks` maps their full names to their ids; they and the `note_types` in use are read after the
    batches. `more` writes what else there is, after all that.
    """
    import genanki

    with closing(sqlite3.connect(to, isolation_level=None)) as db:
        # The file is thrown away unless all goes well, so it needs no journal of its own.
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        cursor = db.cursor()
        genanki.Package([]).write_to_db(cursor, DESIGN_TIME, count())
        db.execute("BEGIN")  # only now: genanki's scripts end any transaction
        indexes = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')  # made at the end, in one go each: half the time
        for notes, cards in batches:
            cursor.executemany(_NOTE, notes)
            cursor.executemany(_CARD, cards)
        for name, number in decks.items():
            deck = genanki.Deck(number, name)
            for note_type in note_types:
                deck.add_model(model(note_type))
            deck.write_to_db(cursor, DESIGN_TIME, count())
        # Without the scheduler's version Anki takes the file for an old one and shifts the ratings of every review in
        # it.
        cursor.execute("UPDATE col SET crt = ?, conf = json_patch(conf, ?)", (_CREATED, _CONFIG))
        if more is not None:
            more(cursor)
        for _, sql in indexes:
            cursor.execute(sql)
        db.execute("COMMIT")
