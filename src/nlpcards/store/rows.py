"""Rows of the journal's file and the values of core that they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from nlpcards.core.fold import FoldedReview
from nlpcards.core.journal import (
    Alias,
    Body,
    Bury,
    ChangedMeaning,
    Event,
    EventId,
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
)
from nlpcards.core.state import CardState, Interval, Memory, New, Schedule, Steps

Row = tuple[Any, ...]
"""A row as SQLite gives or takes it."""

REVIEW, SUSPEND, UNSUSPEND, BURY, FLAG, RESET, SET_DUE, CHANGED, UNDO, SETTING, ALIAS, SEEN = range(1, 13)
OWN_NOTE, REPORT, RESOLVE, TAG, UNTAG, MARK = range(13, 19)
"""The numbers of `event.kind`; those below UNDO happen to a card and are folded, OWN_NOTE to UNTAG are remarks."""

EVENT = """
    e.device, e.seq, e.hlc, e.at_ms, e.day, e.kind, c.name, e.rating, e.duration_ms, e.due, e.repetition, e.after,
    e.content, e.batch, e.payload, e.flag, e.subject, e.target_device, e.target_seq
"""
"""Columns from which `event_of` makes an event, of `event e LEFT JOIN card c ON c.id = e.card`."""

FOLDED = """
    e.device, e.seq, e.hlc, e.at_ms, e.day, e.kind, '', e.rating, 0, e.due, e.repetition, e.after,
    e.content, 0, NULL, e.flag, NULL, NULL, NULL
"""
"""The same columns with only what a fold looks at (no reply): all of them are in the index `event_fold`."""

SURVIVES = "NOT EXISTS (SELECT 1 FROM undone u WHERE u.device = e.device AND u.seq = e.seq)"
"""The condition that an event `e` counts."""

INSERT_EVENT = """
    INSERT INTO event (device, seq, hlc, at_ms, day, kind, card, rating, duration_ms, due, repetition, after, content,
                       subject, target_device, target_seq, batch, payload, flag)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device, seq) DO NOTHING
"""
"""Writes the row that `row_of` gives; where there is one of this id nothing is written and the row count is 0."""

STATE = """
    s.phase, s.step, s.stability, s.difficulty, s.due, s.due_ms, s.last_day, s.reps, s.lapses, s.suspended,
    s.buried_until, s.flag, s.first_day, s.content, s.chain
"""
"""Columns from which `state_of` makes a card's state, of `card_state s`."""

WRITE_STATE = "REPLACE INTO card_state VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
"""Writes the row that `state_row` gives."""


def event_of(row: Row, devices: Mapping[int, str]) -> Event:
    """The event that a row of the columns `EVENT` or `FOLDED` stands for; `devices` are the devices' names by key."""
    device, seq, hlc, at_ms, day, kind, card, rating, duration_ms, due, repetition, after, content, batch, *rest = row
    body: Body
    if kind == REVIEW:  # nearly all of them, so they pay for nothing else
        body = Review(card, rating, duration_ms, due, repetition, content or "", after, rest[0] or "")
    else:
        body = _rare_body(kind, card, due, content or "", rest, devices)
    return Event(EventId(devices[device], seq), hlc, at_ms, day, body, batch)


def review_of(row: Row, devices: Mapping[int, str]) -> FoldedReview:
    """What `fold.fold_reviews` takes of a row of the columns `FOLDED` that is a review; `devices` as in `event_of`."""
    return devices[row[0]], row[1], row[7], row[3], row[4], row[9], row[10], row[11], row[12] or ""


def _rare_body(kind: int, card: str, due: int, content: str, rest: Sequence[Any], devices: Mapping[int, str]) -> Body:
    payload, flag, subject, target_device, target_seq = rest[:5]
    match kind:
        case 2:
            return Suspend(card)
        case 3:
            return Unsuspend(card)
        case 4:
            return Bury(card, due)
        case 5:
            return Flag(card, flag)
        case 6:
            return Reset(card)
        case 7:
            return SetDue(card, due)
        case 8:
            return ChangedMeaning(card, content)
        case 9:
            return Undo(EventId(devices[target_device], target_seq))
        case 10:
            return Setting(subject, payload)
        case 11:
            return Alias(card, payload)
        case 12:
            return Seen(subject, content, int(payload))
        case 13:
            return OwnNote(card, payload)
        case 14:
            return Report(card, payload, content)
        case 15:
            return Resolve(card)
        case 16:
            return Tag(card, payload)
        case 17:
            return Untag(card, payload)
        case 18:
            return Mark(subject, payload)
        case _:
            raise ValueError(f"no event is of kind {kind}")


def row_of(event: Event, device: int, card: int | None, target: int | None) -> Row:
    """The row of an event for `INSERT_EVENT`.

    `device`, `card` and `target` are the keys of its device, of its card, and of the device of an undo's target.
    """
    rating = duration_ms = due = repetition = after = content = subject = seq = payload = flag = None
    body = event.body
    match body:
        case Review():
            kind = REVIEW
            rating, duration_ms, due, repetition = body.rating, body.duration_ms, body.due, body.repetition
            after, content, payload = body.after, body.content or None, body.reply or None
        case Suspend():
            kind = SUSPEND
        case Unsuspend():
            kind = UNSUSPEND
        case Bury():
            kind, due = BURY, body.until
        case Flag():
            kind, flag = FLAG, body.flag
        case Reset():
            kind = RESET
        case SetDue():
            kind, due = SET_DUE, body.due
        case ChangedMeaning():
            kind, content = CHANGED, body.content or None
        case Undo():
            kind, seq = UNDO, body.target.seq
        case Setting():
            kind, subject, payload = SETTING, body.subject, body.value
        case Alias():
            kind, payload = ALIAS, body.former
        case Seen():
            kind, subject, content, payload = SEEN, body.note, body.content or None, str(body.mod)
        case OwnNote():
            kind, payload = OWN_NOTE, body.text
        case Report():
            kind, payload, content = REPORT, body.reason, body.content or None
        case Resolve():
            kind = RESOLVE
        case Tag():
            kind, payload = TAG, body.tag
        case Untag():
            kind, payload = UNTAG, body.tag
        case Mark():
            kind, subject, payload = MARK, body.subject, body.value
        case _:
            assert_never(body)
    head = (device, event.id.seq, event.hlc, event.at_ms, event.day, kind, card)
    return (
        *head,
        rating,
        duration_ms,
        due,
        repetition,
        after,
        content,
        subject,
        target,
        seq,
        event.batch,
        payload,
        flag,
    )


def state_of(row: Row) -> CardState:
    """The card state that a row of the columns `STATE` stands for."""
    phase, step, stability, difficulty, due, due_ms, last_day, reps, lapses, *rest = row
    suspended, buried, flag, first, content, chain = rest
    schedule: Schedule
    match phase:
        case 0:
            schedule = New()
        case 2:
            schedule = Interval(Memory(stability, difficulty), due, last_day)
        case _:
            schedule = Steps(Memory(stability, difficulty), step, due_ms, last_day, phase == 3)
    return CardState(schedule, reps, lapses, bool(suspended), buried, flag, first, last_day, content, chain)


def state_row(card: int, state: CardState) -> Row:
    """The row of a card's state for `WRITE_STATE`."""
    step = stability = difficulty = due = due_ms = None
    schedule = state.schedule
    match schedule:
        case New():
            phase = 0
        case Steps():
            phase = 3 if schedule.relearning else 1
            step, due_ms = schedule.step, schedule.due_ms
            stability, difficulty = schedule.memory.stability, schedule.memory.difficulty
        case Interval():
            phase, due = 2, schedule.due
            stability, difficulty = schedule.memory.stability, schedule.memory.difficulty
        case _:
            assert_never(schedule)
    return (
        card,
        phase,
        step,
        stability,
        difficulty,
        due,
        due_ms,
        state.last_day,
        state.reps,
        state.lapses,
        int(state.suspended),
        state.buried_until,
        state.flag,
        state.first_day,
        state.content,
        state.chain,
    )
