"""`stats` on the command line: tables, JSON, a page, some decks, a period."""

from __future__ import annotations

import json
import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nlpcards.collection.home import Home
from tests.support.program import Program, deck_of
from tests.support.screens import Learner


@pytest.fixture
def learned(program: Program) -> Program:
    """A week of two decks, up to today."""
    (program.decks / "other.yaml").write_text(deck_of(12, "other"), "utf-8")
    home = Home(program.home, program.home, program.home / "cache")
    learner = Learner(home, program.decks, at=datetime.now(UTC) - timedelta(days=7))
    learner.configure("[limits]\nnew = 8\n")
    learner.study(7)
    return program


def test_json_has_every_answer_of_the_journal(learned: Program) -> None:
    found = learned.json("stats")
    assert found["total"]["answers"] > 50
    for key in ("by_day", "by_week", "by_month", "by_deck", "by_topic"):
        assert sum(each["answers"] for each in found[key]) == found["total"]["answers"], key
    assert sum(found["heat_map"]["answers"]) == sum(hour["answers"] for hour in found["hours"])
    assert found["introduced"] == 42
    assert sum(found["cards"].values()) == 42
    assert [row["deck"] for row in found["by_deck"]] == ["made", "other"]
    everything = found["true_retention"]["all_time"]
    assert everything["share"] == (everything["young_passed"] + everything["mature_passed"]) / sum(
        everything[f"{sort}_{how}"] for sort in ("young", "mature") for how in ("passed", "failed")
    )


def test_a_deck_alone_has_its_own_answers(learned: Program) -> None:
    whole = {row["deck"]: row["answers"] for row in learned.json("stats")["by_deck"]}
    other = learned.json("stats", "other")
    assert other["decks"] == ["other"]
    assert other["total"]["answers"] == whole["other"] < sum(whole.values())
    assert [row["deck"] for row in other["by_deck"]] == ["other"]
    assert other["introduced"] == 12


def test_a_period_has_the_answers_of_its_days(learned: Program) -> None:
    days = learned.json("stats")["by_day"]
    short = learned.json("stats", "--days", "3")
    assert short["total"]["answers"] == sum(day["answers"] for day in days if day["start"] >= short["first_day"])
    assert short["total"]["answers"] < sum(day["answers"] for day in days)
    assert sum(hour["answers"] for hour in short["hours"]) == short["total"]["answers"]


def test_the_tables_say_what_the_json_says_and_need_no_colour(learned: Program) -> None:
    found = learned.json("stats")
    done = learned.run("stats")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Last 365 days: {found['total']['answers']} answers on {found['days_studied']} days")
    share = found["true_retention"]["all_time"]["share"]
    assert re.search(rf"^all time .* {share:.1%} ", done.stdout, re.MULTILINE)
    assert "\x1b" not in done.stdout + done.stderr
    plain = subprocess.run(
        [*learned.command, "stats"],
        capture_output=True,
        text=True,
        env={**learned.environment, "NO_COLOR": "1", "FORCE_COLOR": "1"},
        cwd=learned.home,
        check=True,
    )
    assert plain.stdout == done.stdout


def test_an_empty_journal_is_nothing_to_do_and_says_how_to_begin(program: Program) -> None:
    done = program.run("stats")
    assert (done.returncode, done.stdout) == (3, "")
    assert "there is no answer yet" in done.stderr
    assert "nlpcards review" in done.stderr


def test_an_empty_journal_is_zeros_for_a_script_and_a_short_page(program: Program) -> None:
    found = program.json("stats")
    assert found["total"]["answers"] == 0
    assert found["true_retention"]["all_time"]["share"] is None
    assert found["stability"]["median"] is None
    assert found["cards"]["new"] == 30
    assert program.run("stats", "--html", "page.html").returncode == 0
    assert "No answer yet" in (program.home / "page.html").read_text("utf-8")


def test_a_page_is_written_whole_and_standard_output_stays_for_data(learned: Program) -> None:
    done = learned.run("stats", "--html", "page.html", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["total"]["answers"] > 50
    assert "page.html" in done.stderr
    text = (learned.home / "page.html").read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert text.endswith("</html>\n")
    assert list(learned.home.glob("*.new")) + list(learned.home.glob(".*.new")) == []


@pytest.mark.parametrize("place", ["missing/page.html", "closed/page.html"])
def test_a_page_that_cannot_be_written_is_one_sentence(learned: Program, place: str) -> None:
    closed = learned.home / "closed"
    closed.mkdir()
    # A folder where the draft would lie stops even one who may write everywhere.
    (closed / "page.html").mkdir()
    (closed / "page.html" / "kept").write_text("kept", "utf-8")
    done = learned.run("stats", "--html", place)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert place in done.stderr
    assert (closed / "page.html" / "kept").read_text("utf-8") == "kept"
    assert os.listdir(closed) == ["page.html"]


@pytest.mark.parametrize(
    ("words", "said"), [(("nowhere",), "nowhere"), (("--days", "0"), "0"), (("--days", "soon"), "soon")]
)
def test_what_cannot_be_meant_is_wrong_usage(learned: Program, words: tuple[str, ...], said: str) -> None:
    done = learned.run("stats", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_counting_writes_nothing(learned: Program) -> None:
    def kept() -> dict[Path, bytes]:
        # The shared memory of SQLite's log is touched by whoever reads.
        return {
            path: path.read_bytes()
            for path in learned.home.rglob("*")
            if path.is_file() and "cache" not in path.parts and not path.name.endswith(("-shm", "-wal"))
        }

    before = kept()
    assert learned.run("stats").returncode == 0
    assert kept() == before


def test_an_undone_answer_counts_nowhere(program: Program) -> None:
    program.run("review", "--plain", typed="\n3\n\n3\n:u\n:q\n")
    assert program.json("stats")["total"]["answers"] == 1
