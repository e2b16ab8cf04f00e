"""Decks to an Anki package.

The same decks with the same times give the same bytes. Importing such a package again updates, in place, the notes
whose content changed, and leaves Anki's schedule alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from nlpcards.anki.collection_file import Row, write_collection
from nlpcards.anki.fields import Fields, plain, text_field
from nlpcards.anki.kinds import AnkiNote, anki_notes, written
from nlpcards.anki.media import Media, Missing
from nlpcards.anki.names import deck_name, deck_number, guid, tags
from nlpcards.anki.package_file import replacing, write_zip
from nlpcards.anki.source_text import encode
from nlpcards.core.cards import Deck, Note
from nlpcards.core.errors import NlpcardsError, NothingToDo

Progress = Callable[[int, int], None]
"""Told how many notes are done, of how many."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a package holds: Anki notes, cards, decks and pictures; and the pictures that could not be taken."""

    notes: int
    cards: int
    decks: int
    media: int
    missing: tuple[Missing, ...] = ()


def package(
    decks: Sequence[Deck],
    out: Path,
    *,
    mod: Mapping[str, int] | Callable[[str], int],
    root_of: Callable[[str], str] = str,
    progress: Progress | None = None,
) -> Report:
    """Write the notes of `decks` to the package `out`, replacing it in one step.

    `mod` gives for a note's full id the time at which its present content was first seen, in unix seconds; it must grow
    with every change of content, a return to an earlier one included, since Anki takes only what is newer. `root_of`
    gives the first id that a note ever had, by which Anki knows it again after a rename. New cards come in the order of
    the notes.

    Raises:
        NothingToDo: there is no note.
        NlpcardsError: `out` cannot be written, or two notes claim one root id; what was at `out` is then unchanged.
    """
    if not any(deck.notes for deck in decks):
        raise NothingToDo("there is no note to export", remedy="Choose decks or a search that has notes.")
    work = _Export(decks, mod.__getitem__ if isinstance(mod, Mapping) else mod, root_of, progress)
    with replacing(out) as workshop:
        collection = workshop / "collection.anki2"
        write_collection(collection, work.rows(), work.numbers)
        manifest = json.dumps({str(number): name for number, name in enumerate(work.media.files)})
        write_zip(workshop / "package", collection, manifest, work.media.files)
    return Report(work.notes, work.cards, len(work.numbers), len(work.media.files), tuple(work.media.missing))


class _Export:
    """The rows of one package, made one at a time, and what was counted on the way."""

    def __init__(
        self,
        decks: Sequence[Deck],
        mod: Callable[[str], int],
        root_of: Callable[[str], str],
        progress: Progress | None,
    ) -> None:
        self.media = Media()
        self.numbers: dict[str, int] = {}
        self.notes = 0
        self.cards = 0
        self._decks = [deck for deck in decks if deck.notes]
        self._mod, self._root_of, self._progress = mod, root_of, progress
        self._fields = Fields(self.media)
        self._claimed: dict[str, Note] = {}
        self._note_ids = _Ids()
        self._card_ids = _Ids()

    def rows(self) -> Iterator[Row]:
        """Every Anki note, in order."""
        total = sum(len(deck.notes) for deck in self._decks)
        done = 0
        for deck in self._decks:
            name = deck_name(deck.title, deck.id, self.numbers)
            self.numbers[name] = deck_number(name)
            place = 0
            for note in deck.notes:
                for made in anki_notes(note, self._fields):
                    yield self._row(deck, note, made, name, place)
                    place += len(made.ords)
                done += 1
                if self._progress is not None:
                    self._progress(done, total)

    def _row(self, deck: Deck, note: Note, made: AnkiNote, name: str, place: int) -> Row:
        """The row of one Anki note, whose first card is number `place` (from 0) of its deck."""
        identity = self._identity(note, made)
        mod = self._mod(note.full_id)
        topic = note.topic or deck.topic
        why = self._fields.html(note, note.why) if note.why else ""
        common = (
            why,
            self._fields.source(note),
            self._fields.label(deck.title, topic if topic != deck.topic else ""),
            text_field(made.id),
            encode(note, written(note)),
        )
        first = mod * 1000 - _lead_ms(deck.id) + place
        self.notes += 1
        self.cards += len(made.ords)
        return Row(
            id=self._note_ids.free(first),
            guid=identity,
            note_type=made.note_type,
            mod=mod,
            tags=tags(note.tags, topic),
            fields=made.fields + common,
            sort=plain(made.fields[0]),
            deck=self.numbers[name],
            position=self.notes,
            card_ids=tuple(self._card_ids.free(first + number) for number in range(len(made.ords))),
            ords=made.ords,
        )

    def _identity(self, note: Note, made: AnkiNote) -> str:
        """The GUID; Anki would silently drop the second of two notes that share one."""
        identity = guid(made.note_type, self._root_of(made.id))
        if other := self._claimed.get(identity):
            raise NlpcardsError(
                f"the notes {other.full_id} and {note.full_id} go back to one former id, so Anki would keep only one",
                place=str(note.place),
                remedy="Leave that former id under `was` of one of them only.",
            )
        self._claimed[identity] = note
        return identity


@lru_cache(maxsize=64)
def _lead_ms(deck: str) -> int:
    """Up to an hour, by which a deck's ids lie before its notes' times, so that ids of two packages rarely meet."""
    return int.from_bytes(blake2b(deck.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big") % 3_600_000


class _Ids:
    """Ids for Anki: the milliseconds of when a thing came to be, which Anki shows as its date, each given once."""

    def __init__(self) -> None:
        self._taken: set[int] = set()

    def free(self, wanted: int) -> int:
        """The first free id from `wanted` on."""
        number = max(1, wanted)
        while number in self._taken:
            number += 1
        self._taken.add(number)
        return number
