"""What each note kind becomes in Anki, one module each.

A kind's module has `anki_notes`, which gives one Anki note, or several where a row or a step is to be added later
without touching any note type. A new kind is one module here and one line in the function below.
"""

from __future__ import annotations

from typing import assert_never

from nlpcards.anki.fields import Fields
from nlpcards.anki.kinds import basic, cloze, contrast, drill, explain, steps, term, typed
from nlpcards.anki.kinds.shape import AnkiNote
from nlpcards.core.cards import Note
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.core.kinds.contrast import Contrast
from nlpcards.core.kinds.drill import Drill
from nlpcards.core.kinds.explain import Explain
from nlpcards.core.kinds.steps import Steps
from nlpcards.core.kinds.term import Term
from nlpcards.core.kinds.typed import Typed

__all__ = ["AnkiNote", "anki_notes"]


def anki_notes(note: Note, fields: Fields) -> tuple[AnkiNote, ...]:
    """The Anki notes of a note, in the order in which their cards are introduced."""
    body = note.body
    match body:
        case Basic():
            return basic.anki_notes(note, body, fields)
        case ClozeText():
            return cloze.anki_notes(note, body, fields)
        case Term():
            return term.anki_notes(note, body, fields)
        case Typed():
            return typed.anki_notes(note, body, fields)
        case Contrast():
            return contrast.anki_notes(note, body, fields)
        case Steps():
            return steps.anki_notes(note, body, fields)
        case Drill():
            return drill.anki_notes(note, body, fields)
        case Explain():
            return explain.anki_notes(note, body, fields)
        case _:
            assert_never(body)
