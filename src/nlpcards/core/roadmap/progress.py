"""How far one has come in a topic: what was introduced, what is recalled now, what would be lost in a month.

A card counts once, in the topic of its note. Retrievability is FSRS's own curve over study days, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from nlpcards.core.dataclass import dataclass
from nlpcards.core.roadmap.following import Thresholds

FORGETTING_DAYS = 30
"""Over so many days without a review `Progress.forgotten` counts."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known of some cards on a study day. Those of several topics are added up.

    `met` of the `cards` were ever introduced, `mature_cards` have an interval of 21 days or more. `remembered` is the
    sum of the retrievabilities of those met, so the number that one is expected to recall now; `forgotten` is how many
    fewer that would be after `FORGETTING_DAYS` days without a review.
    """

    notes: int = 0
    cards: int = 0
    met: int = 0
    mature_cards: int = 0
    remembered: float = 0.0
    forgotten: float = 0.0

    @property
    def introduced(self) -> float:
        """The share of the cards that were introduced, 0-1; 0 without cards."""
        return self.met / self.cards if self.cards else 0.0

    @property
    def recall(self) -> float | None:
        """The mean retrievability now of the cards introduced, 0-1; None before the first."""
        return self.remembered / self.met if self.met else None

    @property
    def mature(self) -> float:
        """The share of the cards that are mature, 0-1; 0 without cards."""
        return self.mature_cards / self.cards if self.cards else 0.0

    def __add__(self, other: Progress) -> Progress:
        return Progress(
            self.notes + other.notes,
            self.cards + other.cards,
            self.met + other.met,
            self.mature_cards + other.mature_cards,
            self.remembered + other.remembered,
            self.forgotten + other.forgotten,
        )


@dataclass(frozen=True, slots=True)
class Readiness:
    """What decides whether a topic is known: as `Progress`, but suspended cards do not count, lest one that was put
    away keep what builds on it closed.
    """

    cards: int = 0
    met: int = 0
    remembered: float = 0.0

    @property
    def introduced(self) -> float:
        """The share of the cards that were introduced, 0-1; 1 without cards."""
        return self.met / self.cards if self.cards else 1.0

    @property
    def recall(self) -> float | None:
        """The mean retrievability now of the cards introduced, 0-1; None before the first."""
        return self.remembered / self.met if self.met else None

    @property
    def left(self) -> int:
        """Cards still to be introduced."""
        return self.cards - self.met

    def known(self, thresholds: Thresholds) -> bool:
        """Whether the topic is known; one without cards is."""
        recall = self.recall
        enough = self.met >= thresholds.introduced * self.cards - 1e-9
        return enough and (recall is None or recall >= thresholds.recall)


NO_PROGRESS, NO_CARDS = Progress(), Readiness()
"""What is known of nothing."""


def total(each: Iterable[Progress]) -> Progress:
    """The progress in several topics together."""
    return sum(each, NO_PROGRESS)


@dataclass(frozen=True, slots=True)
class ShelvedDeck:
    """A deck's notes: the keys of each note's cards by the note's own id; the index of the topic that most notes are
    about, and by their ids those of the notes that are about another.
    """

    keys: Mapping[str, Sequence[str]]
    topic: int
    others: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cards there are: `topics` are the ids of all topics with cards, `notes` and `cards` how many there are on
    each, in the same order; `decks` tell of a card which topic it is on, and whether there is such a card at all.
    """

    topics: Sequence[str] = ()
    notes: Sequence[int] = ()
    cards: Sequence[int] = ()
    decks: Mapping[str, ShelvedDeck] = field(default_factory=dict)


def shelf_of(decks: Mapping[str, tuple[str, Mapping[str, Sequence[str]], Mapping[str, str]]]) -> Shelf:
    """The shelf of some decks: of each by its id its topic, the keys of its notes' cards by the notes' own ids, and
    the topics of the notes that have another.
    """
    places: dict[str, int] = {}
    notes, cards = list[int](), list[int]()

    def place(topic: str, more_notes: int, more_cards: int) -> int:
        at = places.setdefault(topic, len(places))
        if at == len(notes):
            notes.append(0)
            cards.append(0)
        notes[at] += more_notes
        cards[at] += more_cards
        return at

    shelved = {}
    for deck, (topic, keys, others) in decks.items():
        elsewhere = {note: place(other, 1, len(keys[note])) for note, other in others.items()}
        those = sum(len(keys[note]) for note in others)
        own = len(keys) - len(others)
        at = place(topic, own, sum(map(len, keys.values())) - those) if own else -1
        shelved[deck] = ShelvedDeck(keys, at, elsewhere)
    return Shelf(tuple(places), notes, cards, shelved)
