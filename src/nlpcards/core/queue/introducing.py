"""Which new cards are introduced on a study day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.queue.arranging import Relations
from nlpcards.core.queue.limits import Room

NEW_SIBLINGS_A_DAY = 3
"""How many new cards of one note are introduced on a study day at most."""

CONFUSABLE_DAYS = 3
"""New cards of two confusable notes come more than so many days apart, unless nothing else is left to introduce."""


def introduced(
    candidates: Iterable[str],
    *,
    room: Room,
    today: Mapping[str, int],
    lately: Collection[str],
    blocked: Collection[str],
    ready: Callable[[str], bool],
    relations: Relations,
    fits: Callable[[], bool] = lambda: True,
) -> list[str]:
    """The new cards to introduce, taken from `candidates` in their order until there is no room.

    `today` counts the cards of each note introduced today already; `lately` are the notes with a card introduced today
    or within `CONFUSABLE_DAYS`. Notes in `blocked` wait: a sibling is asked today. `ready` says whether a card's
    prerequisites are met; `fits` takes a card's time, and says whether there was enough left.

    A card confusable with one introduced lately, or chosen before it, waits. Where the day would then introduce nothing
    at all, it no longer does; two that are confusable still do not come on one day.
    """
    siblings = Counter(today)
    near: set[str] = set()
    for note in lately:
        near |= relations.confusable.get(note, frozenset())
    found: list[str] = []

    def taken(candidates: Iterable[str]) -> list[str]:
        """Take what may be taken into `found`; gives what waits for a confusable note's sake alone."""
        waiting = []
        for card in candidates:
            if not room.left:
                break
            note, deck = note_of(card), deck_of(card)
            if note in blocked or siblings[note] >= NEW_SIBLINGS_A_DAY or not room.has(deck) or not ready(card):
                continue
            if note in near:
                waiting.append(card)
                continue
            if not fits():
                break
            siblings[note] += 1
            near.update(relations.confusable.get(note, ()))
            room.take(deck)
            found.append(card)
        return waiting

    waiting = taken(candidates)
    if not found and not today:
        near.clear()
        taken(waiting)
    return found
