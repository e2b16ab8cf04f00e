"""What all cards come to by topic, kept from one start to the next: only cards that changed since are looked at again.

To look at every card that was ever answered takes longer than all else that a start does along a track. What comes of
it follows from the study day, the parameters, the decks and the cards' states. So the states are kept, packed, in the
cache folder (see `decks.kept`), beside a digest of what the decks hold and the point up to which they follow the
journal; and so are the sums of a day or two. After an answer, an undo or a small merge, whoever wrote it, the cards
that changed are put in their topics anew, and these topics are summed again; on another day all of them are, from what
is kept.
"""

from __future__ import annotations

import marshal
import os
import sys
from array import array
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import time_ns
from typing import TYPE_CHECKING, Any

from nlpcards.core.dataclass import dataclass
from nlpcards.core.hashing import blake2b
from nlpcards.core.roadmap.met_cards import Known, Met, MetCards, met_by_topic
from nlpcards.core.roadmap.progress import Progress, Readiness, Shelf
from nlpcards.decks.kept import READING, UNREADABLE, KeptFiles

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.decks.library import Library

SUMMING = (*READING, "core/stats", "store", "collection/roadmap")
"""The folders of the program that decide what all cards come to."""

_FORM = 1
"""The form of what is kept."""

_WORTH_KEEPING = 64
"""After so many changes what is kept is written anew: to follow fewer takes no time that one would notice."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What is known of each topic that has cards, on a study day: `now` with all cards, and as `morning` what decides
    whether it is known without those of the cards `answered` that day, by their keys in the journal's file.
    """

    now: Mapping[str, tuple[Progress, Readiness]]
    morning: Mapping[str, Readiness]
    answered: frozenset[int]


@dataclass(frozen=True, slots=True)
class Topic:
    """How many notes and cards a topic has, and those that were met."""

    notes: int
    cards: int
    met: MetCards


Packed = tuple[int, int, bytes, bytes, bytes, bytes, tuple[int, ...]]
"""A topic as marshal has it."""


@dataclass(frozen=True, slots=True)
class Held:
    """The topics as they were at a `point` in the changes of states, with decks of a digest; some packed as yet. `days`
    are the sums of study days, each under some parameters.
    """

    decks: bytes
    point: tuple[int, int]
    topics: dict[str, Topic | Packed]
    days: dict[int, tuple[tuple[float, ...], Sums]]

    def topic(self, name: str) -> Topic:
        """A topic by its id."""
        found = self.topics[name]
        if isinstance(found, tuple):
            found = self.topics[name] = _unpacked(found)
        return found


class KeptSums:
    """The sums of a collection's journal, with what they are made of in its cache folder. `topic_of` gives the topic of
    a card by its id, None where no deck has it.
    """

    def __init__(self, collection: Collection, topic_of: Callable[[str], str | None]) -> None:
        self._collection, self._topic_of = collection, topic_of
        self._files = KeptFiles(collection.home.deck_cache, ".sums", time_ns, SUMMING)
        self._held: Held | None = None
        self._written = 0
        """The number of the last change that the file follows."""

    def sums(self, day: int, decks: bytes, shelf: Callable[[], Shelf]) -> Sums:
        """The sums of a study day; `decks` is the digest of the decks (see `digest_of`), whose `shelf` is asked for
        where every card is to be looked at.

        Raises:
            StoreError: the journal cannot be read.
        """
        journal, parameters = self._collection.journal, tuple(self._collection.settings.parameters)
        # First of all: what changes from here on is looked at again the next time.
        point = journal.point()
        held = self._held if self._held is not None and self._held.decks == decks else self._load(decks)
        changed = journal.changed_since(held.point) if held is not None else None
        if held is None or changed is None or point is None:
            held = self._looked(point or (-1, 0), decks, shelf())
        elif changed:
            held = self._followed(held, point, changed)
        known = held.days.get(day)
        if known is None or known[0] != parameters:
            # Today's, and tomorrow's for a glance ahead.
            days = {other: each for other, each in held.days.items() if abs(other - day) == 1 and each[0] == parameters}
            known = days[day] = parameters, _sums(held, day, parameters)
            held = Held(held.decks, held.point, held.topics, days)
            self._written = -_WORTH_KEEPING
        # What this process alone sees as yet may never be.
        if point is not None and not journal.is_unwritten:
            self._held = held
            if point[0] - self._written >= _WORTH_KEEPING:
                self._keep(held)
        return known[1]

    def _looked(self, point: tuple[int, int], decks: bytes, shelf: Shelf) -> Held:
        """All cards, looked at one by one."""
        met = met_by_topic(shelf, self._collection.journal.met())
        counts = zip(shelf.topics, shelf.notes, shelf.cards, strict=True)
        return Held(decks, point, {name: Topic(notes, cards, met[name]) for name, notes, cards in counts}, {})

    def _followed(self, before: Held, point: tuple[int, int], changed: set[int]) -> Held:
        """What was held, with the cards of some keys looked at again."""
        journal = self._collection.journal
        named = map(self._topic_of, journal.names_of(changed).values())
        touched: dict[str, list[Met]] = {name: [] for name in named if name is not None}
        for each in journal.met_among(changed):
            name = self._topic_of(each[0])
            if name is not None:
                touched[name].append(each)
        topics = dict(before.topics)
        for name, met in touched.items():
            topic = before.topic(name)
            topics[name] = Topic(topic.notes, topic.cards, topic.met.changed(changed, met))
        held = Held(before.decks, point, topics, {})
        for day, (parameters, sums) in before.days.items():
            held.days[day] = parameters, _summed_again(held, touched, changed, day, parameters, sums)
        return held

    # ---- the file

    def _load(self, decks: bytes) -> Held | None:
        """What was kept, None where nothing was, or of other decks."""
        try:
            data = self._files.load(self._name(), (_FORM, sys.byteorder, decks))
            if data is None:
                return None
            point, topics, days = marshal.loads(data)
            held = Held(decks, point, dict(topics), {day: (tuple(of), _sums_of(each)) for day, of, each in days})
        except UNREADABLE:
            return None
        self._written = point[0]
        return held

    def _keep(self, held: Held) -> None:
        topics = [(name, each if isinstance(each, tuple) else _packed(each)) for name, each in held.topics.items()]
        days = [(day, of, _data_of(sums)) for day, (of, sums) in held.days.items()]
        with suppress(OSError, ValueError):  # it is only kept to be quicker
            self._files.store(
                self._name(), (_FORM, sys.byteorder, held.decks), marshal.dumps((held.point, topics, days))
            )
            self._written = held.point[0]

    def _name(self) -> str:
        return os.path.abspath(self._collection.journal.path)


def digest_of(library: Library) -> bytes:
    """A digest of all that decides which cards there are, and on which topics, in which order."""
    digest = blake2b(digest_size=16)
    for name, deck in library.decks.items():
        outline = library.outline(name)
        # Version 2 says the same of the same: later ones write what is one object twice once.
        digest.update(marshal.dumps((name, deck.topic, outline.names, outline.keys, dict(outline.topics)), 2))
    return digest.digest()


def _sums(held: Held, day: int, parameters: tuple[float, ...]) -> Sums:
    known = {name: _known(held.topic(name), day, parameters) for name in held.topics}
    return Sums(
        {name: (each.progress, each.ready) for name, each in known.items()},
        {name: each.morning for name, each in known.items()},
        frozenset(card for each in known.values() for card in each.answered),
    )


def _summed_again(
    held: Held, touched: Mapping[str, object], changed: set[int], day: int, parameters: tuple[float, ...], before: Sums
) -> Sums:
    """The sums of a day, where some cards changed and thereby some topics."""
    known = {name: _known(held.topic(name), day, parameters) for name in touched}
    return Sums(
        {**before.now, **{name: (each.progress, each.ready) for name, each in known.items()}},
        {**before.morning, **{name: each.morning for name, each in known.items()}},
        (before.answered - changed).union(*(each.answered for each in known.values())),
    )


def _known(topic: Topic, day: int, parameters: tuple[float, ...]) -> Known:
    return topic.met.known(topic.notes, topic.cards, day, parameters)


def _packed(topic: Topic) -> Packed:
    met = topic.met
    arrays = met.keys.tobytes(), met.stabilities.tobytes(), met.last_days.tobytes()
    return topic.notes, topic.cards, *arrays, met.marks, met.resting


def _unpacked(packed: Packed) -> Topic:
    notes, cards, keys, stabilities, last_days, marks, resting = packed
    return Topic(
        notes,
        cards,
        MetCards(array("q", keys), array("d", stabilities), array("q", last_days), marks, resting),
    )


def _data_of(sums: Sums) -> tuple[Any, ...]:
    now = [
        (
            topic,
            (each.notes, each.cards, each.met, each.mature_cards, each.remembered, each.forgotten),
            (ready.cards, ready.met, ready.remembered),
        )
        for topic, (each, ready) in sums.now.items()
    ]
    morning = [(topic, ready.cards, ready.met, ready.remembered) for topic, ready in sums.morning.items()]
    return now, morning, list(sums.answered)


def _sums_of(data: tuple[Any, ...]) -> Sums:
    now, morning, answered = data
    return Sums(
        {topic: (Progress(*progress), Readiness(*ready)) for topic, progress, ready in now},
        {topic: Readiness(*ready) for topic, *ready in morning},
        frozenset(answered),
    )
