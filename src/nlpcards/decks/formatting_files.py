"""Formatting deck files where they are: each is replaced whole, or left exactly as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from nlpcards.core.errors import DeckErrors, NlpcardsError
from nlpcards.decks.files import Content, Stamp, decode, read_content
from nlpcards.decks.formatting import format_text


def format_file(path: Path, *, write: bool) -> bool:
    """Whether a deck file is not formatted; with `write` it then is from now on.

    Its line ends become line feeds and a byte order mark goes. Where the path is a symbolic link, the file that it
    leads to is formatted.

    Raises:
        DeckErrors: the file has errors or cannot be read.
        NlpcardsError: it cannot be written, or changed meanwhile; it is as it was.
    """
    content = read_content(path)
    if not isinstance(content, Content):
        raise DeckErrors(content.message, place=str(path), remedy=content.hint)
    formatted = format_text(decode(content.data), str(path), path.parent).encode()
    if formatted == content.data:
        return False
    if write:
        replace_file(path, formatted, content.stamp)
    return True


def replace_file(path: Path, data: bytes, stamp: Stamp) -> None:
    """Put other content into a file, whole or not at all; its mode, owner and name stay, and links to it by name.

    `stamp` is that of the file as it was read.

    Raises:
        NlpcardsError: the file is no longer the one that was read, or it cannot be written; it is as it was.
    """
    target = Path(os.path.realpath(path))
    draft = None
    try:
        if not os.access(target, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            raise PermissionError("it may not be written")
        # Beside it, so on its disk: the replacement is one step. Hidden, so that no library reads it as a deck.
        number, draft = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
        with open(number, "wb") as file:
            _take_after(target, number, draft)
            file.write(data)
            file.flush()
            os.fsync(number)
        if Stamp.of(os.stat(target)) != stamp:
            raise _changed(path)
        os.replace(draft, target)
        draft = None
        _flush_folder(target.parent)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise NlpcardsError(
            f"the formatted deck cannot be written: {why}",
            place=str(path),
            remedy="Free some space, or change the permissions; the file is as it was.",
        ) from None
    finally:
        if draft is not None:
            with suppress(OSError):
                os.unlink(draft)


def _take_after(target: Path, number: int, draft: str) -> None:
    """Give a new file the owner, the mode and the attributes of the one that it stands in for."""
    there = os.stat(target)
    own = os.fstat(number)
    if hasattr(os, "fchown") and (there.st_uid, there.st_gid) != (own.st_uid, own.st_gid):
        os.fchown(number, there.st_uid, there.st_gid)
    shutil.copystat(target, draft)


def _flush_folder(folder: Path) -> None:
    """Let the disk know of a file's new name; a system that cannot do that does it by itself."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _changed(path: Path) -> NlpcardsError:
    return NlpcardsError(
        "the file changed while it was being formatted",
        place=str(path),
        remedy="Run the command again once whatever writes it is done; nothing was overwritten.",
    )
