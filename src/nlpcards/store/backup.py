"""Copies of the journal: whole, flushed, and put in place at once, so that a copy is there or is not."""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from nlpcards.core.days import date_of

KEPT_DAYS = 14
"""How many copies of study days are kept."""


def copy_to(source: sqlite3.Connection, target: Path) -> None:
    """Copy a database as it is now to the file `target`, replacing it at once or not at all. Writers go on meanwhile.

    Raises:
        OSError, sqlite3.Error: it cannot be written; what was at `target` is as it was.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", suffix=".part", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous=OFF")  # flushed once, below
            source.backup(copy)
            # One file without companions, readable from a read-only place.
            copy.execute("PRAGMA journal_mode=DELETE")
        _flush(temporary)
        temporary.replace(target)
        _flush(target.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def path_of_day(journal: Path, day: int) -> Path:
    """Where the copy of a study day lies."""
    return folder_of(journal) / f"{journal.stem}-{date_of(day).isoformat()}.db"


def folder_of(journal: Path) -> Path:
    """The folder of a journal's copies, beside it."""
    return journal.parent / "backups"


def prune(journal: Path, keep: int = KEPT_DAYS) -> None:
    """Remove the copies of study days except the newest `keep`; other files of the folder are left alone."""
    pattern = re.compile(re.escape(journal.stem) + r"-\d{4}-\d\d-\d\d\.db")
    copies = sorted(path for path in folder_of(journal).iterdir() if pattern.fullmatch(path.name))
    for path in copies[:-keep]:
        path.unlink(missing_ok=True)


@contextmanager
def scratch_copy(source: sqlite3.Connection) -> Iterator[Path]:
    """A copy in a temporary folder, gone afterwards: to bring an older copy to today's schema without touching it."""
    with tempfile.TemporaryDirectory(prefix="nlpcards-") as folder:
        path = Path(folder) / "copy.db"
        copy_to(source, path)
        yield path


def _flush(path: Path) -> None:
    """Flush a file to the disk, or a folder where the system can."""
    folder = path.is_dir()
    try:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError:
        if not folder:
            raise
