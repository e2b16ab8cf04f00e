"""A package, a backup or a closed collection of Anki's, opened for reading: one shape for all that Anki ever wrote."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nlpcards.anki.reading import schema11, schema18
from nlpcards.anki.reading.archive import Archive, Medium
from nlpcards.anki.reading.database import Database, Row
from nlpcards.anki.reading.limits import LARGEST_NAME, LATEST_S, MOST_PARTS, MOST_REVIEWS_OF_CARD
from nlpcards.anki.reading.values import (
    AnkiDeck,
    NoteType,
    Queue,
    StoredCard,
    StoredNote,
    StoredReview,
    StoredSchedule,
)
from nlpcards.core.days import day_of
from nlpcards.core.errors import NlpcardsError, reason_of

_WHOLE = frozenset({int})
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError)


@dataclass(frozen=True, slots=True)
class AnkiCollection:
    """What a file of Anki's holds. `is_whole`: it is all that its owner has, not an export of some decks.

    `created_s` is when the collection was made, in seconds since 1970 UTC, `changed_ms` when it last changed and
    `synchronised_ms` when it last met AnkiWeb (0: never), both in ms; `rollover` the hour at which its days begin,
    None where the file does not say; `settings` Anki's own settings by its names, those that matter here.
    """

    path: Path
    is_whole: bool
    created_s: int
    changed_ms: int
    synchronised_ms: int
    note_types: Mapping[int, NoteType]
    decks: Mapping[int, AnkiDeck]
    settings: Mapping[str, Any]
    media: Mapping[str, Medium | Path]
    _database: Database
    _archive: Archive | None

    @property
    def rollover(self) -> int | None:
        """The hour (0-23) at which a day begins; a package does not say, a whole collection does."""
        hour = self.settings.get("rollover") if self.is_whole else None
        return hour if type(hour) is int and 0 <= hour <= 23 else None

    def first_day(self, offset_west_minutes: int) -> int:
        """The study day from which Anki counts due days, in days since 1970.

        It is the local date of the collection's creation (Anki's `rslib/src/scheduler/timing.rs`) at the offset that
        the file names, else at the given one (minutes west of UTC).
        """
        named = self.settings.get("creationOffset")
        west = named if isinstance(named, int) and abs(named) <= 26 * 60 else offset_west_minutes
        local = datetime.fromtimestamp(self.created_s, UTC) - timedelta(minutes=west)
        return day_of(local.date())

    def notes(self) -> Iterator[StoredNote]:
        """The notes, by id.

        Raises:
            NlpcardsError: the file is damaged.
        """
        for row in self._database.rows("notes", "id, guid, mid, tags, flds, mod", "id"):
            key, guid, kind, tags, fields, changed = row
            name, marks = _text(guid), _text(tags)
            if len(name) > LARGEST_NAME or len(marks) > LARGEST_NAME:
                raise self._database.damaged(
                    f"the note {key!r} has a GUID or tags of more than {LARGEST_NAME:,} characters"
                )
            yield StoredNote(
                self._number(row, key),
                name,
                self._number(row, kind),
                tuple(marks.split()),
                tuple(_text(fields).split("\x1f", MOST_PARTS)),
                _second(self._number(row, changed)),
            )

    def cards(self) -> Iterator[StoredCard]:
        """The cards, by note and number; what a filtered deck borrowed is told as it stands in its own deck.

        Of cards that a note has twice, which Anki's check of its database would remove, there is the first.

        Raises:
            NlpcardsError: the file is damaged.
        """
        columns = "id, nid, ord, did, odid, type, queue, due, odue, flags, reps, lapses"
        before: tuple[int, int] | None = None
        for row in self._database.rows("cards", columns, "nid, ord, id"):
            key, note, ord_, deck, home, kind, queue, due, home_due, flags, reps, lapses = self._numbers(row, row)
            if (note, ord_) == before:
                continue
            before = note, ord_
            is_on_day = kind == 2 or (kind == 3 and queue == 3)
            day = home_due if home else due
            yield StoredCard(
                key,
                note,
                ord_,
                home or deck,
                _queue(queue),
                day if is_on_day else None,
                flags & 7,
                max(0, reps),
                max(0, lapses),
            )

    def card_numbers(self) -> Iterator[tuple[int, int, int]]:
        """The id of each card, of its note, and its number there; as `cards`, for a third of the time.

        Raises:
            NlpcardsError: the file is damaged.
        """
        before: tuple[int, int] | None = None
        for row in self._database.rows("cards", "id, nid, ord", "nid, ord, id"):
            key, note, ord_ = self._numbers(row, row)
            if (note, ord_) != before:
                before = note, ord_
                yield key, note, ord_

    def schedules(self) -> Iterator[StoredSchedule]:
        """How every card stands there.

        Raises:
            NlpcardsError: the file is damaged.
        """
        columns = "id, type, queue, due, ivl, reps, lapses, flags, odid, mod, data"
        for row in self._database.rows("cards", columns):
            key, kind, queue, due, interval, reps, lapses, flags, home, changed = self._numbers(row, row[:-1])
            data = _text(row[-1])
            yield StoredSchedule(
                key, kind, queue, due, interval, reps, lapses, flags & 7, data, home != 0, _second(changed)
            )

    def reviews(self) -> Iterator[StoredReview]:
        """The review log, by time; rows of no time are passed over.

        Raises:
            NlpcardsError: the file is damaged.
        """
        if not self._database.has("revlog"):
            return
        rows: Counter[int] = Counter()
        for row in self._database.rows("revlog", "id, cid, ease, ivl, lastIvl, factor, time, type", "id"):
            review = StoredReview(*self._numbers(row, row))
            if not 0 < review.id < LATEST_S * 1000:
                continue
            rows[review.card] += 1
            if rows[review.card] > MOST_REVIEWS_OF_CARD:
                raise self._database.damaged(f"it has more than {MOST_REVIEWS_OF_CARD:,} reviews of one card")
            yield review

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of one of the `media`.

        Raises:
            NlpcardsError: the file is damaged, or cannot be read.
        """
        medium = self.media[name]
        if isinstance(medium, Medium):
            assert self._archive is not None, "an entry comes from an archive"
            yield from self._archive.pieces(medium)
            return
        try:
            with medium.open("rb") as file:
                yield from iter(lambda: file.read(1 << 20), b"")
        except OSError as error:
            raise _unreadable(medium, error) from error

    def _numbers(self, row: Row, values: Row) -> Sequence[int]:
        """Some values of a row as whole numbers, which they nearly always are."""
        if _WHOLE.issuperset(map(type, values)):
            return values  # type: ignore[return-value]
        return [self._number(row, each) for each in values]

    def _number(self, row: Row, value: object) -> int:
        """A whole number, which old versions of Anki and its add-ons wrote as a fraction or as text here and there."""
        try:
            return value if type(value) is int else int(float(value))  # type: ignore[arg-type]
        except (ValueError, TypeError, OverflowError):
            raise self._database.damaged(f"the row {row[0]!r} has {str(value)[:40]!r} for a number") from None


@contextmanager
def opened(path: Path) -> Iterator[AnkiCollection]:
    """Open an `.apkg`, a `.colpkg` or a `collection.anki2` that Anki has closed; nothing at `path` is ever changed.

    Raises:
        NlpcardsError: it is none of them, it is damaged, larger than what is read, or made by a version of Anki that
            keeps its collection in yet another way; or Anki has it open.
    """
    with ExitStack() as open_files:
        archive: Archive | None = None
        media: Mapping[str, Medium | Path]
        if path.suffix.lower() == ".anki2":
            _refuse_open(path)
            file, media = path, _beside(path)
        else:
            archive = Archive(path)
            open_files.callback(archive.close)
            file = Path(open_files.enter_context(tempfile.TemporaryDirectory(prefix="nlpcards-"))) / "collection"
            _unpack(archive, file)
            media = {medium.name: medium for medium in archive.media()}
        database = Database(file, place=str(path))
        open_files.callback(database.close)
        is_whole = path.suffix.lower() != ".apkg"
        yield _described(path, database, archive, media, is_whole)


def _described(
    path: Path, database: Database, archive: Archive | None, media: Mapping[str, Medium | Path], is_whole: bool
) -> AnkiCollection:
    try:
        version, created, changed, synchronised = next(database.rows("col", "ver, crt, mod, ls"), (None,) * 4)
        if not (
            isinstance(version, int)
            and isinstance(created, int)
            and isinstance(changed, int)
            and isinstance(synchronised, int)
        ):
            raise database.damaged("its collection does not describe itself")
        if version == 18:
            types, decks, settings = (
                schema18.note_types(database),
                schema18.decks(database),
                schema18.settings(database),
            )
        elif version == 11:
            types = schema11.note_types(schema11.column(database, "models"))
            decks = schema11.decks(schema11.column(database, "decks"), schema11.column(database, "dconf"))
            settings = dict(schema11.settings(schema11.column(database, "conf")))
        else:
            raise NlpcardsError(
                f"its collection has Anki's schema {version}, of which nlpcards knows 11 and 18",
                place=str(path),
                remedy="Open it in the present Anki once, and export it there.",
            )
        if not all(0 <= each < LATEST_S for each in (created, changed // 1000, synchronised // 1000)):
            raise database.damaged("it was made or changed at no time")
    except _MALFORMED as error:
        raise database.damaged(f"its note types or decks cannot be read ({error})") from error
    return AnkiCollection(
        path, is_whole, created, changed, synchronised, types, decks, settings, media, database, archive
    )


def _unpack(archive: Archive, file: Path) -> None:
    try:
        with file.open("xb") as out:
            archive.unpack_collection(out)
        with file.open("r+b") as out:
            # Anki leaves the mark of a write-ahead log, which a database without a log beside it should not have.
            out.seek(18)
            if out.read(2) == b"\x02\x02":
                out.seek(18)
                out.write(b"\x01\x01")
    except OSError as error:
        raise NlpcardsError(
            f"it cannot be unpacked: {reason_of(error)}",
            place=str(archive.path),
            remedy=f"It takes room for a while in {tempfile.gettempdir()}.",
        ) from error


def _refuse_open(path: Path) -> None:
    """A collection with a log beside it has parts that the file itself lacks."""
    log = path.with_name(path.name + "-wal")
    try:
        if log.stat().st_size == 0:
            return
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unreadable(log, error) from error
    raise NlpcardsError("Anki has this collection open", place=str(path), remedy="Close Anki, then try again.")


def _unreadable(path: Path, error: OSError) -> NlpcardsError:
    return NlpcardsError(f"it cannot be read: {reason_of(error)}", place=str(path))


def _beside(path: Path) -> dict[str, Medium | Path]:
    """The files in the folder of media beside a collection."""
    folder = path.with_name("collection.media")
    try:
        with os.scandir(folder) as entries:
            return {each.name: Path(each.path) for each in entries if each.is_file(follow_symlinks=False)}
    except OSError:
        return {}


def _queue(number: int) -> Queue:
    try:
        return Queue(number)
    except ValueError:
        return Queue.NEW


def _second(number: int) -> int:
    """When something was last changed; what is no time is long ago."""
    return number if 0 < number < LATEST_S else 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
