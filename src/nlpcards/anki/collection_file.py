"""The SQLite file inside a package: Anki's legacy schema, which every Anki reads.

genanki writes its schema, note types and decks; the notes and cards go in as rows here, in batches, so that memory does
not grow with their number, and with the modification time of their content, where genanki would put the time of the
export: Anki updates a note in place only where that time grew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

from nlpcards.anki.made_before import Made
from nlpcards.anki.note_types import DESIGN_TIME, NOTE_TYPE, NoteType, model

BATCH = 512
"""Notes written at a time."""

_CONFIG = '{"schedVer": 2, "sched2021": true, "rollover": 4, "creationOffset": 0}'
_CREATED = 1_577_880_000
"""Noon UTC of 2020-01-01, the day from which due days in a package count."""

_NOTE = "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
_CARD = "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"


class Row(NamedTuple):
    """One Anki note with its new cards, as it stands in the file: `made` with the ordinals `ords` of its cards.

    `mod` is when its content came to be, in unix seconds. `id` and `card_ids` are Anki's (milliseconds by convention).
    `position` is its place among new cards.
    """

    id: int
    guid: str
    mod: int
    made: Made
    deck: int
    position: int
    card_ids: Sequence[int]
    ords: Sequence[int]


def write_collection(
    to: Path, rows: Iterable[Row], decks: Mapping[str, int], more: Callable[[sqlite3.Cursor], object] | None = None
) -> None:
    """Write the file. `decks` maps their full names to their ids, and is read after the rows; `more` writes what else
    there is, after all that.
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
        used: dict[int, NoteType] = {}
        source = iter(rows)
        while batch := list(islice(source, BATCH)):
            used |= {row.made.note_type: NOTE_TYPE[row.made.note_type] for row in batch}
            cursor.executemany(_NOTE, map(_note, batch))
            cursor.executemany(_CARD, _cards(batch))
        for name, number in decks.items():
            deck = genanki.Deck(number, name)
            for note_type in used.values():
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


def _note(row: Row) -> tuple[int | str, ...]:
    made = row.made
    return (row.id, row.guid, made.note_type, row.mod, made.tags, made.fields, made.sort)


def _cards(rows: Iterable[Row]) -> list[tuple[int, ...]]:
    return [
        (card, row.id, row.deck, ordinal, row.mod, row.position)
        for row in rows
        for card, ordinal in zip(row.card_ids, row.ords, strict=True)
    ]
