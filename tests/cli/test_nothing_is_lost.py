"""Whatever happens to the process or the disk, every acknowledged answer is there and the file opens."""

from __future__ import annotations

import resource
import signal
import sqlite3
from random import Random

from tests.support.program import Program, deck_of


def stored(program: Program) -> int:
    journal = sqlite3.connect(program.home / "journal.sqlite")
    try:
        count: int = journal.execute("select count(*) from event where rating is not null").fetchone()[0]
    finally:
        journal.close()
    return count


def test_a_hundred_kills_lose_no_acknowledged_answer_and_ask_for_no_repair(program: Program) -> None:
    (program.decks / "made.yaml").write_text(deck_of(1_000), "utf-8")
    program.configure(new=1_000)
    random = Random(7)
    acknowledged = sent = 0
    for _ in range(100):
        process = program.start("review", "--plain")
        assert process.stdin is not None
        assert process.stdout is not None
        answers = random.randrange(1, 5)
        process.stdin.write("\n4\n" * answers)
        process.stdin.flush()
        sent += answers
        stop_after = random.randrange(0, answers + 1)
        heard = 0
        while heard < stop_after:
            heard += process.stdout.readline().startswith("Stored:")
        process.send_signal(signal.SIGKILL)
        rest = process.communicate()[0]
        acknowledged += heard + rest.count("Stored:")
    assert acknowledged <= stored(program) <= sent
    assert acknowledged > 50
    doctor = program.run("doctor")
    assert doctor.returncode == 0
    assert "every card's state is what its events say" in doctor.stderr
    assert stored(program) == program.json("doctor")["events"]


def test_two_processes_reviewing_at_once_lose_no_rating_and_meet_no_error(program: Program) -> None:
    (program.decks / "made.yaml").write_text(deck_of(300), "utf-8")
    program.configure(new=300)
    running = [program.start("review", "--plain") for _ in range(2)]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n4\n" * 60)
        process.stdin.flush()
    said = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sum(out.count("Stored:") for out, _ in said) == 120
    assert stored(program) == 120
    assert all(not errors for _, errors in said)
    assert "every card's state" in program.run("doctor").stderr


def test_a_full_disk_is_one_sentence_and_earlier_answers_stay(program: Program) -> None:
    program.run("review", "--plain", typed="\n3\nq\n")

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    done = program.run("review", "--plain", typed="\n4\n" * 20, before=small_files)
    assert "Traceback" not in done.stderr
    acknowledged = done.stdout.count("Stored:")
    assert acknowledged < 20
    assert done.stderr
    assert stored(program) == acknowledged + 1
    assert "every card's state" in program.run("doctor").stderr
    assert program.run("review", "--plain", typed="\n4\nq\n").stdout.count("Stored:") == 1


def test_a_journal_from_a_newer_version_is_left_untouched_with_one_sentence(program: Program) -> None:
    program.run("review", "--plain", typed="\n3\nq\n")
    path = program.home / "journal.sqlite"
    journal = sqlite3.connect(path)
    journal.execute("pragma user_version = 999")
    journal.close()
    before = path.read_bytes()
    done = program.run("review", "--plain", typed="\n3\nq\n")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "newer" in done.stderr
    assert path.read_bytes() == before


def test_a_backup_brings_answers_back_beside_those_given_since(program: Program) -> None:
    program.run("review", "--plain", typed="\n3\nq\n")
    copy = program.home / "copy.sqlite"
    assert program.run("backup", str(copy)).returncode == 0
    program.run("review", "--plain", typed="\n3\nq\n")
    (program.home / "journal.sqlite").unlink()
    for extra in ("journal.sqlite-wal", "journal.sqlite-shm"):
        (program.home / extra).unlink(missing_ok=True)
    program.run("review", "--plain", typed="s\n\n4\nq\n")
    restored = program.run("restore", str(copy))
    assert restored.returncode == 0, restored.stderr
    assert stored(program) == 2
    assert "nothing that is not here already" in program.run("restore", str(copy)).stderr
    assert "every card's state" in program.run("doctor").stderr
