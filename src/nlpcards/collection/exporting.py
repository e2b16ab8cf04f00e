"""Exporting to Anki: which decks, and the times by which Anki tells a changed note from one it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from nlpcards.anki.export import Report, package
from nlpcards.collection.collection import Collection
from nlpcards.core.cards import Note, digest, note_of
from nlpcards.core.journal import Seen


def export(
    collection: Collection, out: Path, decks: Iterable[str] = (), progress: Callable[[int, int], None] | None = None
) -> Report:
    """Write an Anki package of some decks, of all where none is named.

    What a note says now is noted in the journal the first time it is exported so; that time is the note's `mod` in
    the package, so that Anki updates what changed and leaves the rest.

    Raises:
        NothingToDo: there is no note in them.
        NlpcardsError: the package or the journal cannot be written.
    """
    chosen = collection.chosen(decks)
    exported = [deck for deck in collection.library.decks.values() if deck.id in chosen]
    mods = _mods(collection, (note for deck in exported for note in deck.notes))
    return package(exported, out, mod=mods, root_of=_root_of(collection), progress=progress)


def _mods(collection: Collection, notes: Iterable[Note]) -> dict[str, int]:
    """The time, in seconds since 1970 UTC, at which each note's present content was first seen; strictly later than
    any before.
    """
    known = collection.journal.seen_notes()
    now = collection.now()
    mods: dict[str, int] = {}
    fresh: list[Seen] = []
    for note in notes:
        content = _content(note)
        seen = known.get(note.full_id)
        if seen is None or seen.content != content:
            seen = Seen(note.full_id, content, max(now.ms // 1000, seen.mod + 1 if seen else 0))
            fresh.append(seen)
        mods[note.full_id] = seen.mod
    collection.journal.append(fresh, now)
    return mods


def _content(note: Note) -> str:
    """A hash of all that a package shows of a note."""
    cited = [f"{citation} {citation.source.title} {citation.source.url}" for citation in note.cite]
    return digest(*(card.content() for card in note.cards()), note.topic, *sorted(note.tags), *cited)


def _root_of(collection: Collection) -> Callable[[str], str]:
    """The first id that a note ever had, through the renames that the journal knows."""
    former: dict[str, str] = {}
    for old, present in collection.journal.present_names().items():
        former.setdefault(note_of(present), note_of(old))

    def root(name: str) -> str:
        note, _, key = name.partition("#")
        first = former.get(note, note)
        return f"{first}#{key}" if key else first

    return root
