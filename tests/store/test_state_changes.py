"""The journal's file tells which cards' states changed lately, whoever changed them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from nlpcards.core.days import Moment
from nlpcards.core.journal import Alias, Event, EventId, Review, Suspend, Undo, next_hlc
from nlpcards.store import schema
from nlpcards.store.connection import connect, make_durable
from nlpcards.store.journal_file import Journal
from nlpcards.store.schema import migrate

OpenJournal = Callable[..., Journal]
NOW = Moment(1_728_000_000_000, 20_000)


def changed(journal: Journal, since: tuple[int, int] | None) -> set[str] | None:
    assert since is not None
    found = journal.changed_since(since)
    return None if found is None else set(journal.names_of(found).values())


def test_every_way_to_change_a_state_is_told(opened: OpenJournal) -> None:
    journal = opened()
    start = journal.point()
    assert changed(journal, start) == set()
    (answer,) = journal.append([Review("a/n#qa", 3, 900, None, 0)], NOW)
    assert changed(journal, start) == {"a/n#qa"}
    after = journal.point()
    assert changed(journal, after) == set()
    journal.append([Undo(answer.id)], NOW)
    assert changed(journal, after) == {"a/n#qa"}, "its state is gone"
    after = journal.point()
    journal.insert([Event(EventId("phone", 1), next_hlc(0, 5), 5, 1, Suspend("a/m#qa"))])
    opened().append([Review("a/o#qa", 3, 900, None, 0)], NOW)
    assert changed(journal, after) == {"a/m#qa", "a/o#qa"}
    after = journal.point()
    journal.append([Alias("a/present#qa", "a/o#qa")], NOW)
    assert changed(journal, after) == {"a/present#qa", "a/o#qa"}
    after = journal.point()
    with closing(sqlite3.connect(journal.path)) as other, other:
        other.execute("UPDATE card_state SET reps = 7 WHERE suspended")
    assert changed(journal, after) == {"a/m#qa"}
    after = journal.point()
    assert journal.rebuild()
    assert changed(journal, after) == {"a/m#qa"}


def test_a_point_of_another_file_tells_nothing(opened: OpenJournal, path: Path) -> None:
    one, other = opened(), opened(path.parent / "other.db")
    for journal in (one, other):
        journal.append([Review("a/n#qa", 3, 900, None, 0)], NOW)
    assert one.point() != other.point()
    assert changed(one, other.point()) is None


def test_a_file_of_the_second_version_begins_to_tell(opened: OpenJournal, path: Path) -> None:
    folder = Path(schema.__file__).parent / "migrations"
    path.parent.mkdir()
    with closing(connect(path)) as connection:
        make_durable(connection)
        migrate(connection, path, lambda _: None, [(folder / f"000{at}.sql").read_text("utf-8") for at in (1, 2)])
    journal = opened()
    since = journal.point()
    journal.append([Review("a/n#qa", 3, 900, None, 0)], NOW)
    assert changed(journal, since) == {"a/n#qa"}
    assert journal.integrity() == ()


def test_met_cards_are_found_by_their_keys(opened: OpenJournal) -> None:
    journal = opened()
    journal.append([Review("a/n#qa", 3, 900, None, 0), Suspend("a/m#qa")], NOW)
    journal.append([Review("a/o#qa", 3, 900, NOW.day + 4, 0)], NOW)
    every = {each[6]: each for each in journal.met()}
    assert {each[0] for each in every.values()} == {"a/n#qa", "a/m#qa", "a/o#qa"}
    for key, each in every.items():
        assert journal.met_among([key, 999]) == [each]
    assert sorted(journal.met_among(range(2_000))) == sorted(every.values())
