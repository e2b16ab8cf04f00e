"""Where the learner stands on a study day: what is due by deck and topic, how long it takes, what comes, the streak."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlpcards.collection.estimating import Estimate, estimate
from nlpcards.collection.streak import Streak, streak
from nlpcards.core.cards import Deck, deck_of, note_of
from nlpcards.core.days import Moment
from nlpcards.core.queue import Counts, Plan
from nlpcards.decks.problems import Problem

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection

DAYS_AHEAD = 14
"""So many study days after today the forecast shows."""


@dataclass(frozen=True, slots=True)
class DeckRow:
    """A deck as Today lists it: what is to be asked, and how much of it was ever introduced."""

    deck: Deck
    counts: Counts
    cards: int
    introduced: int


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic as Today lists it; `topic` is empty for the notes that have none."""

    topic: str
    counts: Counts
    cards: int
    introduced: int


@dataclass(frozen=True, slots=True)
class Today:
    """Where the learner stands on a study day.

    `takes` is about how long the day's cards take. `ahead` are the reviews that fall due on each of the next
    `DAYS_AHEAD` study days, tomorrow first, as things stand. `answered` and `spent_ms` are what was done today.
    """

    moment: Moment
    plan: Plan
    takes: Estimate
    rows: tuple[DeckRow, ...]
    topics: tuple[TopicRow, ...]
    ahead: tuple[int, ...]
    answered: int
    spent_ms: int
    streak: Streak
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> Counts:
        """Distinct cards still to be asked today."""
        return self.plan.counts

    @property
    def cards(self) -> int:
        """All cards of the decks."""
        return sum(row.cards for row in self.rows)

    @property
    def introduced(self) -> int:
        """Those of them that were ever introduced."""
        return sum(row.introduced for row in self.rows)


def today(collection: Collection, decks: Iterable[str] = ()) -> Today:
    """Where the learner stands now, over some decks (all where none is named).

    Raises:
        UsageError: no deck is called so.
        StoreError: the journal cannot be read.
    """
    now, journal, library = collection.now(), collection.journal, collection.library
    chosen = collection.chosen(decks)
    plan = collection.plan(chosen, now)
    rows, topics = _rows(collection, chosen, plan)
    ahead = Counter(
        due
        for card, due in journal.due_between(now.day + 1, now.day + DAYS_AHEAD)
        if deck_of(card) in chosen and library.has_card(card)
    )
    return Today(
        now,
        plan,
        estimate(collection, plan.counts, now.day),
        rows,
        topics,
        tuple(ahead[day] for day in range(now.day + 1, now.day + DAYS_AHEAD + 1)),
        journal.counts_of(now.day).reviews,
        journal.spent_on(now.day),
        streak(journal, now.day, collection.taste.easy_days, library.has_card),
        tuple(library.problems),
    )


def _rows(
    collection: Collection, chosen: frozenset[str], plan: Plan
) -> tuple[tuple[DeckRow, ...], tuple[TopicRow, ...]]:
    """The decks in the library's order, and the topics in the order in which they come first; but first those of which
    something is to be asked, then those that were begun.
    """
    library = collection.library
    answered = collection.journal.answered_cards()
    rows = []
    by_deck = plan.by_deck()
    cards: Counter[str] = Counter()
    introduced: Counter[str] = Counter()
    for deck in library.decks.values():
        if deck.id not in chosen:
            continue
        of_deck = met_of_deck = 0
        outline = library.outline(deck.id)
        for name, keys in zip(outline.names, outline.keys, strict=True):
            met = sum(f"{deck.id}/{name}#{key}" in answered for key in keys)
            of_deck += len(keys)
            met_of_deck += met
            topic = outline.topics.get(name, deck.topic)
            cards[topic] += len(keys)
            introduced[topic] += met
        rows.append(DeckRow(deck, by_deck.get(deck.id, Counts()), of_deck, met_of_deck))

    def topic_of(card: str) -> str:
        return library.topic_of(note_of(card))

    counts: dict[str, Counts] = {}
    for each, one in (
        (plan.new, Counts(new=1)),
        ([card for _, card in plan.learning], Counts(learning=1)),
        (plan.reviews, Counts(review=1)),
    ):
        for topic, number in Counter(map(topic_of, each)).items():
            more = Counts(one.new * number, one.learning * number, one.review * number)
            counts[topic] = counts.get(topic, Counts()) + more
    topics = [
        TopicRow(topic, counts.get(topic, Counts()), number, introduced[topic]) for topic, number in cards.items()
    ]
    rows.sort(key=_how_far)
    topics.sort(key=_how_far)
    return tuple(rows), tuple(topics)


def _how_far(row: DeckRow | TopicRow) -> int:
    return 0 if row.counts.total else 1 if row.introduced else 2
