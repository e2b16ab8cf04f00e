"""What of some notes a running Anki lacks, and what it has otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from nlpcards.anki.connect.changes import NoteChange, note_change
from nlpcards.anki.connect.stock_notes import changed_fields, says_the_same
from nlpcards.anki.export import Identity
from nlpcards.anki.history.identities import Origins, is_alias_of_anki
from nlpcards.anki.importing.own_notes import Stored
from nlpcards.anki.made_before import Made, MadeBefore
from nlpcards.anki.making import made_notes
from nlpcards.anki.media import Media
from nlpcards.anki.reading.collection import AnkiCollection
from nlpcards.anki.reading.values import StoredCard, StoredNote
from nlpcards.collection.bringing_back import Known
from nlpcards.collection.collection import Collection
from nlpcards.collection.exporting import MADE_BEFORE, Times, root_of
from nlpcards.core.cards import Deck, Note, note_of
from nlpcards.core.journal import Seen

_There = tuple[StoredNote, AnkiCollection]

Found = tuple[AnkiCollection, Sequence[StoredNote]]
"""A file of Anki's, and its notes."""


class NotesPush:
    """The notes of some decks beside those that Anki has.

    As with packages, what was changed there after it was changed here is its user's, and stays.
    """

    def __init__(
        self, collection: Collection, found: Sequence[Found], known: Known, times: Times, decks: Iterable[Deck]
    ) -> None:
        """`found` is what Anki has; `times` notes when each note's content was first seen."""
        self.fresh = self.edited = self.foreign = 0
        self.changes: list[NoteChange] = []
        self.media = Media()
        self.mods: dict[str, int] = {}
        """When each note's content was first seen, in seconds since 1970 UTC."""
        self._collection, self._found, self._times = collection, found, times
        self._stored: dict[str, _There] = {}
        for file, notes in found:
            for note in notes:
                self._stored.setdefault(note.guid, (note, file))
        self.there = frozenset(self._stored)
        """The GUIDs that Anki has."""
        identity = Identity(root_of(collection), Origins(known.names))
        with MadeBefore(collection.home.cache / MADE_BEFORE) as before:
            for deck in decks:
                for own, every in made_notes(deck, self.media, before):
                    mod = self.mods[own.full_id] = times.mod(own.full_id, every[0].content)
                    for made in every:
                        self._compare(own, made, mod, self._stored.get(identity.of(own, made)))

    def _compare(self, own: Note, made: Made, mod: int, there: _There | None) -> None:
        if there is None:
            self.fresh += 1
            return
        stored, file = there
        if stored.note_type != made.note_type:
            self._compare_foreign(own, made, mod, stored, file)
            return
        change = note_change(made, stored, file.note_types[stored.note_type])
        if change is not None and change.fields and stored.changed_s > mod:
            self.edited += 1
            change = replace(change, fields=())
        if change is not None and (change.fields or change.add or change.tags is not None):
            self.changes.append(change)

    def _compare_foreign(self, own: Note, made: Made, mod: int, stored: StoredNote, file: AnkiCollection) -> None:
        """Compare a note that came from Anki with the one that Anki has, which is of its own note type."""
        cards = self._cards[file.path].get(stored.id, [])
        whole = Stored(stored, file.note_types[stored.note_type], tuple(cards))
        name = file.decks[cards[0].deck].name if cards and cards[0].deck in file.decks else ""
        written = own.body.written()
        if says_the_same(whole, name, written):
            return
        # The first text that was ever seen here may be the one that came from there; then it counts since when it came.
        if stored.changed_s > (mod if self._was_changed(own.full_id, made) else self._imported_s.get(own.full_id, -1)):
            self.edited += 1
        elif (fields := changed_fields(whole, name, written, made)) is not None:
            self.changes.append(NoteChange(stored.id, fields))
        else:
            self.foreign += 1

    @cached_property
    def _cards(self) -> dict[object, dict[int, list[StoredCard]]]:
        found: dict[object, dict[int, list[StoredCard]]] = {}
        for each, _ in self._found:
            of_notes = found.setdefault(each.path, defaultdict(list))
            for card in each.cards():
                of_notes[card.note].append(card)
        return found

    def _was_changed(self, note: str, made: Made) -> bool:
        """Whether the journal knows another content of a note, which it had before this one."""
        known = self._seen.get(note)
        return known is not None and (known.content != made.content or self._seen_counts[note] > 1)

    @cached_property
    def _seen(self) -> dict[str, Seen]:
        return self._collection.journal.seen_notes()

    @cached_property
    def _seen_counts(self) -> dict[str, int]:
        return self._collection.journal.seen_counts()

    @cached_property
    def _imported_s(self) -> dict[str, int]:
        """When each note that came from Anki came, in seconds since 1970 UTC."""
        came: dict[str, int] = {}
        for event in self._collection.journal.renames():
            if is_alias_of_anki(event.body) and event.card is not None:
                note = note_of(event.card)
                came[note] = max(came.get(note, 0), event.at_ms // 1000)
        return came
