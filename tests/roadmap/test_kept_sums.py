"""What all cards came to is kept: only the cards that changed since are looked at again, and nothing is ever missed."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest

import nlpcards
from nlpcards.collection.collection import Collection
from nlpcards.collection.roadmap.knowing import Knowing
from nlpcards.collection.roadmap.sums import SUMMING, KeptSums
from nlpcards.core.journal import Review, Setting, Suspend, Undo, Unsuspend
from nlpcards.core.roadmap.met_cards import MetCards
from nlpcards.decks.library import Library
from nlpcards.store import Journal
from tests.support.learner import Learner
from tests.support.lives import FITTED
from tests.support.roadmaps import deck_on, on_a_way

NEEDS = {"a": [], "b": ["a"]}


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    learner = on_a_way(tmp_path, NEEDS, ["a"], ["b"])
    with learner.open() as collection:
        now = collection.now()
        collection.journal.append([Review("a/n0#qa", 4, 900, now.day + 9, 0)], now)
        collection.journal.append([Review("a/n1#qa", 3, 900, None, 0), Suspend("b/n0#qa")], now)
    return learner


def known(collection: Collection) -> object:
    """All that is known of each topic, as a process that just started finds it."""
    knowing, day = Knowing(collection), collection.now().day
    return knowing.progress(day), knowing.readiness(day)


def looked(collection: Collection) -> object:
    """The same by looking at every card, whatever is kept."""
    for each in collection.home.deck_cache.glob("*.sums"):
        each.unlink()
    return known(collection)


def asked(collection: Collection) -> list[str]:
    """What the journal is asked about all cards while a process that just started finds what is known."""
    said: list[str] = []
    connection = collection.journal._connection
    connection.set_trace_callback(said.append)
    known(collection)
    connection.set_trace_callback(None)
    return [each for each in said if "s.phase <> 0 OR s.suspended" in each and "s.card IN" not in each]


def answer(learner: Learner, collection: Collection) -> None:
    collection.journal.append([Review("b/n1#qa", 4, 900, collection.now().day + 9, 0)], collection.now())


def answer_again(learner: Learner, collection: Collection) -> None:
    collection.journal.append([Review("a/n0#qa", 1, 900, None, 1)], collection.now())


def answer_elsewhere(learner: Learner, collection: Collection) -> None:
    with learner.open() as other:
        answer(learner, other)


def undo(learner: Learner, collection: Collection) -> None:
    collection.journal.append([Undo(collection.journal.last_undoable()[0].id)], collection.now())


def suspend(learner: Learner, collection: Collection) -> None:
    collection.journal.append([Suspend("a/n0#qa"), Unsuspend("b/n0#qa")], collection.now())


def wait(learner: Learner, collection: Collection) -> None:
    learner.waits(days=30)


def wait_and_answer(learner: Learner, collection: Collection) -> None:
    learner.waits(days=1)
    answer_again(learner, collection)


def fit(learner: Learner, collection: Collection) -> None:
    collection.journal.append([Setting("parameters", FITTED)], collection.now())


FOLLOWED = [answer, answer_again, answer_elsewhere, undo, suspend, wait, wait_and_answer, fit]


@pytest.mark.parametrize("change", FOLLOWED)
def test_what_changed_is_followed_without_a_look_at_all_cards(
    learner: Learner, change: Callable[[Learner, Collection], None]
) -> None:
    with learner.open() as collection:
        before = known(collection)
        change(learner, collection)
        assert asked(collection) == []
        found = known(collection)
        assert found == looked(collection) != before


def add_a_note(learner: Learner, collection: Collection) -> None:
    learner.write("a", deck_on("a", 3))
    collection.reload()


def move_a_note(learner: Learner, collection: Collection) -> None:
    learner.write("a", deck_on("a", 2).replace("  - id: n0\n", "  - id: n0\n    topic: b\n"))
    collection.reload()


@pytest.mark.parametrize("change", [add_a_note, move_a_note])
def test_other_decks_make_it_a_matter_of_looking_again(
    learner: Learner, change: Callable[[Learner, Collection], None]
) -> None:
    with learner.open() as collection:
        before = known(collection)
        change(learner, collection)
        assert len(asked(collection)) == 1
        found = known(collection)
        assert found == looked(collection) != before


def test_tomorrow_is_kept_beside_today(learner: Learner) -> None:
    with learner.open() as collection:
        day = collection.now().day
        both = [Knowing(collection).progress(each) for each in (day, day + 1, day)]
        assert both[0] == both[2] != both[1]
        answer(learner, collection)
        found = [Knowing(collection).progress(each) for each in (day, day + 1)]
        looked(collection)
        assert found == [Knowing(collection).progress(each) for each in (day, day + 1)]
        assert found[0] != both[0]


def test_what_is_written_and_not_yet_in_the_file_is_neither_missed_nor_kept(learner: Learner) -> None:
    with learner.open() as collection:
        before = known(collection)

        def begin_and_fail() -> None:
            with collection.journal.together(collection.now()):
                answer(learner, collection)
                inside = known(collection)
                assert inside != before
                raise KeyError

        with pytest.raises(KeyError):
            begin_and_fail()
        assert known(collection) == before
        answer_again(learner, collection)
        found = known(collection)
        assert found == looked(collection)


def test_a_journal_that_was_put_in_the_place_of_another_is_looked_at(learner: Learner, tmp_path: Path) -> None:
    older = tmp_path / "older.sqlite"
    with learner.open() as collection:
        collection.journal.backup(older)
        answer(learner, collection)
        path, before = collection.journal.path, known(collection)
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    copyfile(older, path)
    with learner.open() as collection:
        answer_again(learner, collection)
        found = known(collection)
        assert found == looked(collection) != before


def test_more_changes_than_the_file_remembers_are_looked_at_all(learner: Learner) -> None:
    with learner.open() as collection:
        known(collection)
        with closing(sqlite3.connect(collection.journal.path)) as other, other:
            other.executemany("UPDATE card_state SET flag = ? WHERE card = 1", [(flag % 8,) for flag in range(8_200)])
            other.execute("UPDATE card_state SET suspended = 1 WHERE card = 2")
            assert other.execute("SELECT count(*) FROM state_change").fetchone()[0] == 8192
        assert len(asked(collection)) == 1
        found = known(collection)
        assert found == looked(collection)


@pytest.mark.parametrize("at", [0, 5, 60, -1])
def test_damage_costs_time_only(learner: Learner, at: int) -> None:
    with learner.open() as collection:
        fresh = known(collection)
        (file,) = collection.home.deck_cache.glob("*.sums")
        whole = bytearray(file.read_bytes())
        whole[at] ^= 255
        file.write_bytes(whole)
        assert len(asked(collection)) == 1
        assert known(collection) == fresh
        file.write_bytes(whole[:at])
        assert known(collection) == fresh
        file.unlink()
        file.mkdir()
        assert known(collection) == fresh


def test_other_code_that_sums_is_noticed() -> None:
    package = Path(nlpcards.__file__).parent
    for works in (Knowing.progress, KeptSums.sums, MetCards.known, Journal.met, Library.outline):
        assert Path(inspect.getfile(works)).parent.relative_to(package).as_posix() in SUMMING
