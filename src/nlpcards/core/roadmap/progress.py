"""How far one has come in a topic: what was introduced, what is recalled now, what would be lost in a month.

A card counts once, in the topic of its note. Retrievability is FSRS's own curve over study days, as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field

from nlpcards.core.dataclass import dataclass
from nlpcards.core.roadmap.following import Thresholds
from nlpcards.core.stats.answers import MATURE_DAYS

FORGETTING_DAYS = 30
"""Over so many days without a review `Progress.forgotten` counts."""

Met = tuple[str, float | None, int | None, int | None, int | None, int]
"""A card that was answered or is suspended, by its present id: its stability in days, due day, last and first day of an
answer (all None for one never answered; the due day for one on the steps), and 1 where it is suspended, else 0.
"""


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


def recall_after(parameters: Sequence[float]) -> Callable[[float, int], float]:
    """FSRS-6's retrievability (0-1) of a stability in days after so many days (0 or more), under 21 parameters."""
    decay = -parameters[20]
    factor = 0.9 ** (1 / decay) - 1
    return lambda stability, days: float((1 + factor * days / stability) ** decay)


@dataclass(frozen=True, slots=True)
class ShelvedDeck:
    """A deck's notes: the keys of each note's cards by the note's own id; the index of the topic that most notes are
    about, and by their ids those of the notes that are about another.
    """

    keys: Mapping[str, Sequence[str]]
    topic: int
    others: Mapping[str, int] = field(default_factory=dict)


_NO_DECK = ShelvedDeck({}, -1)


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


def progress_by_topic(
    shelf: Shelf, met: Iterable[Met], day: int, parameters: Sequence[float]
) -> dict[str, tuple[Progress, Readiness]]:
    """The progress in each topic on a study day, and what decides whether it is known.

    `met` are the cards that were answered or are suspended; those that no deck has any more are passed over. An answer
    of a later day (a clock put back) counts as today's.
    """
    decay = -parameters[20]
    factor = 0.9 ** (1 / decay) - 1
    decks, size = shelf.decks, len(shelf.topics)
    introduced, mature, resting, resting_met = [0] * size, [0] * size, [0] * size, [0] * size
    remembered, later, resting_sum = [0.0] * size, [0.0] * size, [0.0] * size
    # A hundred thousand cards go through here before a screen opens, so everything is spelt out.
    present, keys, others, topic = "", _NO_DECK.keys, _NO_DECK.others, _NO_DECK.topic
    for card, stability, due, last, _, suspended in met:
        deck_id, _, rest = card.partition("/")
        if deck_id != present:
            # The cards of a deck mostly follow one another.
            deck = decks.get(deck_id, _NO_DECK)
            present, keys, others, topic = deck_id, deck.keys, deck.others, deck.topic
        note, _, key = rest.partition("#")
        if key not in keys.get(note, ()):
            continue
        at = others.get(note, topic) if others else topic
        if stability is None or last is None:
            resting[at] += 1
            continue
        curve = factor / stability
        elapsed = day - last if last < day else 0
        recall = (1 + curve * elapsed) ** decay
        introduced[at] += 1
        remembered[at] += recall
        later[at] += (1 + curve * (elapsed + FORGETTING_DAYS)) ** decay
        if due is not None and due - last >= MATURE_DAYS:
            mature[at] += 1
        if suspended:
            resting[at] += 1
            resting_met[at] += 1
            resting_sum[at] += recall
    return {
        name: (
            Progress(
                shelf.notes[at], shelf.cards[at], introduced[at], mature[at], remembered[at], remembered[at] - later[at]
            ),
            Readiness(
                shelf.cards[at] - resting[at], introduced[at] - resting_met[at], remembered[at] - resting_sum[at]
            ),
        )
        for at, name in enumerate(shelf.topics)
    }
