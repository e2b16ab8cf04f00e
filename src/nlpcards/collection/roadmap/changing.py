"""What a learner can do about the roadmap: follow a track, open and shut topics, mark what was read and done.

Each is one event of the journal, on disk when it returns; the next one of the same subject takes its place, and an undo
takes it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from nlpcards.core.errors import NothingToDo, UsageError
from nlpcards.core.journal import Mark
from nlpcards.core.roadmap import following as marks
from nlpcards.core.roadmap.following import Marked, Status, Thresholds
from nlpcards.core.roadmap.opening import Opening, why
from nlpcards.core.roadmap.values import Milestone, Resource, Track

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection

_Value = TypeVar("_Value")

_MOST_NAMED = 12
"""So many ids a remedy lists at most."""


@dataclass(frozen=True, slots=True)
class Door:
    """A topic that was opened, shut or left to the rules: its title, whether it is open now, and why as a clause."""

    topic: str
    title: str
    opening: Opening
    why: str


def use_track(collection: Collection, name: str, since: int | None = None) -> Track:
    """Follow the track of an id, or of the start of one that only one track has; from the study day `since`, today if
    None. What was learned on another track stays as it is.

    Raises:
        UsageError: no track is called so.
        StoreError: it could not be written.
    """
    track = track_named(collection, name)
    now = collection.now()
    _write(collection, marks.follow(track.id, now.day if since is None else since))
    return track


def leave_track(collection: Collection) -> str:
    """Follow no track any more; gives the id of the one that was followed.

    Raises:
        NothingToDo: none was.
        StoreError: it could not be written.
    """
    followed = collection.knowing.following.track
    if not followed:
        raise NothingToDo("you follow no track", remedy="`nlpcards track list` shows those there are.")
    _write(collection, marks.follow("", 0))
    return followed


def open_topic(collection: Collection, name: str) -> Door:
    """Open a topic by hand: its new cards come whatever it needs.

    Raises:
        UsageError: no topic is called so.
        StoreError: it could not be written.
    """
    return _door(collection, name, marks.open_topic)


def shut_topic(collection: Collection, name: str) -> Door:
    """Shut a topic by hand: none of its new cards come while a track is followed. Reviews go on.

    Raises:
        UsageError: no topic is called so.
        StoreError: it could not be written.
    """
    return _door(collection, name, marks.shut_topic)


def leave_topic(collection: Collection, name: str) -> Door:
    """Leave a topic that was opened or shut by hand to the rules again.

    Raises:
        UsageError: no topic is called so.
        StoreError: it could not be written.
    """
    return _door(collection, name, marks.leave_topic)


def mark(
    collection: Collection, name: str, status: Status, *, note: str | None = None, day: int | None = None
) -> tuple[Resource | Milestone, Marked]:
    """Say how far one is with the resource or the milestone of an id (`resource:ID` or `milestone:ID` where both have
    it), since the study day `day` (today if None). A `note` of None keeps the one there is.

    Raises:
        UsageError: nothing is called so, or the note is too long.
        StoreError: it could not be written.
    """
    found = marked_named(collection, name)
    following = collection.knowing.following
    is_milestone = isinstance(found, Milestone)
    before = (following.milestones if is_milestone else following.resources).get(found.id)
    kept = before.note if before is not None and note is None else note or ""
    marked = Marked(status, collection.now().day if day is None else day, kept.strip())
    _write(collection, (marks.mark_milestone if is_milestone else marks.mark_resource)(found.id, marked))
    return found, marked


def adjust(collection: Collection, *, introduced: float | None = None, recall: float | None = None) -> Thresholds:
    """Set what makes a topic known, shares from 0 to 1; None keeps what holds.

    Raises:
        UsageError: a share is out of range.
        StoreError: it could not be written.
    """
    before = collection.knowing.following.thresholds
    after = Thresholds(
        before.introduced if introduced is None else introduced, before.recall if recall is None else recall
    )
    _write(collection, marks.adjust(after))
    return after


# ---- names


def track_named(collection: Collection, name: str) -> Track:
    """The track of an id, or of the start of one that only one track has.

    Raises:
        UsageError: no track is called so, or several begin so.
    """
    tracks = collection.library.roadmap.tracks
    if not tracks:
        raise UsageError(
            "there is no track", remedy="A roadmap.yaml beside the decks names them; docs/roadmaps.md says how."
        )
    return _named("track", name, tracks)


def topic_named(collection: Collection, name: str) -> str:
    """The topic of an id that the roadmap or a deck has, or of the start of one that only one topic has.

    Raises:
        UsageError: no topic is called so, or several begin so.
    """
    known = dict.fromkeys((*collection.library.roadmap.topics, *collection.knowing.cards))
    return _named("topic", name, {topic: topic for topic in known})


def either_named(collection: Collection, name: str) -> tuple[str | None, str | None]:
    """The track or the topic of a name, one of them None; an id comes before the start of another one, a track before a
    topic.

    Raises:
        UsageError: nothing is called so.
    """
    tracks = collection.library.roadmap.tracks
    topics = dict.fromkeys((*collection.library.roadmap.topics, *collection.knowing.cards))
    if name in tracks:
        return name, None
    if name in topics:
        return None, name
    known = {**{topic: (None, topic) for topic in topics}, **{track: (track, None) for track in tracks}}
    return _named("track or topic", name, known)


def marked_named(collection: Collection, name: str) -> Resource | Milestone:
    """The resource or milestone of an id, or of the start of one that only one has.

    Raises:
        UsageError: nothing is called so, or several are.
    """
    roadmap = collection.library.roadmap
    sort, _, rest = name.partition(":")
    if rest and sort in ("resource", "milestone"):
        if sort == "resource":
            return _named(sort, rest, roadmap.resources)
        return _named(sort, rest, roadmap.milestones)
    if name in roadmap.resources and name in roadmap.milestones:
        raise UsageError(
            f"a resource and a milestone are both called {name}",
            remedy=f"Write `resource:{name}` or `milestone:{name}`.",
        )
    both: dict[str, Resource | Milestone] = {**roadmap.resources, **roadmap.milestones}
    return _named("resource or milestone", name, both)


def _named(what: str, name: str, known: Mapping[str, _Value]) -> _Value:
    if name in known:
        return known[name]
    starts = [each for each in known if each.startswith(name)] if name else []
    if len(starts) == 1:
        return known[starts[0]]
    if starts:
        raise UsageError(f"several begin with {name}", remedy=f"They are: {_some(starts)}.")
    from difflib import get_close_matches

    near = get_close_matches(name, known, 3, 0.5) if len(name) < 200 else []
    remedy = f"Did you mean {' or '.join(near)}?" if near else f"There are: {_some(known)}."
    raise UsageError(f"there is no {what} {name}", remedy=remedy if known else "The roadmap has none.")


def _some(names: Iterable[str]) -> str:
    each = list(names)
    return ", ".join(each[:_MOST_NAMED]) + (", …" if len(each) > _MOST_NAMED else "")


def _door(collection: Collection, name: str, made: Callable[[str], Mark]) -> Door:
    topic = topic_named(collection, name)
    _write(collection, made(topic))
    knowing, roadmap = collection.knowing, collection.library.roadmap
    opening = knowing.openings(collection.now().day)[topic]
    written = roadmap.topics.get(topic)
    title = written.title if written else topic
    return Door(topic, title, opening, why(opening, knowing.following.thresholds, roadmap))


def _write(collection: Collection, body: Mark) -> None:
    collection.journal.append([body], collection.now())
