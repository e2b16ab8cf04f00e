"""A review session over a collection: asks, stores each answer before the next card, undoes, and sums up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from nlpcards.collection.collection import Collection
from nlpcards.core import session as machine
from nlpcards.core.cards import Card, deck_of
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.journal import Body, Bury, EventId, Flag, Review, Suspend, Undo, card_of
from nlpcards.core.queue import Counts
from nlpcards.core.session import Ask, Done
from nlpcards.core.state import CardState, Interval, New, Steps
from nlpcards.core.words import comes_back

LONGEST_ANSWER_MS = 60_000
"""An answer that took longer counts as this long: the learner walked away."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A card to show: its state before the answer, what each rating would lead to, and the words for the four buttons.

    `day` is the study day for which these hold. `changed` says that the card's text is not what the learner saw last.
    """

    card: Card
    before: CardState
    day: int
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
    """An answer: its rating, the states around it, the time it took in ms."""

    rating: int
    before: CardState
    after: CardState
    duration_ms: int


@dataclass(frozen=True, slots=True)
class _Done:
    """Something done in this session: its events, the card, the session before it, and the answer if it was one."""

    events: tuple[EventId, ...]
    card: str
    session: machine.Session
    given: _Given | None = None


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
    _done: list[_Done] = field(default_factory=list)
    _said: set[str] = field(default_factory=set)

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
        return len(self._answers)

    @property
    def _answers(self) -> list[tuple[str, _Given]]:
        return [(done.card, done.given) for done in self._done if done.given is not None]

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
            if self._met_elsewhere(turn.card, state, now.day):
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

    def _met_elsewhere(self, card: str, state: CardState, day: int) -> bool:
        """Whether another window answered or put away the card since this session was planned; the session then follows
        it.
        """
        match state.schedule:
            case Steps(due_ms=due_ms):
                moved = card not in self._session.front and (due_ms, card) not in self._session.learning
            case Interval(due=due):
                moved = due > day
            case New():
                moved = False
            case _:
                assert_never(state.schedule)
        if not moved and state.asked_on(day):
            return False
        self._session = machine.met_elsewhere(
            self._session, card, state, day=day, day_ends_ms=self.collection.day_ends_ms(day)
        )
        return True

    def _ask(self, card: Card, state: CardState) -> Asked:
        now = self.collection.now()
        outcomes = self.collection.journal.timeline.model.preview(card.id, state, now)
        labels = {rating: comes_back(after, now) for rating, after in outcomes.items()}
        changed = bool(state.content) and state.content != card.content()
        return Asked(card, state, now.day, outcomes, labels, changed)

    def rate(self, rating: int, duration_ms: int) -> Asked | None:
        """Store an answer, durably, and go to the next card.

        The interval stored is the one on the button; where a new study day began while the card was shown, it is
        counted anew. An answer given in another window meanwhile counts as well.

        Raises:
            NlpcardsError: it could not be stored; the card stays, and nothing is lost but this answer.
        """
        asked = self._now_asked()
        now = self.collection.now()
        outcomes = asked.outcomes if now.day == asked.day else self._ask(asked.card, asked.before).outcomes
        outcome = outcomes[rating].schedule
        due = outcome.due if isinstance(outcome, Interval) else None
        took = max(0, min(duration_ms, LONGEST_ANSWER_MS))
        body = Review(asked.card.id, rating, took, due, asked.before.reps, asked.card.content())
        (event,) = self.collection.journal.append([body], now)
        after = self.collection.state(asked.card.id)
        if after.reps != asked.before.reps + 1:
            self.notices.append("This card was answered in another window meanwhile; both answers count.")
        self._say_once(self.collection.journal.backup_failure)
        self._done.append(_Done((event.id,), asked.card.id, self._session, _Given(rating, asked.before, after, took)))
        self._session = machine.answered(
            self._session, asked.card.id, after, day=now.day, day_ends_ms=self.collection.day_ends_ms(now.day)
        )
        try:
            return self.advance()
        except NlpcardsError as error:
            # The answer is stored; raised here, the error would look as if it were not, and it would be given again.
            self.notices.append(str(error))
            self.asked = None
            return None

    def undo(self) -> str | None:
        """Undo the last thing done in this session, or on this device before it; says what it was, None where there is
        nothing.
        """
        journal, now = self.collection.journal, self.collection.now()
        if self._done:
            done = self._done[-1]
            journal.append([Undo(event) for event in reversed(done.events)], now)
            self._done.pop()
            self._session = done.session
            card: str | None = done.card
            first = journal.event(done.events[0])
            what = _what(first.body) if first else "the last change"
        else:
            batch = journal.last_undoable()
            if not batch:
                return None
            journal.append([Undo(event.id) for event in reversed(batch)], now)
            card = card_of(batch[0].body)
            what = _what(batch[0].body) + (f" ({card}, before this session)" if card else "")
        if card is not None and self.collection.library.card(card) is not None:
            self._session = machine.brought_back(self._session, card, self.collection.state(card))
        self.advance()
        return what

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
        self._store(Flag(asked.card.id, flag))
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
            if asked is not None:
                self.notices.append(f"The card {asked.card.id} is no longer in its deck; its history is kept.")
            return self.advance()
        self.asked = self._ask(card, self.collection.state(card.id))
        return self.asked

    def summary(self) -> Summary:
        """What the session came to so far."""
        answers = self._answers
        last = dict(answers)
        taught = {card for card, given in answers if not isinstance(given.before.schedule, Interval)}
        return Summary(
            len(answers),
            dict(Counter(given.rating for _, given in answers)),
            sum(given.duration_ms for _, given in answers),
            tuple(dict.fromkeys(card for card, given in answers if given.before.reps == 0)),
            tuple(
                card for card, given in last.items() if card in taught and isinstance(given.after.schedule, Interval)
            ),
            tuple(dict.fromkeys(card for card, given in answers if given.rating == 1)),
        )

    def _put_away(self, body: Suspend | Bury) -> Asked | None:
        self._store(body)
        self._session = machine.without(self._session, lambda each: each == body.card)
        return self.advance()

    def _store(self, body: Suspend | Bury | Flag) -> None:
        (event,) = self.collection.journal.append([body], self.collection.now())
        self._done.append(_Done((event.id,), body.card, self._session))

    def _say_once(self, failure: NlpcardsError | None) -> None:
        if failure is not None and str(failure) not in self._said:
            self._said.add(str(failure))
            self.notices.append(str(failure))

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
