"""Nothing that the five learning plans ask for is missing: the roadmap carries each of their lines, and a deck each of
its topics and concepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from nlpcards.core.cards import Note
from nlpcards.core.roadmap.values import Pacing, Roadmap, Stage
from nlpcards.decks.library import Library, load
from nlpcards.decks.roadmaps import read_roadmap
from tests.support.bundled import FOLDER, ROADMAP_FILE

SOURCES = Path(__file__).parents[3] / "shared" / "roadmap" / "sources"
TOPICS = SOURCES.parent / "topics.yaml"
THEIR_TRACKS = {
    0: ["nlp-step-by-step"],
    1: ["llm-foundations"],
    2: ["twenty-week-plan", "course-plan"],
    3: ["pathway-to-gpt"],
    4: ["short-and-steep", "long-and-slow"],
}
"""The tracks that each plan became, by its number."""

ASKS_FOR_NOTHING = ("heading", "prose")


@cache
def roadmap() -> Roadmap:
    return read_roadmap(ROADMAP_FILE).roadmap


@cache
def library() -> Library:
    return load([FOLDER])


def rows() -> Iterator[tuple[int, range, list[str]]]:
    """The rows of the table: the plan, its lines, and what carries them."""
    table = yaml.safe_load((Path(__file__).parent / "the_sources.yaml").read_text("utf-8"))
    for plan, lines in table.items():
        for span, carriers in lines.items():
            first, _, last = str(span).partition("-")
            yield plan, range(int(first), int(last or first) + 1), carriers


def stages_of(plan: int) -> list[Stage]:
    return [stage for track in THEIR_TRACKS[plan] for stage in roadmap().tracks[track].stages]


def fault(plan: int, carrier: str) -> str:
    """What is wrong with a carrier; empty where it exists and a track of the plan leads to it."""
    sort, _, name = carrier.partition(" ")
    stages = stages_of(plan)
    match sort:
        case "track":
            return "" if name in THEIR_TRACKS[plan] else "no such track of this plan"
        case "stage":
            track, _, stage = name.partition("/")
            there = track in THEIR_TRACKS[plan] and stage in {each.id for each in roadmap().tracks[track].stages}
            return "" if there else "no such stage of this plan"
        case "topic" | "concept":
            topic, _, concept = name.partition("/")
            if topic not in roadmap().topics or (concept and concept not in roadmap().topics[topic].concepts):
                return "not in the roadmap"
            return "" if any(topic in stage.topics for stage in stages) else "no stage of this plan has its topic"
        case "resource" | "milestone":
            where = roadmap().resources if sort == "resource" else roadmap().milestones
            if name not in where:
                return "not in the roadmap"
            named = {each for stage in stages for each in (*stage.resources, *stage.milestones)}
            return "" if name in named else "no stage of this plan names it"
        case _:
            return "" if carrier in ASKS_FOR_NOTHING else "no such sort of carrier"


def test_whatever_carries_a_line_exists_and_the_tracks_of_its_plan_lead_there() -> None:
    found = [
        f"{plan} line {lines.start}: {carrier}: {wrong}"
        for plan, lines, carriers in rows()
        for carrier in carriers
        if (wrong := fault(plan, carrier))
    ]
    assert found == []


def test_every_row_names_what_carries_its_lines_and_no_line_has_two_rows() -> None:
    seen: set[tuple[int, int]] = set()
    for plan, lines, carriers in rows():
        assert carriers
        assert len(carriers) == 1 or not set(carriers) & set(ASKS_FOR_NOTHING)
        assert not seen & {(plan, line) for line in lines}
        seen |= {(plan, line) for line in lines}


def test_every_stage_and_every_resource_and_milestone_carries_a_line() -> None:
    carried = {carrier for _, _, carriers in rows() for carrier in carriers}
    expected = {f"stage {track.id}/{stage.id}" for track in roadmap().tracks.values() for stage in track.stages}
    expected |= {f"resource {name}" for name in roadmap().resources}
    expected |= {f"milestone {name}" for name in roadmap().milestones}
    assert expected - carried == set()


needs_sources = pytest.mark.skipif(not SOURCES.is_dir(), reason="the plans themselves are not here")


@needs_sources
def test_no_line_of_the_plans_is_without_a_row() -> None:
    rowed = {(plan, line) for plan, lines, _ in rows() for line in lines}
    filled = {
        (plan, number)
        for plan, path in enumerate(sorted(SOURCES.iterdir()))
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1)
        if line.strip()
    }
    assert sorted(filled - rowed) == []


@needs_sources
def test_every_address_in_a_line_is_that_of_what_carries_it() -> None:
    paths = sorted(SOURCES.iterdir())
    addresses = {f"resource {each.id}": each.url for each in roadmap().resources.values()}
    addresses |= {f"milestone {each.id}": each.url for each in roadmap().milestones.values()}
    missing = []
    for plan, lines, carriers in rows():
        text = paths[plan].read_text("utf-8").split("\n")
        said = {
            address.rstrip("/")
            for line in lines
            for address in re.findall(r"https?://[^\s)\]|]+", text[line - 1])
            if not re.search(r"geps\.dev|link-url-here", address)
        }
        known = {addresses.get(carrier, "").rstrip("/") for carrier in carriers}
        missing += [f"{plan} line {lines.start}: {address}" for address in sorted(said - known)]
    assert missing == []


@needs_sources
def test_every_duration_that_a_plan_gives_is_that_of_its_resource() -> None:
    text = sorted(SOURCES.iterdir())[2].read_text("utf-8").split("\n")
    by_line = {line: carriers for plan, lines, carriers in rows() if plan == 2 for line in lines}
    for number, line in enumerate(text, 1):
        if "**Duration:**" in line:
            [resource] = by_line[number]
            said = re.findall(r"\d+|self", line.lower())
            assert re.findall(r"\d+|self", roadmap().resources[resource.split()[1]].duration) == said


@pytest.mark.skipif(not TOPICS.is_file(), reason="the list of topics is not here")
def test_the_roadmap_has_every_topic_of_the_list_with_its_needs_and_concepts_in_the_tracks_of_its_plans() -> None:
    for topic in yaml.safe_load(TOPICS.read_text("utf-8"))["topics"]:
        ours = roadmap().topics[topic["id"]]
        assert set(ours.needs) >= set(topic["needs"])
        assert ours.area == topic["area"]
        assert ours.concepts.keys() >= topic["concepts"].keys(), topic["id"]
        for plan in topic["from"]:
            assert any(topic["id"] in roadmap().tracks[track].topics for track in THEIR_TRACKS[plan]), topic["id"]


def test_the_bundled_roadmap_is_sound() -> None:
    assert [str(problem) for problem in read_roadmap(ROADMAP_FILE).problems] == []
    assert (len(roadmap().areas), len(roadmap().topics), len(roadmap().tracks)) == (13, 83, 7)


@pytest.mark.parametrize("track", [track for tracks in THEIR_TRACKS.values() for track in tracks])
def test_a_track_can_be_followed_from_its_first_stage_to_its_last(track: str) -> None:
    known: set[str] = set()
    for stage in roadmap().tracks[track].stages:
        for topic in stage.topics:
            assert set(roadmap().topics[topic].needs) <= known, topic
            known.add(topic)


def test_the_twenty_weeks_are_twenty_and_every_topic_is_on_some_track() -> None:
    plan = roadmap().tracks["twenty-week-plan"]
    assert plan.pacing is Pacing.CALENDAR
    assert [stage.weeks for stage in plan.stages] == [(week, week) for week in range(1, 21)]
    assert {topic for track in roadmap().tracks.values() for topic in track.topics} == roadmap().topics.keys()


def carried() -> Iterator[tuple[str, Note]]:
    """The notes of the bundled decks, each with its topic."""
    for deck in library().decks.values():
        for note in deck.notes:
            yield note.topic or deck.topic, note


def test_every_topic_has_cards_or_says_that_they_are_being_written() -> None:
    covered = {topic for topic, _ in carried()}
    assert [topic.id for topic in roadmap().topics.values() if topic.id not in covered and not topic.planned] == []
    assert [topic.id for topic in roadmap().topics.values() if topic.id in covered and topic.planned] == []


def test_every_topic_and_every_concept_that_a_deck_names_is_in_the_roadmap() -> None:
    assert {deck.topic for deck in library().decks.values()} <= roadmap().topics.keys()
    unknown = [
        f"{note.full_id}: {topic}/{concept}"
        for topic, note in carried()
        for concept in note.concepts
        if topic not in roadmap().topics or concept not in roadmap().topics[topic].concepts
    ]
    assert unknown == []


def test_every_concept_of_every_topic_is_carried_by_a_note() -> None:
    covered = {(topic, concept) for topic, note in carried() for concept in note.concepts}
    gaps = [
        f"{topic.id}/{concept}"
        for topic in roadmap().topics.values()
        if not topic.planned
        for concept in topic.concepts
        if (topic.id, concept) not in covered
    ]
    assert gaps == []
