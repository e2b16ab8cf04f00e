"""Connections to SQLite: how they are opened, how a transaction runs, and each of SQLite's failures as a sentence."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from nlpcards.core.errors import StoreError, reason_of
from nlpcards.store.backup import folder_of

APPLICATION = 0x6E6C7063
"""`PRAGMA application_id` of our files: "nlpc"."""

BUSY_MS = 10_000
"""How long (ms) a process waits for another that writes; a write takes about a millisecond."""

CHECKPOINT_PAGES = 4_000
"""Pages of WAL after which an answer pays for a checkpoint: rare, and 16 MB of WAL cost a reader nothing."""

_OLDEST_SQLITE = (3, 37, 0)
"""The first SQLite with STRICT tables."""


class DamagedFile(StoreError):
    """The file itself is broken: it holds no database, or one whose pages contradict each other."""


def connect(path: Path, *, readonly: bool = False, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """A connection to a database file, made where it is missing unless `readonly`; transactions are begun explicitly.

    Raises:
        sqlite3.Error: it cannot be opened; see `failure`.
        StoreError: this Python's SQLite is too old.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(
            f"this Python has SQLite {sqlite3.sqlite_version}, too old for the journal",
            remedy="Use a Python with SQLite 3.37 or newer.",
        )
    if not readonly:
        return _opened(path, "mode=rwc", busy_ms)
    try:
        return _opened(path, "mode=ro", busy_ms)
    except sqlite3.OperationalError as error:
        if _primary(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or not path.is_file():
            raise
    # In a folder where nothing can be written, SQLite cannot share a WAL. Either the file is complete without one, or
    # it is read together with what a process that was killed left in its WAL.
    if not _wal_has_content(path):
        return _opened(path, "mode=ro&immutable=1", busy_ms)
    with tempfile.TemporaryDirectory(prefix="nlpcards-") as folder:
        for name in (path.name, f"{path.name}-wal"):
            shutil.copyfile(path.with_name(name), Path(folder) / name)
        whole = sqlite3.connect(":memory:", isolation_level=None)
        with closing(sqlite3.connect(Path(folder) / path.name)) as copy:
            copy.backup(whole)
    return _prepared(whole, readonly=True)


def _opened(path: Path, how: str, busy_ms: int) -> sqlite3.Connection:
    uri = f"file:{quote(str(path.absolute()))}?{how}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=busy_ms / 1000)
    return _prepared(connection, readonly="mode=ro" in how)


def _prepared(connection: sqlite3.Connection, *, readonly: bool) -> sqlite3.Connection:
    try:
        for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF", "cell_size_check=ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA query_only={'ON' if readonly else 'OFF'}")
        connection.execute(
            "PRAGMA schema_version"
        ).fetchone()  # the first read of the file: here, not later, it may fail
    except BaseException:
        connection.close()
        raise
    return connection


def make_durable(connection: sqlite3.Connection) -> None:
    """Switch a writable connection to WAL with a flush at every commit.

    Two processes that both make a new file's WAL get in each other's way without SQLite's busy handler being asked,
    hence the attempts.
    """
    for attempt in range(200):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            if _primary(error) != sqlite3.SQLITE_BUSY or attempt == 199:
                raise
            time.sleep(0.02)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """A write transaction, begun at once so that two writers queue: all of the block is written, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite has already rolled back after some failures
            connection.execute("ROLLBACK")
        raise


@contextmanager
def failures_of(path: Path) -> Iterator[None]:
    """Turns SQLite's and the system's errors about the file `path` into a `StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise failure(error, path) from error
    except OSError as error:
        place = str(error.filename or path)
        raise StoreError(
            f"{reason_of(error)}", place=place, remedy="Nothing that was saved before is touched."
        ) from error


def failure(error: sqlite3.Error, path: Path) -> StoreError:
    """The sentence for a failure of SQLite with the file `path`."""
    message, remedy = _sentence(error, path)
    return (DamagedFile if _is_damage(error) else StoreError)(message, place=str(path), remedy=remedy)


def _is_damage(error: sqlite3.Error) -> bool:
    # Our tables are made in one transaction, so a file of ours without one of them lost the page that names it.
    return _primary(error) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT) or str(error).startswith("no such table")


_NOT_SAVED = "Everything saved before is safe, only this last action was not saved"


def _sentence(error: sqlite3.Error, path: Path) -> tuple[str, str]:
    code = getattr(error, "sqlite_errorcode", None)
    match _primary(error):
        case sqlite3.SQLITE_FULL:
            return "the disk is full", f"{_NOT_SAVED}; free some space and do it again."
        case sqlite3.SQLITE_IOERR if code in _WRITES:
            return "the journal could not be written", f"{_NOT_SAVED}; see whether the disk is full or failing."
        case sqlite3.SQLITE_IOERR:
            return (
                "the journal could not be read from the disk",
                "See whether the disk is failing, and make a copy of the folder.",
            )
        case sqlite3.SQLITE_READONLY:
            return "the journal is read-only", "Allow writing to the file and its folder; nothing was changed."
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return (
                "another program has kept the journal locked for too long",
                "Close the other program, then do it again; nothing was changed.",
            )
        case sqlite3.SQLITE_NOTADB if newest_backup(path) is None:
            return "this is not a journal", "Move the file away, or name another data folder; it was not touched."
        case sqlite3.SQLITE_NOTADB:
            return "this is not a journal, or no longer one", f"{how_to_restore(path)} It was not touched."
        case _ if _is_damage(error):
            return "the journal is damaged", how_to_restore(path)
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            if not path.parent.is_dir():
                return "its folder is missing", "Make the folder, or name another data folder."
            if not path.exists():
                return (
                    "there is no journal here, and none can be made",
                    "Name another data folder, or allow writing to it.",
                )
            return "the journal cannot be opened", "Allow reading and writing of the file and its folder."
        case _:
            return f"the journal failed with: {error}", "Nothing that was saved before is lost."


_WRITES = {
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_DIR_FSYNC,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMMAP,
}


def _primary(error: sqlite3.Error) -> int:
    """SQLite's primary result code of an error, 0 where the error is Python's own."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return 0 if code is None else code & 0xFF


def how_to_restore(path: Path) -> str:
    """What to do about a damaged journal, in one sentence: `restore` itself keeps the damaged file."""
    newest = newest_backup(path)
    return f"Run `nlpcards restore {newest}`." if newest else "Run `nlpcards restore` with a copy that you have of it."


def newest_backup(path: Path) -> Path | None:
    """The newest copy in a journal's own backups folder, automatic or made by hand; None where there is none."""
    copies = sorted(folder_of(path).glob("*.db"), key=lambda copy: copy.stat().st_mtime)
    return copies[-1] if copies else None


def _wal_has_content(path: Path) -> bool:
    try:
        return path.with_name(path.name + "-wal").stat().st_size > 0
    except OSError:
        return False


def looks_sound(connection: sqlite3.Connection) -> list[str]:
    """What SQLite's own checks find wrong with a file; empty where nothing is."""
    with closing(connection.execute("PRAGMA integrity_check")) as found:
        problems = [str(text) for (text,) in found if text != "ok"]
    with closing(connection.execute("PRAGMA foreign_key_check")) as found:
        problems += [f"a row of {table} names a row of {parent} that is missing" for table, _, parent, _ in found]
    return problems
