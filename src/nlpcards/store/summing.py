"""A whole journal read once for statistics: what happened in the journal's order, as few columns as are needed.

Rows are read in the order of the primary key, which on each device is that of its clock: no index is searched and
nothing is sorted, which would cost more than all the counting.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter

from nlpcards.core.stats.answers import Happened, Summed, sum_answers
from nlpcards.core.stats.standings import Standing
from nlpcards.store import rows


def summed(
    connection: sqlite3.Connection, devices: Mapping[int, str], group_of: Callable[[str], int], period: range
) -> Summed:
    """The answers that count, undone ones left out, under present ids; see `answers.sum_answers`.

    `devices` are the devices' names by key; `group_of` gives a card's group by its present id, -1 to leave it out.
    """
    names: list[tuple[int, str]] = connection.execute("SELECT id, name FROM card").fetchall()
    groups = [-1] * (1 + max((key for key, _ in names), default=0))
    for key, name in names:
        groups[key] = group_of(name)
    present: dict[int, int] = dict(connection.execute("SELECT former, present FROM renamed").fetchall())
    return sum_answers(_happened(connection, devices), groups, present, period)


def _happened(connection: sqlite3.Connection, devices: Mapping[int, str]) -> Iterable[Happened]:
    # Asked of each row only where something was undone: a look-up a row is a fifth of the whole.
    some_undone = connection.execute("SELECT EXISTS (SELECT 1 FROM undone)").fetchone()[0]
    sql = f"""
        SELECT e.card, e.day, e.rating, e.duration_ms, e.due, e.at_ms {{}} FROM event e
        WHERE e.device = ? AND e.kind IN ({rows.REVIEW}, {rows.RESET}, {rows.SET_DUE})
        {f"AND {rows.SURVIVES}" if some_undone else ""} ORDER BY e.seq
    """
    has_any = "SELECT EXISTS (SELECT 1 FROM event WHERE device = ?)"
    # Devices of one instant are ordered by their names, as everywhere.
    present = [
        key
        for key in sorted(devices, key=lambda key: devices[key])
        if connection.execute(has_any, (key,)).fetchone()[0]
    ]
    if len(present) == 1:
        return connection.execute(sql.format(""), (present[0],))
    by_clock = heapq.merge(*(connection.execute(sql.format(", e.hlc"), (key,)) for key in present), key=itemgetter(6))
    return (row[:6] for row in by_clock)


def standings(connection: sqlite3.Connection) -> list[Standing]:
    """Every card that has a memory state, under its present id, in no order."""
    sql = """
        SELECT c.name, s.stability, s.difficulty, s.due, s.due_ms, s.last_day, s.phase = 3, s.suspended, s.buried_until
        FROM card_state s JOIN card c ON c.id = s.card WHERE s.phase <> 0
    """
    return [Standing(*row) for row in connection.execute(sql)]
