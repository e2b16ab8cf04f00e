"""The day's plan over real decks and a real journal: limits, what is confusable, minutes, practice, balanced days."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from nlpcards.collection.planning import pace
from nlpcards.collection.practising import NOTICE, Practising, begin
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.days import date_of
from nlpcards.core.journal import Review, Setting
from nlpcards.core.queue import Ahead, Cram, Daily, Pace
from nlpcards.core.queue.budget import FEWEST_ANSWERS
from nlpcards.core.state import Interval
from tests.support import program
from tests.support.learner import Learner


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path)


def configured(learner: Learner, text: str) -> None:
    learner.home.settings.parent.mkdir(parents=True, exist_ok=True)
    learner.home.settings.write_text(text, "utf-8")


def answer_all(learner: Learner, rating: int = 4, *, took: int = 5_000) -> list[str]:
    """Answer all of the day's cards alike; gives those asked."""
    asked = []
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        while reviewing.asked is not None:
            asked.append(reviewing.asked.card.id)
            reviewing.rate(rating, took)
    return asked


def notes(name: str, *lines: str) -> str:
    """A deck with the notes `a`, `b` …, each with further keys."""
    text = [f"deck: {name}", f"title: {name}", "notes:"]
    for letter, more in zip("abcdefgh", lines, strict=False):
        text += [f"  - id: {letter}", f"    q: What is {letter} of {name}?", f"    a: The letter {letter}."]
        text += [f"    {more}"] if more else []
    return "\n".join(text) + "\n"


def test_a_deck_s_own_limit_holds_within_the_global_one(learner: Learner) -> None:
    learner.write("other", program.deck_of(40, "other"))
    configured(learner, "[limits]\nnew = 15\n[limits.decks.made]\nnew = 4\n")
    assert Counter(map(deck_of, answer_all(learner))) == {"made": 4, "other": 11}
    assert answer_all(learner) == []
    learner.waits(days=1)
    with learner.open() as collection:
        assert Counter(map(deck_of, collection.plan(collection.chosen(())).new)) == {"made": 4, "other": 11}


def test_a_note_is_not_introduced_within_three_days_of_one_that_names_it_confusable(learner: Learner) -> None:
    (learner.decks / "made.yaml").unlink()
    learner.write("gates", notes("gates", "", "confusable: [a]", "", "", "", ""))
    configured(learner, "[limits]\nnew = 2\n")
    days = []
    for _ in range(7):
        days.append([note_of(card) for card in answer_all(learner) if card in _new_today(learner)])
        learner.waits(days=1)
    first = {note: day for day, introduced in enumerate(days) for note in introduced}
    assert set(first) == {f"gates/{letter}" for letter in "abcdef"}
    assert first["gates/a"] == 0
    assert days[0] == ["gates/a", "gates/c"]
    assert days[1] == ["gates/d", "gates/e"]
    assert days[2] == ["gates/f"]
    assert days[3] == ["gates/b"], "nothing else was left"


def _new_today(learner: Learner) -> set[str]:
    with learner.open() as collection:
        day = collection.now().day
        return collection.journal.introduced_between(day, day)


def test_what_a_note_needs_is_met_by_a_suspended_note_and_by_none_and_not_by_one_on_the_steps(
    learner: Learner,
) -> None:
    (learner.decks / "made.yaml").unlink()
    learner.write("gates", notes("gates", "", "needs: [a]", "needs: [d]", "", "needs: [gone/x]"))

    def new() -> list[str]:
        with learner.open() as collection:
            return [note_of(card)[-1] for card in collection.plan(collection.chosen(())).new]

    assert new() == ["a", "d", "e"]
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        reviewing.suspend()
        reviewing.rate(3, 1_000)
    assert new() == ["b", "e"]


def test_days_are_balanced_as_the_buttons_say_and_no_card_goes_to_a_day_of_no_weight(learner: Learner) -> None:
    configured(learner, "[limits]\nnew = 40\n[easy_days]\nsunday = 0\nsaturday = 0.5\n")
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        while reviewing.asked is not None:
            shown = reviewing.asked
            reviewing.rate(4, 1_000)
            assert collection.state(shown.card.id).schedule == shown.outcomes[4].schedule
    with learner.open() as collection:
        day = collection.now().day
        due = collection.journal.due_counts(day, day + 60)
        assert sum(due.values()) == 40
        assert not any(date_of(each).weekday() == 6 for each in due)
        assert collection.journal.rebuild() == []


def test_the_retention_of_a_deck_shortens_its_intervals_and_is_undone_like_any_event(learner: Learner) -> None:
    configured(learner, "[review]\nbalance = false\n")
    with learner.open() as collection:
        usual = Reviewing.start(collection).asked
        assert usual is not None
        collection.journal.append([Setting("desired_retention/made", "0.97")], collection.now())
        strict = Reviewing.start(collection).asked
        assert strict is not None
        schedules = [asked.outcomes[4].schedule for asked in (usual, strict)]
        assert all(isinstance(schedule, Interval) for schedule in schedules)
        assert schedules[1].due < schedules[0].due  # type: ignore[union-attr]


def test_a_backlog_is_spread_and_what_was_done_counts(learner: Learner) -> None:
    configured(learner, "[limits]\nnew = 40\n")
    answer_all(learner)
    configured(learner, "[limits]\nnew = 0\n")
    learner.waits(days=60)
    with learner.open() as collection:
        everything = collection.chosen(())
        assert collection.plan(everything).counts.review == 40
        reviewing = begin(collection, purpose=Daily(catch_up=4))
        assert reviewing.counts.review == 10
        for _ in range(3):
            reviewing.rate(3, 1_000)
        assert begin(collection, purpose=Daily(catch_up=4)).counts.review == 7
        by = date_of(collection.now().day) + timedelta(days=3)
    configured(learner, f"[limits]\nnew = 0\n[review]\ncaught_up_by = {by}\n")
    with learner.open() as collection:
        plan = collection.plan(collection.chosen(()))
        assert (plan.counts.review, plan.held_back) == (7, 30)


def test_minutes_take_as_many_cards_as_one_s_own_answers_say(learner: Learner) -> None:
    answer_all(learner, took=30_000)
    learner.waits(days=60)
    with learner.open() as collection:
        assert pace(collection, collection.now().day) == Pace(new=30.0)
    assert len(answer_all(learner, 3, took=2_000)) >= FEWEST_ANSWERS
    learner.waits(days=200)
    with learner.open() as collection:
        assert pace(collection, collection.now().day).review == 2
        # Two seconds each, or ten where a card is not recalled: the step that follows is taken to last eight.
        assert 6 <= begin(collection, purpose=Daily(minutes=1)).counts.total <= 30
        assert begin(collection, purpose=Daily(minutes=100)).counts.total == 40


def test_practice_asks_until_recalled_and_leaves_no_trace(learner: Learner) -> None:
    answer_all(learner)
    with learner.open() as collection:
        states, last = collection.journal.all_states(), collection.journal.last_event()
        reviewing = begin(collection, purpose=Cram())
        assert isinstance(reviewing, Practising)
        assert reviewing.notices == [NOTICE]
        total = reviewing.counts.total
        assert total == 40
        assert reviewing.asked is not None
        failed = reviewing.asked.card.id
        assert reviewing.asked.labels == {1: "soon", 2: "done", 3: "done", 4: "done"}
        reviewing.rate(1, 1_000)
        assert reviewing.counts.total == total
        assert reviewing.undo() == "the last answer"
        assert reviewing.asked.card.id == failed
        assert reviewing.answered == 0
        reviewing.rate(1, 1_000)
        asked = [failed]
        while reviewing.asked is not None:
            asked.append(reviewing.asked.card.id)
            reviewing.rate(3, 1_000)
        assert Counter(asked)[failed] == 2
        assert len(set(asked)) == total
        summary = reviewing.summary()
        assert (summary.answers, summary.introduced, summary.learned) == (total + 1, (), ())
        assert collection.journal.all_states() == states
        assert collection.journal.last_event() == last


def test_what_one_does_to_a_card_in_practice_is_stored_and_undone(learner: Learner) -> None:
    with learner.open() as collection:
        reviewing = begin(collection, purpose=Cram())
        assert reviewing.undo() is None
        assert reviewing.asked is not None
        card = reviewing.asked.card.id
        reviewing.suspend()
        assert collection.state(card).suspended
        reviewing.undo()
        assert not collection.state(card).suspended
        assert reviewing.asked.card.id == card


def test_studying_ahead_stores_its_answers_where_that_is_asked_for(learner: Learner) -> None:
    answer_all(learner)
    learner.waits(days=1)
    with learner.open() as collection:
        day = collection.now().day
        ahead = begin(collection, purpose=Ahead(60, counts=True))
        assert not isinstance(ahead, Practising)
        waiting = ahead.counts.review
        assert waiting == len(collection.journal.due_between(day + 1, day + 60)) == 20
        asked = set()
        while ahead.asked is not None:
            asked.add(ahead.asked.card.id)
            ahead.rate(3, 1_000)
        assert len(asked) == waiting
        stored = [event for event in collection.journal.events_on(day) if isinstance(event.body, Review)]
        assert len(stored) == waiting
        assert begin(collection, purpose=Ahead(60, counts=True)).counts.total == 0, "each was studied today"


def test_a_date_of_catching_up_is_a_study_day(learner: Learner) -> None:
    configured(learner, "[review]\ncaught_up_by = 2026-03-05\n")
    with learner.open() as collection:
        by = collection.taste.rules.caught_up_by
        assert by is not None
        assert date_of(by) == date(2026, 3, 5)
