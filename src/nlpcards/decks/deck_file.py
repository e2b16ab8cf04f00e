"""What reading a deck file gives, and what tells whether the file is still the one that was read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from nlpcards.core.cards import Deck, Place
from nlpcards.core.dataclass import dataclass
from nlpcards.decks.problems import Problem


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a file is still the one that was read."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """The stamp of a file's status."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class PlacedReference:
    """Something in this file names what only the whole library knows.

    `key` is `needs` or `confusable` with a note of another deck (or of the deck that the file extends), `was` with a
    former id, `cite` with a source of the deck that the file extends, `drop` with one of its notes, or `extends` with
    the deck itself. `note` is the full id of the note that says so, or the deck's id where the head of the file does.
    """

    note: str
    key: str
    target: str
    place: Place


@dataclass(frozen=True, slots=True)
class DeckFile:
    """One deck file as read.

    `deck` holds the good notes; it is None where the file could not be read or names no deck. Where the file `extends`
    a deck, `deck` has that deck's id and says only what the file adds; its title is empty unless the file gives one.
    `deck_place` is where the file says its id. `references` are those that only a whole library can check. `stamp`
    tells whether the file is still the one that was read; it is None for a text. `broken` are the places of the notes
    that have an error, by their full ids. `is_given_up` says that not all of it was read.
    """

    path: str
    deck: Deck | None
    problems: tuple[Problem, ...]
    deck_place: Place
    references: tuple[PlacedReference, ...] = ()
    stamp: Stamp | None = None
    extends: bool = False
    broken: Mapping[str, Place] = field(default_factory=dict)
    is_given_up: bool = False
    broken_count: int = 0
    """How many notes have an error, those included whose id could not be read or is another's."""
    media: Mapping[str, tuple[bool, bool]] = field(default_factory=dict)
    """The files that its notes name, as they were looked for (see `look_for`)."""

    def same_bytes(self, other: DeckFile) -> bool:
        """Whether both files hold the same bytes now; of files that cannot be read, False."""
        if self.stamp is None or other.stamp is None or self.stamp.size != other.stamp.size:
            return False
        try:
            return Path(self.path).read_bytes() == Path(other.path).read_bytes()
        except OSError:
            return False

    @property
    def note_ids(self) -> frozenset[str]:
        """The full ids of all notes, broken ones included."""
        deck = self.deck
        return frozenset(self.broken if deck is None else (*deck.note_ids(), *self.broken))

    @property
    def dropped(self) -> tuple[str, ...]:
        """The full ids of the notes of the extended deck that are left out."""
        return tuple([reference.target for reference in self.references if reference.key == "drop"])

    @property
    def has_errors(self) -> bool:
        """Whether anything in the file is an error."""
        return any(problem.is_error for problem in self.problems)


def look_for(folder: Path, path: str) -> tuple[bool, bool]:
    """Whether a path stays in a folder, and whether a file is there. One that is not there costs one look only."""
    try:
        there = (folder / path).is_file()
        return not there or (folder / path).resolve().is_relative_to(folder.resolve()), there
    except (OSError, ValueError, RuntimeError):
        return True, False
