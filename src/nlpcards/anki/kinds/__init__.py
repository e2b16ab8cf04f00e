"""What each note kind becomes in Anki, one module each.

A kind's module has `written` (the kind's own keys as in a deck file) and `anki_notes` (one Anki note, or several where
a row or a step is to be added later without touching any note type). A new kind is one module here and one line in each
of the two functions below.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from nlpcards.anki.fields import Fields
from nlpcards.anki.kinds import basic, cloze
from nlpcards.anki.kinds.shape import AnkiNote
from nlpcards.core.cards import Note
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.cloze import ClozeText

__all__ = ["AnkiNote", "anki_notes", "written"]


def anki_notes(note: Note, fields: Fields) -> tuple[AnkiNote, ...]:
    """The Anki notes of a note, in the order in which their cards are introduced."""
    body = note.body
    match body:
        case Basic():
            return basic.anki_notes(note, body, fields)
        case ClozeText():
            return cloze.anki_notes(note, body, fields)
        case _:
            assert_never(body)


def written(note: Note) -> Mapping[str, str | bool]:
    """The keys of the note's kind as its author wrote them."""
    body = note.body
    match body:
        case Basic():
            return basic.written(body)
        case ClozeText():
            return cloze.written(body)
        case _:
            assert_never(body)
