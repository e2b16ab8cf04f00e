"""The journal: what happened, as an append-only set of events, and its laws.

An event is identified by `(device, seq)` and ordered by `(hlc, device)`, the same on every machine. A merge of two
journals is the union of their events. Nothing here knows how events are stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple, assert_never
from zlib import crc32

from nlpcards.core.dataclass import dataclass
from nlpcards.core.errors import JournalConflict


class EventId(NamedTuple):
    """Which device wrote an event, and its running number there (from 1)."""

    device: str
    seq: int


@dataclass(frozen=True, slots=True)
class Review:
    """A card was answered.

    `rating` is FSRS's, 1 again to 4 easy. `duration_ms` is the time taken to answer. `due` is the study day on which
    the card is due again, or None where a learning step follows (its time is the event's plus the step). `content` is
    the hash of the card as it was shown.

    `repetition` counts the reviews of the card that stood before this one when it was written, and `after` is the hash
    chain of these and of changes of meaning (see `chained`; 32 bits, 0 where none stood or the writer did not know).
    Where a fold finds others under it, a merge or an undo changed what it stood on, and `due` is computed again.

    `reply` is what the learner was asked and did, where the kind of card has that: canonical JSON (compact, sorted
    keys), such as `{"given":{"d":"64"},"typed":"…"}`, empty for none. The journal keeps it and looks at nothing in it.
    """

    card: str
    rating: int
    duration_ms: int
    due: int | None
    repetition: int
    content: str = ""
    after: int = 0
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """The event `target` counts as if it had not happened; an undone undo revives its own target."""

    target: EventId


@dataclass(frozen=True, slots=True)
class Suspend:
    """The card is not asked until it is unsuspended."""

    card: str


@dataclass(frozen=True, slots=True)
class Unsuspend:
    """The card is asked again."""

    card: str


@dataclass(frozen=True, slots=True)
class Bury:
    """The card is not asked before the study day `until`."""

    card: str
    until: int


@dataclass(frozen=True, slots=True)
class Flag:
    """The card carries flag `flag` (1-7), or none (0)."""

    card: str
    flag: int


@dataclass(frozen=True, slots=True)
class Reset:
    """The card is new again; its history stays in the journal."""

    card: str


@dataclass(frozen=True, slots=True)
class SetDue:
    """The card is due on the study day `due`; its memory state stays.

    A card on the steps leaves them, a buried one rests no longer. A new card has no due day: it rests until that day,
    and is introduced then or later.
    """

    card: str
    due: int


@dataclass(frozen=True, slots=True)
class ChangedMeaning:
    """The card's text, now of the hash `content`, means something else than the learner had learned.

    Its stability falls (see `memory.lowered`) and it is due earlier; difficulty, reviews and lapses stay.
    """

    card: str
    content: str = ""


@dataclass(frozen=True, slots=True)
class OwnNote:
    """The learner's own note on the card is `text` from now on; an empty one takes it away."""

    card: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """The card is wrong, for a reason; `content` is the hash of the card as it was shown."""

    card: str
    reason: str
    content: str = ""


@dataclass(frozen=True, slots=True)
class Resolve:
    """What was reported of the card before is settled."""

    card: str


@dataclass(frozen=True, slots=True)
class Tag:
    """The learner's own tag `tag` is on the card; the deck knows nothing of it."""

    card: str
    tag: str


@dataclass(frozen=True, slots=True)
class Untag:
    """The learner's own tag `tag` is off the card."""

    card: str
    tag: str


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that shapes memory was set: `subject` names it (see `memory.SETTINGS`), `value` its JSON text."""

    subject: str
    value: str


@dataclass(frozen=True, slots=True)
class Alias:
    """The card `card` was called `former` before: events of either belong to `card`."""

    card: str
    former: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The note `note` (`deck/note`) was first seen with the content hash `content` at `mod`, seconds since 1970 UTC.

    `mod` is strictly increasing for a note, also where a former content comes back: Anki updates a note only where
    its `mod` is newer.
    """

    note: str
    content: str
    mod: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Something without a card was marked: `subject` names what, `value` is JSON text of its present standing.

    The last one of a subject holds. It shapes no memory (see `roadmap.following` for the subjects there are); a journal
    keeps marks of subjects that it does not know.
    """

    subject: str
    value: str


CardBody = Review | Suspend | Unsuspend | Bury | Flag | Reset | SetDue | ChangedMeaning
"""What can happen to a card, and shapes its state."""

RemarkBody = OwnNote | Report | Resolve | Tag | Untag
"""What a learner can say of a card; its state stays as it is (see `remarks`)."""

Body = CardBody | RemarkBody | Undo | Setting | Alias | Seen | Mark
"""What can happen."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal.

    `at_ms` is the wall clock in milliseconds since 1970-01-01 UTC, `day` the study day then, `hlc` the hybrid logical
    clock that orders events (see `next_hlc`), `batch` a number shared by the events of one action (0 for an action of
    one event).
    """

    id: EventId
    hlc: int
    at_ms: int
    day: int
    body: Body
    batch: int = 0

    @property
    def order(self) -> tuple[int, str]:
        """The key by which every machine orders events alike."""
        return (self.hlc, self.id.device)

    @property
    def card(self) -> str | None:
        """The card it happened to, if it happened to one."""
        return card_of(self.body)


def card_of(body: Body) -> str | None:
    """The card that a body concerns, None for an undo, a setting or a mark."""
    match body:
        case Review() | Suspend() | Unsuspend() | Bury() | Flag() | Reset() | SetDue() | ChangedMeaning() | Alias():
            return body.card
        case OwnNote() | Report() | Resolve() | Tag() | Untag():
            return body.card
        case Undo() | Setting() | Seen() | Mark():
            return None
        case _:
            assert_never(body)


def chained(chain: int, device: str, seq: int) -> int:
    """The hash chain of a card's surviving reviews and changes of meaning with one more, number `seq` of `device`.

    It is 1 to 2**32 - 1, the same on every machine; 0 is that of no review, with which a reset begins anew. It
    stands for all of them and their order, since a merge may change an early one and leave both their number and
    the last one as they were. Two different histories of equal length are taken for one about once in 2**32 times: then
    a stored due day is kept that would have been computed again, and nothing else.
    """
    return crc32(f"{device}:{seq}\n".encode(), chain) or 1


def next_hlc(last: int, at_ms: int) -> int:
    """The hybrid logical clock of a new event: the wall clock in its upper bits, and never behind any event seen.

    The lower 16 bits count events of one millisecond, and carry on where the wall clock went back (Kulkarni et al.
    2014, "Logical Physical Clocks").
    """
    return max(last + 1, at_ms << 16)


def merge(ours: Iterable[Event], theirs: Iterable[Event]) -> tuple[Event, ...]:
    """The union of two journals, in order. Commutative, associative and idempotent.

    Raises:
        JournalConflict: the same `(device, seq)` stands for different events.
    """
    union: dict[EventId, Event] = {}
    for journal in (ours, theirs):
        for event in journal:
            known = union.setdefault(event.id, event)
            if known != event:
                raise JournalConflict(
                    f"two different events are both number {event.id.seq} of device {event.id.device}",
                    remedy="One of the two journals was copied and used on; keep both files and restore from a backup.",
                )
    return tuple(sorted(union.values(), key=lambda event: event.order))


def undone(events: Collection[Event]) -> frozenset[EventId]:
    """The ids that do not count, of events in any order: targets of an undo that itself counts.

    An undo always follows what it undoes in the journal's order, so one pass from the newest undo to the oldest settles
    undos of undos. An undo that comes before its target (a forged one) has no effect.
    """
    undos = [(event, event.body.target) for event in events if isinstance(event.body, Undo)]
    if not undos:
        return frozenset()
    targets = {target for _, target in undos}
    orders = {event.id: event.order for event in events if event.id in targets}
    gone: set[EventId] = set()
    for event, target in sorted(undos, key=lambda pair: pair[0].order, reverse=True):
        if event.id not in gone and target in orders and orders[target] < event.order:
            gone.add(target)
    return frozenset(gone)
