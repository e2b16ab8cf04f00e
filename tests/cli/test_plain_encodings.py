"""A review line by line where the terminal or the pipe has no Unicode, no colours, or somebody's hand slips."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.program import Program, deck_of
from tests.support.terminal import terminal

DECK = """deck: signs
title: Signs – of all sorts
notes:
  - id: maths
    q: Why is $\\beta_t \\ge x^2$ “naïve”?
    a: $\\sum_i x_i$ 😀
  - id: word
    q: Type it.
    typed: word
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    home, decks = tmp_path / "home", tmp_path / "decks"
    home.mkdir()
    decks.mkdir()
    (decks / "signs.yaml").write_text(DECK, "utf-8")
    return Program(home, decks)


def run(
    program: Program, *arguments: str, typed: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*program.command, *arguments],
        input=typed,
        capture_output=True,
        env={**program.environment, **environment},
        cwd=program.home,
        check=False,
    )


def test_without_unicode_signs_are_said_in_words(program: Program) -> None:
    done = run(program, "review", "--plain", typed=b"\n3\nq\n", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    said = done.stdout.decode("ascii")
    assert 'Question: Why is beta_t >= x^2 "naive"?' in said
    assert "Answer: sum_i x_i [grinning face]" in said
    assert "\\u" not in said


def test_what_the_encoding_has_stays_as_it_is(program: Program) -> None:
    done = run(program, "review", "--plain", typed=b"q\n", PYTHONIOENCODING="latin-1")
    assert 'Why is beta_t >= x² "naïve"?' in done.stdout.decode("latin-1")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_data_for_scripts_is_never_spelled(program: Program, encoding: str) -> None:
    done = run(program, "show", "signs", "--json", PYTHONIOENCODING=encoding)
    assert json.loads(done.stdout.decode(encoding))[0]["answer"] == "$\\sum_i x_i$ 😀"


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_line_that_is_no_text_is_asked_for_again_and_nothing_is_stored_of_it(program: Program, encoding: str) -> None:
    typed = b"\n\xff3\n3\ncaf\xe9\nword\n\nq\n"
    done = run(
        program, "review", "--plain", "--cram", "--reschedule", typed=typed, PYTHONIOENCODING=f"{encoding}:strict"
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.decode().count(f"This line is no text in {encoding}.") == 2
    said = done.stdout.decode(encoding)
    assert "Stored: good" in said
    assert "Right. You typed: word." in said


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"FORCE_COLOR": "1"}])
def test_no_control_sequence_reaches_a_pipe(program: Program, environment: dict[str, str]) -> None:
    for arguments in (("review", "--plain"), ("today",), ("due",), ("stats",), ("show", "signs"), ("browse",)):
        done = run(program, *arguments, typed=b"\n1\nf\ni\nq\n", **environment)
        assert done.returncode == 0, done.stderr
        assert b"\x1b" not in done.stdout + done.stderr, arguments


def test_closed_input_is_the_end_of_it(program: Program) -> None:
    with open(os.devnull, "rb") as nothing:
        done = subprocess.run(
            [*program.command, "review", "--plain"],
            stdin=nothing,
            capture_output=True,
            env=program.environment,
            check=False,
        )
    assert done.returncode == 0
    assert b"No card was answered." in done.stdout


def test_at_a_terminal_the_last_answer_of_a_session_can_be_undone(program: Program) -> None:
    (program.decks / "signs.yaml").write_text(deck_of(1), "utf-8")
    with terminal(program, "review", "--plain") as screen:
        screen.shows("What is question 0?")
        screen.types("\n")
        screen.shows("Rate:")
        screen.types("4\n")
        screen.shows("Type u to undo the last answer; an empty line ends.")
        screen.types("u\n")
        screen.shows("Undone: the last answer.")
        screen.shows("What is question 0?")
        screen.types("\n")
        screen.shows("Rate:")
        screen.types("4\n")
        screen.shows("an empty line ends.")
        screen.types("\n")
        assert screen.ends() == 0
    assert program.json("show", "made/n0")[0]["reps"] == 1


def test_a_session_with_a_purpose_says_what_it_is(program: Program) -> None:
    assert "What is worth 2 min most: 2 cards." in program.run("review", "--plain", "--minutes", "2").stdout
    assert "Cramming; the answers count: 2 cards." in program.run("review", "--plain", "--cram", "--reschedule").stdout
    assert "your answers are not stored" in program.run("review", "--plain", "--cram").stdout
