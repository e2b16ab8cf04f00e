"""What each key of the search language takes, such as `is:` and `prop:`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds import KINDS
from nlpcards.core.search.expressions import ExpressionError, finder
from nlpcards.core.search.failing import SearchError, meant, suggested
from nlpcards.core.search.patterns import Pattern, Wild, pattern_of
from nlpcards.core.search.tree import (
    SPECIAL,
    Added,
    Compare,
    Expression,
    Flagged,
    Introduced,
    Is,
    Name,
    Named,
    Operator,
    Property,
    Query,
    Rated,
    Standing,
    Words,
)

LONGEST_SPAN = 36_500
"""Days that `rated:`, `introduced:` and `added:` look back at most."""

RATINGS = {"1": 1, "2": 2, "3": 3, "4": 4, "again": 1, "hard": 2, "good": 3, "easy": 4}
"""How a rating may be written."""

KEYS: dict[str, str] = {
    "deck": "the deck's id: `deck:lstm`, `deck:l*`",
    "topic": "the topic",
    "tag": "a tag; `tag:none` for none",
    "kind": "the kind of note: `kind:cloze`",
    "is": "where the card stands: `is:due`",
    "prop": "a number of the card: `prop:s>21`",
    "rated": "answered in the last days: `rated:7`; so: `rated:7:1`",
    "introduced": "answered for the first time in the last days",
    "added": "first seen in the last days",
    "flag": "the flag, 0 to 7",
    "concept": "a concept that the note lets one recall",
    "cite": "a source that the note cites, by its key",
    "note": "the note's id, with its deck or without",
    "card": "the card's id, or its key: `card:c1`",
    "id": "the id of a card or a note",
    "re": "a regular expression: `re:gates?`",
}
"""Every key, with what it looks at."""

_ANKIS = {
    "nid": "`note:`",
    "cid": "`card:`",
    "did": "`deck:`",
    "mid": "`kind:`",
    "nc": "the words themselves: accents make no difference",
    "w": r"`re:\bword\b`",
    "front": "the words themselves, or `re:`",
    "back": "the words themselves, or `re:`",
    "edited": "`added:`",
}
"""What Anki has and is written otherwise here."""

_OTHER_STANDINGS = {
    "expired": Standing.STALE,
    "learning": Standing.LEARN,
    "relearn": Standing.LEARN,
    "buried-manually": Standing.BURIED,
    "buried-sibling": Standing.BURIED,
    "unseen": Standing.NEW,
}

_OTHER_PROPERTIES = {
    "ease": Property.DIFFICULTY,
    "difficulty": Property.DIFFICULTY,
    "stability": Property.STABILITY,
    "retrievability": Property.RETRIEVABILITY,
    "interval": Property.INTERVAL,
}

_COMPARISON = re.compile(r"([A-Za-z-]*)(<=|>=|!=|==|<|>|=)?(.*)", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,7}(\.[0-9]{1,6})?")
_DAYS = re.compile(r"[0-9]{1,5}")

_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Unit:
    """A character of a term as typed, with its backslash if it has one, at an offset into the query."""

    raw: str
    offset: int


def term(key: str | None, value: Sequence[Unit], start: int, end: int, *, quoted: bool) -> Query:
    """The tree of a term that stands from `start` to `end` in the query; `key` is None for words.

    Raises:
        SearchError: it means nothing.
    """
    if key is None:
        if not value:
            raise SearchError("these quotes are empty", max(0, end - 2), remedy="Write words between them.")
        return Words(_pattern(value), quoted)
    at = value[0].offset if value else end
    if key not in KEYS:
        raise _unknown_key(key, start)
    if not value:
        raise SearchError(f"`{key}:` has no value", at, remedy=f"It takes {KEYS[key]}.")
    text = "".join(unit.raw for unit in value)
    match key:
        case "is":
            return Is(_standing(text, at))
        case "flag":
            if not re.fullmatch("[0-7]", text):
                raise SearchError(f"there is no flag {_short(text)}", at, remedy="Flags are 1 to 7, and 0 for none.")
            return Flagged(int(text))
        case "prop":
            return _compare(text, at)
        case "rated":
            days, colon, rating = text.partition(":")
            if colon and rating.lower() not in RATINGS:
                remedy = "Write 1 again, 2 hard, 3 good or 4 easy."
                raise SearchError(f"there is no rating {_short(rating)}", at + len(days) + 1, remedy=remedy)
            return Rated(_span(key, days, at), RATINGS[rating.lower()] if colon else None)
        case "introduced":
            return Introduced(_span(key, text, at))
        case "added":
            return Added(_span(key, text, at))
        case "re":
            return _expression(value, at)
        case _:
            return _named(Name(key), value, at)


def _unknown_key(key: str, offset: int) -> SearchError:
    if key in _ANKIS:
        return SearchError(f"`{key}:` is Anki's", offset, remedy=f"Here, write {_ANKIS[key]}.")
    near = meant(key, KEYS)
    hint = f"Did you mean `{near}:`? " if near else ""
    remedy = f"{hint}To look for the text, write `{key}\\:`."
    if not near:
        remedy += f" Keys are {', '.join(KEYS)}."
    return SearchError(f"there is no key `{key}:`", offset, remedy=remedy)


def _pattern(value: Sequence[Unit]) -> Pattern:
    pieces: list[str | Wild] = []
    for unit in value:
        match unit.raw:
            case "*":
                pieces.append(Wild.ANY)
            case "_":
                pieces.append(Wild.ONE)
            case raw if len(raw) == 2:
                if raw[1] not in SPECIAL:
                    remedy = f"Write `\\\\{raw[1]}` for a backslash before it."
                    raise SearchError(f"`{raw}` means nothing", unit.offset, remedy=remedy)
                pieces.append(raw[1])
            case raw:
                pieces.append(raw)
    return pattern_of(pieces)


def _named(name: Name, value: Sequence[Unit], at: int) -> Named:
    pattern = _pattern(value)
    literal = pattern.literal
    if name is Name.KIND and literal is not None:
        if literal.lower() not in KINDS:
            raise SearchError(f"there is no kind {_short(literal)}", at, remedy=suggested(literal, KINDS, "kind:"))
    return Named(name, pattern)


def _standing(text: str, at: int) -> Standing:
    if text.lower() == "expired":
        return Standing.STALE
    return _choice(text, Standing, at, "is:", _OTHER_STANDINGS)


def _choice(text: str, choices: type[_Choice], at: int, prefix: str, others: dict[str, _Choice]) -> _Choice:
    name = text.lower()
    if name in list(choices):
        return choices(name)
    remedy = f"Did you mean `{prefix}{others[name]}`?" if name in others else suggested(name, choices, prefix)
    raise SearchError(f"there is no `{prefix}{_short(text)}`", at, remedy=remedy)


def _compare(text: str, at: int) -> Compare:
    found = _COMPARISON.fullmatch(text)
    assert found is not None, "every part of it may be empty"
    name, sign, number = found.groups()
    what = _choice(name, Property, at, "prop:", _OTHER_PROPERTIES)
    at += len(name)
    if sign is None or sign == "==":
        remedy = f"Write one of {' '.join(Operator)} and a number, as in `prop:{what}>=1`."
        raise SearchError(f"`prop:{what}` is compared with nothing", at, remedy=remedy)
    at += len(sign)
    if not _NUMBER.fullmatch(number):
        remedy = f"Write a number, as in `prop:{what}{sign}1`."
        raise SearchError(f"{_short(number) or 'this'} is no number", at, remedy=remedy)
    value = Decimal(number)
    problem = _out_of_range(what, value)
    if problem:
        raise SearchError(f"`prop:{what}` cannot be {number}", at, remedy=problem)
    return Compare(what, Operator(sign), value)


def _out_of_range(what: Property, value: Decimal) -> str:
    """What a property's values are, where a value is none of them; else empty."""
    match what:
        case Property.RETRIEVABILITY if not 0 <= value <= 1:
            return "Retrievability is a probability: write 0.9 for 90 %."
        case Property.DIFFICULTY if not 1 <= value <= 10:
            return "Difficulty is 1 to 10; what Anki's search calls 0.3 is 3.7."
        case Property.STABILITY if value < 0:
            return "Stability is a number of days, 0 or more."
        case Property.INTERVAL | Property.REPS | Property.LAPSES if value < 0 or value != int(value):
            return "Write a whole number, 0 or more."
        case Property.DUE if value != int(value):
            return "Write a whole number of days: 0 is today, -1 yesterday."
    return ""


def _span(key: str, text: str, at: int) -> int:
    if not _DAYS.fullmatch(text) or not 1 <= int(text) <= LONGEST_SPAN:
        remedy = f"Write how many days to look back, as in `{key}:7`; 1 is today."
        raise SearchError(f"{_short(text) or 'this'} is no number of days", at, remedy=remedy)
    return int(text)


def _expression(value: Sequence[Unit], at: int) -> Expression:
    # Backslashes belong to the expression, but for the one that keeps a quote from ending it.
    source = "".join('"' if unit.raw == '\\"' else unit.raw for unit in value)
    try:
        finder(source)
    except ExpressionError as error:
        raise SearchError(error.message, min(at + error.offset, value[-1].offset), remedy=error.remedy) from None
    return Expression(source)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
