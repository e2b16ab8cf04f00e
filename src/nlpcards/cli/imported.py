"""What importing a text and importing Anki's file have in common: where decks go, and how the outcome is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from nlpcards.cli.context import put, say
from nlpcards.collection.home import default_home
from nlpcards.core.errors import UsageError
from nlpcards.core.words import count

MOST_NAMED = 20
"""How many of those left out are named; `--json` has them all."""


def folder_for(into: Path | None) -> Path:
    """The folder that new decks go to: the one named, else the learner's own.

    Raises:
        UsageError: there is a file of that name.
    """
    folder = into or default_home().decks
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            f"{folder} is no folder", place="--into", remedy="Name the folder that the decks are to go to."
        )
    return folder


def tell(remarks: Iterable[str], left_out: Sequence[str], more: str, files: Iterable[str]) -> None:
    """Say what is to be said of the file as a whole, what was left out of it (of many, the first, then `more` after how
    many there are beside), and print the deck files.
    """
    for remark in remarks:
        say(remark)
    for each in left_out[:MOST_NAMED]:
        say(f"{each}.")
    if len(left_out) > MOST_NAMED:
        say(f"{len(left_out) - MOST_NAMED:,} more {more}; `--json` lists them all.")
    for path in files:
        put(path)


def added(notes: int, cards: int, *, dry_run: bool) -> list[str]:
    """The words for notes that came, none where there is none."""
    would = " would be" if dry_run else ""
    return [f"{count(notes, 'note')} with {count(cards, 'card')}{would} added"] if notes else []


def copied(files: int, *, dry_run: bool) -> list[str]:
    """The words for media that came, none where there is none."""
    return [f"{count(files, 'file')} {'to copy' if dry_run else 'copied'}"] if files else []


def there_already(notes: int) -> list[str]:
    """The words for notes that were here, none where there is none."""
    return [f"{count(notes, 'note')} there already"] if notes else []


def conclude(file: Path, said: Sequence[str]) -> None:
    """Say what importing a file came to."""
    say(f"{file}: {', '.join(said) or 'nothing to import'}.")
