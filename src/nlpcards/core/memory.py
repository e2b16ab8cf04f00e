"""Memory: FSRS's stability and difficulty, the steps of learning, and when a card is due. The only importer of `fsrs`.

Days between reviews are study days, so that stability and difficulty agree with Anki's own; learning steps keep real
time. The package's own fuzz is off, since it draws from the global random state (see `fuzz` for ours).
"""

from __future__ import annotations

import json
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, assert_never

import fsrs
from fsrs.scheduler import DEFAULT_PARAMETERS

from nlpcards.core.balance import Place
from nlpcards.core.cards import deck_of
from nlpcards.core.dataclass import dataclass
from nlpcards.core.days import ROLLOVER_HOUR, Moment
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.fuzz import drawn, fuzz_range, fuzzed
from nlpcards.core.journal import (
    Alias,
    Bury,
    ChangedMeaning,
    Event,
    Flag,
    Mark,
    OwnNote,
    Report,
    Reset,
    Resolve,
    Review,
    Seen,
    SetDue,
    Setting,
    Suspend,
    Tag,
    Undo,
    Unsuspend,
    Untag,
    chained,
)
from nlpcards.core.state import RATINGS, CardState, Interval, Memory, New, Schedule, Steps

LONGEST_STABILITY = 36_500.0
"""Days at which stability is capped, as in Anki's scheduler; the package itself has no cap."""

CHANGED_DIVISOR = 4.0
"""By so much a change of meaning divides stability: a power of two, so that every machine gets the same number."""

CHANGED_FLOOR = 1.0
"""Days below which a change of meaning lowers no stability."""


def lowered(stability: float) -> float:
    """The stability in days of a card whose meaning changed: a quarter, but no less than a day, and never more than
    before.

    What is left of the old memory still helps with the new meaning, so it is no reset; and it is no lapse, since
    nothing was forgotten. One good answer brings a card back on its way, one bad one shows that little was left.
    """
    return min(stability, max(stability / CHANGED_DIVISOR, CHANGED_FLOOR))


@dataclass(frozen=True, slots=True)
class Settings:
    """All that shapes memory. Lives in the journal, so that a fold needs nothing else.

    `parameters` are FSRS-6's 21. `desired_retention` is 0.7-0.99; `deck_retention` holds that of single decks by their
    ids, in the order of these. Steps are seconds. `maximum_interval` is days. `rollover` is the local hour at which a
    study day begins.
    """

    parameters: tuple[float, ...] = tuple(DEFAULT_PARAMETERS)
    desired_retention: float = 0.9
    learning_steps: tuple[int, ...] = (60, 600)
    relearning_steps: tuple[int, ...] = (600,)
    maximum_interval: int = 36_500
    rollover: int = ROLLOVER_HOUR
    deck_retention: tuple[tuple[str, float], ...] = ()


SETTINGS = ("parameters", "desired_retention", "learning_steps", "relearning_steps", "maximum_interval", "rollover")
"""The subjects that a `Setting` event may have, besides `desired_retention/DECK`."""

DECK_RETENTION = "desired_retention/"
"""How the subject begins that sets the desired retention of one deck; the deck's id follows. Its value is a share as
for all decks, or null for none of its own.
"""


def with_setting(settings: Settings, subject: str, value: str) -> Settings:
    """The settings after a `Setting` event, whose `value` is JSON.

    Raises:
        NlpcardsError: an unknown subject, or a value outside its range.
    """

    def bad(remedy: str) -> NlpcardsError:
        return NlpcardsError(f"the setting {subject} cannot be {value}", place="settings", remedy=remedy)

    try:
        given: Any = json.loads(value)
    except ValueError:
        raise bad("Write it as JSON.") from None
    match subject:
        case "parameters":
            try:
                parameters = tuple(float(each) for each in given)
                fsrs.Scheduler(parameters)
            except (TypeError, ValueError):
                raise bad("FSRS-6 takes 21 numbers, each within its bounds.") from None
            return replace(settings, parameters=parameters)
        case "desired_retention":
            if not _is_retention(given):
                raise bad("Take a share between 0.7 and 0.99.")
            return replace(settings, desired_retention=float(given))
        case _ if subject.startswith(DECK_RETENTION) and len(subject) > len(DECK_RETENTION):
            if given is not None and not _is_retention(given):
                raise bad("Take a share between 0.7 and 0.99, or null for that of all decks.")
            decks = dict(settings.deck_retention)
            decks.pop(subject.removeprefix(DECK_RETENTION), None)
            if given is not None:
                decks[subject.removeprefix(DECK_RETENTION)] = float(given)
            return replace(settings, deck_retention=tuple(sorted(decks.items())))
        case "learning_steps" | "relearning_steps":
            whole = isinstance(given, list) and all(type(each) is int and 0 < each < 86_400 * 7 for each in given)
            if not whole:
                raise bad("Take a list of seconds, each more than 0 and less than a week.")
            steps = tuple(given)
            return (
                replace(settings, learning_steps=steps)
                if subject == "learning_steps"
                else replace(settings, relearning_steps=steps)
            )
        case "maximum_interval":
            if type(given) is not int or not 1 <= given <= 36_500:
                raise bad("Take a number of days from 1 to 36500.")
            return replace(settings, maximum_interval=given)
        case "rollover":
            if type(given) is not int or not 0 <= given <= 23:
                raise bad("Take an hour from 0 to 23.")
            return replace(settings, rollover=given)
        case _:
            raise NlpcardsError(
                f"there is no setting {subject}", place="settings", remedy=f"Known: {', '.join(SETTINGS)}."
            )


def _is_retention(given: Any) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool) and 0.7 <= given <= 0.99


_DAY_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@lru_cache(maxsize=16_384)
def _midnight(day: int) -> datetime:
    """The datetime that stands for a study day in `fsrs`, which counts whole days between datetimes."""
    return _DAY_ZERO + timedelta(days=day)


_RATING = {rating.value: rating for rating in fsrs.Rating}


class Model:
    """FSRS under given settings: what an answer does to a card."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._scheduler = fsrs.Scheduler(
            settings.parameters,
            settings.desired_retention,
            [timedelta(seconds=each) for each in settings.learning_steps],
            [timedelta(seconds=each) for each in settings.relearning_steps],
            settings.maximum_interval,
            enable_fuzzing=False,
        )
        self._of_decks = {
            deck: Model(replace(settings, desired_retention=retention, deck_retention=()))
            for deck, retention in settings.deck_retention
        }
        self._decay = -settings.parameters[20]
        self._factor = 0.9 ** (1 / self._decay) - 1

    def retrievability(self, memory: Memory, elapsed_days: float) -> float:
        """FSRS's probability of recall after `elapsed_days` (0 or more) days."""
        return float((1 + self._factor * max(0.0, elapsed_days) / memory.stability) ** self._decay)

    def plain_interval(self, stability: float) -> int:
        """The days after which recall has fallen to the desired retention, unfuzzed; 1 to the longest interval."""
        days = stability / self._factor * (self.settings.desired_retention ** (1 / self._decay) - 1)
        return min(max(round(float(days)), 1), self.settings.maximum_interval)

    def of(self, card: str) -> Model:
        """The model for a card: its deck may have a desired retention of its own."""
        return self._of_decks.get(deck_of(card), self) if self._of_decks else self

    def answered(self, card: str, state: CardState, rating: int, now: Moment, place: Place | None = None) -> CardState:
        """The state after an answer now, with the due day computed: by `place` within fuzz's range (see `balance`), by
        plain fuzz where it is None.

        Its chain is the one before: an answer has no identity until it is written.
        """
        cursor = Cursor(card, state)
        cursor.answer(self, rating, now.ms, now.day, None, place)
        return cursor.state()

    def preview(self, card: str, state: CardState, now: Moment, place: Place | None = None) -> dict[int, CardState]:
        """What each of the four ratings would lead to now, as shown on the buttons and then stored; `place` as in
        `answered`.
        """
        return {rating: self.answered(card, state, rating, now, place) for rating in RATINGS}

    def review(self, before: fsrs.Card, rating: int, today: datetime) -> fsrs.Card:
        """The package's card after an answer, unfuzzed; times are study days as `_midnight` gives them."""
        return self._scheduler.review_card(before, _RATING[rating], today)[0]

    def interval(
        self,
        card: str,
        repetition: int,
        before: fsrs.Card,
        rating: int,
        today: datetime,
        days: int,
        place: Place | None = None,
    ) -> int:
        """The fuzzed interval in days; for a card out of the steps hard < good < easy, as far as the maximum allows."""
        maximum = self.settings.maximum_interval
        least = 0
        if before.state is fsrs.State.Review and rating > 2:
            harder = (self.review(before, rating - 1, today).due - today).days
            least = min(self.interval(card, repetition, before, rating - 1, today, harder, place) + 1, maximum)
        if place is None:
            return max(fuzzed(days, card, repetition, maximum), least)
        shortest, longest = fuzz_range(days, maximum)
        return place(max(shortest, least), max(longest, least), drawn(card, repetition))


class Cursor:
    """A card's state while events are folded into it: the package's own card and our counters, changed in place.

    One fold makes one `CardState` at its end, not one an event: that halves what a fold costs beyond the package.
    """

    __slots__ = (
        "buried_until",
        "card",
        "chain",
        "content",
        "due",
        "first_day",
        "flag",
        "lapses",
        "name",
        "reps",
        "suspended",
    )

    def __init__(self, name: str, state: CardState) -> None:
        self.name = name
        self.reps, self.lapses = state.reps, state.lapses
        self.suspended, self.buried_until, self.flag = state.suspended, state.buried_until, state.flag
        self.first_day, self.content, self.chain = state.first_day, state.content, state.chain
        schedule = state.schedule
        match schedule:
            case New():
                self.card, self.due = _blank(), 0
            case Steps():
                phase = fsrs.State.Relearning if schedule.relearning else fsrs.State.Learning
                self.card = self._package_card(phase, schedule.step, schedule.memory, schedule.last_day)
                self.due = schedule.due_ms
            case Interval():
                self.card = self._package_card(fsrs.State.Review, None, schedule.memory, schedule.last_day)
                self.due = schedule.due
            case _:
                assert_never(schedule)

    @staticmethod
    def _package_card(phase: fsrs.State, step: int | None, memory: Memory, last_day: int) -> fsrs.Card:
        return fsrs.Card(0, phase, step, memory.stability, memory.difficulty, _DAY_ZERO, _midnight(last_day))

    def answer(
        self, model: Model, rating: int, at_ms: int, day: int, due: int | None, place: Place | None = None
    ) -> None:
        """Fold an answer in; `due` is the day stored with it, None to compute it (see `Model.answered` for `place`).

        A study day before the last review's (a journey westwards, a clock put right) counts as that day: elapsed days
        are never negative.
        """
        before = self.card
        model = model.of(self.name)
        today = _midnight(day)
        if before.last_review is not None and today < before.last_review:
            today = before.last_review
            day = (today - _DAY_ZERO).days
        after = model.review(before, rating, today)
        if after.stability is not None and after.stability > LONGEST_STABILITY:
            after.stability = LONGEST_STABILITY
        if after.state is fsrs.State.Review:
            if due is None:
                due = day + model.interval(self.name, self.reps, before, rating, today, (after.due - today).days, place)
            self.due = due
        else:
            self.due = at_ms + (after.due - today) // _MILLISECOND
        if rating == 1 and before.state is fsrs.State.Review:
            self.lapses += 1
        if self.first_day is None:
            self.first_day = day
        self.card = after
        self.reps += 1
        self.buried_until = 0

    def happen(self, event: Event, model: Model) -> None:
        """Fold one surviving event of the card in."""
        body = event.body
        match body:
            case Review():  # nearly all of them, so they pay for nothing else
                stands = body.repetition == self.reps and body.after == self.chain
                self.answer(model, body.rating, event.at_ms, event.day, body.due if stands else None)
                self.content, self.chain = body.content, chained(self.chain, *event.id)
            case Suspend():
                self.suspended = True
            case Unsuspend():
                self.suspended = False
            case Bury():
                self.buried_until = body.until
            case Flag():
                self.flag = body.flag
            case Reset():
                self.card, self.due, self.first_day = _blank(), 0, None
                self.reps = self.lapses = self.buried_until = self.chain = 0
            case SetDue():
                if self.card.last_review is None:
                    self.buried_until = body.due
                else:
                    self.card = copy(self.card)
                    self.card.state, self.card.step = fsrs.State.Review, None
                    self.due, self.buried_until = body.due, 0
            case ChangedMeaning():
                self.content = body.content
                self._mean_another(event, model)
            case OwnNote() | Report() | Resolve() | Tag() | Untag() | Undo() | Setting() | Alias() | Seen() | Mark():
                raise ValueError(f"{body} changes no card's state")
            case _:
                assert_never(body)

    def _mean_another(self, event: Event, model: Model) -> None:
        """Lower the stability, and where the card is out of the steps bring its due day forward: to what the lower
        stability gives from the last review on, but not before the day of the change.

        A later answer stood on that, so it goes into the chain.
        """
        last = self.card.last_review
        if last is None:
            return
        assert self.card.stability is not None
        stability = lowered(self.card.stability)
        self.card = copy(self.card)
        self.card.stability = stability
        self.chain = chained(self.chain, *event.id)
        if self.card.state is fsrs.State.Review:
            model = model.of(self.name)
            days = model.plain_interval(stability)
            days = fuzzed(days, self.name, self.reps, model.settings.maximum_interval)
            self.due = min(self.due, max(event.day, (last - _DAY_ZERO).days + days))

    def state(self) -> CardState:
        """The state as a value."""
        card = self.card
        schedule: Schedule = New()
        last_day = None
        if card.last_review is not None:
            assert card.stability is not None
            assert card.difficulty is not None
            last_day = (card.last_review - _DAY_ZERO).days
            memory = Memory(card.stability, card.difficulty)
            if card.state is fsrs.State.Review:
                schedule = Interval(memory, self.due, last_day)
            else:
                assert card.step is not None
                schedule = Steps(memory, card.step, self.due, last_day, card.state is fsrs.State.Relearning)
        return CardState(
            schedule,
            self.reps,
            self.lapses,
            self.suspended,
            self.buried_until,
            self.flag,
            self.first_day,
            last_day,
            self.content,
            self.chain,
        )


def _blank() -> fsrs.Card:
    """The package's card before any answer; with an id, since without one it sleeps to make a unique one."""
    return fsrs.Card(0, fsrs.State.Learning, 0, None, None, _DAY_ZERO, None)
