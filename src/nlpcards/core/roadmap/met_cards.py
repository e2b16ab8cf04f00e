"""The cards of a topic that were met, packed: all that progress on any study day follows from, and nothing more.

What is recalled changes with every day, and each card has a curve of its own; so a day's progress is a sum over all
cards that were met. They are kept in arrays, whose sums take a quarter of the time of asking a journal for them.
"""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterable, Sequence
from math import fsum

from nlpcards.core.dataclass import dataclass
from nlpcards.core.roadmap.progress import FORGETTING_DAYS, Progress, Readiness, Shelf, ShelvedDeck
from nlpcards.core.stats.answers import MATURE_DAYS

Met = tuple[str, float | None, int | None, int | None, int | None, int, int]
"""A card that was answered or is suspended, by its present id: its stability in days, due day, last and first day of an
answer (all None for one never answered; the due day for one on the steps), 1 where it is suspended, else 0, and the
key by which its journal's file knows it.
"""

_MATURE, _SUSPENDED = 1, 2
_NO_DECK = ShelvedDeck({}, -1)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a topic on a study day: its `progress`, and what decides whether it is known, with all of its
    cards (`ready`) and without those answered that day (`morning`), whose keys are `answered`.
    """

    progress: Progress
    ready: Readiness
    morning: Readiness
    answered: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MetCards:
    """Cards of one topic by their keys, in no order: the stabilities (days) and last days of those that were answered,
    and in a byte of `marks` whether each is mature (1) and suspended (2); `resting` were suspended before any answer.
    """

    keys: array[int]
    stabilities: array[float]
    last_days: array[int]
    marks: bytes
    resting: tuple[int, ...] = ()

    @classmethod
    def of(cls, met: Iterable[Met]) -> MetCards:
        """Some cards, packed."""
        every = list(met)
        answered = [each for each in every if each[1] is not None and each[3] is not None]
        return cls(
            array("q", [key for *_, key in answered]),
            array("d", [stability for _, stability, *_ in answered if stability is not None]),
            array("q", [last for _, _, _, last, *_ in answered if last is not None]),
            bytes([_mark(due, last or 0, suspended) for _, _, due, last, _, suspended, _ in answered]),
            tuple([each[6] for each in every if each[1] is None or each[3] is None]),
        )

    def changed(self, cards: Container[int], met: Iterable[Met]) -> MetCards:
        """The same with those of some keys taken away, and as they are now those that were `met`."""
        more = MetCards.of(met)
        stay = [at for at, key in enumerate(self.keys) if key not in cards]
        return MetCards(
            array("q", [self.keys[at] for at in stay]) + more.keys,
            array("d", [self.stabilities[at] for at in stay]) + more.stabilities,
            array("q", [self.last_days[at] for at in stay]) + more.last_days,
            bytes([self.marks[at] for at in stay]) + more.marks,
            (*[key for key in self.resting if key not in cards], *more.resting),
        )

    def known(self, notes: int, cards: int, day: int, parameters: Sequence[float]) -> Known:
        """What is known of the topic, which has so many notes and cards, on a study day, under FSRS's 21 parameters. An
        answer of a later day (a clock put back) counts as that day's. It does not depend on the cards' order.
        """
        if not self.keys:
            ready = Readiness(cards - len(self.resting))
            return Known(Progress(notes, cards), ready, ready)
        decay = -parameters[20]
        factor = 0.9 ** (1 / decay) - 1
        elapsed = [day - last if last < day else 0 for last in self.last_days]
        curves = [factor / stability for stability in self.stabilities]
        recalls = [(1 + curve * days) ** decay for curve, days in zip(curves, elapsed, strict=True)]
        later = fsum(
            [(1 + curve * (days + FORGETTING_DAYS)) ** decay for curve, days in zip(curves, elapsed, strict=True)]
        )
        met, remembered, marks = len(recalls), fsum(recalls), self.marks
        mature = marks.count(_MATURE) + marks.count(_MATURE | _SUSPENDED)
        progress = Progress(notes, cards, met, mature, remembered, remembered - later)
        left = cards - len(self.resting)
        ready = Readiness(left, met, remembered)
        if max(marks) >= _SUSPENDED:
            counting = [recall for recall, mark in zip(recalls, marks, strict=True) if mark < _SUSPENDED]
            ready = Readiness(left - met + len(counting), len(counting), fsum(counting))
        if max(self.last_days) < day:
            return Known(progress, ready, ready)
        answered = [key for key, last in zip(self.keys, self.last_days, strict=True) if last >= day]
        before = [
            (recall, mark) for recall, mark, last in zip(recalls, marks, self.last_days, strict=True) if last < day
        ]
        counting = [recall for recall, mark in before if mark < _SUSPENDED]
        morning = Readiness(left - len(before) + len(counting), len(counting), fsum(counting))
        return Known(progress, ready, morning, tuple(answered))


def _mark(due: int | None, last: int, suspended: int) -> int:
    is_mature = due is not None and due - last >= MATURE_DAYS
    return (_MATURE if is_mature else 0) | (_SUSPENDED if suspended else 0)


def met_by_topic(shelf: Shelf, met: Iterable[Met]) -> dict[str, MetCards]:
    """The cards that were met on each topic of a shelf; those that no deck has any more are passed over."""
    decks = shelf.decks
    found: list[list[Met]] = [[] for _ in shelf.topics]
    # A hundred thousand cards go through here before a screen opens, so everything is spelt out.
    present, keys, others, topic = "", _NO_DECK.keys, _NO_DECK.others, _NO_DECK.topic
    for each in met:
        deck_id, _, rest = each[0].partition("/")
        if deck_id != present:
            # The cards of a deck mostly follow one another.
            deck = decks.get(deck_id, _NO_DECK)
            present, keys, others, topic = deck_id, deck.keys, deck.others, deck.topic
        note, _, key = rest.partition("#")
        if key in keys.get(note, ()):
            found[others.get(note, topic) if others else topic].append(each)
    return {name: MetCards.of(own) for name, own in zip(shelf.topics, found, strict=True)}
