"""What was learned, to a running Anki: rows into its review log, schedules onto the cards that it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace

from nlpcards.anki.connect.changes import (
    is_scheduled_so,
    missing_rows,
    review_values,
    schedule_action,
    values_action,
)
from nlpcards.anki.connect.client import Action, AnkiConnect, Refused
from nlpcards.anki.history.log_rows import LogRow
from nlpcards.anki.history.review_log import only_scheduling
from nlpcards.anki.history.schedules import card_row, carried
from nlpcards.anki.reading.collection import AnkiCollection
from nlpcards.anki.reading.values import Queue, StoredReview, StoredSchedule
from nlpcards.collection.bringing_back import Known, Work
from nlpcards.collection.collection import Collection
from nlpcards.collection.exporting import history_of
from nlpcards.core.cards import note_of
from nlpcards.core.journal import Event, Flag, Suspend, Unsuspend

ROWS = 200
"""Rows of the review log sent at a time."""


class HistoryPush:
    """What of the past Anki lacks, of the cards of some notes.

    Who answered a card last leads: where that was Anki, its schedule stays, else it is set to ours.
    """

    def __init__(
        self,
        collection: Collection,
        anki: AnkiConnect,
        found: Iterable[AnkiCollection],
        known: Known,
        notes: Container[str],
    ) -> None:
        """`found` is what Anki has; `notes` are the ids (`deck/note`) of those chosen."""
        self.rows: list[tuple[int, LogRow]] = []
        """The missing rows, each with Anki's id of its card."""
        self.schedules: list[Action] = []
        self.behind = self.borrowed = 0
        self._collection, self._anki = collection, anki
        self._history = history_of(collection)
        self._taken: set[int] = set()
        for each in found:
            cards = {number: name for number, name in known.cards_of(each).items() if note_of(name) in notes}
            self._look_at(each, cards)

    def write(self, progress: Callable[[str, int, int], None]) -> int:
        """Give it to Anki; gives how many rows found no room in its log.

        Schedules go first: where only they arrived, the rows are still missing the next time, and nothing is taken for
        done that is not.

        Raises:
            NlpcardsError: Anki cannot be reached, or refuses something.
        """
        answers = self._anki.each(self.schedules, lambda done: progress("schedule", done, len(self.schedules)))
        for action, answer in zip(self.schedules, answers, strict=True):
            # This action alone says in its result what went wrong.
            if action.name == "setSpecificValueOfCard" and answer != [True]:
                raise Refused(action.name, str(answer), place=self._anki.url)
        crowded_out = 0
        for start in range(0, len(self.rows), ROWS):
            crowded_out += self._insert(self.rows[start : start + ROWS])
            progress("review", min(start + ROWS, len(self.rows)), len(self.rows))
        return crowded_out

    def _insert(self, rows: Sequence[tuple[int, LogRow]]) -> int:
        placed = []
        for card, row in rows:
            at = next((at for at in row.places() if at > 0 and at not in self._taken), None)
            if at is not None:
                self._taken.add(at)
                placed.append(review_values(card, row, at))
        try:
            self._anki.call("insertReviews", reviews=placed)
            return len(rows) - len(placed)
        except Refused as error:
            if "UNIQUE" not in error.said.upper():
                raise
        # Another card, in a deck that was not looked into, was answered at one of these very milliseconds.
        return sum(not self._insert_alone(card, row) for card, row in rows)

    def _insert_alone(self, card: int, row: LogRow) -> bool:
        for at in row.places():
            try:
                self._anki.call("insertReviews", reviews=[review_values(card, row, at)])
                return True
            except Refused as error:
                if "UNIQUE" not in error.said.upper():
                    raise
        return False

    def _look_at(self, found: AnkiCollection, cards: dict[int, str]) -> None:
        work = Work(self._collection, found, cards)
        read = work.read()
        behind = {event.card for event in work.fresh(read.events)}
        logs: dict[int, list[StoredReview]] = defaultdict(list)
        for row in found.reviews():
            logs[row.card].append(row)
            self._taken.add(row.id)
        histories = dict(self._collection.journal.histories(cards.values()))
        for stored in found.schedules():
            name = cards.get(stored.card)
            if name is None:
                continue
            if name in behind:
                self.behind += 1
                continue
            self._compare(work, name, histories.get(name, ()), stored, logs[stored.card])

    def _compare(
        self, work: Work, name: str, events: Sequence[Event], stored: StoredSchedule, log: Sequence[StoredReview]
    ) -> None:
        """Note what Anki lacks of one card."""
        history = self._history
        past = carried(name, events, history.timeline, history.today, history.day_of)
        theirs = {event.at_ms for event in events if event.id.device == work.device}
        missing = missing_rows(past.log, log, theirs)
        self.rows += [(stored.card, row) for row in missing]
        touched_s = _touched_s(stored, log)
        suspended, flag = stored.queue == Queue.SUSPENDED.value, stored.flag
        if _last_s(events, Suspend, Unsuspend) >= touched_s:
            suspended = past.state.suspended
        if _last_s(events, Flag) >= touched_s:
            flag = past.state.flag
        state = replace(past.state, suspended=suspended, flag=flag)
        model = history.timeline.model.of(name)
        wanted = card_row(state, model, past.answered_ms, history.today, history.day_of)
        if is_scheduled_so(wanted, stored, work.first_day):
            return
        if stored.is_borrowed:
            self.borrowed += 1
        elif missing or self._leads(name, work.device):
            self.schedules.append(schedule_action(stored.card, wanted, stored, work.first_day))
        else:
            if flag != stored.flag:
                self.schedules.append(values_action(stored.card, {"flags": flag}))
            if suspended != (stored.queue == Queue.SUSPENDED.value):
                self.schedules.append(Action("suspend" if suspended else "unsuspend", {"cards": [stored.card]}))

    def _leads(self, name: str, device: str) -> bool:
        """Whether a card was last answered or rescheduled here, also where that was taken back since."""
        last = list(only_scheduling(self._collection.journal.events_of(name)))[-1:]
        return bool(last) and last[0].id.device != device


def _touched_s(stored: StoredSchedule, log: Sequence[StoredReview]) -> int:
    """When Anki's user last did something to a card but answer it, as far as that can be known, in seconds since 1970
    UTC: an answer there says nothing of a flag that was set here before.
    """
    answered = any(abs(row.id // 1000 - stored.changed_s) <= 1 for row in log)
    return 0 if answered else stored.changed_s


def _last_s(events: Iterable[Event], *kinds: type) -> int:
    """When something of these kinds last happened, in seconds since 1970 UTC, -1 where it never did."""
    return max((event.at_ms // 1000 for event in events if isinstance(event.body, kinds)), default=-1)
