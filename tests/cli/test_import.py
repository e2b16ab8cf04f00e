"""`import` as its user calls it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.program import Program

TABLE = "Question,Answer,Score\nWhat?,That.,1\nWho?,,2\n{{c1::a}} {{c2::b}},,\n"


def alone(program: Program, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program with the learner's own decks and not those of a test."""
    words = [word for word in program.command if word not in ("--decks", str(program.decks))]
    return subprocess.run(
        [*words, *arguments], capture_output=True, text=True, env=program.environment, cwd=program.home, check=False
    )


def test_a_table_goes_to_the_learners_decks_and_can_be_reviewed(program: Program) -> None:
    table = program.home / "facts.csv"
    table.write_text(TABLE, "utf-8")
    done = alone(program, "import", "facts.csv")
    made = program.home / "decks" / "facts.yaml"
    assert (done.returncode, done.stdout) == (0, f"{made}\n")
    assert done.stderr.splitlines() == [
        "Not imported: Score. `--columns` says what a column is.",
        "facts.csv:3: it has no answer.",
        "facts.csv: 2 notes with 3 cards added.",
    ]
    assert alone(program, "check", str(made)).returncode == 0
    assert "facts/what#qa" in alone(program, "show", "facts").stdout
    before = made.read_bytes()
    again = alone(program, "import", "facts.csv")
    assert (again.returncode, again.stdout) == (3, "")
    assert again.stderr.endswith("facts.csv: 2 notes there already.\n")
    assert made.read_bytes() == before


def test_a_script_gets_json(program: Program) -> None:
    (program.home / "facts.csv").write_text(TABLE, "utf-8")
    into = program.home / "elsewhere"
    arguments = ("import", "facts.csv", "--into", str(into), "--deck", "mine", "--title", "Mine", "--json")
    dry = alone(program, *arguments, "--dry-run")
    assert not into.exists()
    done = alone(program, *arguments)
    assert json.loads(done.stdout) == {
        "notes": 2,
        "cards": 3,
        "reviews": 0,
        "media": 0,
        "known": 0,
        "skipped": [{"line": 3, "reason": "it has no answer"}],
        "remarks": ["Not imported: Score. `--columns` says what a column is."],
        "files": [str(into / "mine.yaml")],
    }
    assert dry.stdout == done.stdout
    assert (into / "mine.yaml").read_text("utf-8").startswith("deck: mine\ntitle: Mine\n")


def test_a_deck_never_takes_the_place_of_one_that_came_with_the_program(program: Program) -> None:
    (program.home / "lstm.csv").write_text("q,a\nx,y\n", "utf-8")
    done = alone(program, "import", "lstm.csv")
    assert done.returncode == 2
    assert "the id `lstm` belongs to the deck in" in done.stderr
    assert alone(program, "import", "lstm.csv", "--deck", "my-lstm").returncode == 0
    assert [path.name for path in (program.home / "decks").iterdir()] == ["my-lstm.yaml"]
    assert alone(program, "import", "lstm.csv", "--into", "apart").returncode == 0


@pytest.mark.parametrize(
    ("name", "text", "options", "code", "sentence"),
    [
        ("t.xlsx", "", (), 2, "`.xlsx` cannot be imported. In the spreadsheet, save the sheet as CSV"),
        ("t", "a,b", (), 2, "without an ending cannot be imported."),
        ("gone.csv", None, (), 1, "there is no such file."),
        ("t.csv", "", (), 1, "the table has no row."),
        ("t.csv", "a,b,c\n", (), 1, "does not say which columns"),
        ("t.csv", "a,b\n", ("--columns", "q,x"), 2, "`x` is no column that a note can use."),
        ("t.csv", "a,b\n", ("--into", "t.csv"), 2, "t.csv is no folder."),
        ("t.md", "Q: a\nA: b\n", ("--columns", "q,a"), 2, "only a table has columns"),
        ("t.md", "", (), 3, "there is no card in it."),
        ("t.md", "C: a\n", (), 1, "nothing to import."),
    ],
)
def test_every_failure_is_a_sentence(
    program: Program, name: str, text: str | None, options: tuple[str, ...], code: int, sentence: str
) -> None:
    if text is not None:
        (program.home / name).write_text(text, "utf-8")
    done = alone(program, "import", name, *options)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(program.home.rglob("*.yaml"))


def test_only_the_first_of_many_rows_left_out_are_named(program: Program) -> None:
    (program.home / "t.csv").write_text("q,a\n" + "x,\n" * 30 + "x,y\n", "utf-8")
    done = alone(program, "import", "t.csv")
    assert done.stderr.count("it has no answer") == 20
    assert "10 more lines have such" in done.stderr


def test_hostile_text_acts_on_no_terminal(program: Program) -> None:
    (program.home / "t.csv").write_text("q,a,\x1b[2Jcolumn\n\x1b]0;x\x07,y,\n", "utf-8")
    done = alone(program, "import", "t.csv", "--title", "\x1b[31mred")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr
    assert alone(program, "check").returncode == 0


def test_a_folder_that_may_not_be_written_is_a_sentence(program: Program, tmp_path: Path) -> None:
    (program.home / "t.csv").write_text("q,a\nx,y\n", "utf-8")
    (tmp_path / "file").write_text("")
    done = alone(program, "import", "t.csv", "--into", str(tmp_path / "file" / "below"))
    assert done.returncode == 1
    assert "cannot be written: not a directory." in done.stderr
