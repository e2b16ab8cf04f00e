"""`roadmap`: a track as a path, a topic with what it needs, or all of it as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put, say
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.collection.roadmap.standing import Standing, TopicStanding, TrackStanding
    from nlpcards.core.roadmap.following import Marked
    from nlpcards.core.roadmap.progress import Progress

_BAR = 10


@click.command()
@click.argument("name", metavar="[TRACK|TOPIC]", required=False)
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def roadmap(invocation: Invocation, name: str | None, as_json: bool, decks: tuple[Path, ...]) -> None:
    """Show the track that you follow, or another one, as a path with what you know of it; or one topic."""
    from nlpcards.collection.roadmap.standing import standing

    with invocation.open(decks, read_only=True) as collection:
        track, topic = _meant(collection, name) if name is not None else (None, None)
        found = standing(collection)
        leads_to = _leads_to(found, topic) if topic else []
    if as_json:
        print_json(_as_data(found, track, topic))
        return
    if found.lost:
        say(f"You follow the track {found.lost}, which no roadmap has any more; decks are free meanwhile.")
    if topic:
        _put_topic(found, found.topics[topic], leads_to)
        return
    shown = next((each for each in found.tracks if each.track.id == track), found.followed)
    if shown is not None:
        _put_track(shown)
        return
    for each in found.tracks:
        put(f"{each.track.id:18} {_bar(each.progress)}  {each.track.title}")
    if found.tracks:
        say("See one with `nlpcards roadmap TRACK`; follow it with `nlpcards track use TRACK`.")
    else:
        _put_areas(found)


def _meant(collection: Collection, name: str) -> tuple[str | None, str | None]:
    """The track or the topic of a name."""
    from nlpcards.collection.roadmap.changing import either_named

    return either_named(collection, name)


def _leads_to(found: Standing, topic: str) -> list[str]:
    return [each.topic.title for each in found.topics.values() if topic in each.topic.needs]


def _put_track(found: TrackStanding) -> None:
    from nlpcards.collection.roadmap.printing import share

    put(f"{found.track.title} ({found.track.id}){', the track you follow' if found.followed else ''}")
    put(f"{_bar(found.progress)}  of {count(found.progress.cards, 'card')}, mature {share(found.progress.mature)}")
    width = max((len(each.topic.title) for stage in found.stages for each in stage.topics), default=0)
    for at, stage in enumerate(found.stages):
        put("│")
        sign = "●" if stage.progress.cards and stage.progress.met == stage.progress.cards else "○"
        here = "  ← you are here" if at == found.present and found.followed else ""
        weeks = ""
        if stage.stage.weeks:
            first, last = stage.stage.weeks
            weeks = f", week {first}" if first == last else f", weeks {first} to {last}"
        put(f"{'◉' if here else sign} {at + 1}. {stage.stage.title}{weeks}  {_bar(stage.progress)}{here}")
        for each in stage.topics:
            # Why is told where it matters now; `roadmap TOPIC` tells it of any.
            closed = "" if each.open else f"  closed: {each.why}" if here else "  closed"
            if each.progress.cards:
                put(f"│    {each.topic.title:{width}}  {_bar(each.progress)}{closed}")
            else:
                put(f"│    {each.topic.title:{width}}  no cards yet")
        for kind, marked in (("resource", stage.resources), ("milestone", stage.milestones)):
            for what, how in marked:
                put(f"│    {_box(how.status.value if how else 'todo')} {what.title} ({kind} {what.id}){_since(how)}")


def _put_topic(found: Standing, topic: TopicStanding, leads_to: list[str]) -> None:
    from nlpcards.collection.roadmap.printing import share

    progress = topic.progress
    put(f"{topic.topic.title} ({topic.topic.id})")
    put(f"{'Open' if topic.open else 'Closed'}: {topic.why}.")
    if progress.cards:
        put(
            f"{count(progress.notes, 'note')}, {count(progress.cards, 'card')}: {share(progress.introduced)} "
            f"introduced, recall {share(progress.recall)}, mature {share(progress.mature)}."
        )
        if progress.met:
            put(f"Without a review, about {count(round(progress.forgotten), 'card')} would be lost in 30 days.")
    else:
        put("It has no cards yet.")
    for need in topic.topic.needs:
        if need in found.topics:
            put(f"Needs {found.topics[need].topic.title}: {_bar(found.topics[need].progress)}")
    if leads_to:
        put(f"Leads to: {', '.join(leads_to)}.")
    if topic.topic.concepts:
        put(f"Concepts: {', '.join(topic.topic.concepts.values())}.")


def _put_areas(found: Standing) -> None:
    for area in found.areas:
        for each in area.topics:
            put(f"{_bar(each.progress)}  {each.topic.title}")


def _bar(progress: Progress) -> str:
    """What was introduced as a bar and in numbers, with the recall now."""
    from nlpcards.collection.roadmap.printing import share

    full = int(_BAR * progress.introduced)
    recall = f", recall {share(progress.recall)}" if progress.met else ""
    return f"{'█' * full}{'░' * (_BAR - full)} {share(progress.introduced):>5} introduced{recall}"


def _since(how: Marked | None) -> str:
    """Since when a mark stands, and its note."""
    from nlpcards.core.days import date_of

    return "" if how is None else f", since {date_of(how.day).isoformat()}{f': {how.note}' if how.note else ''}"


def _box(status: str) -> str:
    return {"todo": "[ ]", "doing": "[~]", "done": "[x]"}[status]


def _as_data(found: Standing, track: str | None, topic: str | None) -> dict[str, object]:
    from nlpcards.core.days import date_of
    from nlpcards.core.roadmap.as_data import progress_as_data

    tracks = [] if topic else [each for each in found.tracks if track in (None, each.track.id)]
    wanted = {topic} if topic else {own for each in tracks for own in each.track.topics} if track else found.topics
    following = found.following
    return {
        "date": date_of(found.day).isoformat(),
        "track": found.followed.track.id if found.followed else None,
        "since": date_of(following.since).isoformat() if found.followed and following.since is not None else None,
        "tracks": [
            {
                "id": each.track.id,
                "title": each.track.title,
                "present": each.stage.stage.id if each.stage else None,
                "stages": [
                    {
                        "id": stage.stage.id,
                        "title": stage.stage.title,
                        "topics": list(stage.stage.topics),
                        **progress_as_data(stage.progress),
                        "resources": [_marked(what.id, how) for what, how in stage.resources],
                        "milestones": [_marked(what.id, how) for what, how in stage.milestones],
                    }
                    for stage in each.stages
                ],
            }
            for each in tracks
        ],
        "topics": [
            {
                "id": each.topic.id,
                "title": each.topic.title,
                "area": each.topic.area,
                **progress_as_data(each.progress),
                "open": each.open,
                "why": each.why,
            }
            for each in found.topics.values()
            if each.topic.id in wanted
        ],
    }


def _marked(name: str, how: Marked | None) -> dict[str, object]:
    from nlpcards.core.days import date_of

    if how is None:
        return {"id": name, "status": "todo"}
    return {"id": name, "status": how.status.value, "on": date_of(how.day).isoformat(), "note": how.note}
