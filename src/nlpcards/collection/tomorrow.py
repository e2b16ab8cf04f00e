"""What comes on the next study day, as things stand now."""

from __future__ import annotations

from dataclasses import dataclass

from nlpcards.collection.collection import Collection
from nlpcards.collection.estimating import Estimate, about, estimate
from nlpcards.core.days import Moment
from nlpcards.core.queue import Counts
from nlpcards.core.words import count


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """Distinct cards that will be asked of all decks, and about how long they take by one's own answer times."""

    counts: Counts
    takes: Estimate


def tomorrow(collection: Collection) -> Tomorrow:
    """What the next study day's plan would be; answers still given today change it."""
    now = collection.now()
    begins = Moment(collection.day_ends_ms(now.day), now.day + 1)
    counts = collection.plan(collection.chosen(()), begins).counts
    return Tomorrow(counts, estimate(collection, counts, now.day))


def in_words(coming: Tomorrow) -> str:
    """One sentence: `Tomorrow: 12 reviews and 20 new cards, about 9 min.`"""
    counts = coming.counts
    if not counts.total:
        return "Tomorrow: nothing."
    parts = [
        *([count(counts.review, "review")] if counts.review else []),
        *([f"{counts.learning:,} on the steps"] if counts.learning else []),
        *([count(counts.new, "new card")] if counts.new else []),
    ]
    listed = " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]
    return f"Tomorrow: {listed}, {about(coming.takes)}."
