"""A question in numbers: one Anki note with one example to work out and further ones, folded.

Anki cannot draw numbers, so they are drawn here: always the same for a drill, as a package must not depend on when it
was made.
"""

from __future__ import annotations

from nlpcards.anki.fields import Fields
from nlpcards.anki.kinds.shape import AnkiNote
from nlpcards.anki.kinds.typed import within
from nlpcards.anki.note_types import DRILL
from nlpcards.anki.templates import folded
from nlpcards.core.cards import Note
from nlpcards.core.kinds import Face
from nlpcards.core.kinds.drill import Draw, Drill

FURTHER = 5
"""How many examples there are besides the one that is asked, where the drill has as many."""


def anki_notes(note: Note, body: Drill, fields: Fields) -> tuple[AnkiNote, ...]:
    """The Anki note."""
    (key,) = body.card_keys()
    card = f"{note.full_id}#{key}"
    examples = [_example(note, body, draw, fields) for draw in body.draws(card, 1 + FURTHER)]
    # Where no numbers give an answer, the card says so as it does everywhere else.
    question, answer = examples[0] if examples else _said(note, body.face(key, card), fields)
    folds = "".join(f"<li>{asked}{folded('worked', 'Answer', told).rstrip()}</li>" for asked, told in examples[1:])
    own = (question, answer, within(body.tolerance), f"<ol>{folds}</ol>" if folds else "")
    return (AnkiNote(note.full_id, DRILL, own, (0,), (key,)),)


def _example(note: Note, body: Drill, draw: Draw, fields: Fields) -> tuple[str, str]:
    """The question with some numbers, and how it is worked out."""
    return fields.html(note, body.asked(draw)), fields.tree(note, body.worked(draw))


def _said(note: Note, face: Face, fields: Fields) -> tuple[str, str]:
    return fields.html(note, str(face.question)), fields.html(note, str(face.answer))
