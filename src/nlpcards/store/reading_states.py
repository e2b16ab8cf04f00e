"""Questions to the journal's file about cards: their states, what is due, what a study day saw."""

from __future__ import annotations

from collections.abc import Iterable

from nlpcards.core.dataclass import dataclass
from nlpcards.core.queue.budget import Sort
from nlpcards.core.state import CardState
from nlpcards.store import rows
from nlpcards.store.names import chunks
from nlpcards.store.opened import Opened


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What a study day saw: `reviews` answers that count, `introduced` cards answered for the first time."""

    reviews: int
    introduced: int


_STATES = f"SELECT c.name, {rows.STATE} FROM card_state s JOIN card c ON c.id = s.card"
_ASKED = "NOT s.suspended AND s.buried_until <= :day"


class StateReader(Opened):
    """What can be asked of the states of cards, and of the study days."""

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

    def answered_among(self, cards: Iterable[str]) -> set[str]:
        """Those of some cards that are not new, under the ids asked for, former ones included."""
        found: set[str] = set()
        for names, places in chunks(cards):
            sql = f"""
                SELECT c.name FROM card c LEFT JOIN renamed r ON r.former = c.id
                JOIN card_state s ON s.card = coalesce(r.present, c.id) WHERE s.phase <> 0 AND c.name IN ({places})
            """
            found.update(name for (name,) in self._rows(sql, names))
        return found

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
