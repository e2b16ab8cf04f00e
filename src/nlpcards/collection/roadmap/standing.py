"""Where one stands on the roadmap, as values for a face: topics, stages and tracks with what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nlpcards.core.dataclass import dataclass
from nlpcards.core.roadmap.following import Following, Marked
from nlpcards.core.roadmap.opening import Opening, openings, present_stage, why
from nlpcards.core.roadmap.progress import NO_CARDS, NO_PROGRESS, Progress, total
from nlpcards.core.roadmap.values import Area, Milestone, Resource, Roadmap, Stage, Topic, Track

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection


@dataclass(frozen=True, slots=True)
class TopicStanding:
    """A topic, how far one has come in it, and whether its new cards may come; `why` says so as a clause. `known` says
    whether it counts as known for what builds on it; a topic without cards never does here.
    """

    topic: Topic
    progress: Progress
    opening: Opening
    why: str
    known: bool = False

    @property
    def open(self) -> bool:
        """Whether its new cards may come."""
        return self.opening.open


@dataclass(frozen=True, slots=True)
class StageStanding:
    """A stage of a track, with its topics; a resource or a milestone that was never marked comes with None."""

    stage: Stage
    progress: Progress
    topics: tuple[TopicStanding, ...]
    resources: tuple[tuple[Resource, Marked | None], ...]
    milestones: tuple[tuple[Milestone, Marked | None], ...]


@dataclass(frozen=True, slots=True)
class TrackStanding:
    """A track and its stages; a topic in several of them counts once in the track's `progress`.

    `present` is the index of the first stage with a card left to introduce (see `opening.present_stage`), None where
    none has.
    """

    track: Track
    progress: Progress
    stages: tuple[StageStanding, ...]
    present: int | None
    followed: bool

    @property
    def stage(self) -> StageStanding | None:
        """The stage one is in."""
        return None if self.present is None else self.stages[self.present]


@dataclass(frozen=True, slots=True)
class AreaStanding:
    """An area with its topics; the area of an empty id holds the topics that only decks name."""

    area: Area
    progress: Progress
    topics: tuple[TopicStanding, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands on a study day. `topics` are those of the roadmap, in its order, then those only decks name.

    `lost` is the id of a track that one follows and no roadmap has any more; empty as a rule.
    """

    day: int
    roadmap: Roadmap
    following: Following
    topics: Mapping[str, TopicStanding]
    areas: tuple[AreaStanding, ...]
    tracks: tuple[TrackStanding, ...]
    progress: Progress
    lost: str = ""

    @property
    def followed(self) -> TrackStanding | None:
        """The track that one follows."""
        return next((each for each in self.tracks if each.followed), None)


def standing(collection: Collection) -> Standing:
    """Where one stands on the roadmap now. It looks at the cards that changed since it was last asked (see `sums`).

    Raises:
        StoreError: the journal cannot be read.
    """
    day, knowing, roadmap = collection.now().day, collection.knowing, collection.library.roadmap
    known, following, track = knowing.progress(day), knowing.following, knowing.track
    readiness = {topic: ready for topic, (_, ready) in known.items()}
    opened = openings(roadmap, track, readiness, following)

    def of(topic: str) -> TopicStanding:
        opening = opened[topic]
        written = roadmap.topics.get(topic) or Topic(topic, topic, "")
        progress = known[topic][0] if topic in known else NO_PROGRESS
        known_now = topic in known and known[topic][1].known(following.thresholds) and bool(progress.cards)
        return TopicStanding(written, progress, opening, why(opening, following.thresholds, roadmap), known_now)

    topics = {topic: of(topic) for topic in opened}
    areas = {**roadmap.areas, "": Area("", "Other decks")}
    by_area: dict[str, list[TopicStanding]] = {area: [] for area in areas}
    for each in topics.values():
        by_area[each.topic.area if each.topic.area in areas else ""].append(each)
    return Standing(
        day,
        roadmap,
        following,
        topics,
        tuple(
            AreaStanding(areas[area], total(each.progress for each in own), tuple(own))
            for area, own in by_area.items()
            if area or own
        ),
        tuple(
            TrackStanding(
                each,
                total(topics[topic].progress for topic in each.topics if topic in topics),
                tuple(_stage(stage, roadmap, following, topics) for stage in each.stages),
                present_stage(each, readiness, following),
                each is track,
            )
            for each in roadmap.tracks.values()
        ),
        total(each.progress for each in topics.values()),
        "" if track or not following.track else following.track,
    )


def _stage(stage: Stage, roadmap: Roadmap, following: Following, topics: Mapping[str, TopicStanding]) -> StageStanding:
    own = tuple(topics[topic] for topic in dict.fromkeys(stage.topics) if topic in topics)
    resources = (roadmap.resources[each] for each in stage.resources if each in roadmap.resources)
    milestones = (roadmap.milestones[each] for each in stage.milestones if each in roadmap.milestones)
    return StageStanding(
        stage,
        total(each.progress for each in own),
        own,
        tuple((each, following.resources.get(each.id)) for each in resources),
        tuple((each, following.milestones.get(each.id)) for each in milestones),
    )


@dataclass(frozen=True, slots=True)
class Present:
    """Where one is on the track that one follows: the index of the stage (None where no card of the track is left), and
    its next topic where every one that has cards left is closed; what is open of later stages comes meanwhile.
    """

    track: Track
    at: int | None
    closed: TopicStanding | None = None

    @property
    def stage(self) -> Stage | None:
        """The stage one is in."""
        return None if self.at is None else self.track.stages[self.at]

    @property
    def words(self) -> str:
        """The same in a sentence or two."""
        stage = self.stage
        if stage is None:
            return f"{self.track.title}: every card of it was introduced, so new ones come from all decks."
        said = f"{self.track.title}, stage {(self.at or 0) + 1} of {len(self.track.stages)}: {stage.title}."
        if self.closed is None:
            return said
        topic = self.closed.topic
        return f"{said} {topic.title} is closed: {self.closed.why}. `nlpcards track open {topic.id}` opens it anyway."


def present(collection: Collection, day: int) -> Present | None:
    """Where one is on the track followed, on a study day; None where none is. The closed topic's progress is
    left out.

    Raises:
        StoreError: the journal cannot be read.
    """
    # Most learners follow none at first, and then nothing about roadmaps is read.
    track = collection.knowing.track if collection.journal.marks() else None
    if track is None:
        return None
    knowing, roadmap = collection.knowing, collection.library.roadmap
    readiness, following = knowing.readiness(day), knowing.following
    opened = openings(roadmap, track, readiness, following)
    at = present_stage(track, readiness, following)
    closed = None
    if at is not None:
        left = [
            topic
            for topic in track.stages[at].topics
            if topic not in following.shut and readiness.get(topic, NO_CARDS).left
        ]
        if not any(opened[topic].open for topic in left):
            opening = opened[left[0]]
            written = roadmap.topics.get(left[0]) or Topic(left[0], left[0], "")
            closed = TopicStanding(written, NO_PROGRESS, opening, why(opening, following.thresholds, roadmap))
    return Present(track, at, closed)
