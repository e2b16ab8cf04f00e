"""What the notes of a deck are called and how they hang together, without what they say.

A day's plan needs the ids of all cards in their order, and of the notes only what bears on that order. What a note says
is needed of the few cards that are shown, so that a library can leave it unread until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from nlpcards.core.dataclass import dataclass

if TYPE_CHECKING:
    from nlpcards.core.cards import Note


@dataclass(frozen=True, slots=True)
class Outline:
    """The notes of a deck by their own ids (`names`), in their order.

    `keys` are the keys of each note's cards. `topics` are those of the notes that have another than the deck. `needs`
    and `confusable` are full ids (`deck/note`) by the notes that name any. `renamed` are the notes that say what they
    or their cards were called before. `has_media` says whether any note names files.
    """

    names: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    topics: Mapping[str, str]
    needs: Mapping[str, tuple[str, ...]]
    confusable: Mapping[str, tuple[str, ...]]
    renamed: tuple[str, ...]
    has_media: bool

    @classmethod
    def of(cls, notes: Iterable[Note], topic: str) -> Outline:
        """The outline of some notes of a deck, whose own topic is `topic`."""
        every = tuple(notes)
        return cls(
            tuple([note.id for note in every]),
            tuple([note.body.card_keys() for note in every]),
            {note.id: note.topic for note in every if note.topic and note.topic != topic},
            {note.id: note.needs for note in every if note.needs},
            {note.id: note.confusable for note in every if note.confusable},
            tuple([note.id for note in every if note.was or note.was_cards]),
            any(note.media for note in every),
        )

    def card_ids(self, deck: str) -> Iterator[str]:
        """The ids of all cards (`deck/note#key`), in the order in which they are introduced."""
        for name, keys in zip(self.names, self.keys, strict=True):
            for key in keys:
                yield f"{deck}/{name}#{key}"
