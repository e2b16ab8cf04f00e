"""A query as a tree, and the tree as text again."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias, assert_never

from nlpcards.core.dataclass import dataclass
from nlpcards.core.search.everything import Everything as Everything
from nlpcards.core.search.patterns import Pattern, Wild


class Name(StrEnum):
    """A key whose value is a name, with wildcards."""

    DECK = "deck"
    NOTE = "note"
    CARD = "card"
    ID = "id"
    TOPIC = "topic"
    TAG = "tag"
    KIND = "kind"
    CONCEPT = "concept"
    CITE = "cite"


class Standing(StrEnum):
    """What a card can be, after `is:`."""

    DUE = "due"
    NEW = "new"
    LEARN = "learn"
    REVIEW = "review"
    SUSPENDED = "suspended"
    BURIED = "buried"
    LEECH = "leech"
    FLAGGED = "flagged"
    STALE = "stale"
    CHANGED = "changed"
    REPORTED = "reported"


class Property(StrEnum):
    """A number that a card has, after `prop:`."""

    STABILITY = "s"
    DIFFICULTY = "d"
    RETRIEVABILITY = "r"
    INTERVAL = "ivl"
    REPS = "reps"
    LAPSES = "lapses"
    DUE = "due"


class Operator(StrEnum):
    """How a property is compared."""

    AT_MOST = "<="
    AT_LEAST = ">="
    NOT_EQUAL = "!="
    LESS = "<"
    MORE = ">"
    EQUAL = "="


@dataclass(frozen=True, slots=True)
class Words:
    """The card's words have the pattern somewhere; `quoted` where it stood in quotes."""

    pattern: Pattern
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """The card's words have a match of a regular expression (see `expressions`)."""

    source: str


@dataclass(frozen=True, slots=True)
class Named:
    """The card's deck, topic, a tag … is called so."""

    name: Name
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Is:
    """The card stands so."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class Flagged:
    """The card carries this flag, 0-7 (0: none)."""

    flag: int


@dataclass(frozen=True, slots=True)
class Compare:
    """A property of the card compared with a value. A card that has no such property (a new card's stability) meets no
    comparison.
    """

    property: Property
    operator: Operator
    value: Decimal


@dataclass(frozen=True, slots=True)
class Rated:
    """The card was answered within so many study days, today being the first; with this rating, 1-4, unless None."""

    days: int
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Introduced:
    """The card was answered for the first time within so many study days, today being the first."""

    days: int


@dataclass(frozen=True, slots=True)
class Added:
    """The journal first saw the card's note within so many study days, today being the first."""

    days: int


@dataclass(frozen=True, slots=True)
class These:
    """The card is one of those with these ids, which a learner picked by hand."""

    cards: frozenset[str]


@dataclass(frozen=True, slots=True)
class Not:
    """The card does not meet the query."""

    query: Query


@dataclass(frozen=True, slots=True)
class And:
    """The card meets all of two or more queries."""

    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """The card meets at least one of two or more queries."""

    queries: tuple[Query, ...]


Term: TypeAlias = Words | Expression | Named | Is | Flagged | Compare | Rated | Introduced | Added | These
"""One thing that a query asks of a card."""

Query: TypeAlias = "Everything | Term | Not | And | Or"
"""What a search asks of a card."""

KEYWORDS = ("and", "or")
"""Words that join others."""

SPECIAL = '\\"*_():-'
"""Characters that a backslash makes plain text."""


def terms(query: Query) -> tuple[Term, ...]:
    """Every term of a query, in its order."""
    match query:
        case Everything():
            return ()
        case Not(query=inner):
            return terms(inner)
        case And(queries=queries) | Or(queries=queries):
            return tuple(term for each in queries for term in terms(each))
        case _:
            return (query,)


def written(query: Query) -> str:
    """A query as text, from which `language.parse` reads an equal tree."""
    match query:
        case Everything():
            return ""
        case Words(pattern=pattern, quoted=quoted):
            text = _escaped(pattern, '\\"*_():')
            if text.startswith("-"):
                text = f"\\{text}"
            return _quoted(text) if quoted else text
        case Expression(source=source):
            return _keyed("re", source.replace('"', '\\"'), quoted=True)
        case Named(name=name, pattern=pattern):
            return named(name, pattern)
        case Is(standing=standing):
            return f"is:{standing}"
        case Flagged(flag=flag):
            return f"flag:{flag}"
        case Compare(property=what, operator=operator, value=value):
            return f"prop:{what}{operator}{value:f}"
        case Rated(days=days, rating=rating):
            return f"rated:{days}" if rating is None else f"rated:{days}:{rating}"
        case Introduced(days=days):
            return f"introduced:{days}"
        case Added(days=days):
            return f"added:{days}"
        case These(cards=cards):
            one_each = (named(Name.CARD, Pattern((card,))) for card in sorted(cards))
            return f"({' or '.join(one_each)})"
        case Not(query=inner):
            return f"-{_within(inner)}"
        case And(queries=queries):
            return " ".join(map(_within, queries))
        case Or(queries=queries):
            return " or ".join(f"({written(each)})" if isinstance(each, Or) else written(each) for each in queries)
        case _:
            assert_never(query)


def named(name: Name, pattern: Pattern) -> str:
    """A term such as `deck:lstm`, in quotes where it needs them."""
    text = _escaped(pattern, '\\"*_()')
    return _keyed(name, text, quoted=any(char.isspace() for char in text))


def _escaped(pattern: Pattern, special: str) -> str:
    """A pattern with a backslash before whatever would mean something else where it is to stand."""
    plain = {ord(char): f"\\{char}" for char in special}
    return "".join(part.value if isinstance(part, Wild) else part.translate(plain) for part in pattern.parts)


def _within(query: Query) -> str:
    return f"({written(query)})" if isinstance(query, And | Or) else written(query)


def _keyed(key: str, value: str, *, quoted: bool) -> str:
    return f"{key}:{_quoted(value)}" if quoted else f"{key}:{value}"


def _quoted(text: str) -> str:
    return f'"{text}"'
