"""The file's schema: numbered migrations, each run in one transaction after a backup; newer files are left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from nlpcards.core.errors import StoreError
from nlpcards.store.connection import APPLICATION, transaction

VERSION = 3
"""The schema version that this program reads and writes (`PRAGMA user_version`), the number of the last migration."""


def migrations() -> Sequence[str]:
    """The migrations' SQL: the first makes an empty file version 1, the next makes that version 2, and so on."""
    folder = Path(__file__).parent / "migrations"
    return [(folder / f"{number:04}.sql").read_text("utf-8") for number in range(1, VERSION + 1)]


def version_of(connection: sqlite3.Connection, path: Path, newest: int = VERSION) -> int:
    """The schema version of a file, 0 for an empty one.

    Raises:
        StoreError: it is not ours, or newer than this program.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION:
        empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
        if not (application == 0 and version == 0 and empty):
            raise StoreError(
                "this is another program's database, not a journal",
                place=str(path),
                remedy="Move it away, or name another data folder; it was not touched.",
            )
    if version > newest:
        raise StoreError(
            f"the journal was written by a newer nlpcards (its format is {version}, this one knows {newest})",
            place=str(path),
            remedy="Update nlpcards; the file was not touched.",
        )
    return version


def migrate(
    connection: sqlite3.Connection, path: Path, keep: Callable[[int], object], steps: Sequence[str] | None = None
) -> None:
    """Bring a file to the newest version, all steps in one transaction.

    `keep` is called with the old version before a file that has one is changed: it makes the backup. `steps` are the
    migrations (see `migrations`).
    """
    newest = VERSION if steps is None else len(steps)
    found = version_of(connection, path, newest)
    if found == newest:
        return
    if found:
        keep(found)
    steps = migrations() if steps is None else steps
    with transaction(connection):
        # Another process may have done it while this one waited.
        for step in steps[version_of(connection, path, newest) :]:
            for statement in statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION}")
        connection.execute(f"PRAGMA user_version={newest}")
        with closing(connection.execute("PRAGMA foreign_key_check")) as broken:
            if broken.fetchone() is not None:
                raise sqlite3.IntegrityError("a migration broke a reference")


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: `executescript` would commit the transaction that they are to share."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if any(line.strip() and not line.strip().startswith("--") for line in statement.splitlines()):
        raise ValueError(f"a migration ends within a statement: {statement.strip()[:60]}")
