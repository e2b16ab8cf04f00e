"""A deck and the files that extend it, made into the one deck that a learner has.

Each extending file replaces notes of the same id in their place, adds its new ones at the end, and leaves out what it
drops; several do so one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from nlpcards.core.cards import Citation, Deck, Note, Source
from nlpcards.core.dataclass import dataclass
from nlpcards.decks.deck_file import DeckFile


@dataclass(frozen=True, slots=True)
class Member:
    """The files of one deck: its own, and those that extend it in the order in which they do."""

    own: DeckFile
    extensions: tuple[DeckFile, ...] = ()

    @property
    def files(self) -> tuple[DeckFile, ...]:
        """All its files, its own first."""
        return (self.own, *self.extensions)

    def deck(self) -> Deck:
        """The deck as its files make it together."""
        deck = self.own.deck
        assert deck is not None, "a file without a deck is no member's own"
        for file in self.extensions:
            deck = _extended(deck, file)
        return deck

    def note_ids(self) -> frozenset[str]:
        """The full ids of all its notes, broken ones included."""
        return self.known_before(len(self.extensions))

    def known_before(self, number: int) -> frozenset[str]:
        """The full ids of its notes, broken ones included, before its extension of this number (from 0) is applied."""
        known = self.own.note_ids
        for file in self.extensions[:number]:
            known = known.difference(file.dropped) | file.note_ids
        return known

    def sources(self) -> frozenset[str]:
        """The keys of all sources that its notes may cite."""
        return frozenset(key for file in self.files if file.deck is not None for key in file.deck.sources)


def members(files: Iterable[DeckFile]) -> dict[str, Member]:
    """The decks of some files by id, in the order of the first file of each; of two files with one id the later is the
    deck. What extends a deck that is not there is in none.
    """
    owns: dict[str, DeckFile] = {}
    extensions: dict[str, list[DeckFile]] = {}
    for file in files:
        if file.deck is None:
            continue
        if file.extends:
            extensions.setdefault(file.deck.id, []).append(file)
        else:
            owns[file.deck.id] = file
    return {name: Member(own, tuple(extensions.get(name, ()))) for name, own in owns.items()}


def _extended(deck: Deck, file: DeckFile) -> Deck:
    added = file.deck
    assert added is not None, "a file that names no deck extends none"
    sources = deck.sources | added.sources
    topic = added.topic or deck.topic
    dropped = frozenset(file.dropped)
    notes = {note.id: note for note in deck.notes if note.full_id not in dropped}
    if added.sources or topic != deck.topic:
        notes = {name: _settled(note, added.sources, deck.topic, topic) for name, note in notes.items()}
    for note in added.notes:
        notes[note.id] = _settled(replace(note, deck_was=deck.was), sources, added.topic, topic, strict=True)
    return replace(deck, title=added.title or deck.title, topic=topic, sources=sources, notes=tuple(notes.values()))


def _settled(note: Note, sources: Mapping[str, Source], inherited: str, topic: str, *, strict: bool = False) -> Note:
    """A note with the deck's topic where it has none of its own, and with the sources that its citations name.

    Where it is `strict`, a citation of another source is left out; it is an error.
    """
    cite: Sequence[Citation] = note.cite
    if any(sources.get(each.source.key) != each.source for each in cite):
        cite = [
            replace(each, source=sources.get(each.source.key, each.source))
            for each in cite
            if not strict or each.source.key in sources
        ]
    own = note.topic != inherited
    return replace(note, cite=tuple(cite), topic=note.topic if own else topic)


def keep_unread(now: Iterable[DeckFile], before: Iterable[DeckFile], is_there: Iterable[str]) -> list[DeckFile]:
    """Files as read now, with what an earlier reading had of those that have errors now.

    `is_there` are the paths of earlier files that still exist, though no reading of them is among those of `now`.
    """
    earlier = {file.path: file for file in before}
    kept = [earlier[path] for path in is_there if path in earlier]
    return [*kept, *(_kept(file, earlier.get(file.path)) for file in now)]


def _kept(file: DeckFile, before: DeckFile | None) -> DeckFile:
    if before is None or before.deck is None or not file.has_errors:
        return file
    if file.deck is None:
        return replace(before, problems=file.problems, stamp=file.stamp)
    if (file.deck.id, file.extends) != (before.deck.id, before.extends):
        return file
    lost = tuple(note for note in before.deck.notes if note.full_id not in file.note_ids)
    return replace(file, deck=replace(file.deck, notes=(*file.deck.notes, *lost))) if lost else file
