"""Anki's review log as events of the journal.

What a row says follows from the rows of its card alone, never from when or how often the file is read: so every reading
of every copy of a collection gives the same events, and reading one twice adds nothing. Rows and their kinds: Anki's
`proto/anki/stats.proto` and `rslib/src/revlog/mod.rs`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from nlpcards.anki.history.happened import Happened
from nlpcards.anki.history.log_rows import Kind, instants_of, is_row_of
from nlpcards.anki.reading.values import StoredReview
from nlpcards.core.journal import ChangedMeaning, Event, Reset, Review, SetDue, chained

LONGEST_ANSWER_MS = 60_000
"""An answer that took longer counts as a minute, as everywhere in nlpcards and by default in Anki."""

_FURTHEST = 36_500


@dataclass(frozen=True, slots=True)
class Translated:
    """`events` are what a log says happened in Anki; `ours` is how many of its rows went there from here, `passed_over`
    how many change nothing (cramming, and rows of no kind that is known). `rescheduled` are the cards whose last row
    moved a due day without an answer: where to, only the card itself says.
    """

    events: Happened
    ours: int
    passed_over: int
    rescheduled: frozenset[str]


def device_of(created_s: int) -> str:
    """The device that the events of a collection belong to.

    A collection is known by when it was made, which its copies on all devices, its backups and its packages share.
    Anki keeps only the day of that, so two collections that were made on one day are taken for one.
    """
    return f"anki:{created_s}"


def translated(
    rows: Iterable[StoredReview],
    card_of: Callable[[int], str | None],
    *,
    device: str,
    day_of: Callable[[int], int],
    exported: Callable[[str], Iterable[Event]],
) -> Translated:
    """The events that a log tells of.

    `rows` come by time. `card_of` gives our card's id for Anki's, None for a card that is not ours. `day_of` gives
    the study day of an instant in ms since 1970 UTC; `exported` all reviews, resets, changed meanings and set due days
    of a card that the journal has, also those that were undone.
    """
    cards: dict[str, _Card] = {}
    events = Happened(device)
    ours = passed_over = 0
    for row in rows:
        name = card_of(row.card)
        if name is None:
            continue
        card = cards.get(name)
        if card is None:
            card = cards[name] = _Card(name, device, day_of, exported(name))
        if card.is_ours(row):
            ours += 1
        elif (body := card.body(row)) is not None:
            card.stand_on(events.add(row.id, day_of(row.id), body))
        else:
            passed_over += 1
    rescheduled = frozenset(name for name, card in cards.items() if card.rescheduled)
    return Translated(events, ours, passed_over, rescheduled)


class _Card:
    """What stood before the next row of a card's log."""

    __slots__ = ("_chain", "_day_of", "_device", "_known", "_last_day", "_name", "_repetition", "rescheduled")

    def __init__(self, name: str, device: str, day_of: Callable[[int], int], known: Iterable[Event]) -> None:
        self.rescheduled = False
        self._name, self._device, self._day_of = name, device, day_of
        self._repetition = self._chain = 0
        self._last_day: int | None = None
        # What came here from this very collection has its row's number, and is found by it. What came from another one
        # is no different from what was done here: Anki can have it from us alone.
        self._known = sorted((event for event in known if event.id.device != device), key=_instant)

    def is_ours(self, row: StoredReview) -> bool:
        """Whether the row went to Anki from here; then what comes after stands on it."""
        # Of several the earliest: then each of the rows that went out together finds an event, however they gave way.
        first, last = instants_of(row)
        for at in range(bisect_left(self._known, first, key=_instant), len(self._known)):
            event = self._known[at]
            if event.at_ms > last:
                break
            if is_row_of(event, row):
                del self._known[at]
                self.stand_on(event)
                return True
        return False

    def body(self, row: StoredReview) -> Review | SetDue | Reset | None:
        """What a row says that Anki wrote itself; None where it changes nothing."""
        if row.id <= 0 or (row.kind == Kind.FILTERED and row.factor == 0):
            return None
        day = self._day_of(row.id)
        if 1 <= row.button <= 4 and row.kind < Kind.MANUAL:
            due = day + min(row.interval, _FURTHEST) if row.interval > 0 else None
            took = min(max(0, row.took_ms), LONGEST_ANSWER_MS)
            return Review(self._name, row.button, took, due, self._repetition, after=self._chain)
        if row.button == 0 and row.kind == Kind.MANUAL and row.factor == 0:
            return Reset(self._name)
        if row.button == 0 and row.kind in (Kind.MANUAL, Kind.RESCHEDULED) and row.interval > 0:
            since = self._last_day if row.kind == Kind.RESCHEDULED and self._last_day is not None else day
            return SetDue(self._name, since + min(row.interval, _FURTHEST))
        return None

    def stand_on(self, event: Event) -> None:
        """What comes after stands on an event too."""
        body = event.body
        self.rescheduled = False
        match body:
            case Review():
                self._repetition += 1
                self._chain = chained(self._chain, *event.id)
                self._last_day = event.day
            case ChangedMeaning():
                self._chain = chained(self._chain, *event.id)
            case Reset():
                self._repetition = self._chain = 0
                self._last_day = None
            case SetDue():
                self.rescheduled = event.id.device == self._device
            case _:
                pass


def is_told(events: Iterable[Event], rows: Iterable[StoredReview], device: str) -> bool:
    """Whether a card's log in a collection, whose device is `device`, has a row for each of its surviving events and
    none besides: then neither side lacks anything. `rows` come by time. Where that cannot be seen at a glance, False.
    """
    ours: list[Event] = []
    theirs: set[int] = set()
    for event in only_scheduling(events):
        if isinstance(event.body, ChangedMeaning):
            return False  # it may have no row (see `log_row`)
        if event.id.device == device:
            theirs.add(event.id.seq)
        else:
            ours.append(event)
    ours.sort(key=_instant)
    at = 0
    for row in rows:
        if row.id in theirs:
            continue
        first, last = instants_of(row)
        if at == len(ours) or not first <= ours[at].at_ms <= last or not is_row_of(ours[at], row):
            return False
        at += 1
    return at == len(ours)


def _instant(event: Event) -> int:
    return event.at_ms


def only_scheduling(events: Iterable[Event]) -> Iterator[Event]:
    """Those of a card's events that a package can carry as rows of its log."""
    return (event for event in events if isinstance(event.body, Review | Reset | SetDue | ChangedMeaning))
