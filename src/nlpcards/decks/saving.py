"""Writing files: each is replaced whole, and several of them all or none, as far as a file system can do that."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from nlpcards.core.errors import NlpcardsError, reason_of


@dataclass(frozen=True, slots=True)
class Change:
    """New content for a file; `before` is what it was made from, None for a file that is to be made."""

    path: Path
    before: bytes | None
    after: bytes


def save(changes: Sequence[Change], what: str = "the deck") -> None:
    """Write some files, as `saved` does."""
    with saved(changes, what):
        pass


def put(path: Path, content: bytes, what: str) -> None:
    """Make a file hold some bytes, whatever it held before; `what` is what a failure is about.

    Raises:
        NlpcardsError: it cannot be written; it is as it was.
    """
    try:
        before = _content(Path(os.path.realpath(path)))
    except OSError as error:
        raise _failure(error, what, path) from None
    save([Change(path, before, content)], what)


@contextmanager
def saved(changes: Sequence[Change], what: str = "the deck") -> Iterator[None]:
    """Write some files, then do what stands in the `with`; where either fails, every file is as it was before.

    All drafts are on disk before the first file is replaced. A file keeps its mode and its owner; where its path is a
    link, what it leads to is written; a new file never takes the place of one that appeared meanwhile. `what` is what a
    failure is about.

    Raises:
        NlpcardsError: one of the files changed meanwhile or cannot be written; all are as they were.
    """
    drafts: list[tuple[Change, Path, Path]] = []
    done: list[Change] = []
    place = Path()
    try:
        try:
            for change in changes:
                place = change.path
                target = Path(os.path.realpath(place))
                drafts.append((change, target, _draft(change, target)))
            for change, target, _ in drafts:
                place = change.path
                if _content(target) != change.before:
                    raise _changed(change)
            for change, target, draft in drafts:
                place = change.path
                _place(change, draft, target)
                done.append(change)
            for folder in {target.parent for _, target, _ in drafts}:
                _flush_folder(folder)
        except OSError as error:
            raise _failure(error, what, place, _brought_back(done)) from None
        yield
    except BaseException:
        # What was brought back already is what it was before, and stays so.
        _brought_back(done)
        raise
    finally:
        for _, _, draft in drafts:
            with suppress(OSError):
                os.unlink(draft)


def _draft(change: Change, target: Path) -> Path:
    """The new content in a file of its own. Beside the target, so on its disk: then to replace it is one step. Hidden,
    so that no library reads it as a deck.
    """
    there = change.before is not None
    if there and not os.access(target, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(None, "it may not be written", str(change.path))
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    number = os.open(
        draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600 if there else 0o666
    )
    try:
        with open(number, "wb") as file:
            if there:
                _take_after(target, number, draft)
            file.write(change.after)
            file.flush()
            os.fsync(number)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    return draft


def _take_after(target: Path, number: int, draft: Path) -> None:
    """Give a new file the owner, the mode and the attributes of the one that it stands in for."""
    there = os.stat(target)
    own = os.fstat(number)
    if hasattr(os, "fchown") and (there.st_uid, there.st_gid) != (own.st_uid, own.st_gid):
        os.fchown(number, there.st_uid, there.st_gid)
    shutil.copystat(target, draft)


def _place(change: Change, draft: Path, target: Path) -> None:
    if change.before is not None:
        os.replace(draft, target)
        return
    try:
        # Unlike a renaming, a link never takes the place of another file.
        os.link(draft, target)
    except FileExistsError:
        raise _changed(change) from None
    except OSError:
        # A file system without such links.
        os.rename(draft, target)


def _flush_folder(folder: Path) -> None:
    """Let the disk know of a file's new name; a system that cannot do that does it by itself."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if os.path.lexists(path) else None


def _brought_back(done: list[Change]) -> list[str]:
    """Undo what was replaced, the last first, and empty the list of it; gives the paths where that failed."""
    left = []
    while done:
        change = done.pop()
        target = Path(os.path.realpath(change.path))
        try:
            if change.before is None:
                target.unlink()
            else:
                os.replace(_draft(Change(change.path, change.after, change.before), target), target)
        except OSError:
            left.append(str(change.path))
    return left


def _changed(change: Change) -> NlpcardsError:
    return NlpcardsError(
        "the file changed while this was being done",
        place=str(change.path),
        remedy="Do it again once whatever writes the file is done; nothing was overwritten.",
    )


def _failure(error: OSError, what: str, path: Path, left: Sequence[str] = ()) -> NlpcardsError:
    outcome = f"these are changed already: {', '.join(left)}" if left else "nothing was changed"
    return NlpcardsError(
        f"{what} cannot be written: {reason_of(error)}",
        place=str(path),
        remedy=f"Free some space, or change the permissions; {outcome}.",
    )
