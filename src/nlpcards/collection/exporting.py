"""Exporting to Anki: which decks, and the times by which Anki tells a changed note from one it has."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nlpcards.anki.export import Report, deck_names, package
from nlpcards.anki.history.identities import Origins, is_alias_of_anki
from nlpcards.anki.history.writing import History
from nlpcards.collection.collection import Collection
from nlpcards.collection.searching import EVERYTHING, Searching
from nlpcards.core.cards import Card, Deck, note_of
from nlpcards.core.errors import NlpcardsError, NothingToDo, reason_of
from nlpcards.core.fold import roots
from nlpcards.core.journal import Seen
from nlpcards.core.search.tree import Query, written


@dataclass(frozen=True, slots=True)
class Wish:
    """What goes into a package besides the notes: `history` is schedules, review log and what shapes memory, `media`
    the pictures' files.
    """

    history: bool = False
    media: bool = True


MADE_BEFORE = "anki-fields.sqlite"
"""The file in the cache folder in which fields are remembered from one export to the next."""

PLAIN = Wish()
"""Notes with their pictures, as new cards."""


def export(
    collection: Collection,
    out: Path,
    decks: Iterable[str] = (),
    progress: Callable[[int, int], None] | None = None,
    query: Query = EVERYTHING,
    cards: Container[str] | None = None,
    wish: Wish = PLAIN,
) -> Report:
    """Write an Anki package of some decks (all where none is named): their notes that have a card that meets a query,
    or one of some `cards`, unless that is None.

    What a note says now is noted in the journal the first time it is exported so; that time is the note's `mod` in
    the package, so that Anki updates what changed and leaves the rest.

    Raises:
        NothingToDo: there is no note in them.
        NlpcardsError: the package or the journal cannot be written.
    """
    exported = notes_to_export(collection, decks, query, cards)
    times = Times(collection)
    return package(
        exported,
        out,
        mod=times.mod,
        root_of=root_of(collection),
        progress=progress,
        before_placing=times.note_down,
        history=history_of(collection) if wish.history else None,
        media=wish.media,
        names=deck_names(collection.library.decks.values()),
        cache=collection.home.cache / MADE_BEFORE,
        origins=Origins(collection.journal.present_names()),
    )


def export_each(
    collection: Collection,
    folder: Path,
    decks: Iterable[str] = (),
    query: Query = EVERYTHING,
    wish: Wish = PLAIN,
) -> Iterator[tuple[Path, Report]]:
    """Write one package for each deck that has notes to export, `DECK.apkg` in a folder, which is made where it is
    missing; gives each as it is written. They say together what one package of all would say.

    Raises:
        NothingToDo: there is no note in them.
        NlpcardsError: a package or the journal cannot be written; the packages given before are whole and stay.
    """
    exported = [deck for deck in notes_to_export(collection, decks, query) if deck.notes]
    if not exported:
        raise NothingToDo("there is no note to export", remedy="Choose decks or a search that has notes.")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise NlpcardsError(
            f"the folder cannot be made ({reason_of(error)})",
            place=str(folder),
            remedy="Name a folder, in one that exists and that you may write to.",
        ) from error
    names, root = deck_names(collection.library.decks.values()), root_of(collection)
    origins = Origins(collection.journal.present_names())
    history = history_of(collection) if wish.history else None
    for deck in exported:
        times = Times(collection)
        out = folder / f"{deck.id}.apkg"
        yield (
            out,
            package(
                [deck],
                out,
                mod=times.mod,
                root_of=root,
                before_placing=times.note_down,
                history=history,
                media=wish.media,
                names=names,
                cache=collection.home.cache / MADE_BEFORE,
                origins=origins,
            ),
        )


def history_of(collection: Collection) -> History:
    """What Anki is told of the past, as the journal and the clock have it now."""
    rollover, now = collection.settings.rollover, collection.now()
    return History(
        of=collection.journal.histories,
        timeline=collection.journal.timeline,
        today=now.day,
        day_of=lambda ms: collection.clock.day_of(ms, rollover),
        now_ms=now.ms,
    )


def notes_to_export(
    collection: Collection, decks: Iterable[str], query: Query = EVERYTHING, cards: Container[str] | None = None
) -> list[Deck]:
    """The decks to export, with only the notes that are asked for (see `export`).

    Raises:
        NothingToDo: nothing meets the query.
    """
    chosen = collection.chosen(decks)
    exported = [deck for deck in collection.library.decks.values() if deck.id in chosen]
    if query != EVERYTHING:
        exported = _meeting(query, exported, collection)
    if cards is not None:
        exported = _having(exported, lambda card: card.id in cards)
        if not exported:
            raise NothingToDo("none of these cards is in a deck now", remedy="Search again.")
    return exported


def _meeting(query: Query, decks: list[Deck], collection: Collection) -> list[Deck]:
    """The decks with only the notes that have a card that meets a query, those with none left out."""
    with Searching(collection) as searching:
        found = _having(decks, searching.test(query))
    if not found:
        raise NothingToDo(f"no card to export meets `{written(query)}`", remedy="See what does with `nlpcards browse`.")
    return found


def _having(decks: list[Deck], is_one: Callable[[Card], bool]) -> list[Deck]:
    """The decks with only the notes that have such a card, those without any left out."""
    kept = [replace(deck, notes=tuple(note for note in deck.notes if any(map(is_one, note.cards())))) for deck in decks]
    return [deck for deck in kept if deck.notes]


class Times:
    """When each note's present content in Anki was first seen, as the journal knows it and as this export adds."""

    def __init__(self, collection: Collection) -> None:
        self._journal = collection.journal
        self._known = collection.journal.seen_notes()
        self._now = collection.now()
        self._fresh: list[Seen] = []

    def mod(self, note: str, content: str) -> int:
        """The time, in seconds since 1970 UTC, at which a note's content was first seen; strictly later than any
        before.
        """
        seen = self._known.get(note)
        if seen is None or seen.content != content:
            seen = Seen(note, content, max(self._now.ms // 1000, seen.mod + 1 if seen else 0))
            self._fresh.append(seen)
        return seen.mod

    def note_down(self) -> None:
        """Note in the journal, as one action, what was seen for the first time.

        Before the package can be imported: Anki must never have a time that the journal does not know.
        """
        self._journal.append(self._fresh, self._now)


def root_of(collection: Collection) -> Callable[[str], str]:
    """The first id that a note or a card ever had, through the renames that the journal knows.

    A note that is one Anki note goes by its cards: where one of them has the key that it had in another note, the note
    was called so, but a card that got another key tells nothing of its note.
    """
    # What Anki calls a card that came from there is no id of ours, so no GUID of ours is made of it.
    cards = roots(event for event in collection.journal.renames() if not is_alias_of_anki(event.body))
    notes: dict[str, str] = {}
    for present, first in cards.items():
        note, _, key = present.partition("#")
        if first.endswith(f"#{key}"):
            notes.setdefault(note, note_of(first))

    def root(name: str) -> str:
        return (cards if "#" in name else notes).get(name, name)

    return root
