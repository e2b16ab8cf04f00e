"""Everything that is wrong in some decks, and what a teacher would say of their cards, for `nlpcards check`.

More is looked for here than when decks are read to be learned from: errors that take a closer look, and advice.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nlpcards.core.cards import Note
from nlpcards.core.words import count
from nlpcards.decks.advice import Cards, advise
from nlpcards.decks.closer import look_closer
from nlpcards.decks.deck_file import DeckFile
from nlpcards.decks.layout import Layout, WrittenNote, lay_out
from nlpcards.decks.library import Library, load, replaced_bundled
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.roadmaps.layout import lay_out_roadmap
from nlpcards.decks.roadmaps.topics_of_decks import check_topics
from nlpcards.decks.silences import silenced
from nlpcards.decks.source import MOST_ADVICE


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: all problems in the order of files and lines, and the files' texts to show them in."""

    problems: tuple[Problem, ...]
    layouts: Mapping[str, Layout]

    def line(self, problem: Problem) -> str:
        """The line of its file that a problem is in; empty where it is not there any more."""
        layout = self.layouts.get(problem.path)
        return layout.lines[problem.line - 1] if layout and problem.line <= len(layout.lines) else ""


def check(places: Sequence[Path] = (), *, more: Sequence[Path] = (), today: date | None = None) -> tuple[Problem, ...]:
    """All problems of the library that `load` makes of these places, in the order of files and lines.

    With `today`, notes that have expired by then are named too.

    Raises:
        NlpcardsError: a place named does not exist.
    """
    return examine(load(places, more=more), today).problems


def examine(library: Library, today: date | None = None) -> Checked:
    """All problems of a library; with `today`, notes that have expired by then are named too."""
    # A file that was given up is no deck, or its errors come first: more said of it would take long and help nobody.
    given_up = {file.path for file in library.files if file.is_given_up}
    read = {file.path for file in library.files if file.deck and file.deck.notes} - given_up
    layouts = {
        file.path: layout
        for file in library.files
        if (layout := lay_out(Path(file.path), notes=file.path in read)) is not None
    }
    notes = [_written(layouts, note) for note in library.notes.values() if note.place.path not in given_up]
    found = [*library.problems, *replaced_bundled(library)]
    for each in notes:
        found += look_closer(each)
    found += stale(notes, today) if today else ()
    unsure = frozenset(
        os.path.dirname(os.path.realpath(file.path))
        for file in library.files
        if file.has_errors or _is_overruled(library, file)
    )
    decks = [file.deck for file in library.files if file.deck is not None and not file.is_given_up]
    found += advise(Cards(notes, decks, unsure))
    found += _of_roadmaps(library, notes, layouts)
    by_file: dict[str, list[Problem]] = {path: [] for path in layouts}
    for problem in dict.fromkeys(found):
        by_file.setdefault(problem.path, []).append(problem)
    problems: list[Problem] = []
    for path, those in by_file.items():
        problems += _listed(silenced(layouts[path], those) if path in layouts else those)
    return Checked(tuple(sorted(problems)), layouts)


def _is_overruled(library: Library, file: DeckFile) -> bool:
    """Whether a note of a file is replaced or dropped by another file."""
    notes = file.deck.notes if file.deck is not None else ()
    there = (library.notes.get(note.full_id) for note in notes)
    return any(note is None or note.place.path != file.path for note in there)


def _of_roadmaps(library: Library, notes: Sequence[WrittenNote], layouts: dict[str, Layout]) -> Iterator[Problem]:
    """What is wrong in the roadmaps of a library, and in what its decks name of them; their layouts join the others."""
    roadmaps = library.found_roadmap
    for file in roadmaps.files:
        yield from file.problems
        layout = lay_out_roadmap(Path(file.path), entries=not file.is_given_up)
        if layout is not None:
            layouts[file.path] = layout
    yield from check_topics(library, notes, layouts)


def stale(notes: Sequence[WrittenNote], today: date) -> tuple[Problem, ...]:
    """Advice for each note whose `expires` has passed."""
    return tuple(
        written.problem(
            "D506",
            ("expires",),
            f"the note `{written.note.id}` expired on {written.note.expires}",
            "See whether it is still true, then write a later date under `expires`, or mend the note.",
        )
        for written in notes
        if written.note.expires is not None and written.note.expires < today
    )


def _written(layouts: Mapping[str, Layout], note: Note) -> WrittenNote:
    layout = layouts.get(note.place.path)
    return layout.written(note) if layout else WrittenNote(note, None)


def _listed(problems: list[Problem]) -> list[Problem]:
    """The problems of one file, no more than `MOST_ADVICE` of the advice on its cards among them."""
    cards = sorted(problem for problem in problems if problem.code.startswith("Q"))
    if len(cards) <= MOST_ADVICE:
        return problems
    last = cards[MOST_ADVICE - 1]
    kept, rest = set(cards[:MOST_ADVICE]), len(cards) - MOST_ADVICE
    message = f"{count(rest, 'more piece', 'more pieces')} of advice on this file are not listed"
    more = Problem(
        last.path,
        last.line,
        last.column,
        Severity.ADVICE,
        "D010",
        message,
        "Follow those above first, or silence some.",
    )
    return [*(problem for problem in problems if problem in kept or not problem.code.startswith("Q")), more]
