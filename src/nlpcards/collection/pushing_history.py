"""What was learned, to a running Anki: rows into its review log, schedules onto the cards that it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nlpcards.anki.connect.changes import (
    is_scheduled_so,
    missing_rows,
    review_values,
    schedule_action,
    values_action,
)
from nlpcards.anki.connect.client import BATCH, Action, AnkiConnect, Refused
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
        self.schedules: list[tuple[StoredSchedule, Action]] = []
        """What sets a card, each with how it stood."""
        self.behind = self.borrowed = self.meanwhile = self.held_back = 0
        self._collection, self._anki, self._has = collection, anki, has
        self._history = history_of(collection)
        self._taken: set[int] = set()
        """The ids of the rows that Anki had when it was asked, and of those that it was given since."""
        self._agreed: list[tuple[AnkiSigns, str, StoredSchedule, Signs]] = []
        """Cards that have the same signs on both sides, once all is written."""
        seen: set[int] = set()
        for file, stored in found:
            every = known.cards_of(file, stored)
            chosen = {number: name for number, name in every.items() if note_of(name) in notes and number not in seen}
            # Anki writes all cards of a note that has one in the deck, so those of a note in two decks are there twice.
            seen.update(chosen)
            self._look_at(file, chosen, known)

    def write(self, progress: Callable[[str, int, int], None]) -> int:
        """Give it to Anki; gives how many rows found no room in its log. Cards that changed there meanwhile are only
        counted, and leave `rows` and `schedules`.

        Schedules go first: where only they arrived, the rows are still missing the next time, and nothing is taken for
        done that is not.

        Raises:
            NlpcardsError: Anki cannot be reached, or refuses something.
        """
        now = self._collection.now()
        self._set_schedules(progress)
        self._note_down(now.ms // 1000)
        self._leave_review()
        crowded_out = 0
        for start in range(0, len(self.rows), ROWS):
            crowded_out += self._insert(self.rows[start : start + ROWS])
            progress("review", min(start + ROWS, len(self.rows)), len(self.rows))
        return crowded_out

    def _set_schedules(self, progress: Callable[[str, int, int], None]) -> None:
        """Set the cards, but for those that changed in Anki since it was asked what it has: what came to them there
        stays, nothing of theirs goes there, and the next push sees what is to be done.
        """
        looked_at: set[int] = set()
        changed: set[int] = set()
        done: list[tuple[StoredSchedule, Action]] = []
        for start in range(0, len(self.schedules), BATCH):
            some = self.schedules[start : start + BATCH]
            # A card may be set in two steps, and the first changes it.
            changed |= self._changed({stored.card: stored for stored, _ in some if stored.card not in looked_at})
            looked_at.update(stored.card for stored, _ in some)
            unchanged = [(stored, action) for stored, action in some if stored.card not in changed]
            answers = self._anki.each([action for _, action in unchanged])
            for (_, action), answer in zip(unchanged, answers, strict=True):
                # This action alone says in its result what went wrong.
                if action.name == "setSpecificValueOfCard" and answer != [True]:
                    raise Refused(action.name, str(answer), place=self._anki.url)
            done += unchanged
            progress("schedule", start + len(some), len(self.schedules))
        self.schedules = done
        self.rows = [(card, row) for card, row in self.rows if card not in changed]
        self._agreed = [each for each in self._agreed if each[2].card not in changed]
        self.meanwhile = len(changed)

    def _changed(self, cards: Mapping[int, StoredSchedule]) -> set[int]:
        """Those of some cards, by Anki's ids, that were changed in Anki since they stood so."""
        if not cards:
            return set()
        asked = {"cards": list(cards)}
        times, logs = self._anki.each([Action("cardsModTime", asked), Action("getReviewsOfCards", asked)])
        # The times are in seconds, the logs in milliseconds. Nothing is told of a card that is gone, since Anki says so
        # when it is to be set, and nothing follows for one that had no time.
        mods = {each.get("cardId"): each.get("mod") for each in self._anki.listed(times, dict)}
        return {
            card
            for card, stored in cards.items()
            if 0 < stored.changed_s != mods.get(card, stored.changed_s) or self._added_since(card, logs)
        }

    def _leave_review(self) -> None:
        """Where Anki asks a card that was just set, show its decks: it would refuse the answer, as one to a card that
        was modified.
        """
        cards = {stored.card for stored, _ in self.schedules}
        try:
            if cards and self._anki.call("guiReviewActive"):
                asked = self._anki.call("guiCurrentCard")
                if isinstance(asked, dict) and asked.get("cardId") in cards:
                    self._anki.call("guiDeckBrowser")
        except Refused:
            pass  # its windows are its own affair

    def _insert(self, rows: Sequence[tuple[int, LogRow]]) -> int:
        rows = self._still_missing(rows)
        placed: dict[int, list[int]] = {}
        for card, row in rows:
            at = next((at for at in row.places() if at > 0 and at not in self._taken and at not in placed), None)
            if at is not None:
                placed[at] = review_values(card, row, at)
        try:
            self._anki.call("insertReviews", reviews=list(placed.values()))
            self._taken.update(placed)
            return len(rows) - len(placed)
        except Refused as error:
            if "UNIQUE" not in error.said.upper():
                raise
        # Another card, in a deck that was not looked into, was answered at one of these very milliseconds; or another
        # push was faster.
        return sum(not self._insert_alone(card, row) for card, row in self._still_missing(rows))

    def _still_missing(self, rows: Sequence[tuple[int, LogRow]]) -> list[tuple[int, LogRow]]:
        """Those of the rows that no other push has put there since Anki was asked what it has; they would become
        answers of their own.
        """
        wanted: dict[int, list[LogRow]] = defaultdict(list)
        for card, row in rows:
            wanted[card].append(row)
        logs = self._anki.call("getReviewsOfCards", cards=list(wanted))
        return [
            (card, row) for card, own in wanted.items() for row in missing_rows(own, self._added_since(card, logs), ())
        ]

    def _added_since(self, card: int, logs: Any) -> list[StoredReview]:
        """The rows of a card in the logs that Anki tells now that it did not have when it was asked what it has."""
        rows = self._anki.listed(logs.get(str(card), []) if isinstance(logs, dict) else None, dict)
        keys = ("ease", "ivl", "lastIvl", "factor", "time", "type")
        # A row of no time is passed over in a file, too.
        return [
            StoredReview(row["id"], card, *(row[key] for key in keys))
            for row in rows
            if row["id"] > 0 and row["id"] not in self._taken
        ]

    def _insert_alone(self, card: int, row: LogRow) -> bool:
        for at in row.places():
            try:
                self._anki.call("insertReviews", reviews=[review_values(card, row, at)])
                self._taken.add(at)
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
        behind = work.read().events.only(work.is_fresh).cards if open_ else frozenset[str]()
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
            lacking = missing_rows(past.log, log, theirs)
            missing = [row for row in lacking if row.at_ms <= history.now_ms]
            self.held_back += len(lacking) - len(missing)
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
            self.schedules.append((stored, schedule_action(stored.card, wanted, stored, beside.first_day)))
        else:
            there = signs_of(stored)
            if counts.flag != there.flag:
                self.schedules.append((stored, values_action(stored.card, {"flags": counts.flag})))
            if counts.suspended != there.suspended:
                action = "suspend" if counts.suspended else "unsuspend"
                self.schedules.append((stored, Action(action, {"cards": [stored.card]})))

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
