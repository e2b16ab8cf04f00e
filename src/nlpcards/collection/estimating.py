"""How long some cards take, by the learner's own answer times, and what that rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlpcards.collection.planning import pace
from nlpcards.core.queue import Counts, Sort, estimated_seconds
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how many `seconds` some cards take. It rests on so many of one's own `answers`; of the sorts in `usual`
    there are too few answers yet, so for those a usual pace is taken.
    """

    seconds: float
    answers: int = 0
    usual: tuple[Sort, ...] = ()


def estimate(collection: Collection, counts: Counts, day: int) -> Estimate:
    """About how long so many cards take, by the answers up to a study day."""
    own = pace(collection, day)
    settings = collection.settings
    seconds = estimated_seconds(
        counts.new,
        counts.learning,
        counts.review,
        own,
        steps=len(settings.learning_steps),
        recall=settings.desired_retention,
    )
    wanted = [
        *([Sort.NEW] if counts.new else []),
        *([Sort.STEPS] if counts.learning or (counts.new and len(settings.learning_steps) > 1) else []),
        *([Sort.REVIEW] if counts.review else []),
    ]
    answers = sum(own.basis.get(sort, 0) for sort in wanted)
    return Estimate(seconds, answers, tuple(sort for sort in wanted if sort not in own.basis))


def about(estimate: Estimate) -> str:
    """The time alone, no more exact than it is: `about 9 min`."""
    minutes = estimate.seconds / 60
    if minutes < 0.75:
        return "less than a minute"
    return f"about {round(minutes)} min" if minutes < 90 else f"about {minutes / 60:.1f} h"


def in_words(estimate: Estimate) -> str:
    """The time and what it rests on, such as `about 9 min by your last 843 answers`."""
    if not estimate.answers:
        return f"{about(estimate)} at a usual pace"
    partly = " and a usual pace" if estimate.usual else ""
    return f"{about(estimate)} by your last {count(estimate.answers, 'answer')}{partly}"
