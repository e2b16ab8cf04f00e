"""A table to compare things by: one Anki note for each cell, which hides it.

Each is a note of its own because Anki knows the cards of one note by their numbers alone: a row added in the middle
would shift all below it.
"""

from __future__ import annotations

from nlpcards.anki.fields import Fields
from nlpcards.anki.kinds.shape import AnkiNote
from nlpcards.anki.note_types import CONTRAST
from nlpcards.core.cards import Note
from nlpcards.core.kinds.contrast import Contrast


def anki_notes(note: Note, body: Contrast, fields: Fields) -> tuple[AnkiNote, ...]:
    """The Anki notes, in the order of the cards: row by row."""
    named = {
        f"cell.{row.slug}.{slug}": (row.ask, label) for row in body.by for slug, label in body.of if slug in row.cells
    }
    return tuple(
        AnkiNote(
            f"{note.full_id}#{key}",
            CONTRAST,
            (fields.line(note, *named[key]), fields.tree(note, body.face(key, "").question_tree())),
            (0,),
            (key,),
        )
        for key in body.card_keys()
    )
