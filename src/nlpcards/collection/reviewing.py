"""A review session over a collection: asks, stores each answer before the next card, undoes, and sums up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, ClassVar, Self, assert_never

from nlpcards.collection.acting import Acting, Done, Given, Leech, what_was_done
from nlpcards.collection.asked import Asked
from nlpcards.collection.collection import Collection
from nlpcards.core import session as machine
from nlpcards.core.cards import Card, deck_of
from nlpcards.core.dataclass import dataclass
from nlpcards.core.days import Moment
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.journal import EventId, Review, Undo, card_of, chained
from nlpcards.core.queue import DAILY, Ahead, Counts, Cram, Daily, Purpose
from nlpcards.core.search.everything import EVERYTHING
from nlpcards.core.session import Ask
from nlpcards.core.state import CardState, Interval, New, Steps
from nlpcards.core.words import comes_back

if TYPE_CHECKING:
    from nlpcards.core.search.tree import Query

LONGEST_ANSWER_MS = 60_000
"""An answer that took longer counts as this long: the learner walked away."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a session came to: answers by rating, time, the cards introduced and out of the steps, and those failed.

    The cards failed most often come first, of these the most difficult.
    """

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


@dataclass
class Reviewing(Acting):
    """A session that goes on: `asked` is the card shown now, None where nothing is to be asked.

    `notices` are sentences for the learner (a deck that vanished, a card answered elsewhere); a face shows and clears
    them. `held_back` counts due reviews that were left for later when the session was planned. `stores` says whether
    answers are kept at all. `leech` is the card that the last answer made a leech, or that it pointed out again as
    one; a face suggests what to do about it, and takes it away.
    """

    stores: ClassVar[bool] = True

    decks: frozenset[str]
    query: Query = EVERYTHING
    purpose: Purpose = DAILY
    notices: list[str] = field(default_factory=list)
    held_back: int = 0
    leech: Leech | None = None
    _said: set[str] = field(default_factory=set)

    @classmethod
    def start(
        cls,
        collection: Collection,
        decks: Iterable[str] = (),
        query: Query = EVERYTHING,
        purpose: Purpose = DAILY,
    ) -> Self:
        """Begin a session over today's plan, or over one for another purpose, of some decks (all where none is named)
        and the cards that meet a query. What is named is asked for, so no track holds its new cards back.
        """
        chosen = collection.chosen(decks)
        if query == EVERYTHING:
            plan = collection.plan(chosen, purpose=purpose)
        else:
            from nlpcards.collection.searching import Searching

            with Searching(collection) as searching:
                plan = collection.plan(chosen, chosen=searching.test(query), purpose=purpose, explicit=True)
        reviewing = cls(
            collection, chosen, query=query, purpose=purpose, held_back=plan.held_back, _session=machine.start(plan)
        )
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
    def _answers(self) -> list[tuple[str, Given]]:
        return [(done.card, done.given) for done in self._done if done.given is not None]

    def rest(self) -> machine.Done:
        """What comes back later today, where nothing is to be asked now."""
        turn = machine.turn(self._session, self.collection.now().ms)
        return turn if isinstance(turn, machine.Done) else machine.Done(0, None)

    def advance(self) -> Asked | None:
        """Go to the next card; a card whose note is gone, or that was answered elsewhere meanwhile, is passed over."""
        while True:
            now = self.collection.now()
            turn = machine.turn(self._session, now.ms)
            if isinstance(turn, machine.Done):
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
            self._session = machine.without(self._session, lambda each: not library.has_card(each))
        return card

    def _met_elsewhere(self, card: str, state: CardState, day: int) -> bool:
        """Whether another window answered or put away the card since this session was planned; the session then follows
        it.
        """
        match state.schedule:
            case Steps(due_ms=due_ms):
                moved = card not in self._session.front and (due_ms, card) not in self._session.learning
            case Interval(due=due, last_day=last):
                moved = self._is_out(due, last, day)
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

    def _is_out(self, due: int, last: int, day: int) -> bool:
        """Whether a card due then and last answered on `last` is none that this session asks."""
        match self.purpose:
            case Daily():
                return due > day
            case Ahead(days=days):
                return due > day + days or (due > day and last == day)
            case Cram():
                return False
            case _:
                assert_never(self.purpose)

    def _ask(self, card: Card, state: CardState) -> Asked:
        now = self.collection.now()
        outcomes = self.collection.journal.timeline.model.preview(card.id, state, now, self.collection.place(now.day))
        labels = {rating: comes_back(after, now) for rating, after in outcomes.items()}
        changed = bool(state.content) and state.content != card.content()
        remarks = self.collection.journal.remarks_of(card.id)
        return Asked(card, card.face(state.reps), state, now.day, outcomes, labels, changed, remarks)

    def rate(self, rating: int, duration_ms: int, typed: str = "", points: Sequence[str] = ()) -> Asked | None:
        """Store an answer, durably, and go to the next card; `typed` and `points` are what the learner typed and which
        points were made, where the card asks for that.

        The interval stored is the one on the button; where a new study day began while the card was shown, it is
        counted anew. An answer given in another window meanwhile counts as well.

        Raises:
            NlpcardsError: it could not be stored; the card stays, and nothing is lost but this answer.
        """
        asked = self._now_asked()
        now = self.collection.now()
        took = max(0, min(duration_ms, LONGEST_ANSWER_MS))
        events, after = self._store_answer(asked, rating, took, now, typed, points)
        self._done.append(Done(events, asked.card.id, self._session, Given(rating, asked.before, after, took)))
        self._session = self._after_answer(asked, rating, after, now)
        try:
            return self.advance()
        except NlpcardsError as error:
            # The answer is stored; raised here, the error would look as if it were not, and it would be given again.
            self.notices.append(str(error))
            self.asked = None
            return None

    def _store_answer(
        self, asked: Asked, rating: int, took: int, now: Moment, typed: str, points: Sequence[str]
    ) -> tuple[tuple[EventId, ...], CardState]:
        """Write an answer down; gives its events, and the card's state after them."""
        outcomes = asked.outcomes if now.day == asked.day else self._ask(asked.card, asked.before).outcomes
        outcome = outcomes[rating].schedule
        due = outcome.due if isinstance(outcome, Interval) else None
        before = asked.before
        reply = asked.kept(typed, points)
        body = Review(asked.card.id, rating, took, due, before.reps, asked.card.content(), before.chain, reply)
        (event,) = self.collection.journal.append([body], now)
        after = self.collection.state(asked.card.id)
        if after.chain != chained(before.chain, *event.id):
            self.notices.append("This card was answered in another window meanwhile; both answers count.")
        self._say_once(self.collection.journal.backup_failure)
        if after.became_leech(before):
            self.leech = Leech(asked.card, after.lapses)
        return (event.id,), after

    def _after_answer(self, asked: Asked, rating: int, after: CardState, now: Moment) -> machine.Session:
        """The session after an answer."""
        ends = self.collection.day_ends_ms(now.day)
        return machine.answered(self._session, asked.card.id, after, day=now.day, day_ends_ms=ends)

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
            what = what_was_done(first.body) if first else "the last change"
        else:
            batch = journal.last_undoable()
            if not batch:
                return None
            journal.append([Undo(event.id) for event in reversed(batch)], now)
            card = card_of(batch[0].body)
            what = what_was_done(batch[0].body) + (f" ({card}, before this session)" if card else "")
        if card is not None and self.collection.library.has_card(card):
            self._session = machine.brought_back(self._session, card, self.collection.state(card))
        self.advance()
        return what

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
            _hardest(answers),
        )

    def _say_once(self, failure: NlpcardsError | None) -> None:
        if failure is not None and str(failure) not in self._said:
            self._said.add(str(failure))
            self.notices.append(str(failure))


def _hardest(answers: Sequence[tuple[str, Given]]) -> tuple[str, ...]:
    """The cards that were not recalled, by how often that was, then by FSRS's difficulty after the last answer."""
    failed = Counter(card for card, given in answers if given.rating == 1)
    last = {card: given.after.memory for card, given in answers}

    def hardness(card: str) -> tuple[int, float]:
        memory = last[card]
        return failed[card], memory.difficulty if memory is not None else 0.0

    return tuple(sorted(failed, key=hardness, reverse=True))
