"""Searching a collection: which cards a query means, for every face and command alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as Container
from datetime import date

from nlpcards.collection.card_words import CardWords, question_line
from nlpcards.collection.collection import Collection
from nlpcards.collection.selection import Selection as Selection
from nlpcards.core.cards import Card, Deck, Note, note_of
from nlpcards.core.closing import Closing
from nlpcards.core.dataclass import dataclass
from nlpcards.core.days import Moment, date_of
from nlpcards.core.errors import UsageError
from nlpcards.core.search.completion import Vocabulary
from nlpcards.core.search.everything import EVERYTHING as EVERYTHING
from nlpcards.core.search.failing import meant
from nlpcards.core.search.language import parse
from nlpcards.core.search.matching import matcher, retrievability
from nlpcards.core.search.patterns import Pattern, folded
from nlpcards.core.search.standing import due_in
from nlpcards.core.search.tree import (
    Added,
    And,
    Compare,
    Flagged,
    Introduced,
    Is,
    Name,
    Named,
    Not,
    Or,
    Query,
    Standing,
    Words,
    terms,
)
from nlpcards.core.state import CardState, Memory
from nlpcards.core.words import count
from nlpcards.decks.library import Library

_FEW = 2_000
"""Up to so many cards, states are asked for one by one rather than all read."""


@dataclass(frozen=True, slots=True)
class Found:
    """A card that meets a query, with its state and what follows from it now.

    `retrievability` is FSRS's probability of recall, `due` the date of the study day on which the card comes back; both
    None for a new card.
    """

    card: Card
    state: CardState
    topic: str
    retrievability: float | None
    due: date | None

    @property
    def question(self) -> str:
        """The question on one line, what it asks for hidden."""
        return question_line(self.card, self.state.reps)


class Searching(Closing):
    """The facts about a collection's cards at one moment (see `matching.Facts`), and the cards that meet a query.

    `words` may outlive it: whoever searches again and again keeps one. States are read once, when a term first asks.
    `progress` is told how many cards were read for the first time, now and then. `states` are all cards' states where
    they were read before; `reread` keeps them true.
    """

    def __init__(
        self,
        collection: Collection,
        words: CardWords | None = None,
        now: Moment | None = None,
        progress: Callable[[int], None] | None = None,
        states: dict[str, CardState] | None = None,
    ) -> None:
        self._collection = collection
        self._words = words or CardWords(collection.home.cache / "words.sqlite", progress)
        self._own = words is None
        self._now = now or collection.now()
        self._day_ends_ms = collection.day_ends_ms(self._now.day)
        self._states = states
        self._model = collection.journal.timeline.model

    def close(self) -> None:
        """Keep the words that were read."""
        if self._own:
            self._words.close()

    # ---- facts

    @property
    def day(self) -> int:
        """The present study day."""
        return self._now.day

    @property
    def day_ends_ms(self) -> int:
        """The instant at which it ends, in ms since 1970 UTC."""
        return self._day_ends_ms

    def state(self, card: str) -> CardState:
        """The state of a card."""
        if self._states is None:
            self._states = self._collection.journal.all_states()
        return self._states.get(card, _NEW)

    def words(self, card: Card) -> str:
        """What a card says (see `card_words.said`)."""
        return self._words.words(card)

    def folded_words(self, card: Card) -> str:
        """The same, folded."""
        return self._words.folded(card)

    def topic(self, note: Note) -> str:
        """A note's topic, its deck's where it names none."""
        return note.topic or self._collection.library.decks[note.deck].topic

    def recall(self, memory: Memory, elapsed_days: int) -> float:
        """FSRS's probability of recall so many days after the last review."""
        return self._model.retrievability(memory, elapsed_days)

    def rated(self, since: int, rating: int | None) -> Container[str]:
        """The cards answered on a study day or later."""
        return self._collection.journal.answered_since(since, rating)

    def added(self, since: int) -> Container[str]:
        """The notes that the journal first saw on a study day or later."""
        return {note for note, day in _first_seen(self._collection).items() if day >= since}

    def reported(self) -> Container[str]:
        """The cards that the learner reported as wrong, and did not settle since."""
        return self._collection.journal.reported()

    def own_tags(self) -> Mapping[str, tuple[str, ...]]:
        """The learner's own tags by the cards that have any."""
        return self._collection.journal.own_tags()

    # ---- answers

    def test(self, query: Query) -> Callable[[Card], bool]:
        """Whether a card meets a query."""
        return matcher(query, self)

    def cards(self, query: Query, decks: Container[str] | None = None) -> Iterator[Card]:
        """The cards of some decks (of all where that is None) that meet a query, in the library's order.

        Raises:
            SearchError: a regular expression meets a text that is too long for it.
        """
        every = (card for deck in self.decks(decks) for card in deck.cards())
        return filter(self.test(query), every)

    def decks(self, decks: Container[str] | None = None) -> Iterator[Deck]:
        """Some decks of the library (all where that is None), in its order."""
        return (deck for deck in self._collection.library.decks.values() if decks is None or deck.id in decks)

    def found(self, selection: Selection) -> list[Found]:
        """The cards of a selection, each with its state.

        Raises:
            SearchError: a regular expression meets a text that is too long for it.
        """
        cards = list(self.cards(selection.query, selection.decks))
        if self._states is None and len(cards) <= _FEW:
            states = self._collection.journal.states(card.id for card in cards)
            return [self._found(card, states.get(card.id, _NEW)) for card in cards]
        return [self._found(card, self.state(card.id)) for card in cards]

    def look(self, card: Card) -> Found:
        """A card with its state; one card alone is no reason to read the states of all."""
        state = self._collection.journal.state(card.id) if self._states is None else self.state(card.id)
        return self._found(card, state)

    def reread(self, cards: Iterable[str]) -> None:
        """Read the states of some cards again: something happened to them since they were read."""
        if self._states is not None:
            cards = list(cards)
            self._states.update(dict.fromkeys(cards, _NEW) | self._collection.journal.states(cards))

    def _found(self, card: Card, state: CardState) -> Found:
        wait = due_in(state, self.day, self.day_ends_ms)
        due = None if wait is None else date_of(self.day + wait)
        return Found(card, state, self.topic(card.note), retrievability(state, self), due)


_NEW = CardState()


def needs_states(query: Query) -> bool:
    """Whether a query asks for something that only the cards' states tell."""
    return any(
        isinstance(term, Flagged | Compare | Introduced)
        or (isinstance(term, Is) and term.standing is not Standing.STALE)
        for term in terms(query)
    )


def misnamed(query: Query, library: Library) -> UsageError | None:
    """What to say where a query found nothing: the error about a name in it that nothing has, None where all exist."""
    return _missing(query, library, naming_decks=False)


def unknowable(collection: Collection, query: Query) -> tuple[str, ...]:
    """What a query asks for and the journal cannot say, in sentences."""
    return tuple(_unknowable(collection, query))


def _first_seen(collection: Collection) -> dict[str, int]:
    """The study day on which the journal first saw each note, under its present id."""
    notes = {note_of(former): note_of(present) for former, present in collection.journal.present_names().items()}
    days: dict[str, int] = {}
    for name, day in collection.journal.first_seen().items():
        present = name if collection.library.note(name) else notes.get(name, name)
        days[present] = min(day, days.get(present, day))
    return days


def select(collection: Collection, words: Sequence[str], *, naming_decks: bool = True) -> Selection:
    """What the words of a command choose: all of them together are a query.

    With `naming_decks`, a bare word that is a deck's id, or the beginning of only one, means that deck, and several
    such words mean all their decks.

    Raises:
        SearchError: the query means nothing.
        UsageError: nothing can match, since there is no such deck, tag, topic …; or a word could be several decks.
    """
    query = parse(" ".join(words))
    library = collection.library
    decks = frozenset(library.decks)
    if naming_decks:
        named, query = _decks_named(query, library)
        decks = named or decks
    selection = Selection(decks, query, tuple(_unknowable(collection, query)))
    missing = _missing(query, library, naming_decks=naming_decks)
    if missing is not None:
        with Searching(collection) as searching:
            if next(searching.cards(query, decks), None) is None:
                raise missing
    return selection


def _decks_named(query: Query, library: Library) -> tuple[frozenset[str], Query]:
    """The decks that bare words name, side by side, and what else is asked for."""
    decks: set[str] = set()
    rest: list[Query] = []
    for each in query.queries if isinstance(query, And) else (query,):
        deck = _deck(each, library) if isinstance(each, Words) else None
        if deck is not None:
            decks.add(deck)
        else:
            rest.append(_with_decks(each, library))
    match rest:
        case []:
            return frozenset(decks), EVERYTHING
        case [only]:
            return frozenset(decks), only
        case _:
            return frozenset(decks), And(tuple(rest))


def _with_decks(query: Query, library: Library) -> Query:
    """A query with bare words that name decks made into terms that do."""
    match query:
        case Words():
            deck = _deck(query, library)
            return query if deck is None else Named(Name.DECK, Pattern((deck,)))
        case Not(query=inner):
            return Not(_with_decks(inner, library))
        case And(queries=queries):
            return And(tuple(_with_decks(each, library) for each in queries))
        case Or(queries=queries):
            return Or(tuple(_with_decks(each, library) for each in queries))
        case _:
            return query


def _deck(term: Words, library: Library) -> str | None:
    """The deck that a bare word means, None for a word of cards.

    Raises:
        UsageError: several decks begin so.
    """
    word = term.pattern.literal
    if term.quoted or word is None:
        return None
    starts = [word] if word in library.decks else [deck for deck in library.decks if deck.startswith(word)]
    if len(starts) > 1:
        remedy = f'They are: {", ".join(sorted(starts))}. For the word itself, write `"{word}"` with its quotes.'
        raise UsageError(f"several decks begin with {word}", remedy=remedy)
    return starts[0] if starts else None


def _missing(query: Query, library: Library, *, naming_decks: bool) -> UsageError | None:
    """The error to give where a query asks for a name that nothing has, if it then finds nothing."""
    asked = terms(_wanted(query))
    names = vocabulary(library).names if any(isinstance(term, Named) for term in asked) else {}
    for term in asked:
        if not isinstance(term, Named) or term.name not in _CALLED:
            continue
        literal = term.pattern.literal
        if literal is None or literal.lower() == "none":
            continue
        known = names[term.name]
        own = [name.partition("/")[2] for name in known] if term.name is Name.NOTE else []
        if folded(literal) not in map(folded, (*known, *own)):
            return _no_such(_CALLED[term.name], literal, [*known, *own])
    if naming_decks and asked and all(isinstance(term, Words) and not term.quoted for term in asked):
        assert isinstance(asked[0], Words)
        word = asked[0].pattern.literal
        if word is not None:
            return _no_such("deck", word, list(library.decks))
    return None


def _no_such(what: str, name: str, known: list[str]) -> UsageError:
    near = meant(name, known)
    some = ", ".join(known[:20]) or "none; see `nlpcards decks`"
    remedy = f"Did you mean {near}?" if near else f"{what.capitalize()}s: {some}{', …' if len(known) > 20 else ''}."
    return UsageError(f"there is no {what} {name}", remedy=remedy)


_CALLED = {
    Name.DECK: "deck",
    Name.TOPIC: "topic",
    Name.TAG: "tag",
    Name.CONCEPT: "concept",
    Name.CITE: "source",
    Name.NOTE: "note",
}


def _wanted(query: Query) -> Query:
    """A query without what it leaves out: to exclude a tag that nothing has yet is no mistake."""
    match query:
        case Not():
            return EVERYTHING
        case And(queries=queries):
            return And(tuple(map(_wanted, queries)))
        case Or(queries=queries):
            return Or(tuple(map(_wanted, queries)))
        case _:
            return query


def _unknowable(collection: Collection, query: Query) -> Iterator[str]:
    """What a query asks for and the journal cannot say, in sentences."""
    if any(isinstance(term, Added) for term in terms(query)):
        seen = _first_seen(collection)
        unseen = sum(1 for note in collection.library.notes if note not in seen)
        if unseen:
            yield (
                f"When {count(unseen, 'note was', 'notes were')} added is not known, so `added:` leaves them out: "
                "the journal first sees a note when it is exported."
            )


def vocabulary(library: Library, own_tags: Iterable[str] = ()) -> Vocabulary:
    """The names that completion offers; `own_tags` are the learner's own."""
    notes = library.notes.values()
    topics = (note.topic or library.decks[note.deck].topic for note in notes)
    return Vocabulary(
        {
            Name.DECK: tuple(library.decks),
            Name.TOPIC: _each(topics),
            Name.TAG: _each((*(tag for note in notes for tag in note.tags), *own_tags)),
            Name.CONCEPT: _each(concept for note in notes for concept in note.concepts),
            Name.CITE: _each(cite.source.key for note in notes for cite in note.cite),
            Name.NOTE: tuple(library.notes),
            Name.ID: tuple(library.notes),
            Name.CARD: _each(key for note in notes for key in note.body.card_keys()),
        }
    )


def _each(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
