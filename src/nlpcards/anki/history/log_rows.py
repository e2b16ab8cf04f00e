"""Events of the journal as rows of Anki's review log, and how such a row is known again when it comes back.

Both directions are one idea: what goes out is what is recognised. Rows and their kinds: Anki's `proto/anki/stats.proto`
and `rslib/src/revlog/mod.rs`; what Anki makes of them: `rslib/src/scheduler/fsrs/params.rs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import assert_never

from nlpcards.anki.reading.values import StoredReview
from nlpcards.core.journal import ChangedMeaning, Event, Reset, Review, SetDue
from nlpcards.core.state import CardState, Interval, Memory, New, Steps

LATER_MS = 64
"""An answer goes into a package at its instant, or at the next free one up to so many ms later: Anki knows a row by its
millisecond, and drops the second of two that share one.
"""

MANUAL_LATER_MS = 60_000
"""As `LATER_MS`, of rows that are no answers: one action may set the due days of thousands of cards at one instant.
They yield to answers, and when exactly they stand means nothing to Anki.
"""

START_EASE = 2_500
"""The ease factor (thousandths) of a card under FSRS, which has no use for it; Anki's default."""


class Kind(IntEnum):
    """What a row tells of, by Anki's numbers: the first three are answers to a card that was then on the learning steps
    (or new), out of the steps, on the relearning steps.
    """

    LEARN = 0
    REVIEW = 1
    RELEARN = 2
    FILTERED = 3
    MANUAL = 4
    RESCHEDULED = 5


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row that has no place yet: it happened at `at_ms`, as number `number` (from 0) of one action at that instant.
    The rest is as in `StoredReview`.
    """

    at_ms: int
    number: int
    button: int
    interval: int
    last_interval: int
    factor: int
    took_ms: int
    kind: Kind

    def places(self) -> Iterator[int]:
        """The ids that it may take, the best first.

        It begins with its number in its action, so that the rows of one action that go out in several packages do not
        meet in Anki, which would drop all but one.
        """
        later = _later(self.button)
        return iter(range(self.at_ms + (self.number if self.number <= later else 0), self.at_ms + later + 1))


def log_row(event: Event, before: CardState, after: CardState, answered_ms: int | None) -> LogRow | None:
    """The row of what happened to a card, None where the log has none for it.

    `before` and `after` are the card's states around the event, `answered_ms` the instant of the last answer before it.

    Anki reads a log backwards to the card's first steps and stops at whatever interrupts them, so a change of meaning
    on the learning steps has no row: with one, Anki would forget the answers before it. Elsewhere the row says that the
    due day moved; that the stability fell, no row can say.
    """
    body = event.body
    interval, last, ease = _interval(after, event.at_ms), _interval(before, answered_ms), factor(after.memory)
    number = event.id.seq - event.batch if 0 < event.batch <= event.id.seq else 0
    match body:
        case Review():
            took = max(0, body.duration_ms)
            return LogRow(event.at_ms, 0, body.rating, interval, last, ease, took, _kind(before))
        case Reset():
            return LogRow(event.at_ms, number, 0, 0, last, 0, 0, Kind.MANUAL)
        case SetDue():
            # A new card has no interval that it waits; it rests until the day.
            rests = max(1, body.due - event.day) if after.memory is None else interval
            return LogRow(event.at_ms, number, 0, rests, last, ease, 0, Kind.MANUAL)
        case ChangedMeaning() if isinstance(after.schedule, Interval):
            return LogRow(event.at_ms, number, 0, interval, last, ease, 0, Kind.MANUAL)
        case _:
            return None


def instants_of(row: StoredReview) -> tuple[int, int]:
    """The first and the last instant in ms at which an event of ours that is this row may have happened."""
    return row.id - _later(row.button), row.id


def is_row_of(event: Event, row: StoredReview) -> bool:
    """Whether a row is what an event became in a package, its time apart (see `log_row` and `instants_of`)."""
    match event.body:
        case Review(rating=rating):
            return row.button == rating
        case Reset():
            return row.button == 0 and row.kind == Kind.MANUAL and row.factor == 0
        case SetDue() | ChangedMeaning():
            return row.button == 0 and row.kind in (Kind.MANUAL, Kind.RESCHEDULED) and row.factor != 0
        case _:
            return False


def is_row(planned: LogRow, row: StoredReview) -> bool:
    """Whether a row of Anki's log is one that went there, or is to go (see `LogRow.places`)."""
    first, last = instants_of(row)
    if not first <= planned.at_ms <= last or planned.button != row.button:
        return False
    return bool(row.button) or (
        row.kind in (Kind.MANUAL, Kind.RESCHEDULED) and (row.factor == 0) == (planned.factor == 0)
    )


def factor(memory: Memory | None) -> int:
    """The factor under which Anki's log keeps a difficulty: 100-1,100; `START_EASE` without one."""
    return START_EASE if memory is None else round(((memory.difficulty - 1) / 9 + 0.1) * 1000)


def _later(button: int) -> int:
    return LATER_MS if button else MANUAL_LATER_MS


def _kind(before: CardState) -> Kind:
    schedule = before.schedule
    match schedule:
        case New() | Steps(relearning=False):
            return Kind.LEARN
        case Steps():
            return Kind.RELEARN
        case Interval():
            return Kind.REVIEW
        case _:
            assert_never(schedule)


def _interval(state: CardState, since_ms: int | None) -> int:
    """How long a card waits in a state: days, or seconds since an instant where negative; 0 for a new card."""
    schedule = state.schedule
    match schedule:
        case New():
            return 0
        case Steps():
            return -max(1, (schedule.due_ms - (since_ms or schedule.due_ms)) // 1000)
        case Interval():
            return max(1, schedule.due - schedule.last_day)
        case _:
            assert_never(schedule)
