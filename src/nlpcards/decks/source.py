"""A deck file's text while it is read, and the list of what was found wrong at which character of it."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from functools import cached_property
from typing import NamedTuple, NoReturn

from nlpcards.core.words import count
from nlpcards.decks.keys import nearest
from nlpcards.decks.problems import Problem, Severity

MOST_COMPARED = 100_000
"""With how many known names the unknown names of one file are compared, to say what was meant."""

MOST_PROBLEMS = 1_000
"""After so many errors the rest of a file is not read: it is no deck, and nobody reads on."""

MOST_ADVICE = 1_000
"""So many pieces of advice are listed; a long deck may earn more and be read all the same."""

MOST_SEARCHED = 200_000
"""In so many characters of texts the places of mistakes are looked for; more is no deck, as with many errors."""

_BLOCK = 2048
"""Line ends are counted by blocks of so many characters: a list of all of them could be larger than the text."""

_MOST_QUOTED = 1_000
"""How much of a text is looked at to quote its first line."""


class GivenUp(Exception):
    """A file is not read any further; why is noted among its problems."""


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
        self.values_read = 0
        """How many keys, values, lists and mappings were parsed so far, see `bounds.MOST_VALUES`."""
        self.visible: tuple[int, int, array[int]] | None = None
        """The places of the visible characters of the text between two indexes, kept by `scalars.index_of`."""
        self.is_given_up = False
        self._advised = 0
        self._unlisted = 0
        self._compared = 0
        self._searched = 0
        self._parsed = 0

    def error(self, at: int, code: str, message: str, hint: str) -> None:
        """Note an error at an index.

        Raises:
            GivenUp: there are `MOST_PROBLEMS` now. Nothing is noted after it, and nothing more raised.
        """
        if self.is_given_up:
            return
        insort(self.error_places, at)
        self.found.append(Found(at, Severity.ERROR, code, message, hint))
        if len(self.found) - self._advised >= MOST_PROBLEMS:
            self.give_up(
                max(each.at for each in self.found),
                "D008",
                f"there are more than {MOST_PROBLEMS:,} errors, and not all that follows was looked at",
                "Mend those above first, or see whether the file is a deck at all.",
            )

    def advise(self, at: int, code: str, message: str, hint: str) -> None:
        """Note a piece of advice at an index."""
        if self.is_given_up:
            return
        if self._advised == MOST_ADVICE:
            self._unlisted += 1
            return
        self._advised += 1
        self.found.append(Found(at, Severity.ADVICE, code, message, hint))

    def give_up(self, at: int, code: str, message: str, hint: str) -> NoReturn:
        """Note a last error, after which the file is not read any further.

        Raises:
            GivenUp: always.
        """
        self.found.append(Found(at, Severity.ERROR, code, message, hint))
        insort(self.error_places, at)
        self.is_given_up = True
        raise GivenUp

    def search(self, start: int, end: int) -> None:
        """Account for a text with a mistake that is read from its beginning to find the mistake's place.

        Raises:
            GivenUp: there were `MOST_SEARCHED` characters of such.
        """
        self._searched += end - start
        if self._searched > MOST_SEARCHED and not self.is_given_up:
            self.give_up(
                start,
                "D008",
                f"over {MOST_SEARCHED:,} characters of text have mistakes, and not all that follows was looked at",
                "Mend those above first, or see whether the file is a deck at all.",
            )

    def may_parse(self, cost: int, most: int, at: int) -> bool:
        """Whether a text may still be parsed that costs as much as so many plain characters, of `most` in a file."""
        if self._parsed > most:
            return False
        self._parsed += cost
        if self._parsed > most:
            self.advise(
                at,
                "D010",
                "the Markdown around the clozes of this file is so much that it is not looked at from here on",
                "Split the file to have it all looked at.",
            )
        return self._parsed <= most

    def nearest(self, name: str, known: tuple[str, ...]) -> str:
        """The known name that was probably meant, or an empty text; given up after many, since each takes time."""
        self._compared += len(known)
        return nearest(name, known) if self._compared <= MOST_COMPARED else ""

    def unknown_key(self, name: str, known: tuple[str, ...]) -> str:
        """What to write instead of a key that does not exist."""
        meant = self.nearest(name, known)
        return f"Did you mean `{meant}`?" if meant else f"Known here: {', '.join(known)}."

    @cached_property
    def _blocks(self) -> tuple[array[int], array[int]]:
        """For the beginning of each block of the text: how many lines end before it, and where its line begins."""
        text = self.text
        ended, begun = array("L", [0]), array("L", [0])
        for start in range(0, len(text), _BLOCK):
            ended.append(ended[-1] + text.count("\n", start, start + _BLOCK))
            begun.append(text.rfind("\n", start, start + _BLOCK) + 1 or begun[-1])
        return ended, begun

    def position(self, index: int) -> tuple[int, int]:
        """The line and column of an index."""
        ended, begun = self._blocks
        block = index // _BLOCK
        start = block * _BLOCK
        line_start = self.text.rfind("\n", start, index) + 1 or begun[block]
        return ended[block] + self.text.count("\n", start, index) + 1, index - line_start + 1

    def line_of(self, index: int) -> str:
        """The whole line that an index lies in, without its end."""
        start = self.text.rfind("\n", 0, index) + 1
        end = self.text.find("\n", index)
        return self.text[start:] if end < 0 else self.text[start:end]

    def quoted(self, index: int) -> str:
        """What stands from an index to the end of its line, cut short, to be quoted."""
        return self.text[index : index + _MOST_QUOTED].split("\n", 1)[0]

    def has_error(self, start: int, end: int) -> bool:
        """Whether an error lies in `start <= index < end`."""
        places = self.error_places
        if not places:
            return False
        at = bisect_left(places, start)
        return at < len(places) and places[at] < end

    def forget(self, start: int, end: int) -> None:
        """Drop what was found in `start <= index < end`, which something said of the whole of it now replaces."""
        if self.has_error(start, end):
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
        if self._unlisted:
            line, column = self.position(max(each.at for each in self.found))
            message = f"{count(self._unlisted, 'more piece', 'more pieces')} of advice on this file are not listed"
            hint = "Follow those above first."
            problems.add(Problem(self.path, line, column, Severity.ADVICE, "D010", message, hint))
        return tuple(sorted(problems))


def shortened(text: str, length: int = 40) -> str:
    """The first line of a text, cut to a length, to be quoted in a message."""
    head = text[:_MOST_QUOTED].strip() or text.lstrip()[:_MOST_QUOTED]
    line = head.split("\n", 1)[0].rstrip()
    return line if len(line) <= length else f"{line[: length - 1]}…"
