"""Statistics written into a file that a browser opens."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from nlpcards.collection.collection import Collection
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.stats.overview import Statistics
from nlpcards.render.report import report


def write_report(collection: Collection, found: Statistics, path: Path) -> None:
    """Write statistics as one HTML file; a file that is there is replaced only by a whole one.

    Raises:
        NlpcardsError: it cannot be written there.
    """
    titles = {deck.id: deck.title for deck in collection.library.decks.values()}
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        draft.write_text(report(found, title_of=titles), "utf-8")
        os.replace(draft, path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        why = (error.strerror or str(error)).lower()
        raise NlpcardsError(
            f"the report cannot be written: {why}", place=str(path), remedy="Name another file, or free some space."
        ) from None
