"""The lines of the Roadmap: stages that open to topics, resources and milestones, topics to concepts, these to cards.

Nothing here draws. A line of a track that was not opened costs nothing, however many topics there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlpcards.collection.roadmap.insides import CardLine, Concept
from nlpcards.collection.roadmap.standing import AreaStanding, StageStanding, Standing, TopicStanding, TrackStanding
from nlpcards.core.roadmap.following import Marked, Status
from nlpcards.core.roadmap.progress import Progress
from nlpcards.core.roadmap.values import Milestone, Resource

Key = tuple[str, ...]
"""What a line is about, whatever else is shown: `("stage", "basics")`, `("topic", "basics", "lstm")` …"""


@dataclass(frozen=True, slots=True)
class Thing:
    """A resource or a milestone, and how it was marked, None where it never was."""

    what: Resource | Milestone
    marked: Marked | None

    @property
    def status(self) -> Status:
        """How far one is with it; what was never marked is to do."""
        return Status.TODO if self.marked is None else self.marked.status

    @property
    def name(self) -> str:
        """Its id, with which sort of thing it is: resources and milestones may have the same."""
        return f"{'milestone' if isinstance(self.what, Milestone) else 'resource'}:{self.what.id}"


Subject = StageStanding | AreaStanding | TopicStanding | Concept | CardLine | Thing
"""What a line may be about."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line: `depth` from 0, whether it is `opened` (None where nothing is inside), a sign, a title, what is known of
    it (None where that has no share), and a word or two about where it stands.
    """

    key: Key
    depth: int
    opened: bool | None
    sign: str
    title: str
    progress: Progress | None
    stands: str
    subject: Subject


KNOWN, OPEN, CLOSED, HERE, NOTHING = "✓", "○", "×", "●", "·"
"""The signs of stages and topics. A terminal without Unicode shows them as `+`, `*`, `x`, `*` and `.`."""

BOXES: Mapping[Status, str] = {Status.TODO: "[ ]", Status.DOING: "[~]", Status.DONE: "[x]"}
"""The signs of resources and milestones."""

Inside = Callable[[str], tuple[Concept, ...]]
"""Gives the concepts of a topic, by its id, with their cards."""

CardsOf = Callable[[Concept], tuple[CardLine, ...]]
"""Gives the lines of a concept's cards."""


def rows(
    found: Standing, track: TrackStanding | None, opened: Collection[Key], inside: Inside, cards_of: CardsOf
) -> Iterator[Row]:
    """The lines of a track, or of all areas where there is none, with what was opened."""
    parts: Sequence[StageStanding | AreaStanding] = found.areas if track is None else track.stages
    for at, part in enumerate(parts):
        if isinstance(part, StageStanding):
            assert track is not None
            key: Key = ("stage", part.stage.id)
            is_here = track.followed and at == track.present
            row = _stage(key, part, at, is_here=is_here, is_open=key in opened)
        else:
            key = ("area", part.area.id)
            is_done = _all_met(part.progress)
            sign = KNOWN if is_done else OPEN
            row = Row(key, 0, key in opened, sign, part.area.title, part.progress, "done" if is_done else "", part)
        yield row
        if row.opened:
            yield from _inside(part, key[1], opened, inside, cards_of)


def _stage(key: Key, part: StageStanding, at: int, *, is_here: bool, is_open: bool) -> Row:
    is_done = _all_met(part.progress)
    sign = HERE if is_here else KNOWN if is_done else OPEN if part.progress.cards else NOTHING
    stands = "you are here" if is_here else "done" if is_done else weeks_of(part)
    if not is_here and not is_done and part.progress.cards and not any(each.open for each in part.topics):
        stands, sign = stands or "closed", CLOSED
    if not part.progress.cards and (marked := [each for _, each in (*part.resources, *part.milestones)]):
        done = sum(each is not None and each.status is Status.DONE for each in marked)
        stands = f"{done} of {len(marked)} done"
    return Row(key, 0, is_open, sign, f"{at + 1}. {part.stage.title}", part.progress, stands, part)


def weeks_of(part: StageStanding) -> str:
    """The weeks of a stage in words: `week 3`, `weeks 3-4`; empty without a calendar."""
    if part.stage.weeks is None:
        return ""
    first, last = part.stage.weeks
    return f"week {first}" if first == last else f"weeks {first}-{last}"


def _all_met(progress: Progress) -> bool:
    return bool(progress.cards) and progress.met == progress.cards


def _inside(
    part: StageStanding | AreaStanding, name: str, opened: Collection[Key], inside: Inside, cards_of: CardsOf
) -> Iterator[Row]:
    for topic in part.topics:
        key: Key = ("topic", name, topic.topic.id)
        is_open = key in opened
        sign, stands = topic_stands(topic)
        yield Row(key, 1, is_open, sign, topic.topic.title, topic.progress, stands, topic)
        if is_open:
            yield from _concepts(topic, key, opened, inside, cards_of)
    if isinstance(part, StageStanding):
        for sort, marked in (("resource", part.resources), ("milestone", part.milestones)):
            for what, how in marked:
                thing = Thing(what, how)
                key = (sort, name, what.id)
                yield Row(key, 1, None, BOXES[thing.status], what.title, None, what.kind, thing)


def topic_stands(topic: TopicStanding) -> tuple[str, str]:
    """The sign of a topic, and where it stands in a word or two."""
    if not topic.progress.cards:
        return NOTHING, "no cards yet"
    by_hand = topic.opening.reason.value in ("by hand", "shut")
    if topic.open:
        sign, word = (KNOWN, "known") if topic.known else (OPEN, "open")
        return sign, f"{word}, by you" if by_hand and not topic.known else word
    return CLOSED, "shut by you" if by_hand else "closed"


def _concepts(
    topic: TopicStanding, key: Key, opened: Collection[Key], inside: Inside, cards_of: CardsOf
) -> Iterator[Row]:
    for concept in inside(topic.topic.id):
        own: Key = ("concept", *key[1:], concept.title)
        is_open = own in opened if concept.cards else None
        met = f"{concept.met} of {len(concept.cards)} met" if concept.cards else "no card"
        yield Row(own, 2, is_open, "", concept.title or "other cards", None, met, concept)
        if is_open:
            for card in cards_of(concept):
                yield Row(("card", *own[1:], card.card), 3, None, "", card.question, None, card.stands, card)
