"""What was learned, to a running Anki: rows into its review log, schedules onto the cards that it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace

from nlpcards.anki.connect.changes import (
    is_scheduled_so,
    missing_rows,
    review_values,
    schedule_action,
    values_action,
)
from nlpcards.anki.connect.client import Action, AnkiConnect, Refused
from nlpcards.anki.connect.packages import Has
from nlpcards.anki.history.log_rows import LogRow
from nlpcards.anki.history.review_log import device_of, is_told, only_scheduling
from nlpcards.anki.history.schedules import card_row, carried
from nlpcards.anki.history.signs import Signs, signs_of
from nlpcards.anki.reading.collection import AnkiCollection
from nlpcards.anki.reading.values import StoredReview, StoredSchedule
from nlpcards.collection.bringing_back import Known, Work
from nlpcards.collection.collection import Collection
from nlpcards.collection.exporting import history_of
from nlpcards.collection.pushing_notes import Found
from nlpcards.collection.signs import AnkiSigns, with_flags
from nlpcards.core.cards import note_of
from nlpcards.core.journal import Event, Reset, Review
from nlpcards.core.state import CardState

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
        found: Iterable[Found],
        known: Known,
        notes: Container[str],
        has: Has,
    ) -> None:
        """`found` are the files of what Anki `has`; `notes` are the ids (`deck/note`) of those chosen."""
        self.rows: list[tuple[int, LogRow]] = []
        """The missing rows, each with Anki's id of its card."""
        self.schedules: list[Action] = []
        self.behind = self.borrowed = 0
        self._collection, self._anki, self._has = collection, anki, has
        self._history = history_of(collection)
        self._taken: set[int] = set()
        self._agreed: list[tuple[AnkiSigns, str, StoredSchedule, Signs]] = []
        """Cards that have the same signs on both sides, once all is written."""
        for file, stored in found:
            every = known.cards_of(file, stored)
            self._look_at(file, {number: name for number, name in every.items() if note_of(name) in notes}, known)

    def write(self, progress: Callable[[str, int, int], None]) -> int:
        """Give it to Anki; gives how many rows found no room in its log.

        Schedules go first: where only they arrived, the rows are still missing the next time, and nothing is taken for
        done that is not.

        Raises:
            NlpcardsError: Anki cannot be reached, or refuses something.
        """
        now = self._collection.now()
        answers = self._anki.each(self.schedules, lambda done: progress("schedule", done, len(self.schedules)))
        for action, answer in zip(self.schedules, answers, strict=True):
            # This action alone says in its result what went wrong.
            if action.name == "setSpecificValueOfCard" and answer != [True]:
                raise Refused(action.name, str(answer), place=self._anki.url)
        self._note_down(now.ms // 1000)
        self._leave_review()
        crowded_out = 0
        for start in range(0, len(self.rows), ROWS):
            crowded_out += self._insert(self.rows[start : start + ROWS])
            progress("review", min(start + ROWS, len(self.rows)), len(self.rows))
        return crowded_out

    def _leave_review(self) -> None:
        """Where Anki asks a card that was just set, show its decks: it would refuse the answer, as one to a card that
        was modified.
        """
        cards = {
            each for action in self.schedules for each in (action.params.get("card"), *action.params.get("cards", ()))
        }
        try:
            if cards and self._anki.call("guiReviewActive"):
                asked = self._anki.call("guiCurrentCard")
                if isinstance(asked, dict) and asked.get("cardId") in cards:
                    self._anki.call("guiDeckBrowser")
        except Refused:
            pass  # its windows are its own affair

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

    def _note_down(self, now_s: int) -> None:
        """Keep what Anki was left with, by which it shows what is set there from now on."""
        kept: list[Event] = []
        for signs, name, stored, agreed in self._agreed:
            is_set_now = agreed != signs_of(stored)
            kept += signs.seen(name, stored, agreed, now_s if is_set_now else self._has.seen_s)
        self._collection.journal.insert(kept)

    def _look_at(self, found: AnkiCollection, cards: dict[int, str], known: Known) -> None:
        logs: dict[int, list[StoredReview]] = defaultdict(list)
        for row in found.reviews():
            logs[row.card].append(row)
            self._taken.add(row.id)
        journal, device = self._collection.journal, device_of(found.created_s)
        histories, states = dict(journal.histories(cards.values())), journal.states(cards.values())
        # To fold a card's history takes far longer than to see that its log has all of it.
        open_ = {
            number: name
            for number, name in cards.items()
            if not is_told(histories.get(name, ()), logs.get(number, ()), device)
        }
        work = Work(self._collection, found, open_)
        behind = {event.card for event in work.fresh(work.read().events)} if open_ else frozenset()
        signs = AnkiSigns(self._collection, device, known.names, work.day_of, self._has.seen_s)
        beside = _Beside(device, work.first_day, signs)
        for stored in with_flags(found.schedules(), self._has.flags):
            name = cards.get(stored.card)
            if name is None:
                continue
            if name in behind:
                self.behind += 1
                continue
            events, log = histories.get(name, ()), logs.get(stored.card, ())
            if not events and not log and _is_untouched(stored):
                continue  # most cards of a learner who has just begun
            state = None if stored.card in open_ else states.get(name, CardState())
            self._compare(beside, name, events, stored, log, state)

    def _compare(
        self,
        beside: _Beside,
        name: str,
        events: Sequence[Event],
        stored: StoredSchedule,
        log: Sequence[StoredReview],
        state: CardState | None,
    ) -> None:
        """Note what Anki lacks of one card; its `state` is given where its log lacks nothing."""
        history = self._history
        missing: list[LogRow] = []
        if state is None:
            past = carried(name, events, history.timeline, history.today, history.day_of)
            state = past.state
            theirs = {event.at_ms for event in events if event.id.device == beside.device}
            missing = missing_rows(past.log, log, theirs)
            self.rows += [(stored.card, row) for row in missing]
        here = Signs(state.suspended, state.flag)
        counts = beside.signs.settled(name, here, events, stored).signs
        until = beside.signs.buried_until(state, events, stored)
        if counts != here or until != state.buried_until:
            state = replace(state, suspended=counts.suspended, flag=counts.flag, buried_until=until)
        model = history.timeline.model.of(name)
        wanted = card_row(state, model, _answered_ms(events), history.today, history.day_of)
        if counts == here and not stored.is_borrowed:
            self._agreed.append((beside.signs, name, stored, counts))
        if is_scheduled_so(wanted, stored, beside.first_day):
            return
        if stored.is_borrowed:
            self.borrowed += 1
        elif missing or self._leads(name, beside.device):
            self.schedules.append(schedule_action(stored.card, wanted, stored, beside.first_day))
        else:
            there = signs_of(stored)
            if counts.flag != there.flag:
                self.schedules.append(values_action(stored.card, {"flags": counts.flag}))
            if counts.suspended != there.suspended:
                action = "suspend" if counts.suspended else "unsuspend"
                self.schedules.append(Action(action, {"cards": [stored.card]}))

    def _leads(self, name: str, device: str) -> bool:
        """Whether a card was last answered or rescheduled here, also where that was taken back since."""
        last = list(only_scheduling(self._collection.journal.events_of(name)))[-1:]
        return bool(last) and last[0].id.device != device


@dataclass(frozen=True, slots=True)
class _Beside:
    """The collection that is compared with: its device, the study day from which its due days count, its signs."""

    device: str
    first_day: int
    signs: AnkiSigns


def _answered_ms(events: Sequence[Event]) -> int | None:
    """The instant of a card's last answer since it was new, in ms since 1970 UTC, None without one."""
    last = next((event for event in reversed(events) if isinstance(event.body, Review | Reset)), None)
    return last.at_ms if last is not None and isinstance(last.body, Review) else None


def _is_untouched(stored: StoredSchedule) -> bool:
    """Whether a card stands in Anki as one to which nothing ever happened."""
    return not (
        stored.type or stored.queue or stored.interval or stored.reps or stored.lapses or stored.flag
    ) and stored.data in ("", "{}")
