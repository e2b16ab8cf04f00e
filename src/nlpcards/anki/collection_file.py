"""The SQLite file inside a package: Anki's legacy schema, which every Anki reads.

genanki writes its schema, note types and decks; the notes and cards go in as rows here, in batches, so that memory does
not grow with their number, and with the modification time of their content, where genanki would put the time of the
export: Anki updates a note in place only where that time grew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from nlpcards.anki.note_types import DESIGN_TIME, NoteType, model

BATCH = 512
"""Notes written at a time."""

_CONFIG = '{"schedVer": 2, "sched2021": true, "rollover": 4, "creationOffset": 0}'
_CREATED = 1_577_880_000
"""Noon UTC of 2020-01-01, the day from which due days in a package count."""

_NOTE = "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
_CARD = "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"


@dataclass(frozen=True, slots=True)
class Row:
    """One Anki note with its new cards, as it stands in the file.

    `mod` is when its content came to be, in unix seconds. `id` and `card_ids` are Anki's (milliseconds by convention).
    `position` is its place among new cards. `sort` is the text Anki's browser sorts it by.
    """

    id: int
    guid: str
    note_type: NoteType
    mod: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    sort: str
    deck: int
    position: int
    card_ids: tuple[int, ...]
    ords: tuple[int, ...]


def write_collection(to: Path, rows: Iterable[Row], decks: Mapping[str, int]) -> None:
    """Write the file. `decks` maps their full names to their ids, and is read after the rows."""
    import genanki

    with closing(sqlite3.connect(to, isolation_level=None)) as db:
        # The file is thrown away unless all goes well, so it needs no journal of its own.
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        cursor = db.cursor()
        genanki.Package([]).write_to_db(cursor, DESIGN_TIME, count())
        db.execute("BEGIN")  # only now: genanki's scripts end any transaction
        used: dict[int, NoteType] = {}
        source = iter(rows)
        while batch := list(islice(source, BATCH)):
            used |= {row.note_type.id: row.note_type for row in batch}
            cursor.executemany(_NOTE, map(_note, batch))
            cursor.executemany(_CARD, (card for row in batch for card in _cards(row)))
        for name, number in decks.items():
            deck = genanki.Deck(number, name)
            for note_type in used.values():
                deck.add_model(model(note_type))
            deck.write_to_db(cursor, DESIGN_TIME, count())
        # Without the scheduler's version Anki takes the file for an old one and shifts the ratings of every review in
        # it.
        cursor.execute("UPDATE col SET crt = ?, conf = json_patch(conf, ?)", (_CREATED, _CONFIG))
        db.execute("COMMIT")


def _note(row: Row) -> tuple[int | str, ...]:
    tags = f" {' '.join(row.tags)} " if row.tags else ""
    return (row.id, row.guid, row.note_type.id, row.mod, tags, "\x1f".join(row.fields), row.sort)


def _cards(row: Row) -> Iterable[tuple[int | str, ...]]:
    for card, ordinal in zip(row.card_ids, row.ords, strict=True):
        yield (card, row.id, row.deck, ordinal, row.mod, row.position)
