"""A collection through a connection of its own: for a thread that works while a screen goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nlpcards.collection.collection import Collection
from nlpcards.store.identity import fingerprint
from nlpcards.store.journal_file import Journal


@contextmanager
def apart(collection: Collection, *, read_only: bool = False) -> Iterator[Collection]:
    """The same decks and the same journal, for another thread; what is written shows in `collection` at once.

    Raises:
        StoreError: the journal cannot be opened a second time.
    """
    path = collection.journal.path
    # Nothing may be asked of the other journal here: SQLite's connections stay with the thread that made them.
    with Journal.open(path, collection.clock.now(0).ms, fingerprint(path), readonly=read_only) as journal:
        yield Collection(
            collection.home, journal, collection.library, collection.taste, collection.clock, collection.places
        )
