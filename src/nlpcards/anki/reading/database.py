"""A stranger's SQLite file, read as data: no trigger, view, virtual table or function of it runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from nlpcards.anki.reading.limits import LARGEST_SCHEMA, LARGEST_SETTINGS, LARGEST_TEXT, MOST_ROWS, MOST_SETTINGS
from nlpcards.anki.reading.schema_size import check_schema_size
from nlpcards.core.errors import NlpcardsError, reason_of

_MAGIC = b"SQLite format 3\x00"
_STEPS = 100_000
"""So many instructions of SQLite's machine run between two looks at what is left of the budget."""

_LONGEST = 300
"""Characters of what is said to be wrong."""

Row = tuple[object, ...]


class Database:
    """An open database, and the budget of work that reading it may take.

    Raises (all methods):
        NlpcardsError: the file is damaged or made to harm; `place` names the package it came from.
    """

    def __init__(self, path: Path, *, place: str) -> None:
        """Open a file that nobody writes to; `close` closes it.

        Raises:
            NlpcardsError: it is no SQLite database, or it cannot be read.
        """
        self._place = place
        try:
            with path.open("rb") as file:
                if file.read(len(_MAGIC)) != _MAGIC:
                    raise self.damaged("its collection is no database")
                check_schema_size(file, LARGEST_SCHEMA)
            size = path.stat().st_size
        except OSError as error:
            raise NlpcardsError(f"it cannot be read: {reason_of(error)}", place=place) from error
        except ValueError as error:
            raise self.damaged(f"its collection cannot be read ({error})") from error
        # Real collections take far less than ten instructions a byte.
        self._left = 10 * size + 100_000_000
        self._connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, isolation_level=None, check_same_thread=False
        )
        try:
            self._defend()
            self._tables = self._plain_tables()
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def has(self, table: str) -> bool:
        """Whether there is an ordinary table of this name."""
        return table in self._tables

    def rows(self, table: str, columns: str, order: str = "") -> Iterator[Row]:
        """Some columns of a table, row by row, as they stand: each value may be of any type. An absent table has none.

        All three arguments are ours, never the file's.
        """
        if table not in self._tables:
            raise self.damaged(f"its collection has no table {table!r}")
        query = f"SELECT {columns} FROM {table}" + (f" ORDER BY {order}" if order else "")
        try:
            for at, row in enumerate(self._connection.execute(query)):
                if at >= MOST_ROWS:
                    raise NlpcardsError(
                        f"its table {table} has more than {MOST_ROWS:,} rows",
                        place=self._place,
                        remedy="In Anki, export one deck at a time, and take each.",
                    )
                yield row
        except (sqlite3.Error, ValueError, OverflowError, UnicodeError) as error:
            raise self.damaged(f"its table {table} cannot be read ({error})") from error

    def described(self, table: str, columns: str, order: str = "") -> Iterator[Row]:
        """As `rows`, of a table that describes the collection: few rows, of which all texts may be held in memory."""
        size = 0
        for at, row in enumerate(self.rows(table, columns, order)):
            size += sum(len(value) for value in row if isinstance(value, str | bytes))
            if at >= MOST_SETTINGS or size > LARGEST_SETTINGS:
                raise NlpcardsError(
                    f"its table {table} has more than {MOST_SETTINGS:,} rows or {LARGEST_SETTINGS >> 20} MB",
                    place=self._place,
                    remedy="In Anki, export fewer decks at a time.",
                )
            yield row

    def damaged(self, what: str) -> NlpcardsError:
        """The error that says what is wrong with the file; what it quotes from the file is cut short."""
        what = " ".join(what.split())
        what = f"{what[:_LONGEST]}…" if len(what) > _LONGEST else what
        return NlpcardsError(
            f"the package is damaged: {what}",
            place=self._place,
            remedy="In Anki, run Tools, Check Database; then export it again.",
        )

    def _defend(self) -> None:
        """Turn off all that a database can do by itself, and bound the rest."""
        connection = self._connection
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_TEXT)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0)
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
                connection.execute(f"PRAGMA {pragma}")
            # Indexes of names use it, and a table with such an index cannot be read without.
            connection.create_collation("unicase", _by_case)
        except sqlite3.Error as error:
            raise self.damaged(f"its collection cannot be opened ({error})") from error
        connection.set_progress_handler(self._spend(), _STEPS)
        connection.set_authorizer(_only_reading)

    def _spend(self) -> Callable[[], int]:
        def spent() -> int:
            self._left -= _STEPS
            return self._left < 0

        return spent

    def _plain_tables(self) -> frozenset[str]:
        """The tables that are neither views nor virtual ones."""
        try:
            found = self._connection.execute("SELECT type, name, sql FROM sqlite_master").fetchmany(10_000)
        except (sqlite3.Error, UnicodeError) as error:
            raise self.damaged(f"its collection cannot be read ({error})") from error
        return frozenset(
            str(name)
            for kind, name, sql in found
            if kind == "table" and str(sql).upper().startswith("CREATE TABLE") and "GENERATED" not in str(sql).upper()
        )


def _by_case(one: str, other: str) -> int:
    left, right = one.casefold(), other.casefold()
    return (left > right) - (left < right)


def _only_reading(action: int, *_: object) -> int:
    allowed = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
