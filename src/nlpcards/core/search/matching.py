"""Which cards meet a query: the tree made into one test, whose cheap parts run first.

What a test looks at comes from `Facts`, each fact only when a term asks for it: a search by deck never reads a state,
and no card's words are made before all else was found to fit.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Container, Iterable, Mapping
from decimal import Decimal
from typing import Generic, Protocol, TypeVar, assert_never

from nlpcards.core.cards import Card, Note
from nlpcards.core.days import date_of
from nlpcards.core.search.expressions import ExpressionError, finder
from nlpcards.core.search.failing import SearchError
from nlpcards.core.search.patterns import anywhere, folded, whole
from nlpcards.core.search.standing import due_in, interval_of, is_due
from nlpcards.core.search.tree import (
    Added,
    And,
    Compare,
    Everything,
    Expression,
    Flagged,
    Introduced,
    Is,
    Name,
    Named,
    Not,
    Operator,
    Or,
    Property,
    Query,
    Rated,
    Standing,
    These,
    Words,
    written,
)
from nlpcards.core.state import CardState, Memory, New, Steps

_Read = TypeVar("_Read")

Test = Callable[[Card], bool]
"""Whether a card meets a query."""


class Facts(Protocol):
    """What searches ask about cards, at one moment."""

    @property
    def day(self) -> int:
        """The present study day."""
        ...

    @property
    def day_ends_ms(self) -> int:
        """The instant at which it ends, in ms since 1970 UTC."""
        ...

    def state(self, card: str) -> CardState:
        """The state of the card of an id; a new one's where nothing happened to it."""
        ...

    def words(self, card: Card) -> str:
        """All that a card shows on both sides, as words, line by line."""
        ...

    def folded_words(self, card: Card) -> str:
        """The same, folded (see `patterns.folded`)."""
        ...

    def topic(self, note: Note) -> str:
        """A note's topic, its deck's where it names none."""
        ...

    def recall(self, memory: Memory, elapsed_days: int) -> float:
        """FSRS's probability of recall so many days after the last review."""
        ...

    def rated(self, since: int, rating: int | None) -> Container[str]:
        """The ids of the cards answered on a study day or later, with a rating unless that is None."""
        ...

    def added(self, since: int) -> Container[str]:
        """The full ids of the notes that the journal first saw on a study day or later."""
        ...

    def reported(self) -> Container[str]:
        """The ids of the cards that the learner reported as wrong, and did not settle since."""
        ...

    def own_tags(self) -> Mapping[str, tuple[str, ...]]:
        """The learner's own tags by the ids of the cards that have any."""
        ...


def matcher(query: Query, facts: Facts) -> Test:
    """The test of a query. The test raises SearchError where a regular expression meets a text too long for it."""
    return _test(query, facts)[1]


_NOTE, _NAMES, _STATE, _HISTORY, _CONTENT, _WORDS = range(6)
"""What a test costs, from a glance at the note to making the card's words; tests run in this order."""

_Costed = tuple[int, Test]


def _test(query: Query, facts: Facts) -> _Costed:
    match query:
        case Everything():
            return _NOTE, lambda card: True
        case Words(pattern=pattern):
            found, words = anywhere(pattern), facts.folded_words
            return _WORDS, lambda card: found(words(card))
        case Expression():
            return _WORDS, _expression(query, facts)
        case Named():
            return (_NOTE if query.name in _GLANCES else _NAMES), _named(query, facts)
        case Is(standing=standing):
            return _standing(standing, facts)
        case Flagged(flag=flag):
            return _STATE, _by_state(facts, lambda state: state.flag == flag)
        case Compare():
            return _STATE, _compare(query, facts)
        case Rated(days=days, rating=rating):
            answered = _Once(lambda: facts.rated(facts.day - days + 1, rating))
            return _HISTORY, lambda card: card.id in answered.value
        case Introduced(days=days):
            first = facts.day - days + 1
            return _STATE, _by_state(facts, lambda state: state.first_day is not None and state.first_day >= first)
        case Added(days=days):
            added = _Once(lambda: facts.added(facts.day - days + 1))
            return _HISTORY, lambda card: card.note.full_id in added.value
        case These(cards=cards):
            return _NOTE, lambda card: card.id in cards
        case Not(query=inner):
            cost, test = _test(inner, facts)
            return cost, lambda card: not test(card)
        case And(queries=queries):
            cost, tests = _cheapest_first(queries, facts)
            return cost, _all(tests)
        case Or(queries=queries):
            cost, tests = _cheapest_first(queries, facts)
            return cost, _any(tests)
        case _:
            assert_never(query)


def _cheapest_first(queries: Iterable[Query], facts: Facts) -> tuple[int, list[Test]]:
    """The tests of queries, cheap ones first, with the cost of all of them."""
    costed = sorted((_test(each, facts) for each in queries), key=operator.itemgetter(0))
    return costed[-1][0], [test for _, test in costed]


def _all(tests: list[Test]) -> Test:
    if len(tests) == 2:  # most queries; a loop costs as much as the tests
        first, second = tests
        return lambda card: first(card) and second(card)

    def test(card: Card) -> bool:
        for each in tests:
            if not each(card):
                return False
        return True

    return test


def _any(tests: list[Test]) -> Test:
    def test(card: Card) -> bool:
        for each in tests:
            if each(card):
                return True
        return False

    return test


class _Once(Generic[_Read]):
    """Something that is read from the journal when the first card asks for it."""

    def __init__(self, read: Callable[[], _Read]) -> None:
        self._read = read
        self._value: _Read | None = None

    @property
    def value(self) -> _Read:
        if self._value is None:
            self._value = self._read()
        return self._value


class _Verdicts(dict[str, bool]):
    """Whether names meet a pattern, each looked at once: ten thousand cards have a handful of decks and tags."""

    def __init__(self, test: Callable[[str], bool]) -> None:
        super().__init__()
        self._test = test

    def __missing__(self, name: str) -> bool:
        verdict = self[name] = self._test(folded(name))
        return verdict


_GLANCES = (Name.DECK, Name.TOPIC, Name.KIND)
"""Names of which a card has one."""


def _named(term: Named, facts: Facts) -> Test:
    test = whole(term.pattern)
    literal = term.pattern.literal
    none = literal is not None and literal.lower() == "none"
    is_so = _Verdicts(test)
    match term.name:
        case Name.DECK:
            return lambda card: is_so[card.note.deck]
        case Name.TOPIC:
            topic = facts.topic
            return lambda card: is_so[topic(card.note)] or (none and not topic(card.note))
        case Name.KIND:
            return lambda card: is_so[card.note.body.kind]
        case Name.TAG:
            # `::` makes a tree of tags, as in Anki.
            tags = _Verdicts(lambda tag: any(map(test, _and_above(tag))))
            return _tagged(facts, tags, none=none)
        case Name.CONCEPT:
            return _one_of(lambda note: note.concepts, is_so, none=none)
        case Name.CITE:
            return _one_of(lambda note: tuple(each.source.key for each in note.cite), is_so, none=none)
        case Name.NOTE:
            return lambda card: test(folded(card.note.id)) or test(folded(card.note.full_id))
        case Name.CARD:
            return lambda card: is_so[card.key] or _is_card(test, card)
        case Name.ID:
            return lambda card: test(folded(card.note.id)) or test(folded(card.note.full_id)) or _is_card(test, card)
        case _:
            assert_never(term.name)


def _one_of(names: Callable[[Note], tuple[str, ...]], verdicts: _Verdicts, *, none: bool) -> Test:
    """Whether one of a note's names meets the pattern; with `none`, also where it has no name."""

    def test(card: Card) -> bool:
        own = names(card.note)
        for name in own:  # `any` would make a generator for each card
            if verdicts[name]:
                return True
        return none and not own

    return test


def _tagged(facts: Facts, verdicts: _Verdicts, *, none: bool) -> Test:
    """Whether one of a card's tags meets the pattern, its note's or the learner's own; with `none`, also where it has
    neither.
    """
    read = _Once(facts.own_tags)

    def test(card: Card) -> bool:
        tags = card.note.tags
        for tag in tags:
            if verdicts[tag]:
                return True
        own = read.value.get(card.id, ())
        return (none and not tags and not own) or any(verdicts[tag] for tag in own)

    return test


def _is_card(test: Callable[[str], bool], card: Card) -> bool:
    """Whether a card is called so, with its deck or without."""
    return test(folded(card.id)) or test(folded(f"{card.note.id}#{card.key}"))


def _and_above(tag: str) -> list[str]:
    """A tag and those that hold it."""
    parts = tag.split("::")
    return ["::".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _expression(term: Expression, facts: Facts) -> Test:
    found, words = finder(term.source), facts.words

    def test(card: Card) -> bool:
        try:
            return found(words(card))
        except ExpressionError as error:
            message = f"{error.message} of {card.id}"
            raise SearchError(message, None, remedy=f"{error.remedy} It is `{written(term)}`.") from None

    return test


def _by_state(facts: Facts, test: Callable[[CardState], bool]) -> Test:
    state = facts.state
    return lambda card: test(state(card.id))


def _standing(standing: Standing, facts: Facts) -> _Costed:
    day, ends = facts.day, facts.day_ends_ms
    match standing:
        case Standing.DUE:
            return _STATE, _by_state(facts, lambda state: state.asked_on(day) and is_due(state, day, ends))
        case Standing.NEW:
            return _STATE, _by_state(facts, lambda state: isinstance(state.schedule, New))
        case Standing.LEARN:
            return _STATE, _by_state(facts, lambda state: isinstance(state.schedule, Steps))
        case Standing.REVIEW:
            # A lapsed card is on the steps and still one to review: it is both, as in Anki.
            return _STATE, _by_state(facts, operator.attrgetter("in_review"))
        case Standing.SUSPENDED:
            return _STATE, _by_state(facts, lambda state: state.suspended)
        case Standing.BURIED:
            return _STATE, _by_state(facts, lambda state: state.buried_until > day)
        case Standing.LEECH:
            return _STATE, _by_state(facts, lambda state: state.leech)
        case Standing.FLAGGED:
            return _STATE, _by_state(facts, lambda state: state.flag != 0)
        case Standing.STALE:
            today = date_of(day)
            return _NOTE, lambda card: card.note.expires is not None and card.note.expires <= today
        case Standing.CHANGED:
            return _CONTENT, _changed(facts)
        case Standing.REPORTED:
            reported = _Once(facts.reported)
            return _HISTORY, lambda card: card.id in reported.value
        case _:
            assert_never(standing)


def _changed(facts: Facts) -> Test:
    state = facts.state

    def test(card: Card) -> bool:
        seen = state(card.id).content
        return bool(seen) and seen != card.content()

    return test


_OPERATORS: dict[Operator, Callable[[float, float], bool]] = {
    Operator.AT_MOST: operator.le,
    Operator.AT_LEAST: operator.ge,
    Operator.LESS: operator.lt,
    Operator.MORE: operator.gt,
}


def _compare(term: Compare, facts: Facts) -> Test:
    read = _property(term.property, facts)
    holds = _holds(term.operator, term.value)
    state = facts.state

    def test(card: Card) -> bool:
        value = read(state(card.id))
        return value is not None and holds(value)

    return test


def _holds(sign: Operator, value: Decimal) -> Callable[[float], bool]:
    number = float(value)
    if sign in _OPERATORS:
        compare = _OPERATORS[sign]
        return lambda own: compare(own, number)
    # No stability is 21 to the last digit: equal is what rounds to the value as it was written.
    exponent = value.as_tuple().exponent
    half = 0.5 * 10.0 ** (exponent if isinstance(exponent, int) else 0)
    if sign is Operator.EQUAL:
        return lambda own: number - half <= own < number + half
    return lambda own: not number - half <= own < number + half


def _property(what: Property, facts: Facts) -> Callable[[CardState], float | None]:
    """How a property is read from a state; None where the card has none."""
    match what:
        case Property.STABILITY:
            return lambda state: state.memory.stability if state.memory else None
        case Property.DIFFICULTY:
            return lambda state: state.memory.difficulty if state.memory else None
        case Property.RETRIEVABILITY:
            return lambda state: retrievability(state, facts)
        case Property.INTERVAL:
            return interval_of
        case Property.REPS:
            return lambda state: state.reps
        case Property.LAPSES:
            return lambda state: state.lapses
        case Property.DUE:
            return lambda state: due_in(state, facts.day, facts.day_ends_ms)
        case _:
            assert_never(what)


def retrievability(state: CardState, facts: Facts) -> float | None:
    """The probability of recall now; None for a new card."""
    memory = state.memory
    if memory is None:
        return None
    last = facts.day if state.last_day is None else state.last_day
    return facts.recall(memory, max(0, facts.day - last))
