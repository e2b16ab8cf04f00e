"""Notes and cards: what an author wrote and what a learner is asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from nlpcards.core.dataclass import dataclass
from nlpcards.core.outline import Outline

if TYPE_CHECKING:
    from hashlib import blake2b

    from nlpcards.core.kinds import Body, Face


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a deck file: `line` and `column` count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Source:
    """Something a deck cites: a paper, a book, a documentation page."""

    key: str
    title: str
    authors: str = ""
    year: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A source and the place in it, such as `§3.2` or `Table 2`; `where` may be empty."""

    source: Source
    where: str

    def __str__(self) -> str:
        who = self.source.authors or self.source.title
        year = f" ({self.source.year})" if self.source.year else ""
        where = f", {self.where}" if self.where else ""
        return f"{who}{year}{where}"


@dataclass(frozen=True, slots=True)
class Note:
    """One entry under `notes:`.

    `id` is the note's own slug, without its deck's; where the author gave none it is a hash of kind and question, and
    `id_is_hash` says so. `needs` and `confusable` are full ids (`deck/note`). `was` lists the former ids (`deck/note`)
    of this note, and `was_cards` a key of it and a former card id (`deck/note#key`) where a single card was called
    otherwise, so that its cards keep their history. `media` are paths relative to the deck file. `deck_was` are the
    former ids of its deck, under which the note was called as it is now.
    """

    deck: str
    id: str
    body: Body
    place: Place
    topic: str = ""
    why: str = ""
    cite: tuple[Citation, ...] = ()
    tags: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    confusable: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    was_cards: tuple[tuple[str, str], ...] = ()
    as_of: date | None = None
    expires: date | None = None
    id_is_hash: bool = False
    media: tuple[str, ...] = ()
    deck_was: tuple[str, ...] = ()

    @property
    def full_id(self) -> str:
        """`deck/note`."""
        return f"{self.deck}/{self.id}"

    def cards(self) -> tuple[Card, ...]:
        """The cards of this note, in the order in which they are introduced."""
        return tuple(Card(f"{self.deck}/{self.id}#{key}", key, self) for key in self.body.card_keys())


@dataclass(frozen=True, slots=True)
class Card:
    """One question asked of the learner; `id` is `deck/note#key`."""

    id: str
    key: str
    note: Note

    def face(self, repetition: int = 0) -> Face:
        """What the card shows; a drill draws other numbers for each `repetition`, the count of reviews before."""
        return self.note.body.face(self.key, f"{self.id}\n{repetition}")

    def said_ids(self) -> tuple[str, ...]:
        """What the card was called before in the very words of its note's `was`."""
        renamed = [f"{former}#{self.key}" for former in self.note.was]
        return (*renamed, *(former for key, former in self.note.was_cards if key == self.key))

    def former_ids(self) -> tuple[str, ...]:
        """What the card may have been called before: what its note says under `was`, and what follows from it.

        `was` does not tell in which order a deck, a note and a card got other ids, so the card may have had each of its
        keys under each id of its note, and that in each of its deck's. Some of these ids were never anybody's.
        """
        note, said = self.note, self.said_ids()
        here = f"{note.deck}/"
        own = (note.full_id, *note.was)
        older = [f"{deck}/{each.removeprefix(here)}" for deck in note.deck_was for each in own if each.startswith(here)]
        notes = dict.fromkeys((*own, *older))
        keys, elsewhere, siblings = {self.key: None}, list[str](), frozenset[str]()
        if note.was_cards:
            present = frozenset(note.body.card_keys())
            siblings = frozenset(former for key, former in note.was_cards if key != self.key)
            for former in said:
                name, _, key = former.partition("#")
                if name not in notes:
                    elsewhere += [
                        f"{deck}/{former.removeprefix(here)}" for deck in note.deck_was if name[: len(here)] == here
                    ]
                elif key not in present:
                    keys[key] = None
        follows = (f"{name}#{key}" for name in notes for key in keys)
        found = dict.fromkeys((*said, *(each for each in follows if each not in siblings), *elsewhere))
        found.pop(self.id, None)
        return tuple(found)

    def content(self) -> str:
        """A short hash of what the card shows, to tell later whether it changed since it was last seen."""
        return digest(*self.note.body.content(self.key), self.note.why)


@dataclass(frozen=True, slots=True)
class Deck:
    """One deck as read: its good notes, in the file's order, and what other files that extend it changed.

    `was` are the former ids of the deck. Its `notes` may be made one by one as they are asked for.
    """

    id: str
    title: str
    path: str
    notes: Sequence[Note]
    topic: str = ""
    sources: dict[str, Source] = field(default_factory=dict)
    was: tuple[str, ...] = ()

    @property
    def outline(self) -> Outline:
        """What its notes are called and how they hang together; whoever asks again and again keeps it."""
        return self.notes.outline if isinstance(self.notes, Outlined) else Outline.of(self.notes, self.topic)

    def note_ids(self) -> Iterator[str]:
        """The full ids (`deck/note`) of its notes, in the file's order."""
        notes = self.notes
        names = notes.outline.names if isinstance(notes, Outlined) else (note.id for note in notes)
        return (f"{self.id}/{name}" for name in names)

    def cards(self) -> Iterator[Card]:
        """Every card, in the file's order."""
        for note in self.notes:
            yield from note.cards()


class Outlined(ABC):
    """Notes whose outline is known without them."""

    __slots__ = ()

    @property
    @abstractmethod
    def outline(self) -> Outline:
        """Their outline, by the topic of their deck."""


class _Frames(dict[int, str]):
    """What texts are framed with by their lengths; usual ones are kept, which halves the time of a digest's framing."""

    def __missing__(self, length: int) -> str:
        frame = f"{length}:"
        if length < 4_096:
            self[length] = frame
        return frame


_FRAMES = _Frames()


def digest(*parts: str) -> str:
    """A short hash (12 hexadecimal digits) of texts, each framed by its length so that no two lists share one."""
    framed = "".join([_FRAMES[len(part)] + part for part in parts])  # a list: a third faster than a generator
    hashed = _hashing().copy()  # takes two thirds of the time of a new one
    hashed.update(framed.encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()


@lru_cache(maxsize=1)
def _hashing() -> blake2b:
    from nlpcards.core.hashing import blake2b

    return blake2b(digest_size=6)


def deck_of(card_id: str) -> str:
    """The deck of a card or note id."""
    return card_id.split("/", 1)[0]


def note_of(card_id: str) -> str:
    """The note (`deck/note`) of a card id."""
    return card_id.split("#", 1)[0]
