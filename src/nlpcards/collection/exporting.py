"""Exporting to Anki: which decks, and the times by which Anki tells a changed note from one it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from nlpcards.anki.export import Report, package
from nlpcards.collection.collection import Collection
from nlpcards.core.cards import note_of
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
    times = _Times(collection)
    return package(
        exported,
        out,
        mod=times.mod,
        root_of=_root_of(collection),
        progress=progress,
        before_placing=times.note_down,
    )


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
    """The first id that a note ever had, through the renames that the journal knows."""
    former: dict[str, str] = {}
    for old, present in collection.journal.present_names().items():
        former.setdefault(note_of(present), note_of(old))

    def root(name: str) -> str:
        note, _, key = name.partition("#")
        first = former.get(note, note)
        return f"{first}#{key}" if key else first

    return root
