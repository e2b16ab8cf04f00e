"""Something to explain: one Anki note, with the points of a good explanation on the back."""

from __future__ import annotations

from nlpcards.anki.fields import Fields
from nlpcards.anki.kinds.shape import AnkiNote
from nlpcards.anki.note_types import EXPLAIN
from nlpcards.core.cards import Note
from nlpcards.core.kinds.explain import Explain
from nlpcards.core.kinds.trees import bullets


def anki_notes(note: Note, body: Explain, fields: Fields) -> tuple[AnkiNote, ...]:
    """The Anki note."""
    own = (fields.html(note, body.task), fields.tree(note, bullets(body.points)))
    return (AnkiNote(note.full_id, EXPLAIN, own, (0,), body.card_keys()),)
