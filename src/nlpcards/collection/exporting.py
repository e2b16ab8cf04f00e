"""Exporting to Anki: which decks, and the times by which Anki tells a changed note from one it has."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from pathlib import Path

from nlpcards.anki.export import Report, package
from nlpcards.collection.collection import Collection
from nlpcards.collection.searching import EVERYTHING, Searching
from nlpcards.core.cards import Card, Deck, note_of
from nlpcards.core.errors import NothingToDo
from nlpcards.core.fold import roots
from nlpcards.core.journal import Seen
from nlpcards.core.search.tree import Query, written


def export(
    collection: Collection,
    out: Path,
    decks: Iterable[str] = (),
    progress: Callable[[int, int], None] | None = None,
    query: Query = EVERYTHING,
    cards: Container[str] | None = None,
) -> Report:
    """Write an Anki package of some decks (all where none is named): their notes that have a card that meets a query,
    or one of some `cards`, unless that is None.

    What a note says now is noted in the journal the first time it is exported so; that time is the note's `mod` in
    the package, so that Anki updates what changed and leaves the rest.

    Raises:
        NothingToDo: there is no note in them.
        NlpcardsError: the package or the journal cannot be written.
    """
    chosen = collection.chosen(decks)
    exported = [deck for deck in collection.library.decks.values() if deck.id in chosen]
    if query != EVERYTHING:
        exported = _meeting(query, exported, collection)
    if cards is not None:
        exported = _having(exported, lambda card: card.id in cards)
        if not exported:
            raise NothingToDo("none of these cards is in a deck now", remedy="Search again.")
    times = _Times(collection)
    return package(
        exported,
        out,
        mod=times.mod,
        root_of=_root_of(collection),
        progress=progress,
        before_placing=times.note_down,
    )


def _meeting(query: Query, decks: list[Deck], collection: Collection) -> list[Deck]:
    """The decks with only the notes that have a card that meets a query, those with none left out."""
    with Searching(collection) as searching:
        found = _having(decks, searching.test(query))
    if not found:
        raise NothingToDo(f"no card to export meets `{written(query)}`", remedy="See what does with `nlpcards browse`.")
    return found


def _having(decks: list[Deck], is_one: Callable[[Card], bool]) -> list[Deck]:
    """The decks with only the notes that have such a card, those without any left out."""
    kept = [replace(deck, notes=tuple(note for note in deck.notes if any(map(is_one, note.cards())))) for deck in decks]
    return [deck for deck in kept if deck.notes]


class _Times:
    """When each note's present content in Anki was first seen, as the journal knows it and as this export adds."""

    def __init__(self, collection: Collection) -> None:
        self._journal = collection.journal
        self._known = collection.journal.seen_notes()
        self._now = collection.now()
        self._fresh: list[Seen] = []

    def mod(self, note: str, content: str) -> int:
        """The time, in seconds since 1970 UTC, at which a note's content was first seen; strictly later than any
        before.
        """
        seen = self._known.get(note)
        if seen is None or seen.content != content:
            seen = Seen(note, content, max(self._now.ms // 1000, seen.mod + 1 if seen else 0))
            self._fresh.append(seen)
        return seen.mod

    def note_down(self) -> None:
        """Note in the journal, as one action, what was seen for the first time.

        Before the package can be imported: Anki must never have a time that the journal does not know.
        """
        self._journal.append(self._fresh, self._now)


def _root_of(collection: Collection) -> Callable[[str], str]:
    """The first id that a note or a card ever had, through the renames that the journal knows.

    A note that is one Anki note goes by its cards: where one of them has the key that it had in another note, the note
    was called so, but a card that got another key tells nothing of its note.
    """
    cards = roots(collection.journal.renames())
    notes: dict[str, str] = {}
    for present, first in cards.items():
        note, _, key = present.partition("#")
        if first.endswith(f"#{key}"):
            notes.setdefault(note, note_of(first))

    def root(name: str) -> str:
        return (cards if "#" in name else notes).get(name, name)

    return root
