"""What changed in the decks since the learner last looked on an earlier day.

What the decks say is kept as hashes in the cache folder, one file for each set of places that decks are read from: as
it was seen last on an earlier study day, and as it was seen last on the latest. Where the file is missing or means
nothing there is nothing to compare with, and the next day there is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlpcards.core.cards import Note, digest
from nlpcards.core.days import date_of
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.words import count
from nlpcards.decks.library import Library
from nlpcards.decks.saving import put

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection

FORMAT = 1
"""The number of what a note's hash is made of, and of the file's shape; another one compares with nothing."""

NAMED = 3
"""So many decks are named in a sentence, at most."""

Snapshot = Mapping[str, Mapping[str, str]]
"""What decks say: for each deck its notes with their hashes, by ids."""


@dataclass(frozen=True, slots=True)
class DeckChange:
    """How many notes of a deck were added, edited, renamed and removed; `title` is what the learner calls it."""

    deck: str
    title: str
    added: int = 0
    edited: int = 0
    renamed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since the study day `since`, deck by deck; decks that did not change are left out."""

    since: int
    decks: tuple[DeckChange, ...]


def changes(collection: Collection) -> Changes | None:
    """What changed since an earlier study day, None where there is nothing to compare with; keeps what is there now
    for the days to come.

    A note that cannot be read now is not taken for removed. Where the cache cannot be written, only this is lost.
    """
    library, day = collection.library, collection.now().day
    path = _path(collection)
    before, latest = _read(path)
    now = snapshot(library, latest[1] if latest else {})
    if latest is not None and latest[0] < day:
        before = latest
    if latest != (day, now):
        _write(path, before, (day, now))
    if before is None or before[0] >= day:
        return None
    return Changes(before[0], tuple(compared(before[1], now, library)))


def snapshot(library: Library, known: Snapshot) -> dict[str, dict[str, str]]:
    """What a library says; notes that are `known` and cannot be read now stand as they were."""
    found = {deck.id: {note.id: _said(note) for note in deck.notes} for deck in library.decks.values()}
    unread = any(file.deck is None for file in library.files)
    for deck, notes in known.items():
        if deck not in found:
            if unread:
                found[deck] = dict(notes)
        elif any(file.has_errors for file in library.files_of(deck)):
            found[deck] = {**notes, **found[deck]}
    return found


def _said(note: Note) -> str:
    """A hash of what a note asks, answers and cites, and how it is sorted; where it stands in its file is no matter."""
    cards = (card.content() for card in note.cards())
    return digest(*cards, note.topic, *note.tags, *(f"{each.source.key} {each.where}" for each in note.cite))


def compared(before: Snapshot, now: Snapshot, library: Library) -> Iterable[DeckChange]:
    """The decks of which notes changed, in the library's order, those that are gone last."""
    gone = {f"{deck}/{note}" for deck, notes in before.items() for note in notes if note not in now.get(deck, {})}
    arrived = [f"{deck}/{note}" for deck, notes in now.items() for note in notes if note not in before.get(deck, {})]
    renamed: dict[str, str] = {}
    for name in arrived:
        note = library.note(name)
        former = gone.intersection(_formers(note)) if note and gone else set()
        if former:
            renamed[name] = min(former)
            gone -= {renamed[name]}
    for deck in dict.fromkeys((*now, *before)):
        fresh = [name for name in arrived if name.startswith(f"{deck}/")]
        old, new = before.get(deck, {}), now.get(deck, {})
        known = library.decks.get(deck)
        change = DeckChange(
            deck,
            known.title or deck if known else deck,
            sum(name not in renamed for name in fresh),
            sum(old[note] != said for note, said in new.items() if note in old),
            sum(name in renamed for name in fresh),
            sum(name.startswith(f"{deck}/") for name in gone),
        )
        if change.added or change.edited or change.renamed or change.removed:
            yield change


def _formers(note: Note) -> Iterable[str]:
    yield from note.was
    for deck in note.deck_was:
        yield f"{deck}/{note.id}"


def in_words(found: Changes, today: int) -> str:
    """One sentence, such as `Since yesterday: LSTM gates 2 notes added, 1 edited; Attention 1 note removed.`"""
    named = [f"{change.title} {_told(change)}" for change in found.decks[:NAMED]]
    if len(found.decks) > NAMED:
        named.append(f"and {count(len(found.decks) - NAMED, 'other deck')}")
    return f"{_since(found.since, today)}: {'; '.join(named) or 'no deck changed'}."


def _told(change: DeckChange) -> str:
    each = [
        (number, what)
        for number, what in (
            (change.added, "added"),
            (change.edited, "edited"),
            (change.renamed, "renamed"),
            (change.removed, "removed"),
        )
        if number
    ]
    (first, what), *rest = each
    return ", ".join((f"{count(first, 'note')} {what}", *(f"{number:,} {what}" for number, what in rest)))


def _since(day: int, today: int) -> str:
    return "Since yesterday" if day == today - 1 else f"Since {date_of(day).isoformat()}"


Seen = tuple[int, Snapshot]
"""A study day, and what the decks said when they were last looked at on it."""


def _path(collection: Collection) -> Path:
    places = collection.places or collection.home.deck_places()
    return collection.home.cache / f"decks-{digest(*(os.path.realpath(place) for place in places))}.json"


def _read(path: Path) -> tuple[Seen | None, Seen | None]:
    """What is kept of an earlier day and of the latest."""
    try:
        kept: Any = json.loads(path.read_text("utf-8"))
        if kept["format"] != FORMAT:
            return None, None
        return _seen(kept["before"]), _seen(kept["latest"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, None


def _seen(kept: Any) -> Seen | None:
    if kept is None:
        return None
    decks = {str(deck): {str(note): str(said) for note, said in notes.items()} for deck, notes in kept["decks"].items()}
    return int(kept["day"]), decks


def _write(path: Path, before: Seen | None, latest: Seen) -> None:
    def kept(seen: Seen | None) -> dict[str, object] | None:
        return None if seen is None else {"day": seen[0], "decks": seen[1]}

    text = json.dumps({"format": FORMAT, "before": kept(before), "latest": kept(latest)}, separators=(",", ":"))
    # It is a convenience: where it cannot be kept, the next day tells of fewer changes.
    with suppress(OSError, NlpcardsError):
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, text.encode(), "what the decks said")
