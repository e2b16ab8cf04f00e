"""Decks are others' text: nothing in them acts on the terminal that shows it, and output that fails is a sentence."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.program import Program

HOSTILE = "A\\e[31mred \\e]0;pwned\\x07 \\u202Etitle\\x9b31m"
"""As a deck's double-quoted YAML writes it: colour, a window title, an override of direction, a C1 colour."""

ACTING = ("\x1b", "\x07", "\x9b", "\u202e")


@pytest.fixture
def hostile(program: Program) -> Program:
    (program.decks / "hostile.yaml").write_text(
        f"""deck: hostile
title: "{HOSTILE}"
sources:
  paper: {{title: "{HOSTILE}", authors: "{HOSTILE}", year: 2000, url: "https://example.org/"}}
notes:
  - id: one
    q: "{HOSTILE}"
    a: "{HOSTILE}"
    why: "{HOSTILE}"
    cite: "paper {HOSTILE.replace(";", "")}"
  - id: two
    q: Question
    a: Answer
    "{HOSTILE}": unknown
""",
        "utf-8",
    )
    return program


def on_a_terminal(program: Program, *arguments: str, typed: str = "") -> str:
    """What a terminal is sent by standard output and standard error; the input is a pipe."""
    master, slave = os.openpty()
    with subprocess.Popen(
        [*program.command, *arguments],
        stdin=subprocess.PIPE,
        stdout=slave,
        stderr=slave,
        env=program.environment,
        cwd=program.home,
    ) as process:
        os.close(slave)
        assert process.stdin is not None
        process.stdin.write(typed.encode())
        process.stdin.close()
        sent = b""
        while True:
            try:
                piece = os.read(master, 65_536)
            except OSError:  # EIO: the other end is closed
                break
            if not piece:
                break
            sent += piece
    os.close(master)
    return sent.decode("utf-8")


@pytest.mark.parametrize(
    ("arguments", "typed", "shown"),
    [
        (("decks",), "", "<U+202E>title<U+009B>31m"),
        (("decks", "--json"), "", "\\u202etitle\\u009b31m"),
        (("due",), "", "See `nlpcards check`"),
        (("show", "hostile/one"), "", "Source:"),
        (("show", "hostile/one", "--json"), "", "\\u202etitle\\u009b31m"),
        (("show", "\x1b[31m\u202e"), "", "there is no card or note"),
        (("\x1b[31m\u202e",), "", "There is no command"),
        (("check",), "", "<U+202E>title"),
        (("check", "--json"), "", "\\u202etitle"),
        (("review", "--plain", "hostile"), "o\ni\n\n3\nq\n", "https://example.org/"),
        (("export", "hostile.apkg"), "", "1 note"),
        (("doctor",), "", "0 events"),
        (("backup",), "", "backups"),
        (("restore", "\x1b[31m\u202e"), "", "there is no such file"),
    ],
)
def test_no_command_sends_a_terminal_what_a_deck_or_an_argument_wants_it_to_do(
    hostile: Program, arguments: tuple[str, ...], typed: str, shown: str
) -> None:
    sent = on_a_terminal(hostile, *arguments, typed=typed)
    assert shown in sent
    assert [char for char in ACTING if char in sent] == []


def test_piped_output_is_the_same_as_on_a_terminal_and_json_keeps_the_text(hostile: Program) -> None:
    assert "␛[31mred" in hostile.run("decks").stdout
    title = "A\x1b[31mred \x1b]0;pwned\x07 \u202etitle\x9b31m"
    assert title in [deck["title"] for deck in json.loads(hostile.run("decks", "--json").stdout)]


@pytest.mark.parametrize("arguments", [("due",), ("due", "--json"), ("--help",), ("review", "--plain")])
def test_output_to_a_full_disk_is_one_sentence(program: Program, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*program.command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=program.environment,
            cwd=program.home,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "The output cannot be written: no space left on device." in done.stderr


def test_a_reader_that_goes_away_is_no_failure(program: Program) -> None:
    process = program.start("show", "made")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait() == 0
    process.stderr.close()
    assert process.stdin is not None
    process.stdin.close()
