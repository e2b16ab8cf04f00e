"""The journal in its file: open it, append to it, read it, unite it with another."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Self

from nlpcards.core.closing import Closing
from nlpcards.core.days import Moment
from nlpcards.core.errors import JournalConflict, StoreError
from nlpcards.core.journal import Alias, Body, Event, EventId, Review, Undo, card_of, next_hlc
from nlpcards.store import backup, rows
from nlpcards.store.cache import Difference
from nlpcards.store.connection import BUSY_MS, connect, failures_of, make_durable, transaction
from nlpcards.store.identity import random_device, serial_of
from nlpcards.store.reading import Reader
from nlpcards.store.schema import VERSION, migrate, version_of


class Journal(Reader, Closing):
    """One learner's journal: events that are only ever added, and the states of cards that follow from them.

    Every writing method is one transaction, on disk when it returns. Several processes may use one file at once. Cards
    are named by their ids; a former id stands for the card as it is called now. Whatever goes wrong with the file is a
    `StoreError`.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, *, readonly: bool) -> None:
        """Use `Journal.open`."""
        super().__init__(path, connection)
        self.readonly = readonly
        self.backup_failure: StoreError | None = None
        """Why the copy of a study day could not be made: answers are taken all the same, but someone should be told."""
        self._backed_up: int | None = None
        self._is_together = False

    # ---- opening and closing

    @classmethod
    def open(
        cls,
        path: Path,
        now_ms: int,
        fingerprint: str,
        *,
        readonly: bool = False,
        busy_ms: int = BUSY_MS,
        new_device: Callable[[], str] = random_device,
    ) -> Self:
        """Open the journal at `path`; where there is none, make one with its folder (unless `readonly`).

        One of an older format is brought up to date first, also where it is then only read.

        `fingerprint` tells the place and the machine (see `identity.fingerprint`): a file that knows another one is a
        copy, and gets a new device id from `new_device`. `now_ms` is kept with it. `busy_ms` is how long to wait for
        another process's write.

        Raises:
            StoreError: it cannot be opened, is not a journal, is damaged, is locked, or a newer nlpcards wrote it.
        """
        with failures_of(path):
            if not readonly:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _refuse_emptied(path)
            connection = connect(path, readonly=readonly, busy_ms=busy_ms)
            try:
                if readonly and 0 < version_of(connection, path) < VERSION:
                    # Where it can be brought up to date, it is; where not, `_prepare` says so.
                    connection.close()
                    with suppress(StoreError):
                        cls.open(path, now_ms, fingerprint, busy_ms=busy_ms, new_device=new_device).close()
                    connection = connect(path, readonly=True, busy_ms=busy_ms)
                journal = cls(path, connection, readonly=readonly)
                journal._prepare(now_ms, fingerprint, new_device)
            except BaseException:
                connection.close()
                raise
        return journal

    def _prepare(self, now_ms: int, fingerprint: str, new_device: Callable[[], str]) -> None:
        if self.readonly:
            found = version_of(self._connection, self.path)
            if not found:
                raise StoreError("the journal is empty", place=str(self.path), remedy="Nothing was written to it yet.")
            if found != VERSION:
                raise StoreError(
                    "the journal has an older format and cannot be brought up to date where it is read-only",
                    place=str(self.path),
                    remedy="Allow writing to its folder, or copy it elsewhere.",
                )
            return
        version_of(self._connection, self.path)  # before anything is written to a file that may not be ours
        make_durable(self._connection)
        migrate(self._connection, self.path, self._keep_version)
        mark = f"{fingerprint} {serial_of(self.path)}"
        if self._mark() != mark:
            with self._writing():
                if self._mark() != mark:  # another process may have done it meanwhile
                    self._become(new_device(), now_ms, mark)

    def _mark(self) -> str | None:
        """The fingerprint and file number that the file was last written under, None for a new file."""
        found = self._connection.execute("SELECT fingerprint FROM installation").fetchone()
        return None if found is None else str(found[0])

    def _keep_version(self, version: int) -> None:
        backup.copy_to(self._connection, backup.folder_of(self.path) / f"{self.path.stem}-format-{version}.db")

    def _become(self, device: str, now_ms: int, mark: str) -> None:
        """Write as a new device from now on, after all events there are."""
        seen = self._connection.execute("SELECT coalesce(max(hlc), 0) FROM event").fetchone()[0]
        self._connection.execute(
            "REPLACE INTO installation (id, device, since_ms, fingerprint, seen_hlc) VALUES (1, ?, ?, ?, ?)",
            (self._names.device(device), now_ms, mark, seen),
        )

    def close(self) -> None:
        """Close the file. Nothing is left to write: whatever was acknowledged is on disk already."""
        self._connection.close()

    # ---- writing

    @contextmanager
    def together(self, moment: Moment) -> Iterator[None]:
        """Make one transaction of all that is written in the `with`: where anything fails there, nothing was.

        What was written can be read in it. The copy of the study day is made before.

        Raises:
            StoreError: it could not be written; nothing is changed.
        """
        self._back_up_before(moment.day)
        with self._writing():
            self._is_together = True
            try:
                yield
            finally:
                self._is_together = False

    def append(self, bodies: Sequence[Body], moment: Moment) -> tuple[Event, ...]:
        """Write what one action did, all of it or nothing, with the states that follow; gives the events as written.

        Several bodies share a batch number. On the first event of a study day the day's copy is made before (see
        `backup_of_day`).

        Raises:
            StoreError: it could not be written, or an undo names an event that is not there; nothing is changed.
            NlpcardsError: a setting has a value that it cannot have; nothing is changed.
        """
        if not bodies:
            return ()
        self._back_up_before(moment.day)
        with self._writing():
            own, seen = self._connection.execute("SELECT device, seen_hlc FROM installation").fetchone()
            last = self._connection.execute(
                "SELECT seq, hlc FROM event WHERE device = ? ORDER BY seq DESC LIMIT 1", (own,)
            ).fetchone()
            seq, hlc = (0, seen) if last is None else (last[0], max(last[1], seen))
            device = self._names.devices[own]
            batch = seq + 1 if len(bodies) > 1 else 0
            written: list[tuple[Event, int | None]] = []
            keys: dict[str, int] = {}
            for body in bodies:
                seq, hlc = seq + 1, next_hlc(hlc, moment.ms)
                event = Event(EventId(device, seq), hlc, moment.ms, moment.day, body, batch)
                if isinstance(body, Undo):
                    self._require(body.target)
                _, card = self._write_event(event, keys)
                written.append((event, card))
            self._cache.follow(written)
            if not all(isinstance(body, Review) for body in bodies):
                self._turn_over()
        return tuple(event for event, _ in written)

    def insert(self, events: Iterable[Event]) -> int:
        """Unite the journal with events from elsewhere, all or nothing; gives how many were new.

        Raises:
            JournalConflict: an event's `(device, seq)` stands here for another event.
            StoreError: an event is not one that can be, or the file cannot be written.
        """
        with self._writing():
            return self._unite(events)

    def restore(self, copy: Path, now_ms: int, new_device: Callable[[], str] = random_device) -> int:
        """Unite the journal with a copy of it, then go on as a new device; gives how many events came back.

        A new device, because what was written after the copy was made may be lost here yet known elsewhere: its numbers
        must not be used again. An older copy is brought to today's format in a temporary folder; the copy itself is
        never changed.

        Raises:
            JournalConflict, StoreError: as `insert`; nothing is changed then.
        """
        if not copy.is_file():
            raise StoreError("there is no such copy", place=str(copy), remedy="Name a file from the folder `backups`.")
        with _copy_of(copy) as source, self._writing():
            count = self._unite(source.events())
            self._become(new_device(), now_ms, self._mark() or "")
        return count

    def rebuild(self) -> list[Difference]:
        """Compute every cache again from the events, write it, and say where it differed (an empty list: nowhere)."""
        with self._writing():
            self._turn_over()
            return self._cache.rebuild()

    def _unite(self, events: Iterable[Event]) -> int:
        # Undos that wait for their targets: those may come now.
        waiting = self._connection.execute(
            """
            SELECT u.device, u.seq FROM event u WHERE u.kind >= 9 AND u.kind = 9 AND NOT EXISTS
                (SELECT 1 FROM event e WHERE e.device = u.target_device AND e.seq = u.target_seq)
            """
        ).fetchall()
        woken = [EventId(self._names.devices[device], seq) for device, seq in waiting]
        count = 0

        def write() -> Iterator[tuple[Event, int | None]]:
            nonlocal count
            seen = 0
            keys: dict[str, int] = {}
            for event in events:
                written, card = self._write_event(event, keys)
                if written:
                    count += 1
                    seen = max(seen, event.hlc)
                    yield event, card
                elif self.event(event.id) != event:
                    raise JournalConflict(
                        f"two different events are both number {event.id.seq} of device {event.id.device}",
                        place=str(self.path),
                        remedy="One of the two journals was copied and used on; keep both files and restore a backup.",
                    )
            self._connection.execute("UPDATE installation SET seen_hlc = max(seen_hlc, ?)", (seen,))

        self._cache.absorb(write(), woken=woken)
        self._turn_over()
        return count

    def _write_event(self, event: Event, keys: dict[str, int]) -> tuple[bool, int | None]:
        """Write an event's row; gives whether there was none with its id, and the key of its card.

        `keys` remembers the keys of cards over the events of one call.
        """
        body = event.body
        try:
            card = None
            name = card_of(body)
            if name is not None:
                card = keys.get(name)
                if card is None:
                    card = keys[name] = self._names.card(name)
            if isinstance(body, Alias):
                self._names.card(body.former)
            target = self._names.device(body.target.device) if isinstance(body, Undo) else None
            row = rows.row_of(event, self._names.device(event.id.device), card, target)
            return self._connection.execute(rows.INSERT_EVENT, row).rowcount == 1, card
        except (
            sqlite3.IntegrityError,
            sqlite3.InterfaceError,
            sqlite3.ProgrammingError,
            OverflowError,
            UnicodeError,
        ) as error:
            raise StoreError(
                f"event {event.id.seq} of device {event.id.device} cannot be stored ({error})",
                place=str(self.path),
                remedy="Nothing was changed; the event holds a value that no event can have.",
            ) from error

    def _require(self, target: EventId) -> None:
        if self.event(target) is None:
            raise StoreError(
                f"there is no event {target.seq} of device {target.device} to undo",
                place=str(self.path),
                remedy="Nothing was changed.",
            )

    # ---- copies

    def backup(self, target: Path) -> None:
        """Copy the journal as it is now to the file `target`, flushed and put in place at once."""
        with failures_of(target):
            backup.copy_to(self._connection, target)

    def backup_of_day(self, day: int) -> Path | None:
        """Make the automatic copy of a study day unless it is there; gives its path, None for an empty journal.

        The copies of the last 14 days with one are kept.
        """
        target = backup.path_of_day(self.path, day)
        if self._backed_up == day or target.exists():
            self._backed_up = day
            return target
        with self._reading():
            if self._connection.execute("SELECT 1 FROM event LIMIT 1").fetchone() is None:
                return None
        with failures_of(target):
            backup.copy_to(self._connection, target)
            backup.prune(self.path)
        self._backed_up = day
        return target

    def _back_up_before(self, day: int) -> None:
        if self.readonly or self._backed_up == day:
            return
        try:
            self.backup_of_day(day)
        except (StoreError, ValueError, OverflowError) as error:
            # An answer is worth more than a second copy of older ones; one attempt a day.
            self.backup_failure = error if isinstance(error, StoreError) else None
        self._backed_up = day

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self.readonly:
            raise StoreError(
                "the journal was opened for reading only", place=str(self.path), remedy="Allow writing to its folder."
            )
        if self._is_together:
            _ = self._cache.timeline
            yield
            return
        with failures_of(self.path):
            try:
                with transaction(self._connection):
                    self._notice_others()
                    _ = self._cache.timeline  # as it was before: only against that does a change of settings show
                    yield
            except BaseException:
                self._forget()
                raise


@contextmanager
def _copy_of(path: Path) -> Iterator[Journal]:
    """A copy opened for reading; an older one is brought to today's format elsewhere first."""
    with failures_of(path):
        connection = connect(path, readonly=True)
        with closing(connection):
            version = version_of(connection, path)
            if not version:
                raise StoreError("this copy is empty", place=str(path), remedy="Name another copy.")
            if version == VERSION:
                yield Journal(path, connection, readonly=True)
                return
            with backup.scratch_copy(connection) as scratch:
                with closing(connect(scratch)) as newer:
                    migrate(newer, scratch, lambda _: None)
                    yield Journal(scratch, newer, readonly=True)


def _refuse_emptied(path: Path) -> None:
    """An empty file beside copies was a journal once: to begin anew in it would hide a loss."""
    if path.exists() and path.stat().st_size == 0 and any(backup.folder_of(path).glob(f"{path.stem}-*.db")):
        raise StoreError(
            "the journal is empty, but there are copies of it",
            place=str(path),
            remedy=f"Delete the empty file, then run `nlpcards restore` with a copy from {backup.folder_of(path)}.",
        )
