"""Questions to the journal's file: states, what is due, what happened. All of them only read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nlpcards.core.dataclass import dataclass
from nlpcards.core.fold import Timeline
from nlpcards.core.journal import Event, EventId, Mark, Seen, Undo
from nlpcards.core.queue.budget import Sort
from nlpcards.core.remarks import Remarks, fold_remarks, remarks_by_card
from nlpcards.core.state import CardState
from nlpcards.store import rows
from nlpcards.store.cache import Cache
from nlpcards.store.connection import connect, failures_of, looks_sound
from nlpcards.store.names import Names, chunks

if TYPE_CHECKING:
    from nlpcards.core.roadmap.progress import Met
    from nlpcards.core.stats.answers import Summed
    from nlpcards.core.stats.standings import Standing


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What a study day saw: `reviews` answers that count, `introduced` cards answered for the first time."""

    reviews: int
    introduced: int


_STATES = f"SELECT c.name, {rows.STATE} FROM card_state s JOIN card c ON c.id = s.card"
_ASKED = "NOT s.suspended AND s.buried_until <= :day"
_OWN = "e.card IN (SELECT ?1 UNION ALL SELECT former FROM renamed WHERE present = ?1)"
_FOLDED, _SAID = "e.kind < 9", "e.kind >= 13 AND e.kind < 18"
_EVENTS = f"SELECT {rows.EVENT} FROM event e LEFT JOIN card c ON c.id = e.card"


class Reader:
    """What can be asked of a journal without writing."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._names = Names(connection)
        self._cache = Cache(connection, self._names)
        self._seen_version = -1
        self._turn = 0
        self._marks: dict[str, Event] | None = None

    @property
    def device(self) -> str:
        """The device id under which events are written now; empty for a journal that was never written to."""
        with self._reading():
            found = self._connection.execute("SELECT device FROM installation").fetchone()
            return "" if found is None else self._names.devices[found[0]]

    @property
    def turn(self) -> int:
        """A number that changes whenever more may have happened than answers given through this object: what was
        worked out of all states holds as long as it is the same, but for the cards answered since.
        """
        with self._reading():
            return self._turn

    @property
    def timeline(self) -> Timeline:
        """The settings that shape memory, over the whole journal."""
        with self._reading():
            return self._cache.timeline

    # ---- states

    def state(self, card: str) -> CardState:
        """The state of a card; a new one's where nothing happened to it yet."""
        return self.states((card,)).get(card, CardState())

    def states(self, cards: Iterable[str]) -> dict[str, CardState]:
        """The states of those of the cards that have one, under the ids asked for, former ones included."""
        found: dict[str, CardState] = {}
        for names, places in chunks(cards):
            sql = f"""
                SELECT c.name, {rows.STATE} FROM card c LEFT JOIN renamed r ON r.former = c.id
                JOIN card_state s ON s.card = coalesce(r.present, c.id) WHERE c.name IN ({places})
            """
            found |= self._states(sql, names)
        return found

    def all_states(self) -> dict[str, CardState]:
        """The state of every card that has one, under its present id."""
        return self._states(_STATES)

    def agenda(self, day: int, day_ends_ms: int) -> dict[str, CardState]:
        """What `queue.plan` needs: reviews due, steps that end before `day_ends_ms`, cards answered that day."""
        answered = self._states(f"{_STATES} WHERE s.last_day = ?", (day,))
        return self.due(day) | self.learning(day, day_ends_ms) | answered

    def due(self, day: int, limit: int | None = None) -> dict[str, CardState]:
        """Cards out of the steps due on the study day or before that may be asked then; by due day, at most `limit`."""
        sql = f"{_STATES} WHERE s.due <= :day AND {_ASKED} ORDER BY s.due LIMIT :limit"
        return self._states(sql, {"day": day, "limit": -1 if limit is None else limit})

    def learning(self, day: int, before_ms: int) -> dict[str, CardState]:
        """Cards on the steps that come back before an instant and may be asked on the study day; by that time."""
        sql = f"{_STATES} WHERE s.due_ms < :before AND {_ASKED} ORDER BY s.due_ms"
        return self._states(sql, {"day": day, "before": before_ms})

    def answered_cards(self) -> set[str]:
        """The present ids of all cards that are not new."""
        found = self._rows("SELECT c.name FROM card_state s JOIN card c ON c.id = s.card WHERE s.phase <> 0")
        return {name for (name,) in found}

    def answered_since(self, day: int, rating: int | None = None) -> set[str]:
        """The present ids of the cards that have an answer that counts on a study day or later, with a rating unless
        that is None.
        """
        sql = f"""
            SELECT c.name FROM card c WHERE c.id IN (
                SELECT coalesce(r.present, e.card) FROM event e LEFT JOIN renamed r ON r.former = e.card
                WHERE e.day >= :day AND e.kind = {rows.REVIEW} AND (:rating IS NULL OR e.rating = :rating)
                AND {rows.SURVIVES}
            )
        """
        return {name for (name,) in self._rows(sql, {"day": day, "rating": rating})}

    def present_names(self) -> dict[str, str]:
        """The present id of each former card id, through chains of renames."""
        sql = "SELECT f.name, p.name FROM renamed r JOIN card f ON f.id = r.former JOIN card p ON p.id = r.present"
        return dict(self._rows(sql))

    def counts_of(self, day: int) -> DayCounts:
        """How many reviews a study day saw that count, and how many cards it introduced."""
        reviews = f"SELECT count(*) FROM event e WHERE e.day = ? AND e.kind = {rows.REVIEW} AND {rows.SURVIVES}"
        # A card introduced on a day was last seen on it or later, which narrows today's question to today's cards.
        introduced = "SELECT count(*) FROM card_state s WHERE s.last_day >= :day AND s.first_day = :day"
        return DayCounts(self._rows(reviews, (day,))[0][0], self._rows(introduced, {"day": day})[0][0])

    def due_between(self, first: int, last: int) -> list[tuple[str, int]]:
        """The cards out of the steps that fall due from day `first` to `last`, each with its day; no suspended ones."""
        sql = """
            SELECT c.name, s.due FROM card_state s JOIN card c ON c.id = s.card
            WHERE s.due BETWEEN ? AND ? AND NOT s.suspended
        """
        return [(name, due) for name, due in self._rows(sql, (first, last))]

    def due_counts(self, first: int, last: int) -> dict[int, int]:
        """How many cards out of the steps fall due on each day from `first` to `last`, suspended ones too; no zeros."""
        # It is asked for each button of each card: without a look at anything but the index it costs a tenth.
        sql = "SELECT due, count(*) FROM card_state WHERE due BETWEEN ? AND ? GROUP BY due"
        return dict(self._rows(sql, (first, last)))

    def introduced_between(self, first: int, last: int) -> set[str]:
        """The cards that were first answered from day `first` to `last`, by their present ids."""
        # Whatever was introduced then was last seen then or later, and by that there is an index.
        sql = """
            SELECT c.name FROM card_state s JOIN card c ON c.id = s.card
            WHERE s.last_day >= :first AND s.first_day BETWEEN :first AND :last
        """
        return {name for (name,) in self._rows(sql, {"first": first, "last": last})}

    def answer_times(self, since: int, most: int) -> list[tuple[Sort, int]]:
        """What the newest answers since a study day took, in ms, and what their cards were: at most `most` answers."""
        # An answer that led to a step (no due day) was followed by one on the steps.
        sql = f"""
            SELECT e.repetition, e.duration_ms, (
                SELECT p.due IS NULL FROM event p
                WHERE p.kind < 9 AND p.card = e.card AND p.hlc < e.hlc AND p.kind = {rows.REVIEW}
                ORDER BY p.hlc DESC LIMIT 1
            )
            FROM event e WHERE e.day >= ? AND e.kind = {rows.REVIEW} AND {rows.SURVIVES} ORDER BY e.day DESC LIMIT ?
        """
        return [
            (Sort.NEW if not repetition else Sort.STEPS if on_steps else Sort.REVIEW, duration)
            for repetition, duration, on_steps in self._rows(sql, (since, most))
        ]

    def studied_on(self, day: int) -> bool:
        """Whether a study day has an answer that counts."""
        sql = f"SELECT 1 FROM event e WHERE e.day = ? AND e.kind = {rows.REVIEW} AND {rows.SURVIVES} LIMIT 1"
        return bool(self._rows(sql, (day,)))

    def first_studied(self) -> int | None:
        """The first study day that has an answer, None without any."""
        found = self._rows(f"SELECT e.day FROM event e WHERE e.kind = {rows.REVIEW} ORDER BY e.day LIMIT 1")
        return found[0][0] if found else None

    def waiting_since(self, day: int) -> list[tuple[str, int]]:
        """The cards due on a study day or before, each with the day since when; those left on the steps on an earlier
        day are due since the day after. No suspended ones.
        """
        sql = """
            SELECT c.name, coalesce(s.due, s.last_day + 1) AS since FROM card_state s JOIN card c ON c.id = s.card
            WHERE (s.due <= :day OR s.due_ms IS NOT NULL) AND NOT s.suspended AND since <= :day
        """
        return [(name, since) for name, since in self._rows(sql, {"day": day})]

    def due_until_answered(self, day: int) -> int | None:
        """The earliest day since when a card answered on a study day had been due; None where there is no such card.

        What was put away or made new again since its last answer had not been due.
        """
        put_away = f"{rows.SUSPEND}, {rows.UNSUSPEND}, {rows.BURY}, {rows.RESET}"
        sql = f"""
            SELECT min((
                SELECT CASE p.kind WHEN {rows.REVIEW} THEN coalesce(p.due, p.day + 1) WHEN {rows.SET_DUE} THEN p.due END
                FROM event p WHERE p.kind < 9 AND p.card = e.card AND p.hlc < e.hlc
                AND p.kind IN ({rows.REVIEW}, {rows.SET_DUE}, {put_away}) ORDER BY p.hlc DESC LIMIT 1
            ))
            FROM event e WHERE e.day = ? AND e.kind = {rows.REVIEW} AND {rows.SURVIVES}
        """
        since: int | None = self._rows(sql, (day,))[0][0]
        return since

    def spent_on(self, day: int) -> int:
        """The time spent answering on a study day, in ms."""
        sql = f"SELECT total(e.duration_ms) FROM event e WHERE e.day = ? AND e.kind = {rows.REVIEW} AND {rows.SURVIVES}"
        return int(self._rows(sql, (day,))[0][0])

    # ---- events

    def event(self, which: EventId) -> Event | None:
        """One event by its id."""
        found = self._events("e.device = (SELECT id FROM device WHERE name = ?) AND e.seq = ?", which.device, which.seq)
        return found[0] if found else None

    def events_by(self, device: str) -> tuple[Event, ...]:
        """What a device wrote and nothing undid, in order."""
        return self._events(_counting("e.device = (SELECT id FROM device WHERE name = ?)", True), device)

    def undos_of(self, device: str) -> dict[EventId, EventId]:
        """The events of a device that an undo took out, each with an undo that counts."""
        condition = f"e.kind = {rows.UNDO} AND e.target_device = (SELECT id FROM device WHERE name = ?)"
        found = self._events(_counting(f"e.kind >= 9 AND {condition}", True), device)
        return {event.body.target: event.id for event in found if isinstance(event.body, Undo)}

    def events_of(self, card: str, *, surviving: bool = False) -> tuple[Event, ...]:
        """What happened to a card under any of its ids, in order; `surviving`: without what was undone."""
        sql = "SELECT coalesce(r.present, c.id) FROM card c LEFT JOIN renamed r ON r.former = c.id WHERE c.name = ?"
        found = self._rows(sql, (card,))
        if not found:
            return ()
        # Two questions, since each is answered from an index of its own.
        both = [self._events(_counting(f"{kinds} AND {_OWN}", surviving), found[0][0]) for kinds in (_FOLDED, _SAID)]
        return tuple(sorted((*both[0], *both[1]), key=lambda event: event.order))

    def histories(self, cards: Iterable[str]) -> Iterator[tuple[str, list[Event]]]:
        """What folds to the states of many cards (see `store.histories`)."""
        from nlpcards.store.histories import histories

        with self._reading():
            yield from histories(self._connection, self._names.devices, cards)

    def remarks_of(self, card: str) -> Remarks:
        """What the learner says of a card under any of its ids: a note of one's own, reports, tags."""
        sql = "SELECT coalesce(r.present, c.id) FROM card c LEFT JOIN renamed r ON r.former = c.id WHERE c.name = ?"
        found = self._rows(sql, (card,))
        return fold_remarks(self._events(_counting(f"{_SAID} AND {_OWN}", True), found[0][0])) if found else Remarks()

    def remarks(self) -> dict[str, Remarks]:
        """What the learner says of every card, by present ids; cards of which nothing is said are left out."""
        said: dict[str, list[Event]] = {}
        names = self.present_names()
        for event in self._events(_counting(f"e.kind >= 9 AND {_SAID}", True)):
            assert event.card is not None
            said.setdefault(names.get(event.card, event.card), []).append(event)
        return remarks_by_card(said.items())

    def reported(self) -> dict[str, Remarks]:
        """What the learner says of the cards that are reported as wrong, by their present ids."""
        return {card: said for card, said in self.remarks().items() if said.reports}

    def own_tags(self) -> dict[str, tuple[str, ...]]:
        """The learner's own tags of each card that has any, by present ids."""
        return {card: said.tags for card, said in self.remarks().items() if said.tags}

    def events_on(self, first: int, last: int | None = None, *, surviving: bool = False) -> tuple[Event, ...]:
        """What happened on a study day, or from `first` to `last` (included), in the journal's order."""
        return self._events(_counting("e.day BETWEEN ? AND ?", surviving), first, first if last is None else last)

    def events(self, *, surviving: bool = False) -> Iterator[Event]:
        """The whole journal in its order, as it is when the first event is asked for.

        It reads through a connection of its own: an iterator left half-way never keeps an old view for what follows.
        """
        condition = _counting("1", surviving)
        sql = f"{_EVENTS} JOIN device d ON d.id = e.device WHERE {condition} ORDER BY e.hlc, d.name"
        with failures_of(self.path), closing(connect(self.path, readonly=True)) as connection:
            devices = Names(connection).devices
            for row in connection.execute(sql):
                yield rows.event_of(row, devices)

    def last_event(self) -> Event | None:
        """The newest event of the journal, by which a clock that is far off shows; None for an empty one."""
        # Numbers and clocks rise together on a device, so the last of each device is looked at.
        with self._reading():
            newest = self._events(
                "(e.device, e.seq) IN (SELECT d.id, (SELECT max(seq) FROM event WHERE device = d.id) FROM device d)"
            )
        return newest[-1] if newest else None

    def last_undoable(self) -> tuple[Event, ...]:
        """The last action of this device that counts: its event, or the events of its batch that count, in order.

        Undos are passed over, so that asking again after an undo gives the action before; so are aliases and sights of
        notes, which nobody did. Empty where nothing is left.
        """
        condition = f"e.kind NOT IN ({rows.UNDO}, {rows.ALIAS}, {rows.SEEN}) AND {rows.SURVIVES}"
        last = self._rows(
            f"""
            SELECT e.device, e.seq, e.batch FROM event e
            WHERE e.device = (SELECT device FROM installation) AND {condition} ORDER BY e.seq DESC LIMIT 1
            """
        )
        if not last:
            return ()
        device, seq, batch = last[0]
        # A batch is numbered by its first event, so it lies between that number and its last.
        return self._events(
            f"e.device = ? AND e.seq BETWEEN ? AND ? AND e.batch = ? AND {condition}", device, batch or seq, seq, batch
        )

    def renames(self) -> tuple[Event, ...]:
        """The aliases that count, in the journal's order."""
        return self._events(f"e.kind >= 9 AND e.kind = {rows.ALIAS} AND {rows.SURVIVES}")

    def settings_set(self) -> tuple[Event, ...]:
        """The settings that count, in the journal's order."""
        return self._events(f"e.kind >= 9 AND e.kind = {rows.SETTING} AND {rows.SURVIVES}")

    def marks(self) -> Mapping[str, Event]:
        """The last mark of each subject that counts; they are kept in memory until something else may hold."""
        with self._reading():
            if self._marks is None:
                found = self._events(f"e.kind >= 9 AND e.kind = {rows.MARK} AND {rows.SURVIVES}")
                self._marks = {event.body.subject: event for event in found if isinstance(event.body, Mark)}
            return self._marks

    def seen_notes(self) -> dict[str, Seen]:
        """For each note whose content was recorded, the last record that counts: the one with the greatest `mod`."""
        sql = f"""
            SELECT e.subject, e.content, CAST(e.payload AS INTEGER) AS mod FROM event e
            WHERE e.kind >= 9 AND e.kind = {rows.SEEN} AND {rows.SURVIVES} ORDER BY mod, e.hlc
        """
        return {note: Seen(note, content or "", mod) for note, content, mod in self._rows(sql)}

    def first_seen(self) -> dict[str, int]:
        """For each note whose content was recorded, under the id it had then, the study day of the first record."""
        sql = f"SELECT e.subject, min(e.day) FROM event e WHERE e.kind >= 9 AND e.kind = {rows.SEEN} GROUP BY e.subject"
        return dict(self._rows(sql))

    def seen_counts(self) -> dict[str, int]:
        """How many contents of each note were recorded, under the id it had then."""
        sql = f"SELECT e.subject, count(*) FROM event e WHERE e.kind >= 9 AND e.kind = {rows.SEEN} GROUP BY e.subject"
        return dict(self._rows(sql))

    def integrity(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file, as sentences; empty where it is sound."""
        with self._reading():
            return tuple(looks_sound(self._connection))

    # ---- statistics

    def summed(self, group_of: Callable[[str], int], period: range) -> Summed:
        """All answers that count, summed up by day and sort (see `core.stats.answers`), undone ones left out.

        `group_of` gives a card's group by its present id, -1 to leave it out; over the study days of `period` answers
        are told apart by group and hour. It reads the whole journal: some 2.5 s for a million answers.
        """
        from nlpcards.store import summing

        with self._reading():
            return summing.summed(self._connection, self._names.devices, group_of, period)

    def met(self, since: int | None = None) -> list[Met]:
        """What progress looks at of the cards that were answered or are suspended (see `store.meeting`)."""
        from nlpcards.store import meeting

        with self._reading():
            return meeting.met(self._connection, since)

    def standings(self) -> list[Standing]:
        """Every card that has a memory state, under its present id, with what statistics look at."""
        from nlpcards.store import summing

        with self._reading():
            return summing.standings(self._connection)

    # ---- how it is read

    def _rows(self, sql: str, values: tuple[object, ...] | dict[str, object] = ()) -> list[rows.Row]:
        with self._reading():
            return self._connection.execute(sql, values).fetchall()

    def _states(self, sql: str, values: tuple[object, ...] | dict[str, object] = ()) -> dict[str, CardState]:
        return {row[0]: rows.state_of(row[1:]) for row in self._rows(sql, values)}

    def _events(self, condition: str, *values: object) -> tuple[Event, ...]:
        found = self._rows(f"{_EVENTS} WHERE {condition}", values)
        devices = self._names.devices
        return tuple(sorted((rows.event_of(row, devices) for row in found), key=lambda event: event.order))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with failures_of(self.path):
            self._notice_others()
            yield

    def _notice_others(self) -> None:
        """Forget what is remembered of the file where another process wrote to it since."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._seen_version:
            self._seen_version = version
            self._forget()

    def _forget(self) -> None:
        self._names.forget()
        self._cache.forget()
        self._turn_over()

    def _turn_over(self) -> None:
        self._marks = None
        self._turn += 1


def _counting(condition: str, surviving: bool) -> str:
    return f"{condition} AND {rows.SURVIVES}" if surviving else condition
