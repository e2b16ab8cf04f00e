"""Looking after the journal: copies, bringing them back, and a doctor's visit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.core.days import date_of
from nlpcards.core.errors import NlpcardsError, StoreError, reason_of
from nlpcards.core.state import CardState, Interval, New, Steps
from nlpcards.decks.cache import size_of
from nlpcards.store.backup import folder_of
from nlpcards.store.cache import Difference
from nlpcards.store.connection import DamagedFile, failures_of, how_to_restore
from nlpcards.store.identity import fingerprint
from nlpcards.store.journal_file import Journal


@dataclass(frozen=True, slots=True)
class Health:
    """What a visit found.

    `damage` are sentences about the file itself; where there are any, nothing was counted (`events` and `cards` are
    None) or rebuilt, and `remedy` says what to do. `different` are the cached states that were not what the events
    say, each as a sentence; they are right again. `without_note` are cards with a history whose note is in no deck,
    `off_roadmap` what was followed, opened or marked and is on no roadmap, such as `track way`. `deck_cache` is how
    many bytes of what deck files say are kept to start sooner; they may be deleted at any time.
    """

    events: int | None
    cards: int | None
    damage: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    without_note: tuple[str, ...] = ()
    remedy: str = ""
    off_roadmap: tuple[str, ...] = ()
    deck_cache: int = 0


@dataclass(frozen=True, slots=True)
class Restored:
    """What a copy brought back: how many `events`, and where the damaged journal lies now, None where it was sound."""

    events: int
    aside: Path | None


def doctor(collection: Collection) -> Health:
    """Check the file, fold every card's state anew, compare and write it. A damaged file is only looked at."""
    journal = collection.journal
    damage = _damage(journal)
    if damage:
        # What is read from a damaged file may be wrong, and a write may spread the damage.
        return Health(None, None, damage, remedy=how_to_restore(journal.path))
    different = tuple(map(sentence, journal.rebuild()))
    answered = journal.answered_cards()
    orphans = tuple(sorted(card for card in answered if not collection.library.has_card(card)))
    events = sum(1 for _ in journal.events())
    return Health(
        events, len(answered), (), different, orphans, "", _off_roadmap(collection), size_of(collection.home.deck_cache)
    )


def _off_roadmap(collection: Collection) -> tuple[str, ...]:
    """What marks name and neither a roadmap nor, for a topic, a deck has."""
    if not collection.journal.marks():
        return ()
    found, roadmap = collection.knowing.following, collection.library.roadmap
    topics = {*roadmap.topics, *collection.knowing.cards}
    named = (
        ("track", [found.track] if found.track else [], roadmap.tracks),
        ("topic", sorted(found.opened | found.shut), topics),
        ("resource", sorted(found.resources), roadmap.resources),
        ("milestone", sorted(found.milestones), roadmap.milestones),
    )
    return tuple(f"{what} {name}" for what, names, known in named for name in names if name not in known)


def _damage(journal: Journal) -> tuple[str, ...]:
    try:
        return tuple(" ".join(line.split()) for line in journal.integrity())
    except DamagedFile as error:  # too broken even to be checked
        return (error.message,)


def sentence(difference: Difference) -> str:
    """Where a cache was wrong, as a sentence about the card or the event."""
    name = difference.name
    match difference.what:
        case "undone":
            device, _, number = name.rpartition("/")
            return f"whether event {number} of device {device} counts was kept wrongly"
        case "renamed":
            return f"what {name} is called now was kept wrongly"
        case "state":
            if difference.cached is None:
                return f"{name} had no state, though events of it count"
            if difference.folded is None:
                return f"{name} had a state, though no event of it counts"
            was, now = dict(_told(difference.cached)), dict(_told(difference.folded))
            changed = [
                f"{each} was {was.get(each, 'unknown')} and is {now.get(each, 'unknown')}"
                for each in was | now
                if was.get(each) != now.get(each)
            ]
            return f"the state of {name}: {'; '.join(changed) or 'its memory was a little off'}"


def _told(state: CardState) -> Iterator[tuple[str, str]]:
    """A state's facts by their names."""
    schedule = state.schedule
    match schedule:
        case New():
            yield "its standing", "new"
        case Steps():
            yield "its standing", f"{'relearning' if schedule.relearning else 'learning'} step {schedule.step + 1}"
            yield "its due time", _instant(schedule.due_ms)
        case Interval():
            yield "its standing", "review"
            yield "its due day", _date(schedule.due)
    if state.memory is not None:
        yield "its stability", f"{state.memory.stability:.6g} days"
        yield "its difficulty", f"{state.memory.difficulty:.6g}"
    yield "its count of reviews", str(state.reps)
    yield "its count of lapses", str(state.lapses)
    yield "its suspension", "on" if state.suspended else "off"
    yield "the day it is buried until", _date(state.buried_until) if state.buried_until else "none"
    yield "its flag", str(state.flag)
    yield "its first day", "none" if state.first_day is None else _date(state.first_day)
    yield "its last day", "none" if state.last_day is None else _date(state.last_day)
    yield "the text it was last seen with", state.content or "unknown"


def _date(day: int) -> str:
    """A day of a state that may be nonsense, which is what is to be told."""
    try:
        return date_of(day).isoformat()
    except (ValueError, OverflowError):
        return f"day {day}"


def _instant(ms: int) -> str:
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).isoformat(" ", "seconds")
    except (ValueError, OverflowError, OSError):
        return f"{ms} ms"


def back_up(collection: Collection, out: Path | None = None) -> Path:
    """Copy the journal to `out`, or to a file named by the time beside the automatic copies; gives its path.

    Raises:
        NlpcardsError: the copy cannot be written, or `out` exists already.
    """
    journal = collection.journal
    if out is None:
        out = folder_of(journal.path) / f"{journal.path.stem}-{_stamp(collection.clock)}.db"
    try:
        out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = out.exists()
    except OSError as error:
        raise NlpcardsError(
            f"the folder of the copy cannot be used: {reason_of(error)}",
            place=str(out.parent),
            remedy="Name a file in a folder where you may write.",
        ) from None
    if there:
        raise NlpcardsError("the file exists already", place=str(out), remedy="Name another one.")
    journal.backup(out)
    return out


def restore(home: Home, copy: Path, clock: Clock | None = None) -> Restored:
    """Unite the journal with a copy of it; nothing given since is lost.

    A journal that is damaged is put aside, with what SQLite keeps beside it, and a new one starts from the copy. That
    happens only once the copy was read whole.

    Raises:
        NlpcardsError: there is no such copy, it is none, or a file cannot be written; the journal is as it was.
    """
    if not copy.is_file():
        raise NlpcardsError("there is no such file", place=str(copy), remedy="Name a copy that `backup` made.")
    clock = clock or Clock()
    journal = _sound(home, clock)
    if journal is None:
        return _start_from(home, copy, clock)
    with journal:
        return Restored(_unite(journal, copy, clock), None)


def _sound(home: Home, clock: Clock) -> Journal | None:
    """The journal, open; None where its file is damaged."""
    try:
        journal = Journal.open(home.journal, clock.now(0).ms, fingerprint(home.journal))
    except DamagedFile:
        return None
    if not _damage(journal):
        return journal
    journal.close()
    return None


def _unite(journal: Journal, copy: Path, clock: Clock) -> int:
    try:
        return journal.restore(copy, clock.now(0).ms)
    except StoreError as error:
        if error.place != str(copy):
            raise
        # The store speaks of a journal, and would have this one moved away or restored.
        remedy = error.remedy if error.remedy.startswith("Update") else "Name another copy; your journal is as it was."
        raise StoreError(error.message.replace("the journal", "this copy"), place=error.place, remedy=remedy) from None


def _start_from(home: Home, copy: Path, clock: Clock) -> Restored:
    """Make a journal of a copy, and only when it is whole put it in the place of the damaged one."""
    path = home.journal
    with failures_of(path), tempfile.TemporaryDirectory(prefix=".restoring-", dir=path.parent) as folder:
        whole = Path(folder) / "whole.db"
        with Journal.open(Path(folder) / path.name, clock.now(0).ms, fingerprint(path)) as journal:
            events = _unite(journal, copy, clock)
            journal.backup(whole)
        aside = _put_aside(path, _stamp(clock))
        whole.replace(path)
    return Restored(events, aside)


def _put_aside(path: Path, stamp: str) -> Path:
    """Rename a database file and its companions; gives the file's new path."""
    names = (f"{path.name}.damaged-{stamp}" + (f"-{number}" if number else "") for number in count())
    aside = next(free for free in map(path.with_name, names) if not free.exists())
    # The companions first: left behind, a WAL would be taken for the new file's.
    for suffix in ("-wal", "-shm", ""):
        each = path.with_name(path.name + suffix)
        if each.exists():
            each.rename(aside.with_name(aside.name + suffix))
    return aside


def _stamp(clock: Clock) -> str:
    return clock.utc().astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")
