"""Integer keys of devices and cards, so that a million events do not repeat their texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

_CHUNK = 500
"""How many names one query asks for: below the limit on variables of every SQLite."""


class Names:
    """Devices and cards of one file by their keys. Devices are few and remembered, cards are asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._devices: dict[int, str] = {}
        self._keys: dict[str, int] = {}

    def forget(self) -> None:
        """Drop what is remembered: after a transaction that failed, or another process's."""
        self._devices = {}
        self._keys = {}

    @property
    def devices(self) -> Mapping[int, str]:
        """The names of all devices by their keys."""
        if not self._devices:
            self._devices = dict(self._connection.execute("SELECT id, name FROM device").fetchall())
            self._keys = {name: key for key, name in self._devices.items()}
        return self._devices

    def device(self, name: str) -> int:
        """The key of a device, made where it has none. Call it within a transaction."""
        if name not in self._keys and name not in self.devices.values():
            key = self._connection.execute("INSERT INTO device (name) VALUES (?) RETURNING id", (name,)).fetchone()[0]
            self._devices[key] = name
            self._keys[name] = key
        return self._keys[name]

    def card(self, name: str) -> int:
        """The key of a card, made where it has none. Call it within a transaction."""
        found = self._connection.execute("SELECT id FROM card WHERE name = ?", (name,)).fetchone()
        if found is None:
            found = self._connection.execute("INSERT INTO card (name) VALUES (?) RETURNING id", (name,)).fetchone()
        key: int = found[0]
        return key

    def card_name(self, key: int) -> str:
        """The name of a card by its key."""
        name: str = self._connection.execute("SELECT name FROM card WHERE id = ?", (key,)).fetchone()[0]
        return name


def chunks(names: Iterable[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Names in portions that fit one query, each with its placeholders."""
    rest = iter(names)
    while portion := tuple(islice(rest, _CHUNK)):
        yield portion, ", ".join("?" * len(portion))
