"""The weekly practice: what the last seven study days came to, what is weakest, and what comes next on the track."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlpcards.core.days import date_of
from nlpcards.core.journal import Review
from nlpcards.core.roadmap.following import Marked, Status
from nlpcards.core.roadmap.values import Milestone, Resource, Stage, Track

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection

DAYS = 7
"""The study days of a week, today the last of them."""

MOST_WEAK = 3
"""So many topics are named as the weakest."""

FEWEST_MET = 5
"""A topic with fewer cards introduced is not yet called weak."""


@dataclass(frozen=True, slots=True)
class WeakTopic:
    """A topic with the recall to be expected now of the `met` cards that were introduced, 0-1."""

    id: str
    title: str
    recall: float
    met: int


@dataclass(frozen=True, slots=True)
class WeekReview:
    """A week of study days, from `first` to `last`, and what comes next.

    `practice_day` is the weekday that the learner chose (0 for Monday, None for none), `is_today` whether it is that
    day. `introduced` counts cards, `answers` answers of any sort, of which `recalled` is the share that were not again
    (None without any), `spent_ms` their time, `studied` the days with one. `weakest` are the topics of the lowest
    recall to be expected now, lowest first. `stage` is the one that the learner is in on the track followed,
    `milestone` the next one of the track that is not done, `resource` one of the stage that is not done; each None
    where there is none.
    """

    first: int
    last: int
    practice_day: int | None
    is_today: bool
    introduced: int
    answers: int
    recalled: float | None
    spent_ms: int
    studied: int
    weakest: tuple[WeakTopic, ...]
    stage: Stage | None
    milestone: Milestone | None
    resource: Resource | None


def week(collection: Collection) -> WeekReview:
    """The week up to today.

    Raises:
        StoreError: the journal cannot be read.
    """
    day, journal = collection.now().day, collection.journal
    first = day - DAYS + 1
    answers = [each for each in journal.events_on(first, day, surviving=True) if isinstance(each.body, Review)]
    ratings = [each.body.rating for each in answers if isinstance(each.body, Review)]
    introduced = [card for card in journal.introduced_between(first, day) if collection.library.has_card(card)]
    stage, milestone, resource = _next_on_track(collection, day)
    chosen = collection.taste.practice_day
    return WeekReview(
        first,
        day,
        chosen,
        chosen is not None and date_of(day).weekday() == chosen,
        len(introduced),
        len(answers),
        sum(rating > 1 for rating in ratings) / len(ratings) if ratings else None,
        sum(each.body.duration_ms for each in answers if isinstance(each.body, Review)),
        len({each.day for each in answers}),
        _weakest(collection, day),
        stage,
        milestone,
        resource,
    )


def is_practice_day(collection: Collection, day: int) -> bool:
    """Whether a study day is the one of the week that the learner chose; it costs nothing to ask."""
    chosen = collection.taste.practice_day
    return chosen is not None and date_of(day).weekday() == chosen


def _weakest(collection: Collection, day: int) -> tuple[WeakTopic, ...]:
    topics = collection.library.roadmap.topics
    found = [
        WeakTopic(topic, topics[topic].title if topic in topics else topic, progress.recall, progress.met)
        for topic, (progress, _) in collection.knowing.progress(day).items()
        if progress.met >= FEWEST_MET and progress.recall is not None
    ]
    return tuple(sorted(found, key=lambda each: (each.recall, each.id))[:MOST_WEAK])


def _next_on_track(collection: Collection, day: int) -> tuple[Stage | None, Milestone | None, Resource | None]:
    from nlpcards.collection.roadmap.standing import present

    standing = present(collection, day)
    if standing is None:
        return None, None, None
    track, at = standing.track, standing.at
    roadmap, following = collection.library.roadmap, collection.knowing.following
    # Where no card is left to introduce, the last stage is the one that one is in.
    here = len(track.stages) - 1 if at is None else at
    stage = track.stages[here] if track.stages else None
    milestone = _open(_milestones(track, here), following.milestones)
    resource = _open(stage.resources if stage else (), following.resources)
    return (
        stage,
        roadmap.milestones.get(milestone) if milestone else None,
        roadmap.resources.get(resource) if resource else None,
    )


def _milestones(track: Track, here: int) -> tuple[str, ...]:
    """The milestones of a track in the order in which they come next: from this stage on, then of earlier ones."""
    stages = (*track.stages[here:], *track.stages[:here])
    return tuple(dict.fromkeys(milestone for stage in stages for milestone in stage.milestones))


def _open(ids: tuple[str, ...], marked: Mapping[str, Marked]) -> str | None:
    """The first that one is at, else the first that is not done."""
    doing = [each for each in ids if each in marked and marked[each].status is Status.DOING]
    waiting = [each for each in ids if each not in marked or marked[each].status is Status.TODO]
    return next(iter((*doing, *waiting)), None)
