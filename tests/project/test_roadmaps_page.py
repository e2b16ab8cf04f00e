"""The page about roadmaps shows the tracks as they are, an example that works, and every key that there is."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from nlpcards.core.roadmap.values import MILESTONE_KINDS, RESOURCE_KINDS, Pacing, Roadmap
from nlpcards.decks.roadmaps import read_roadmap, read_roadmap_text
from nlpcards.decks.roadmaps.keys import NOUNS, SECTIONS
from tests.support.bundled import ROADMAP_FILE

DOCS = ROADMAP_FILE.parents[1] / "docs"
PAGE = (DOCS / "roadmaps.md").read_text("utf-8")


@pytest.fixture(scope="module")
def bundled() -> Roadmap:
    return read_roadmap(ROADMAP_FILE).roadmap


def test_the_example_adds_to_the_bundled_roadmap_without_a_problem(bundled: Roadmap) -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    read = read_roadmap_text(example, base=bundled)
    assert [str(problem) for problem in read.problems] == []
    assert [*read.roadmap.tracks][-1] == "speech-in-a-month"
    said = read.roadmap.tracks["speech-in-a-month"]
    assert said.pacing is Pacing.CALENDAR
    assert [stage.weeks for stage in said.stages] == [(1, 1), (2, 4)]
    for section, keys in SECTIONS.items():
        assert all(re.search(rf"\b{key}:", example) for key in keys), section


def test_the_table_of_tracks_is_the_roadmap_s(bundled: Roadmap) -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|[^|]*\| (\d+) \| (\d+) \|", PAGE, re.MULTILINE)
    expected = [(track.id, str(len(track.stages)), str(len(track.topics))) for track in bundled.tracks.values()]
    assert rows == expected
    assert f"{len(bundled.areas)} areas, {len(bundled.topics)} topics and seven tracks" in PAGE


def test_every_key_and_every_kind_is_on_the_page() -> None:
    table = PAGE.partition("### What stands where")[2]
    names = {key for keys in SECTIONS.values() for key in keys} | {*RESOURCE_KINDS, *MILESTONE_KINDS, *Pacing}
    assert sorted(name for name in names if f"`{name}`" not in table) == []
    assert all(f"| {noun} |" in table for noun in NOUNS.values())


def test_the_pictures_are_those_of_the_tracks_as_they_are(bundled: Roadmap) -> None:
    pictures = runpy.run_path(str(DOCS / "make_tracks.py"))["pictures"](bundled)
    there = {path.name: path.read_text("utf-8") for path in (DOCS / "tracks").iterdir()}
    assert there == pictures, "run `python docs/make_tracks.py`"
    assert set(re.findall(r"\]\(tracks/([\w-]+\.svg)\)", PAGE)) == there.keys()


def test_a_picture_names_every_stage_and_every_topic_and_nothing_reaches_over_its_edge(bundled: Roadmap) -> None:
    for name, text in runpy.run_path(str(DOCS / "make_tracks.py"))["pictures"](bundled).items():
        track = bundled.tracks[Path(name).stem]
        shown = re.findall(r'class="(?:stage|topic)"[^>]*>([^<]*)<', text)
        for stage in track.stages:
            assert stage.title in shown
            assert {bundled.topics[topic].title for topic in stage.topics} <= set(shown)
        assert all(int(x) + int(width) <= 860 for x, width in re.findall(r'x="(\d+)" y="\d+" width="(\d+)"', text))
