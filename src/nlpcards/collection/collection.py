"""One learner's decks and journal together: everything a face can ask for, as values. It never prints."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Collection as Container
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nlpcards.collection.clock import Clock
from nlpcards.collection.home import Home
from nlpcards.collection.planning import place, planned
from nlpcards.collection.taste import Taste, read_taste
from nlpcards.core.balance import Place
from nlpcards.core.cards import Card
from nlpcards.core.closing import Closing
from nlpcards.core.days import MS_PER_DAY, Moment
from nlpcards.core.errors import StoreError, UsageError
from nlpcards.core.journal import Alias
from nlpcards.core.memory import Settings
from nlpcards.core.queue import DAILY, Plan, Purpose
from nlpcards.core.state import CardState
from nlpcards.decks.cache import DeckCache
from nlpcards.decks.library import Library, load
from nlpcards.store.identity import fingerprint
from nlpcards.store.journal_file import Journal

if TYPE_CHECKING:
    from nlpcards.collection.roadmap.knowing import Knowing
    from nlpcards.collection.today import Today

_CLOCK_BEHIND_MS = 60_000
_CLOCK_AHEAD_DAYS = 60


class Collection(Closing):
    """A learner's library and journal, open. Close it, or use it in a `with`."""

    def __init__(
        self,
        home: Home,
        journal: Journal,
        library: Library,
        taste: Taste,
        clock: Clock,
        places: Sequence[Path],
        cache: DeckCache | None = None,
    ) -> None:
        self.home = home
        self.journal = journal
        self.library = library
        self.taste = taste
        self.clock = clock
        self._places = tuple(places)
        self._cache = cache

    @classmethod
    def open(
        cls, home: Home, places: Sequence[Path] = (), clock: Clock | None = None, *, read_only: bool = False
    ) -> Collection:
        """Open a learner's collection; `places` are deck files or folders that replace the default ones.

        Raises:
            NlpcardsError: the journal cannot be opened, a place does not exist, the configuration is wrong.
        """
        clock = clock or Clock()
        taste = read_taste(home.settings)
        cache = _cache(home)
        library = load_library(home, places, cache)

        def journal(*, readonly: bool) -> Journal:
            return Journal.open(home.journal, clock.now(0).ms, fingerprint(home.journal), readonly=readonly)

        reading = read_only and home.journal.exists()
        collection = cls(home, journal(readonly=reading), library, taste, clock, places, cache)
        if not reading:
            collection._adopt_renames()
            # A place for one's own decks, to be found before one looks for it; without it all else works.
            with suppress(OSError):
                home.decks.mkdir(exist_ok=True)
        elif collection._renames():
            # Seeing a rename for the first time writes it down, even where one only looks; if it can be written.
            try:
                writing = journal(readonly=False)
            except StoreError:
                return collection
            collection.journal.close()
            collection.journal = writing
            collection._adopt_renames()
        return collection

    def _renames(self) -> list[Alias]:
        """What `was` says of former ids and the journal does not know yet."""
        renamed = self.library.renamed()
        if not renamed:
            return []
        # Two claimants of one id, or one of a card that is there, are an error: then nothing is taken from anyone. What
        # a note says itself comes before what only follows from several renames.
        cards = [card for note in renamed for card in note.cards()]
        formers = {card.id: card.former_ids() for card in cards}
        said = {card.id: frozenset(card.said_ids()) for card in cards}
        sayings = Counter(former for those in said.values() for former in those)
        claims = Counter(former for those in formers.values() for former in those)
        known = self.journal.present_names()
        return [
            Alias(card, former)
            for card, those in formers.items()
            for former in those
            if (sayings[former] == 1 if former in said[card] else claims[former] == 1)
            and known.get(former) != card
            and not self.library.has_card(former)
        ]

    def _adopt_renames(self) -> None:
        """Note the renames that `was` tells of, so that a fold needs the journal alone."""
        self.journal.append(self._renames(), self.now())

    def close(self) -> None:
        """Close the journal, and keep what was read of the decks for the next time."""
        self.journal.close()
        self.keep_decks()

    def keep_decks(self) -> None:
        """Keep what was read from deck files for the next time (see `cache.DeckCache`), where that is still to be done.

        It takes a while where many were read, so it is for when nobody waits; it may run in a thread of its own.
        """
        if self._cache is not None:
            self._cache.keep()

    def reload(self) -> None:
        """Read the decks again; what cannot be read now stays as it was last read."""
        self.library = load_library(self.home, self._places, self._cache).keeping(self.library)
        self._adopt_renames()

    @property
    def places(self) -> tuple[Path, ...]:
        """The deck files and folders that were named in place of the default ones; empty where none was."""
        return self._places

    @property
    def settings(self) -> Settings:
        """All that shapes memory, as the journal has it now."""
        return self.journal.timeline.now

    def now(self) -> Moment:
        """The present moment, on the learner's study day."""
        return self.clock.now(self.settings.rollover)

    def clock_doubt(self) -> str | None:
        """A question to ask before anything is written, where the clock disagrees with the journal; None where all is
        well.
        """
        event = self.journal.last_event()
        if event is None:
            return None
        last = event.at_ms
        now = self.now().ms
        if now < last - _CLOCK_BEHIND_MS:
            behind = (last - now) / MS_PER_DAY
            return f"This computer's clock is {_span(behind)} behind your last answer; is it right?"
        if now > last + _CLOCK_AHEAD_DAYS * MS_PER_DAY:
            return f"This computer's clock is {_span((now - last) / MS_PER_DAY)} past your last answer; is it right?"
        return None

    def chosen(self, decks: Iterable[str]) -> frozenset[str]:
        """The ids of decks named by a learner (all where none is named); an id, or the start of one that only one
        deck has.

        Raises:
            UsageError: no deck is called so, or several begin so.
        """
        known = self.library.decks
        names = list(decks)
        if not names:
            return frozenset(known)
        found = set()
        for name in names:
            starts = [name] if name in known else [deck for deck in known if deck.startswith(name)]
            if len(starts) != 1:
                some = ", ".join(starts or known) or "none; see `nlpcards decks`"
                what = f"several decks begin with {name}" if starts else f"there is no deck {name}"
                raise UsageError(what, remedy=f"{'They are' if starts else 'Decks'}: {some}.")
            found.add(starts[0])
        return frozenset(found)

    def card(self, name: str) -> Card:
        """The card of an id, or the first card of a note id.

        Raises:
            UsageError: there is no such card.
        """
        card = self.library.card(name)
        if card is not None:
            return card
        note = self.library.note(name)
        if note is None:
            remedy = "Ids look like `lstm/forget-gate-role#qa`; `nlpcards show lstm` lists a deck's."
            raise UsageError(f"there is no card or note {name}", remedy=remedy)
        return note.cards()[0]

    def state(self, card: str) -> CardState:
        """The present state of a card."""
        return self.journal.state(card)

    def plan(
        self,
        decks: Container[str],
        now: Moment | None = None,
        chosen: Callable[[Card], bool] | None = None,
        purpose: Purpose = DAILY,
        *,
        explicit: bool = False,
    ) -> Plan:
        """What is to be asked today, or for another purpose, from some decks, of the cards that are `chosen` there
        (None: of all). Where the learner named cards (`explicit`) or fewer than all decks, no track holds their new
        ones back.
        """
        return planned(self, decks, now or self.now(), chosen, purpose, explicit=explicit)

    @cached_property
    def knowing(self) -> Knowing:
        """What is known of each topic, and which are open."""
        from nlpcards.collection.roadmap.knowing import Knowing

        return Knowing(self)

    def place(self, day: int) -> Place | None:
        """How the next intervals are placed on a study day (see `planning.place`)."""
        return place(self, day)

    def day_ends_ms(self, day: int) -> int:
        """The instant at which a study day ends, in ms since 1970 UTC."""
        return self.clock.start_ms(day + 1, self.settings.rollover)

    def today(self, decks: Iterable[str] = ()) -> Today:
        """Where the learner stands now (see `collection.today`)."""
        from nlpcards.collection.today import today

        return today(self, decks)

    @contextmanager
    def apart(self) -> Iterator[Collection]:
        """The same decks and the same journal through a connection of its own, only to read: for a thread that counts
        while a screen goes on.

        Raises:
            StoreError: the journal cannot be read.
        """
        path = self.journal.path
        with Journal.open(path, 0, fingerprint(path), readonly=True) as journal:
            yield Collection(self.home, journal, self.library, self.taste, self.clock, self._places)


def load_library(home: Home, places: Sequence[Path], cache: DeckCache | None = None) -> Library:
    """The library of some places, or of the bundled decks, the learner's folder and `./decks`; read through a cache,
    which is to be told to keep what it read.
    """
    through = cache or _cache(home)
    more = () if places else home.deck_places()
    return load(places, more=more, read=through.read, read_roadmaps=through.read_roadmaps)


def _cache(home: Home) -> DeckCache:
    return DeckCache(home.deck_cache, time.time_ns)


def _span(days: float) -> str:
    if days >= 2:
        return f"{days:.0f} days"
    hours = days * 24
    return f"{hours:.0f} hours" if hours >= 2 else f"{max(1, hours * 60):.0f} minutes"
