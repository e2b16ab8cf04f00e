"""What a plan is made by and what it is: rules, purposes, counts, the plan itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field

from nlpcards.core.cards import deck_of
from nlpcards.core.dataclass import dataclass
from nlpcards.core.queue.arranging import Relations
from nlpcards.core.queue.limits import DeckLimits, Limits
from nlpcards.core.queue.order import Order


@dataclass(frozen=True, slots=True)
class Rules:
    """How a learner wants a day's cards chosen: taste, nothing that shapes memory.

    `decks` are limits of single decks by their ids. With `bury_siblings` a note is reviewed through one of its cards a
    day and its others wait for the next study day. `caught_up_by` is the study day by which a backlog is to be gone;
    None, or a day that is over, spreads nothing.
    """

    limits: Limits = field(default_factory=Limits)
    decks: Mapping[str, DeckLimits] = field(default_factory=dict)
    order: Order = Order.GAIN
    bury_siblings: bool = True
    caught_up_by: int | None = None


@dataclass(frozen=True, slots=True)
class Daily:
    """The day's work. `catch_up` spreads what is due over so many days, today being the first; it outweighs the
    rules' `caught_up_by`.
    """

    catch_up: int | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """Reviews that fall due within the next `days` days, besides those due. Only where it `counts` are answers stored
    and scheduled by.
    """

    days: int
    counts: bool = False
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Cram:
    """Every card, due or not, however often it was asked today, the weakest first. `counts` as in `Ahead`."""

    counts: bool = False
    minutes: float | None = None


Purpose = Daily | Ahead | Cram
"""What a session is for. `minutes` is the time there is for it (None: enough)."""


RULES = Rules()
"""What holds for a learner who prefers nothing."""

DAILY = Daily()
"""The day's work, all of it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Distinct cards still to be asked."""

    new: int = 0
    learning: int = 0
    review: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.new + self.learning + self.review

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.new + other.new, self.learning + other.learning, self.review + other.review)


@dataclass(frozen=True, slots=True)
class Plan:
    """A session's cards, by their ids.

    `learning` holds cards on the steps with the instant each comes back (ms since 1970 UTC), earliest first; `reviews`
    and `new` are in the order in which they are asked. `held_back` counts due reviews that a limit, a backlog's
    spreading or the time left for later. `relations` say who may follow whom; with `bury_siblings` an answer takes a
    note's other reviews out.
    """

    learning: tuple[tuple[int, str], ...] = ()
    reviews: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    held_back: int = 0
    relations: Relations = field(default_factory=Relations, compare=False, repr=False)
    bury_siblings: bool = True

    @property
    def counts(self) -> Counts:
        """Distinct cards of each sort."""
        return Counts(len(self.new), len(self.learning), len(self.reviews))

    def by_deck(self) -> dict[str, Counts]:
        """The counts of each deck that has a card in the plan."""
        new = Counter(map(deck_of, self.new))
        learning = Counter(deck_of(card) for _, card in self.learning)
        review = Counter(map(deck_of, self.reviews))
        return {deck: Counts(new[deck], learning[deck], review[deck]) for deck in {*new, *learning, *review}}
