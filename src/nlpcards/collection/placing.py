"""Placement over a collection: real cards are asked, and every answer is the card's first review, like any other.

What one says of a card is stored with the review in one action: which topic it was asked for, and whether it was known.
So a placement that was left goes on where it was, on whatever device, an undo takes back both, and nothing is ever
written of a card that was not asked. The end opens topics by hand: those found known, and those that come next. The
cards of known topics stay new; they come as first reviews, in turn with the others (see `docs/queue.md`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nlpcards.collection.asked import Asked
from nlpcards.collection.reviewing import LONGEST_ANSWER_MS
from nlpcards.core.cards import Card, deck_of, note_of
from nlpcards.core.errors import NothingToDo, UsageError
from nlpcards.core.journal import Body, Review, Undo
from nlpcards.core.roadmap.following import Following, open_topic
from nlpcards.core.roadmap.placement import MOST_QUESTIONS, Answered, Placed, next_topic, placed
from nlpcards.core.roadmap.placement_marks import PlacementAnswer, Placements, end_placement, placements, say_of_card
from nlpcards.core.state import CardState, Interval, New
from nlpcards.core.words import comes_back

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection

QUESTIONS_A_TOPIC = 4
"""So many cards of a topic are asked at most: its most central ones."""

KEYS = frozenset({"qa", "define", "typed"})
"""The keys of the cards that are asked, besides clozes: short ones, which take no sum and no essay."""

RATINGS = {"knew": 3, "easily": 4, "not": 1}
"""What the learner says of a card, and the rating that it is: good, easy or again."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a placement, `number` from 1: a card, as it is asked in a review, and the topic that it stands
    for.
    """

    number: int
    topic: str
    title: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Found:
    """What a placement came to: topics by their ids, in the roadmap's order.

    `known` are those found known, `next` those that come next, `opened` those of both that its end opened by hand.
    `titles` has words for each. `questions` were asked; `over` says that it has ended. `belief` is the probability
    that each topic is known.
    """

    known: tuple[str, ...]
    next: tuple[str, ...]
    opened: tuple[str, ...]
    titles: Mapping[str, str]
    questions: int
    over: bool
    belief: Mapping[str, float]


@dataclass
class Placing:
    """A placement that goes on: `question` is what is asked now, None where it is over or nothing is left to ask.

    Every method raises `NlpcardsError` where its event could not be stored; then nothing has happened.
    """

    collection: Collection
    question: Question | None = None
    _needs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _cards: dict[str, list[str]] = field(default_factory=dict)
    _run: int = 1

    @classmethod
    def start(cls, collection: Collection, track: str | None = None, *, anew: bool = False) -> Placing:
        """Begin a placement over the topics of a track (of the one followed if None, else of the whole roadmap), or go
        on with the one that was left; `anew` begins another one whatever was before.

        Raises:
            UsageError: there is no such track.
            NothingToDo: there is no roadmap, or none of its topics has a card to ask.
        """
        placing = cls(collection)
        placing._needs = _graph(collection, track)
        before = placements(collection.journal.marks())
        placing._run = before.run + 1 if anew or before.over else max(1, before.run)
        placing._cards = _questions(collection, placing._needs)
        if not placing._needs or not any(placing._cards.values()):
            raise NothingToDo(
                "no topic has a card to ask for a placement",
                remedy="It asks cards that you have never answered; a roadmap.yaml beside the decks names topics.",
            )
        placing._advance()
        return placing

    @property
    def answers(self) -> tuple[Answered, ...]:
        """The answers of this placement so far, in order."""
        return tuple(Answered(each.topic, each.knew) for each in self._given())

    def answer(self, rating: int, duration_ms: int) -> Question | None:
        """Store an answer, durably, and go to the next question: 3 (knew it) or 4 (easily), 1 (did not).

        Raises:
            UsageError: it is another rating.
            StoreError: it could not be written; the question stays.
        """
        question = self.question
        assert question is not None, "nothing is asked"
        if rating not in RATINGS.values():
            raise UsageError(f"a placement takes no rating {rating}", remedy="Knew it 3, easily 4, did not 1.")
        collection, now = self.collection, self.collection.now()
        asked = question.asked
        before = collection.state(asked.card.id)
        if not isinstance(before.schedule, New):
            # It was answered in another window meanwhile: that was its first review, and this one is none.
            return self._advance()
        same = now.day == asked.day and before == asked.before
        outcomes = asked.outcomes if same else _asked(collection, asked.card, before).outcomes
        outcome = outcomes[rating].schedule
        due = outcome.due if isinstance(outcome, Interval) else None
        took = max(0, min(duration_ms, LONGEST_ANSWER_MS))
        body = Review(asked.card.id, rating, took, due, before.reps, asked.card.content(), before.chain)
        said = say_of_card(asked.card.id, self._run, question.topic, knew=rating > 1)
        collection.journal.append([body, said], now)
        return self._advance()

    def undo(self) -> bool:
        """Take the last answer of this placement back, the review with it; whether there was one."""
        given = self._given()
        if not given:
            return False
        self.collection.journal.append([Undo(each) for each in given[-1].events], self.collection.now())
        self._cards = _questions(self.collection, self._needs)
        self._advance()
        return True

    def found(self) -> Found:
        """What the answers so far come to; nothing is opened by it."""
        result = self._placed()
        opened = tuple(topic for topic in (*result.known, *result.next) if topic in self._following.opened)
        return self._found(result, opened, over=False)

    def finish(self) -> Found:
        """End the placement: open the topics found known and those that come next, all of them or none.

        One that was shut by hand stays shut, and one that needs nothing is open by itself.
        """
        result = self._placed()
        following = self._following
        built_on = [topic for topic in result.next if any(need in self._needs for need in self._needs[topic])]
        to_open = [topic for topic in (*result.known, *built_on) if topic not in following.shut]
        bodies: list[Body] = [open_topic(topic) for topic in to_open if topic not in following.opened]
        bodies.append(end_placement(self._run, result.known))
        self.collection.journal.append(bodies, self.collection.now())
        self.question = None
        return self._found(result, tuple(to_open), over=True)

    # ---- what is asked next

    @property
    def _following(self) -> Following:
        return self.collection.knowing.following

    @property
    def _placements(self) -> Placements:
        return placements(self.collection.journal.marks())

    def _given(self) -> list[PlacementAnswer]:
        return [each for each in self._placements.answers if each.run == self._run]

    def _advance(self) -> Question | None:
        given = self._given()
        topic = next_topic(self._needs, self.answers, self._left(), self._seed(), before=self._known_before())
        self.question = None
        if topic is not None:
            card = self.collection.library.card(self._unasked(topic)[0])
            assert card is not None, "the cards to ask are of the library"
            title = _title(self.collection, topic)
            asked = _asked(self.collection, card, self.collection.state(card.id))
            self.question = Question(len(given) + 1, topic, title, asked)
        return self.question

    def _unasked(self, topic: str) -> list[str]:
        """The cards of a topic that are still new, as far as its questions go."""
        asked = sum(each.topic == topic for each in self._given())
        cards = self._cards.get(topic, [])
        states = self.collection.journal.states(cards)
        new = [card for card in cards if _is_new(states.get(card))]
        return new[: max(0, QUESTIONS_A_TOPIC - asked)]

    def _left(self) -> dict[str, int]:
        return {topic: len(self._unasked(topic)) for topic in self._cards}

    def _seed(self) -> str:
        return f"placement {self._run}"

    def _known_before(self) -> list[Answered]:
        """What the journal knows of topics already: each that is known, with some answers of its own, speaks for
        itself twice.
        """
        knowing = self.collection.knowing
        thresholds = knowing.following.thresholds
        asked = self._placements.asked
        readiness = knowing.readiness(self.collection.now().day)
        found = [
            topic
            for topic in self._needs
            if topic in readiness
            and readiness[topic].met > max(asked.get(topic, 0), 2)
            and readiness[topic].known(thresholds)
        ]
        return [Answered(topic, True) for topic in found for _ in range(2)]

    def _placed(self) -> Placed:
        return placed(self._needs, self.answers, before=self._known_before())

    def _found(self, result: Placed, opened: tuple[str, ...], *, over: bool) -> Found:
        titles = {topic: _title(self.collection, topic) for topic in self._needs}
        return Found(result.known, result.next, opened, titles, result.questions, over, result.belief)


def _graph(collection: Collection, track: str | None) -> dict[str, tuple[str, ...]]:
    """The topics that a placement is about with what each needs, in the order of the track or of the roadmap."""
    from nlpcards.collection.roadmap.changing import track_named

    roadmap = collection.library.roadmap
    over = collection.knowing.track if track is None else track_named(collection, track)
    topics = roadmap.topics if over is None else over.topics
    return {topic: roadmap.topics[topic].needs if topic in roadmap.topics else () for topic in topics}


def _questions(collection: Collection, topics: Mapping[str, object]) -> dict[str, list[str]]:
    """The cards that may be asked of each topic, the most central first: those whose notes most others need; of equals
    those that come first. One of a note, and none that is suspended or was answered before the placement.
    """
    library = collection.library
    needed = Counter(
        need for deck in library.decks for note in library.outline(deck).needs.values() for need in dict.fromkeys(note)
    )
    found: dict[str, list[str]] = {}
    for topic in topics:
        first: dict[str, str] = {}
        for card in collection.knowing.cards.get(topic, ()):
            key = card.rpartition("#")[2]
            if key in KEYS or (key.startswith("c") and key[1:].isdigit()):
                first.setdefault(note_of(card), card)
        # Of equals a question comes before a gap, which tells more than the topic's name does.
        cards = sorted(first.values(), key=lambda card: (-needed[note_of(card)], card.rpartition("#")[2] not in KEYS))
        # More than are asked, since some may be answered elsewhere meanwhile.
        states = collection.journal.states(cards)
        found[topic] = [card for card in cards if _is_new(states.get(card))][: 2 * QUESTIONS_A_TOPIC]
    return found


def _is_new(state: CardState | None) -> bool:
    return state is None or (isinstance(state.schedule, New) and not state.suspended)


def _asked(collection: Collection, card: Card, state: CardState) -> Asked:
    now = collection.now()
    outcomes = collection.journal.timeline.model.preview(card.id, state, now, collection.place(now.day))
    labels = {rating: comes_back(after, now) for rating, after in outcomes.items()}
    changed = bool(state.content) and state.content != card.content()
    return Asked(
        card, card.face(state.reps), state, now.day, outcomes, labels, changed, collection.journal.remarks_of(card.id)
    )


def _title(collection: Collection, topic: str) -> str:
    written = collection.library.roadmap.topics.get(topic)
    return written.title if written else topic


def is_first_look(collection: Collection, card: str, state: CardState) -> bool:
    """Whether a card is new and of a topic that a placement found known: a face then asks whether it is known already,
    and its first review is one that one may well rate easy.
    """
    if not isinstance(state.schedule, New) or deck_of(card) not in collection.library.decks:
        return False
    topic = collection.library.topic_of(note_of(card)) or deck_of(card)
    return topic in placements(collection.journal.marks()).known


MOST = MOST_QUESTIONS
"""No placement asks more questions."""
