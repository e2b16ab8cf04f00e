"""Importing from Anki: notes into deck files, reviews and states into the journal; all of a file, or nothing of it."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nlpcards.anki.history.identities import came_from_anki
from nlpcards.anki.history.review_log import Translated
from nlpcards.anki.history.signs import Signs
from nlpcards.anki.importing.gathering import Progress, gathered
from nlpcards.anki.importing.values import Found, Gathered, LeftOut, TakenCard
from nlpcards.anki.reading.collection import AnkiCollection, opened
from nlpcards.anki.reading.values import Queue
from nlpcards.collection.bringing_back import Known, Work
from nlpcards.collection.collection import Collection
from nlpcards.collection.package_files import PackageFiles
from nlpcards.collection.package_settings import Offer, offered
from nlpcards.collection.signs import AnkiSigns
from nlpcards.core.cards import Note, deck_of, note_of
from nlpcards.core.errors import NothingToDo
from nlpcards.core.journal import Alias, Body, Bury, Event, Flag, SetDue, Suspend, Tag, Undo
from nlpcards.core.state import Interval, Schedule
from nlpcards.decks.importing.deck_files import Prepared, Wanted, prepare
from nlpcards.decks.importing.pictures import Pictures
from nlpcards.decks.importing.result import Draft, Placed, Reading
from nlpcards.decks.importing.tables import tags_of
from nlpcards.decks.keys import SLUG
from nlpcards.decks.library import Library, load


@dataclass(frozen=True, slots=True)
class Imported:
    """What came from a file of Anki's, or would.

    `notes` and their `cards` are new, `known` were there already. `reviews` are new in the journal, `ours` had gone to
    Anki from here, `undone` were taken back there, `elsewhere` are of cards that no note here has. `media` were copied,
    `files` are the decks written. `settings` are those that the file has otherwise; `took_settings` says whether they
    hold from now on. `rollover` as in `bringing_back.Brought`.
    """

    notes: int
    cards: int
    known: int
    reviews: int
    known_reviews: int
    ours: int
    undone: int
    elsewhere: int
    media: int
    files: tuple[str, ...]
    skipped: tuple[LeftOut, ...]
    settings: Offer
    took_settings: bool
    rollover: int
    rollover_is_told: bool


def import_package(
    collection: Collection,
    path: Path,
    wanted: Wanted,
    *,
    with_settings: bool = False,
    write: bool = True,
    progress: Progress | None = None,
) -> Imported:
    """Take the notes of an `.apkg`, a `.colpkg` or a closed `collection.anki2` that are not here yet, with their media,
    and what was reviewed of these and of all others that the learner has; all of it, or nothing.

    A card is known again by its GUID and its number in Anki, whatever became of its note here. What a note says here
    stays as it is. With `with_settings`, what the file says of memory holds from now on. Without `write` nothing is
    changed. `progress` is told how many notes were read, of how many.

    Raises:
        NothingToDo: there is no note in the file.
        NlpcardsError: the file cannot be read, or something cannot be written.
    """
    with opened(path) as found, tempfile.TemporaryDirectory(prefix="nlpcards-") as folder:
        notes = gathered(found, progress)
        if not notes.notes and not notes.left_out:
            raise NothingToDo("there is no note in it", place=str(path), remedy="Export it from Anki again.")
        work = _Import(collection, found, notes, wanted, Path(folder).resolve())
        return work.run(with_settings=with_settings, write=write)


@dataclass(frozen=True, slots=True)
class _Joined:
    """A card that has a place here from now on: its id, what it was in Anki, and its owner's tags there."""

    name: str
    label: str
    taken: TakenCard
    tags: tuple[str, ...]


class _Import:
    """One file, the decks and the journal, side by side."""

    def __init__(
        self, collection: Collection, found: AnkiCollection, notes: Gathered, wanted: Wanted, folder: Path
    ) -> None:
        self._collection, self._found, self._gathered = collection, found, notes
        self._wanted, self._folder = wanted, folder
        self._beside = _library_of(collection, wanted.into)
        self._notes: dict[str, Note] = {**collection.library.notes, **(self._beside.notes if self._beside else {})}
        self._known = Known(collection, self._beside.notes.values() if self._beside else ())
        self._formers = _formers(self._beside.notes.values() if self._beside else ())
        self._placed: dict[int, Placed] = {}
        self._left = list(notes.left_out)
        self._aliases: list[Alias] = []
        self._names: dict[int, str] = {}
        self._joined: list[_Joined] = []

    def run(self, *, with_settings: bool, write: bool) -> Imported:
        """Do it."""
        fresh = self._new()
        prepared = self._prepare(fresh, look_for_media=write)
        for each in self._gathered.notes:
            self._join(each)
        offer = self._offer()
        work = Work(self._collection, self._found, self._known.cards_of(self._found) | self._names)
        read = work.read()
        events = read.events.only(work.is_fresh)
        corrections = work.undos(read.events)
        self._name_unlogged(read)
        if write:
            journal, now = self._collection.journal, self._collection.now()
            with prepared.written(), journal.together(now):
                journal.append(self._aliases, now)
                journal.insert(events)
                known = read.rescheduled - {each.name for each in self._joined}
                bodies: list[Body] = [*corrections, *work.due_days(known), *self._states(work)]
                journal.append([*bodies, *(offer.settings if with_settings else ())], now)
                journal.insert(self._signs(work, now.ms // 1000))
        report = prepared.report
        return Imported(
            notes=report.notes,
            cards=report.cards,
            known=sum(not each.is_new for each in self._placed.values()),
            reviews=len(events),
            known_reviews=len(read.events) - len(events),
            ours=read.ours,
            undone=sum(isinstance(each, Undo) and each.target.device == work.device for each in corrections),
            elsewhere=work.elsewhere,
            media=report.media,
            files=report.files,
            skipped=tuple(dict.fromkeys(self._left)),
            settings=offer,
            took_settings=with_settings,
            rollover=work.rollover,
            rollover_is_told=self._found.rollover is not None,
        )

    # ---- which notes are new

    def _new(self) -> list[Draft]:
        """The drafts of notes that are not here; the others are noted as known."""
        fresh: list[Draft] = []
        for each in self._gathered.notes:
            draft = each.draft
            names = [name for taken in each.cards if (name := self._present(taken)) is not None]
            there = next((name for name in names if self._has(name)), None)
            if there is not None or each.id in self._notes:
                note = note_of(there) if there is not None else each.id
                self._placed[draft.line] = Placed(note, self._notes[note].body.card_keys(), False)
            elif draft.origin is not None and (where := self._elsewhere(draft.origin.deck)):
                self._left.append(LeftOut(each.label, f"its deck is here already, in {where}, without this note"))
            else:
                fresh.append(self._called_as_before(draft, names))
        return fresh

    def _present(self, taken: TakenCard) -> str | None:
        """What a card of Anki's is called here, also where its note is gone."""
        name = self._known.name(taken.identity)
        return None if name is None else self._formers.get(name, name)

    def _has(self, card: str) -> bool:
        note = self._notes.get(note_of(card))
        return note is not None and card.partition("#")[2] in note.body.card_keys()

    def _elsewhere(self, deck: str) -> str:
        """The file of a deck that is here and not in the folder of this import; empty where there is none such."""
        for library in (self._beside, self._collection.library):
            if library is not None and deck in library.decks:
                path = library.decks[deck].path
                return "" if Path(path).parent.resolve() == self._wanted.into.resolve() else path
        return ""

    def _called_as_before(self, draft: Draft, names: Sequence[str]) -> Draft:
        """A note that was here before and was removed gets its id again, and so its history."""
        former = note_of(names[0]).partition("/")[2] if names else ""
        if draft.id or draft.whole is not None or not SLUG.fullmatch(former) or note_of(names[0]) in self._notes:
            return draft
        return replace(draft, id=former)

    # ---- where they go

    def _prepare(self, fresh: Sequence[Draft], *, look_for_media: bool) -> Prepared:
        wanted = replace(self._wanted, by_title=self._by_title(), finds_room=True)
        pictures = Pictures(PackageFiles(self._found, self._gathered.pictures, self._folder), self._folder)
        reading = Reading(tuple(fresh), kept=self._gathered.kept, title="")
        names = self._known.names
        used = {*names, *names.values(), *self._collection.journal.answered_cards(), *self._formers}
        claimed = {note_of(self._formers.get(name, name)) for name in came_from_anki(names)}
        prepared = prepare(
            reading,
            self._found.path,
            wanted,
            self._taken(),
            pictures,
            look_for_media=look_for_media,
            reserved=frozenset(map(note_of, used)) - self._notes.keys(),
            claimed=claimed,
        )
        self._placed |= prepared.report.placed
        for each in prepared.report.skipped:
            self._left.append(LeftOut(self._gathered.labels.get(each.line, ""), each.reason))
        for line, places in prepared.report.kept.items():
            label = self._gathered.labels[line]
            if places:
                self._left = [_with_picture(left, label, places) for left in self._left]
        return prepared

    def _taken(self) -> dict[str, Path]:
        """The files of the decks that a new one would stand beside, by their ids."""
        library = self._beside if self._beside is not None else self._collection.library
        if self._beside is None and not _is_of(self._collection, self._wanted.into):
            return {}
        return {name: Path(file.path) for name in library.decks if (file := library.file(name)) is not None}

    def _by_title(self) -> dict[str, str]:
        """The deck in which most notes are here that came from an Anki deck, by the title that this one gives; else one
        that has this very title.
        """
        here = self._wanted.into.resolve()
        taken = {name for name, path in self._taken().items() if path.parent.resolve() == here}
        decks = (self._beside if self._beside is not None else self._collection.library).decks
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for each in self._gathered.notes:
            placed = self._placed.get(each.draft.line)
            if placed is not None and each.draft.origin is None and deck_of(placed.id) in taken:
                votes[each.draft.deck][deck_of(placed.id)] += 1
        named = {decks[name].title: name for name in sorted(taken)}
        return named | {title: counter.most_common(1)[0][0] for title, counter in votes.items()}

    # ---- what their cards are

    def _join(self, each: Found) -> None:
        """Note by what Anki knows the cards of a note that is here from now on, or was."""
        placed = self._placed.get(each.draft.line)
        if placed is None:
            return
        if placed.is_new:
            self._left += [LeftOut(each.label, reason) for reason in each.lost]
        for taken in each.cards:
            former = self._present(taken)
            name = f"{placed.id}#{taken.key}"
            if not placed.is_new and former is not None and self._has(former):
                self._names[taken.card.id] = former
            elif taken.key in placed.keys:
                self._names[taken.card.id] = name
                self._joined.append(_Joined(name, each.label, taken, each.own_tags))
                # An id by which another card was called must not become a present one: that would part it from it.
                if former != name and name not in self._known.names:
                    self._aliases.append(Alias(name, former or taken.identity.former_id))
            else:
                reason = f"its card {taken.card.ord + 1} is new in Anki, and the note {placed.id} was left as it is"
                self._left.append(LeftOut(each.label, reason))

    def _offer(self) -> Offer:
        cards = Counter(taken.card.deck for each in self._gathered.notes for taken in each.cards)
        decks: dict[int, str] = {}
        for each in self._joined:
            decks.setdefault(each.taken.card.deck, deck_of(each.name))
        return offered(self._found, cards, decks, self._collection.settings)

    # ---- how they stand

    def _name_unlogged(self, read: Translated) -> None:
        """Name the cards of which Anki has a schedule and no review that led to it."""
        logged = read.events.cards
        for each in self._joined:
            card = each.taken.card
            if each.name not in logged and (card.reps or card.due_day is not None) and not read.ours:
                reason = "the file has no review of its card, which therefore begins as a new one"
                rests = ", when it is due" if card.due_day is not None else ""
                self._left.append(LeftOut(each.label, f"{reason}{rests}"))

    def _states(self, work: Work) -> Iterable[Body]:
        """How the cards that joined stand in Anki, where their reviews do not say so."""
        today = self._collection.now().day
        changed = self._found.changed_ms
        buried_until = (work.day_of(changed) if changed > 0 else today) + 1
        for each in self._joined:
            card = each.taken.card
            if card.due_day is not None and card.queue is not Queue.DAY_LEARNING:
                due = work.first_day + card.due_day
                schedule = self._collection.state(each.name).schedule
                if _due(schedule) != due and work.is_likely(due):
                    yield SetDue(each.name, due)
            if card.flag:
                yield Flag(each.name, card.flag)
            match card.queue:
                case Queue.SUSPENDED:
                    yield Suspend(each.name)
                case Queue.USER_BURIED | Queue.SCHEDULER_BURIED if buried_until > today:
                    yield Bury(each.name, buried_until)
                case _:
                    pass
            for tag in tags_of(" ".join(each.tags), anki=True):
                if tag.casefold() != "leech":
                    yield Tag(each.name, tag)

    def _signs(self, work: Work, now_s: int) -> list[Event]:
        """What is to be kept of the cards that joined: from then on what differs there was set there."""
        cards = {each.taken.card.id: each.name for each in self._joined}
        states = self._collection.journal.states(cards.values())
        ours = {name: Signs(state.suspended, state.flag) for name, state in states.items()}
        signs = AnkiSigns(self._collection, work.device, self._known.names, work.day_of, now_s)
        return signs.agreed(cards, ours, self._found.schedules())


def _due(schedule: Schedule) -> int | None:
    return schedule.due if isinstance(schedule, Interval) else None


def _library_of(collection: Collection, into: Path) -> Library | None:
    """The decks of the folder that an import goes to, where they are not among the learner's."""
    return None if _is_of(collection, into) or not into.is_dir() else load([into])


def _is_of(collection: Collection, into: Path) -> bool:
    places = collection.places or (collection.home.decks, *collection.home.deck_places())
    return any(into.resolve().is_relative_to(place.resolve()) for place in places)


def _formers(notes: Iterable[Note]) -> Mapping[str, str]:
    """The present id of each former card of some notes that the journal has not seen."""
    return {
        former: card.id
        for note in notes
        if note.was or note.was_cards or note.deck_was
        for card in note.cards()
        for former in card.former_ids()
    }


def _with_picture(left: LeftOut, label: str, places: Sequence[str]) -> LeftOut:
    """What was said of a note whose picture was kept, with where it is."""
    if left.note != label or "image occlusion" not in left.reason or "kept" in left.reason:
        return left
    return LeftOut(label, f"{left.reason}; its picture is kept as {', '.join(places)}")
