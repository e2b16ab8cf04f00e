"""By which GUID and ordinal Anki knows each card of the decks, without making any field.

Of a card that went to Anki from here both follow from its id. Of one that came from there neither does: then an alias
in the journal says what the card was called before it came, as it says that a card was renamed. So the card stays
known when its note is renamed or moved, on every device that has the journal, and no deck need say anything of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import quote, unquote

from nlpcards.anki.fields import Fields
from nlpcards.anki.kinds import anki_notes
from nlpcards.anki.media import Media
from nlpcards.anki.names import guid
from nlpcards.anki.note_types import NOTE_TYPE
from nlpcards.anki.reading.values import NoteType
from nlpcards.core.cards import Note, note_of
from nlpcards.core.journal import Alias, Body
from nlpcards.core.markup.tree import Document, Table

_FROM_ANKI = "anki:/"
"""How the former id of a card begins that came from Anki: no deck can be called so."""

_LONGEST_GUID = 64


class AnkiCard(NamedTuple):
    """A card as every Anki collection knows it: its note's GUID, and its number there."""

    guid: str
    ord: int

    @property
    def former_note(self) -> str:
        """What stands for its note in `former_id`."""
        # Anki's GUIDs hold what parts an id of ours, and one from a stranger has any length.
        written = quote(self.guid, safe="")
        if len(written) > _LONGEST_GUID:
            written = blake2b(self.guid.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        return f"{_FROM_ANKI}{written}"

    @property
    def former_id(self) -> str:
        """What a card that came from Anki was called before, as an alias in the journal says it."""
        return f"{self.former_note}#{self.ord}"


def numbers_of(stored: NoteType) -> dict[int, int]:
    """By the numbers that the cards of a note type have in a file, those by which they are known here: Anki's user may
    have put the templates of ours in another order, and theirs beside them (-1). Empty where all numbers stay.
    """
    ours = NOTE_TYPE.get(stored.id)
    if ours is None or ours.cloze:
        return {}
    of_id = {each.id: number for number, each in enumerate(ours.templates)}
    of_name = {each.name: number for number, each in enumerate(ours.templates)}
    known = [of_id.get(each.id, of_name.get(each.name)) for each in stored.templates]
    numbers = {}
    for number, (template, found) in enumerate(zip(stored.templates, known, strict=True)):
        if found is None:
            # Where templates have no ids, one that was renamed is known by its place alone.
            found = -1 if template.id or number in known else number
        if found != number:
            numbers[number] = found
    return numbers


class Origins:
    """Which notes came from Anki, and the GUIDs by which it has them: such a note keeps its GUID when it goes there
    again, so that Anki takes it for the one that it has.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        """`names` gives the present id of a card for each former one, as the journal has them."""
        self._cards: dict[str, AnkiCard] = {}
        self._owners: dict[str, tuple[int, str]] = {}
        for former, present in names.items():
            if not former.startswith(_FROM_ANKI):
                continue
            written, _, number = former.removeprefix(_FROM_ANKI).rpartition("#")
            if not number.isdecimal():
                continue
            card = AnkiCard(unquote(written), int(number))
            # Two notes of Anki's may be one here, and one there may be several here; either way one GUID is for one
            # note, the same in every export.
            self._cards[present] = min(card, self._cards.get(present, card))
            owner = (card.ord, note_of(present))
            self._owners[card.guid] = min(owner, self._owners.get(card.guid, owner))

    def __bool__(self) -> bool:
        """Whether any note came from Anki."""
        return bool(self._cards)

    def guid(self, note: str, keys: Iterable[str], ords: Sequence[int]) -> str | None:
        """The GUID that a note (`deck/note`) had in Anki, whose cards `keys` have the numbers `ords` there now; None
        where it did not come from there, or its cards have other numbers than they had.
        """
        if not self._cards:
            return None
        known = [(self._cards.get(f"{note}#{key}"), number) for key, number in zip(keys, ords, strict=True)]
        guids = {card.guid for card, _ in known if card is not None}
        if len(guids) != 1 or any(card is not None and card.ord != number for card, number in known):
            return None
        (only,) = guids
        return only if self._owners[only][1] == note else None


NOWHERE = Origins({})
"""No note came from Anki."""


def is_alias_of_anki(body: Body) -> bool:
    """Whether it says what Anki calls a card that came from there."""
    return isinstance(body, Alias) and body.former.startswith(_FROM_ANKI)


def notes_from_anki(names: Iterable[str]) -> frozenset[str]:
    """Every `AnkiCard.former_note` in the ids that some cards have or had."""
    return frozenset(name.rpartition("#")[0] for name in names if name.startswith(_FROM_ANKI))


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

    def hiding(self, note: Note, table: Table, number: int, places: Iterable[tuple[int, int]]) -> list[str]:
        return ["" for _ in places]

    def line(self, note: Note, *texts: str) -> str:
        return ""


def identities(notes: Iterable[Note], root_of: Callable[[str], str], origins: Origins) -> dict[AnkiCard, str]:
    """The id of each card (`deck/note#key`) by what Anki calls it; `root_of` gives the first id that a note or a card
    ever had (see `export.package`). A note that came from Anki is known by both GUIDs that it may go there with: its
    own, and the one that is made of its id.
    """
    fields = _NoFields(Media())
    found: dict[AnkiCard, str] = {}
    for note in notes:
        for made in anki_notes(note, fields):
            identity = guid(made.note_type, root_of(made.id))
            before = origins.guid(note.full_id, made.keys, made.ords)
            for number, key in zip(made.ords, made.keys, strict=True):
                card = f"{note.full_id}#{key}"
                found.setdefault(AnkiCard(identity, number), card)
                if before is not None:
                    found.setdefault(AnkiCard(before, number), card)
    return found
