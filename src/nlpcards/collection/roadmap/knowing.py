"""What is known of each topic, and which are open: worked out once a study day, and followed from then on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from nlpcards.collection.roadmap.sums import KeptSums, Sums, digest_of
from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.dataclass import dataclass
from nlpcards.core.journal import Event
from nlpcards.core.roadmap.following import Following, following
from nlpcards.core.roadmap.met_cards import Met, MetCards
from nlpcards.core.roadmap.opening import Opening, in_order, openings, places_on
from nlpcards.core.roadmap.progress import NO_CARDS, Progress, Readiness, Shelf, shelf_of
from nlpcards.core.roadmap.values import Track

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.decks.library import Library

_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Morning:
    """What was known of each topic when it was last worked out, without the cards that had been answered that day:
    `answered`, by their keys. It holds while `turn` is the journal's, and for one set of decks.
    """

    day: int
    turn: int
    readiness: Mapping[str, Readiness]
    answered: frozenset[int]


class Knowing:
    """What a collection's journal says of the topics of its decks.

    A plan needs to know which topics are open. What all cards come to is kept (see `sums`), and for a plan it is asked
    for once a study day; what is introduced later that day is added to it. Recall is then the morning's: an answer only
    raises it, so at worst a topic opens a day later than it might.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._kept = KeptSums(collection, self._topic)
        self._library: Library | None = None
        self._decks: object = None
        self._cards: Mapping[str, tuple[str, ...]] = {}
        self._made: tuple[Shelf | None, bytes | None] = None, None
        self._mornings: dict[int, _Morning] = {}
        self._marks: Mapping[str, Event] = {}
        self._following = Following()
        self._placed: Track | None = None
        self._places: Mapping[str, int] = {}

    @property
    def following(self) -> Following:
        """What the learner set about the roadmap."""
        marks = self._collection.journal.marks()
        # The journal gives the same mapping again until there are other marks.
        if self._marks is not marks:
            self._marks, self._following = marks, following(marks)
        return self._following

    @property
    def track(self) -> Track | None:
        """The track followed; None where there is none, or no roadmap has it any more."""
        followed = self.following.track
        return self._collection.library.roadmap.tracks.get(followed) if followed else None

    @property
    def cards(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of each topic's cards, in the order in which they are introduced (see `CardsByTopic`)."""
        self._look_at_decks()
        return self._cards

    def progress(self, day: int) -> dict[str, tuple[Progress, Readiness]]:
        """How far one has come in each topic that has cards, as it is at this moment of a study day."""
        self._look_at_decks()
        return dict(self._sums(day).now)

    def readiness(self, day: int) -> dict[str, Readiness]:
        """What decides whether each topic that has cards is known: of this morning, with what was introduced since."""
        self._look_at_decks()
        morning = self._morning(day)
        since: dict[str, list[Met]] = {}
        for each in self._collection.journal.met(day):
            first, key = each[4], each[6]
            topic = self._topic(each[0]) if (first is not None and first >= day) or key in morning.answered else None
            if topic is not None:
                since.setdefault(topic, []).append(each)
        found, parameters = dict(morning.readiness), self._collection.settings.parameters
        for topic, met in since.items():
            more, before = MetCards.of(met).known(0, 0, day, parameters).ready, found[topic]
            found[topic] = Readiness(
                before.cards + more.cards, before.met + more.met, before.remembered + more.remembered
            )
        return found

    def openings(self, day: int) -> dict[str, Opening]:
        """Which topics are open for new cards on a study day, and why."""
        roadmap = self._collection.library.roadmap
        return openings(roadmap, self.track, self.readiness(day), self.following)

    def new_cards(self, day: int) -> Iterator[str]:
        """The cards of the open topics that have any left to introduce, in the order in which they come.

        Those that were answered are among them, and suspended ones: a topic is left out only as a whole. The cards of
        topics that a placement found known take turns with the others, lest one wait for weeks for anything new.
        """
        track, ready, following = self.track, self.readiness(day), self.following
        opened = openings(self._collection.library.roadmap, track, ready, following)
        topics = [topic for topic in in_order(track, opened) if ready.get(topic, NO_CARDS).left]
        if not following.placed.isdisjoint(topics):
            others = self._unanswered(topic for topic in topics if topic not in following.placed)
            placed = self._unanswered(topic for topic in topics if topic in following.placed)
            yield from (card for turn in zip_longest(others, placed) for card in turn if card is not None)
            return
        for topic in topics:
            yield from self._cards.get(topic, ())

    def _unanswered(self, topics: Iterable[str]) -> Iterator[str]:
        """The cards of some topics that were never answered, looked up in batches, since a plan takes few."""
        waiting = (card for topic in topics for card in self._cards.get(topic, ()))
        while batch := list(islice(waiting, _BATCH)):
            answered = self._collection.journal.answered_among(batch)
            yield from (card for card in batch if card not in answered)

    def comes_first(self, need: str, note: str) -> bool:
        """Whether the track followed has the topic of a note that is needed no later than that of the note which needs
        it (both `deck/note`): only then does the one wait for the other, else both might wait for ever. Without a track
        it always does.
        """
        track = self.track
        if track is None:
            return True
        if track is not self._placed:
            self._placed, self._places = track, places_on(track)
        library = self._collection.library
        first, then = (self._places.get(library.topic_of(each) or deck_of(each)) for each in (need, note))
        return then is None or (first is not None and first <= then)

    def _morning(self, day: int) -> _Morning:
        journal = self._collection.journal
        turn = journal.turn
        known = self._mornings.get(day)
        if known is not None and known.turn == turn:
            return known
        sums = self._sums(day)
        # Today's, and tomorrow's for a glance ahead.
        self._mornings = {other: each for other, each in self._mornings.items() if other in (day - 1, day + 1)}
        self._mornings[day] = _Morning(day, turn, sums.morning, sums.answered)
        return self._mornings[day]

    def _sums(self, day: int) -> Sums:
        """What all cards come to now: as kept, but for those that changed since."""
        return self._kept.sums(day, self._digest, lambda: self._shelf)

    def _topic(self, card: str) -> str | None:
        """The topic that a card counts in, None where there is no such card."""
        library = self._collection.library
        return (library.topic_of(note_of(card)) or deck_of(card)) if library.has_card(card) else None

    @property
    def _shelf(self) -> Shelf:
        shelf, digest = self._made
        if shelf is None:
            assert self._library is not None
            shelf = _shelf(self._library)
            self._made = shelf, digest
        return shelf

    @property
    def _digest(self) -> bytes:
        shelf, digest = self._made
        if digest is None:
            assert self._library is not None
            digest = digest_of(self._library)
            self._made = shelf, digest
        return digest

    def _look_at_decks(self) -> None:
        library = self._collection.library
        if library is self._library and library.decks is self._decks:
            return
        self._library, self._decks = library, library.decks
        self._cards = CardsByTopic(library)
        self._made = None, None
        self._mornings = {}


class CardsByTopic(Mapping[str, tuple[str, ...]]):
    """The ids of each topic's cards, in the order in which they are introduced: its decks take turns, each in its
    file's order. A note without a topic has its deck's, else its deck for one. The ids of a topic are made when asked
    for.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._decks: dict[str, list[str]] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        for deck in library.decks:
            outline = library.outline(deck)
            topics = set(outline.topics.values())
            if len(outline.topics) < len(outline.names):
                topics.add(_topic_of(library, deck))
            for topic in topics:
                self._decks.setdefault(topic, []).append(deck)

    def __getitem__(self, topic: str) -> tuple[str, ...]:
        found = self._known.get(topic)
        if found is None:
            decks = [list(self._of(deck, topic)) for deck in self._decks[topic]]
            found = tuple(card for turn in zip_longest(*decks) for card in turn if card is not None)
            self._known[topic] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._decks)

    def __len__(self) -> int:
        return len(self._decks)

    def __contains__(self, topic: object) -> bool:
        return topic in self._decks

    def _of(self, deck: str, topic: str) -> Iterator[str]:
        outline, otherwise = self._library.outline(deck), _topic_of(self._library, deck)
        for name, keys in zip(outline.names, outline.keys, strict=True):
            if outline.topics.get(name, otherwise) == topic:
                for key in keys:
                    yield f"{deck}/{name}#{key}"


def _topic_of(library: Library, deck: str) -> str:
    return library.decks[deck].topic or deck


def _shelf(library: Library) -> Shelf:
    decks = {}
    for deck in library.decks:
        outline = library.outline(deck)
        keys = dict(zip(outline.names, outline.keys, strict=True))
        decks[deck] = _topic_of(library, deck), keys, outline.topics
    return shelf_of(decks)
