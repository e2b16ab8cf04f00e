"""A question and its answer: one Anki note, of one card or two."""

from __future__ import annotations

from nlpcards.anki.fields import Fields
from nlpcards.anki.kinds.shape import AnkiNote
from nlpcards.anki.note_types import BASIC, BOTH_WAYS
from nlpcards.core.cards import Note
from nlpcards.core.kinds.basic import Basic


def anki_notes(note: Note, body: Basic, fields: Fields) -> tuple[AnkiNote, ...]:
    """The Anki note; asked both ways it is of another note type, whose second card asks for the question."""
    note_type = BOTH_WAYS if body.both else BASIC
    sides = (fields.html(note, body.question), fields.html(note, body.answer))
    return (AnkiNote(note.full_id, note_type, sides, (0, 1) if body.both else (0,), body.card_keys()),)
