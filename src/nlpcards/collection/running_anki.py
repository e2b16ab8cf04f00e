"""One memory with a running Anki: what is here goes there, and what was reviewed there comes back.

Anki is asked for a package of what it has, and everything else follows from the differences. Each step changes nothing
where it was done before, so whatever interrupts a push, the next one goes on.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from nlpcards.anki.connect.client import AnkiConnect
from nlpcards.anki.connect.packages import Has, Packages
from nlpcards.anki.history.identities import came_from_anki
from nlpcards.collection.bringing_back import Brought, Known, bring_back
from nlpcards.collection.collection import Collection
from nlpcards.collection.pushing import Push, Pushed
from nlpcards.collection.searching import Selection
from nlpcards.collection.signs import now_there_s
from nlpcards.core.errors import NothingToDo

Progress = Callable[[str, int, int], None]
"""Told how many things of a kind (`deck`, `note` …) are done, of how many."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What came from Anki, None where it has no card of the learner's, and what went there."""

    pulled: Brought | None
    pushed: Pushed


def pull(collection: Collection, anki: AnkiConnect, progress: Progress, *, write: bool = True) -> Brought:
    """Take the reviews that were made in Anki, as `import --history` takes them from a file of the same collection; so
    both ways may be used in turn, and none is counted twice. Without `write` nothing is changed.

    Reviews that were taken back in Anki stay: it may not have met the phone that has them.

    Raises:
        NothingToDo: Anki has no card that is here.
        NlpcardsError: Anki cannot be reached, or the journal cannot be written.
    """
    with _packages(collection, anki, progress) as (_, has):
        found = _brought(collection, has, Known(collection), write=write)
    if found is None:
        raise NothingToDo(
            "Anki has no card of these decks", place=anki.url, remedy="Take them there first: `nlpcards anki push`."
        )
    return found


def push(
    collection: Collection, anki: AnkiConnect, chosen: Selection, progress: Progress, *, write: bool = True
) -> Pushed:
    """Give Anki the chosen notes, with all that was learned of them. Without `write` nothing is changed.

    A card of which Anki has answers that are not here is left as it is there.

    Raises:
        NothingToDo: no note is chosen.
        NlpcardsError: Anki cannot be reached, or refuses something; what was done before is done.
    """
    with _packages(collection, anki, progress) as (packages, has):
        return Push(collection, anki, packages, has, Known(collection), chosen, progress).run(write=write)


def sync(
    collection: Collection, anki: AnkiConnect, chosen: Selection, progress: Progress, *, write: bool = True
) -> Synced:
    """`pull`, then `push`, of what Anki had at one moment.

    Raises:
        NothingToDo: no note is chosen.
        NlpcardsError: as of both; what was done before is done.
    """
    with _packages(collection, anki, progress) as (packages, has):
        known = Known(collection)
        pulled = _brought(collection, has, known, write=write)
        return Synced(pulled, Push(collection, anki, packages, has, known, chosen, progress).run(write=write))


@contextmanager
def _packages(collection: Collection, anki: AnkiConnect, progress: Progress) -> Iterator[tuple[Packages, Has]]:
    """What Anki has now, as packages that last as long as they are worked with."""
    anki.greet()
    with tempfile.TemporaryDirectory(prefix="nlpcards-") as folder:
        packages = Packages(anki, Path(folder))
        # What came from Anki may be in any deck there.
        every_deck = bool(came_from_anki(collection.journal.present_names()))
        seen_s = now_there_s(collection)
        paths = packages.written(every_deck=every_deck, progress=lambda done, total: progress("deck read", done, total))
        yield packages, Has(paths, seen_s, packages.flags())


def _brought(collection: Collection, has: Has, known: Known, *, write: bool) -> Brought | None:
    found = []
    for path in has.paths:
        try:
            found.append(bring_back(collection, path, write=write, known=known, seen=has))
        except NothingToDo:
            continue
    return reduce(Brought.plus, found) if found else None
