"""`plan`, `track plan`, `placement` and `week` on the command line: for people at 80 columns, and for scripts."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from nlpcards.cli.main import code_of
from tests.support.calendars import TRACK, by_the_week
from tests.support.learner import Learner
from tests.support.program import Program

WEEKS = (("a", "b"), ("c",), ("d",))


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Learner:
    made = by_the_week(tmp_path, WEEKS, notes=3)
    made.home.data.mkdir()
    monkeypatch.setenv("NLPCARDS_HOME", str(made.home.data))
    return made


@pytest.fixture
def run(learner: Learner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(*words: str, typed: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        code = code_of(["--decks", str(learner.decks), *words])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return call


def as_json(run: Run, *words: str) -> Any:
    done = run(*words, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_a_plan_is_printed_at_eighty_columns_and_as_json(run: Run) -> None:
    assert run("track", "use", TRACK).code == 0
    done = run("track", "plan")
    assert done.code == 0, done.err
    assert "By the week: 12 new cards left." in done.out
    assert "week" in done.out
    assert "A, B" in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines())
    found = as_json(run, "plan")
    assert (found["for"], found["id"], found["cards_left"], found["holds"]) == ("track", TRACK, 12, True)
    assert sum(row["new"] for row in found["weeks"]) == 12
    assert [row["topics"] for row in found["weeks"]] == [["a", "b"], ["c"], ["d"]]
    assert as_json(run, "track", "plan") == found


def test_a_plan_by_a_day_with_minutes_that_do_not_hold_says_what_would_help(run: Run) -> None:
    done = run("plan", "d", "--by", "2099-01-01")
    assert done.code == 2
    assert "no plan can end on 2099-01-01" in done.err
    found = as_json(run, "plan", TRACK, "--minutes", "0.2")
    assert not found["holds"]
    assert found["ways_out"]["minutes_more"] > 0


def test_a_plan_without_a_track_and_one_of_nothing_are_said_in_a_sentence(run: Run) -> None:
    assert run("plan").out.startswith("all decks: 12 new cards left.")
    done = run("track", "plan")
    assert (done.code, done.out) == (3, "")
    assert "you follow no track" in done.err
    assert "Did you mean" in run("plan", "by-the-weak").err


def test_a_placement_stores_each_answer_and_goes_on_later(run: Run, learner: Learner) -> None:
    # Reveal and know it; reveal, but first a slip; take that one back; leave.
    done = run("placement", typed="\ny\n3\n\nwhat\nn\n:u\n?\n:q\n")
    assert done.code == 0, done.err
    assert "Question 1 of at most 30. Topic: " in done.out
    assert "The answer is still hidden" in done.out
    assert "The last answer is taken back." in done.out
    assert "goes on from here" in done.out
    standing = as_json(run, "placement")
    assert (standing["questions"], standing["over"]) == (1, False)
    with learner.open() as collection:
        assert len(collection.journal.answered_cards()) == 1
    done = run("placement", typed="\ne\n" * 30)
    assert "Question 2 of at most 30" in done.out
    assert "Question 1 of" not in done.out
    assert "You know 4 topics: A, B, C, D." in done.out
    assert done.err == ""


def test_a_placement_in_a_pipe_that_ends_keeps_what_was_answered(run: Run, learner: Learner) -> None:
    done = Program(learner.home.data, learner.decks).run("placement", typed="\ny\n\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Question 2 of at most 30" in done.stdout
    assert as_json(run, "placement")["questions"] == 1


def test_a_placement_ends_when_its_minutes_are_over(run: Run) -> None:
    done = run("placement", "--minutes", "0.0000001", typed="\ny\n" * 30)
    assert "The time is over." in done.out
    assert as_json(run, "placement")["questions"] < 2
    assert run("placement", "--minutes", "0").code == 2


def test_the_week_is_told_in_sentences_and_as_json(run: Run) -> None:
    run("placement", typed="\ny\n")
    done = run("week")
    assert done.code == 0, done.err
    assert "1 card introduced, 1 answer on 1 day" in done.out
    found = as_json(run, "week")
    assert (found["introduced"], found["answers"], found["recalled"]) == (1, 1, 1.0)
    assert found["milestone"] is None


def test_a_first_look_at_a_topic_found_known_asks_whether_the_card_is_known(run: Run) -> None:
    run("placement", typed="\ny\n" * 30)
    done = run("review", "--plain", typed="q\n")
    assert "Do you know this already?" in done.out
    assert "Do you know this already?" not in run("review", "--plain", "is:review", typed="q\n").out
