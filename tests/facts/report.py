"""Prints, for each bundled deck, how much of it is sourced and computed, and what its second reader changed.

Run it as `python -m tests.facts.report`; `--write` puts the table into docs/decks.md.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from nlpcards.core.cards import Deck
from nlpcards.decks.library import load
from tests.facts.conftest import load_notes
from tests.support.bundled import DECK_FILES
from tests.support.proofs import facts_of, numeric_notes, proved

READINGS = Path(__file__).with_name("second_readings.csv")
PAGE = Path(__file__).parents[2] / "docs" / "decks.md"

HEAD = """# The bundled decks

Notes and cards; the share of notes with a primary source; the notes that state a number and how many of these a test
computes from first principles (the others are quoted from a named place of their source); and what the deck's second
reader, who had not written it, read, changed, removed and added. Made by `python -m tests.facts.report --write`.

"""


class Reading(NamedTuple):
    """What a deck's second reader did, in notes."""

    read: int
    changed: int
    removed: int
    added: int


class Row(NamedTuple):
    """A deck's line of the report."""

    deck: str
    notes: int
    cards: int
    sourced: int
    numeric: int
    computed: int
    reading: Reading | None


def readings() -> dict[str, Reading]:
    """The second readings by deck."""
    with READINGS.open(encoding="utf-8", newline="") as file:
        return {row["deck"]: Reading(*(int(row[column]) for column in Reading._fields)) for row in csv.DictReader(file)}


def rows() -> Iterator[Row]:
    """A row for each bundled deck."""
    library = load([DECK_FILES[0].parent])
    done = readings()
    for path in DECK_FILES:
        deck: Deck = library.decks[path.stem]
        notes = load_notes(path.stem)
        numeric = numeric_notes(path.stem)
        yield Row(
            path.stem,
            len(deck.notes),
            sum(1 for _ in deck.cards()),
            sum("cite" in note for note in notes.values()),
            len(numeric),
            len(numeric & proved(facts_of(path.stem))),
            done.get(path.stem),
        )


def table(found: Sequence[Row]) -> str:
    """The report as a Markdown table with its sums."""
    lines = [
        "| deck | notes | cards | sourced | numeric notes | computed | second reader: read, changed, removed, added |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for row in found:
        reading = "–" if row.reading is None else ", ".join(map(str, row.reading))
        lines.append(
            f"| {row.deck} | {row.notes} | {row.cards} | {_share(row.sourced, row.notes)} | {row.numeric} "
            f"| {_share(row.computed, row.numeric)} | {reading} |"
        )
    sums = [sum(row[column] for row in found) for column in range(1, 6)]  # type: ignore[misc]
    notes, cards, sourced, numeric, computed = sums
    every = [row.reading for row in found if row.reading is not None]
    total = ", ".join(str(sum(reading[column] for reading in every)) for column in range(4))
    lines.append(
        f"| **all {len(found)}** | {notes} | {cards} | {_share(sourced, notes)} | {numeric} "
        f"| {_share(computed, numeric)} | {total} |"
    )
    return "\n".join(lines) + "\n"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


def main(words: Sequence[str]) -> None:
    """Print the report, or write it."""
    text = HEAD + table(list(rows()))
    if "--write" in words:
        PAGE.write_text(text, "utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main(sys.argv[1:])
