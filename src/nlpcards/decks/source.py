"""A deck file's text while it is read, and the list of what was found wrong at which character of it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from functools import cached_property
from typing import NamedTuple

from nlpcards.decks.keys import nearest
from nlpcards.decks.problems import Problem, Severity

MOST_COMPARED = 100_000
"""With how many known names the unknown names of one file are compared, to say what was meant."""

MOST_PROBLEMS = 10_000
"""After so many problems the rest of a file is not read: it is no deck, and nobody reads on."""


MOST_FORGETTABLE = 1000
"""After so many problems none is dropped for a better one: each time costs a pass over all."""


class Found(NamedTuple):
    """A problem at a character of the text; see `Problem` for the rest."""

    at: int
    severity: Severity
    code: str
    message: str
    hint: str


class SourceText:
    """The text of one deck file (its line ends are line feeds), with the problems found in it so far.

    Indexes count characters from 0; lines and columns from 1. `error_places` are the
    places of all errors so far, ascending, those included that are only summed up among the problems.
    """

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.found: list[Found] = []
        self.error_places: list[int] = []
        self._compared = 0

    def error(self, at: int, code: str, message: str, hint: str) -> None:
        """Note an error at an index."""
        insort(self.error_places, at)
        if not self.is_hopeless:
            self.found.append(Found(at, Severity.ERROR, code, message, hint))

    def advise(self, at: int, code: str, message: str, hint: str) -> None:
        """Note a piece of advice at an index."""
        if not self.is_hopeless:
            self.found.append(Found(at, Severity.ADVICE, code, message, hint))

    def give_up(self) -> None:
        """Say that no more problems are listed, after the last one that is."""
        at = max(each.at for each in self.found)
        message = f"there are more than {MOST_PROBLEMS:,} problems, and not all that follows was looked at"
        hint = "Mend those above first, or see whether the file is a deck at all."
        self.found.append(Found(at, Severity.ERROR, "D008", message, hint))

    def nearest(self, name: str, known: tuple[str, ...]) -> str:
        """The known name that was probably meant, or an empty text; given up after many, since each takes time."""
        self._compared += len(known)
        return nearest(name, known) if self._compared <= MOST_COMPARED else ""

    @property
    def is_hopeless(self) -> bool:
        """Whether so much is wrong that the rest is not worth reading."""
        return len(self.found) >= MOST_PROBLEMS

    def unknown_key(self, name: str, known: tuple[str, ...]) -> str:
        """What to write instead of a key that does not exist."""
        meant = self.nearest(name, known)
        return f"Did you mean `{meant}`?" if meant else f"Known here: {', '.join(known)}."

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(end.end() for end in re.finditer("\n", self.text))]

    def position(self, index: int) -> tuple[int, int]:
        """The line and column of an index."""
        line = bisect_right(self._line_starts, index)
        return line, index - self._line_starts[line - 1] + 1

    def line_of(self, index: int) -> str:
        """The whole line that an index lies in, without its end."""
        start = self.text.rfind("\n", 0, index) + 1
        end = self.text.find("\n", index)
        return self.text[start:] if end < 0 else self.text[start:end]

    def rest_of_line(self, index: int) -> str:
        """What stands from an index to the end of its line."""
        end = self.text.find("\n", index)
        return self.text[index:] if end < 0 else self.text[index:end]

    def has_error(self, start: int, end: int) -> bool:
        """Whether an error lies in `start <= index < end`."""
        places = self.error_places
        if not places:
            return False
        at = bisect_left(places, start)
        return at < len(places) and places[at] < end

    def forget(self, start: int, end: int) -> None:
        """Drop what was found in `start <= index < end`, which something said of the whole of it now replaces."""
        if len(self.found) < MOST_FORGETTABLE and self.has_error(start, end):
            self.found = [each for each in self.found if not start <= each.at < end]
            self.error_places = [at for at in self.error_places if not start <= at < end]

    def mark(self) -> tuple[int, list[int]]:
        """What `back_to` needs to forget the problems found from now on."""
        return len(self.found), self.error_places.copy()

    def back_to(self, mark: tuple[int, list[int]]) -> None:
        """Forget what was found since `mark` was called."""
        del self.found[mark[0] :]
        self.error_places = mark[1]

    def problems(self) -> tuple[Problem, ...]:
        """Everything found, in the file's order, the same thing once."""
        problems = set()
        for at, severity, code, message, hint in self.found:
            line, column = self.position(at)
            problems.add(Problem(self.path, line, column, severity, code, message, hint))
        return tuple(sorted(problems))


def shortened(text: str, length: int = 40) -> str:
    """The first line of a text, cut to a length, to be quoted in a message."""
    line = text.strip().split("\n", 1)[0].rstrip()
    return line if len(line) <= length else f"{line[: length - 1]}…"
