"""Writing a package to disk: whole or not at all, and the same bytes for the same content."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from nlpcards.anki.deflating import BLOCK, Deflating
from nlpcards.anki.helpers import processors
from nlpcards.core.errors import NlpcardsError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LEVEL = 1
"""How hard the zip is compressed: the usual 6 takes three times as long for a package smaller by a tenth."""

_SAME_TIME = (2020, 1, 1, 0, 0, 0)
"""The time of every entry: the clock would make two packages of the same content differ."""


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A folder beside `out` to work in; the file `package` left there then takes the place of `out`, in one step.

    Until then nothing at `out` changes, whatever fails.

    Raises:
        NlpcardsError: `out` cannot be written: no such folder, no permission, no room, or it is no ordinary file.
    """
    try:
        target = Path(os.path.realpath(out))
        if target.exists() and not target.is_file():
            what = "a folder" if target.is_dir() else "not an ordinary file"
            raise NlpcardsError(f"this is {what}, so no package can be written there", place=str(out), remedy=_NAME)
        if not target.parent.is_dir():
            raise NlpcardsError("there is no such folder", place=str(out.parent), remedy=_NAME)
        workshop = Path(tempfile.mkdtemp(prefix=".nlpcards-", dir=target.parent))
        try:
            yield workshop
            os.replace(workshop / "package", target)
            _flush_folder(target.parent)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
    except (OSError, sqlite3.Error) as error:
        raise _failure(out, error) from error


_NAME = "Name a file in a folder that exists, such as deck.apkg."


def write_zip(to: Path, collection: Path, manifest: str, media: Mapping[str, Path]) -> None:
    """Write the package's zip file and flush it to disk.

    `manifest` is the text of its `media` entry; the pictures follow in its order under the names 0, 1, 2 …
    """
    with to.open("wb") as file:
        with zipfile.ZipFile(file, "w") as package:
            _add(package, "collection.anki2", collection)
            package.writestr(_entry("media"), manifest)
            for number, picture in enumerate(media.values()):
                _add(package, str(number), picture)
        file.flush()
        os.fsync(file.fileno())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _SAME_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = _LEVEL  # type: ignore[attr-defined]  # public from Python 3.13 on, under another name
    entry.create_system = 3  # else it would be the machine's
    entry.external_attr = 0o644 << 16
    return entry


def _add(package: zipfile.ZipFile, name: str, file: Path) -> None:
    entry = _entry(name)
    entry.file_size = file.stat().st_size  # lets zipfile choose the large format where it must
    with ThreadPoolExecutor(processors()) as pool, file.open("rb") as source, package.open(entry, "w") as sink:
        if entry.file_size > BLOCK:
            sink._compressor = Deflating(pool, 2 * processors(), _LEVEL)  # type: ignore[attr-defined]  # else one works
        shutil.copyfileobj(source, sink, BLOCK)


def _flush_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _failure(out: Path, error: Exception) -> NlpcardsError:
    untouched = "What was there is unchanged" if os.path.lexists(out) else "Nothing was written"
    if _no_room(error):
        return NlpcardsError(
            "there is no room for the package",
            place=str(out),
            remedy=f"{untouched}. Free some space there, or choose another folder.",
        )
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return NlpcardsError(
        f"the package cannot be written ({why[:1].lower()}{why[1:]})",
        place=str(out),
        remedy=f"{untouched}. Choose a folder that you may write to.",
    )


def _no_room(error: Exception) -> bool:
    if isinstance(error, sqlite3.Error):
        # A file that may grow no further is a failed write to SQLite, not a full disk.
        code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
    return isinstance(error, OSError) and error.errno in _FULL
