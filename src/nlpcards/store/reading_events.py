"""Questions to the journal's file about events: what happened, what counts of it, what was said and set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing

from nlpcards.core.journal import Event, EventId, Mark, Seen, Undo
from nlpcards.core.remarks import Remarks, fold_remarks, remarks_by_card
from nlpcards.store import rows
from nlpcards.store.connection import connect, failures_of, looks_sound
from nlpcards.store.names import Names
from nlpcards.store.opened import EVENTS
from nlpcards.store.reading_states import StateReader

_OWN = "e.card IN (SELECT ?1 UNION ALL SELECT former FROM renamed WHERE present = ?1)"
_FOLDED, _SAID = "e.kind < 9", "e.kind >= 13 AND e.kind < 18"


class EventReader(StateReader):
    """What can be asked of the events, besides the states that follow from them."""

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
        sql = f"{EVENTS} JOIN device d ON d.id = e.device WHERE {condition} ORDER BY e.hlc, d.name"
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
        """The last mark of each subject that counts, but for those about cards (see `marks_under`); they are kept in
        memory until something else may hold.
        """
        with self._reading():
            if self._marks is None:
                # Of cards there may be very many, and every start comes here.
                which = f"e.subject NOT GLOB 'card:*' AND {rows.SURVIVES}"
                self._marks = _last_of(self._events(f"e.kind >= 9 AND e.kind = {rows.MARK} AND {which}"))
            return self._marks

    def marks_under(self, start: str) -> Mapping[str, Event]:
        """The last mark that counts of each subject that begins so."""
        which = f"substr(e.subject, 1, length(?)) = ? AND {rows.SURVIVES}"
        return _last_of(self._events(f"e.kind >= 9 AND e.kind = {rows.MARK} AND {which}", start, start))

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


def _counting(condition: str, surviving: bool) -> str:
    return f"{condition} AND {rows.SURVIVES}" if surviving else condition


def _last_of(found: Iterable[Event]) -> dict[str, Event]:
    return {event.body.subject: event for event in found if isinstance(event.body, Mark)}
