"""What is due is counted once and told again, and counted anew as soon as anything has changed that it follows from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nlpcards.collection.clock import Clock
from nlpcards.collection.last_count import DeckCount, counts_of, keep, last_count, look
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.journal import Setting
from nlpcards.decks.stamps import COARSEST_NS
from tests.support.learner import Learner
from tests.support.program import Program, deck_of

LATER = 2**62
"""An instant (ns) by which all files have been quiet for long."""


def counted(learner: Learner, now_ns: int = LATER) -> tuple[DeckCount, ...]:
    """Count anew, and keep it."""
    looked = look(learner.home, [learner.decks])
    with learner.open() as collection:
        counts = counts_of(collection.plan(collection.chosen(())), collection.library.decks)
    # What was opened for writing has changed the journal's files by now; `due` opens it for reading.
    looked = look(learner.home, [learner.decks])
    with learner.open() as collection:
        keep(collection, looked, counts, now_ns)
    return counts


def told(learner: Learner) -> tuple[DeckCount, ...] | None:
    return last_count(learner.home, [learner.decks], Clock(lambda: learner.at, learner.zone))


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    made = Learner(tmp_path)
    answer(made)
    return made


def answer(learner: Learner) -> None:
    with learner.open() as collection:
        Reviewing.start(collection).rate(3, 4000)


def test_what_was_counted_is_told_again_while_nothing_changes(learner: Learner) -> None:
    assert told(learner) is None
    counts = counted(learner)
    assert counts == (DeckCount("made", 18, 1, 0),) or counts[0].total == 20
    assert told(learner) == counts
    learner.waits(hours=2)
    assert told(learner) == counts


def goes_to_bed(learner: Learner) -> None:
    learner.waits(days=1)


def flies(learner: Learner) -> None:
    learner.zone = ZoneInfo("Pacific/Auckland")


def writes(name: str, text: str) -> Callable[[Learner], object]:
    def write(learner: Learner) -> None:
        path = learner.decks / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")

    return write


def prefers(learner: Learner) -> None:
    learner.home.settings.write_text("[limits]\nnew = 3\n", "utf-8")


def sets(learner: Learner) -> None:
    with learner.open() as collection:
        collection.journal.append([Setting("rollover", "12")], collection.now())


CHANGES: dict[str, Callable[[Learner], object]] = {
    "an answer": answer,
    "a night": goes_to_bed,
    "another zone": flies,
    "a deck is edited": writes("made.yaml", deck_of(4)),
    "a deck comes": writes("more.yaml", deck_of(3, "more")),
    "a deck comes in a folder that was there": writes("folder/more.yaml", deck_of(3, "more")),
    "a deck goes": lambda learner: (learner.decks / "made.yaml").unlink(),
    "other limits": prefers,
    "another rollover": sets,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_it_is_counted_anew(learner: Learner, change: Callable[[Learner], object]) -> None:
    (learner.decks / "folder").mkdir()
    counted(learner)
    change(learner)
    assert told(learner) is None


def test_a_folder_behind_a_link_is_looked_into(learner: Learner, tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "deep").mkdir(parents=True)
    (learner.decks / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(learner.decks)
    counted(learner)
    assert told(learner) is not None
    (tmp_path / "elsewhere" / "deep" / "more.yaml").write_text(deck_of(2, "more"), "utf-8")
    assert told(learner) is None


def test_nothing_is_kept_of_what_changed_a_moment_ago(learner: Learner) -> None:
    newest = max((learner.decks / "made.yaml").stat().st_ctime_ns, learner.home.journal.stat().st_ctime_ns)
    counted(learner, newest + COARSEST_NS // 2)
    assert told(learner) is None
    counted(learner, newest + 60 * COARSEST_NS)
    assert told(learner) is not None


def test_nothing_is_kept_where_a_file_changed_while_it_was_counted(learner: Learner) -> None:
    looked = look(learner.home, [learner.decks])
    with learner.open() as collection:
        counts = counts_of(collection.plan(collection.chosen(())), collection.library.decks)
        learner.write("made", deck_of(3))
        keep(collection, looked, counts, LATER)
    assert told(learner) is None


def test_nothing_is_kept_of_decks_that_have_an_error(learner: Learner) -> None:
    learner.write("broken", "deck: broken\nnotes:\n  - id: a\n    q: What?\n")
    counted(learner)
    assert told(learner) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"asked": 1}'])
def test_a_kept_file_that_means_nothing_is_passed_over(learner: Learner, text: str) -> None:
    counted(learner)
    (kept,) = learner.home.cache.glob("due-*.json")
    kept.write_text(text, "utf-8")
    assert told(learner) is None


def test_the_summer_begins_in_the_night_and_the_day_is_another_one(learner: Learner) -> None:
    learner.goes_to(datetime(2026, 3, 28, 23, 0))
    counts = counted(learner)
    learner.at += timedelta(hours=3)  # 03:00, an hour that the clocks leave out
    assert told(learner) == counts
    learner.at += timedelta(hours=1)
    assert told(learner) is None


def test_the_program_tells_what_it_kept_and_counts_anew_after_an_answer(program: Program) -> None:
    program.run("review", "--plain", typed="\n3\n\n4\nq\n")
    first = program.json("due")
    decks = [{"deck": "made", "new": 18, "learning": 1, "review": 0}]
    assert first == {"new": 18, "learning": 1, "review": 0, "total": 19, "decks": decks}
    assert program.json("due") == first
    for kept in (program.home / "cache").glob("due-*.json"):
        kept.write_text(json.dumps(json.loads(kept.read_text()) | {"counts": [["made", 5, 0, 0]]}))
        assert program.json("due")["total"] == 5
    program.run("review", "--plain", typed="\n4\nq\n")
    assert program.json("due")["total"] == 18
