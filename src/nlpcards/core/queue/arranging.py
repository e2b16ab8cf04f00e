"""Who may follow whom: siblings and confusable notes are kept apart, topics take turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from heapq import heapify, heappop, heappush

from nlpcards.core.cards import note_of
from nlpcards.core.dataclass import dataclass


def _one_topic(note: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Relations:
    """What decks say of notes that bears on their order.

    `confusable` gives for a note (`deck/note`) those it is kept apart from, both ways (see `both_ways`); `topic` the
    topic of a note.
    """

    confusable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    topic: Callable[[str], str] = _one_topic

    def clash(self, note: str, other: str) -> bool:
        """Whether two notes may not be neighbours: they are one, or confusable."""
        return note == other or other in self.confusable.get(note, ())


NO_RELATIONS = Relations()
"""Nothing but siblings matters."""


def both_ways(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, frozenset[str]]:
    """The notes that each note is kept apart from, given what some notes name; it holds for both, whoever names it."""
    found: dict[str, set[str]] = {}
    for note, others in named:
        for other in others:
            if other != note:
                found.setdefault(note, set()).add(other)
                found.setdefault(other, set()).add(note)
    return {note: frozenset(others) for note, others in found.items()}


def arranged(cards: Iterable[str], relations: Relations = NO_RELATIONS, after: str = "") -> list[str]:
    """The cards in nearly their order, neighbours kept apart; `after` is the note asked before the first.

    In this order of weight: no two neighbours of one note; none that are confusable; none of one topic. Each yields
    where it cannot be had. The next card is always the first that fits; but a note or a topic that has more than half
    of the cards left goes first wherever it may, since put off it would end as a run of its own.
    """
    waiting = _Waiting(list(cards), relations, after)
    return [waiting.next() for _ in range(waiting.left)]


class _Majority:
    """Which group, of notes or of topics, has more than half of the cards left: at most one can."""

    def __init__(self, groups: Iterable[str]) -> None:
        self._count = Counter(groups)
        self._largest = ""
        self._at_most = max(self._count.values(), default=0)

    def take(self, group: str) -> None:
        """Count a card of a group as placed."""
        self._count[group] -= 1

    def among(self, left: int) -> str | None:
        """The group that has more than half of `left` cards, None where there is none."""
        if 2 * self._at_most <= left:
            return None
        # No count ever grows, so the last maximum bounds them all: it is looked for anew only when it may matter.
        if 2 * self._count[self._largest] <= left:
            self._largest = max(self._count, key=self._count.__getitem__)
        self._at_most = self._count[self._largest]
        return self._largest if 2 * self._at_most > left else None


class _Waiting:
    """Cards not yet placed, by topic. A heap holds each topic at the position of its first card, so that a choice costs
    what a heap costs, and not a search through all cards that wait.
    """

    def __init__(self, cards: Sequence[str], relations: Relations, after: str) -> None:
        self.left = len(cards)
        self._clash = relations.clash
        self._topic = {note: relations.topic(note) for note in map(note_of, cards)}
        self._last = after
        self._last_topic = relations.topic(after) if after else None
        # Each topic's cards with their positions and notes, the first at the end, where a list is cheap to shorten.
        self._members: dict[str, list[tuple[int, str, str]]] = {topic: [] for topic in self._topic.values()}
        for at in range(len(cards) - 1, -1, -1):
            note = note_of(cards[at])
            self._members[self._topic[note]].append((at, cards[at], note))
        self._notes = _Majority(map(note_of, cards))
        self._topics = _Majority(self._topic[note_of(card)] for card in cards)
        self._heap = [(members[-1][0], topic) for topic, members in self._members.items()]
        heapify(self._heap)

    def next(self) -> str:
        """The next card; it is no longer waiting."""
        topic, at = self._choose()
        members = self._members[topic]
        is_first = at == len(members) - 1
        _, card, note = members.pop(at)
        self.left -= 1
        self._notes.take(note)
        self._topics.take(topic)
        if is_first and members:
            heappush(self._heap, (members[-1][0], topic))
        self._last, self._last_topic = note, topic
        return card

    def _choose(self) -> tuple[str, int]:
        """The topic of the next card and its place in that topic's list."""
        note = self._notes.among(self.left)
        if note is not None and not self._clash(self._last, note):
            return self._topic[note], self._find(self._topic[note], lambda other: other == note)
        topic = self._topics.among(self.left)
        if topic is not None and topic != self._last_topic:
            at = self._find(topic, self._fits)
            if at >= 0:
                return topic, at
        looked_at: list[tuple[int, str]] = []
        try:
            return self._first_fit(looked_at)
        finally:
            for entry in looked_at:
                heappush(self._heap, entry)

    def _first_fit(self, looked_at: list[tuple[int, str]]) -> tuple[str, int]:
        for topic in self._by_position(looked_at):
            if topic != self._last_topic:
                at = self._find(topic, self._fits)
                if at >= 0:
                    return topic, at
        # No other topic has a card that fits, and all of them have been looked at.
        for fits in (self._fits, lambda note: note != self._last):
            for _, topic in looked_at:
                at = self._find(topic, fits)
                if at >= 0:
                    return topic, at
        _, topic = looked_at[0]
        return topic, len(self._members[topic]) - 1

    def _by_position(self, looked_at: list[tuple[int, str]]) -> Iterator[str]:
        """The topics that have cards, by their first cards; their entries go from the heap into `looked_at`."""
        while self._heap:
            at, topic = entry = heappop(self._heap)
            members = self._members[topic]
            # A card taken out of turn leaves an entry behind that holds no longer.
            if members and members[-1][0] == at:
                looked_at.append(entry)
                yield topic

    def _fits(self, note: str) -> bool:
        return not self._clash(self._last, note)

    def _find(self, topic: str, fits: Callable[[str], bool]) -> int:
        """The place of a topic's first card whose note fits, -1 where none does."""
        members = self._members[topic]
        for at in range(len(members) - 1, -1, -1):
            if fits(members[at][2]):
                return at
        return -1
