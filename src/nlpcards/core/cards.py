"""Notes and cards: what an author wrote and what a learner is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
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
    of this note, so that its cards keep their history. `media` are paths relative to the deck file.
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
    as_of: date | None = None
    expires: date | None = None
    id_is_hash: bool = False
    media: tuple[str, ...] = ()

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

    def face(self) -> Face:
        """What the card shows."""
        return self.note.body.face(self.key)

    def content(self) -> str:
        """A short hash of what the card shows, to tell later whether it changed since it was last seen."""
        face = self.face()
        return digest(face.question, face.answer or "", str(face.ask), self.note.why)


@dataclass(frozen=True, slots=True)
class Deck:
    """One deck file as read: its good notes, in the file's order."""

    id: str
    title: str
    path: str
    notes: tuple[Note, ...]
    topic: str = ""
    sources: dict[str, Source] = field(default_factory=dict)

    def cards(self) -> Iterator[Card]:
        """Every card, in the file's order."""
        for note in self.notes:
            yield from note.cards()


def digest(*parts: str) -> str:
    """A short hash (12 hexadecimal digits) of texts, each framed by its length so that no two lists share one."""
    framed = "".join(f"{len(part)}:{part}" for part in parts)
    return blake2b(framed.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def deck_of(card_id: str) -> str:
    """The deck of a card or note id."""
    return card_id.split("/", 1)[0]


def note_of(card_id: str) -> str:
    """The note (`deck/note`) of a card id."""
    return card_id.split("#", 1)[0]
