"""Notes that came from Anki, and are of a note type of their owner's there: what they say here, in their own fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nlpcards.anki.importing.notes import Draftlike, drafts_of
from nlpcards.anki.importing.own_notes import Stored
from nlpcards.anki.importing.text import Converter
from nlpcards.anki.made_before import Made

_PLACES = {"q": 0, "a": 1, "cloze": 0}
"""The field in which a note of one of Anki's stock types has what stands under a key here, by its number."""


def says_the_same(stored: Stored, deck_name: str, written: Mapping[str, object]) -> bool:
    """Whether an import of Anki's note would make the keys `written` of it, which are those of the note here."""
    return _read(stored, deck_name) == dict(written)


def changed_fields(
    stored: Stored, deck_name: str, written: Mapping[str, object], made: Made
) -> tuple[tuple[str, str], ...] | None:
    """What Anki's note must have in its fields, by their names, to say what the note says here; `made` is what an
    export makes of it. None where its note type has no place for it: then nothing of it is touched.

    Whatever the note type is, the new text is taken only where an import of it would give the very note back.
    """
    before = _read(stored, deck_name)
    if before is None or before.keys() != written.keys():
        return None
    ours = made.fields.split("\x1f")
    fields = list(stored.note.fields)
    for key, place in _PLACES.items():
        if key in written and written[key] != before[key]:
            if place >= min(len(fields), len(stored.kind.fields)):
                return None
            fields[place] = ours[place]
    changed = stored._replace(note=replace(stored.note, fields=tuple(fields)))
    if _read(changed, deck_name) != dict(written):
        return None
    return tuple(
        (name, new)
        for name, old, new in zip(stored.kind.fields, stored.note.fields, fields, strict=False)
        if new != old
    )


def _read(stored: Stored, deck_name: str) -> dict[str, object] | None:
    """The keys of the one note that an import would make of it, None where it would not make one."""
    found = list(drafts_of(stored, deck_name, Converter()))
    only = found[0] if len(found) == 1 else None
    return dict(only.body) if isinstance(only, Draftlike) else None
