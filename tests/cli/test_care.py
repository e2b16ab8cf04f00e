"""Copies, a damaged journal brought back, and what the doctor says."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.support.program import Program


def journal_of(program: Program) -> Path:
    return program.home / "journal.sqlite"


def overwrite(path: Path, first: int, last: int | None = None) -> bytes:
    """Overwrite pages of a file; gives its new content."""
    whole = bytearray(path.read_bytes())
    end = len(whole) if last is None else last * 4096
    whole[first * 4096 : end] = b"\x55" * (end - first * 4096)
    path.write_bytes(whole)
    return bytes(whole)


def answered(program: Program) -> Path:
    """Three answers in the journal, the first two in a copy too, newer than the automatic one; gives the copy."""
    for _ in range(2):
        program.run("review", "--plain", typed="\n3\nq\n")
    copy = Path(program.run("backup").stdout.strip())
    program.run("review", "--plain", typed="\n3\nq\n")
    return copy


@pytest.mark.parametrize(("first", "last"), [(0, 1), (0, None), (1, None), (2, None)])
def test_a_journal_with_overwritten_pages_is_put_aside_and_starts_from_the_copy(
    program: Program, first: int, last: int | None
) -> None:
    copy = answered(program)
    path = journal_of(program)
    damaged = overwrite(path, first, last)
    said = program.run("review", "--plain", typed="\n3\nq\n")
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert f"nlpcards restore {copy}" in said.stderr
    restored = program.run("restore", str(copy))
    assert restored.returncode == 0, restored.stderr
    (aside,) = program.home.glob("journal.sqlite.damaged-*Z")
    assert str(aside) in restored.stderr
    assert aside.read_bytes() == damaged
    assert "Restored 2 events from" in restored.stderr
    doctor = program.run("doctor")
    assert doctor.returncode == 0
    assert "2 events of 2 cards; every card's state" in doctor.stderr
    assert program.run("review", "--plain", typed="\n3\nq\n").stdout.count("Stored:") == 1
    assert not list(program.home.glob(".restoring-*"))


def test_damage_that_shows_only_in_a_check_is_put_aside_too_and_not_rebuilt(program: Program) -> None:
    copy = answered(program)
    path = journal_of(program)
    with sqlite3.connect(path) as journal:
        root = journal.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'event_fold'").fetchone()[0]
    journal.close()
    before = overwrite(path, root - 1, root)
    doctor = program.run("doctor")
    assert doctor.returncode == 1
    assert "Damage: " in doctor.stdout
    assert "nothing was rebuilt" in doctor.stderr
    assert f"nlpcards restore {copy}" in doctor.stderr
    assert path.read_bytes() == before
    assert json.loads(program.run("doctor", "--json").stdout)["events"] is None
    assert program.run("restore", str(copy)).returncode == 0
    assert program.run("doctor").returncode == 0


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize("junk", [b"words " * 2_000, b""])
def test_a_copy_that_is_none_is_named_and_the_journal_stays(program: Program, damaged: bool, junk: bytes) -> None:
    answered(program)
    path = journal_of(program)
    if damaged:
        overwrite(path, 0)
    before = path.read_bytes()
    file = program.home / "junk.file"
    file.write_bytes(junk)
    done = program.run("restore", str(file))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert str(file) in done.stderr
    assert "Name another copy; your journal is as it was." in done.stderr
    assert path.read_bytes() == before
    assert not list(program.home.glob("*damaged*"))


def test_a_damaged_copy_is_called_so(program: Program) -> None:
    copy = answered(program)
    overwrite(copy, 1)
    done = program.run("restore", str(copy))
    assert done.returncode == 1
    assert f"{copy}: this copy is damaged. Name another copy" in done.stderr


def test_a_journal_of_a_newer_version_is_not_put_aside(program: Program) -> None:
    copy = answered(program)
    with sqlite3.connect(journal_of(program)) as journal:
        journal.execute("pragma user_version = 999")
    journal.close()
    done = program.run("restore", str(copy))
    assert done.returncode == 1
    assert "newer" in done.stderr
    assert not list(program.home.glob("*damaged*"))


def test_the_doctor_says_in_words_what_was_wrong_with_a_state(program: Program) -> None:
    program.run("review", "--plain", typed="\n4\nq\n")
    with sqlite3.connect(journal_of(program)) as journal:
        journal.execute("UPDATE card_state SET reps = 7, stability = 99")
    journal.close()
    done = program.run("doctor")
    assert done.returncode == 0
    assert "Rebuilt: the state of made/n0#qa: its stability was 99 days and is 8.2956 days" in done.stdout
    assert "its count of reviews was 7 and is 1" in done.stdout
    assert "(" not in done.stdout
    assert "every card's state" in program.run("doctor").stderr


def test_a_copy_lies_with_the_automatic_ones_and_one_that_cannot_be_made_is_a_sentence(program: Program) -> None:
    copy = answered(program)
    assert copy.parent == program.home / "backups"
    assert copy.suffix == ".db"
    done = program.run("backup", "/proc/nope/x.db")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "/proc/nope: the folder of the copy cannot be used: no such file or directory." in done.stderr
    assert "exists already" in program.run("backup", str(copy)).stderr
