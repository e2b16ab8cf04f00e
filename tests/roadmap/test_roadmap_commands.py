"""The commands of the roadmap: what they print, what scripts read of it, and what is said of mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from nlpcards.cli.main import code_of
from nlpcards.collection.home import Home
from nlpcards.collection.roadmap.printing import badge, markdown, share
from nlpcards.collection.roadmap.standing import standing
from nlpcards.core.journal import Review
from tests.support.learner import Learner
from tests.support.roadmaps import on_a_way, roadmap_file

NEEDS = {"a": [], "b": ["a"], "c": ["b"], "d": []}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Learner:
    made = on_a_way(tmp_path, NEEDS, ["a", "b"], ["c"])
    made.home.data.mkdir()
    monkeypatch.setenv("NLPCARDS_HOME", str(made.home.data))
    return made


@pytest.fixture
def run(learner: Learner, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> tuple[int, str, str]:
        code = code_of(["--decks", str(learner.decks), *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def as_json(run: Run, *words: str) -> Any:
    code, out, err = run(*words, "--json")
    assert code == 0, err
    return json.loads(out)


def test_a_track_is_listed_followed_told_of_and_left(run: Run) -> None:
    code, out, err = run("track", "list")
    assert (code, out.splitlines()[1].split()[:3]) == (0, ["way", "The", "way"])
    assert "You follow none." in err
    assert run("track", "use", "way") == (0, "", "You follow The way now: 2 stages. Today it brings 2 new cards.\n")
    (listed,) = as_json(run, "track", "list")
    assert (listed["id"], listed["followed"], listed["stage"], listed["stages"]) == ("way", True, "s1", ["s1", "s2"])
    assert run("track", "list")[1].splitlines()[1].startswith("*")
    assert "The way, stage 1 of 2: Stage 1." in run("today")[1].splitlines()
    assert as_json(run, "today")["track"] == {"id": "way", "stage": "s1"}
    assert as_json(run, "due")["new"] == 2
    code, _, err = run("track", "leave")
    assert (code, err) == (0, "You follow way no more. What you learned stays, and every deck is free.\n")
    assert as_json(run, "due")["new"] == 8
    assert as_json(run, "today")["track"] is None
    assert run("track", "leave")[0] == 3


def test_a_track_may_have_begun_before(run: Run) -> None:
    assert run("track", "use", "way", "--since", "2026-01-31")[0] == 0
    assert as_json(run, "roadmap")["since"] == "2026-01-31"
    code, _, err = run("track", "use", "way", "--since", "soon")
    assert (code, err) == (2, "soon is no date. Write it as 2026-12-24.\n")


def test_a_topic_is_opened_closed_and_left_to_the_rules(run: Run) -> None:
    run("track", "use", "way")
    assert run("track", "open", "c")[2] == "C is open: you opened it.\n"
    assert run("track", "close", "c")[2] == "C is closed: you shut it.\n"
    assert run("track", "close", "c", "--by-rules")[2] == "C is closed: it needs B (2 more cards).\n"
    code, _, err = run("track", "open", "cc")
    assert code == 2
    assert "there is no topic cc" in err
    assert run("track", "known", "--introduced", "0")[1].startswith("A topic is known once 0% of its cards")
    assert run("track", "close", "c", "--by-rules")[2] == "C is open: all that it needs is known.\n"


def test_the_roadmap_as_json_has_its_shape(run: Run, learner: Learner) -> None:
    with learner.open() as collection:
        for card in list(collection.library.cards())[:1]:
            collection.journal.append([Review(card.id, 4, 900, collection.now().day + 30, 0)], collection.now())
    found = as_json(run, "roadmap")
    assert found["tracks"][0]["id"] == "way"
    assert [(stage["id"], stage["topics"]) for stage in found["tracks"][0]["stages"]] == [
        ("s1", ["a", "b"]),
        ("s2", ["c"]),
    ]
    assert [topic["id"] for topic in found["topics"]] == ["a", "b", "c", "d"]
    first = found["topics"][0]
    assert {key: first[key] for key in ("notes", "cards", "introduced", "mature", "open")} == {
        "notes": 2,
        "cards": 2,
        "introduced": 0.5,
        "mature": 0.5,
        "open": True,
    }
    assert 0 < first["recall"] <= 1
    assert found["topics"][1]["recall"] is None
    assert [topic["id"] for topic in as_json(run, "roadmap", "way")["topics"]] == ["a", "b", "c"]
    only = as_json(run, "roadmap", "d")
    assert ([topic["id"] for topic in only["topics"]], only["tracks"]) == (["d"], [])


def test_the_path_shows_stages_topics_what_is_closed_and_what_was_done(run: Run) -> None:
    assert "nlpcards track use" in run("roadmap")[2]
    run("track", "use", "way")
    run("mark", "book", "doing", "--note", "chapter 2")
    lines = run("roadmap")[1].splitlines()
    assert lines[0] == "The way (way), the track you follow"
    assert lines[3] == "◉ 1. Stage 1  ░░░░░░░░░░   0 % introduced  ← you are here"
    assert lines[4] == "│    A  ░░░░░░░░░░   0 % introduced"
    assert lines[5] == "│    B  ░░░░░░░░░░   0 % introduced  closed: it needs A (2 more cards)"
    assert lines[6].startswith("│    [~] The book (resource book), since 2")
    assert lines[6].endswith(": chapter 2")
    assert lines[7] == "│    [ ] The project (milestone project)"
    topic = run("roadmap", "b")[1]
    for sentence in ("Closed: it needs A (2 more cards).", "2 notes, 2 cards: 0 % introduced", "Leads to: C."):
        assert sentence in topic
    code, _, err = run("roadmap", "wey")
    assert (code, err) == (2, "there is no track or topic wey. Did you mean way?\n")


def test_marks_are_told_and_mistakes_in_them(run: Run) -> None:
    code, out, err = run("mark", "project", "done", "--on", "2026-02-03", "--note", "it works")
    assert (code, out, err) == (0, "", "The project: done since 2026-02-03; it works\n")
    stage = as_json(run, "roadmap")["tracks"][0]["stages"][0]
    assert stage["milestones"] == [{"id": "project", "status": "done", "on": "2026-02-03", "note": "it works"}]
    assert stage["resources"] == [{"id": "book", "status": "todo"}]
    assert run("mark", "milestone:project", "todo", "--note", "")[0] == 0
    assert run("mark", "projects", "done")[2] == "there is no resource or milestone projects. Did you mean project?\n"
    assert run("mark", "project", "finished")[0] == 2


def test_progress_is_a_table_for_people_for_scripts_and_for_a_page(run: Run, tmp_path: Path) -> None:
    run("track", "use", "way")
    assert [line.split()[0] for line in run("progress")[1].splitlines() if line] == [
        *("The", "Stage", "Stage", "All"),
        *("Area", "All", "All"),
    ]
    assert [each["id"] for each in as_json(run, "progress")["stages"]] == ["s1", "s2"]
    table = run("progress", "--markdown")[1].splitlines()
    assert table[0] == "| The way | cards | introduced | recall | mature |"
    assert table[2] == "| Stage 1 | 4 | 0 % | – | 0 % |"
    assert table[4] == "| All | 6 | 0 % | – | 0 % |"
    file = tmp_path / "badge.svg"
    code, out, err = run("progress", "--badge", str(file))
    assert (code, out) == (0, "")
    assert str(file) in err
    drawn = ElementTree.parse(file).getroot()
    assert drawn.attrib["aria-label"] == "The way: 0 %"
    assert run("progress", "--badge", "-")[1] == file.read_text("utf-8")
    assert "http" not in file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    code, _, err = run("progress", "--badge", str(tmp_path / "nowhere" / "badge.svg"))
    assert code == 1
    assert "the badge" in err


def test_a_title_with_markup_stays_a_title_on_a_page(learner: Learner) -> None:
    text = roadmap_file(NEEDS, ["a"]).replace("title: The way", "title: '<b>A | B</b> & [x](y) \"z\"'")
    learner.write("roadmap", text)
    with learner.open() as collection:
        from nlpcards.collection.roadmap.changing import use_track

        use_track(collection, "way")
        found = standing(collection)
    head = markdown(found).splitlines()[0]
    assert head.startswith(r"| \<b>A \| B\</b> & \[x\](y)")
    drawn = ElementTree.fromstring(badge(found))
    assert drawn.attrib["aria-label"].startswith('<b>A | B</b> & [x](y) "z": ')
    assert len(drawn.findall("{http://www.w3.org/2000/svg}g")) == 2


def test_without_a_roadmap_progress_is_by_deck_and_tracks_are_missed_plainly(run: Run, learner: Learner) -> None:
    (learner.decks / "roadmap.yaml").unlink()
    assert "There is no track." in run("track", "list")[2]
    code, _, err = run("track", "use", "way")
    assert code == 2
    assert err.startswith("there is no track. A roadmap.yaml")
    found = as_json(run, "roadmap")
    assert found["tracks"] == []
    assert [topic["id"] for topic in found["topics"]] == ["a", "b", "c", "d"]
    assert run("roadmap")[1].count("introduced") == 4
    assert run("progress")[1].splitlines()[1].split()[:2] == ["Other", "decks"]


def test_nothing_is_written_where_one_only_looks(run: Run, learner: Learner) -> None:
    for words in (["track", "list"], ["roadmap"], ["roadmap", "a"], ["progress"], ["track", "known"]):
        assert run(*words)[0] == 0
    home = Home(learner.home.data, learner.home.data, learner.home.cache)
    with learner.open() as collection:
        assert collection.home == home
        assert list(collection.journal.events()) == []


def test_shares_are_rounded_but_never_to_all_or_nothing() -> None:
    shown = [share(each) for each in (None, 0.0, 0.001, 0.504, 0.996, 1.0)]
    assert shown == ["–", "0 %", "1 %", "50 %", "99 %", "100 %"]
