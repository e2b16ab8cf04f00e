"""All decks together: found in their folders, one per id, and checked against each other."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from nlpcards.core.cards import Card, Deck, Note, Place, deck_of
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.outline import Outline
from nlpcards.decks.between import check_between, replacement
from nlpcards.decks.bundled import bundled_folder
from nlpcards.decks.deck_file import DeckFile, Stamp
from nlpcards.decks.extending import keep_unread, members
from nlpcards.decks.places import deck_files as deck_files
from nlpcards.decks.places import is_roadmap
from nlpcards.decks.places import yaml_files as yaml_files
from nlpcards.decks.problems import Problem

if TYPE_CHECKING:
    from nlpcards.core.roadmap.values import Roadmap
    from nlpcards.decks.roadmaps import FoundRoadmap

Reader = Callable[[Path], DeckFile]
"""Gives what a deck file says."""

RoadmapReader: TypeAlias = "Callable[[Sequence[Path]], FoundRoadmap]"
"""Gives what roadmap files say together."""


class Library:
    """Decks by id, in the order in which their files were found; a later file replaces an earlier one of the same id,
    and files that extend a deck change it.

    `files` are all files read, replaced ones included; `problems` are theirs and those that only show between decks.
    `shipped` is the folder of the decks that came with the program, which are never written to. `places` are the files
    and folders that the decks come from, `roadmaps` the roadmap files there, which `read_roadmaps` reads when that is
    first asked for.
    """

    def __init__(
        self,
        files: Sequence[DeckFile],
        problems: Iterable[Problem],
        shipped: Path | None = None,
        places: Sequence[Path] = (),
        roadmaps: Sequence[Path] = (),
        read_roadmaps: RoadmapReader | None = None,
    ) -> None:
        self.files = tuple(files)
        self.problems = tuple(problems)
        self.places = tuple(places)
        self._roadmap_files = tuple(roadmaps)
        self._read_roadmaps = read_roadmaps
        self._shipped = os.path.realpath(shipped) + os.sep if shipped else ""
        self._roadmap_before: FoundRoadmap | None = None
        self._take(self.files)

    def _take(self, files: Iterable[DeckFile]) -> None:
        self._members = members(files)
        self.decks: dict[str, Deck] = {name: member.deck() for name, member in self._members.items()}
        self._outlines: dict[str, Outline] = {}
        self._positions: dict[str, dict[str, int]] = {}

    def keeping(self, before: Library) -> Library:
        """The library with what an earlier reading had of files that have errors now.

        An editor empties a file for an instant before it writes it, and a typing mistake may take a note away for a
        minute: what cannot be read now stays as it was last read. A file that is gone takes its deck with it.
        """
        earlier = [file for member in before._members.values() for file in member.files]
        now = {file.path for file in self.files}
        unread = [file.path for file in earlier if file.path not in now and os.path.exists(file.path)]
        self._take(keep_unread(self.files, earlier, unread))
        self._roadmap_before = before.__dict__.get("found_roadmap", before._roadmap_before)
        return self

    @cached_property
    def bundled(self) -> frozenset[str]:
        """The ids of the decks that came with the program, extended or not."""
        return frozenset(name for name, member in self._members.items() if self.ships(member.own.path))

    @cached_property
    def in_place_of_bundled(self) -> frozenset[str]:
        """The ids of decks that came with the program, of which a later file that differs took the place."""
        shipped = [file for file in self.files if file.deck and not file.extends and self.ships(file.path)]
        return frozenset(
            file.deck.id
            for file in shipped
            if file.deck is not None
            and file.deck.id not in self.bundled
            and (own := self.file(file.deck.id)) is not None
            and not own.same_bytes(file)
        )

    @cached_property
    def found_roadmap(self) -> FoundRoadmap:
        """The roadmap of the library's places with the files that it is in, read when first asked for."""
        # Most commands ask for no roadmap, so that none pays for it at its start.
        from nlpcards.decks.roadmaps.finding import read_roadmaps

        found = (self._read_roadmaps or read_roadmaps)(self._roadmap_files)
        return found.keeping(self._roadmap_before) if self._roadmap_before else found

    @property
    def roadmap(self) -> Roadmap:
        """The roadmap of the library's places, read when first asked for."""
        return self.found_roadmap.roadmap

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
        deck, at = self._find(full_id)
        return None if at is None else self.decks[deck].notes[at]

    def card(self, card_id: str) -> Card | None:
        """The card `deck/note#key`, None where there is none."""
        full_id, _, key = card_id.partition("#")
        deck, at = self._find(full_id)
        if at is None or key not in self.outline(deck).keys[at]:
            return None
        return Card(card_id, key, self.decks[deck].notes[at])

    def cards(self) -> Iterator[Card]:
        """Every card, in the order of the decks and of their files."""
        for deck in self.decks.values():
            yield from deck.cards()

    def outline(self, deck: str) -> Outline:
        """What the notes of a deck are called and how they hang together, which costs no note.

        Raises:
            KeyError: there is no such deck.
        """
        found = self._outlines.get(deck)
        if found is None:
            found = self._outlines[deck] = self.decks[deck].outline
        return found

    def has_card(self, card_id: str) -> bool:
        """Whether there is a card `deck/note#key`."""
        full_id, _, key = card_id.partition("#")
        deck, at = self._find(full_id)
        return at is not None and key in self.outline(deck).keys[at]

    def card_ids(self, deck: str) -> Iterator[str]:
        """The ids of a deck's cards, in the file's order; none where there is no such deck."""
        return self.outline(deck).card_ids(deck) if deck in self.decks else iter(())

    def cards_of(self, full_id: str) -> tuple[str, ...]:
        """The ids of a note's cards; none where there is no such note."""
        deck, at = self._find(full_id)
        return () if at is None else tuple([f"{full_id}#{key}" for key in self.outline(deck).keys[at]])

    def topic_of(self, full_id: str) -> str:
        """The topic of a note, its deck's where it names none; empty where there is neither."""
        deck_id, _, name = full_id.partition("/")
        deck = self.decks.get(deck_id)
        return "" if deck is None else self.outline(deck_id).topics.get(name, deck.topic)

    def needs_of(self, full_id: str) -> tuple[str, ...]:
        """The full ids of the notes that a note needs; none where there is no such note."""
        deck, _, name = full_id.partition("/")
        return self.outline(deck).needs.get(name, ()) if deck in self.decks else ()

    def confusable(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The notes that name others which they are kept apart from, with these; all by their full ids."""
        for deck in self.decks:
            for name, others in self.outline(deck).confusable.items():
                yield f"{deck}/{name}", others

    def renamed(self) -> list[Note]:
        """The notes of which it is said what they, their cards or their decks were called before."""
        found = []
        for deck in self.decks.values():
            names = self.outline(deck.id).names if deck.was else self.outline(deck.id).renamed
            found += [note for name in names if (note := self.note(f"{deck.id}/{name}")) is not None]
        return found

    @property
    def has_media(self) -> bool:
        """Whether any note names files."""
        return any(self.outline(deck).has_media for deck in self.decks)

    def _find(self, full_id: str) -> tuple[str, int | None]:
        """The deck of a note, and the note's place in it; None where there is no such note."""
        deck, _, name = full_id.partition("/")
        places = self._positions.get(deck)
        if places is None:
            if deck not in self.decks:
                return deck, None
            places = self._positions[deck] = {name: at for at, name in enumerate(self.outline(deck).names)}
        return deck, places.get(name)

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


def load(
    places: Sequence[Path] = (),
    *,
    more: Sequence[Path] = (),
    read: Reader | None = None,
    read_roadmaps: RoadmapReader | None = None,
) -> Library:
    """The library of some deck files and folders; where none is named, of the bundled decks and then those in `more`.

    `read` gives what a file says, `read_roadmaps` what roadmap files do (see `cache.DeckCache`); without them every
    file is read anew.

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
    read = read or read_deck
    shipped = bundled_folder()
    chosen = list(places) or [*([shipped] if shipped else []), *more]
    problems: list[Problem] = []
    files: list[DeckFile] = []
    decks: dict[str, tuple[DeckFile, Path]] = {}
    met: set[str] = set()
    folders: dict[str, str] = {}
    roadmaps: list[Path] = []
    for place in chosen:
        for path in yaml_files(place, problems):
            real = _real(path, folders)
            if real in met:
                continue
            met.add(real)
            if is_roadmap(path):
                roadmaps.append(path)
                continue
            file = read(path)
            files.append(file)
            if file.deck is not None and not file.extends:
                if file.deck.id in decks:
                    earlier, earlier_place = decks[file.deck.id]
                    # A clone of the repository has a copy of each bundled deck, of which there is nothing to say.
                    if place == earlier_place or not (earlier_place == shipped and file.same_bytes(earlier)):
                        problems.append(replacement(file, earlier, same_place=place == earlier_place))
                decks[file.deck.id] = (file, place)
    if places and shipped:
        wanted = {file.deck.id for file in files if file.deck is not None and file.extends} - decks.keys()
        files = [*_shipped_decks(shipped, wanted, read), *files]
    elsewhere = _shipped_notes(shipped, files, decks.keys(), read) if places and shipped else frozenset[str]()
    problems += check_between(members(files), files, elsewhere)
    problems += [problem for file in files for problem in file.problems]
    return Library(files, sorted(problems, key=_PLACE), shipped, chosen, roadmaps, read_roadmaps)


def _real(path: Path, folders: dict[str, str]) -> str:
    """What `os.path.realpath` gives, which looks at each folder of a path anew: `folders` are those known."""
    if os.name != "posix" or os.path.islink(path):
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    real = folders.get(folder)
    if real is None:
        real = folders[folder] = os.path.realpath(folder)
    return os.path.join(real, name)


_PLACE = attrgetter("path", "line", "column", "severity", "code", "message", "hint")
"""The order of problems, as their class has it: taken once of each, since a library can have very many."""


def read_deck(path: Path) -> DeckFile:
    """Read a deck file (see `reader.read_deck`)."""
    # What reads is not needed where all that is read was kept.
    from nlpcards.decks.reader import read_deck

    return read_deck(path)


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
        for file in _shipped_decks(shipped, {file.deck.id for file in own if file.deck}, read_deck)
        if file.deck is not None
    }
    for file in own:
        if file.deck is not None and file.deck.id in bundled and not file.same_bytes(bundled[file.deck.id]):
            yield replacement(file, bundled[file.deck.id], same_place=False)


def _shipped_decks(folder: Path, wanted: Collection[str], read: Reader) -> list[DeckFile]:
    """The bundled decks of some ids, for files that extend them where they were not named."""
    if not wanted:
        return []
    # All of them would be read at each redraw of a preview to learn their ids, which stand on lines of their own here.
    files = [read(path) for path in deck_files(folder, []) if _says_one_of(path, wanted)]
    return [file for file in files if file.deck is not None and not file.extends and file.deck.id in wanted]


def _says_one_of(path: Path, ids: Collection[str]) -> bool:
    """Whether a bundled file may be the deck of one of some ids."""
    from nlpcards.decks.files import Content, decode, read_content

    content = read_content(path)
    text = decode(content.data) if isinstance(content, Content) else ""
    return any(found in ids for found in re.findall(r"^deck:[ \t]*([^\s#]+)", text, re.MULTILINE))


def _shipped_notes(folder: Path, files: Sequence[DeckFile], there: Collection[str], read: Reader) -> frozenset[str]:
    """The notes of bundled decks that some files build on without naming these decks: they exist, and are not read."""
    noted = (reference for file in files for reference in file.references if reference.key in ("needs", "confusable"))
    wanted = {deck_of(reference.target) for reference in noted}
    shipped = _shipped_decks(folder, wanted.difference(there), read)
    return frozenset().union(*(file.note_ids for file in shipped))
