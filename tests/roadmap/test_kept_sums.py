"""What all cards came to is kept as long as nothing has changed that it follows from, and never longer."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nlpcards.collection.collection import Collection
from nlpcards.collection.roadmap.knowing import Knowing
from nlpcards.collection.roadmap.sums import KeptSums, Sums, digest_of
from nlpcards.core.journal import Review, Setting, Suspend, Undo
from tests.support.learner import Learner
from tests.support.lives import FITTED
from tests.support.roadmaps import deck_on, on_a_way

NEEDS = {"a": [], "b": ["a"]}


def later() -> int:
    """An instant at which what was written until now has surely stopped changing."""
    return time.time_ns() + 60_000_000_000


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    learner = on_a_way(tmp_path, NEEDS, ["a"], ["b"])
    with learner.open() as collection:
        now = collection.now()
        collection.journal.append([Review("a/n0#qa", 4, 900, now.day + 9, 0)], now)
        collection.journal.append([Review("a/n1#qa", 3, 900, None, 0), Suspend("b/n0#qa")], now)
    return learner


def loaded(collection: Collection) -> Sums | None:
    """What is kept for today and holds."""
    kept = KeptSums(collection, later)
    return kept.load(kept.look(collection.now().day, digest_of(collection.library)))


def looked(collection: Collection) -> object:
    """All that is known of each topic, by looking at every card: nothing that changed a moment ago was kept."""
    day = collection.now().day
    knowing = Knowing(collection, lambda: 0)
    return knowing.progress(day), knowing.readiness(day)


def known(collection: Collection) -> object:
    day = collection.now().day
    knowing = Knowing(collection, later)
    return knowing.progress(day), knowing.readiness(day)


def test_what_was_kept_is_what_one_finds_by_looking(learner: Learner) -> None:
    with learner.open() as collection:
        assert loaded(collection) is None
        fresh = looked(collection)
        assert loaded(collection) is None, "the journal was written a moment ago"
        assert known(collection) == fresh
        assert loaded(collection) is not None
        assert known(collection) == fresh
    learner.waits(days=30)
    with learner.open() as collection:
        assert loaded(collection) is None, "it is another day"
        assert known(collection) == looked(collection)
        sums = loaded(collection)
        assert sums is not None
        assert sums.answered == frozenset()
        assert {topic: ready for topic, (_, ready) in sums.now.items()} == sums.morning


def answer(learner: Learner, collection: Collection) -> None:
    collection.journal.append([Review("b/n1#qa", 4, 900, collection.now().day + 9, 0)], collection.now())


def answer_elsewhere(learner: Learner, collection: Collection) -> None:
    with learner.open() as other:
        answer(learner, other)


def undo(learner: Learner, collection: Collection) -> None:
    collection.journal.append([Undo(collection.journal.last_undoable()[0].id)], collection.now())


def fit(learner: Learner, collection: Collection) -> None:
    collection.journal.append([Setting("parameters", FITTED)], collection.now())


def add_a_note(learner: Learner, collection: Collection) -> None:
    learner.write("a", deck_on("a", 3))
    collection.reload()


def move_a_note(learner: Learner, collection: Collection) -> None:
    learner.write("a", deck_on("a", 2).replace("  - id: n0\n", "  - id: n0\n    topic: b\n"))
    collection.reload()


@pytest.mark.parametrize("change", [answer, answer_elsewhere, undo, fit, add_a_note, move_a_note])
def test_whatever_it_follows_from_makes_it_a_matter_of_looking_again(
    learner: Learner, change: Callable[[Learner, Collection], None]
) -> None:
    with learner.open() as collection:
        before = known(collection)
        assert loaded(collection) is not None
        change(learner, collection)
        assert loaded(collection) is None
        assert known(collection) == looked(collection) != before


def test_what_is_written_and_not_yet_in_the_file_is_looked_at(learner: Learner) -> None:
    with learner.open() as collection:
        before = known(collection)

        def begin_and_fail() -> None:
            with collection.journal.together(collection.now()):
                answer(learner, collection)
                assert known(collection) == looked(collection) != before
                raise KeyError

        with pytest.raises(KeyError):
            begin_and_fail()
        assert known(collection) == before


def test_what_changes_while_it_is_summed_is_not_kept(learner: Learner) -> None:
    with learner.open() as collection:
        kept = KeptSums(collection, later)
        look = kept.look(collection.now().day, digest_of(collection.library))
        sums = Sums({}, {}, frozenset())
        answer(learner, collection)
        kept.keep(sums, look)
        assert kept.load(look) is None


@pytest.mark.parametrize("at", [0, 5, 60, -1])
def test_damage_costs_time_only(learner: Learner, at: int) -> None:
    with learner.open() as collection:
        fresh = known(collection)
        (file,) = collection.home.deck_cache.glob("*.sums")
        whole = bytearray(file.read_bytes())
        whole[at] ^= 255
        file.write_bytes(whole)
        assert loaded(collection) is None
        assert known(collection) == fresh
        file.write_bytes(whole[:at])
        assert known(collection) == fresh
        file.unlink()
        file.mkdir()
        assert known(collection) == fresh
