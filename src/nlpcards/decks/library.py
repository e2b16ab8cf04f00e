"""All decks together: found in their folders, one per id, and checked against each other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from nlpcards.core.cards import Card, Deck, Note, Place, note_of
from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.bundled import bundled_folder
from nlpcards.decks.files import Stamp
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.reader import DeckFile, PlacedReference, read_deck
from nlpcards.decks.references import cycles, describe_cycle

_SUFFIXES = (".yaml", ".yml")


class Library:
    """Decks by id, in the order in which their files were found; a later file replaces an earlier one of the same id.

    `files` are all files read, replaced ones included; `problems` are theirs and those that only show between decks.
    `bundled` are the ids of the decks that came with the program, which are never written to.
    """

    def __init__(
        self,
        decks: Mapping[str, DeckFile],
        files: Sequence[DeckFile],
        problems: Iterable[Problem],
        bundled: frozenset[str] = frozenset(),
    ) -> None:
        self._files_by_deck = dict(decks)
        self.files = tuple(files)
        self.problems = tuple(problems)
        self.bundled = bundled
        self.decks: dict[str, Deck] = {name: file.deck for name, file in decks.items() if file.deck is not None}

    def keeping(self, before: Library) -> Library:
        """The library with what an earlier reading had of files that have errors now.

        An editor empties a file for an instant before it writes it, and a typing mistake may take a note away for a
        minute: what cannot be read now stays as it was last read. A file that is gone takes its deck with it.
        """
        for name, old in before.decks.items():
            new = self.decks.get(name)
            if new is None:
                if os.path.exists(old.path):
                    self.decks[name] = old
            elif (file := self._files_by_deck[name]).has_errors:
                ids = {note.id for note in new.notes} | {note.split("/", 1)[1] for note in file.note_ids}
                lost = tuple(note for note in old.notes if note.id not in ids)
                self.decks[name] = replace(new, notes=new.notes + lost)
        return self

    @property
    def broken(self) -> tuple[DeckFile, ...]:
        """The files that have errors, whether or not some of their notes can be used."""
        return tuple(file for file in self.files if file.has_errors)

    @cached_property
    def notes(self) -> Mapping[str, Note]:
        """Every note by its full id."""
        return {note.full_id: note for deck in self.decks.values() for note in deck.notes}

    def note(self, full_id: str) -> Note | None:
        """The note `deck/note`, None where there is none."""
        return self.notes.get(full_id)

    def card(self, card_id: str) -> Card | None:
        """The card `deck/note#key`, None where there is none."""
        note = self.notes.get(note_of(card_id))
        if note is None:
            return None
        return next((card for card in note.cards() if card.id == card_id), None)

    def cards(self) -> Iterator[Card]:
        """Every card, in the order of the decks and of their files."""
        for deck in self.decks.values():
            yield from deck.cards()

    def file(self, deck: str) -> DeckFile | None:
        """The file that a deck was read from."""
        return self._files_by_deck.get(deck)

    def changed(self, deck: str) -> bool:
        """Whether a deck's file is no longer the one that was read: edited, replaced or gone."""
        file = self._files_by_deck.get(deck)
        if file is None or file.stamp is None:
            return file is None
        try:
            return Stamp.of(os.stat(file.path)) != file.stamp
        except OSError:
            return True


def load(places: Sequence[Path] = (), *, more: Sequence[Path] = ()) -> Library:
    """The library of some deck files and folders; where none is named, of the bundled decks and then those in `more`.

    Folders are searched for `*.yaml` and `*.yml` with their folders, hidden ones left out. A file met twice is read
    once.

    Raises:
        NlpcardsError: a place named does not exist. (A folder in `more` may be missing.)
    """
    for place in places:
        if not os.path.lexists(place):
            raise NlpcardsError(
                f"there is no file or folder {place}",
                place=str(place),
                remedy="Name a deck file or a folder that has some, or leave `--decks` out.",
            )
    shipped = bundled_folder()
    chosen = list(places) or [*([shipped] if shipped else []), *more]
    problems: list[Problem] = []
    files: list[DeckFile] = []
    decks: dict[str, tuple[DeckFile, Path]] = {}
    read: set[str] = set()
    for place in chosen:
        for path in _deck_files(place, problems):
            real = os.path.realpath(path)
            if real in read:
                continue
            read.add(real)
            file = read_deck(path)
            files.append(file)
            if file.deck is not None:
                if file.deck.id in decks:
                    problems.append(_replacement(file, *decks[file.deck.id], place))
                decks[file.deck.id] = (file, place)
    chosen_files = {name: file for name, (file, _) in decks.items()}
    problems += _check_between(chosen_files)
    problems += [problem for file in files for problem in file.problems]
    inside = os.path.realpath(shipped) + os.sep if shipped else None
    bundled = frozenset(
        name for name, file in chosen_files.items() if inside and os.path.realpath(file.path).startswith(inside)
    )
    return Library(chosen_files, files, sorted(problems), bundled)


def _deck_files(place: Path, problems: list[Problem]) -> Iterator[Path]:
    """The deck files of a place in a fixed order: a folder's own by name, then those of its folders."""
    if not place.is_dir():
        if os.path.lexists(place):
            yield place
        return
    seen: set[tuple[int, int]] = set()
    waiting = [place]
    while waiting:
        folder = waiting.pop()
        try:
            status = os.stat(folder)
            # A link may lead back to a folder above it.
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as entries:
                found = sorted((entry for entry in entries if entry.name[0] != "."), key=lambda entry: entry.name)
        except OSError as error:
            why = error.strerror or "unknown"
            problems.append(
                Problem(
                    str(folder),
                    1,
                    1,
                    Severity.ERROR,
                    "D001",
                    f"the folder cannot be read: {why[:1].lower()}{why[1:]}",
                    "Change its permissions, or name other decks with `--decks`.",
                )
            )
            continue
        folders = []
        for entry in found:
            if _is_folder(entry):
                folders.append(folder / entry.name)
            elif entry.name.endswith(_SUFFIXES):
                yield folder / entry.name
        waiting += reversed(folders)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _replacement(later: DeckFile, earlier: DeckFile, earlier_place: Path, place: Path) -> Problem:
    assert later.deck is not None
    at = later.deck_place
    if place == earlier_place:
        return Problem(
            at.path,
            at.line,
            at.column,
            Severity.ERROR,
            "D508",
            f"the deck `{later.deck.id}` is also in {earlier.path}, which this file replaces",
            "Give one of the two another id, or remove one.",
        )
    return Problem(
        at.path,
        at.line,
        at.column,
        Severity.ADVICE,
        "D507",
        f"this deck `{later.deck.id}` replaces the one in {earlier.path}",
        "If that is not meant, give it another id.",
    )


def _check_between(files: Mapping[str, DeckFile]) -> Iterator[Problem]:
    """What is wrong between decks: unknown prerequisites, circles of them, former ids that two notes claim."""
    known = frozenset().union(*(file.note_ids for file in files.values()))
    places: dict[tuple[str, str], Place] = {}
    claimed: dict[str, PlacedReference] = {}
    for file in files.values():
        for reference in file.references:
            if reference.key == "was":
                yield from _check_claim(reference, known, claimed)
            elif reference.target not in known:
                yield _problem(
                    reference.place,
                    "D503",
                    f"there is no note `{reference.target}` in these decks; until there is, it counts as met",
                    "Mend the id, or add the deck that it is in.",
                    Severity.ADVICE,
                )
            elif reference.key == "needs":
                places[reference.note, reference.target] = reference.place
    if not places:
        return
    decks = [file.deck for file in files.values() if file.deck is not None]
    needs = {note.full_id: note.needs for deck in decks for note in deck.notes if note.needs}
    for cycle in cycles(needs):
        # A circle within one deck is reported with that deck.
        steps = zip(cycle, (*cycle[1:], cycle[0]), strict=True)
        place = next((places[step] for step in steps if step in places), None)
        if place is not None:
            yield _problem(place, "D504", describe_cycle(cycle), "Remove one of these from a note's `needs`.")


def _check_claim(
    reference: PlacedReference, known: frozenset[str], claimed: dict[str, PlacedReference]
) -> Iterator[Problem]:
    first = claimed.setdefault(reference.target, reference)
    same_deck = reference.note.split("/")[0] == reference.target.split("/")[0]
    if reference.target in known and not same_deck:
        yield _problem(
            reference.place,
            "D505",
            f"`{reference.target}` is the present id of a note, so it cannot be a former one",
            "Remove it from `was`, or rename the other note.",
        )
    elif first is not reference and first.place.path != reference.place.path:
        yield _problem(
            reference.place,
            "D505",
            f"`{reference.target}` is claimed as a former id at {first.place} already",
            "Keep it under `was` of one note: a history can go to one only.",
        )


def _problem(place: Place, code: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> Problem:
    return Problem(place.path, place.line, place.column, severity, code, message, hint)
