"""Decks to an Anki package.

The same decks with the same times give the same bytes. Importing such a package again updates, in place, the notes
whose content changed, and leaves Anki's schedule alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from nlpcards.anki.collection_file import Row, write_collection
from nlpcards.anki.fields import Fields, plain, text_field
from nlpcards.anki.kinds import AnkiNote, anki_notes
from nlpcards.anki.media import Media, Missing
from nlpcards.anki.names import deck_name, deck_number, guid, tags
from nlpcards.anki.package_file import replacing, write_zip
from nlpcards.anki.source_text import encode
from nlpcards.core.cards import Deck, Note, digest
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
    mod: Callable[[str, str], int],
    root_of: Callable[[str], str] = str,
    progress: Progress | None = None,
    before_placing: Callable[[], object] | None = None,
) -> Report:
    """Write the notes of `decks` to the package `out`, replacing it in one step.

    `mod` gives for a note's full id and a hash of its present content in Anki the time at which that content was first
    seen, in unix seconds; it is asked once a note, and must grow with every change of the hash, a return to an earlier
    one included, since Anki takes only what is newer. `root_of` gives the first id that a note ever had, by which Anki
    knows it again after a rename. New cards come in the order of the notes. `before_placing` is called when the package
    is whole and not yet at `out`; where it fails, `out` stays as it was.

    Raises:
        NothingToDo: there is no note.
        NlpcardsError: `out` cannot be written, or two notes claim one root id; what was at `out` is then unchanged.
    """
    if not any(deck.notes for deck in decks):
        raise NothingToDo("there is no note to export", remedy="Choose decks or a search that has notes.")
    work = _Export(decks, mod, root_of, progress)
    with replacing(out) as workshop:
        collection = workshop / "collection.anki2"
        write_collection(collection, work.rows(), work.numbers)
        manifest = json.dumps({str(number): name for number, name in enumerate(work.media.files)})
        write_zip(workshop / "package", collection, manifest, work.media.files)
        if before_placing is not None:
            before_placing()
    return Report(work.notes, work.cards, len(work.numbers), len(work.media.files), tuple(work.media.missing))


class _Export:
    """The rows of one package, made one at a time, and what was counted on the way."""

    def __init__(
        self,
        decks: Sequence[Deck],
        mod: Callable[[str, str], int],
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
                for row in self._rows_of(deck, note, self.numbers[name], place):
                    yield row
                    place += len(row.ords)
                done += 1
                if self._progress is not None:
                    self._progress(done, total)

    def _rows_of(self, deck: Deck, note: Note, number: int, place: int) -> Iterator[Row]:
        """The rows of one note in the Anki deck `number`, whose first card is number `place` (from 0) of its deck."""
        topic = note.topic or deck.topic
        named = tags(note.tags, topic)
        each = anki_notes(note, self._fields)
        why = self._fields.html(note, note.why) if note.why else ""
        common = (
            why,
            self._fields.source(note),
            self._fields.label(deck.title, topic if topic != deck.topic else ""),
        )
        text = encode(note)
        every = [(made, (*made.fields, *common, text_field(made.id), text)) for made in each]
        mod = self._mod(note.full_id, _content(every, named))
        first = mod * 1000 - _lead_ms(deck.id) + place
        for made, fields in every:
            self.notes += 1
            self.cards += len(made.ords)
            yield Row(
                id=self._note_ids.free(first),
                guid=self._identity(note, made),
                note_type=made.note_type,
                mod=mod,
                tags=named,
                fields=fields,
                sort=plain(made.fields[0]),
                deck=number,
                position=self.notes,
                card_ids=tuple(self._card_ids.free(first + at) for at in range(len(made.ords))),
                ords=made.ords,
            )
            first += len(made.ords)

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


def _content(every: Iterable[tuple[AnkiNote, tuple[str, ...]]], named: tuple[str, ...]) -> str:
    """A hash of all that Anki takes from a note's rows: what Anki would show, find or give back, and nothing else.

    It is made of the finished fields, so that whatever comes to be shown in one changes it too; a picture counts by the
    name in the field, which follows from its bytes.
    """
    parts: list[str] = list(named)
    for made, fields in every:
        parts += (str(made.note_type.id), str(made.ords), *fields)
    return digest(str(len(named)), *parts)


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
