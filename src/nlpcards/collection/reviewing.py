"""A review session over a collection: asks, stores each answer before the next card, undoes, and sums up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlpcards.collection.collection import Collection
from nlpcards.core import session as machine
from nlpcards.core.cards import Card, deck_of
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.journal import Body, Bury, Event, Flag, Review, Suspend, Undo, card_of
from nlpcards.core.memory import CardState, Interval, Steps
from nlpcards.core.queue import Counts
from nlpcards.core.session import Ask, Done
from nlpcards.core.words import comes_back

LONGEST_ANSWER_MS = 60_000
"""An answer that took longer counts as this long: the learner walked away."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A card to show: its state before the answer, what each rating would lead to, and the words for the four buttons.

    `changed` says that the card's text is not what the learner saw last.
    """

    card: Card
    before: CardState
    outcomes: dict[int, CardState]
    labels: dict[int, str]
    changed: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What a session came to: answers by rating, time, the cards introduced and out of the steps, and those failed."""

    answers: int
    ratings: dict[int, int]
    spent_ms: int
    introduced: tuple[str, ...]
    learned: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def recall(self) -> float | None:
        """The share of answers that were not `again`, None without answers."""
        return 1 - self.ratings.get(1, 0) / self.answers if self.answers else None


@dataclass(frozen=True, slots=True)
class _Given:
    card: str
    rating: int
    before: CardState
    after: CardState
    duration_ms: int
    event: Event
    session: machine.Session


@dataclass
class Reviewing:
    """A session that goes on: `asked` is the card shown now, None where nothing is to be asked.

    `notices` are sentences for the learner (a deck that vanished, a card answered elsewhere); a face shows and clears
    them.
    """

    collection: Collection
    decks: frozenset[str]
    asked: Asked | None = None
    notices: list[str] = field(default_factory=list)
    _session: machine.Session = field(default_factory=machine.Session)
    _given: list[_Given] = field(default_factory=list)

    @classmethod
    def start(cls, collection: Collection, decks: Iterable[str] = ()) -> Reviewing:
        """Begin a session over today's plan for some decks (all where none is named)."""
        chosen = collection.chosen(decks)
        reviewing = cls(collection, chosen, _session=machine.start(collection.plan(chosen)))
        reviewing.advance()
        return reviewing

    @property
    def counts(self) -> Counts:
        """Distinct cards still to be asked, the present one included."""
        return self._session.counts

    @property
    def answered(self) -> int:
        """Answers given in this session and not undone."""
        return len(self._given)

    def rest(self) -> Done:
        """What comes back later today, where nothing is to be asked now."""
        turn = machine.turn(self._session, self.collection.now().ms)
        return turn if isinstance(turn, Done) else Done(0, None)

    def advance(self) -> Asked | None:
        """Go to the next card; a card whose note is gone, or that was answered elsewhere meanwhile, is passed over."""
        while True:
            now = self.collection.now()
            turn = machine.turn(self._session, now.ms)
            if isinstance(turn, Done):
                self.asked = None
                return None
            card = self._present(turn)
            if card is None:
                continue
            state = self.collection.state(turn.card)
            if self._answered_elsewhere(turn.card, state, now.day):
                self._drop(turn.card)
                continue
            self.asked = self._ask(card, state)
            return self.asked

    def _present(self, turn: Ask) -> Card | None:
        """The card to ask as its deck file says now; where the file is gone or the card is no longer in it, drops
        it.
        """
        deck = deck_of(turn.card)
        if self.collection.library.changed(deck):
            try:
                self.collection.reload()
            except NlpcardsError as error:
                # The answer before this card is stored; raised here, the error would look as if it were not.
                self._session = machine.without(self._session, lambda each: deck_of(each) == deck)
                if str(error) not in self.notices:
                    self.notices.append(str(error))
                return None
            if deck not in self.collection.library.decks:
                self.notices.append(f"The deck {deck} is gone; its cards keep their history and come back with it.")
        card = self.collection.library.card(turn.card)
        if card is None:
            library = self.collection.library
            self._session = machine.without(self._session, lambda each: library.card(each) is None)
        return card

    def _answered_elsewhere(self, card: str, state: CardState, day: int) -> bool:
        """Whether another window answered or put away the card since this session was planned."""
        if not state.asked_on(day):
            return True
        match state.schedule:
            case Interval(due=due):
                return due > day
            case Steps(due_ms=due_ms):
                known = dict((name, due) for due, name in self._session.learning)
                return card in known and due_ms > max(known[card], self.collection.now().ms + machine.LEARN_AHEAD_MS)
            case _:
                return False

    def _ask(self, card: Card, state: CardState) -> Asked:
        now = self.collection.now()
        outcomes = self.collection.journal.timeline.model.preview(card.id, state, now)
        labels = {rating: comes_back(after, now) for rating, after in outcomes.items()}
        changed = bool(state.content) and state.content != card.content()
        return Asked(card, state, outcomes, labels, changed)

    def rate(self, rating: int, duration_ms: int) -> Asked | None:
        """Store an answer, durably, and go to the next card.

        Raises:
            NlpcardsError: it could not be stored; the card stays, and nothing is lost but this answer.
        """
        asked = self._now_asked()
        now = self.collection.now()
        outcome = asked.outcomes[rating].schedule
        due = outcome.due if isinstance(outcome, Interval) else None
        took = max(0, min(duration_ms, LONGEST_ANSWER_MS))
        body = Review(asked.card.id, rating, took, due, asked.before.reps, asked.card.content())
        (event,) = self.collection.journal.append([body], now)
        after = self.collection.state(asked.card.id)
        self._given.append(_Given(asked.card.id, rating, asked.before, after, took, event, self._session))
        self._session = machine.answered(
            self._session, asked.card.id, after, day=now.day, day_ends_ms=self.collection.day_ends_ms(now.day)
        )
        return self.advance()

    def undo(self) -> str | None:
        """Undo the last thing done on this device, in this session or before; says what it was, None where there is
        nothing.
        """
        batch = self.collection.journal.last_undoable()
        if not batch:
            return None
        now = self.collection.now()
        self.collection.journal.append([Undo(event.id) for event in reversed(batch)], now)
        first = batch[0]
        card = card_of(first.body)
        if self._given and self._given[-1].event.id == first.id:
            self._session = self._given.pop().session
        if card is not None and self.collection.library.card(card) is not None:
            self._session = machine.brought_back(self._session, card, self.collection.state(card))
        self.advance()
        return _what(first.body)

    def suspend(self) -> Asked | None:
        """Put the present card away until it is unsuspended."""
        return self._put_away(Suspend(self._now_asked().card.id))

    def bury(self) -> Asked | None:
        """Put the present card away until the next study day."""
        return self._put_away(Bury(self._now_asked().card.id, self.collection.now().day + 1))

    def flag(self) -> int:
        """Flag the present card, or take its flag off; gives the flag it has then."""
        asked = self._now_asked()
        flag = 0 if asked.before.flag else 1
        self.collection.journal.append([Flag(asked.card.id, flag)], self.collection.now())
        self.asked = self._ask(asked.card, self.collection.state(asked.card.id))
        return flag

    def skip(self) -> Asked | None:
        """Ask the present card later in this session."""
        self._session = machine.skipped(self._session, self._now_asked().card.id)
        return self.advance()

    def refresh(self) -> Asked | None:
        """Read the decks again and come back to the same card, as it now is; to the next where it is gone."""
        self.collection.reload()
        asked = self.asked
        card = self.collection.library.card(asked.card.id) if asked else None
        if card is None:
            return self.advance()
        self.asked = self._ask(card, self.collection.state(card.id))
        return self.asked

    def summary(self) -> Summary:
        """What the session came to so far."""
        ratings = Counter(given.rating for given in self._given)
        last = {given.card: given for given in self._given}
        return Summary(
            len(self._given),
            dict(ratings),
            sum(given.duration_ms for given in self._given),
            tuple(dict.fromkeys(given.card for given in self._given if given.before.reps == 0)),
            tuple(
                card
                for card, given in last.items()
                if isinstance(given.after.schedule, Interval)
                and any(each.card == card and not isinstance(each.before.schedule, Interval) for each in self._given)
            ),
            tuple(dict.fromkeys(given.card for given in self._given if given.rating == 1)),
        )

    def _put_away(self, body: Suspend | Bury) -> Asked | None:
        self.collection.journal.append([body], self.collection.now())
        self._drop(body.card)
        return self.advance()

    def _drop(self, card: str) -> None:
        self._session = machine.without(self._session, lambda each: each == card)

    def _now_asked(self) -> Asked:
        assert self.asked is not None, "a face acts on a card only while one is shown"
        return self.asked


def _what(body: Body) -> str:
    match body:
        case Review():
            return "the last answer"
        case Suspend():
            return "the suspension"
        case Bury():
            return "the burying"
        case Flag():
            return "the flag"
        case _:
            return "the last change"
