"""What a collection of Anki's holds, in Anki's own terms; its manual and its source define them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Stock(Enum):
    """Note types that Anki brings along and treats in a way of their own, by its numbers."""

    OTHER = 0
    IMAGE_OCCLUSION = 6


@dataclass(frozen=True, slots=True)
class Template:
    """What one card of a note type asks and answers: its name, and the HTML of both sides with fields in braces. `id`
    stays when it is renamed or moved; 0 where there is none, as in older files.
    """

    name: str
    question: str
    answer: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class NoteType:
    """Fields and templates of notes. `is_cloze`: its one template makes a card of each cloze number. `changed_s` is
    when it was last changed, in seconds since 1970 UTC. `field_ids` stay when fields are renamed or moved, 0 where the
    file does not say.
    """

    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    css: str = ""
    is_cloze: bool = False
    stock: Stock = Stock.OTHER
    changed_s: int = 0
    field_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Preset:
    """What a deck's options say of memory: steps in seconds, FSRS parameters (none where never fitted), the recall to
    aim for (0-1, None for Anki's default).
    """

    learning_steps: tuple[int, ...] = ()
    relearning_steps: tuple[int, ...] = ()
    parameters: tuple[float, ...] = ()
    retention: float | None = None


@dataclass(frozen=True, slots=True)
class AnkiDeck:
    """A deck: its name with `::` between parents and children, its preset (a filtered one has none), and a desired
    retention of its own (0-1).
    """

    id: int
    name: str
    preset: Preset | None = None
    retention: float | None = None


@dataclass(frozen=True, slots=True)
class StoredNote:
    """A note: `guid` is the same in every collection; `fields` are HTML, as many as its type has. `changed_s` is when
    it was last changed, in seconds since 1970 UTC.
    """

    id: int
    guid: str
    note_type: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    changed_s: int = 0


class Queue(Enum):
    """Where a card waits, by Anki's numbers."""

    USER_BURIED = -3
    SCHEDULER_BURIED = -2
    SUSPENDED = -1
    NEW = 0
    LEARNING = 1
    REVIEW = 2
    DAY_LEARNING = 3
    PREVIEW = 4


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A card: `ord` is its template's number, or its cloze number less one. `deck` is the one it belongs to, also where
    a filtered deck borrows it. `due_day` counts days since the collection's first (None: not due on a day), `flag` is
    0-7.
    """

    id: int
    note: int
    ord: int
    deck: int
    queue: Queue
    due_day: int | None
    flag: int
    reps: int
    lapses: int


@dataclass(frozen=True, slots=True)
class StoredSchedule:
    """All that a card's row says of its schedule, as it stands there (see `history.schedules.CardRow`). `due` is a day
    since the collection's first, a second since 1970 UTC or a place among new cards. `data` is JSON with the memory
    state. `is_borrowed`: a filtered deck has it now. `changed_s` is when it was last changed, in seconds since 1970
    UTC.
    """

    card: int
    type: int
    queue: int
    due: int
    interval: int
    reps: int
    lapses: int
    flag: int
    data: str
    is_borrowed: bool
    changed_s: int


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A row of the review log: when in ms since 1970 UTC, which doubles as its id; which button (0: none, 1 again to 4
    easy); the interval it led to and the one before (days, or seconds where negative); ease factor in thousandths;
    ms taken; and its kind (0 learn, 1 review, 2 relearn, 3 filtered, 4 manual, 5 rescheduled).
    """

    id: int
    card: int
    button: int
    interval: int
    last_interval: int
    factor: int
    took_ms: int
    kind: int
