"""All decks together: found in their folders, one per id, and checked against each other."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from nlpcards.core.cards import Card, Deck, Note, Place, deck_of, note_of
from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.between import check_between, replacement
from nlpcards.decks.bundled import bundled_folder
from nlpcards.decks.extending import keep_unread, members
from nlpcards.decks.files import Content, Stamp, decode, read_content
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.reader import DeckFile, read_deck

_SUFFIXES = (".yaml", ".yml")


class Library:
    """Decks by id, in the order in which their files were found; a later file replaces an earlier one of the same id,
    and files that extend a deck change it.

    `files` are all files read, replaced ones included; `problems` are theirs and those that only show between decks.
    `shipped` is the folder of the decks that came with the program, which are never written to.
    """

    def __init__(self, files: Sequence[DeckFile], problems: Iterable[Problem], shipped: Path | None = None) -> None:
        self.files = tuple(files)
        self.problems = tuple(problems)
        self._shipped = os.path.realpath(shipped) + os.sep if shipped else ""
        self._take(self.files)

    def _take(self, files: Iterable[DeckFile]) -> None:
        self._members = members(files)
        self.decks: dict[str, Deck] = {name: member.deck() for name, member in self._members.items()}

    def keeping(self, before: Library) -> Library:
        """The library with what an earlier reading had of files that have errors now.

        An editor empties a file for an instant before it writes it, and a typing mistake may take a note away for a
        minute: what cannot be read now stays as it was last read. A file that is gone takes its deck with it.
        """
        earlier = [file for member in before._members.values() for file in member.files]
        now = {file.path for file in self.files}
        unread = [file.path for file in earlier if file.path not in now and os.path.exists(file.path)]
        self._take(keep_unread(self.files, earlier, unread))
        return self

    @cached_property
    def bundled(self) -> frozenset[str]:
        """The ids of the decks that came with the program, extended or not."""
        return frozenset(name for name, member in self._members.items() if self.ships(member.own.path))

    @cached_property
    def in_place_of_bundled(self) -> frozenset[str]:
        """The ids of decks that came with the program, of which a later file took the place."""
        shipped = {file.deck.id for file in self.files if file.deck and not file.extends and self.ships(file.path)}
        return frozenset(name for name in shipped if name in self._members) - self.bundled

    def ships(self, path: str) -> bool:
        """Whether a file came with the program."""
        return bool(self._shipped) and os.path.realpath(path).startswith(self._shipped)

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
        """A deck's own file."""
        member = self._members.get(deck)
        return member.own if member else None

    def files_of(self, deck: str) -> tuple[DeckFile, ...]:
        """The files of a deck: its own, then those that extend it in the order in which they do."""
        member = self._members.get(deck)
        return member.files if member else ()

    def broken_note(self, full_id: str) -> Place | None:
        """Where a note stands that has an error, None where there is no such one."""
        files = reversed(self.files_of(deck_of(full_id)))
        return next((file.broken[full_id] for file in files if full_id in file.broken), None)

    def changed(self, deck: str) -> bool:
        """Whether a file of a deck is no longer the one that was read: edited, replaced or gone."""
        files = self.files_of(deck)
        return not files or any(map(_has_changed, files))


def _has_changed(file: DeckFile) -> bool:
    if file.stamp is None:
        return False
    try:
        return Stamp.of(os.stat(file.path)) != file.stamp
    except OSError:
        return True


def load(places: Sequence[Path] = (), *, more: Sequence[Path] = ()) -> Library:
    """The library of some deck files and folders; where none is named, of the bundled decks and then those in `more`.

    Folders are searched for `*.yaml` and `*.yml` with their folders, hidden ones left out. A file met twice is read
    once. A file named that extends a bundled deck brings it in.

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
        for path in deck_files(place, problems):
            real = os.path.realpath(path)
            if real in read:
                continue
            read.add(real)
            file = read_deck(path)
            files.append(file)
            if file.deck is not None and not file.extends:
                if file.deck.id in decks:
                    earlier, earlier_place = decks[file.deck.id]
                    problems.append(replacement(file, earlier, same_place=place == earlier_place))
                decks[file.deck.id] = (file, place)
    if places and shipped:
        wanted = {file.deck.id for file in files if file.deck is not None and file.extends} - decks.keys()
        files = [*_shipped_decks(shipped, wanted), *files]
    elsewhere = _shipped_notes(shipped, files, decks.keys()) if places and shipped else frozenset[str]()
    problems += check_between(members(files), files, elsewhere)
    problems += [problem for file in files for problem in file.problems]
    return Library(files, sorted(problems), shipped)


def replaced_bundled(library: Library) -> Iterator[Problem]:
    """D507 for decks that take a bundled one's place where the bundled decks are not in the library: they were not
    named, and will be there when the program reads all decks.
    """
    shipped = bundled_folder()
    own = [file for file in library.files if file.deck and not file.extends and not library.ships(file.path)]
    if shipped is None or not own or any(library.ships(file.path) and not file.extends for file in library.files):
        return
    bundled = {
        file.deck.id: file
        for file in _shipped_decks(shipped, {file.deck.id for file in own if file.deck})
        if file.deck is not None
    }
    for file in own:
        if file.deck is not None and file.deck.id in bundled:
            yield replacement(file, bundled[file.deck.id], same_place=False)


def _shipped_decks(folder: Path, wanted: Collection[str]) -> list[DeckFile]:
    """The bundled decks of some ids, for files that extend them where they were not named."""
    # All of them would be read at each redraw of a preview to learn their ids, which stand on lines of their own here.
    named = [path for path in deck_files(folder, []) if wanted and _says_one_of(path, wanted)]
    read = [read_deck(path) for path in named]
    return [file for file in read if file.deck is not None and not file.extends and file.deck.id in wanted]


_DECK = re.compile(r"^deck:[ \t]*([^\s#]+)", re.MULTILINE)


def _says_one_of(path: Path, ids: Collection[str]) -> bool:
    """Whether a bundled file may be the deck of one of some ids."""
    content = read_content(path)
    return isinstance(content, Content) and any(found in ids for found in _DECK.findall(decode(content.data)))


def _shipped_notes(folder: Path, files: Sequence[DeckFile], there: Collection[str]) -> frozenset[str]:
    """The notes of bundled decks that some files build on without naming these decks: they exist, and are not read."""
    noted = (reference for file in files for reference in file.references if reference.key in ("needs", "confusable"))
    wanted = {deck_of(reference.target) for reference in noted}
    shipped = _shipped_decks(folder, wanted.difference(there))
    return frozenset().union(*(file.note_ids for file in shipped))


def deck_files(place: Path, problems: list[Problem]) -> Iterator[Path]:
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
