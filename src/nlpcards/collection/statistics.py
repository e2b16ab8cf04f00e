"""Statistics of a learner's collection: the journal's answers and the library's cards, brought together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from nlpcards.collection.collection import Collection
from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.stats.overview import Group, Known, Statistics, overview
from nlpcards.core.stats.standings import Standing
from nlpcards.store.identity import fingerprint
from nlpcards.store.journal_file import Journal
from nlpcards.store.reading import Reader

DAYS = 365
"""The period over which statistics go unless another is asked for, in study days up to today."""


def statistics(
    collection: Collection, decks: Iterable[str] = (), *, days: int = DAYS, reader: Reader | None = None
) -> Statistics:
    """The statistics of some decks (all where none is named), over a period of so many study days.

    Over all decks, answers to cards whose notes are gone count too, under the deck that their ids name. `reader` is
    another view of the same journal, for a thread of its own.

    Raises:
        UsageError: no deck is called so.
        StoreError: the journal cannot be read.
    """
    named = tuple(decks)
    chosen = collection.chosen(named)
    journal = reader or collection.journal
    rollover = journal.timeline.now.rollover
    now = collection.clock.now(rollover)
    groups = _Groups(collection, chosen if named else None)
    summed = journal.summed(groups.of, range(now.day - days + 1, now.day + 1))
    standings: list[tuple[int, Standing]] = [
        (groups.of(each.card), each) for each in journal.standings() if groups.exists(each.card)
    ]
    zone = collection.clock.zone

    def hour_of(ms: int) -> int:
        return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone).hour

    known = Known(summed, groups.each, standings, groups.cards, hour_of, journal.timeline.model.retrievability)
    return overview(
        known,
        day=now.day,
        day_ends_ms=collection.clock.start_ms(now.day + 1, rollover),
        days=days,
        decks=tuple(sorted(chosen)) if named else (),
    )


def statistics_apart(collection: Collection, decks: Iterable[str] = (), *, days: int = DAYS) -> Statistics:
    """The same through a connection of its own, so that a thread may count while a screen goes on.

    Raises:
        UsageError: no deck is called so.
        StoreError: the journal cannot be read.
    """
    path = collection.journal.path
    with Journal.open(path, 0, fingerprint(path), readonly=True) as reader:
        return statistics(collection, decks, days=days, reader=reader)


class _Groups:
    """The groups of cards, numbered: those of the library, and one for each deck that is gone."""

    def __init__(self, collection: Collection, decks: frozenset[str] | None) -> None:
        self._library = collection.library
        self._decks = decks
        self._numbers: dict[Group, int] = {}
        self._of_notes: dict[str, int] = {}
        self.cards: dict[int, int] = {}
        """How many cards of each group exist."""
        for deck in self._library.decks.values():
            if decks is not None and deck.id not in decks:
                continue
            for note in deck.notes:
                number = self._number(Group(deck.id, note.topic or deck.topic))
                self._of_notes[note.full_id] = number
                self.cards[number] = self.cards.get(number, 0) + len(note.body.card_keys())

    @property
    def each(self) -> tuple[Group, ...]:
        """The groups by their numbers."""
        return tuple(self._numbers)

    def _number(self, group: Group) -> int:
        return self._numbers.setdefault(group, len(self._numbers))

    def of(self, card: str) -> int:
        """The number of a card's group, -1 where its deck was not asked for."""
        number = self._of_notes.get(note_of(card))
        if number is not None:
            return number
        deck = deck_of(card)
        if self._decks is not None and deck not in self._decks:
            return -1
        return self._number(Group(deck, ""))

    def exists(self, card: str) -> bool:
        """Whether a deck that was asked for has the card."""
        note_id = note_of(card)
        if note_id not in self._of_notes:
            return False
        note = self._library.note(note_id)
        return note is not None and card[len(note_id) + 1 :] in note.body.card_keys()
