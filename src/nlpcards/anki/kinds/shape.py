"""What a note kind makes of a note for Anki."""

from __future__ import annotations

from typing import NamedTuple

from nlpcards.anki.note_types import NoteType


class AnkiNote(NamedTuple):
    """One note in Anki.

    `id` is what it stands for: the note (`deck/note`), or a card where a note becomes several; its GUID follows from
    the root of that id. `fields` are the note type's own fields, before those that all note types have. `ords` are the
    ordinals of its cards, never empty; `keys` the keys of those cards, in the same order.
    """

    id: str
    note_type: NoteType
    fields: tuple[str, ...]
    ords: tuple[int, ...]
    keys: tuple[str, ...]
