"""The cards that were met: what progress looks at of each, of all of them or of those whose states changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlpcards.core.roadmap.met_cards import Met

Point = tuple[int, int]
"""A point in the changes of states: the number and the token of the last one (see the table `state_change`)."""

_MET = "SELECT c.name, s.stability, s.due, s.last_day, s.first_day, s.suspended, s.card FROM card_state s"
_CHUNK = 500


def met(connection: sqlite3.Connection, since: int | None) -> list[Met]:
    """Every card that was answered or is suspended, in no order, with as few columns as do. With `since` only those
    answered on that study day or later, which are found by an index.
    """
    which = "s.phase <> 0 OR s.suspended" if since is None else "s.phase <> 0 AND s.last_day >= :since"
    return connection.execute(f"{_MET} JOIN card c ON c.id = s.card WHERE {which}", {"since": since}).fetchall()


def met_among(connection: sqlite3.Connection, cards: Iterable[int]) -> list[Met]:
    """Those of the cards of some keys that were answered or are suspended."""
    rest, found = iter(cards), list[tuple[str, float | None, int | None, int | None, int | None, int, int]]()
    while keys := list(islice(rest, _CHUNK)):
        places = ", ".join("?" * len(keys))
        which = f"s.card IN ({places}) AND (s.phase <> 0 OR s.suspended)"
        found += connection.execute(f"{_MET} JOIN card c ON c.id = s.card WHERE {which}", keys)
    return found


def names(connection: sqlite3.Connection, cards: Iterable[int]) -> dict[int, str]:
    """The names of the cards of some keys, those left out that have none."""
    rest, found = iter(cards), dict[int, str]()
    while keys := list(islice(rest, _CHUNK)):
        places = ", ".join("?" * len(keys))
        found.update(connection.execute(f"SELECT id, name FROM card WHERE id IN ({places})", keys))
    return found


def point(connection: sqlite3.Connection) -> Point | None:
    """Where the changes of states are now; None where the file was tampered with."""
    last = connection.execute("SELECT number, token FROM state_change ORDER BY number DESC LIMIT 1")
    found: Point | None = last.fetchone()
    return found


def changed_since(connection: sqlite3.Connection, since: Point) -> set[int] | None:
    """The keys of the cards whose states changed since a point; None where there is no telling: too many have, or it is
    a point of another file.
    """
    is_known = connection.execute("SELECT 1 FROM state_change WHERE number = ? AND token = ?", since).fetchone()
    if is_known is None:
        return None
    return {card for (card,) in connection.execute("SELECT card FROM state_change WHERE number > ?", since[:1])}
