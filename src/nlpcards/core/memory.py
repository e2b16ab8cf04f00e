"""Memory: FSRS's stability and difficulty, the steps of learning, and when a card is due. The only importer of `fsrs`.

A card's state is a fold over its surviving events. Days between reviews are study days, so that stability and
difficulty agree with Anki's own; learning steps keep real time. The package's fuzz is off: it draws from the global
random state. Ours is seeded by card id and repetition, so the interval on the button is the interval stored, on every
machine.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any, assert_never

import fsrs
from fsrs.scheduler import DEFAULT_PARAMETERS

from nlpcards.core.days import ROLLOVER_HOUR, Moment
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.journal import (
    Alias,
    Bury,
    CardBody,
    Event,
    Flag,
    Reset,
    Review,
    Seen,
    SetDue,
    Setting,
    Suspend,
    Undo,
    Unsuspend,
    undone,
)

RATINGS = (1, 2, 3, 4)
"""Again, hard, good, easy."""

LONGEST_STABILITY = 36_500.0
"""Days at which stability is capped, as in Anki's scheduler; the package itself has no cap."""

LEECH_LAPSES = 8
"""Lapses from which a card counts as a leech."""


@dataclass(frozen=True, slots=True)
class Memory:
    """FSRS's memory state: `stability` in days (the interval at which recall falls to 90 %), `difficulty` 1-10."""

    stability: float
    difficulty: float


@dataclass(frozen=True, slots=True)
class New:
    """Never answered, or reset."""


@dataclass(frozen=True, slots=True)
class Steps:
    """On the learning steps, or the relearning steps after a lapse.

    `step` is the index into the steps, `due_ms` the instant at which the card comes back, `last_day` the study day of
    the last review.
    """

    memory: Memory
    step: int
    due_ms: int
    last_day: int
    relearning: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """Out of the steps: due on the study day `due`, last reviewed on `last_day`."""

    memory: Memory
    due: int
    last_day: int


Schedule = New | Steps | Interval
"""Where a card stands."""


@dataclass(frozen=True, slots=True)
class CardState:
    """What a fold over a card's events gives.

    `reps` counts reviews, `lapses` those that failed a card out of the steps. `buried_until` is the study day from
    which a buried card is asked again (0: not buried). `flag` is 0-7. `first_day` and `last_day` are the study days
    of the first and last review, None before one. `content` is the hash of the card as it was last shown.
    """

    schedule: Schedule = New()
    reps: int = 0
    lapses: int = 0
    suspended: bool = False
    buried_until: int = 0
    flag: int = 0
    first_day: int | None = None
    last_day: int | None = None
    content: str = ""

    @property
    def memory(self) -> Memory | None:
        """The memory state, None for a new card."""
        match self.schedule:
            case New():
                return None
            case Steps() | Interval():
                return self.schedule.memory
            case _:
                assert_never(self.schedule)

    def asked_on(self, day: int) -> bool:
        """Whether the card may be asked on a study day: neither suspended nor buried then."""
        return not self.suspended and self.buried_until <= day

    @property
    def leech(self) -> bool:
        """Whether the card was forgotten so often that its words, not the learner, need mending."""
        return self.lapses >= LEECH_LAPSES


@dataclass(frozen=True, slots=True)
class Settings:
    """All that shapes memory. Lives in the journal, so that a fold needs nothing else.

    `parameters` are FSRS-6's 21. `desired_retention` is 0.7-0.99. Steps are seconds. `maximum_interval` is days.
    `rollover` is the local hour at which a study day begins.
    """

    parameters: tuple[float, ...] = tuple(DEFAULT_PARAMETERS)
    desired_retention: float = 0.9
    learning_steps: tuple[int, ...] = (60, 600)
    relearning_steps: tuple[int, ...] = (600,)
    maximum_interval: int = 36_500
    rollover: int = ROLLOVER_HOUR


SETTINGS = ("parameters", "desired_retention", "learning_steps", "relearning_steps", "maximum_interval", "rollover")
"""The subjects that a `Setting` event may have."""


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
            if not isinstance(given, (int, float)) or not 0.7 <= given <= 0.99:
                raise bad("Take a share between 0.7 and 0.99.")
            return replace(settings, desired_retention=float(given))
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


class Timeline:
    """The settings as they changed over a journal.

    Parameters are the latest ones for the whole history, as in Anki: stability and difficulty are always folded anew.
    Steps and retention are those in force when an event happened, so that a change never moves a card that was
    already scheduled.
    """

    def __init__(self, events: Collection[Event] = (), gone: Collection[object] | None = None) -> None:
        """Read the `Setting` events of a journal; `gone` are the ids that undos took out (found here where it is
        None).
        """
        settings = [event for event in events if isinstance(event.body, (Setting, Undo))]
        dead = undone(settings) if gone is None else gone
        self._orders: list[tuple[int, str]] = []
        self._epochs = [Settings()]
        for event in sorted(settings, key=lambda event: event.order):
            if isinstance(event.body, Setting) and event.id not in dead:
                self._orders.append(event.order)
                self._epochs.append(with_setting(self._epochs[-1], event.body.subject, event.body.value))
        parameters = self._epochs[-1].parameters
        self._models = [Model(replace(epoch, parameters=parameters)) for epoch in self._epochs]

    @property
    def now(self) -> Settings:
        """The settings after the last event."""
        return self._models[-1].settings

    @property
    def model(self) -> Model:
        """The model after the last event."""
        return self._models[-1]

    @property
    def only_model(self) -> Model | None:
        """The model, where one was in force all the time; None where steps or retention changed on the way."""
        return None if self._orders else self._models[0]

    def at(self, order: tuple[int, str]) -> Model:
        """The model in force at a place in the journal's order."""
        return self._models[bisect_right(self._orders, order)] if self._orders else self._models[0]


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
        self._decay = -settings.parameters[20]
        self._factor = 0.9 ** (1 / self._decay) - 1

    def retrievability(self, memory: Memory, elapsed_days: float) -> float:
        """FSRS's probability of recall after `elapsed_days` (0 or more) days."""
        return float((1 + self._factor * max(0.0, elapsed_days) / memory.stability) ** self._decay)

    def answered(self, card: str, state: CardState, rating: int, now: Moment) -> CardState:
        """The state after an answer now, with the due day computed."""
        cursor = _Cursor(card, state)
        cursor.answer(self, rating, now.ms, now.day, None)
        return cursor.state()

    def preview(self, card: str, state: CardState, now: Moment) -> dict[int, CardState]:
        """What each of the four ratings would lead to now, as shown on the buttons and then stored."""
        return {rating: self.answered(card, state, rating, now) for rating in RATINGS}

    def review(self, before: fsrs.Card, rating: int, today: datetime) -> fsrs.Card:
        """The package's card after an answer, unfuzzed; times are study days as `_midnight` gives them."""
        return self._scheduler.review_card(before, _RATING[rating], today)[0]

    def interval(self, card: str, repetition: int, before: fsrs.Card, rating: int, today: datetime, days: int) -> int:
        """The fuzzed interval in days; for a card out of the steps hard < good < easy, as far as the maximum allows."""
        maximum = self.settings.maximum_interval
        own = fuzzed(days, card, repetition, maximum)
        if before.state is not fsrs.State.Review or rating <= 2:
            return own
        harder = (self.review(before, rating - 1, today).due - today).days
        return min(max(own, self.interval(card, repetition, before, rating - 1, today, harder) + 1), maximum)


class _Cursor:
    """A card's state while events are folded into it: the package's own card and our counters, changed in place.

    One fold makes one `CardState` at its end, not one an event: that halves what a fold costs beyond the package.
    """

    __slots__ = ("buried_until", "card", "content", "due", "first_day", "flag", "lapses", "name", "reps", "suspended")

    def __init__(self, name: str, state: CardState) -> None:
        self.name = name
        self.reps, self.lapses = state.reps, state.lapses
        self.suspended, self.buried_until, self.flag = state.suspended, state.buried_until, state.flag
        self.first_day, self.content = state.first_day, state.content
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

    def answer(self, model: Model, rating: int, at_ms: int, day: int, due: int | None) -> None:
        """Fold an answer in; `due` is the day stored with it, None to compute it.

        A study day before the last review's (a journey westwards, a clock put right) counts as that day: elapsed days
        are never negative.
        """
        before = self.card
        today = _midnight(day)
        if before.last_review is not None and today < before.last_review:
            today = before.last_review
            day = (today - _DAY_ZERO).days
        after = model.review(before, rating, today)
        if after.stability is not None and after.stability > LONGEST_STABILITY:
            after.stability = LONGEST_STABILITY
        if after.state is fsrs.State.Review:
            if due is None:
                due = day + model.interval(self.name, self.reps, before, rating, today, (after.due - today).days)
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

    def happen(self, body: CardBody, at_ms: int, day: int, model: Model) -> None:
        """Fold one surviving event in."""
        match body:
            case Review():
                due = body.due if body.repetition == self.reps else None
                self.answer(model, body.rating, at_ms, day, due)
                self.content = body.content
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
                self.reps = self.lapses = self.buried_until = 0
            case SetDue():
                if self.card.last_review is not None:
                    self.card = copy(self.card)
                    self.card.state, self.card.step = fsrs.State.Review, None
                    self.due = body.due
            case _:
                assert_never(body)

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
        )


def _blank() -> fsrs.Card:
    """The package's card before any answer; with an id, since without one it sleeps to make a unique one."""
    return fsrs.Card(0, fsrs.State.Learning, 0, None, None, _DAY_ZERO, None)


_FUZZ = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))
"""Ranges of days and the share of each that fuzz may add or take, as in Anki's and FSRS's schedulers."""


def fuzz_range(days: int, maximum: int) -> tuple[int, int]:
    """The shortest and longest interval that fuzz may make of `days`; below 2.5 days it makes none."""
    if days < 2.5:
        return days, days
    delta = 1.0 + sum(share * max(min(days, end) - start, 0.0) for start, end, share in _FUZZ)
    shortest = max(2, round(days - delta))
    longest = min(round(days + delta), maximum)
    return min(shortest, longest), longest


def fuzzed(days: int, card: str, repetition: int, maximum: int) -> int:
    """An interval with deterministic fuzz, drawn evenly from its range by a hash of card id and repetition.

    Cards introduced together would otherwise come back together for ever. One draw serves all four ratings, so a longer
    interval never becomes shorter than a lesser one.
    """
    shortest, longest = fuzz_range(days, maximum)
    if shortest == longest:
        return shortest
    seed = blake2b(f"{card}\n{repetition}".encode(), digest_size=8).digest()
    draw = int.from_bytes(seed, "big") / 2**64
    return shortest + int(draw * (longest - shortest + 1))


def apply(state: CardState, event: Event, model: Model, name: str) -> CardState:
    """The state of the card now called `name` after one more surviving event of its own."""
    body = event.body
    assert not isinstance(body, (Undo, Setting, Alias, Seen))
    cursor = _Cursor(name, state)
    cursor.happen(body, event.at_ms, event.day, model)
    return cursor.state()


def fold_card(events: Iterable[Event], timeline: Timeline, name: str) -> CardState:
    """The state of the card now called `name` from its surviving events, given in the journal's order.

    The name matters where the events bear a former one: fuzz is seeded by the present id.
    """
    cursor = _Cursor(name, CardState())
    for event in events:
        body = event.body
        assert not isinstance(body, (Undo, Setting, Alias, Seen))
        cursor.happen(body, event.at_ms, event.day, timeline.at(event.order))
    return cursor.state()


def fold_reviews(reviews: Iterable[tuple[int, int, int, int | None, int, str]], model: Model, name: str) -> CardState:
    """The state of a card to which nothing but reviews happened, under one model: `fold_card` without its events.

    Each review is (rating, at_ms, day, due, repetition, content), in the journal's order. A rebuild folds a million of
    them, and making an event of each would cost a third again of what FSRS itself does.
    """
    cursor = _Cursor(name, CardState())
    content = ""
    for rating, at_ms, day, due, repetition, content in reviews:  # noqa: B007 - the last one's stays
        cursor.answer(model, rating, at_ms, day, due if repetition == cursor.reps else None)
    cursor.content = content
    return cursor.state()


def fold(events: Collection[Event]) -> dict[str, CardState]:
    """Every card's state from a whole journal in any order, with aliases followed."""
    gone = undone(events)
    timeline = Timeline(events, gone)
    names = aliases(events, gone)
    by_card: dict[str, list[Event]] = {}
    for event in events:
        card = event.card
        if card is not None and event.id not in gone and not isinstance(event.body, Alias):
            by_card.setdefault(names.get(card, card), []).append(event)
    states: dict[str, CardState] = {}
    for card, own in by_card.items():
        own.sort(key=lambda event: event.order)
        states[card] = fold_card(own, timeline, card)
    return states


def aliases(events: Iterable[Event], gone: Collection[object] = frozenset()) -> Mapping[str, str]:
    """The present name of each former card id, through chains of renames.

    A rename back to a former name makes that name present again: the later alias wins.
    """
    step: dict[str, str] = {}
    for event in sorted(
        (event for event in events if isinstance(event.body, Alias) and event.id not in gone),
        key=lambda event: event.order,
    ):
        assert isinstance(event.body, Alias)
        step.pop(event.body.card, None)
        step[event.body.former] = event.body.card
    present: dict[str, str] = {}
    for former in step:
        seen = {former}
        name = former
        while name in step and step[name] not in seen:
            name = step[name]
            seen.add(name)
        present[former] = name
    return present


def roots(events: Iterable[Event]) -> Mapping[str, str]:
    """The first id that each renamed card ever had, from the surviving `Alias` events of a journal in any order.

    A card that went back to a former name has its first id still, so that Anki never takes it for another one.
    """
    first: dict[str, str] = {}
    for event in sorted(events, key=lambda event: event.order):
        if isinstance(event.body, Alias):
            first[event.body.card] = first.get(event.body.former, event.body.former)
    return first
