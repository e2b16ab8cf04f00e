"""Texts with wildcards, compared without regard to case, accents and typographic variants.

Nothing here backtracks: a pattern is looked for in time that grows with the text, whatever its wildcards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum
from unicodedata import combining, normalize

from nlpcards.core.dataclass import dataclass

Test = Callable[[str], bool]
"""Says whether a folded text meets a pattern."""


class Wild(Enum):
    """A wildcard: `*` for any text, none included, `_` for any one character."""

    ANY = "*"
    ONE = "_"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Literal texts and wildcards in turn; no literal is empty and no two are neighbours."""

    parts: tuple[str | Wild, ...]

    @property
    def literal(self) -> str | None:
        """The text itself, None where it has wildcards."""
        if not self.parts:
            return ""
        first = self.parts[0]
        return first if len(self.parts) == 1 and isinstance(first, str) else None


def pattern_of(pieces: Iterable[str | Wild]) -> Pattern:
    """The pattern of texts and wildcards, neighbouring texts joined."""
    parts: list[str | Wild] = []
    for piece in pieces:
        before = parts[-1] if parts else None
        if isinstance(piece, str) and isinstance(before, str):
            parts[-1] = before + piece
        elif piece != "":
            parts.append(piece)
    return Pattern(tuple(parts))


_VARIANTS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc\u2032", "'"),
        **dict.fromkeys("\u201c\u201d", '"'),
    }
)


def folded(text: str) -> str:
    """A text as it is compared: no case, no accents, no sub- or superscripts (`fₜ` is `ft`), plain dashes and quotes,
    one space for any white space.
    """
    if not text.isascii():
        # Twice: taking letters apart can uncover capitals, and folding these can uncover letters to take apart.
        text = _bare(_bare(text).casefold()).translate(_VARIANTS)
    return _SPACES.sub(" ", text.lower())


_SPACES = re.compile(r"\s+")


def _bare(text: str) -> str:
    return "".join(char for char in normalize("NFKD", text) if not combining(char))


def anywhere(pattern: Pattern) -> Test:
    """Whether a folded text has the pattern somewhere."""
    return _matcher(pattern, whole=False)


def whole(pattern: Pattern) -> Test:
    """Whether a folded text is the pattern from its beginning to its end."""
    return _matcher(pattern, whole=True)


def _matcher(pattern: Pattern, *, whole: bool) -> Test:
    literal = pattern.literal
    if literal is not None:
        wanted = folded(literal) or literal  # of accents alone nothing is left, and that would be found everywhere
        return wanted.__eq__ if whole else lambda text: wanted in text
    runs = [_Run.of(run) for run in _runs(pattern)]
    if not whole:
        return lambda text: _in_order(runs, text, 0, len(text))
    first, last, between = runs[0], runs[-1], runs[1:-1]
    if len(runs) == 1:
        return lambda text: len(text) == first.length and first.at(text, 0)

    def test(text: str) -> bool:
        end = len(text) - last.length
        if end < first.length or not first.at(text, 0) or not last.at(text, end):
            return False
        return _in_order(between, text, first.length, end)

    return test


def _runs(pattern: Pattern) -> list[list[str | Wild]]:
    """What stands between the `*` of a pattern."""
    runs: list[list[str | Wild]] = [[]]
    for part in pattern.parts:
        if part is Wild.ANY:
            runs.append([])
        else:
            runs[-1].append(part)
    return runs


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of fixed length, as a regular expression in which nothing repeats."""

    expression: re.Pattern[str]
    length: int

    @classmethod
    def of(cls, parts: Iterable[str | Wild]) -> _Run:
        texts = [None if isinstance(part, Wild) else folded(part) for part in parts]
        source = "".join("." if text is None else re.escape(text) for text in texts)
        return cls(re.compile(source, re.DOTALL), sum(1 if text is None else len(text) for text in texts))

    def at(self, text: str, index: int) -> bool:
        """Whether the stretch stands at an index of a text."""
        return self.expression.match(text, index) is not None


def _in_order(runs: Iterable[_Run], text: str, start: int, end: int) -> bool:
    """Whether the stretches come one after the other within a text; the earliest place of each is always right."""
    for run in runs:
        found = run.expression.search(text, start, end)
        if found is None:
            return False
        start = found.end()
    return True
