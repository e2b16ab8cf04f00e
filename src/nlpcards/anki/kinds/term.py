"""A term and its definition: one Anki note of two cards."""

from __future__ import annotations

from nlpcards.anki.fields import Fields
from nlpcards.anki.kinds.shape import AnkiNote
from nlpcards.anki.note_types import TERM
from nlpcards.core.cards import Note
from nlpcards.core.kinds.term import Term


def anki_notes(note: Note, body: Term, fields: Fields) -> tuple[AnkiNote, ...]:
    """The Anki note, whose first card asks for the definition and whose second asks for the term."""
    sides = (fields.html(note, body.term), fields.html(note, body.definition))
    return (AnkiNote(note.full_id, TERM, sides, (0, 1), body.card_keys()),)
