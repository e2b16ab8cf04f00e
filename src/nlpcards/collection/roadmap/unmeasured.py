"""The roadmap as it is written, before anything is known of the learner: what a screen shows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlpcards.collection.roadmap.standing import AreaStanding, StageStanding, Standing, TopicStanding, TrackStanding
from nlpcards.core.roadmap.opening import Opening, Reason
from nlpcards.core.roadmap.progress import NO_PROGRESS

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection


def unmeasured(collection: Collection) -> Standing:
    """Everything that the roadmap holds and what was marked of it, with no progress anywhere and every topic open; no
    card and no answer is looked at.

    Raises:
        StoreError: the journal cannot be read.
    """
    roadmap, following = collection.library.roadmap, collection.knowing.following
    topics = {
        topic.id: TopicStanding(topic, NO_PROGRESS, Opening(topic.id, True, Reason.FREE), "")
        for topic in roadmap.topics.values()
    }

    def stages(of: str) -> tuple[StageStanding, ...]:
        return tuple(
            StageStanding(
                stage,
                NO_PROGRESS,
                tuple(topics[each] for each in dict.fromkeys(stage.topics) if each in topics),
                tuple(
                    (roadmap.resources[each], following.resources.get(each))
                    for each in stage.resources
                    if each in roadmap.resources
                ),
                tuple(
                    (roadmap.milestones[each], following.milestones.get(each))
                    for each in stage.milestones
                    if each in roadmap.milestones
                ),
            )
            for stage in roadmap.tracks[of].stages
        )

    return Standing(
        collection.now().day,
        roadmap,
        following,
        topics,
        tuple(
            AreaStanding(area, NO_PROGRESS, tuple(each for each in topics.values() if each.topic.area == area.id))
            for area in roadmap.areas.values()
        ),
        tuple(
            TrackStanding(track, NO_PROGRESS, stages(track.id), None, track.id == following.track)
            for track in roadmap.tracks.values()
        ),
        NO_PROGRESS,
    )
