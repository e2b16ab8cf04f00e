"""How many cards a day, over all decks and in each."""

from __future__ import annotations

from collections.abc import Mapping

from nlpcards.core.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How many cards a day over all decks: `new` ones introduced and `reviews` of cards out of the learning steps."""

    new: int = 20
    reviews: int = 200


@dataclass(frozen=True, slots=True)
class DeckLimits:
    """How many cards of one deck a day, within the limits over all decks; None sets no limit of its own."""

    new: int | None = None
    reviews: int | None = None


class Room:
    """What is left of a day's limit while cards are chosen."""

    def __init__(self, limit: int, deck_limits: Mapping[str, int | None], used: Mapping[str, int]) -> None:
        """The limit over all decks, those of single decks, and how many cards of each deck the day has had already."""
        self._all = max(0, limit - sum(used.values()))
        self._decks = {deck: max(0, own - used.get(deck, 0)) for deck, own in deck_limits.items() if own is not None}

    @property
    def left(self) -> int:
        """How many cards may be taken over all decks."""
        return self._all

    def cap(self, most: int) -> None:
        """Let no more than `most` further cards in."""
        self._all = min(self._all, max(0, most))

    def has(self, deck: str) -> bool:
        """Whether a card of a deck may be taken."""
        return self._all > 0 and self._decks.get(deck, 1) > 0

    def take(self, deck: str) -> None:
        """Take a card of a deck for which there is room."""
        self._all -= 1
        if deck in self._decks:
            self._decks[deck] -= 1
