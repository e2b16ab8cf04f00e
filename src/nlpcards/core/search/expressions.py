r"""Regular expressions that cannot freeze the program.

Python's own `re` is kept: it is everywhere and its syntax is known, where re2 would be a compiled dependency for one
rarely used key. But it backtracks, and a pattern such as `(a+)+$` takes longer than one lives. So a pattern is read
here first, and only what is bounded goes through: variable repeats of single characters and not of groups, two of them
at most, few alternatives, no back references. The work on a text is then at most the cube of a line's length; a
line so long that this would be felt is refused when it is met.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nlpcards.core.dataclass import dataclass

LONGEST = 200
"""Characters that an expression may have."""

MOST_REPEATS = 2
"""Variable repeats (`*`, `+`, `{2,}`) that an expression may have."""

MOST_CHOICES = 100
"""Ways through the alternatives and the optional parts of an expression."""

MOST_WORK = 500_000_000
"""Steps that one line of a text may take in the worst case; a second or so."""

DEEPEST = 20
"""How deep groups may be nested."""

_COUNTS = re.compile(r"\{(\d{0,3})(,?)(\d{0,3})\}")
_SUFFIX = "?+"
_CLASS_PITFALLS = ("--", "&&", "~~", "||")


class ExpressionError(Exception):
    """An expression that cannot be used; `offset` counts into its source from 0."""

    def __init__(self, message: str, offset: int, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class _Cost:
    """How much an expression can backtrack: variable `repeats`, and `choices`, ways through all else."""

    repeats: int = 0
    choices: int = 1


def finder(source: str) -> Callable[[str], bool]:
    """Whether a text has a match of the expression in one of its lines, without regard to case.

    Raises:
        ExpressionError: the expression is none, or could take too long; also from the function given, for a line too
            long for it.
    """
    cost = _Reader(source).cost()
    try:
        search = re.compile(source, re.IGNORECASE).search
    except (re.error, OverflowError, RecursionError) as error:
        offset = getattr(error, "pos", None) or 0
        what = getattr(error, "msg", "it is too large")
        remedy = "A backslash before a character makes it plain text."
        raise ExpressionError(f"this is no regular expression: {what}", offset, remedy) from None
    longest = round((MOST_WORK / cost.choices) ** (1 / (cost.repeats + 1)))

    def found(text: str) -> bool:
        for line in text.split("\n"):
            if len(line) > longest:
                message = f"the expression could take too long on a line of {len(line):,} characters"
                raise ExpressionError(message, 0, "Look for words with `*` between them: that is fast on any text.")
            if search(line) is not None:
                return True
        return False

    return found


class _Reader:
    """Reads an expression as far as needed to bound its cost; `re` itself says what else is wrong with it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def cost(self) -> _Cost:
        if len(self._source) > LONGEST:
            message = f"an expression has at most {LONGEST} characters"
            raise ExpressionError(message, LONGEST, "Look for less, or for words.")
        cost = self._alternatives(0)
        if self._at < len(self._source):
            raise ExpressionError("this parenthesis closes nothing", self._at, r"Write `\)` for a plain one.")
        return cost

    def _alternatives(self, depth: int) -> _Cost:
        if depth > DEEPEST:
            raise ExpressionError(f"groups are nested more than {DEEPEST} deep", self._at, "Nest less.")
        repeats, choices = 0, 0
        while True:
            one = self._sequence(depth)
            repeats, choices = max(repeats, one.repeats), choices + one.choices
            if not self._next_is("|"):
                break
            self._at += 1
        return self._bounded(_Cost(repeats, choices))

    def _sequence(self, depth: int) -> _Cost:
        cost = _Cost()
        while self._at < len(self._source) and not self._next_is("|", ")"):
            start = self._at
            inner = self._atom(depth)
            cost = self._bounded(self._repeated(cost, inner, start))
        return cost

    def _bounded(self, cost: _Cost) -> _Cost:
        if cost.repeats > MOST_REPEATS:
            message = f"an expression repeats at most {MOST_REPEATS} times, lest it take too long"
            raise ExpressionError(
                message, self._at - 1, "Look for words with `*` between them: that is fast on any text."
            )
        if cost.choices > MOST_CHOICES:
            message = "the expression has too many alternatives and would take too long"
            raise ExpressionError(message, self._at - 1, "Make several terms of it, joined by `or`.")
        return cost

    def _atom(self, depth: int) -> _Cost | None:
        """Go past one thing; gives the cost of a group, None for a single character."""
        char = self._source[self._at]
        if char == "(":
            return self._group(depth)
        if char == "[":
            self._class()
        elif char == "\\":
            following = self._source[self._at + 1 : self._at + 2]
            if following.isdigit():
                message = "an expression cannot refer back to a group"
                raise ExpressionError(message, self._at, "Write the words themselves.")
            named = re.compile(r"N\{[^}]*\}").match(self._source, self._at + 1)
            self._at = named.end() if named else self._at + 2
        elif char == "{":
            raise ExpressionError("this brace repeats nothing", self._at, r"Write `\{` for a plain one.")
        elif char in "*+?":
            raise ExpressionError(f"there is nothing before `{char}` to repeat", self._at, f"Write `\\{char}`.")
        else:
            self._at += 1
        return None

    def _group(self, depth: int) -> _Cost:
        start = self._at
        self._at += 3 if self._source.startswith("(?:", start) else 1
        if self._next_is("?"):
            raise ExpressionError("only plain groups are known here", start, "Write `(…)` or `(?:…)`.")
        cost = self._alternatives(depth + 1)
        if not self._next_is(")"):
            raise ExpressionError("this parenthesis is never closed", start, r"Close it, or write `\(`.")
        self._at += 1
        return cost

    def _class(self) -> None:
        start = self._at
        self._at += 2 if self._source.startswith("[^", start) else 1
        first = self._at
        while self._at == first or not self._next_is("]"):
            if self._at >= len(self._source):
                raise ExpressionError("this bracket is never closed", start, r"Close it, or write `\[`.")
            # What Python may give a meaning later is refused now: it warns, and then changes what it finds.
            if self._next_is("[") or self._source.startswith(_CLASS_PITFALLS, self._at):
                raise ExpressionError("this means something else in a class", self._at, "Write a backslash before it.")
            self._at += 2 if self._next_is("\\") else 1
        self._at += 1

    def _repeated(self, cost: _Cost, inner: _Cost | None, start: int) -> _Cost:
        """The cost of a sequence after one more thing in it, with its quantifier."""
        group = inner or _Cost()
        least, most = self._quantifier()
        if most == 1:
            choices = cost.choices * (group.choices + (least == 0))
            return _Cost(cost.repeats + group.repeats, choices)
        if group.choices > 1 or group.repeats:
            message = "a group that can match in several ways cannot be repeated here: it could take forever"
            raise ExpressionError(message, start, "Repeat single characters, as in `[ab]+`.")
        if least == most:
            return cost
        if inner is not None:
            message = "a group cannot be repeated a variable number of times here: it could take forever"
            raise ExpressionError(message, start, "Repeat single characters, as in `[ab]+`.")
        return _Cost(cost.repeats + 1, cost.choices)

    def _quantifier(self) -> tuple[int, int]:
        """Go past a quantifier; gives its least and most, 1 and 1 where there is none."""
        bounds = (1, 1)
        if self._next_is("*", "+", "?"):
            bounds = {"*": (0, 1_000), "+": (1, 1_000), "?": (0, 1)}[self._source[self._at]]
            self._at += 1
        elif self._next_is("{"):
            counts = _COUNTS.match(self._source, self._at)
            if counts is None or not (counts[1] or counts[3]):
                raise ExpressionError("this brace is no count", self._at, r"Write `{2,3}`, or `\{` for a plain one.")
            least = int(counts[1] or 0)
            bounds = (least, int(counts[3]) if counts[3] else (1_000 if counts[2] else least))
            self._at = counts.end()
        else:
            return bounds
        if self._next_is(*_SUFFIX):
            self._at += 1
        return bounds

    def _next_is(self, *chars: str) -> bool:
        return self._source[self._at : self._at + 1] in chars
