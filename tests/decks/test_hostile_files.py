"""Files that mean harm are errors, at the price of little memory, and the program goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nlpcards.decks.bounds import LONGEST_TEXT, MOST_ENTRIES, MOST_LINES
from nlpcards.decks.library import load
from nlpcards.decks.reader import DeckFile, read_deck, read_text
from nlpcards.decks.source import MOST_ADVICE, MOST_PROBLEMS
from tests.support.hostile import CASES, HEAD

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")

MOST_MEMORY = 300 * 1024 * 1024
CHECK = r"""
import json, re, resource, sys
from pathlib import Path
from nlpcards.decks.library import load
problems = load([Path(sys.argv[1])]).problems
status = Path("/proc/self/status")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if status.exists():  # ru_maxrss begins with the parent's figure
    peak = int(re.search(r"VmHWM:\s*(\d+) kB", status.read_text())[1])
json.dump([peak, len(problems)], sys.stdout)
"""
NO_MISTAKE = {"blank lines", "lines of comments", "markers"}
"""Nothing in these is wrong but that they hold no notes, which is advice or found in an instant."""


def codes(read: DeckFile) -> set[str]:
    return {problem.code for problem in read.problems}


@pytest.mark.skipif(sys.platform == "darwin", reason="counts its memory in other units")
@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_costs_little_memory_and_is_told_of(name: str, tmp_path: Path) -> None:
    path = tmp_path / "deck.yaml"
    path.write_bytes(CASES[name]().encode("utf-8", "surrogateescape"))
    done = subprocess.run([sys.executable, "-c", CHECK, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    peak, problems = json.loads(done.stdout)
    assert peak * 1024 < MOST_MEMORY
    assert problems <= MOST_PROBLEMS + MOST_ADVICE + 2
    assert problems or name in NO_MISTAKE


def test_one_note_too_many_is_an_error_and_no_advice_to_mend_each() -> None:
    read = read_text(HEAD + "- {q: x, a: y}\n" * (MOST_ENTRIES + 1))
    assert [problem.code for problem in read.problems] == ["D009"]
    assert f"{MOST_ENTRIES:,}" in read.problems[0].message
    assert "Split" in read.problems[0].hint


def test_a_file_of_more_lines_than_a_deck_may_have_is_not_read() -> None:
    read = read_text(HEAD + "- {id: one, q: x, a: y}\n" + "\n" * MOST_LINES)
    assert [problem.code for problem in read.problems] == ["D009"]
    assert read.is_given_up
    assert not read_text(HEAD + "- {id: one, q: x, a: y}\n" + "\n" * (MOST_LINES - 10)).has_errors


def test_a_list_or_a_mapping_may_not_be_longer_than_a_deck() -> None:
    assert codes(read_text(HEAD + "- {q: x, a: y, tags: [" + "a, " * (MOST_ENTRIES + 1) + "a]}\n")) == {"D009"}
    keys = "".join(f"k{number}: x\n" for number in range(MOST_ENTRIES + 1))
    assert codes(read_text(keys)) == {"D009"}


def test_much_advice_does_not_keep_a_deck_from_being_read() -> None:
    count = MOST_ADVICE + 200
    read = read_text(HEAD + "".join(f"- {{q: x{number}, a: y}}\n" for number in range(count)))
    assert read.deck is not None
    assert len(read.deck.notes) == count
    assert not read.has_errors
    assert len(read.problems) == MOST_ADVICE + 1
    assert [problem.message for problem in read.problems if problem.code == "D010"] == [
        "200 more pieces of advice on this file are not listed"
    ]


def test_notes_before_too_many_errors_stay() -> None:
    read = read_text(HEAD + "- {id: one, q: x, a: y}\n" + "- {id: two, q: x, a: y, b: z}\n" * (MOST_PROBLEMS + 50))
    assert read.deck is not None
    assert [note.id for note in read.deck.notes] == ["one"]
    assert len(read.problems) == MOST_PROBLEMS + 1


def test_a_text_of_the_greatest_length_is_read_and_a_longer_one_costs_its_note_only() -> None:
    text = "x" * LONGEST_TEXT
    read = read_text(
        f"{HEAD}- {{id: one, q: {text}, a: y}}\n- {{id: two, q: {text}x, a: y}}\n- {{id: c, q: x, a: y}}\n"
    )
    assert read.deck is not None
    assert [note.id for note in read.deck.notes] == ["one", "c"]
    assert [(problem.line, problem.code) for problem in read.problems] == [(5, "D114")]


def test_many_images_of_one_file_are_looked_for_once(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    path = tmp_path / "deck.yaml"
    path.write_text(HEAD + "- {id: one, q: '" + "![a](a.png) " * 1_000 + "', a: y}\n", "utf-8")
    assert read_deck(path).problems == ()


@on_posix
def test_a_file_that_is_written_to_all_the_time_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "deck.yaml"
    note = "- {id: one, q: x, a: y}\n"
    path.write_text(HEAD + note, "utf-8")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with path.open("a", encoding="utf-8") as file:
                file.write("# more\n" * 2_000)
            if path.stat().st_size > 1_000_000:
                path.write_text(HEAD + note, "utf-8")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        read = [read_deck(path) for _ in range(50)]
    finally:
        stop.set()
        writer.join()
    # An editor that writes a file anew empties it for an instant.
    assert {code for each in read for code in codes(each)} <= {"D004", "D007"}


@on_posix
def test_a_folder_of_pipes_loops_and_locked_files_is_read_around(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(HEAD + "- {id: one, q: x, a: y}\n", "utf-8")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "gone.yaml").symlink_to("nowhere.yaml")
    (tmp_path / "again").symlink_to(".")
    (tmp_path / "round").symlink_to("round")
    library = load([tmp_path])
    assert list(library.decks) == ["d"]
    found = sorted((Path(problem.path).name, problem.code) for problem in library.problems)
    assert found == [("gone.yaml", "D001"), ("loop.yaml", "D002"), ("pipe.yaml", "D002"), ("zero.yaml", "D002")]


@on_posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told_of(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    (tmp_path / "deck.yaml").write_text(HEAD, "utf-8")
    (tmp_path / "deck.yaml").chmod(0)
    locked.chmod(0)
    try:
        assert [problem.code for problem in load([tmp_path]).problems] == ["D001", "D001"]
    finally:
        locked.chmod(0o700)
