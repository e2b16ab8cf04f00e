"""Writing deck files: each is replaced whole, and several of them all or none, as far as a file system can do that."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nlpcards.core.errors import NlpcardsError


@dataclass(frozen=True, slots=True)
class Change:
    """New content for a file; `before` is what it was made from, None for a file that is to be made."""

    path: Path
    before: bytes | None
    after: bytes


def save(changes: Sequence[Change], what: str = "the deck") -> None:
    """Write some files. All drafts are on disk before the first file is replaced; where one cannot be replaced after
    all, those before it get their old content back.

    A file keeps its mode; where its path is a link, what it leads to is written. `what` is what a failure is about.

    Raises:
        NlpcardsError: one of the files changed meanwhile or cannot be written; all are as they were.
    """
    drafts: list[tuple[Change, Path, Path]] = []
    done: list[Change] = []
    try:
        for change in changes:
            target = Path(os.path.realpath(change.path))
            drafts.append((change, target, _draft(change, target)))
        for change, target, _ in drafts:
            if _content(target) != change.before:
                raise NlpcardsError(
                    "the file changed while this was being done",
                    place=str(change.path),
                    remedy="Do it again once whatever writes the file is done; nothing was overwritten.",
                )
        for change, target, draft in drafts:
            os.replace(draft, target)
            done.append(change)
    except OSError as error:
        left = _brought_back(done)
        why = (error.strerror or str(error)).lower()
        where = error.filename2 or error.filename or (changes[0].path if changes else "")
        remedy = "Free some space, or change the permissions; nothing was changed."
        if left:
            remedy = f"Free some space, or change the permissions; these are changed already: {', '.join(left)}."
        raise NlpcardsError(f"{what} cannot be written: {why}", place=str(where), remedy=remedy) from None
    finally:
        for _, _, draft in drafts:
            with suppress(OSError):
                os.unlink(draft)


def _draft(change: Change, target: Path) -> Path:
    if change.before is not None and not os.access(target, os.W_OK):
        raise PermissionError(13, "it may not be written", str(change.path))
    # Beside it, so on its disk: the replacement is one step. Hidden, so that no library reads it as a deck.
    number, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    draft = Path(name)
    try:
        with open(number, "wb") as file:
            file.write(change.after)
            file.flush()
            os.fsync(number)
        if change.before is not None:
            shutil.copymode(target, draft)
        else:
            mask = os.umask(0)
            os.umask(mask)
            draft.chmod(0o666 & ~mask)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    return draft


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if os.path.lexists(path) else None


def _brought_back(done: Sequence[Change]) -> list[str]:
    """Undo what was replaced; gives the paths where that failed."""
    left = []
    for change in reversed(done):
        target = Path(os.path.realpath(change.path))
        try:
            if change.before is None:
                target.unlink()
            else:
                os.replace(_draft(Change(change.path, change.after, change.before), target), target)
        except OSError:
            left.append(str(change.path))
    return left
