"""A table to compare things by: one Anki note for each cell, which hides it.

Each is a note of its own because Anki knows the cards of one note by their numbers alone: a row added in the middle
would shift all below it.
"""

from __future__ import annotations

from nlpcards.anki.fields import Fields
from nlpcards.anki.kinds.shape import AnkiNote
from nlpcards.anki.note_types import CONTRAST
from nlpcards.core.cards import Note
from nlpcards.core.kinds.contrast import ASKED, Contrast


def anki_notes(note: Note, body: Contrast, fields: Fields) -> tuple[AnkiNote, ...]:
    """The Anki notes, in the order of the cards: row by row."""
    places = {
        f"cell.{row.slug}.{slug}": (at, column)
        for at, row in enumerate(body.by)
        for column, (slug, _) in enumerate(body.of)
        if slug in row.cells
    }
    # The labels of the rows stand in a column of their own.
    hidden = fields.hiding(note, body.table(), ASKED, [(at, column + 1) for at, column in places.values()])
    return tuple(
        AnkiNote(
            f"{note.full_id}#{key}",
            CONTRAST,
            (fields.line(note, body.by[at].ask, body.of[column][1]), table),
            (0,),
            (key,),
        )
        for (key, (at, column)), table in zip(places.items(), hidden, strict=True)
    )
