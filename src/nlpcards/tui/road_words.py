"""What the Roadmap says in words: above the list of the track, below it of the line at the arrow."""

from __future__ import annotations

from typing import assert_never

from nlpcards.collection.roadmap.insides import CardLine, Concept
from nlpcards.collection.roadmap.printing import share
from nlpcards.collection.roadmap.standing import AreaStanding, StageStanding, Standing, TopicStanding, TrackStanding
from nlpcards.core.days import date_of
from nlpcards.core.roadmap.following import Status
from nlpcards.core.roadmap.progress import Progress
from nlpcards.core.roadmap.values import Resource
from nlpcards.core.words import count, short_month, weekday
from nlpcards.tui.road_rows import Row, Thing, topic_stands
from nlpcards.tui.words import safe

_STATUS = {Status.TODO: "to do", Status.DOING: "doing", Status.DONE: "done"}


def headline(found: Standing, track: TrackStanding | None) -> str:
    """Which track it is, and whether one follows it."""
    if track is None:
        return "All topics by area" if found.tracks or found.roadmap.topics else "The topics of your decks"
    title = safe(track.track.title)
    if not track.followed:
        return f"{title}: you do not follow it (u follows it)"
    since = "" if found.following.since is None else f" since {on(found.following.since)}"
    return f"{title}: your track{since}"


def figures(found: Standing, track: TrackStanding | None) -> str:
    """How far one has come, in a line."""
    progress = found.progress if track is None else track.progress
    if not progress.cards:
        return "No deck has a card of it yet."
    parts = [f"{progress.met:,} of {count(progress.cards, 'card')} met ({share(progress.introduced)})"]
    if progress.met:
        parts += [f"expected recall now {share(progress.recall)}", f"mature {share(progress.mature)}"]
    return " · ".join(parts)


def about(row: Row, found: Standing) -> str:
    """What there is to say of a line."""
    subject = row.subject
    match subject:
        case StageStanding():
            return _stage(subject)
        case AreaStanding():
            return " ".join([f"{count(len(subject.topics), 'topic')}.", *_of(subject.progress)])
        case TopicStanding():
            return about_topic(subject, found)
        case Thing():
            return _thing(subject)
        case Concept(title=title, cards=cards, met=met):
            topic = safe(found.topics[subject.topic].topic.title)
            if not cards:
                return f"A concept of {topic} that no card names yet."
            what = f"A concept of {topic}" if title else f"Cards of {topic} that name no concept"
            return f"{what}: {count(len(cards), 'card')}, {met:,} met. Enter lists them; space reviews the topic."
        case CardLine(card=card, stands=stands):
            return f"{card}: {stands}. Enter shows the card; space reviews the topic."
        case _:
            assert_never(subject)


def _stage(stage: StageStanding) -> str:
    marked = [each for _, each in (*stage.resources, *stage.milestones)]
    done = sum(each is not None and each.status is Status.DONE for each in marked)
    parts = [f"{count(len(stage.topics), 'topic')}."] if stage.topics else []
    parts += _of(stage.progress)
    if marked:
        parts.append(f"{done} of {count(len(marked), 'resource or milestone', 'resources and milestones')} done.")
    waiting = [each for each in stage.topics if each.progress.met < each.progress.cards]
    if waiting and not any(each.open for each in waiting):
        parts.append(f"Not open yet: {safe(waiting[0].topic.title)}: {safe(waiting[0].why)}.")
    if stage.stage.note:
        parts.append(safe(stage.stage.note))
    return " ".join(parts)


def about_topic(topic: TopicStanding, found: Standing) -> str:
    """What there is to say of a topic."""
    if not topic.progress.cards:
        return "Its cards are still being written." if topic.topic.planned else "No deck has a card of it yet."
    _, stands = topic_stands(topic)
    why = safe(topic.why)
    parts = [f"{'Open' if topic.open else 'Closed'}: {why}."]
    if topic.known and topic.open:
        parts = [f"{stands.capitalize()}: what builds on it may open."]
    if not topic.open:
        parts.append("o opens it anyway; space reviews it at once.")
    parts += _of(topic.progress)
    leads = [safe(each.topic.title) for each in found.topics.values() if topic.topic.id in each.topic.needs]
    if leads:
        more = f" and {len(leads) - 4} more" if len(leads) > 4 else ""
        parts.append(f"Leads to {', '.join(leads[:4])}{more}.")
    return " ".join(parts)


def _of(progress: Progress) -> list[str]:
    """The figures that have no column."""
    if not progress.cards:
        return []
    parts = [f"{progress.met:,} of {count(progress.cards, 'card')} met"]
    if progress.met:
        lost = round(progress.forgotten)
        parts.append(f"mature {share(progress.mature)}")
        parts.append(f"about {count(lost, 'card')} would be lost in 30 days without review")
    return [f"{', '.join(parts)}."]


def _thing(thing: Thing) -> str:
    what, marked = thing.what, thing.marked
    words = [what.kind.capitalize()]
    if isinstance(what, Resource):
        words += [each for each in (what.platform, what.duration) if each]
    said = f"{safe(', '.join(words))}: {_STATUS[thing.status]}"
    if marked is not None:
        said += f" since {on(marked.day)}"
        if marked.note:
            said += f" · {safe(marked.note)}"
    return f"{said}. " + (f"{safe(what.url)} (l opens it)" if what.url else "It has no link.")


def on(day: int) -> str:
    """A study day as a date, such as `Sat 21 Nov 2026`."""
    date = date_of(day)
    return f"{weekday(date)} {short_month(date)} {date.year}"
