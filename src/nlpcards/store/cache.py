"""The caches: which events count, what cards are called now, and each card's state, kept in step with the journal.

All of it is folded by `core`; this module finds which events a change touches, so that only those cards are folded
again. Every method that writes is called within the transaction that writes the events, after `timeline` was read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Literal

from nlpcards.core.dataclass import dataclass
from nlpcards.core.fold import Timeline, aliases, apply, fold_card, fold_reviews
from nlpcards.core.journal import Alias, Event, EventId, Mark, RemarkBody, Seen, Setting, Undo, undone
from nlpcards.core.state import CardState
from nlpcards.store import rows
from nlpcards.store.names import Names


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a cache said something else than the journal does.

    `what` is a card's state, whether an event counts, or a card's present name; `name` says of which card or event. For
    a state, `cached` is what stood there and `folded` what the journal gives, None for nothing.
    """

    what: Literal["state", "undone", "renamed"]
    name: str
    cached: CardState | None = None
    folded: CardState | None = None


_ORDER: Callable[[Event], tuple[int, str]] = attrgetter("order")


class Cache:
    """The caches of one file."""

    def __init__(self, connection: sqlite3.Connection, names: Names) -> None:
        self._connection = connection
        self._names = names
        self._timeline: Timeline | None = None
        self._settings: list[Event] = []

    def forget(self) -> None:
        """Drop what is remembered: after a transaction that failed, or another process's."""
        self._timeline = None

    @property
    def timeline(self) -> Timeline:
        """The settings over the journal, read when first asked for."""
        if self._timeline is None:
            self._settings = self._shaping(rows.SETTING)
            self._timeline = Timeline(self._settings, ())
        return self._timeline

    def state(self, card: int) -> CardState | None:
        """The state of a card by its key, None where no event of it counts."""
        found = self._connection.execute(f"SELECT {rows.STATE} FROM card_state s WHERE card = ?", (card,)).fetchone()
        return None if found is None else rows.state_of(found)

    def present(self, card: int) -> int:
        """The present card of a card's key, itself where it was never renamed."""
        found = self._connection.execute("SELECT present FROM renamed WHERE former = ?", (card,)).fetchone()
        return card if found is None else int(found[0])

    # ---- after events were written

    def follow(self, events: Iterable[tuple[Event, int | None]]) -> None:
        """Take in events that come after all others, each with the key of its card: one step a card."""
        written = list(events)
        if any(isinstance(event.body, Undo | Setting | Alias | Seen) for event, _ in written):
            self.absorb(written, newest=True)
            return
        model = self.timeline.model
        for event, key in written:
            if isinstance(event.body, RemarkBody | Mark):
                continue
            assert key is not None
            card = self.present(key)
            before = self.state(card)
            after = apply(before or CardState(), event, model, self._names.card_name(card))
            self._connection.execute(rows.WRITE_STATE, rows.state_row(card, after))

    def absorb(
        self, written: Iterable[tuple[Event, int | None]], *, newest: bool = False, woken: Collection[EventId] = ()
    ) -> None:
        """Take in events from anywhere in the journal's order: the cards that they touch are folded again.

        `newest` says that they come after all others; `woken` are older undos whose targets may only now have come.
        """
        touched: set[int] = set()
        undos = list(woken)
        renamed = reset = False
        for event, card in written:
            if isinstance(event.body, Undo):
                undos.append(event.id)
            elif isinstance(event.body, Setting):
                reset = True
            elif isinstance(event.body, Alias):
                renamed = True
            elif card is not None and not isinstance(event.body, RemarkBody):
                touched.add(card)
        changed = self._settle(undos)
        unset = any(isinstance(event.body, Setting) for event in changed)
        renamed |= any(isinstance(event.body, Alias) for event in changed)
        touched |= {self._names.card(event.card) for event in changed if event.card is not None}
        if renamed:
            touched |= self._rename()
        if (reset or unset) and self._settings_move_states(appended=newest and not unset):
            for _ in self._fold_all():
                pass
            return
        for card in {self.present(card) for card in touched} | touched:
            self._fold_again(card)

    def rebuild(self) -> list[Difference]:
        """Compute every cache from the journal, and say where they differed; stabilities and difficulties to 1e-9."""
        undos = [event.id for event in self._shaping(rows.UNDO, all_of_them=True)]
        changed = [Difference("undone", f"{event.id.device}/{event.id.seq}") for event in self._settle(undos)]
        changed += [Difference("undone", name) for name in self._drop_groundless()]
        changed += [Difference("renamed", self._names.card_name(card)) for card in sorted(self._rename())]
        self._timeline = None
        return changed + list(self._fold_all())

    # ---- which events count

    def _settle(self, undos: Iterable[EventId]) -> list[Event]:
        """Find anew what counts among the events tied to these undos; gives those for which it changed."""
        changed: list[Event] = []
        settled: set[EventId] = set()
        for undo in undos:
            if undo in settled:
                continue
            tied = self._tied_to(undo)
            settled.update(event.id for event in tied)
            gone = undone(tied)
            for event in tied:
                key = (self._names.device(event.id.device), event.id.seq)
                if event.id in gone:
                    sql = "INSERT INTO undone (device, seq) VALUES (?, ?) ON CONFLICT DO NOTHING"
                else:
                    sql = "DELETE FROM undone WHERE device = ? AND seq = ?"
                if self._connection.execute(sql, key).rowcount:
                    changed.append(event)
        return changed

    def _tied_to(self, undo: EventId) -> list[Event]:
        """The events that undos tie to this one: its target, that one's, and all undos of any of them."""
        return self._read(
            f"""
            WITH RECURSIVE tied (device, seq) AS (
                VALUES (?, ?)
                UNION
                SELECT e.target_device, e.target_seq FROM tied t JOIN event e ON e.device = t.device AND e.seq = t.seq
                WHERE e.target_seq IS NOT NULL
                UNION
                SELECT e.device, e.seq FROM tied t
                JOIN event e ON e.target_device = t.device AND e.target_seq = t.seq
            )
            SELECT {rows.EVENT} FROM tied t CROSS JOIN event e ON e.device = t.device AND e.seq = t.seq
            LEFT JOIN card c ON c.id = e.card
            """,
            self._names.device(undo.device),
            undo.seq,
        )

    def _drop_groundless(self) -> list[str]:
        """Remove from `undone` what no undo names; only a damaged cache has such."""
        groundless = self._connection.execute(
            """
            SELECT u.device, u.seq FROM undone u WHERE NOT EXISTS
                (SELECT 1 FROM event e WHERE e.target_device = u.device AND e.target_seq = u.seq)
            """
        ).fetchall()
        self._connection.executemany("DELETE FROM undone WHERE device = ? AND seq = ?", groundless)
        return [f"{self._names.devices.get(device, device)}/{seq}" for device, seq in groundless]

    # ---- what cards are called

    def _rename(self) -> set[int]:
        """Follow the aliases anew; gives the cards, former and present, for which something changed."""
        before: dict[int, int] = dict(self._connection.execute("SELECT former, present FROM renamed").fetchall())
        names = aliases(self._shaping(rows.ALIAS))
        after = {
            self._names.card(former): self._names.card(present)
            for former, present in names.items()
            if former != present
        }
        touched: set[int] = set()
        for former in before.keys() | after.keys():
            old, new = before.get(former), after.get(former)
            if old == new:
                continue
            touched |= {card for card in (former, old, new) if card is not None}
            if new is None:
                self._connection.execute("DELETE FROM renamed WHERE former = ?", (former,))
            else:
                self._connection.execute("REPLACE INTO renamed (former, present) VALUES (?, ?)", (former, new))
        return touched

    # ---- states

    def _settings_move_states(self, *, appended: bool) -> bool:
        """Read the settings anew and say whether states that stood before may change by them.

        Of settings that come after all else only FSRS's parameters reach back: steps and retention hold from then on.
        """
        before, old = self.timeline, self._settings
        self.forget()
        after = self.timeline
        if appended:
            return before.now.parameters != after.now.parameters
        return old != self._settings

    def _fold_again(self, card: int) -> None:
        """Fold one card from its events that count, its former names' among them, and write its state."""
        self._write(card, None if self.present(card) != card else self._folded(card))

    def _write(self, card: int, state: CardState | None) -> None:
        if state is None:
            self._connection.execute("DELETE FROM card_state WHERE card = ?", (card,))
        else:
            self._connection.execute(rows.WRITE_STATE, rows.state_row(card, state))

    def _folded(self, card: int) -> CardState | None:
        events = self._read(
            f"""
            SELECT {rows.FOLDED} FROM event e
            WHERE e.card IN (SELECT ?1 UNION ALL SELECT former FROM renamed WHERE present = ?1) AND e.kind < 9
            AND {rows.SURVIVES}
            """,
            card,
        )
        if not events:
            return None
        events.sort(key=_ORDER)
        return fold_card(events, self.timeline, self._names.card_name(card))

    def _fold_all(self) -> Iterator[Difference]:
        """Fold every card and write the states that differ; gives the differences. Run it to its end."""
        renamed = self._connection.execute("SELECT former, present FROM renamed").fetchall()
        families = {card for pair in renamed for card in pair}
        present = {card for _, card in renamed}
        folded: set[int] = set()
        for card, state in self._streamed(families):
            folded.add(card)
            yield from self._compare(card, state)
        for card in sorted(present):
            state_now = self._folded(card)
            if state_now is not None:
                folded.add(card)
                yield from self._compare(card, state_now)
        for (card,) in self._connection.execute("SELECT card FROM card_state").fetchall():
            if card not in folded:
                yield Difference("state", self._names.card_name(card), self.state(card), None)
                self._write(card, None)

    def _streamed(self, families: Collection[int]) -> Iterator[tuple[int, CardState]]:
        """Every card outside `families` with its folded state, read in one pass over the index `event_fold`.

        What is undone is looked up here and not in SQL, which would ask anew for each of a million rows.
        """
        devices, timeline = self._names.devices, self.timeline
        only_model = timeline.only_model
        gone = set(self._connection.execute("SELECT device, seq FROM undone").fetchall())
        cursor = self._connection.execute(
            f"SELECT {rows.FOLDED}, e.card FROM event e WHERE e.kind < 9 ORDER BY e.card, e.hlc"
        )
        for card, own in groupby(cursor, key=itemgetter(-1)):
            if card in families:
                continue
            counting = [row for row in own if not gone or row[:2] not in gone]
            if only_model is not None and _only_reviews_at_distinct_instants(counting):
                if counting:
                    reviews = [rows.review_of(row, devices) for row in counting]
                    yield card, fold_reviews(reviews, only_model, self._names.card_name(card))
                continue
            events = [rows.event_of(row, devices) for row in counting]
            if events:
                # Two devices may write at one instant: then their names decide, which the index does not know.
                events.sort(key=_ORDER)
                yield card, fold_card(events, timeline, self._names.card_name(card))

    def _compare(self, card: int, state: CardState) -> Iterator[Difference]:
        cached = self.state(card)
        if cached == state:
            return
        self._write(card, state)
        if cached is None or not same(cached, state):
            yield Difference("state", self._names.card_name(card), cached, state)

    # ---- reading

    def _shaping(self, kind: int, *, all_of_them: bool = False) -> list[Event]:
        """The undos, settings or aliases that count (or all of them), in the order of the clock."""
        counts = "1" if all_of_them else rows.SURVIVES
        return self._read(
            f"""
            SELECT {rows.EVENT} FROM event e LEFT JOIN card c ON c.id = e.card
            WHERE e.kind >= 9 AND e.kind = ? AND {counts} ORDER BY e.hlc
            """,
            kind,
        )

    def _read(self, sql: str, *values: object) -> list[Event]:
        devices = self._names.devices
        return [rows.event_of(row, devices) for row in self._connection.execute(sql, values).fetchall()]


def _only_reviews_at_distinct_instants(counting: Sequence[rows.Row]) -> bool:
    """Whether rows in the order of the clock are nothing but reviews, whose order no device's name has to settle."""
    before = None
    for row in counting:
        if row[5] != rows.REVIEW or row[2] == before:
            return False
        before = row[2]
    return True


def same(one: CardState, other: CardState, within: float = 1e-9) -> bool:
    """Whether two states agree, stabilities and difficulties to `within` of each other, relative to their size."""
    if one == other:
        return True
    mine, yours = one.memory, other.memory
    if mine is None or yours is None:
        return False
    return (
        _close(mine.stability, yours.stability, within)
        and _close(mine.difficulty, yours.difficulty, within)
        and rows.state_row(0, one)[5:] == rows.state_row(0, other)[5:]
        and rows.state_row(0, one)[1:3] == rows.state_row(0, other)[1:3]
    )


def _close(one: float, other: float, within: float) -> bool:
    return abs(one - other) <= within * max(1.0, abs(one), abs(other))
