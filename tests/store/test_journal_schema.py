from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nlpcards.core.days import Moment
from nlpcards.core.errors import StoreError
from nlpcards.core.journal import Suspend
from nlpcards.store import Journal, schema
from nlpcards.store.connection import APPLICATION, connect, make_durable
from nlpcards.store.schema import VERSION, migrate, migrations, statements

OpenJournal = Callable[..., Journal]
GROWN = "ALTER TABLE card ADD COLUMN note TEXT;\nUPDATE installation SET since_ms = 77;"


def version(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as connection:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        return application, connection.execute("PRAGMA user_version").fetchone()[0]


def test_every_migration_is_packaged_and_the_last_is_this_version() -> None:
    folder = Path(schema.__file__).parent / "migrations"
    assert sorted(path.name for path in folder.iterdir()) == [f"{number:04}.sql" for number in range(1, VERSION + 1)]


def test_a_new_file_says_whose_it_is_and_which_version(opened: OpenJournal, path: Path) -> None:
    opened().close()
    assert version(path) == (APPLICATION, VERSION)


def test_an_older_file_is_brought_up_to_date_after_a_copy_of_it(opened: OpenJournal, path: Path) -> None:
    journal = opened()
    (event,) = journal.append([Suspend("a/b#qa")], Moment(5, 20_000))
    journal.close()
    kept: list[int] = []
    with closing(connect(path)) as connection:
        migrate(connection, path, kept.append, [*migrations(), GROWN])
        assert connection.execute("SELECT note FROM card").fetchall() == [(None,)]
        assert connection.execute("SELECT count(*), max(at_ms) FROM event").fetchone() == (1, event.at_ms)
    assert kept == [VERSION]
    assert version(path) == (APPLICATION, VERSION + 1)


def test_a_migration_that_fails_leaves_the_file_as_it_was(opened: OpenJournal, path: Path) -> None:
    opened().append([Suspend("a/b#qa")], Moment(5, 20_000))
    with closing(connect(path)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, path, lambda _: None, [*migrations(), GROWN, "SELECT * FROM nowhere;"])
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("SELECT note FROM card")
    assert version(path) == (APPLICATION, VERSION)
    assert len(list(opened().events())) == 1


@pytest.mark.parametrize("readonly", [False, True])
def test_a_file_made_by_the_frozen_first_version_opens_and_is_copied_first(
    opened: OpenJournal, path: Path, readonly: bool
) -> None:
    frozen = (Path(schema.__file__).parent / "migrations" / "0001.sql").read_text("utf-8")
    path.parent.mkdir()
    with closing(connect(path)) as connection:
        make_durable(connection)
        migrate(connection, path, lambda _: None, [frozen])
        connection.execute("INSERT INTO device VALUES (1, 'old')")
        connection.execute("INSERT INTO card VALUES (1, 'a/b#qa')")
        connection.execute(
            "INSERT INTO event (device, seq, hlc, at_ms, day, kind, card) VALUES (1, 1, 65536, 1, 20000, 2, 1)"
        )
    journal = opened(readonly=readonly)
    assert [event.id.device for event in journal.events()] == ["old"]
    writable = opened()
    assert [each.what for each in writable.rebuild()] == ["state"]
    assert writable.state("a/b#qa").suspended
    assert version(path.parent / "backups" / "journal-format-1.db") == (APPLICATION, 1)


def test_a_newer_file_is_refused_in_one_sentence_and_not_touched(opened: OpenJournal, path: Path) -> None:
    opened().close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    before = path.read_bytes()
    for readonly in (False, True):
        with pytest.raises(StoreError, match=r"newer nlpcards.*Update"):
            opened(readonly=readonly)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_not_touched(opened: OpenJournal, path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (id)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program's"):
        opened()
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_statements_are_split_where_they_end_and_triggers_kept_whole() -> None:
    trigger = "CREATE TRIGGER t BEFORE DELETE ON a\nBEGIN SELECT RAISE(ABORT, 'no'); END;\n"
    assert list(statements(f"-- words; more words\nCREATE TABLE a (b);\n{trigger}")) == [
        "-- words; more words\nCREATE TABLE a (b);\n",
        trigger,
    ]
    with pytest.raises(ValueError, match="ends within"):
        list(statements("CREATE TABLE a (b);\nCREATE TABLE c (d)"))
