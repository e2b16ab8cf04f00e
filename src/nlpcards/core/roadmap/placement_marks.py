"""What the journal keeps of placements besides the reviews: for which topic each card was asked, and what was found.

The subject `placement` says how the last run stands; `placement:CARD` what was said of a card. The last of each holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from nlpcards.core.dataclass import dataclass
from nlpcards.core.journal import Event, EventId, Mark
from nlpcards.core.roadmap.marks import mark, value_of

PLACEMENT, PLACED = "placement", "placement:"
"""The subject of the last run, and how that of a card begins; its id follows."""


@dataclass(frozen=True, slots=True)
class PlacementAnswer:
    """What a learner said of a card in a placement: the `run` it was, from 1, the topic that the card stood for, and
    whether it was known. `event` is the mark that says so, `batch` the first event of its action, the review.
    """

    card: str
    run: int
    topic: str
    knew: bool
    event: EventId
    batch: int = 0

    @property
    def events(self) -> tuple[EventId, ...]:
        """What an undo takes back, the newest first."""
        return (self.event, EventId(self.event.device, self.batch)) if self.batch else (self.event,)


@dataclass(frozen=True, slots=True)
class Placements:
    """What the marks say of placements: the last `run` (0: none yet), whether it is `over`, the topics that it found
    known (empty until it is over), and all answers of all runs in their order.
    """

    run: int = 0
    over: bool = False
    known: frozenset[str] = frozenset()
    answers: tuple[PlacementAnswer, ...] = ()

    @property
    def asked(self) -> Mapping[str, int]:
        """How many cards of each topic were introduced by being asked: that alone is no beginning of a topic."""
        return Counter(each.topic for each in self.answers)


def placements(marks: Mapping[str, Event]) -> Placements:
    """What the last marks of each subject say of placements; what cannot be understood says nothing."""
    answers = sorted(
        (event for subject, event in marks.items() if subject.startswith(PLACED)), key=lambda event: event.order
    )
    found = tuple(each for event in answers if (each := _answer(event)) is not None)
    run, over, known = max((each.run for each in found), default=0), False, frozenset[str]()
    last = value_of(marks[PLACEMENT]) if PLACEMENT in marks else None
    if isinstance(last, dict) and type(last.get("run")) is int and isinstance(last.get("known"), list):
        known = frozenset(each for each in last["known"] if isinstance(each, str))
        if last["run"] >= run:
            run, over = last["run"], True
    return Placements(run, over, known, found)


def say_of_card(card: str, run: int, topic: str, *, knew: bool) -> Mark:
    """The mark that says for which topic a card was asked, and whether it was known."""
    return mark(PLACED + card, {"run": run, "topic": topic, "knew": knew})


def end_placement(run: int, known: Iterable[str]) -> Mark:
    """The mark that ends a run, with the topics that it found known."""
    return mark(PLACEMENT, {"run": run, "known": sorted(known)})


def _answer(event: Event) -> PlacementAnswer | None:
    value = value_of(event)
    assert isinstance(event.body, Mark)
    if not isinstance(value, dict):
        return None
    run, topic, knew = value.get("run"), value.get("topic"), value.get("knew")
    if type(run) is not int or run < 1 or not isinstance(topic, str) or not isinstance(knew, bool):
        return None
    return PlacementAnswer(event.body.subject.removeprefix(PLACED), run, topic, knew, event.id, event.batch)
