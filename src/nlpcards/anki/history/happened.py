"""What a review log says happened, kept as numbers: it may have millions of rows, for which objects take ten times the
room.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from struct import Struct

from nlpcards.core.journal import Event, EventId, Reset, Review, SetDue

_ROW = Struct("<qiiBIIII")
"""Number, study day, due day, what it is, milliseconds, repetition, chain and card; see `Review`."""

_SET_DUE, _RESET = 0, 5
"""What an event is that has no rating."""

_NO_DAY = -(1 << 31)


class Happened:
    """Events of the device of one collection, in the order of their numbers, which are their instants in ms since 1970
    UTC, as rows of a log have them.
    """

    def __init__(self, device: str) -> None:
        self._device = device
        self._rows = bytearray()
        self._cards: dict[str, int] = {}

    @property
    def cards(self) -> frozenset[str]:
        """The cards that something happened to."""
        return frozenset(self._cards)

    def add(self, number: int, day: int, body: Review | SetDue | Reset) -> Event:
        """Add an event, and give it; of a review neither content nor reply is kept, which no log has."""
        card = self._cards.setdefault(body.card, len(self._cards))
        match body:
            case Review():
                due = _NO_DAY if body.due is None else body.due
                row = (due, body.rating, body.duration_ms, body.repetition, body.after)
            case SetDue():
                row = (body.due, _SET_DUE, 0, 0, 0)
            case Reset():
                row = (_NO_DAY, _RESET, 0, 0, 0)
        self._rows += _ROW.pack(number, day, *row, card)
        return self._event(number, day, body)

    def only(self, wanted: Callable[[Event], bool]) -> Happened:
        """Those of them that are wanted."""
        found = Happened(self._device)
        for event in self:
            if wanted(event):
                assert isinstance(event.body, Review | SetDue | Reset)
                found.add(event.id.seq, event.day, event.body)
        return found

    def has(self, number: int) -> bool:
        """Whether one of them has a number."""
        at = bisect_left(range(len(self)), number, key=self._number)
        return at < len(self) and self._number(at) == number

    def _number(self, at: int) -> int:
        found: int = _ROW.unpack_from(self._rows, at * _ROW.size)[0]
        return found

    def __len__(self) -> int:
        return len(self._rows) // _ROW.size

    def __iter__(self) -> Iterator[Event]:
        names = list(self._cards)
        for number, day, due, what, took, repetition, chain, card in _ROW.iter_unpack(self._rows):
            body: Review | SetDue | Reset
            if what == _SET_DUE:
                body = SetDue(names[card], due)
            elif what == _RESET:
                body = Reset(names[card])
            else:
                body = Review(names[card], what, took, None if due == _NO_DAY else due, repetition, after=chain)
            yield self._event(number, day, body)

    def _event(self, number: int, day: int, body: Review | SetDue | Reset) -> Event:
        # Anki's log is in the order of the wall clock, as the upper bits of our own clock are.
        return Event(EventId(self._device, number), number << 16, number, day, body)
