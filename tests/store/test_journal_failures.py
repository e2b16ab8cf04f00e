from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from nlpcards.core.days import Moment
from nlpcards.core.errors import StoreError
from nlpcards.core.journal import Setting, Suspend
from nlpcards.store import Journal

OpenJournal = Callable[..., Journal]
DAY = 20_000
PRELUDE = """
import sys, os, resource
from pathlib import Path
from nlpcards.core.days import Moment
from nlpcards.core.errors import StoreError
from nlpcards.core.journal import Review, Suspend
from nlpcards.store import Journal
path = Path(sys.argv[1])
"""


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, whose limits and user it may change."""
    command = [sys.executable, "-c", PRELUDE + textwrap.dedent(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write(journal: Journal, count: int = 1) -> None:
    for number in range(count):
        journal.append([Suspend(f"a/b{number}#qa")], Moment(5, DAY))


def test_a_full_disk_is_one_sentence_and_loses_nothing_that_was_acknowledged(opened: OpenJournal, path: Path) -> None:
    result = run(
        """
        journal = Journal.open(path, 0, "here")
        journal.append([Suspend("a/first#qa")], Moment(5, 20_000))
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
        acknowledged, refused = 1, 0
        while refused < 3:
            try:
                journal.append([Suspend(f"a/b{acknowledged}#qa")], Moment(5, 20_000))
                acknowledged += 1
            except StoreError as error:
                refused += 1
                print(error)
        assert len(list(journal.events())) == acknowledged
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        journal.append([Suspend("a/last#qa")], Moment(5, 20_000))
        print(acknowledged + 1)
        os._exit(0)
        """,
        str(path),
    )
    assert result.stderr == ""
    *sentences, acknowledged = result.stdout.splitlines()
    assert len(sentences) == 3
    assert all("could not be written" in sentence and "safe" in sentence for sentence in sentences)
    journal = opened()
    assert len(list(journal.events())) == int(acknowledged) > 1
    assert journal.state("a/last#qa").suspended
    assert journal.rebuild() == []
    assert journal.integrity() == ()


def test_a_database_at_its_greatest_size_says_that_the_disk_is_full(opened: OpenJournal) -> None:
    journal = opened()
    write(journal)
    pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
    journal._connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match="disk is full"):
        write(journal, 5_000)
    before = len(list(journal.events()))
    journal._connection.execute("PRAGMA max_page_count=100000")
    write(journal)
    assert len(list(journal.events())) == before + 1
    assert journal.rebuild() == []


def test_two_processes_answer_at_once_and_no_answer_is_lost(opened: OpenJournal, path: Path) -> None:
    script = """
    journal = Journal.open(path, 0, "here")
    for number in range(150):
        bodies = [Review("a/shared#qa", 3, 1, None, 0), Suspend(f"a/{sys.argv[2]}-{number}#qa")]
        journal.append(bodies, Moment(number, 20_000))
    print(journal.device)
    """
    command = [sys.executable, "-c", PRELUDE + textwrap.dedent(script), str(path)]
    processes = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for name in "pqr"
    ]
    results = [process.communicate() for process in processes]
    assert [errors for _, errors in results] == ["", "", ""]
    journal = opened()
    assert {out.strip() for out, _ in results} == {journal.device}
    events = list(journal.events())
    assert [event.id.seq for event in events] == list(range(1, 901))
    assert journal.state("a/shared#qa").reps == 450
    assert journal.rebuild() == []


def test_a_process_sees_what_another_wrote_and_settings_too(opened: OpenJournal) -> None:
    one, other = opened(), opened()
    write(one)
    assert other.state("a/b0#qa").suspended
    assert other.timeline.now.desired_retention == 0.9
    one.append([Setting("desired_retention", "0.8")], Moment(6, DAY))
    assert other.timeline.now.desired_retention == 0.8


def test_a_killed_process_loses_no_acknowledged_answer(opened: OpenJournal, path: Path) -> None:
    script = """
    journal = Journal.open(path, 0, "here")
    number = 0
    while True:
        journal.append([Suspend(f"a/b{number}#qa")], Moment(5, 20_000))
        number += 1
        print(number, flush=True)
    """
    command = [sys.executable, "-c", PRELUDE + textwrap.dedent(script), str(path)]
    for killed_after in (1, 7, 40):
        before = len(list(opened().events())) if path.exists() else 0
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(killed_after):
                line = process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            rest = process.stdout.read().split()
        acknowledged = int(rest[-1] if rest else line)
        journal = opened()
        assert before + acknowledged <= len(list(journal.events())) <= before + acknowledged + 1
        assert journal.integrity() == ()
        assert journal.rebuild() == []
        journal.close()


def test_a_journal_locked_for_long_is_one_sentence(opened: OpenJournal, path: Path) -> None:
    journal = opened(busy_ms=20)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            write(journal)
        assert list(journal.events()) == []
        other.execute("ROLLBACK")
    write(journal)
    assert len(list(journal.events())) == 1


@pytest.mark.parametrize("content", [b"words, words, words " * 400, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_journal_is_refused_and_not_touched(opened: OpenJournal, path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    for readonly in (False, True):
        with pytest.raises(StoreError) as caught:
            opened(readonly=readonly)
        assert caught.value.place == str(path)
        assert caught.value.remedy
    assert path.read_bytes() == content


def test_a_damaged_journal_says_which_copy_to_restore(opened: OpenJournal, path: Path) -> None:
    journal = opened()
    write(journal, 300)
    journal.append([Suspend("a/b#qa")], Moment(5, DAY + 1))
    journal.close()
    whole = bytearray(path.read_bytes())
    whole[4096 * 2 :] = b"\x55" * (len(whole) - 4096 * 2)
    path.write_bytes(whole)
    with pytest.raises(StoreError, match="damaged") as caught:
        write(opened())
    assert "nlpcards restore" in caught.value.remedy
    assert "journal-2024-10-05.db" in caught.value.remedy


def test_a_missing_folder_is_made_for_writing_and_named_when_reading(opened: OpenJournal, tmp_path: Path) -> None:
    missing = tmp_path / "no" / "such" / "journal.db"
    with pytest.raises(StoreError, match="folder is missing"):
        opened(missing, readonly=True)
    opened(missing)
    assert missing.exists()
    with pytest.raises(StoreError, match="no journal here"):
        opened(missing.with_name("other.db"), readonly=True)


def test_a_folder_in_whose_place_a_file_stands_is_named(opened: OpenJournal, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        opened(tmp_path / "file" / "journal.db")
    assert str(tmp_path / "file") in caught.value.place


def test_what_is_opened_for_reading_refuses_to_write(opened: OpenJournal) -> None:
    write(opened())
    reader = opened(readonly=True)
    assert reader.state("a/b0#qa").suspended
    with pytest.raises(StoreError, match="reading only"):
        write(reader)


READING = """
os.setuid(65534) if os.getuid() == 0 else None
try:
    Journal.open(path, 0, "here").append([Suspend("a/no#qa")], Moment(6, 20_000))
except StoreError as error:
    print(error)
journal = Journal.open(path, 0, "here", readonly=True)
print(len(list(journal.events())), journal.state("a/b1#qa").suspended, journal.due(20_000))
"""


@pytest.fixture
def locked_away() -> Iterator[Path]:
    """A folder that any user may enter, unlike those of pytest; gone at the end whatever its mode became."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("killed", [False, True])
def test_a_read_only_folder_can_be_read_and_writing_says_why_not(
    opened: OpenJournal, locked_away: Path, killed: bool
) -> None:
    path = locked_away / "journal.db"
    journal = opened(path)
    write(journal, 3)
    left_behind = {each: each.read_bytes() for each in locked_away.iterdir() if not each.name.endswith("-shm")}
    journal.close()
    if killed:  # then a WAL with content lies there
        for each, content in left_behind.items():
            each.write_bytes(content)
        assert path.with_name("journal.db-wal").stat().st_size > 0
    locked_away.chmod(0o555)
    for each in locked_away.iterdir():
        each.chmod(0o444)
    result = run(READING, str(path))
    assert result.stderr == ""
    sentence, answer = result.stdout.splitlines()
    assert "read-only" in sentence or "cannot be opened" in sentence
    assert answer == "3 True {}"
