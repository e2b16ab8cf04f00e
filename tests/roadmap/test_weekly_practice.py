"""The weekly practice: what the week was, what is weakest, and what comes next, on the day that one chose."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlpcards.collection.collection import Collection
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.roadmap.changing import mark, use_track
from nlpcards.collection.weekly import FEWEST_MET, MOST_WEAK, is_practice_day, week
from nlpcards.collection.weekly_words import sentences
from nlpcards.core.roadmap.following import Status
from tests.support.calendars import TRACK, by_the_week
from tests.support.learner import Learner

WEEKS = (("a", "b"), ("c",), ("d",))


def answer(collection: Collection, decks: list[str], rating: int, *, most: int = 99) -> int:
    """Answer so many cards of some decks; gives how many were."""
    reviewing, given = Reviewing.start(collection, decks), 0
    while reviewing.asked is not None and given < most:
        reviewing.rate(rating, 5_000)
        given += 1
    return given


def test_it_tells_what_was_learned_in_the_last_seven_days_and_no_more(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS)
    with learner.open() as collection:
        answer(collection, ["d"], 4)
        learner.waits(days=6)
        answer(collection, ["a"], 4, most=3)
        learner.waits(days=1)
        answer(collection, ["b"], 1, most=1)
        answer(collection, ["c"], 4, most=2)
        found = week(collection)
    assert (found.first, found.last) == (found.last - 6, found.last)
    assert (found.introduced, found.answers, found.studied) == (6, 6, 2)
    assert found.recalled == pytest.approx(5 / 6)
    assert found.spent_ms == 30_000


def test_what_was_undone_was_not_learned(tmp_path: Path) -> None:
    with by_the_week(tmp_path, WEEKS).open() as collection:
        reviewing = Reviewing.start(collection)
        reviewing.rate(4, 1_000)
        reviewing.undo()
        found = week(collection)
    assert (found.introduced, found.answers, found.recalled, found.studied) == (0, 0, None, 0)
    assert "No card was answered" in " ".join(sentences(found))


def test_the_weakest_topics_come_first_and_those_hardly_begun_are_not_called_weak(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, (("a", "b", "c", "d", "e"),), config="[limits]\nnew = 99\n")
    with learner.open() as collection:
        for deck, rating in (("a", 4), ("b", 3), ("c", 1), ("d", 4)):
            answer(collection, [deck], rating, most=7)
        answer(collection, ["e"], 1, most=FEWEST_MET - 1)
        learner.waits(days=9)
        found = week(collection)
        recall = {topic: progress.recall for topic, (progress, _) in collection.knowing.progress(found.last).items()}
    assert len(found.weakest) == MOST_WEAK
    assert [each.id for each in found.weakest[:2]] == ["c", "b"]
    assert all(each.recall == recall[each.id] for each in found.weakest)
    assert all(each.met == 7 for each in found.weakest)


def test_the_next_milestone_and_one_resource_are_those_of_the_stage_one_is_in(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS, notes=1)

    def following() -> tuple[str | None, ...]:
        found = week(collection)
        return tuple(None if each is None else each.id for each in (found.stage, found.milestone, found.resource))

    with learner.open() as collection:
        assert following() == (None, None, None)
        use_track(collection, TRACK)
        assert following() == ("week-1", "work-1", "book-1")
        assert following() == following(), "it does not change from one look to the next"
        mark(collection, "book-1", Status.DONE)
        assert following() == ("week-1", "work-1", None)
        answer(collection, ["a"], 4)
        answer(collection, ["b"], 4)
        assert following() == ("week-2", "work-3", "book-2"), "week 2 has no work of its own"
        mark(collection, "work-3", Status.DONE)
        assert following() == ("week-2", "work-1", "book-2"), "what was left behind is still to be done"
        mark(collection, "work-1", Status.DONE)
        assert following() == ("week-2", None, "book-2")


def test_what_one_is_at_comes_before_what_one_has_not_begun(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS)
    with learner.open() as collection:
        use_track(collection, TRACK)
        mark(collection, "work-3", Status.DOING)
        found = week(collection)
        assert found.milestone is not None
        assert found.milestone.id == "work-3"
        assert any("`nlpcards mark work-3 done` ticks it" in sentence for sentence in sentences(found))


def test_the_day_of_practice_is_the_one_that_was_chosen_and_none_by_default(tmp_path: Path) -> None:
    chosen = by_the_week(tmp_path / "chosen", WEEKS, config='[roadmap]\npractice_day = "wednesday"\n')
    with chosen.open() as collection:
        day = collection.now().day  # a Monday
        assert [is_practice_day(collection, day + at) for at in range(4)] == [False, False, True, False]
        assert week(collection).practice_day == 2
        assert not week(collection).is_today
        chosen.waits(days=2)
        assert week(collection).is_today
        assert sentences(week(collection))[-1] == "Today is Wednesday, your day of practice."
    with Learner(tmp_path / "none").open() as collection:
        assert not any(is_practice_day(collection, day + at) for at in range(7))
        assert "config set roadmap.practice_day" in sentences(week(collection))[-1]
