"""`check` as its users meet it: in a terminal, in a pipe, in a script."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from nlpcards.decks.reader import read_deck
from tests.support.bundled import FOLDER
from tests.support.program import Program, alone

BAD = "deck: bad\ntitle: Bad\nsources:\n  s: {title: S}\nnotes:\n  - id: one\n    q: What is it?\n    a: [CLS]\n"
ADVISED = (
    "deck: advised\ntitle: Advised\nsources:\n  s: {title: S}\nnotes:\n  - id: one\n    q: Is it so?\n    a: Yes.\n"
    "    why: It is.\n    cite: s\n"
)


@pytest.fixture
def bare(tmp_path: Path) -> Program:
    """A program whose only deck is sound."""
    (tmp_path / "home").mkdir()
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "sound.yaml").write_text(
        ADVISED.replace("advised", "sound").replace("Is it so?", "Why?").replace("Yes.", "So."), "utf-8"
    )
    return Program(tmp_path / "home", tmp_path / "decks")


def written(program: Program, text: str, name: str = "file.yaml") -> str:
    path = program.home / name
    path.write_text(text, "utf-8")
    return str(path)


def in_a_terminal(program: Program, *arguments: str) -> str:
    master, slave = pty.openpty()
    command = [*program.command, *arguments]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=program.environment) as process:
        os.close(slave)
        sent = b""
        while True:
            try:
                piece = os.read(master, 65_536)
            except OSError:
                break
            if not piece:
                break
            sent += piece
        process.wait()
    os.close(master)
    return sent.decode("utf-8").replace("\r\n", "\n")


def test_errors_exit_with_4_and_advice_only_if_strict(bare: Program) -> None:
    bad, advised = written(bare, BAD, "bad.yaml"), written(bare, ADVISED, "advised.yaml")
    assert bare.run("check").returncode == 0
    assert bare.run("check", "--strict").returncode == 0
    assert bare.run("check", bad).returncode == 4
    done = bare.run("check", advised)
    assert (done.returncode, done.stdout.count("Q003")) == (0, 1)
    assert "1 piece of advice" in done.stderr
    assert bare.run("check", "--strict", advised).returncode == 4


def test_in_a_pipe_each_problem_is_one_line(bare: Program) -> None:
    path = written(bare, BAD)
    assert bare.run("check", path).stdout == (
        f"{path}:8:8: error D208: `a` is a text, but `[CLS]` is read as a list. Quote it: `a: '[CLS]'`.\n"
    )


def test_in_a_terminal_the_line_is_shown_with_a_caret_and_the_hint(bare: Program) -> None:
    path = written(bare, BAD)
    shown = in_a_terminal(bare, "check", path)
    assert f"{path}:8:8: error D208: `a` is a text, but `[CLS]` is read as a list\n" in shown
    assert "  |\n8 |     a: [CLS]\n  |        ^\n  = Quote it: `a: '[CLS]'`.\n" in shown
    assert "check --explain D208" in shown


def test_the_caret_stands_under_the_place_behind_wide_and_invisible_characters(bare: Program) -> None:
    path = written(bare, BAD.replace("[CLS]", "漢字 \u200b is $x and no more, " + "and so on " * 40))
    lines = in_a_terminal(bare, "check", path).split("\n")
    (source,) = (line for line in lines if line.startswith("8 | "))
    caret = lines[lines.index(source) + 1]
    before = source[: source.index("$x")]
    assert caret.index("^") == len(before) + 2
    assert len(source) < 200


def test_json_has_the_seven_fields_of_each_problem(bare: Program) -> None:
    done = bare.run("check", written(bare, BAD), "--json")
    assert done.returncode == 4
    (problem,) = json.loads(done.stdout)
    assert list(problem) == ["path", "line", "column", "severity", "code", "message", "hint"]


def test_a_deck_is_checked_by_its_id_with_all_that_change_it(tmp_path: Path) -> None:
    (tmp_path / "decks").mkdir()
    for name, extended in (("bad", "lstm"), ("other", "attention")):
        (tmp_path / "decks" / f"{name}.yaml").write_text(f"extends: {extended}\nnotes:\n- {{id: n, q: x}}\n", "utf-8")
    done = alone(tmp_path, "check", "lstm")
    assert done.returncode == 4
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == [f"{tmp_path}/decks/bad.yaml:3:3"]
    own = read_deck(FOLDER / "lstm.yaml").deck
    assert own is not None
    assert f"1 deck, {len(own.notes) + 1} notes, 1 of them broken: 1 error" in done.stderr


def test_what_does_not_exist_is_wrong_usage(bare: Program) -> None:
    done = bare.run("check", "nosuch")
    assert done.returncode == 2
    assert done.stderr.startswith("there is no file, no folder and no deck nosuch. Name a deck")
    assert done.stdout == ""


def test_a_code_is_explained_with_a_bad_and_a_good_example(bare: Program) -> None:
    done = bare.run("check", "--explain", "q003")
    assert done.returncode == 0
    for part in ("Q003, advice", "Half of all guesses", "Instead of", "a: Yes.", "write", "ignore Q003"):
        assert part in done.stdout
    assert "no comment silences it" in bare.run("check", "--explain", "D101").stdout
    assert json.loads(bare.run("check", "--explain", "D001", "--json").stdout)["mend"]


def test_without_a_code_all_are_listed(bare: Program) -> None:
    listed = bare.run("check", "--explain").stdout
    assert "\n  D101  " in listed
    assert "\n  Q013  " in listed
    assert len(json.loads(bare.run("check", "--explain", "--json").stdout)) == listed.count("\n  ")


def test_a_code_that_does_not_exist_is_wrong_usage(bare: Program) -> None:
    done = bare.run("check", "--explain", "Q03")
    assert done.returncode == 2
    assert done.stderr.startswith("there is no code Q03. Did you mean Q0")
