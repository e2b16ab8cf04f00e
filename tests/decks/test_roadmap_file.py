"""A roadmap file is read whole, with every mistake in it, and what is sound in it can be used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlpcards.core.roadmap.values import (
    MILESTONE_KINDS,
    RESOURCE_KINDS,
    Area,
    Milestone,
    Pacing,
    Resource,
    Roadmap,
    Stage,
    Topic,
    Track,
)
from nlpcards.decks.codes import CODES
from nlpcards.decks.roadmaps import ReadRoadmap, read_roadmap, read_roadmap_text

AREA = "areas:\n  - {id: a, title: A}\n"
TOPICS = f"{AREA}topics:\n  - id: x\n    title: X\n    area: a\n  - id: y\n    title: Y\n    area: a\n    needs: [x]\n"
TRACK = "tracks:\n  - id: t\n    title: T\n    about: It leads on.\n"
STAGE = "      - id: s\n        title: S\n        topics: [x, y]\n"
WHOLE = f"title: Whole\n{TOPICS}{TRACK}    stages:\n{STAGE}"
CALENDAR = f"{TOPICS}{TRACK}    pacing: calendar\n    stages:\n"


def week(name: str, weeks: str) -> str:
    return f"      - id: {name}\n        title: S\n        topics: [x]\n        weeks: {weeks}\n"


def found(text: str) -> list[tuple[int, int, str]]:
    return [(problem.line, problem.column, problem.code) for problem in read_roadmap_text(text).problems]


def test_a_sound_roadmap_is_read_as_it_was_written() -> None:
    read = read_roadmap_text(
        "title: All of it\n"
        "areas:\n"
        "  - {id: a, title: Area}\n"
        "topics:\n"
        "  - id: x\n"
        "    title: X  # with a comment\n"
        "    area: a\n"
        "    concepts:\n"
        "      one: the first\n"
        "      two: 'the second: later'\n"
        "  - id: y\n"
        "    title: Y\n"
        "    area: a\n"
        "    needs: x\n"
        "    planned: true\n"
        "resources:\n"
        "  - id: book\n"
        "    title: A book\n"
        "    kind: book\n"
        "    platform: A printer\n"
        "    duration: 3 weeks\n"
        "    url: https://example.org/book\n"
        "milestones:\n"
        "  - {id: demo, title: A demo, kind: project, url: 'https://example.org'}\n"
        "tracks:\n"
        "  - id: t\n"
        "    title: T\n"
        "    about: Where it leads.\n"
        "    origin: Somebody\n"
        "    pacing: calendar\n"
        "    stages:\n"
        "      - id: s\n"
        "        title: S\n"
        "        weeks: 1-2\n"
        "        topics: [x, y]\n"
        "        resources: [book]\n"
        "        milestones: [demo]\n"
        "        note: Take your time.\n"
        "      - id: u\n"
        "        title: U\n"
        "        weeks: 3\n"
        "        topics: [y]\n".replace("X  # with a comment", "X")
    )
    assert [str(problem) for problem in read.problems] == []
    assert read.roadmap == Roadmap(
        "All of it",
        {"a": Area("a", "Area")},
        {
            "x": Topic("x", "X", "a", (), {"one": "the first", "two": "the second: later"}),
            "y": Topic("y", "Y", "a", ("x",), {}, planned=True),
        },
        {
            "t": Track(
                "t",
                "T",
                "Where it leads.",
                (
                    Stage("s", "S", ("x", "y"), (1, 2), ("book",), ("demo",), "Take your time."),
                    Stage("u", "U", ("y",), (3, 3)),
                ),
                Pacing.CALENDAR,
                "Somebody",
            )
        },
        {"book": Resource("book", "A book", "book", "A printer", "3 weeks", "https://example.org/book")},
        {"demo": Milestone("demo", "A demo", "project", "https://example.org")},
    )


MISTAKES: dict[str, tuple[str, list[tuple[int, int, str]]]] = {
    "empty": ("", [(1, 1, "R001")]),
    "only a comment": ("# later\n", [(1, 1, "R001")]),
    "a list": ("- x\n", [(1, 1, "R001")]),
    "a text": ("hello\n", [(1, 1, "R001")]),
    "a deck": ("deck: d\ntitle: D\nnotes:\n  - {q: x, a: y}\n", [(1, 1, "R001")]),
    "an unknown key at the top": (f"{AREA}topcs: []\n", [(3, 1, "R002")]),
    "an unknown key of a topic": (f"{TOPICS}    neds: [x]\n", [(11, 5, "R002")]),
    "an unknown key of a stage": (f"{WHOLE}        wks: 1\n", [(20, 9, "R002")]),
    "areas that are a text": ("areas: maths\n", [(1, 8, "R003")]),
    "areas that are a mapping": ("areas:\n  a: A\n", [(2, 3, "R003")]),
    "an area that is a text": ("areas:\n  - maths\n", [(2, 5, "R003")]),
    "concepts that are a list": (f"{TOPICS}    concepts: [one]\n", [(11, 15, "R003")]),
    "an area without a title": ("areas:\n  - id: a\n", [(2, 5, "R004")]),
    "a topic without an area": ("topics:\n  - id: x\n    title: X\n", [(2, 5, "R004")]),
    "an empty title": ("areas:\n  - id: a\n    title:\n", [(3, 11, "D406")]),
    "an id that is none": ("areas:\n  - {id: My Area, title: A}\n", [(2, 10, "D304")]),
    "a concept that is no slug": (f"{TOPICS}    concepts:\n      Forget Gate: gate\n", [(12, 7, "D304")]),
    "two topics of one id": (
        f"{AREA}{TOPICS.removeprefix(AREA)}  - id: x\n    title: Z\n    area: a\n",
        [(11, 9, "R005")],
    ),
    "two stages of one id": (f"{WHOLE}{STAGE}", [(20, 13, "R005")]),
    "an unknown area": (TOPICS.replace("area: a\n    needs", "area: b\n    needs"), [(9, 11, "R006")]),
    "an unknown need": (TOPICS.replace("[x]", "[z]"), [(10, 13, "R006")]),
    "an unknown topic of a stage": (WHOLE.replace("[x, y]", "[x, z]"), [(19, 21, "R006")]),
    "an unknown resource": (f"{WHOLE}        resources: [r]\n", [(20, 21, "R006")]),
    "an unknown milestone": (f"{WHOLE}        milestones: m\n", [(20, 21, "R006")]),
    "a kind that is none": (
        f"{WHOLE}        resources: [r]\nresources:\n  - {{id: r, title: R, kind: cours}}\n",
        [(22, 29, "R007")],
    ),
    "a pacing that is none": (WHOLE.replace("    stages", "    pacing: weekly\n    stages"), [(16, 13, "R007")]),
    "planned, but how": (f"{TOPICS}    planned: soon\n", [(11, 14, "D407")]),
    "an address without its beginning": (
        f"{WHOLE}        resources: [r]\nresources:\n  - {{id: r, title: R, kind: book, url: arxiv.org}}\n",
        [(22, 40, "D307")],
    ),
    "a circle": (TOPICS.replace("area: a\n  - id: y", "area: a\n    needs: [y]\n  - id: y"), [(11, 13, "R008")]),
    "a topic that needs itself": (TOPICS.replace("[x]", "[x, y]"), [(10, 16, "R008")]),
    "weeks in words": (CALENDAR + week("s", "two"), [(20, 16, "R009")]),
    "weeks as a list": (CALENDAR + week("s", "[1, 2]"), [(20, 16, "R009")]),
    "week nought": (CALENDAR + week("s", "0"), [(20, 16, "R009")]),
    "weeks that run backwards": (CALENDAR + week("s", "4-2"), [(20, 16, "R009")]),
    "weeks that overlap": (CALENDAR + week("s", "1-2") + week("u", "2-3"), [(24, 16, "R010")]),
    "stages in another order than their weeks": (CALENDAR + week("s", "2") + week("u", "1"), [(24, 16, "R010")]),
    "a calendar without weeks": (f"{CALENDAR}{STAGE}", [(17, 9, "R011")]),
    "no stages": (f"{TOPICS}{TRACK}", [(12, 5, "R012")]),
    "an empty list of stages": (f"{TOPICS}{TRACK}    stages: []\n", [(15, 13, "R012")]),
    "a topic before what it needs": (WHOLE.replace("[x, y]", "[y, x]"), [(19, 18, "R020")]),
    "a topic whose need the track lacks": (WHOLE.replace("[x, y]", "[y]"), [(19, 18, "R020")]),
    "a milestone that no stage names": (
        f"{WHOLE}milestones:\n  - {{id: m, title: M, kind: career}}\n",
        [(21, 10, "R021")],
    ),
    "weeks outside a calendar": (f"{WHOLE}        weeks: 1\n", [(20, 16, "R022")]),
    "an empty stage": (f"{WHOLE}      - {{id: u, title: U}}\n", [(20, 9, "R023")]),
    "a topic twice in a stage": (WHOLE.replace("[x, y]", "[x, y, x]"), [(19, 24, "R024")]),
    "a colon in a title": (TOPICS.replace("title: Y", "title: Y: why"), [(8, 13, "D101")]),
    "an unclosed quote": (TOPICS.replace("title: Y", "title: 'Y"), [(8, 12, "D107")]),
    "a comma in braces": ("areas:\n  - {id: a, title: Sequences, attention}\n", [(2, 31, "D209")]),
    "an anchor": ("areas:\n  - &one {id: a, title: A}\n", [(2, 5, "D203")]),
    "a text cut by a comment": ("areas:\n  - id: a\n    title: C #\n", [(3, 14, "D206")]),
    "one key twice": ("areas:\n  - id: a\n    id: b\n    title: A\n", [(3, 5, "D201")]),
    "two documents": (f"{AREA}---\n{AREA}", [(3, 1, "D113"), (4, 1, "D201")]),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_of_at_its_place_and_nothing_else_is(name: str) -> None:
    text, expected = MISTAKES[name]
    assert found(text) == expected


def test_every_code_of_roadmap_files_has_a_mistake_in_the_table() -> None:
    told = {code for _, expected in MISTAKES.values() for _, _, code in expected}
    assert {code for code, each in CODES.items() if each.of_roadmap} <= told


def test_a_misspelt_name_is_told_with_the_one_that_was_meant() -> None:
    [problem] = read_roadmap_text(TOPICS.replace("id: x", "id: perceptron").replace("[x]", "[percptron]")).problems
    assert problem.message == "there is no topic `percptron`"
    assert problem.hint == "Did you mean `perceptron`?"


def test_all_mistakes_of_a_file_are_told_at_once_and_what_is_sound_stays() -> None:
    text = (
        f"{TOPICS}  - id: z\n    title: Z: again\n    area: a\n"
        f"{TRACK}    stages:\n{STAGE}"
        "      - id: torn\n        title: 'torn\n"
        "      - id: last\n        title: Last\n        topics: [x, q]\n"
        "  - id: other\n    title: Other\n    about: Another.\n    stages:\n"
        "      - {id: only, title: Only, topics: [y]}\n"
    )
    read = read_roadmap_text(text)
    assert [(problem.line, problem.code) for problem in read.problems if problem.is_error] == [
        (12, "D101"),
        (23, "D107"),
        (26, "R006"),
    ]
    assert list(read.roadmap.topics) == ["x", "y"]
    assert [stage.id for stage in read.roadmap.tracks["t"].stages] == ["s", "last"]
    assert read.roadmap.tracks["t"].stages[1].topics == ("x",)
    assert list(read.roadmap.tracks) == ["t", "other"]


def test_what_an_entry_with_a_mistake_is_called_is_known_so_that_its_neighbours_are_not_wrong_too() -> None:
    assert found(WHOLE.replace("title: Y\n", "title: Y\n    concpts: {}\n").replace("area: a\n    needs", "needs")) == [
        (8, 5, "R004"),
        (10, 5, "R002"),
    ]


@pytest.mark.parametrize("torn", ["title: 'X", "title: X: why", "\ttitle: X", "concepts: {a: [", "title: @x"])
def test_a_torn_entry_is_known_by_its_id_so_that_what_names_it_is_not_wrong_too(torn: str) -> None:
    read = read_roadmap_text(WHOLE.replace("title: X", torn, 1))
    assert [problem.line for problem in read.problems] == [6]
    assert [*read.roadmap.topics] == ["y"]
    assert read.roadmap.tracks["t"].topics == ("y",)


@pytest.mark.parametrize(
    ("sound", "wrong", "expected"),
    [
        ("topics:\n", "topics\n", [(4, 7, "D109")]),
        ("topics:\n", " topics:\n", [(4, 2, "D105")]),
        ("  - id: x\n", "  -id: x\n", [(5, 3, "D109")]),
        ("  - id: x\n", "  id: x\n", [(5, 3, "D106")]),
        ("areas:\n  - {id: a, title: A}\n", "areas: {a: A}\n", [(2, 8, "R003")]),
        ("areas:\n  - {id: a, title: A}\n", "areas: {a: [}\n", [(2, 13, "D102")]),
        ("needs: [x]", "needs: x, y", [(11, 12, "D304")]),
    ],
)
def test_a_slip_in_the_layout_is_told_of_once(sound: str, wrong: str, expected: list[tuple[int, int, str]]) -> None:
    assert sound in WHOLE
    assert found(WHOLE.replace(sound, wrong, 1)) == expected


def test_the_words_are_of_roadmaps_and_what_is_quoted_stays() -> None:
    [problem] = read_roadmap_text("areas:\n  - {id: a, title: !note x}\n").problems
    assert "`!note x}`" in problem.message
    assert problem.hint.endswith("tags have no meaning in a roadmap.")


def test_a_second_file_adds_to_the_first_and_takes_the_place_of_what_has_the_same_id() -> None:
    base = read_roadmap_text(WHOLE).roadmap
    own = read_roadmap_text(
        "topics:\n  - {id: y, title: Mine, area: a}\n  - {id: z, title: Z, area: a, needs: [y]}\n"
        "tracks:\n  - id: mine\n    title: Mine\n    about: My own.\n    stages:\n"
        "      - {id: one, title: One, topics: [x, y, z]}\n",
        base=base,
    )
    assert own.problems == ()
    assert list(own.roadmap.topics) == ["x", "y", "z"]
    assert own.roadmap.topics["y"] == Topic("y", "Mine", "a")
    assert list(own.roadmap.tracks) == ["t", "mine"]
    assert own.roadmap.title == "Whole"
    assert own.own["topics"] == {"y", "z"}
    assert list(base.topics) == ["x", "y"]


def test_a_circle_through_another_file_is_told_of_in_the_file_that_closes_it() -> None:
    base = read_roadmap_text(WHOLE).roadmap
    read = read_roadmap_text("topics:\n  - {id: x, title: X, area: a, needs: [y]}\n", base=base)
    assert [(problem.line, problem.code) for problem in read.problems] == [(2, "R008")]
    assert not set(walk_needs(read.roadmap, "x")) & {"x"}


def walk_needs(roadmap: Roadmap, topic: str) -> Iterator[str]:
    for need in roadmap.topics[topic].needs:
        yield need
        yield from walk_needs(roadmap, need)


def test_a_file_that_cannot_be_read_adds_nothing_and_says_why(tmp_path: Path) -> None:
    base = read_roadmap_text(WHOLE).roadmap
    for path in (tmp_path / "none.yaml", tmp_path):
        read = read_roadmap(path, base)
        assert read.roadmap == base
        assert [problem.is_error for problem in read.problems] == [True]
        assert "deck" not in read.problems[0].message + read.problems[0].hint


LETTERS = st.text("abcdeé'\"#:&*!-{}[],|>% 0123456789$\\", min_size=1, max_size=12)
TITLES = LETTERS.map(str.strip).filter(lambda text: text and text[0] not in "“„‘«»")
SLUGS = st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,6}[a-z0-9]", fullmatch=True), unique=True, min_size=1, max_size=4)


@st.composite
def roadmaps(draw: st.DrawFn) -> Roadmap:
    """A roadmap in which everything exists that is named and each topic needs earlier ones only."""
    areas = {each: Area(each, draw(TITLES)) for each in draw(SLUGS)}
    topics: dict[str, Topic] = {}
    for each in draw(SLUGS):
        needs = draw(st.lists(st.sampled_from([*topics]), unique=True)) if topics else []
        concepts = {slug: draw(TITLES) for slug in draw(SLUGS)} if draw(st.booleans()) else {}
        area = draw(st.sampled_from([*areas]))
        topics[each] = Topic(each, draw(TITLES), area, tuple(needs), concepts, draw(st.booleans()))
    resources = {
        each: Resource(each, draw(TITLES), draw(st.sampled_from(RESOURCE_KINDS)), url="https://example.org/x")
        for each in draw(SLUGS)
    }
    milestones = {each: Milestone(each, draw(TITLES), draw(st.sampled_from(MILESTONE_KINDS))) for each in draw(SLUGS)}
    tracks: dict[str, Track] = {}
    for each in draw(SLUGS):
        pacing = draw(st.sampled_from(Pacing))
        stages, week = [], 1
        for stage in draw(SLUGS):
            last = week + draw(st.integers(0, 3))
            weeks = (week, last) if pacing is Pacing.CALENDAR else None
            stages.append(
                Stage(stage, draw(TITLES), tuple(topics), weeks, tuple(resources), tuple(milestones), draw(TITLES))
            )
            week = last + 1
        tracks[each] = Track(each, draw(TITLES), draw(TITLES), tuple(stages), pacing, draw(TITLES))
    return Roadmap(draw(TITLES), areas, topics, tracks, resources, milestones)


def written(roadmap: Roadmap) -> str:
    """A roadmap as YAML, by PyYAML's own writer, every text in single quotes."""

    def said(entry: object) -> dict[str, object]:
        found: dict[str, object] = {}
        for key in entry.__dataclass_fields__:  # type: ignore[attr-defined]
            value = getattr(entry, key)
            if key == "weeks":
                value = f"{value[0]}-{value[1]}" if value else None
            elif key == "stages":
                value = [said(stage) for stage in value]
            elif isinstance(value, tuple):
                value = list(value)
            if value not in ("", None, [], {}, False):
                found[key] = str(value) if isinstance(value, Pacing) else value
        return found

    whole: dict[str, object] = {"title": roadmap.title}
    for section in ("areas", "topics", "resources", "milestones", "tracks"):
        whole[section] = [said(entry) for entry in getattr(roadmap, section).values()]
    text = yaml.dump(whole, Dumper=yaml.SafeDumper, sort_keys=False, allow_unicode=True, width=10**6, default_style="'")
    return re.sub(r"'(true)'|!!bool '(true)'", "true", text)


@settings(max_examples=40)
@given(roadmaps())
def test_a_roadmap_that_is_written_down_is_read_as_it_was(roadmap: Roadmap) -> None:
    read = read_roadmap_text(written(roadmap))
    assert [str(problem) for problem in read.problems] == []
    assert read.roadmap == roadmap


MARKS = ["\n", "\n  ", "- ", "  - ", ": ", " #", "'", '"', "{", "}", "[", "]", ",", "|", "&x", "*x", "!x", "? ", "<<: "]
OTHERS = [
    "---\n",
    "...\n",
    "\ufeff",
    "\0",
    "\u2028",
    "\udce9",
    "\t",
    "topics:",
    "stages:\n",
    "needs: [x]",
    "weeks: 3-1",
]
PARTS = st.sampled_from([*MARKS, *OTHERS])
CUTS = st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 12), PARTS | st.just("")), min_size=1, max_size=5)


@settings(max_examples=300)
@given(CUTS)
@example([(0, 0, "topics: [\n")])
@example([(60, 3, "- stages:\n")])
@example([(len(WHOLE), 0, "tracks:\n  - 'x\n    stages:\n    - y\n")])
def test_whatever_becomes_of_a_file_it_is_told_of_and_what_is_read_holds_together(
    cuts: list[tuple[int, int, str]],
) -> None:
    text = WHOLE
    for at, length, part in cuts:
        text = text[:at] + part + text[at + length :]
    read = read_roadmap_text(text)
    is_told_of_truly(read, text)
    holds_together(read.roadmap)
    if not read.has_errors:
        nothing_vanished(read.roadmap, yaml.load(text, yaml.CBaseLoader))


@settings(max_examples=100)
@given(st.text())
def test_no_text_makes_the_reader_raise(text: str) -> None:
    read = read_roadmap_text(text)
    is_told_of_truly(read, text)
    assert read.roadmap == Roadmap() or read.roadmap.title


def is_told_of_truly(read: ReadRoadmap, text: str) -> None:
    lines = re.sub("\r\n?", "\n", text.removeprefix("\ufeff")).split("\n")
    for problem in read.problems:
        assert problem.code in CODES
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert not problem.message.endswith(".")
        assert problem.hint.endswith((".", "?"))


def nothing_vanished(roadmap: Roadmap, document: dict[str, list[dict[str, Any]] | None]) -> None:
    """Each entry that another reader finds is there."""
    for section in ("areas", "topics", "resources", "milestones", "tracks"):
        assert [str(entry["id"]) for entry in document.get(section) or ()] == [*getattr(roadmap, section)]
    for track in document.get("tracks") or ():
        stages = roadmap.tracks[str(track["id"])].stages
        assert [str(stage["id"]) for stage in track["stages"]] == [stage.id for stage in stages]


def holds_together(roadmap: Roadmap) -> None:
    """Nothing names what is not there, and no topic needs itself by any way."""
    for topic in roadmap.topics.values():
        assert topic.area in roadmap.areas
        assert set(topic.needs) <= roadmap.topics.keys()
        assert topic.id not in walk_needs(roadmap, topic.id)
    for track in roadmap.tracks.values():
        assert track.stages
        for stage in track.stages:
            assert set(stage.topics) <= roadmap.topics.keys()
            assert set(stage.resources) <= roadmap.resources.keys()
            assert set(stage.milestones) <= roadmap.milestones.keys()


HOSTILE: dict[str, tuple[str, str]] = {
    "brackets": (f"{AREA}topics:\n- id: {'[' * 500_000}", "D112"),
    "an entry too many": (f"{AREA}topics:\n" + "- {id: t, title: T, area: a}\n" * 30_001, "D009"),
    "lines": ("\n" * 400_001, "D009"),
    "circles": (
        f"{AREA}topics:\n"
        + "".join(f"- {{id: t{at}, title: T, area: a, needs: [t0, t{at + 1}]}}\n" for at in range(4_000)),
        "R008",
    ),
    "names that do not exist": (
        f"{AREA}topics:\n" + "".join(f"- {{id: t{at}, title: T, area: b{at}}}\n" for at in range(2_000)),
        "D008",
    ),
    "stages torn": (f"{TRACK}    stages:\n" + "      - id: 'x\n" * 3_000, "D008"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_means_harm_is_known_as_such(name: str) -> None:
    text, code = HOSTILE[name]
    read = read_roadmap_text(text)
    assert code in {problem.code for problem in read.problems}
    assert len(read.problems) <= 2_002
    for topic in list(read.roadmap.topics.values())[:50]:
        assert topic.id not in topic.needs


def test_what_is_left_of_circles_can_be_followed() -> None:
    topics = "".join(f"- {{id: t{at}, title: T, area: a, needs: [t{(at + 1) % 60}, t{at // 2}]}}\n" for at in range(60))
    read = read_roadmap_text(f"{AREA}topics:\n{topics}")
    left = {topic.id: set(topic.needs) for topic in read.roadmap.topics.values()}
    while left:
        free = {name for name, needs in left.items() if not needs & left.keys()}
        assert free
        left = {name: needs for name, needs in left.items() if name not in free}


def test_replacing_a_field_of_a_topic_is_all_that_reading_it_again_changes() -> None:
    one, other = (read_roadmap_text(text).roadmap for text in (WHOLE, WHOLE.replace("title: Y", "title: Yes")))
    assert other == replace(one, topics={**one.topics, "y": replace(one.topics["y"], title="Yes")})
