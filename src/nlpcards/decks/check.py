"""Everything that is wrong in some decks, for `nlpcards check` and for editors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from nlpcards.decks.library import Library, load
from nlpcards.decks.problems import Problem, Severity


def check(places: Sequence[Path] = (), *, more: Sequence[Path] = (), today: date | None = None) -> tuple[Problem, ...]:
    """All problems of the library that `load` makes of these places, in the order of files and lines.

    With `today`, notes that have expired by then are named too.

    Raises:
        NlpcardsError: a place named does not exist.
    """
    library = load(places, more=more)
    return tuple(sorted((*library.problems, *(stale(library, today) if today else ()))))


def stale(library: Library, today: date) -> tuple[Problem, ...]:
    """Advice for each note whose `expires` has passed."""
    return tuple(
        Problem(
            note.place.path,
            note.place.line,
            note.place.column,
            Severity.ADVICE,
            "D506",
            f"the note `{note.id}` expired on {note.expires}",
            "See whether it is still true, then write a later date under `expires`, or mend the note.",
        )
        for note in library.notes.values()
        if note.expires is not None and note.expires < today
    )
