"""What could be typed next in a query: keys, and the values that a library has for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds import KINDS
from nlpcards.core.search.language import KEY
from nlpcards.core.search.patterns import folded, pattern_of
from nlpcards.core.search.terms import KEYS
from nlpcards.core.search.tree import Name, Property, Standing, named

MOST = 50
"""How many candidates are given at most."""

_NUMBERS = {
    "flag": tuple("01234567"),
    "rated": ("1", "7", "30", "7:1"),
    "introduced": ("1", "7", "30"),
    "added": ("1", "7", "30"),
    "prop": tuple(f"{each}{sign}" for each in Property for sign in ("<", ">", "=")),
    "is": tuple(Standing),
}

_STANDINGS = {
    Standing.DUE: "to be asked today",
    Standing.NEW: "never answered",
    Standing.LEARN: "on the learning steps",
    Standing.REVIEW: "out of the learning steps",
    Standing.SUSPENDED: "suspended",
    Standing.BURIED: "buried until another day",
    Standing.LEECH: "forgotten again and again",
    Standing.FLAGGED: "flagged",
    Standing.STALE: "may be out of date",
    Standing.CHANGED: "changed since last seen",
    Standing.REPORTED: "reported as wrong",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that a library has for each key whose value is a name; kinds are known without it."""

    names: Mapping[Name, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text to put in place of the characters from `start` to `end` of the query; `about` says what it means."""

    text: str
    start: int
    end: int
    about: str = ""

    def applied(self, query: str) -> str:
        """The query with the candidate in it."""
        return query[: self.start] + self.text + query[self.end :]


def completions(query: str, cursor: int, vocabulary: Vocabulary) -> list[Candidate]:
    """What the term at the cursor could become, best first.

    Nothing where the cursor is at the beginning of a term that is not begun: all keys would be no help.
    """
    cursor = max(0, min(cursor, len(query)))
    start, end = _term_at(query, cursor)
    typed = query[start:cursor].removeprefix('"')
    key, colon, value = typed.partition(":")
    if not colon:
        if not KEY.fullmatch(typed):
            return []
        return [
            Candidate(f"{name}:", start, end, about) for name, about in KEYS.items() if name.startswith(typed.lower())
        ]
    wanted = folded(value.removeprefix('"').replace("\\", ""))
    found = [
        Candidate(text, start, end, about)
        for name, text, about in _values(key.lower(), vocabulary)
        if wanted in folded(name)
    ]
    # What begins so is more likely meant than what merely has it.
    found.sort(
        key=lambda each: not folded(each.text.partition(":")[2].lstrip('"').replace("\\", "")).startswith(wanted)
    )
    return found[:MOST]


def _values(key: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    """The values of a key: each as it is called, as the term that it makes, and what it means."""
    if key in _NUMBERS:
        for value in _NUMBERS[key]:
            about = _STANDINGS[Standing(value)] if key == "is" else ""
            yield value, f"{key}:{value}", about
    elif key in list(Name):
        name = Name(key)
        known: Iterable[str] = KINDS if name is Name.KIND else vocabulary.names.get(name, ())
        for each in known:
            if each:
                yield each, named(name, pattern_of([each])), ""


def _term_at(query: str, cursor: int) -> tuple[int, int]:
    """Where the term at the cursor begins, after its minus signs, and where it ends."""
    start, quoted, at = 0, False, 0
    while at < cursor:
        char = query[at]
        if char == "\\":
            at += 2
            continue
        if char == '"':
            quoted = not quoted
        elif not quoted and (char.isspace() or char in "()" or (char == "-" and at == start)):
            start = at + 1
        at += 1
    end = cursor
    while end < len(query):
        char = query[end]
        if char == '"' and quoted:
            return min(start, cursor), end + 1
        if not quoted and (char.isspace() or char in "()"):
            break
        end += 2 if char == "\\" else 1
    return min(start, cursor), min(end, len(query))
