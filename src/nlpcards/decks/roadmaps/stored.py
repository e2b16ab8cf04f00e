"""What reading the roadmap files of a library gives, as bytes and back; nothing is ever run (see `decks.stored`)."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from typing import Any

from nlpcards.core.roadmap.values import Area, Milestone, Pacing, Resource, Roadmap, Stage, Topic, Track
from nlpcards.decks.deck_file import Stamp
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.roadmaps.finding import FoundRoadmap
from nlpcards.decks.roadmaps.roadmap_file import ReadRoadmap


def packed(found: FoundRoadmap, beyond: tuple[tuple[Any, ...], ...]) -> bytes:
    """A roadmap with its files as bytes, their stamps left out; `beyond` is what tells of the bundled files that were
    looked at besides whether they changed, of what marshal knows.
    """
    return marshal.dumps(
        (
            [
                (
                    file.path,
                    _roadmap(file.roadmap),
                    [(p.line, p.column, p.severity.value, p.code, p.message, p.hint) for p in file.problems],
                    {section: tuple(ids) for section, ids in file.own.items()},
                    file.is_given_up,
                )
                for file in found.files
            ],
            None if found.beyond is None else [(path, _stamp(stamp)) for path, stamp in found.beyond.items()],
            beyond,
        )
    )


def unpacked(data: bytes, stamps: Sequence[Stamp]) -> tuple[FoundRoadmap, tuple[tuple[Any, ...], ...]]:
    """The roadmap that was packed, its files with these stamps, and the `beyond` that was packed with it.

    Raises:
        ValueError, TypeError, EOFError: these are no bytes that `packed` gave, or of other files.
    """
    files, others, beyond = marshal.loads(data)
    read = tuple(
        [
            ReadRoadmap(
                path,
                _roadmap_again(roadmap),
                tuple([Problem(path, line, column, Severity(how), *rest) for line, column, how, *rest in problems]),
                {section: frozenset(ids) for section, ids in own.items()},
                stamp,
                given_up,
            )
            for (path, roadmap, problems, own, given_up), stamp in zip(files, stamps, strict=True)
        ]
    )
    seen = None if others is None else {path: None if stamp is None else Stamp(*stamp) for path, stamp in others}
    return FoundRoadmap(read[-1].roadmap, read, beyond=seen), beyond


def _stamp(stamp: Stamp | None) -> tuple[int, ...] | None:
    return None if stamp is None else (stamp.device, stamp.inode, stamp.size, stamp.modified_ns)


def _roadmap(roadmap: Roadmap) -> tuple[Any, ...]:
    return (
        roadmap.title,
        [(each.id, each.title) for each in roadmap.areas.values()],
        [
            (each.id, each.title, each.area, each.needs, dict(each.concepts), each.planned)
            for each in roadmap.topics.values()
        ],
        [
            (each.id, each.title, each.about, [_stage(stage) for stage in each.stages], each.pacing.value, each.origin)
            for each in roadmap.tracks.values()
        ],
        [
            (each.id, each.title, each.kind, each.platform, each.duration, each.url)
            for each in roadmap.resources.values()
        ],
        [(each.id, each.title, each.kind, each.url) for each in roadmap.milestones.values()],
    )


def _stage(stage: Stage) -> tuple[Any, ...]:
    return (stage.id, stage.title, stage.topics, stage.weeks, stage.resources, stage.milestones, stage.note)


def _roadmap_again(stored: tuple[Any, ...]) -> Roadmap:
    title, areas, topics, tracks, resources, milestones = stored
    return Roadmap(
        title,
        {each[0]: Area(*each) for each in areas},
        {each[0]: Topic(*each) for each in topics},
        {
            track: Track(track, name, about, tuple([Stage(*each) for each in stages]), Pacing(pacing), origin)
            for track, name, about, stages, pacing, origin in tracks
        },
        {each[0]: Resource(*each) for each in resources},
        {each[0]: Milestone(*each) for each in milestones},
    )
