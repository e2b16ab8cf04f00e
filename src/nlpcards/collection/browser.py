"""What the screen for browsing stands on: a search with its cards in some order, which are marked, and what is done to
them. It outlives the screen, so that one comes back to what one left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from nlpcards.collection import batch
from nlpcards.collection.apart import apart
from nlpcards.collection.batch import Acted
from nlpcards.collection.browsing import DEFAULT, OF_STATE, Column, cell, finding, ordering
from nlpcards.collection.card_words import CardWords, question_line
from nlpcards.collection.collection import Collection
from nlpcards.collection.searching import EVERYTHING, Found, Searching, Selection, misnamed, needs_states, unknowable
from nlpcards.core.cards import Card
from nlpcards.core.errors import UsageError
from nlpcards.core.journal import EventId
from nlpcards.core.search.language import parse
from nlpcards.core.search.tree import Query, These
from nlpcards.core.state import CardState

MOST_LAID_OUT = 4_000
"""Of so many cards at most what their lines say is kept."""

Act = Callable[[Collection, Sequence[str]], Acted]
"""Something done to cards as one action."""


@dataclass(frozen=True, slots=True)
class States:
    """The states of all cards as they are once the event `as_of` is in the journal, the last one."""

    as_of: EventId | None
    by_card: dict[str, CardState]


class Browser:
    """The cards that a query finds, those of them that are marked, and the card at the arrow.

    `text` is the query as it was typed, `cards` what it found, in order; `sort` is the column that they are sorted by
    (None: the library's order), `columns` are those that are to be shown. `marked` are ids, `at` is the id of the card
    at the arrow. `total` is how many cards were looked at.
    """

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.text = ""
        self.query: Query = EVERYTHING
        self.columns: tuple[Column, ...] = DEFAULT
        self.sort: Column | None = None
        self.descending = False
        self.cards: list[Card] = []
        self.marked: set[str] = set()
        self.at = ""
        self.total = 0
        self._words = CardWords(collection.home.cache / "words.sqlite")
        self._states: dict[str, CardState] | None = None
        self._as_of: EventId | None = None
        self._searching = Searching(collection, self._words)
        self._looked: dict[str, tuple[Card, Found, dict[Column, str]]] = {}

    def close(self) -> None:
        """Keep the words that were read; another search can follow."""
        self._words.close()
        self._words = CardWords(self.collection.home.cache / "words.sqlite")

    # ---- searching

    def wants_states(self, query: Query, sort: Column | None) -> bool:
        """Whether a search needs the states of all cards, and they are still to be read."""
        self._drop_old_states()
        return self._states is None and (needs_states(query) or sort in OF_STATE)

    def read_states(self) -> States:
        """The states of all cards; a thread may ask.

        Raises:
            StoreError: the journal cannot be read.
        """
        with apart(self.collection, read_only=True) as own:
            # The end first: where something is written meanwhile, the states are older than they say, and read again.
            return States(_end(own), own.journal.all_states())

    def take_states(self, states: States) -> None:
        """Go on with states that were read."""
        self._as_of, self._states = states.as_of, states.by_card
        self._search_anew()

    def search(self, text: str, found: list[Card]) -> Iterator[int]:
        """Put the cards that a query finds into `found`, sorted once all are there; gives now and then how many were
        looked at. Nothing of the browser changes before `show`.

        Raises:
            SearchError: the query means nothing, or cannot be answered.
            StoreError: the journal cannot be read.
        """
        query = parse(text)
        self._drop_old_states()
        self._search_anew()
        looked = 0
        everything = Selection(frozenset(self.collection.library.decks), query)
        for looked in finding(self._searching, everything, found):
            yield looked
        self.total = looked
        yield from self.order(found)

    def order(self, cards: list[Card]) -> Iterator[int]:
        """Sort cards in place by the present column; gives now and then how many were looked at."""
        if self.sort is None:
            return
        sorted_cards: list[Card] = []
        yield from ordering(self._searching, cards, self.sort, sorted_cards, descending=self.descending)
        cards[:] = sorted_cards

    def show(self, text: str, found: list[Card], *, done: bool = True) -> None:
        """Take what a search found, or has found so far. Once it is done, marks on cards that were not found are taken
        off: nothing unseen is acted on.
        """
        self.text, self.query, self.cards = text, parse(text), found
        if self.marked and done:
            self.marked &= {card.id for card in found}

    def said_of(self, text: str, found: Sequence[Card]) -> str:
        """What a learner should know of a finished search, in sentences: a name in it that nothing has, what the
        journal cannot know; empty mostly.
        """
        query = parse(text)
        unknown: UsageError | None = None if found else misnamed(query, self.collection.library)
        said = unknowable(self.collection, query)
        if unknown is not None:
            message = f"{unknown.message[:1].upper()}{unknown.message[1:]}"
            said = (f"{message}. {unknown.remedy}", *said)
        return " ".join(said)

    # ---- looking

    def look(self, card: Card) -> Found:
        """A card with its state as it is shown."""
        return self._look(card)[1]

    def cell(self, card: Card, column: Column) -> str:
        """What a column shows of a card."""
        _, found, cells = self._look(card)
        text = cells.get(column)
        if text is None:
            text = cells[column] = cell(found, column)
        return text

    def question(self, card: Card) -> str:
        """A card's question on one line."""
        return question_line(card, self.look(card).state.reps)

    def _look(self, card: Card) -> tuple[Card, Found, dict[Column, str]]:
        known = self._looked.get(card.id)
        if known is None or known[0] is not card:
            if len(self._looked) >= MOST_LAID_OUT:
                self._looked.clear()
            known = self._looked[card.id] = card, self._searching.look(card), {}
        return known

    def reread(self, cards: Iterable[str]) -> None:
        """Look at some cards again: something happened to them."""
        changed = list(cards)
        self._searching.reread(changed)
        for card in changed:
            self._looked.pop(card, None)
        self._as_of = _end(self.collection)

    # ---- marks

    def chosen(self) -> list[Card]:
        """The marked cards in the order in which they are shown; without marks, the card at the arrow."""
        if self.marked:
            return [card for card in self.cards if card.id in self.marked]
        return [card for card in self.cards if card.id == self.at][:1]

    def query_of_chosen(self) -> Query:
        """A query that finds the marked cards; without marks, the one that found all that are shown."""
        return These(frozenset(self.marked)) if self.marked else self.query

    # ---- acting

    def act(self, act: Act, cards: Sequence[Card], *, elsewhere: bool = False) -> Acted:
        """Do something to cards as one action of the journal; `elsewhere` where a thread asks.

        The caller goes on with `reread` in the thread of the screen.

        Raises:
            UsageError: what was asked for means nothing.
            StoreError: it could not be stored; nothing has happened.
        """
        ids = [card.id for card in cards]
        if not elsewhere:
            return act(self.collection, ids)
        with apart(self.collection) as own:
            return act(own, ids)

    def undo(self, acted: Acted, *, elsewhere: bool = False) -> None:
        """Take an action back; `elsewhere` where a thread asks.

        Raises:
            StoreError: it could not be stored; nothing has happened.
        """
        if not elsewhere:
            batch.undo(self.collection, acted)
            return
        with apart(self.collection) as own:
            batch.undo(own, acted)

    # ---- how fresh it is

    def _drop_old_states(self) -> None:
        """Forget the states where the journal has grown since, by a review or by another program."""
        if self._states is not None and self._as_of != _end(self.collection):
            self._states = None

    def _search_anew(self) -> None:
        self._searching = Searching(self.collection, self._words, states=self._states)
        self._looked.clear()


def _end(collection: Collection) -> EventId | None:
    last = collection.journal.last_event()
    return None if last is None else last.id
