"""A deck file as its author sees it while writing: every card as it is asked, every mistake where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from nlpcards.collection.collection import load_library
from nlpcards.collection.home import Home
from nlpcards.core.cards import Card, Note
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.kinds import Face
from nlpcards.decks.bundled import bundled_folder
from nlpcards.decks.check import examine
from nlpcards.decks.library import load
from nlpcards.decks.problems import Problem

LONGEST_EXCERPT = 200
"""How many characters of a source line are shown with a mistake."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a note: its id and the line it stands on."""

    note: Note


@dataclass(frozen=True, slots=True)
class Shown:
    """One card of a note, with the face it has now; `last` says that the note ends here."""

    card: Card
    face: Face
    last: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """A mistake or a piece of advice, with the line of the file that it is about."""

    problem: Problem
    source: str


Part: TypeAlias = Heading | Shown | Wrong
"""What a preview is made of, from top to bottom in the file's order."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A deck file as read: its title, its parts, and how many notes, cards, errors and pieces of advice it has."""

    title: str
    parts: tuple[Part, ...]
    notes: int
    cards: int
    errors: int
    advice: int


def file_of(name: str, home: Home, places: Sequence[Path] = ()) -> Path:
    """The deck file that a path or a deck's id means; `places` are searched in place of the default ones.

    Raises:
        NlpcardsError: there is neither such a file nor such a deck.
    """
    path = Path(name)
    if path.is_file():
        return path
    library = load_library(home, tuple(places))
    file = library.file(name)
    if file is None:
        known = ", ".join(sorted(library.decks)) or "none"
        raise NlpcardsError(f"there is no file and no deck {name}", remedy=f"Decks: {known}.")
    return Path(file.path)


def is_bundled(path: Path) -> bool:
    """Whether a deck file came with the program, which never writes to it."""
    folder = bundled_folder()
    return folder is not None and path.resolve().is_relative_to(folder.resolve())


def preview(path: Path, *, repetition: int = 0, today: date | None = None, others: tuple[Path, ...] = ()) -> Preview:
    """Read a deck file and set its cards and mistakes in the file's order.

    `repetition` says which numbers drills draw. `today` is the date by which facts expire. `others` are the places of
    decks that the file may extend. What is wrong in the file is part of the preview and never raised.

    Raises:
        NlpcardsError: there is no such file.
    """
    read = load((path,))
    if any(problem.code == "D509" for problem in read.problems):
        read = load((*others, path))
    checked = examine(read, today)
    mine = [problem for problem in checked.problems if problem.path == str(path)]
    lines = _lines(path)
    notes = [note for deck in read.decks.values() for note in deck.notes if note.place.path == str(path)]
    title = next((deck.title for deck in read.decks.values()), path.name)
    cards = sum(len(note.body.card_keys()) for note in notes)
    errors = sum(problem.is_error for problem in mine)
    parts = tuple(_parts(notes, mine, lines, repetition))
    return Preview(title, parts, len(notes), cards, errors, len(mine) - errors)


def _parts(notes: Sequence[Note], problems: Sequence[Problem], lines: Sequence[str], repetition: int) -> Iterator[Part]:
    """Notes in the file's order, what is wrong in each before its cards; advice on the whole deck comes last."""
    ordered = sorted(notes, key=lambda note: note.place.line)
    begins = ordered[0].place.line if ordered else 0
    general = [problem for problem in problems if problem.line < begins and not problem.is_error]
    waiting = [problem for problem in sorted(problems, key=_place) if problem not in general]
    for at, note in enumerate(ordered):
        # A note without cards for its mistakes stands between its neighbours, where it is written.
        while waiting and waiting[0].line < note.place.line:
            yield _wrong(waiting.pop(0), lines)
        yield Heading(note)
        ends = ordered[at + 1].place.line if at + 1 < len(ordered) else len(lines) + 1
        inside = [problem for problem in waiting if problem.line < ends and _is_of(problem, note, lines)]
        for problem in inside:
            waiting.remove(problem)
            yield _wrong(problem, lines)
        every = note.cards()
        for number, card in enumerate(every, start=1):
            yield Shown(card, card.face(repetition), number == len(every))
    for problem in (*waiting, *general):
        yield _wrong(problem, lines)


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column


def _is_of(problem: Problem, note: Note, lines: Sequence[str]) -> bool:
    """Whether a problem after a note's beginning lies in it, and not in a broken one that follows it."""
    margin = note.place.column - 1
    between = lines[note.place.line : problem.line]
    return not any(line[: margin - 2].strip() == "" and line[margin - 2 : margin] == "- " for line in between)


def _wrong(problem: Problem, lines: Sequence[str]) -> Wrong:
    source = lines[problem.line - 1] if problem.line <= len(lines) else ""
    return Wrong(problem, source[:LONGEST_EXCERPT])


def _lines(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_text("utf-8", errors="replace").splitlines())
    except OSError:
        return ()
