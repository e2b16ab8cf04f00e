"""By which GUID and ordinal Anki knows each card of the decks, without making any field.

Of a card that went to Anki from here both follow from its id. Of one that came from there neither does: then an alias
in the journal says what the card was called before it came, as it says that a card was renamed. So the card stays
known when its note is renamed or moved, on every device that has the journal, and no deck need say anything of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import quote

from nlpcards.anki.fields import Fields
from nlpcards.anki.kinds import anki_notes
from nlpcards.anki.media import Media
from nlpcards.anki.names import guid
from nlpcards.core.cards import Note
from nlpcards.core.journal import Alias, Body
from nlpcards.core.markup.tree import Document

_FROM_ANKI = "anki:/"
"""How the former id of a card begins that came from Anki: no deck can be called so."""

_LONGEST_GUID = 64


class AnkiCard(NamedTuple):
    """A card as every Anki collection knows it: its note's GUID, and its number there."""

    guid: str
    ord: int

    @property
    def former_id(self) -> str:
        """What a card that came from Anki was called before, as an alias in the journal says it."""
        # Anki's GUIDs hold what parts an id of ours, and one from a stranger has any length.
        written = quote(self.guid, safe="")
        if len(written) > _LONGEST_GUID:
            written = blake2b(self.guid.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        return f"{_FROM_ANKI}{written}#{self.ord}"


def is_alias_of_anki(body: Body) -> bool:
    """Whether it says what Anki calls a card that came from there."""
    return isinstance(body, Alias) and body.former.startswith(_FROM_ANKI)


def came_from_anki(names: Mapping[str, str]) -> frozenset[str]:
    """The present ids of the cards that came from Anki; `names` gives the present id for each former one."""
    return frozenset(present for former, present in names.items() if former.startswith(_FROM_ANKI))


class _NoFields(Fields):
    """Makes every field empty: only what a note is called is asked for."""

    def html(self, note: Note, markdown: str) -> str:
        return ""

    def cloze(self, note: Note, markdown: str, numbers: tuple[int, ...]) -> str:
        return ""

    def tree(self, note: Note, document: Document) -> str:
        return ""

    def line(self, note: Note, *texts: str) -> str:
        return ""


def identities(notes: Iterable[Note], root_of: Callable[[str], str]) -> dict[AnkiCard, str]:
    """The id of each card (`deck/note#key`) by what Anki calls it; `root_of` gives the first id that a note or a card
    ever had (see `export.package`).
    """
    fields = _NoFields(Media())
    found: dict[AnkiCard, str] = {}
    for note in notes:
        for made in anki_notes(note, fields):
            identity = guid(made.note_type, root_of(made.id))
            for number, key in zip(made.ords, made.keys, strict=True):
                found.setdefault(AnkiCard(identity, number), f"{note.full_id}#{key}")
    return found
