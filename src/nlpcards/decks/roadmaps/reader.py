"""A roadmap file to a `Roadmap` and everything that is wrong in it.

Nothing here raises for what a file holds: an entry with a mistake is left out, and all others are there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nlpcards.core.roadmap.values import Area, Milestone, Pacing, Resource, Roadmap, Stage, Topic, Track
from nlpcards.decks.collector import without_collector
from nlpcards.decks.files import Content, Stamp, clean_text, decode, read_content
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, Unusable
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.roadmaps.entries import Entry, read_list
from nlpcards.decks.roadmaps.keys import LISTS, ROADMAP_KEYS
from nlpcards.decks.roadmaps.pieces import read_nodes
from nlpcards.decks.roadmaps.relations import check_circles, check_names, check_track, check_use, known_ids
from nlpcards.decks.roadmaps.roadmap_file import EMPTY, ReadRoadmap
from nlpcards.decks.source import GivenUp, SourceText, shortened
from nlpcards.decks.values import Values


def read_roadmap(path: Path, base: Roadmap = EMPTY) -> ReadRoadmap:
    """Read a roadmap file that adds to another roadmap: what has the same id takes its place.

    A file that cannot be read has one problem and adds nothing.
    """
    name = str(path)
    content = read_content(path)
    if not isinstance(content, Content):
        words = map(in_words_of_roadmaps, (content.message, content.hint))
        problem = Problem(name, 1, 1, Severity.ERROR, content.code, *words)
        return ReadRoadmap(name, base, (problem,))
    return _read(clean_text(decode(content.data), name), base, content.stamp)


def read_roadmap_text(text: str, path: str = "roadmap.yaml", base: Roadmap = EMPTY) -> ReadRoadmap:
    """Read a roadmap's text as if it stood in a file."""
    return _read(clean_text(text, path), base, None)


def _read(source: SourceText, base: Roadmap, stamp: Stamp | None) -> ReadRoadmap:
    entries: dict[str, list[Entry]] = {section: [] for section in LISTS}
    unread: set[str] = set()
    title = ""
    with without_collector():
        with suppress(GivenUp):
            if not source.is_given_up:
                title = _read_top(source, entries, unread)
        cut = frozenset[tuple[str, str]]()
        with suppress(GivenUp):
            check_names(source, entries, known_ids(entries, base), unread)
        for _ in range(2):
            # Where it gives the file up, it notes and raises nothing a second time.
            with suppress(GivenUp):
                cut = check_circles(source, entries["topics"], base)
                break
        roadmap = _added(base, title, entries, cut)
        with suppress(GivenUp):
            needs = {topic.id: topic.needs for topic in roadmap.topics.values()}
            for track in entries["tracks"]:
                check_track(source, track, needs)
            check_use(source, entries)
    problems = tuple(sorted(_reworded(problem) for problem in source.problems()))
    own = {section: frozenset(entry.id for entry in those if entry.id) for section, those in entries.items()}
    return ReadRoadmap(source.path, roadmap, problems, own, stamp, source.is_given_up)


def _read_top(source: SourceText, entries: dict[str, list[Entry]], unread: set[str]) -> str:
    """Read all lists into `entries`, and the names of those that cannot be read into `unread`; gives the title.

    Raises:
        GivenUp: the file is not worth reading any further.
    """
    root = read_nodes(source) if source.text or not source.found else Unusable(0, 0)
    title = ""
    for key, value in _top(source, root).values():
        if key.value == "title":
            title = Values(source, "", {}, None).text("title", value) or ""
        else:
            entries[key.value] = read_list(source, key.value, value)
            if isinstance(value, Unusable | MapNode):
                unread.add(key.value)
    return title


def _top(source: SourceText, root: Node | None) -> dict[str, tuple[Scalar, Node]]:
    """The keys at the top with their values."""
    found: dict[str, tuple[Scalar, Node]] = {}
    hint = "Begin with `title: `, then write `topics:` and `tracks:` with their entries below them."
    if isinstance(root, MapNode):
        names = {key.value for key, _ in root.entries}
        if "notes" in names and not names & {*LISTS}:
            message = "this is a deck, but under this name a file is read as a roadmap"
            source.error(0, "R001", message, "Give the deck's file another name, such as `my-deck.yaml`.")
            return {}
        for key, value in root.entries:
            if key.value in ROADMAP_KEYS:
                found.setdefault(key.value, (key, value))
            elif key.value != "<<":
                message = f"a roadmap has no key `{shortened(key.value)}`"
                source.error(key.start, "R002", message, source.unknown_key(key.value, ROADMAP_KEYS))
    elif root is None or (isinstance(root, Scalar) and not root.value):
        source.error(0, "R001", "the file is empty", hint)
    elif not isinstance(root, Unusable):
        what = "a list" if isinstance(root, ListNode) else "a text"
        source.error(root.start, "R001", f"the file is {what} and not a roadmap", hint)
    return found


def _added(
    base: Roadmap, title: str, entries: Mapping[str, Sequence[Entry]], cut: frozenset[tuple[str, str]]
) -> Roadmap:
    """A roadmap with the sound entries of a file in it, which name nothing that is not there."""
    sound = {section: [each for each in those if each.is_sound and each.id] for section, those in entries.items()}
    areas = {**base.areas, **{each.id: Area(each.id, each.text("title")) for each in sound["areas"]}}
    topics = {**base.topics, **{each.id: _topic(each) for each in sound["topics"] if each.text("area") in areas}}
    resources = {**base.resources, **{each.id: _resource(each) for each in sound["resources"]}}
    milestones = {**base.milestones, **{each.id: _milestone(each) for each in sound["milestones"]}}
    for name in {*(each.id for each in sound["topics"]), *(name for name, _ in cut)} & topics.keys():
        needs = tuple([need for need in topics[name].needs if need in topics and (name, need) not in cut])
        topics[name] = replace(topics[name], needs=needs)
    tracks = dict(base.tracks)
    for entry in sound["tracks"]:
        stages = tuple(
            [_stage(each, topics, resources, milestones) for each in entry.stages() if each.is_sound and each.id]
        )
        if stages:
            pacing = Pacing(entry.text("pacing") or Pacing.MASTERY)
            about, origin = entry.text("about"), entry.text("origin")
            tracks[entry.id] = Track(entry.id, entry.text("title"), about, stages, pacing, origin)
    return Roadmap(base.title or title, areas, topics, tracks, resources, milestones)


def _topic(entry: Entry) -> Topic:
    concepts = entry.said.get("concepts")
    return Topic(
        entry.id,
        entry.text("title"),
        entry.text("area"),
        tuple([named.id for named in entry.named("needs")]),
        concepts if isinstance(concepts, Mapping) else {},
        entry.said.get("planned") is True,
    )


def _resource(entry: Entry) -> Resource:
    return Resource(entry.id, *(entry.text(key) for key in ("title", "kind", "platform", "duration", "url")))


def _milestone(entry: Entry) -> Milestone:
    return Milestone(entry.id, *(entry.text(key) for key in ("title", "kind", "url")))


def _stage(entry: Entry, topics: Iterable[str], resources: Iterable[str], milestones: Iterable[str]) -> Stage:
    def there(key: str, known: Iterable[str]) -> tuple[str, ...]:
        return tuple([named.id for named in entry.named(key) if named.id in known])

    return Stage(
        entry.id,
        entry.text("title"),
        there("topics", topics),
        entry.weeks(),
        there("resources", resources),
        there("milestones", milestones),
        entry.text("note"),
    )


_QUOTED = re.compile(r"(`[^`]*`)")
_OUR_WORDS = (
    (re.compile(r"\bdecks\b"), "roadmaps"),
    (re.compile(r"\bdeck\b"), "roadmap"),
    (re.compile(r"\bnotes\b"), "entries"),
    (re.compile(r"\b([Aa]) note\b"), r"\1n entry"),
    (re.compile(r"\bnote\b"), "entry"),
)


def in_words_of_roadmaps(text: str) -> str:
    """A sentence of what reads YAML for decks, said of a roadmap; what it quotes stays as it was."""
    parts = _QUOTED.split(text)
    for at in range(0, len(parts), 2):
        for words, ours in _OUR_WORDS:
            parts[at] = words.sub(ours, parts[at])
    return "".join(parts)


def _reworded(problem: Problem) -> Problem:
    if problem.code.startswith("R"):
        return problem
    return replace(problem, message=in_words_of_roadmaps(problem.message), hint=in_words_of_roadmaps(problem.hint))
