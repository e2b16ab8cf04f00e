"""The cards that were met: what progress looks at of each, in one pass over the states."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlpcards.core.roadmap.progress import Met


def met(connection: sqlite3.Connection, since: int | None) -> list[Met]:
    """Every card that was answered or is suspended, in no order, with as few columns as do. With `since` only those
    answered on that study day or later, which are found by an index.
    """
    which = "s.phase <> 0 OR s.suspended" if since is None else "s.phase <> 0 AND s.last_day >= :since"
    sql = f"""
        SELECT c.name, s.stability, s.due, s.last_day, s.first_day, s.suspended FROM card_state s
        JOIN card c ON c.id = s.card WHERE {which}
    """
    return connection.execute(sql, {"since": since}).fetchall()
