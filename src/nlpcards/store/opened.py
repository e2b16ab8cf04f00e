"""A journal's file opened for questions: how they are put, and when what is remembered of it no longer holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nlpcards.core.fold import Timeline
from nlpcards.core.journal import Event
from nlpcards.core.state import CardState
from nlpcards.store import rows
from nlpcards.store.cache import Cache
from nlpcards.store.connection import failures_of
from nlpcards.store.names import Names

EVENTS = f"SELECT {rows.EVENT} FROM event e LEFT JOIN card c ON c.id = e.card"
"""The events `e` of a condition that is to follow, as `rows.event_of` reads them."""


class Opened:
    """A journal's file, and what is remembered of it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._names = Names(connection)
        self._cache = Cache(connection, self._names)
        self._seen_version = -1
        self._turn = 0
        self._marks: dict[str, Event] | None = None

    @property
    def device(self) -> str:
        """The device id under which events are written now; empty for a journal that was never written to."""
        with self._reading():
            found = self._connection.execute("SELECT device FROM installation").fetchone()
            return "" if found is None else self._names.devices[found[0]]

    @property
    def turn(self) -> int:
        """A number that changes whenever more may have happened than answers given through this object: what was
        worked out of all states holds as long as it is the same, but for the cards answered since.
        """
        with self._reading():
            return self._turn

    @property
    def is_unwritten(self) -> bool:
        """Whether a transaction is open, so that what is read may be in no file as yet."""
        return self._connection.in_transaction

    @property
    def timeline(self) -> Timeline:
        """The settings that shape memory, over the whole journal."""
        with self._reading():
            return self._cache.timeline

    def _rows(self, sql: str, values: tuple[object, ...] | dict[str, object] = ()) -> list[rows.Row]:
        with self._reading():
            return self._connection.execute(sql, values).fetchall()

    def _states(self, sql: str, values: tuple[object, ...] | dict[str, object] = ()) -> dict[str, CardState]:
        return {row[0]: rows.state_of(row[1:]) for row in self._rows(sql, values)}

    def _events(self, condition: str, *values: object) -> tuple[Event, ...]:
        found = self._rows(f"{EVENTS} WHERE {condition}", values)
        devices = self._names.devices
        return tuple(sorted((rows.event_of(row, devices) for row in found), key=lambda event: event.order))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with failures_of(self.path):
            self._notice_others()
            yield

    def _notice_others(self) -> None:
        """Forget what is remembered of the file where another process wrote to it since."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._seen_version:
            self._seen_version = version
            self._forget()

    def _forget(self) -> None:
        self._names.forget()
        self._cache.forget()
        self._turn_over()

    def _turn_over(self) -> None:
        self._marks = None
        self._turn += 1
