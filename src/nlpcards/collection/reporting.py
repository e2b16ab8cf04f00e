"""Statistics written into a file that a browser opens."""

from __future__ import annotations

from pathlib import Path

from nlpcards.collection.collection import Collection
from nlpcards.core.stats.overview import Statistics
from nlpcards.decks.saving import put
from nlpcards.render.report import report


def write_report(collection: Collection, found: Statistics, path: Path) -> None:
    """Write statistics as one HTML file; a file that is there is replaced only by a whole one.

    Raises:
        NlpcardsError: it cannot be written there.
    """
    titles = {deck.id: deck.title for deck in collection.library.decks.values()}
    put(path, report(found, title_of=titles).encode(), "the report")
