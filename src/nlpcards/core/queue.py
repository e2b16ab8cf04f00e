"""What is to be asked on a study day: learning, review and new cards within the day's limits, siblings kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.state import CardState, Interval, New, Steps

NEW_SIBLINGS_A_DAY = 3
"""How many new cards of one note are introduced on a study day at most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many cards a day: `new` ones introduced and `reviews` of cards out of the learning steps."""

    new: int = 20
    reviews: int = 200


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
    """A study day's cards, by their ids.

    `learning` holds cards on the steps with the instant each comes back (ms since 1970 UTC), earliest first;
    `reviews` and `new` are in the order in which they are asked. `held_back` counts due reviews that the limit left
    for later, `buried` cards kept apart from a sibling.
    """

    learning: tuple[tuple[int, str], ...] = ()
    reviews: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    held_back: int = 0

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


def shuffle_key(card: str, day: int) -> bytes:
    """A key that mixes the cards of one due day: even, and the same on every machine that day."""
    return blake2b(f"{day}\n{card}".encode(), digest_size=8).digest()


def plan(
    states: Mapping[str, CardState],
    new: Iterable[str],
    *,
    day: int,
    day_ends_ms: int,
    limits: Limits = Limits(),
    wanted: Callable[[str], bool] = lambda _: True,
    ready: Callable[[str], bool] = lambda _: True,
) -> Plan:
    """The plan of a study day.

    `states` are the cards that were answered ever and may be asked on this day, answered today or due; others do no
    harm. `new` are cards in the order of introduction; those with a state that is not new are passed over.
    `day_ends_ms` is the instant of the next rollover: steps that end later belong to another day. `wanted` says
    whether a card is among those to ask at all (its deck was chosen, its note still exists); others count only for
    the limits and for their siblings. `ready` says whether a new card's prerequisites are met.

    Reviews come by due day, mixed within one, since that order remembered most in simulation. A note is reviewed
    through one of its cards a day; its others wait for the next day. What was already asked today counts against the
    limits.
    """
    learning: list[tuple[int, str]] = []
    due: list[tuple[int, bytes, str]] = []
    introduced: Counter[str] = Counter()
    taken: set[str] = set()
    reviewed_today = 0
    for card, state in states.items():
        if state.last_day == day:
            if state.first_day == day:
                introduced[note_of(card)] += 1
            elif not isinstance(state.schedule, Steps) or state.schedule.relearning:
                # A learning step left over from an earlier day is no review.
                reviewed_today += 1
            taken.add(note_of(card))
        if not state.asked_on(day) or not wanted(card):
            continue
        match state.schedule:
            case Steps(due_ms=due_ms):
                if due_ms < day_ends_ms:
                    learning.append((due_ms, card))
                    taken.add(note_of(card))
            case Interval(due=due_day):
                if due_day <= day:
                    due.append((due_day, shuffle_key(card, day), card))
            case New():
                pass
    held_back = 0
    reviews: list[str] = []
    room = max(0, limits.reviews - reviewed_today)
    for _, _, card in sorted(due):
        note = note_of(card)
        if note in taken:
            continue
        if len(reviews) == room:
            held_back += 1
        else:
            taken.add(note)
            reviews.append(card)
    fresh: list[str] = []
    room = max(0, limits.new - sum(introduced.values()))
    blocked = {note_of(card) for card in reviews}
    blocked |= {note for note in taken if note not in introduced}
    for card in new:
        if len(fresh) >= room:
            break
        note = note_of(card)
        known = states.get(card)
        if known is not None and not (isinstance(known.schedule, New) and known.asked_on(day)):
            continue
        if note not in blocked and introduced[note] < NEW_SIBLINGS_A_DAY and ready(card):
            introduced[note] += 1
            fresh.append(card)
    return Plan(tuple(sorted(learning)), tuple(reviews), tuple(apart(fresh)), held_back)


def apart(cards: Iterable[str]) -> list[str]:
    """The cards in nearly their order, with no two neighbours of one note where that can be had."""
    waiting = list(cards)
    ordered: list[str] = []
    while waiting:
        last = note_of(ordered[-1]) if ordered else None
        at = next((index for index, card in enumerate(waiting) if note_of(card) != last), 0)
        ordered.append(waiting.pop(at))
    return ordered
