"""Questions to the journal's file, none of which writes: of states and days, of events, and over the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from nlpcards.store.reading_events import EventReader
from nlpcards.store.reading_states import DayCounts as DayCounts

if TYPE_CHECKING:
    from nlpcards.core.roadmap.met_cards import Met
    from nlpcards.core.stats.answers import Summed
    from nlpcards.core.stats.standings import Standing


class Reader(EventReader):
    """What can be asked of a journal without writing."""

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

    def met_among(self, cards: Iterable[int]) -> list[Met]:
        """The same of those of the cards of some keys that were answered or are suspended."""
        from nlpcards.store import meeting

        with self._reading():
            return meeting.met_among(self._connection, cards)

    def names_of(self, cards: Iterable[int]) -> dict[int, str]:
        """The ids of the cards of some keys, former ones included."""
        from nlpcards.store import meeting

        with self._reading():
            return meeting.names(self._connection, cards)

    def point(self) -> tuple[int, int] | None:
        """Where the changes of states are now, to ask `changed_since` of later; None where the file does not tell."""
        from nlpcards.store import meeting

        with self._reading():
            return meeting.point(self._connection)

    def changed_since(self, point: tuple[int, int]) -> set[int] | None:
        """The keys of the cards whose states changed since a point, whatever program changed them; None where there is
        no telling.
        """
        from nlpcards.store import meeting

        with self._reading():
            return meeting.changed_since(self._connection, point)

    def standings(self) -> list[Standing]:
        """Every card that has a memory state, under its present id, with what statistics look at."""
        from nlpcards.store import summing

        with self._reading():
            return summing.standings(self._connection)
