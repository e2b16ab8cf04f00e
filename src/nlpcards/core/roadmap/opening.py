"""Which topics are open for new cards, and why: the track leads, what one knows opens, and a key opens anything.

Nothing here is a wall. What is closed says what is missing in numbers, can be opened by hand, and its deck can be
reviewed all the same by naming it. Reviews know nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from math import ceil

from nlpcards.core.dataclass import dataclass
from nlpcards.core.roadmap.following import Following, Thresholds
from nlpcards.core.roadmap.progress import NO_CARDS, Readiness
from nlpcards.core.roadmap.values import Roadmap, Track


class Reason(StrEnum):
    """Why a topic is open, or why it is not."""

    FREE = "free"
    """No track is followed, or it is over: every deck is free."""
    BY_HAND = "by hand"
    BEGUN = "begun"
    """Some of its cards were introduced already, and not by a placement alone."""
    READY = "ready"
    """Everything is known that it needs."""
    NEEDS = "needs"
    """Closed: something that it needs is not known yet."""
    SHUT = "shut"
    """Closed by hand."""
    OUTSIDE = "outside"
    """Closed: it is none of the track's topics, so it comes after the track's last card."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A topic that is needed and not known yet.

    `introduced` and `recall` are as in `Readiness`; `cards` is how many more of its cards must be introduced (0 where
    only recall is missing).
    """

    topic: str
    introduced: float
    recall: float | None
    cards: int


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a topic's new cards may come, why, and for `Reason.NEEDS` what is missing."""

    topic: str
    open: bool
    reason: Reason
    missing: tuple[Missing, ...] = ()


def openings(
    roadmap: Roadmap, track: Track | None, readiness: Mapping[str, Readiness], following: Following
) -> dict[str, Opening]:
    """The opening of every topic that a roadmap or a deck has; all are free where no `track` is followed.

    A topic of the track is open when all it needs is known, when it was begun, or when it was opened by hand; one shut
    by hand is closed. What it needs counts only as far as it comes earlier on the track: nothing ever waits for what
    comes later or not at all, so there is always a next card. Topics outside the track wait until no card of it is left
    to introduce, those shut by hand aside.
    """
    known = dict.fromkeys((*roadmap.topics, *readiness))
    if track is None:
        return {topic: Opening(topic, True, Reason.FREE) for topic in known}
    places = places_on(track)
    over = is_over(track, readiness, following)
    found = {}
    for topic in dict.fromkeys((*known, *places)):
        if topic in following.shut:
            found[topic] = Opening(topic, False, Reason.SHUT)
        elif topic in following.opened:
            found[topic] = Opening(topic, True, Reason.BY_HAND)
        elif topic not in places:
            found[topic] = Opening(topic, over, Reason.FREE if over else Reason.OUTSIDE)
        elif readiness.get(topic, NO_CARDS).met > following.asked.get(topic, 0):
            found[topic] = Opening(topic, True, Reason.BEGUN)
        else:
            missing = tuple(_missing(roadmap, topic, places, readiness, following.thresholds))
            found[topic] = Opening(topic, not missing, Reason.NEEDS if missing else Reason.READY, missing)
    return found


def places_on(track: Track) -> dict[str, int]:
    """The place of each topic in a track's order, from 0."""
    return {topic: at for at, topic in enumerate(track.topics)}


def is_over(track: Track, readiness: Mapping[str, Readiness], following: Following) -> bool:
    """Whether no card of a track is left to introduce, topics shut by hand aside."""
    return present_stage(track, readiness, following) is None


def present_stage(track: Track, readiness: Mapping[str, Readiness], following: Following) -> int | None:
    """The index of the stage one is in: the first with a card left to introduce, topics shut by hand aside; None where
    the track is over. It never goes back, but for what is reset or added.
    """
    for at, stage in enumerate(track.stages):
        if any(topic not in following.shut and readiness.get(topic, NO_CARDS).left for topic in stage.topics):
            return at
    return None


def in_order(track: Track | None, opened: Mapping[str, Opening]) -> tuple[str, ...]:
    """The topics whose new cards come, in the order in which they do: the track's, then others opened by hand, then the
    rest where that is free.
    """
    first = () if track is None else track.topics
    others = (topic for topic, each in opened.items() if each.reason is Reason.BY_HAND)
    found = dict.fromkeys((*first, *others, *opened))
    return tuple(topic for topic in found if topic in opened and opened[topic].open)


def why(opening: Opening, thresholds: Thresholds, roadmap: Roadmap) -> str:
    """Why a topic is open or closed, as a clause: `it needs RNN (12 more cards) and CNN (recall 71 %, 85 % wanted)`."""
    match opening.reason:
        case Reason.FREE:
            return "every deck is free"
        case Reason.BY_HAND:
            return "you opened it"
        case Reason.BEGUN:
            return "you have begun it"
        case Reason.READY:
            return "all that it needs is known"
        case Reason.SHUT:
            return "you shut it"
        case Reason.OUTSIDE:
            return "it is not on your track, and comes after the track's last card"
        case Reason.NEEDS:
            return f"it needs {_listed(_lack(each, thresholds, roadmap) for each in opening.missing)}"


def _missing(
    roadmap: Roadmap,
    topic: str,
    places: Mapping[str, int],
    readiness: Mapping[str, Readiness],
    thresholds: Thresholds,
) -> Iterable[Missing]:
    written = roadmap.topics.get(topic)
    for need in written.needs if written else ():
        if places.get(need, len(places)) >= places[topic]:
            continue
        ready = readiness.get(need, NO_CARDS)
        if not ready.known(thresholds):
            wanted = ceil(thresholds.introduced * ready.cards - 1e-9)
            yield Missing(need, ready.introduced, ready.recall, max(0, wanted - ready.met))


def _lack(missing: Missing, thresholds: Thresholds, roadmap: Roadmap) -> str:
    lacks = []
    if missing.cards:
        lacks.append(f"{missing.cards:,} more card{'s' * (missing.cards != 1)}")
    if missing.recall is not None and missing.recall < thresholds.recall:
        lacks.append(f"recall {_percent(missing.recall)}, {_percent(thresholds.recall)} wanted")
    written = roadmap.topics.get(missing.topic)
    return f"{written.title if written else missing.topic} ({'; '.join(lacks)})"


def _percent(share: float) -> str:
    # Rounded down: what is short of a threshold never reads as the threshold.
    return f"{int(100 * share + 1e-9)} %"


def _listed(each: Iterable[str]) -> str:
    found = list(each)
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1])))
