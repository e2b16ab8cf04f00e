"""What a learner does to a card besides answering it: put it away, change its schedule, mark it, say something of it.

Each is an event, so it can be undone, stands in the card's history and goes wherever the journal goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from nlpcards.collection.asked import Asked
from nlpcards.collection.collection import Collection
from nlpcards.core import session as machine
from nlpcards.core.cards import Card
from nlpcards.core.dataclass import dataclass
from nlpcards.core.due_dates import due_day
from nlpcards.core.errors import UsageError
from nlpcards.core.journal import (
    Body,
    Bury,
    CardBody,
    ChangedMeaning,
    EventId,
    Flag,
    Mark,
    OwnNote,
    RemarkBody,
    Report,
    Reset,
    Resolve,
    Review,
    SetDue,
    Setting,
    Suspend,
    Tag,
    Unsuspend,
    Untag,
)
from nlpcards.core.remarks import as_note, as_reason, as_tags, retagged
from nlpcards.core.state import CardState, New
from nlpcards.core.words import FLAG_NAMES


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: its rating, the states around it, the time it took in ms."""

    rating: int
    before: CardState
    after: CardState
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Done:
    """Something done in a session: its events, the card, the session before it, and the answer if it was one."""

    events: tuple[EventId, ...]
    card: str
    session: machine.Session
    given: Given | None = None


@dataclass(frozen=True, slots=True)
class Leech:
    """A card that was just forgotten so often that it is pointed out, and how often that was."""

    card: Card
    lapses: int


@dataclass
class Acting:
    """A session as far as it acts on cards: `asked` is the card shown now, None where nothing is to be asked.

    Every method raises `NlpcardsError` where its event could not be stored; then nothing has happened, and the card
    stays.
    """

    collection: Collection
    asked: Asked | None = field(default=None, kw_only=True)
    _session: machine.Session = field(default_factory=machine.Session, kw_only=True)
    _done: list[Done] = field(default_factory=list, kw_only=True)

    def advance(self) -> Asked | None:
        """Go to the next card."""
        raise NotImplementedError

    def _ask(self, card: Card, state: CardState) -> Asked:
        raise NotImplementedError

    # ---- put away

    def suspend(self, card: str | None = None) -> Asked | None:
        """Put the present card, or another one, away until it is unsuspended."""
        return self._put_away(Suspend(card or self._now_asked().card.id))

    def bury(self) -> Asked | None:
        """Put the present card away until the next study day."""
        return self._put_away(Bury(self._now_asked().card.id, self.collection.now().day + 1))

    def skip(self) -> Asked | None:
        """Ask the present card after all others of this session."""
        self._session = machine.skipped(self._session, self._now_asked().card.id)
        return self.advance()

    # ---- change the schedule

    def reset(self) -> Asked | None:
        """Make the present card new again; it comes back with the new cards, not in this session."""
        return self._put_away(Reset(self._now_asked().card.id))

    def set_due(self, text: str) -> int:
        """Set the day on which the present card is due, written as days from today or as a date; gives that study day.

        A card due later leaves the session; one due today stays in it.

        Raises:
            UsageError: the text names no day from today on.
        """
        card = self._now_asked().card.id
        today = self.collection.now().day
        due = due_day(text, today)
        if due > today:
            self._put_away(SetDue(card, due))
            return due
        self._store(card, [SetDue(card, due)])
        self._session = machine.brought_back(self._session, card, self.collection.state(card))
        self.advance()
        return due

    def change_meaning(self) -> Asked:
        """Accept that the present card means something else than when it was last seen: its stability falls.

        Raises:
            UsageError: the card is new, or its text is what the learner saw last.
        """
        asked = self._now_asked()
        if not asked.changed or isinstance(asked.before.schedule, New):
            raise UsageError(
                "this card's text is what you saw last",
                remedy="Rate it as you recall it; R makes a card new again.",
            )
        return self._mark([ChangedMeaning(asked.card.id, asked.card.content())])

    # ---- mark it, say something of it

    def flag(self, flag: int) -> int:
        """Give the present card a flag, 1-7; 0, or the flag it has, takes it off. Gives the flag it has then."""
        asked = self._now_asked()
        flag = 0 if flag == asked.before.flag else flag
        if flag != asked.before.flag:
            self._mark([Flag(asked.card.id, flag)])
        return flag

    def note(self, text: str) -> Asked:
        """Keep a note of one's own on the present card; an empty one takes it away.

        Raises:
            UsageError: it is longer than 2,000 characters.
        """
        asked = self._now_asked()
        text = as_note(text)
        return asked if text == asked.remarks.note else self._mark([OwnNote(asked.card.id, text)])

    def report(self, reason: str) -> Asked:
        """Say that the present card is wrong, and why; an empty reason settles what was reported before.

        Raises:
            UsageError: the reason is longer than 500 characters, or is empty where nothing was reported.
        """
        asked = self._now_asked()
        card = asked.card
        if not reason.strip() and asked.remarks.reports:
            return self._mark([Resolve(card.id)])
        return self._mark([Report(card.id, as_reason(reason), card.content())])

    def tag(self, text: str) -> Asked:
        """Give the present card these tags of one's own, divided by spaces, and no others; the deck's stay as they are.

        Raises:
            UsageError: one of them cannot be a tag.
        """
        asked = self._now_asked()
        bodies = retagged(asked.card.id, asked.remarks.tags, as_tags(text))
        return self._mark(bodies) if bodies else asked

    # ---- how it is stored

    def _mark(self, bodies: Sequence[CardBody | RemarkBody]) -> Asked:
        """Store what happened to the present card, which stays, and ask it as it is now."""
        asked = self._now_asked()
        self._store(asked.card.id, bodies)
        self.asked = self._ask(asked.card, self.collection.state(asked.card.id))
        return self.asked

    def _put_away(self, body: Suspend | Bury | Reset | SetDue) -> Asked | None:
        self._store(body.card, [body])
        self._session = machine.without(self._session, lambda each: each == body.card)
        if self.asked is not None and self.asked.card.id != body.card:
            return self.asked
        return self.advance()

    def _store(self, card: str, bodies: Sequence[CardBody | RemarkBody]) -> None:
        events = self.collection.journal.append(bodies, self.collection.now())
        self._done.append(Done(tuple(event.id for event in events), card, self._session))

    def _now_asked(self) -> Asked:
        assert self.asked is not None, "a face acts on a card only while one is shown"
        return self.asked


def what_was_done(body: Body) -> str:
    """What an action was, as what is undone: `the flag`."""
    match body:
        case Review():
            return "the last answer"
        case Suspend():
            return "the suspension"
        case Unsuspend():
            return "the unsuspension"
        case Bury():
            return "the burying"
        case Flag(flag=flag):
            return f"the {FLAG_NAMES[flag]} flag" if flag else "the taking off of a flag"
        case Reset():
            return "the reset"
        case SetDue():
            return "the new due date"
        case ChangedMeaning():
            return "the mark of a changed meaning"
        case OwnNote():
            return "your note"
        case Report():
            return "the report"
        case Resolve():
            return "the settling of a report"
        case Tag() | Untag():
            return "your tags"
        case Setting():
            return "the setting"
        case Mark():
            return "what you set on the roadmap"
        case _:
            return "the last change"
