"""How much a deck file may hold and its reading may cost, so that one that means harm is known as such in an instant.

All bounds lie far beyond what people write. Work is counted and never timed: what a file gives is the same everywhere.
"""

from __future__ import annotations

from typing import NoReturn

from nlpcards.decks.source import SourceText

MAXIMUM_DEPTH = 12
"""How deep lists and mappings may nest. At some 30,000 libyaml crashes the process, so depth is counted on events."""

MOST_LINES = 400_000
"""How many lines a file may have: twice as many as 8 MiB of real notes."""

MOST_ENTRIES = 30_000
"""How many entries one list or mapping may have, the list of notes among them: 8 MiB hold 20,000 real ones."""

MOST_VALUES = 300_000
"""How many keys, values, lists and mappings are parsed, those counted again that are read again after a mistake. 10,000
real notes with mistakes among them, or 8 MiB without, need fewer.
"""

LONGEST_TEXT = 20_000
"""How many characters a text may have: ten printed pages. What reads texts closely may then cost their square."""

PARSER = 10
"""To begin a parser takes as long as so many values; after a mistake there is one for each note."""


def check_lines(source: SourceText) -> None:
    """Give a file up that has more lines than any deck.

    Raises:
        GivenUp: it has more than `MOST_LINES`.
    """
    lines = source.text.count("\n")
    if lines > MOST_LINES:
        source.give_up(
            0,
            "D009",
            f"the file has {lines:,} lines, more than the {MOST_LINES:,} that a deck may have",
            "Split it into several decks, or see whether it is a deck at all.",
        )


def count_values(source: SourceText, number: int) -> None:
    """Account for values that were parsed.

    Raises:
        GivenUp: there were more than `MOST_VALUES`.
    """
    source.values_read += number
    if source.values_read > MOST_VALUES:
        source.give_up(
            0,
            "D009",
            f"the file has more than {MOST_VALUES:,} keys and values, or too many mistakes for as many to be read",
            "Split it into several decks, or see whether it is a deck at all.",
        )


def too_many_entries(source: SourceText, index: int, what: str = "entries in this list or mapping") -> NoReturn:
    """Give a file up for a list or a mapping of more than `MOST_ENTRIES`.

    Raises:
        GivenUp: always.
    """
    source.give_up(
        index,
        "D009",
        f"there are more than {MOST_ENTRIES:,} {what}, which is too many for one deck",
        "Split it into several decks.",
    )


def too_long(source: SourceText, start: int, end: int) -> None:
    """Note that the text between two indexes is longer than `LONGEST_TEXT`."""
    source.error(
        start,
        "D114",
        f"this text has {end - start:,} characters, more than the {LONGEST_TEXT:,} that a text may have",
        "Make several notes of it, or see whether the quote that ends it is missing.",
    )
