"""Renaming decks, notes and cards: in the files, and in the journal that keeps their history."""

from __future__ import annotations

from nlpcards.collection.collection import Collection
from nlpcards.decks import renaming
from nlpcards.decks.saving import Change, save


def changes_for(collection: Collection, old: str, new: str) -> tuple[Change, ...]:
    """What a rename would change in which files; see `decks.renaming.rename`.

    Raises:
        NlpcardsError: it cannot be done.
    """
    return renaming.rename(collection.library, old, new)


def apply(collection: Collection, changes: tuple[Change, ...]) -> None:
    """Write the files, all or none, read the decks again, and note in the journal what is called otherwise now.

    Raises:
        NlpcardsError: a file changed meanwhile or cannot be written; all are as they were.
    """
    save(changes)
    collection.reload()
