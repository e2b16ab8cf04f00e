"""A question whose answer is typed: one Anki note, whose answer Anki compares letter by letter."""

from __future__ import annotations

from nlpcards.anki.fields import Fields, text_field
from nlpcards.anki.kinds.shape import AnkiNote
from nlpcards.anki.note_types import TYPED
from nlpcards.core.cards import Note
from nlpcards.core.kinds.typed import Typed
from nlpcards.core.markup.parser import parse
from nlpcards.core.markup.tree import words
from nlpcards.core.replies import is_marked


def anki_notes(note: Note, body: Typed, fields: Fields) -> tuple[AnkiNote, ...]:
    """The Anki note. Anki knows one right answer and no tolerance, so the others and the tolerance are shown."""
    plain = " ".join(body.answer.split())
    own = (
        fields.html(note, body.question),
        fields.html(note, body.answer) if is_marked(body.answer) else text_field(plain),
        # What a learner can type: the answer's words, without the marks of code and maths.
        text_field((words(parse(body.answer)) if is_marked(body.answer) else "") or plain),
        fields.line(note, *body.accept),
        within(body.tolerance),
    )
    return (AnkiNote(note.full_id, TYPED, own, (0,), body.card_keys()),)


def within(tolerance: str) -> str:
    """A tolerance as a field; empty where there is none."""
    return text_field(f"± {tolerance}") if tolerance else ""
