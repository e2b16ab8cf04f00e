"""Bringing back what was done in Anki: from a package, a backup or a closed collection into the journal."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from nlpcards.anki.connect.packages import Has
from nlpcards.anki.history.happened import Happened
from nlpcards.anki.history.identities import AnkiCard, Origins, identities, notes_from_anki, numbers_of
from nlpcards.anki.history.review_log import Translated, device_of, only_scheduling, translated
from nlpcards.anki.reading.collection import AnkiCollection, opened
from nlpcards.anki.reading.values import StoredNote, StoredReview
from nlpcards.collection.collection import Collection
from nlpcards.collection.exporting import root_of
from nlpcards.collection.signs import AnkiSigns, with_flags
from nlpcards.core.cards import Note
from nlpcards.core.days import study_day
from nlpcards.core.errors import NothingToDo
from nlpcards.core.journal import Body, Event, SetDue, Undo
from nlpcards.core.state import Interval


@dataclass(frozen=True, slots=True)
class Brought:
    """What came back from Anki, or would.

    `reviews` are new in the journal, `known` were there already, `ours` went to Anki from here before. `undone` are
    reviews that Anki took back since. `rescheduled` cards have another due day, set in Anki. `cards` were touched.
    `suspended` cards were suspended in Anki or are no longer, `flagged` ones got or lost a flag there, `buried` ones
    rest until Anki's next day. `elsewhere` are reviews of cards that are in no deck here. `rollover` is the hour at
    which days were taken to begin, and `rollover_is_told` whether the file says so.
    """

    reviews: int
    known: int
    ours: int
    undone: int
    rescheduled: int
    cards: int
    elsewhere: int
    passed_over: int
    rollover: int
    rollover_is_told: bool
    suspended: int = 0
    flagged: int = 0
    buried: int = 0

    @property
    def changes(self) -> int:
        """How much is otherwise here than before."""
        return self.reviews + self.undone + self.rescheduled + self.suspended + self.flagged + self.buried

    def plus(self, other: Brought) -> Brought:
        """What came from two files together; what both have came from the first and is `known` of the other."""
        return replace(
            self,
            reviews=self.reviews + other.reviews,
            known=self.known + other.known,
            ours=self.ours + other.ours,
            undone=self.undone + other.undone,
            rescheduled=self.rescheduled + other.rescheduled,
            cards=self.cards + other.cards,
            elsewhere=self.elsewhere + other.elsewhere,
            passed_over=self.passed_over + other.passed_over,
            suspended=self.suspended + other.suspended,
            flagged=self.flagged + other.flagged,
            buried=self.buried + other.buried,
        )


def bring_back(
    collection: Collection, path: Path, *, write: bool = True, known: Known | None = None, seen: Has | None = None
) -> Brought:
    """Take the reviews that were made in Anki of cards that are here, and what was set on them there, all or nothing.

    Cards that went there from here are known by the GUIDs of their notes, those that came by what the journal says.
    What was exported from here never comes back as Anki's; what came back before is not taken again. Where the file is
    a whole collection, reviews that it no longer has count as undone. Suspensions, flags and burials come where they
    were set later there than here (see `signs.set_there_at`). `known` is by what Anki knows the cards, where that was
    worked out before; `seen` is what a running Anki says of them, None for a file that stands for itself.

    Raises:
        NothingToDo: the file has no card that is here.
        NlpcardsError: the file cannot be read, or the journal cannot be written; nothing is changed then.
    """
    with opened(path) as found:
        known = known or Known(collection)
        cards = known.cards_of(found)
        if not cards:
            raise NothingToDo(
                "no card in this file came from the decks that are here",
                place=str(found.path),
                remedy="Export the decks, import them into Anki, and review them there first.",
            )
        work = Work(collection, found, cards)
        read = work.read()
        fresh = read.events.only(work.is_fresh)
        corrections = work.undos(read.events)
        seen_s = max(0, min(found.changed_ms, collection.now().ms) // 1000) if seen is None else seen.seen_s
        signs = AnkiSigns(collection, work.device, known.names, work.day_of, seen_s)
        schedules = list(with_flags(found.schedules(), None if seen is None else seen.flags))
        # Older versions of Anki leave flags out of some packages.
        tells_flags = seen is not None or found.is_whole or any(each.flag for each in schedules)
        taken = signs.taken(cards, schedules, tells_flags=tells_flags)
        due_days: list[Body] = []
        if write:
            with collection.journal.together(collection.now()):
                collection.journal.insert(chain(fresh, filter(work.is_fresh, taken.events)))
                due_days = work.due_days(read.rescheduled)
                collection.journal.append([*corrections, *due_days], collection.now())
        return Brought(
            reviews=len(fresh),
            known=len(read.events) - len(fresh),
            ours=read.ours,
            undone=sum(isinstance(each, Undo) and each.target.device == work.device for each in corrections),
            rescheduled=len(due_days),
            cards=len(fresh.cards),
            elsewhere=work.elsewhere,
            passed_over=read.passed_over,
            rollover=work.rollover,
            rollover_is_told=found.rollover is not None,
            suspended=taken.suspended,
            flagged=taken.flagged,
            buried=taken.buried,
        )


class Known:
    """By what Anki knows the cards that the learner has: those that went there from here, and those that came.

    `notes` are further ones than the library's, in decks that are not opened.
    """

    def __init__(self, collection: Collection, notes: Iterable[Note] = ()) -> None:
        self.names = collection.journal.present_names()
        """The present id for each former one of the journal's cards."""
        every = (*collection.library.notes.values(), *notes)
        self._went = identities(every, root_of(collection), Origins(self.names))
        self.guids = frozenset(card.guid for card in self._went)
        """The GUIDs of all notes that may have gone to Anki from here."""
        self._came = notes_from_anki(self.names)

    def has(self, guid: str) -> bool:
        """Whether a note of Anki's has been here, or may have gone there from here."""
        return guid in self.guids or AnkiCard(guid, 0).former_note in self._came

    def name(self, identity: AnkiCard) -> str | None:
        """The id of a card of ours, None for one that Anki alone has."""
        return self._went.get(identity) or self.names.get(identity.former_id)

    def cards_of(self, found: AnkiCollection, notes: Iterable[StoredNote] | None = None) -> dict[int, str]:
        """Our cards by the ids that a file gives them; `notes` are the file's, where they were read before."""
        # Of notes with one GUID, which a damaged file may have, only the first is known by it.
        firsts: dict[str, int] = {}
        numbers = {kind.id: other for kind in found.note_types.values() if (other := numbers_of(kind))}
        moved: dict[int, Mapping[int, int]] = {}
        for note in found.notes() if notes is None else notes:
            if not self.has(note.guid):  # of a stranger's there may be very many
                continue
            firsts.setdefault(note.guid, note.id)
            if note.note_type in numbers:
                moved[note.id] = numbers[note.note_type]
        guids = {note: guid for guid, note in firsts.items()}
        return {
            card: name
            for card, note, number in found.card_numbers()
            if (guid := guids.get(note)) is not None
            and (name := self.name(AnkiCard(guid, moved.get(note, {}).get(number, number)))) is not None
        }


class Work:
    """One file and the journal, side by side; `cards` gives our card for each id that the file has."""

    def __init__(self, collection: Collection, found: AnkiCollection, cards: Mapping[int, str]) -> None:
        self._collection, self._found, self._cards = collection, found, cards
        self.elsewhere = 0
        self.rollover = collection.settings.rollover if found.rollover is None else found.rollover
        self.device = device_of(found.created_s)
        self._rows_there = array("q")

    def read(self) -> Translated:
        """What the log says happened."""
        return translated(
            self._rows(),
            self._cards.get,
            device=self.device,
            day_of=self.day_of,
            exported=lambda card: only_scheduling(self._collection.journal.events_of(card)),
        )

    def _rows(self) -> Iterable[StoredReview]:
        for row in self._found.reviews():
            self._rows_there.append(row.id)
            if row.card not in self._cards:
                self.elsewhere += 1
            yield row

    def _has_row(self, number: int) -> bool:
        at = bisect_left(self._rows_there, number)
        return at < len(self._rows_there) and self._rows_there[at] == number

    def day_of(self, ms: int) -> int:
        """The study day of an instant in ms since 1970 UTC, as the file's days begin."""
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
        return study_day(at.astimezone(self._collection.clock.zone), self.rollover)

    def is_likely(self, due: int) -> bool:
        """Whether a card may be due on a day (since 1970): neither before then nor in more than a hundred years."""
        return 0 < due < self._collection.now().day + 40_000

    @property
    def first_day(self) -> int:
        """The study day from which the file counts due days, in days since 1970."""
        return self._found.first_day(self._offset_west())

    def is_fresh(self, event: Event) -> bool:
        """Whether the journal does not have an event."""
        return self._collection.journal.event(event.id) is None

    def undos(self, events: Happened) -> list[Body]:
        """What a whole collection says by leaving out: a review that it had and has no longer was undone there.

        Only what it must have known counts: what is older than its last synchronisation, or than its last change where
        it never had one. So an old copy undoes nothing, and an undo in Anki counts once something was done there after
        it. The review of a card that was removed, here or there, is still in the log. And what was so undone and stands
        in a copy now was not undone after all. A file that has no review that came from its device undoes none: it may
        be another collection, made on the same day (see `device_of`).
        """
        if not self._found.is_whole:
            return []
        until = self._found.synchronised_ms or self._found.changed_ms
        bodies: list[Body] = []
        has_one = False
        by_us = self._collection.journal.undos_of(self.device)
        for event in only_scheduling(self._collection.journal.events_by(self.device)):
            number = event.id.seq
            if self._has_row(number):
                has_one = True
            elif event.id not in by_us and number < until:
                bodies.append(Undo(event.id))
        if not has_one:
            bodies.clear()
        bodies.extend(Undo(undo) for target, undo in by_us.items() if events.has(target.seq))
        return bodies

    def due_days(self, rescheduled: Iterable[str]) -> list[Body]:
        """The due days of cards that were last given one in Anki: its log does not tell, only the card does."""
        wanted = set(rescheduled)
        first = self.first_day
        bodies: list[Body] = []
        for card in self._found.cards():
            name = self._cards.get(card.id)
            if name not in wanted or card.due_day is None:
                continue
            schedule = self._collection.state(name).schedule
            newest = self._collection.journal.events_of(name, surviving=True)
            last = next((event for event in reversed(newest) if event in only_scheduling((event,))), None)
            due = first + card.due_day
            if (
                self.is_likely(due)
                and isinstance(schedule, Interval)
                and schedule.due != due
                and last is not None
                and last.id.device == self.device
            ):
                bodies.append(SetDue(name, due))
        return bodies

    def _offset_west(self) -> int:
        at = datetime.fromtimestamp(self._found.created_s, UTC).astimezone(self._collection.clock.zone)
        offset = at.utcoffset() or timedelta()
        return -round(offset.total_seconds() / 60)
