"""The one exception that a face shows to its user: what happened, where, and what to do about it."""

from __future__ import annotations


class NlpcardsError(Exception):
    """Something a user can understand and mend.

    `message` is one clear sentence without a full stop at its end; `place` says where it happened (a file with its
    line, an option, a card id) and may be empty; `remedy` says what to do. Faces print the three, never a traceback.
    """

    exit_code = 1
    """The exit code of a command that this error ends: 1 failed, 2 wrong usage, 3 nothing to do, 4 deck errors."""

    def __init__(self, message: str, *, place: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.remedy = remedy

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        what = f"{where}{self.message}."
        return f"{what} {self.remedy}" if self.remedy else what


def reason_of(error: OSError) -> str:
    """Why the system refused something, as a clause: `permission denied`."""
    return (error.strerror or str(error)).lower()


class UsageError(NlpcardsError):
    """A command was called with words it cannot take."""

    exit_code = 2


class NothingToDo(NlpcardsError):
    """There is nothing to review or to export now; said as a sentence, not as a failure."""

    exit_code = 3


class DeckErrors(NlpcardsError):
    """A deck file has errors that stop what was asked for."""

    exit_code = 4


class StoreError(NlpcardsError):
    """The journal's file cannot be opened, read or written; nothing that was acknowledged is lost by it."""


class JournalConflict(StoreError):
    """Two journals give the same `(device, seq)` different contents, so no union of them is true."""
