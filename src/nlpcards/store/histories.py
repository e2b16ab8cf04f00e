"""Whole histories of many cards at once: what counts of each, without a question for every card."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter

from nlpcards.core.journal import Event
from nlpcards.store import rows
from nlpcards.store.names import chunks

_EVENTS = """
    e.device, e.seq, e.hlc, e.at_ms, e.day, e.kind, '', e.rating, e.duration_ms, e.due, e.repetition, e.after,
    e.content, e.batch, NULL, e.flag, NULL, NULL, NULL
"""


def histories(
    connection: sqlite3.Connection, devices: Mapping[int, str], cards: Iterable[str]
) -> Iterator[tuple[str, list[Event]]]:
    """For each of the cards (by present ids, in any order) to which something happened that counts: its id, and the
    events that a fold takes, in the journal's order; by id. Events name no card, and replies are left out.
    """
    for names, places in chunks(sorted(cards)):
        sql = f"""
            WITH own (key, name) AS (
                SELECT id, name FROM card WHERE name IN ({places}) AND id NOT IN (SELECT former FROM renamed)
            ),
            every (key, name) AS (
                SELECT key, name FROM own
                UNION ALL SELECT r.former, o.name FROM own o JOIN renamed r ON r.present = o.key
            )
            SELECT {_EVENTS}, y.name FROM every y CROSS JOIN event e ON e.card = y.key
            WHERE e.kind < 9 AND {rows.SURVIVES}
        """
        found: dict[str, list[Event]] = {}
        for row in connection.execute(sql, names):
            found.setdefault(row[-1], []).append(rows.event_of(row[:-1], devices))
        for name in sorted(found):
            yield name, sorted(found[name], key=attrgetter("order"))
