"""A procedure: one Anki note for each step, with the steps before it.

Each is a note of its own because Anki knows the cards of one note by their numbers alone: a step added in the middle
would shift all that follow.
"""

from __future__ import annotations

from nlpcards.anki.fields import Fields, text_field
from nlpcards.anki.kinds.shape import AnkiNote
from nlpcards.anki.note_types import STEPS
from nlpcards.core.cards import Note
from nlpcards.core.kinds.steps import Steps
from nlpcards.core.kinds.trees import numbered
from nlpcards.core.markup.tree import Document


def anki_notes(note: Note, body: Steps, fields: Fields) -> tuple[AnkiNote, ...]:
    """The Anki notes, in the order of the steps."""
    title = fields.html(note, body.title)
    texts = [text for _, text in body.steps]
    return tuple(
        AnkiNote(
            f"{note.full_id}#{key}",
            STEPS,
            (
                fields.tree(note, Document((numbered(index + 1, texts[index : index + 1]),))),
                title,
                fields.tree(note, Document((numbered(1, texts[:index]),))) if index else "",
                text_field(body.face(key, "").task),
            ),
            (0,),
            (key,),
        )
        for index, key in enumerate(body.card_keys())
    )
