"""Writing a package to disk: whole or not at all, and the same bytes for the same content."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from nlpcards.anki.deflating import BLOCK, Deflating
from nlpcards.anki.helpers import processors
from nlpcards.core.errors import NlpcardsError, reason_of

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LEVEL = 1
"""How hard the zip is compressed: the usual 6 takes three times as long for a package smaller by a tenth."""

_WORKSHOP = ".nlpcards-"
_MADE_THERE = frozenset({"collection.anki2", "collection.anki2-journal", "package"})
_DAY_S = 86_400

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
        _clear_away(target.parent)
        workshop = Path(tempfile.mkdtemp(prefix=_WORKSHOP, dir=target.parent))
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

    Raises:
        NlpcardsError: a picture is gone since it was named.
        OSError: the file cannot be written.
    """
    with to.open("wb") as file:
        with zipfile.ZipFile(file, "w") as package:
            with collection.open("rb") as source:
                _add(package, "collection.anki2", source)
            package.writestr(_entry("media"), manifest)
            for number, picture in enumerate(media.values()):
                with _still_there(picture) as source:
                    _add(package, str(number), source)
        file.flush()
        os.fsync(file.fileno())


def _still_there(picture: Path) -> BinaryIO:
    try:
        return picture.open("rb")
    except OSError as error:
        raise NlpcardsError(
            f"this picture cannot be read any more ({reason_of(error)})",
            place=str(picture),
            remedy="Put it back, or run this again, which takes its words instead.",
        ) from error


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _SAME_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = _LEVEL  # type: ignore[attr-defined]  # public from Python 3.13 on, under another name
    entry.create_system = 3  # else it would be the machine's
    entry.external_attr = 0o644 << 16
    return entry


def _add(package: zipfile.ZipFile, name: str, source: BinaryIO) -> None:
    entry = _entry(name)
    entry.file_size = os.fstat(source.fileno()).st_size  # lets zipfile choose the large format where it must
    with ThreadPoolExecutor(processors()) as pool, package.open(entry, "w") as sink:
        if entry.file_size > BLOCK:
            sink._compressor = Deflating(pool, 2 * processors(), _LEVEL)  # type: ignore[attr-defined]  # else one works
        shutil.copyfileobj(source, sink, BLOCK)


def _clear_away(folder: Path) -> None:
    """Remove what exports left that were killed: folders with nothing else in them, older than any export lasts."""
    for each in folder.glob(f"{_WORKSHOP}????????"):
        with suppress(OSError):
            if time.time() - each.lstat().st_mtime > _DAY_S and _MADE_THERE.issuperset(os.listdir(each)):
                shutil.rmtree(each, ignore_errors=True)


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
