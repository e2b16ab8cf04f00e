"""A text with spans to fill in: one Anki note with a card for each number."""

from __future__ import annotations

from nlpcards.anki.fields import Fields
from nlpcards.anki.kinds.shape import AnkiNote
from nlpcards.anki.note_types import CLOZE
from nlpcards.core.cards import Note
from nlpcards.core.kinds.cloze import ClozeText


def anki_notes(note: Note, body: ClozeText, fields: Fields) -> tuple[AnkiNote, ...]:
    """The Anki note. In Anki the card of number n has the ordinal n - 1, and a gap in the numbers stays one."""
    text = fields.cloze(note, body.text, body.numbers)
    return (AnkiNote(note.full_id, CLOZE, (text,), tuple(number - 1 for number in body.numbers), body.card_keys()),)
