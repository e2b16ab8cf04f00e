"""Decks to an Anki package.

The same decks with the same times give the same bytes. Importing such a package again updates, in place, the notes
whose content changed, and leaves Anki's schedule alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from nlpcards.anki.collection_file import Batch, CardRow, NoteRow, write_collection
from nlpcards.anki.helpers import Helpers
from nlpcards.anki.history.identities import NOWHERE, Origins
from nlpcards.anki.history.writing import History, Written, write_history
from nlpcards.anki.made_before import Made, MadeBefore
from nlpcards.anki.making import made_in_batches, maker
from nlpcards.anki.media import Media, Missing
from nlpcards.anki.names import deck_name, deck_number, guid
from nlpcards.anki.note_types import NOTE_TYPE, NoteType
from nlpcards.anki.package_file import replacing, write_zip
from nlpcards.core.cards import Deck, Note
from nlpcards.core.errors import NlpcardsError, NothingToDo
from nlpcards.decks.collector import without_collector

Progress = Callable[[int, int], None]
"""Told how many notes are done, of how many."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a package holds: Anki notes, cards, decks and pictures, and rows of the review log; the pictures that could
    not be taken, how many rows had no room beside others of the same instant, and how many were held back since their
    time has not come.
    """

    notes: int
    cards: int
    decks: int
    media: int
    missing: tuple[Missing, ...] = ()
    log_rows: int = 0
    crowded_out: int = 0
    held_back: int = 0


def package(
    decks: Sequence[Deck],
    out: Path,
    *,
    mod: Callable[[str, str], int],
    root_of: Callable[[str], str] = str,
    progress: Progress | None = None,
    before_placing: Callable[[], object] | None = None,
    history: History | None = None,
    media: bool = True,
    names: Mapping[str, str] | None = None,
    cache: Path | None = None,
    origins: Origins = NOWHERE,
    leave_out: Container[str] = frozenset(),
    processes: int | None = None,
) -> Report:
    """Write the notes of `decks` to the package `out`, replacing it in one step.

    `mod` gives for a note's full id and a hash of its present content in Anki the time at which that content was first
    seen, in unix seconds; it is asked once a note, and must grow with every change of the hash, a return to an earlier
    one included, since Anki takes only what is newer. `root_of` gives the first id that a note ever had, by which Anki
    knows it again after a rename. New cards come in the order of the notes. `before_placing` is called when the package
    is whole and not yet at `out`; where it fails, `out` stays as it was. With `history` the cards carry their schedule,
    and the package a review log and a preset of deck options. Without `media` pictures keep their names, but their
    files stay out. `names` are the decks' full names in Anki by their ids (see `deck_names`), where `decks` are
    not all that there are. In the file `cache` fields are remembered, so that only what changed is rendered again.
    `origins` says by which GUIDs Anki has notes that came from there; Anki's notes whose GUIDs are to be left out stay
    out. `processes` is how many others help to make notes (see `helpers`), None for as many as there is work for; the
    bytes of the package do not depend on it.

    Raises:
        NothingToDo: there is no note.
        NlpcardsError: `out` cannot be written, or two notes claim one root id; what was at `out` is then unchanged.
    """
    if not any(deck.notes for deck in decks):
        raise NothingToDo("there is no note to export", remedy="Choose decks or a search that has notes.")
    with replacing(out) as workshop:
        collection = workshop / "collection.anki2"
        exported = [deck for deck in decks if deck.notes]
        total = sum(len(deck.notes) for deck in exported)
        with (
            MadeBefore(cache) as before,
            Helpers(maker(exported, before.code), total, processes) as helpers,
            without_collector(),
        ):
            identity = Identity(root_of, origins)
            making = _Making(before, helpers)
            work = _Export(exported, mod, identity, progress, history, names or deck_names(decks), making, leave_out)
            write_collection(collection, work.batches(), work.numbers, work.note_types.values(), work.past)
        pictures = work.media.files if media else {}
        manifest = json.dumps({str(number): name for number, name in enumerate(pictures)})
        write_zip(workshop / "package", collection, manifest, pictures)
        if before_placing is not None:
            before_placing()
    return Report(
        work.notes,
        work.cards,
        len(work.numbers),
        len(pictures),
        tuple(work.media.missing),
        work.written.rows,
        work.written.crowded_out,
        work.written.held_back,
    )


def deck_names(decks: Iterable[Deck]) -> dict[str, str]:
    """The full names in Anki of the decks that have notes, by their ids; no two are alike."""
    names: dict[str, str] = {}
    for deck in decks:
        if deck.notes:
            names[deck.id] = deck_name(deck.title, deck.id, names.values())
    return names


@dataclass(frozen=True, slots=True)
class _Making:
    """What helps to make notes: what was made before, and other processes."""

    before: MadeBefore
    helpers: Helpers


class _Export:
    """The rows of one package, made one at a time, and what was counted on the way."""

    def __init__(
        self,
        decks: Sequence[Deck],
        mod: Callable[[str, str], int],
        identity: Identity,
        progress: Progress | None,
        history: History | None,
        names: Mapping[str, str],
        making: _Making,
        leave_out: Container[str],
    ) -> None:
        self.media = Media()
        self.numbers: dict[str, int] = {}
        self.note_types: dict[int, NoteType] = {}
        """Those in use by their ids, in the order of first use."""
        self.notes = 0
        self.cards = 0
        self.written = Written(0, 0, 0)
        self._history, self._names = history, names
        self._card_numbers: dict[str, int] = {}
        self._decks = decks
        self._mod, self._identity, self._progress = mod, identity, progress
        self._making, self._leave_out = making, leave_out
        self._note_ids = _Ids()
        self._card_ids = _Ids()

    def batches(self) -> Iterator[Batch]:
        """Every Anki note with its cards, in order."""
        total = sum(len(deck.notes) for deck in self._decks)
        done = 0
        before, helpers = self._making.before, self._making.helpers
        for at, deck in enumerate(self._decks):
            name = self._names[deck.id]
            number = self.numbers[name] = deck_number(name)
            place = -_lead_ms(deck.id)
            for made in made_in_batches(deck, at, self.media, before, helpers):
                notes: list[NoteRow] = []
                cards: list[CardRow] = []
                for note, every in made:
                    there = len(cards)
                    self._add(note, every, number, place, notes, cards)
                    place += len(cards) - there
                    done += 1
                    if self._progress is not None:
                        self._progress(done, total)
                self.cards += len(cards)
                yield notes, cards

    def past(self, cursor: sqlite3.Cursor) -> None:
        """Write what happened to the cards, if that is asked for; after their rows."""
        if self._history is not None:
            numbers = {deck.id: self.numbers[self._names[deck.id]] for deck in self._decks}
            self.written = write_history(cursor, self._history, self._card_numbers, numbers)

    def _add(
        self, note: Note, every: Sequence[Made], deck: int, place: int, notes: list[NoteRow], cards: list[CardRow]
    ) -> None:
        """Add the rows of one note in the Anki deck `deck`; its ids are those of the time it was made so, moved by
        `place` ms.
        """
        name = note.full_id
        mod = self._mod(name, every[0].content)
        first = mod * 1000 + place
        for made in every:
            identity = self._identity.of(note, made)
            if identity in self._leave_out:
                continue
            _, note_type, ords, keys, tags, fields, sort, _, _ = made
            if note_type not in self.note_types:
                self.note_types[note_type] = NOTE_TYPE[note_type]
            self.notes += 1
            note_id = self._note_ids.free(first)
            notes.append((note_id, identity, note_type, mod, tags, fields, sort))
            begin = len(cards)
            for ordinal in ords:
                cards.append((self._card_ids.free(first), note_id, deck, ordinal, mod, self.notes))
                first += 1
            if self._history is not None:
                self._card_numbers |= {f"{name}#{key}": card[0] for key, card in zip(keys, cards[begin:], strict=True)}


class Identity:
    """The GUIDs of Anki's notes; Anki would silently drop the second of two notes that share one."""

    def __init__(self, root_of: Callable[[str], str], origins: Origins) -> None:
        """The arguments are as in `package`."""
        self._root_of, self._origins = root_of, origins or None
        self._claimed: dict[str, str] = {}

    def of(self, note: Note, made: Made) -> str:
        """The GUID of one of the Anki notes of a note.

        Raises:
            NlpcardsError: another note has it.
        """
        name = note.full_id
        root = self._root_of(made.id)
        identity = made.guid if root == made.id else guid(NOTE_TYPE[made.note_type], root)
        if self._origins is not None:
            identity = self._origins.guid(name, made.keys, made.ords) or identity
        other = self._claimed.setdefault(identity, name)
        if other is not name:
            raise NlpcardsError(
                f"the notes {other} and {name} go back to one former id, so Anki would keep only one",
                place=str(note.place),
                remedy="Leave that former id under `was` of one of them only.",
            )
        return identity


@lru_cache(maxsize=64)
def _lead_ms(deck: str) -> int:
    """Up to an hour, by which a deck's ids lie before its notes' times, so that ids of two packages rarely meet."""
    return int.from_bytes(blake2b(deck.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big") % 3_600_000


class _Ids:
    """Ids for Anki: the milliseconds of when a thing came to be, which Anki shows as its date, each given once."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._beyond: dict[int, int] = {}
        """Of some taken ids, one up to which all are taken: where many meet, they are not passed one by one."""

    def free(self, wanted: int) -> int:
        """The first free id from `wanted` on."""
        number = wanted if wanted > 0 else 1
        if number in self._taken:
            passed = []
            while number in self._taken:
                passed.append(number)
                number = self._beyond.get(number, number + 1)
            self._beyond.update(dict.fromkeys(passed, number))
        self._taken.add(number)
        return number
