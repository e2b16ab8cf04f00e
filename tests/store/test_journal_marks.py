"""Marks: what was set on the roadmap is kept, the last one holds on every machine, and older files take them up."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nlpcards.core.days import Moment
from nlpcards.core.journal import Alias, Body, Event, EventId, Mark, OwnNote, Review, Seen, Suspend, Tag, Undo, next_hlc
from nlpcards.store import Journal, schema
from nlpcards.store.connection import connect, make_durable
from nlpcards.store.schema import migrate

OpenJournal = Callable[..., Journal]
CARD = "lstm/gates#c1"
DAY = 20_000


def at(day: int) -> Moment:
    return Moment((DAY + day) * 86_400_000, DAY + day)


def values(journal: Journal) -> dict[str, str]:
    return {subject: event.body.value for subject, event in journal.marks().items() if isinstance(event.body, Mark)}


def test_the_last_mark_of_each_subject_holds_and_an_undo_takes_it_back(opened: OpenJournal) -> None:
    journal = opened()
    assert values(journal) == {}
    journal.append([Mark("track", '"a"'), Mark("milestone:x", "1")], at(0))
    (last,) = journal.append([Mark("track", '"b"')], at(1))
    assert values(journal) == {"track": '"b"', "milestone:x": "1"}
    assert journal.last_undoable() == (last,)
    (undo,) = journal.append([Undo(last.id)], at(1))
    assert values(journal) == {"track": '"a"', "milestone:x": "1"}
    journal.append([Undo(undo.id)], at(1))
    assert values(journal)["track"] == '"b"'
    assert [event.body for event in opened().events()] == [
        Mark("track", '"a"'),
        Mark("milestone:x", "1"),
        Mark("track", '"b"'),
        Undo(last.id),
        Undo(undo.id),
    ]


def test_marks_about_cards_are_asked_for_by_themselves(opened: OpenJournal) -> None:
    journal = opened()
    journal.append([Mark("card:anki:1:a/b#qa", "1"), Mark("card:anki:12:a/b#qa", "2"), Mark("track", '"a"')], at(0))
    (last,) = journal.append([Mark("card:anki:1:a/b#qa", "3")], at(1))
    assert values(journal) == {"track": '"a"'}
    assert journal.marks_under("card:anki:1:") == {"card:anki:1:a/b#qa": last}
    journal.append([Undo(last.id)], at(1))
    assert [event.body for event in journal.marks_under("card:anki:1:").values()] == [Mark("card:anki:1:a/b#qa", "1")]


def test_a_mark_touches_no_card_and_no_remark_and_a_rebuild_finds_nothing_to_mend(opened: OpenJournal) -> None:
    journal = opened()
    journal.append([Review(CARD, 3, 900, None, 0), OwnNote(CARD, "mine"), Tag(CARD, "own")], at(0))
    before = journal.all_states(), journal.remarks()
    journal.append([Mark("track", '"a"')], at(0))
    assert (journal.all_states(), journal.remarks()) == before
    assert journal.rebuild() == []
    assert values(journal) == {"track": '"a"'}


def test_two_devices_agree_on_the_last_mark_in_whatever_order_they_learn_of_it(
    opened: OpenJournal, tmp_path: Path
) -> None:
    events = [
        Event(EventId(device, seq), next_hlc(0, ms), ms, DAY, Mark(subject, value))
        for device, seq, ms, subject, value in (
            ("desk", 1, 100, "track", '"early"'),
            ("phone", 1, 200, "track", '"late"'),
            ("desk", 2, 150, "opened:lstm", "true"),
            # At one instant the devices' names decide.
            ("phone", 2, 150, "opened:lstm", "false"),
        )
    ]
    here, there = opened(), opened(tmp_path / "there" / "journal.db")
    here.insert(events)
    for event in reversed(events):
        there.insert([event])
        there.insert([event])
    assert values(here) == values(there) == {"track": '"late"', "opened:lstm": "false"}


def test_another_window_s_mark_is_seen_at_once(opened: OpenJournal) -> None:
    one, other = opened(), opened()
    assert values(one) == {}
    other.append([Mark("track", '"a"')], at(0))
    assert values(one) == {"track": '"a"'}


def test_a_mark_that_could_not_be_written_does_not_hold(opened: OpenJournal) -> None:
    journal = opened()

    def fails() -> None:
        with journal.together(at(0)):
            journal.append([Mark("track", '"a"')], at(0))
            assert values(journal) == {"track": '"a"'}
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert values(journal) == {}


def test_only_answers_leave_the_turn_as_it_is(opened: OpenJournal) -> None:
    journal = opened()
    turn = journal.turn
    (answer,) = journal.append([Review(CARD, 3, 900, None, 0)], at(0))
    assert journal.turn == turn
    for body in (Suspend(CARD), Undo(answer.id), Mark("track", '"a"')):
        turn = journal.turn
        journal.append([body], at(0))
        assert journal.turn != turn
    turn = journal.turn
    journal.rebuild()
    assert journal.turn != turn
    turn = journal.turn
    journal.insert([Event(EventId("phone", 1), next_hlc(0, 5), 5, DAY, Review(CARD, 3, 900, None, 0))])
    assert journal.turn != turn
    turn = journal.turn
    opened().append([Review(CARD, 3, 900, None, 1)], at(1))
    assert journal.turn != turn, "another process answered"


def test_a_file_of_the_first_version_keeps_every_event_and_takes_marks(opened: OpenJournal, path: Path) -> None:
    frozen = (Path(schema.__file__).parent / "migrations" / "0001.sql").read_text("utf-8")
    path.parent.mkdir()
    with closing(connect(path)) as connection:
        make_durable(connection)
        migrate(connection, path, lambda _: None, [frozen])
    source = opened(path.parent / "source.db")
    bodies: list[Body] = [
        Review(CARD, 3, 900, None, 0, "abc", 0, '{"typed":"x"}'),
        Suspend(CARD),
        OwnNote(CARD, "mine"),
        Alias("lstm/gates#c2", CARD),
        Seen("lstm/gates", "abc", 7),
    ]
    written = source.append(bodies, at(0))
    written += source.append([Undo(written[1].id)], at(1))
    tables = ("device", "card", "event", "installation", "undone", "renamed", "card_state")
    with closing(connect(path)) as connection:
        connection.execute("ATTACH DATABASE ? AS other", (str(source.path),))
        for table in tables:
            connection.execute(f"INSERT INTO {table} SELECT * FROM other.{table}")
    journal = opened()
    assert tuple(journal.events()) == written
    assert journal.rebuild() == []
    assert journal.remarks()["lstm/gates#c2"].note == "mine"
    journal.append([Mark("track", '"a"')], at(2))
    assert values(journal) == {"track": '"a"'}
    with closing(connect(path)) as connection:
        for statement in ("UPDATE event SET kind = 2", "DELETE FROM event"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                connection.execute(statement)
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT 1 FROM event e WHERE e.kind >= 13 AND e.kind < 18 AND e.card = 1"
        ).fetchall()
        assert "event_remark" in plan[0][3]
    assert journal.integrity() == ()


def test_a_file_of_the_first_version_that_is_only_looked_at_is_brought_up_to_date_all_the_same(
    opened: OpenJournal, path: Path
) -> None:
    frozen = (Path(schema.__file__).parent / "migrations" / "0001.sql").read_text("utf-8")
    path.parent.mkdir()
    with closing(connect(path)) as connection:
        make_durable(connection)
        migrate(connection, path, lambda _: None, [frozen])
    journal = opened(readonly=True)
    assert values(journal) == {}
    assert (path.parent / "backups" / "journal-format-1.db").exists()
