"""What the entries of a roadmap say of each other: what they name exists, forms no circle, and stands in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from nlpcards.core.roadmap.values import Pacing, Roadmap
from nlpcards.decks.circles import MOST_CIRCLES, circles, describe_circle
from nlpcards.decks.roadmaps.entries import Entry
from nlpcards.decks.roadmaps.keys import NOUNS, SECTIONS
from nlpcards.decks.source import SourceText, shortened

Known = Mapping[str, frozenset[str]]
"""The ids of each list: those of the file, broken entries included, and those of the roadmap that it adds to."""

MOST_TOLD = 4
"""So many missing prerequisites of one topic are named."""


def known_ids(entries: Mapping[str, Sequence[Entry]], base: Roadmap) -> Known:
    """All ids that the entries of a file may name."""
    bases: Mapping[str, Iterable[str]] = {
        "areas": base.areas,
        "topics": base.topics,
        "resources": base.resources,
        "milestones": base.milestones,
    }
    return {name: frozenset((*(each.id for each in entries[name]), *ids)) for name, ids in bases.items()}


def check_names(
    source: SourceText, entries: Mapping[str, Sequence[Entry]], known: Known, unread: Collection[str]
) -> None:
    """R006 for what is named and does not exist; nothing of lists that are there and could not be read."""
    names = {section: tuple(sorted(ids - {""})) for section, ids in known.items()}
    for entry in _with_stages(entries):
        for key, meaning in SECTIONS[entry.section].items():
            if not meaning.of or meaning.of in unread:
                continue
            for named in entry.named(key):
                if named.id in known[meaning.of]:
                    continue
                noun = NOUNS[meaning.of]
                meant = source.nearest(named.id, names[meaning.of])
                hint = f"Did you mean `{meant}`?" if meant else f"Add it under `{meaning.of}`, or mend the id."
                source.error(named.at, "R006", f"there is no {noun} `{shortened(named.id)}`", hint)


def _with_stages(entries: Mapping[str, Sequence[Entry]]) -> Iterable[Entry]:
    for those in entries.values():
        for entry in those:
            yield entry
            yield from entry.stages()


def check_circles(source: SourceText, topics: Sequence[Entry], base: Roadmap) -> frozenset[tuple[str, str]]:
    """R008 for topics that need each other in a circle; gives the pairs of topic and need to leave out.

    Each circle is broken where the file says one of its needs, so that what is left can be followed.
    """
    needs: dict[str, Sequence[str]] = {topic.id: topic.needs for topic in base.topics.values()}
    places: dict[tuple[str, str], int] = {}
    for entry in topics:
        needs[entry.id] = [named.id for named in entry.named("needs")]
        places |= {(entry.id, named.id): named.at for named in entry.named("needs")}
    cut: set[tuple[str, str]] = set()
    for number, circle in enumerate(circles(needs)):
        cut.add((circle[-1], circle[0]))
        if number >= MOST_CIRCLES:
            continue
        pairs = list(zip(circle, (*circle[1:], circle[0]), strict=True))
        at = next((places[each] for each in reversed(pairs) if each in places), 0)
        if len(circle) > 1:
            source.error(at, "R008", describe_circle("topics", circle), "Remove one of these from a topic's `needs`.")
        else:
            source.error(at, "R008", f"the topic `{circle[0]}` needs itself", "Remove its own id.")
    return frozenset(cut)


def check_track(source: SourceText, track: Entry, needs: Mapping[str, Sequence[str]]) -> None:
    """The weeks of a track's stages, and whether each topic comes after what it needs."""
    is_calendar = track.text("pacing") == Pacing.CALENDAR
    last = 0
    before = ""
    for stage in track.stages():
        weeks = stage.weeks()
        if weeks is None:
            if is_calendar and "weeks" not in stage.places and not stage.is_torn:
                message = f"the stage `{shortened(stage.id)}` has no `weeks`, which a calendar needs"
                source.error(stage.at, "R011", message, "Add `weeks: ` and the week, or the weeks as in `17-20`.")
            continue
        if not is_calendar:
            message = "`weeks` counts in a calendar only, and this track is paced otherwise"
            source.advise(
                stage.places["weeks"], "R022", message, "Write `pacing: calendar` in the track, or remove it."
            )
        elif weeks[0] <= last:
            message = f"week {weeks[0]} is not free: the stage before, `{shortened(before)}`, lasts until week {last}"
            source.error(
                stage.places["weeks"],
                "R010",
                message,
                "Give each week to one stage, and let the stages follow in order.",
            )
        last, before = max(last, weeks[1]), stage.id
    _check_order(source, track, needs)


def _check_order(source: SourceText, track: Entry, needs: Mapping[str, Sequence[str]]) -> None:
    """R020 for topics that come before something that they need, or need what the track never has."""
    if any(stage.is_torn for stage in track.stages()):
        return  # what is torn may have had what seems to be missing
    everything = {named.id for stage in track.stages() for named in stage.named("topics")}
    had: set[str] = set()
    for stage in track.stages():
        for topic in stage.named("topics"):
            if topic.id in had:
                continue
            missing = [need for need in needs.get(topic.id, ()) if need not in had]
            had.add(topic.id)
            if not missing:
                continue
            names = ", ".join(f"`{need}`" for need in missing[:MOST_TOLD])
            names += ", …" if len(missing) > MOST_TOLD else ""
            absent = [need for need in missing if need not in everything]
            message = f"the topic `{topic.id}` needs {names}, which the track does not have"
            hint = "Add it to the track, before this topic."
            if not absent:
                message = f"the topic `{topic.id}` needs {names}, which the track has only later"
                hint = "Put what is needed first, in this stage or in an earlier one."
            source.advise(topic.at, "R020", message, hint)


def check_use(source: SourceText, entries: Mapping[str, Sequence[Entry]]) -> None:
    """R021 for resources and milestones that no stage names, R023 for stages with nothing in them."""
    stages = [stage for track in entries["tracks"] for stage in track.stages()]
    # Where something is wrong, what seems to be named nowhere may be named in what is not read.
    for section in () if source.error_places else ("resources", "milestones"):
        used = {named.id for stage in stages for named in stage.named(section)}
        for entry in entries[section]:
            if entry.id and entry.id not in used:
                message = f"no stage names the {NOUNS[section]} `{shortened(entry.id)}`, so nobody is led to it"
                source.advise(
                    entry.places["id"], "R021", message, f"Name it under `{section}` of a stage, or remove it."
                )
    for stage in stages:
        if stage.is_sound and not any(key in stage.places for key in ("topics", "resources", "milestones")):
            message = f"the stage `{shortened(stage.id)}` has neither topics nor resources nor milestones"
            source.advise(stage.at, "R023", message, "Add what is to be learned or done in it, or remove it.")
