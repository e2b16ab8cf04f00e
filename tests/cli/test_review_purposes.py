"""`review --minutes`, `--catch-up`, `--ahead` and `--cram`, as a learner types them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import Program, deck_of


@pytest.fixture
def learner(tmp_path: Path) -> Program:
    home, decks = tmp_path / "home", tmp_path / "decks"
    home.mkdir()
    decks.mkdir()
    (decks / "made.yaml").write_text(deck_of(6), "utf-8")
    return Program(home, decks)


def test_cramming_says_that_nothing_is_stored_and_stores_nothing(learner: Program) -> None:
    done = learner.run("review", "--plain", "--cram", typed="\n3\n" * 6)
    assert done.returncode == 0, done.stderr
    assert "Practice: your answers are not stored" in done.stdout
    assert done.stdout.count("Not stored: good.") == 6
    assert learner.json("due")["new"] == 6


def test_cramming_that_reschedules_stores_its_answers(learner: Program) -> None:
    done = learner.run("review", "--plain", "--cram", "--reschedule", typed="\n4\n" * 6)
    assert done.stdout.count("Stored: easy") == 6
    assert learner.json("due")["total"] == 0


def test_studying_ahead_asks_what_is_not_due_yet(learner: Program) -> None:
    learner.run("review", "--plain", "--cram", "--reschedule", typed="\n4\n" * 6)
    assert learner.run("review", "--plain").returncode == 3
    assert learner.run("review", "--plain", "--ahead", "60").returncode == 3, "each was studied today"


def test_minutes_bound_a_session(learner: Program) -> None:
    done = learner.run("review", "--plain", "--minutes", "1", typed="q\n")
    assert "To ask: 2 new, 0 learning, 0 review." in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--cram", "--ahead", "2"], "--ahead and --cram are for different sessions"),
        (["--catch-up", "3", "--cram"], "--catch-up and --cram are for different sessions"),
        (["--reschedule"], "--reschedule belongs to --ahead or --cram"),
        (["--minutes", "0"], "0"),
        (["--ahead", "0"], "0"),
        (["--catch-up", "soon"], "soon"),
    ],
)
def test_options_that_mean_nothing_together_are_refused_in_a_sentence(
    learner: Program, options: list[str], said: str
) -> None:
    done = learner.run("review", "--plain", *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
