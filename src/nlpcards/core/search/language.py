"""From a query's text to its tree.

Words that stand side by side must all be found; `or` and `and` join, `-` leaves out, parentheses group, quotes keep
words together. A backslash makes the next character plain text.
"""

from __future__ import annotations

import re
from typing import Final

from nlpcards.core.search.failing import SearchError
from nlpcards.core.search.terms import Unit, term
from nlpcards.core.search.tree import KEYWORDS, And, Everything, Not, Or, Query

LONGEST: Final = 2_000
"""Characters that a query may have."""

DEEPEST: Final = 40
"""How deep parentheses and minus signs may be nested."""

KEY = re.compile(r"[A-Za-z][A-Za-z-]*")
"""What can be the key of a term, before its colon."""

_KEYWORD = re.compile(rf"({'|'.join(KEYWORDS)})(?=[\s()]|$)", re.IGNORECASE)


def parse(text: str) -> Query:
    """The tree of a query.

    Raises:
        SearchError: it means nothing.
    """
    if len(text) > LONGEST:
        raise SearchError(f"a query has at most {LONGEST:,} characters", LONGEST, remedy="Ask for less.")
    if not text.strip():
        return Everything()
    reader = _Reader(text)
    query = reader.either(0)
    if reader.at < len(text):
        raise _closes_nothing(reader.at)
    return query


class _Reader:
    """Goes through a query from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def either(self, depth: int) -> Query:
        """Queries joined by `or`."""
        found = [self._together(depth)]
        while self._keyword() == "or":
            self.at += 2
            found.append(self._together(depth))
        return found[0] if len(found) == 1 else Or(tuple(found))

    def _together(self, depth: int) -> Query:
        """Queries that stand side by side, or with `and` between them."""
        found: list[Query] = []
        joined = False
        while True:
            start = self.at
            self._skip_space()
            keyword = self._keyword()
            if keyword == "and" and found and not joined:
                self.at += 3
                joined = True
                continue
            if keyword or self.at == len(self.text) or self.text[self.at] == ")":
                if found and not joined:
                    return found[0] if len(found) == 1 else And(tuple(found))
                raise self._nothing_here(start, keyword)
            found.append(self._one(depth))
            joined = False

    def _nothing_here(self, start: int, keyword: str) -> SearchError:
        """The error where a query was to stand and none does."""
        before = self.text[:start].rstrip()
        if before.endswith("(") and self.at == len(self.text):
            return _never_closed(len(before) - 1)
        if before.endswith("(") and not keyword:
            return SearchError("these parentheses are empty", len(before) - 1, remedy=r"Write `\(\)` for plain ones.")
        if not before and not keyword:
            return _closes_nothing(self.at)
        if keyword:
            what = f"`{keyword}` joins nothing here"
            return SearchError(what, self.at, remedy=f'Write terms on both sides, or `"{keyword}"` for the word.')
        last = before.split()[-1] if before else ""
        offset = len(before) - len(last)
        remedy = f'Write terms on both sides, or `"{last}"` for the word.'
        return SearchError(f"nothing stands after `{last}`", offset, remedy=remedy)

    def _one(self, depth: int) -> Query:
        if depth > DEEPEST:
            raise SearchError(f"the query is nested more than {DEEPEST} deep", self.at, remedy="Nest less.")
        start = self.at
        char = self.text[start]
        if char == "-":
            self.at += 1
            if self.at == len(self.text) or self.text[self.at].isspace() or self.text[self.at] == ")":
                remedy = r"Write it right before what to leave out, or `\-` for a plain one."
                raise SearchError("this minus leaves nothing out", start, remedy=remedy)
            return Not(self._one(depth + 1))
        if char == "(":
            self.at += 1
            inner = self.either(depth + 1)
            if self.at == len(self.text):
                raise _never_closed(start)
            self.at += 1
            return inner
        if char == '"':
            units = self._in_quotes()
            return self._term(units, quoted=True)
        return self._term(self._bare(), quoted=False)

    def _term(self, units: list[Unit], *, quoted: bool) -> Query:
        key, value = key_of(units)
        return term(key, value, units[0].offset if units else self.at, self.at, quoted=quoted)

    def _bare(self) -> list[Unit]:
        """A term without quotes, or with its value in quotes."""
        units: list[Unit] = []
        while self.at < len(self.text):
            char = self.text[self.at]
            if char.isspace() or char == ")":
                break
            if char == "(":
                remedy = r"Leave a space before it, or write `\(` for a plain one."
                if key_of(units)[0] == "re":
                    remedy = 'Put the expression in quotes: `re:"…"`.'
                raise SearchError("a parenthesis stands within a word", self.at, remedy=remedy)
            if char == '"':
                key, value = key_of(units)
                if key is None or value:
                    remedy = r"Leave a space before it, or write `\"` for a plain one."
                    raise SearchError("a quote stands within a word", self.at, remedy=remedy)
                return units + self._in_quotes()
            units.append(self._unit())
        return units

    def _in_quotes(self) -> list[Unit]:
        start = self.at
        self.at += 1
        units: list[Unit] = []
        while self.at < len(self.text):
            if self.text[self.at] == '"':
                self.at += 1
                if self.at < len(self.text) and not self.text[self.at].isspace() and self.text[self.at] not in "()":
                    remedy = r"Leave a space after the quote, or write `\"` for a plain one."
                    raise SearchError("a word follows the quote at once", self.at, remedy=remedy)
                return units
            units.append(self._unit())
        raise SearchError("this quote is never closed", start, remedy=r"Close it, or write `\"` for a plain one.")

    def _unit(self) -> Unit:
        """One character, with the backslash before it."""
        start = self.at
        self.at += 2 if self.text[start] == "\\" else 1
        if self.at > len(self.text):
            raise SearchError("nothing follows the backslash", start, remedy=r"Write `\\` for a plain one.")
        return Unit(self.text[start : self.at], start)

    def _keyword(self) -> str:
        """The keyword that comes next, in small letters; empty for none."""
        found = _KEYWORD.match(self.text, self.at)
        return found[1].lower() if found else ""

    def _skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1


def key_of(units: list[Unit]) -> tuple[str | None, list[Unit]]:
    """The key of a term, in small letters, and its value; no key where it has none."""
    for index, unit in enumerate(units):
        if unit.raw == ":":
            key = "".join(each.raw for each in units[:index])
            return (key.lower(), units[index + 1 :]) if KEY.fullmatch(key) else (None, units)
    return None, units


def _never_closed(offset: int) -> SearchError:
    return SearchError("this parenthesis is never closed", offset, remedy=r"Close it, or write `\(` for a plain one.")


def _closes_nothing(offset: int) -> SearchError:
    return SearchError("this parenthesis closes nothing", offset, remedy=r"Write `\)` for a plain one.")
