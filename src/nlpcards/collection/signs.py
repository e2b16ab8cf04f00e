"""Suspensions, flags and burials of an Anki collection beside those of the journal: what counts, and what comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from nlpcards.anki.history.signs import (
    MARKS,
    Left,
    Signs,
    every_left,
    left_mark,
    marks_of,
    order_at,
    set_there_at,
    sign_event,
)
from nlpcards.anki.history.signs import signs_of as signs_there
from nlpcards.anki.reading.values import Queue, StoredSchedule
from nlpcards.collection.collection import Collection
from nlpcards.core.journal import Body, Bury, Event, Flag, Reset, Review, SetDue, Suspend, Unsuspend
from nlpcards.core.state import CardState


@dataclass(frozen=True, slots=True)
class Taken:
    """What comes from a collection: events of its device, and how many cards they suspend or let go, flag or take the
    flag from, and bury.
    """

    events: tuple[Event, ...]
    suspended: int
    flagged: int
    buried: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What counts of a card on both sides; `suspended_s` and `flagged_s` are when Anki's user set what is not here, in
    seconds since 1970 UTC, None where nothing comes from there.
    """

    signs: Signs
    suspended_s: int | None = None
    flagged_s: int | None = None


class AnkiSigns:
    """The signs of one collection, whose events are of `device`, against those here."""

    def __init__(
        self, collection: Collection, device: str, names: Mapping[str, str], day_of: Callable[[int], int], seen_s: int
    ) -> None:
        """`names` gives the present id of a card for each former one, `day_of` the collection's study day of an
        instant in ms since 1970 UTC; `seen_s` is when it was so, in seconds since 1970 UTC.
        """
        self._seen_s = seen_s
        self._collection, self._device, self._day_of = collection, device, day_of
        self._today = collection.now().day
        self._left = every_left(collection.journal.marks_under(marks_of(device)), device, names)

    def settled(self, name: str, here: Signs, events: Iterable[Event], stored: StoredSchedule) -> Settled:
        """What counts of a card, and since when each sign that Anki alone has (see `set_there_at`). `events` are its
        surviving ones here.
        """
        found = signs_there(stored)
        if found == here:
            return Settled(here)
        put_away = flag = -1
        for event in events:
            if isinstance(event.body, Suspend | Unsuspend):
                put_away = max(put_away, event.hlc)
            elif isinstance(event.body, Flag):
                flag = max(flag, event.hlc)
        left, changed_s, seen_s = self._left.get(name, Left()), self._changed_s(stored), self._seen_s
        suspended_s = flagged_s = None
        if found.suspended != here.suspended:
            before = left.signs.suspended
            suspended_s = set_there_at(found.suspended, before, left.at_s, changed_s, seen_s, put_away)
        if found.flag != here.flag:
            flagged_s = set_there_at(found.flag, left.signs.flag, left.at_s, changed_s, seen_s, flag)
        counts = Signs(
            here.suspended if suspended_s is None else found.suspended, here.flag if flagged_s is None else found.flag
        )
        return Settled(counts, suspended_s, flagged_s)

    def buried_until(self, here: CardState, events: Iterable[Event], there: StoredSchedule) -> int:
        """The study day until which a card rests: Anki buries until its next day, unless something later here wakes the
        card.
        """
        if there.queue != Queue.USER_BURIED.value:
            return here.buried_until
        until = self._day_of(self._changed_s(there) * 1000) + 1
        if until <= max(self._today, here.buried_until):
            return here.buried_until
        since = (event.hlc for event in events if isinstance(event.body, Bury | Review | SetDue | Reset))
        return until if order_at(self._changed_s(there)) > max(since, default=-1) else here.buried_until

    def taken(self, cards: Mapping[int, str], schedules: Iterable[StoredSchedule], *, tells_flags: bool) -> Taken:
        """What was set in Anki later than here; `cards` are our cards by Anki's ids. Where it does not tell of flags,
        nothing follows from them.
        """
        journal = self._collection.journal
        states = journal.states(cards.values())
        events: list[Event] = []
        suspended = flagged = buried = 0
        for there in schedules:
            name = cards.get(there.card)
            if name is None:
                continue
            state = states.get(name, _UNTOUCHED)
            here = Signs(state.suspended, state.flag)
            if not tells_flags:
                there = replace(there, flag=here.flag)
            if signs_there(there) == here and there.queue != Queue.USER_BURIED.value:
                self._see(events, name, there, here, tells_flags=tells_flags)
                continue
            own = journal.events_of(name, surviving=True)
            counts = self.settled(name, here, own, there)
            bodies: list[tuple[int, Body]] = []
            if counts.suspended_s is not None:
                suspended += 1
                bodies.append((counts.suspended_s, Suspend(name) if counts.signs.suspended else Unsuspend(name)))
            if counts.flagged_s is not None:
                flagged += 1
                bodies.append((counts.flagged_s, Flag(name, counts.signs.flag)))
            if (until := self.buried_until(state, own, there)) != state.buried_until:
                buried += 1
                bodies.append((self._changed_s(there), Bury(name, until)))
            events += [sign_event(self._device, there.card, at_s, body, self._day_of) for at_s, body in bodies]
            self._see(events, name, there, counts.signs, tells_flags=tells_flags)
        return Taken(tuple(events), suspended, flagged, buried)

    def agreed(
        self, cards: Mapping[int, str], ours: Mapping[str, Signs], schedules: Iterable[StoredSchedule]
    ) -> list[Event]:
        """What is to be kept of the cards (by Anki's ids) that have the same signs there as `ours`."""
        events: list[Event] = []
        for there in schedules:
            name = cards.get(there.card)
            if name is not None and name in ours:
                self._see(events, name, there, ours[name])
        return events

    def seen(self, name: str, there: StoredSchedule, agreed: Signs, at_s: int) -> list[Event]:
        """What is to be kept once both sides agree: nothing where that is known, or nothing was ever set.

        `at_s` is when that was so, in seconds since 1970 UTC.
        """
        left = self._left.get(name, Left())
        if agreed == left.signs:
            return []
        # What was said here in that very second was said before.
        now = Left(agreed, max(at_s, left.at_s) + 1)
        self._left[name] = now
        return [sign_event(self._device, there.card, now.at_s, left_mark(self._device, name, now), self._day_of)]

    def _changed_s(self, there: StoredSchedule) -> int:
        """When a card changed there: not after it was seen so, whatever its clock said."""
        return min(there.changed_s, self._seen_s)

    def _see(
        self, events: list[Event], name: str, there: StoredSchedule, agreed: Signs, *, tells_flags: bool = True
    ) -> None:
        if agreed == signs_there(there):
            if not tells_flags:
                agreed = replace(agreed, flag=self._left.get(name, Left()).signs.flag)
            events += self.seen(name, there, agreed, self._seen_s)


def now_there_s(collection: Collection) -> int:
    """The time of what a running Anki has, in seconds since 1970 UTC: never before what it was left with, so that a
    clock that was put back hides nothing of it.
    """
    left = collection.journal.marks_under(MARKS).values()
    return max(collection.now().ms, max((event.at_ms for event in left), default=0)) // 1000


def with_flags(schedules: Iterable[StoredSchedule], flags: Mapping[int, int] | None) -> Iterator[StoredSchedule]:
    """How cards stand, with the flags of a running Anki by their ids; None for those of the file."""
    for stored in schedules:
        flag = stored.flag if flags is None else flags.get(stored.card, 0)
        yield stored if flag == stored.flag else replace(stored, flag=flag)


_UNTOUCHED = CardState()
