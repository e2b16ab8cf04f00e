"""Where a card stands, as Anki's cards say it: type, queue, due day, memory state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import assert_never

from nlpcards.anki.history.log_rows import START_EASE, LogRow, log_row
from nlpcards.anki.reading.values import Queue
from nlpcards.core.fold import Timeline
from nlpcards.core.journal import Event, Reset, Review
from nlpcards.core.memory import Cursor, Model
from nlpcards.core.state import CardState, Interval, Memory, New, Steps


class Type(IntEnum):
    """What a card is, by Anki's numbers."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card's columns in Anki. `due` is a study day since 1970-01-01 where `is_day`, else the second since 1970 UTC at
    which a step ends; None for a new card, which keeps its place. `interval` is days, `ease` thousandths, `left` how
    many steps are left, `data` JSON with the memory state.
    """

    type: Type
    queue: Queue
    due: int | None
    is_day: bool
    interval: int
    ease: int
    reps: int
    lapses: int
    left: int
    flag: int
    data: str


@dataclass(frozen=True, slots=True)
class Carried:
    """All that goes to Anki of one card's history, with the state that it led to and the instant of its last answer in
    ms since 1970 UTC.
    """

    card: CardRow
    log: tuple[LogRow, ...]
    state: CardState
    answered_ms: int | None


def carried(
    name: str, events: Iterable[Event], timeline: Timeline, today: int, day_of: Callable[[int], int]
) -> Carried:
    """What Anki is told of the card now called `name`, from its surviving events in the journal's order.

    `today` is the study day of the export: what is buried beyond it is buried in Anki. `day_of` gives the study day of
    an instant in ms since 1970 UTC, on which a step that outlasts the day of its answer ends.
    """
    cursor, state = Cursor(name, CardState()), CardState()
    log: list[LogRow] = []
    answered: int | None = None
    for event in events:
        before = state
        cursor.happen(event, timeline.at(event.order))
        state = cursor.state()
        row = log_row(event, before, state, answered)
        if row is not None:
            log.append(row)
        match event.body:
            case Review():
                answered = event.at_ms
            case Reset():
                answered = None
            case _:
                pass
    card = card_row(state, timeline.model.of(name), answered, today, day_of)
    return Carried(card, tuple(log), state, answered)


def card_row(
    state: CardState, model: Model, answered_ms: int | None, today: int, day_of: Callable[[int], int]
) -> CardRow:
    """The columns of a card in a state; `answered_ms` is the instant of its last answer, the rest as in `carried`."""
    due: int | None = None
    put_away = state.suspended or state.buried_until > today
    interval = ease = left = 0
    is_day = True
    schedule = state.schedule
    match schedule:
        case New():
            kind, queue = Type.NEW, Queue.NEW
        case Interval():
            kind, queue, ease = Type.REVIEW, Queue.REVIEW, START_EASE
            due, interval = schedule.due, max(1, schedule.due - schedule.last_day)
        case Steps():
            ease, steps = START_EASE, model.settings.learning_steps
            kind = Type.LEARNING
            if schedule.relearning:
                kind, steps = Type.RELEARNING, model.settings.relearning_steps
                interval = model.plain_interval(schedule.memory.stability)
            left = max(1, len(steps) - schedule.step)
            due = day_of(schedule.due_ms)
            # As in Anki a step that ends on another study day waits for that day and not for its second; but the days
            # of cards that are put away on the steps its importer leaves in the package's calendar.
            is_day = due > schedule.last_day and not put_away
            queue = Queue.DAY_LEARNING if is_day else Queue.LEARNING
            if not is_day:
                due = schedule.due_ms // 1000
        case _:
            assert_never(schedule)
    if put_away:
        queue = Queue.SUSPENDED if state.suspended else Queue.USER_BURIED
    data = _data(state.memory, model, answered_ms)
    return CardRow(kind, queue, due, is_day, interval, ease, state.reps, state.lapses, left, state.flag, data)


def _data(memory: Memory | None, model: Model, answered_ms: int | None) -> str:
    """The memory state, to as many places as Anki keeps; without the last answer's time Anki would take it for now."""
    if memory is None:
        return ""
    settings = model.settings
    keys: dict[str, float] = {
        "s": round(memory.stability, 4),
        "d": round(memory.difficulty, 3),
        "dr": round(settings.desired_retention, 2),
        "decay": round(settings.parameters[20], 3),
    }
    if answered_ms is not None:
        keys["lrt"] = answered_ms // 1000
    return json.dumps(keys, separators=(",", ":"))
