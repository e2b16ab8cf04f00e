"""Today as values: what is due by deck and topic, how long it takes and by what, the streak, the days to come."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.collection.estimating import Estimate, about, estimate, in_words
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.streak import Streak
from nlpcards.collection.today import DAYS_AHEAD
from nlpcards.collection.today_words import headline, streak_in_words
from nlpcards.core.days import date_of
from nlpcards.core.queue import Counts, Sort
from nlpcards.core.queue.budget import FEWEST_ANSWERS
from tests.support.learner import Learner
from tests.support.program import deck_of


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path)


def answer(learner: Learner, *, rating: int = 4, cards: int | None = None, took: int = 6_000) -> None:
    """Answer what is due, or so many cards of it, and wait for the next morning."""
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        while reviewing.asked is not None and cards != 0:
            reviewing.rate(rating, took)
            cards = None if cards is None else cards - 1
    learner.waits(days=1)


def streak_of(learner: Learner) -> Streak:
    with learner.open() as collection:
        return collection.today().streak


def configure(learner: Learner, text: str) -> None:
    learner.home.settings.parent.mkdir(exist_ok=True)
    learner.home.settings.write_text(text, "utf-8")


# ---- by deck and topic


def test_what_is_due_is_the_same_by_deck_and_by_topic_as_in_all(learner: Learner) -> None:
    learner.write("made", deck_of(12).replace("title:", "topic: gates\ntitle:"))
    learner.write("other", deck_of(9, "other"))
    learner.write("third", deck_of(4, "third").replace("    a: Answer 2.", "    a: Answer 2.\n    topic: gates"))
    answer(learner, cards=10)
    with learner.open() as collection:
        today = collection.today()
    assert [row.topic for row in today.topics] == ["gates", ""]
    for rows in (today.rows, today.topics):
        assert sum((row.counts for row in rows), Counts()) == today.counts
        assert sum(row.cards for row in rows) == today.cards == 25
        assert sum(row.introduced for row in rows) == today.introduced == 10
    assert today.topics[0].cards == 13


def test_decks_with_something_to_ask_come_first_then_those_that_were_begun(learner: Learner) -> None:
    for name in ("first", "second", "third", "fourth"):
        learner.write(name, deck_of(3, name))
    with learner.open() as collection:
        for name, rating in (("fourth", 1), ("second", 4)):
            reviewing = Reviewing.start(collection, (name,))
            reviewing.rate(rating, 6_000)
    learner.waits(days=1)
    configure(learner, "[limits]\nnew = 0\n")
    with learner.open() as collection:
        rows = collection.today().rows
    assert [
        (row.deck.id, row.counts.total > 0, row.introduced) for row in rows if row.introduced or row.counts.total
    ] == [
        ("fourth", True, 1),
        ("second", False, 1),
    ]
    assert [row.deck.id for row in rows][:2] == ["fourth", "second"]


def test_the_forecast_goes_over_two_weeks(learner: Learner) -> None:
    answer(learner)
    with learner.open() as collection:
        today = collection.today()
        first = collection.now().day + 1
        due = dict.fromkeys(range(first, first + DAYS_AHEAD), 0)
        for _, day in collection.journal.due_between(first, first + DAYS_AHEAD - 1):
            due[day] += 1
    assert today.ahead == tuple(due.values())
    assert len(today.ahead) == DAYS_AHEAD == 14


# ---- how long it takes


def test_before_there_are_answers_the_estimate_is_said_to_be_a_usual_pace(learner: Learner) -> None:
    with learner.open() as collection:
        today = collection.today()
    assert today.takes.answers == 0
    assert "; about 9 min at a usual pace." in headline(today)


def test_the_estimate_rests_on_ones_own_answers_and_says_on_how_many(learner: Learner) -> None:
    answer(learner, took=30_000)
    with learner.open() as collection:
        day = collection.now().day
        new = estimate(collection, Counts(new=2), day)
        review = estimate(collection, Counts(review=2), day)
    assert new == Estimate(76.0, 20, (Sort.STEPS,))
    assert in_words(new) == "about 1 min by your last 20 answers and a usual pace"
    assert review.answers == 0
    assert review.usual == (Sort.REVIEW,)


def test_once_all_sorts_are_measured_no_usual_pace_is_left(learner: Learner) -> None:
    configure(learner, "[limits]\nnew = 40\n")
    answer(learner, rating=3)
    with learner.open() as collection:
        found = estimate(collection, Counts(new=1, learning=1), collection.now().day)
    assert found.usual == ()
    assert found.answers >= 2 * FEWEST_ANSWERS
    assert in_words(found).endswith(f"by your last {found.answers} answers")


@given(st.floats(0, 1e6))
def test_an_estimate_is_told_no_more_exactly_than_it_is(seconds: float) -> None:
    said = about(Estimate(seconds))
    assert said == "less than a minute" or said.startswith("about ")
    assert " s" not in said


# ---- the streak


def test_a_streak_counts_mornings_and_today_breaks_nothing(learner: Learner) -> None:
    learner.write("made", deck_of(90))
    assert streak_of(learner) == Streak()
    for _ in range(3):
        answer(learner)
    assert streak_of(learner) == Streak(3)
    answer(learner, cards=1)
    learner.waits(days=-1)
    assert streak_of(learner) == Streak(4)


def test_a_day_on_which_something_was_due_ends_the_streak(learner: Learner) -> None:
    answer(learner, rating=1, cards=2)
    learner.waits(days=1)
    assert streak_of(learner) == Streak()
    answer(learner)
    assert streak_of(learner) == Streak(1)


def test_days_on_which_nothing_was_due_do_not_end_it(learner: Learner) -> None:
    learner.write("made", deck_of(3))
    answer(learner)
    with learner.open() as collection:
        due = min(day for _, day in collection.journal.due_between(0, 100_000))
        wait = due - collection.now().day
    assert wait >= 2
    learner.waits(days=wait)
    answer(learner)
    found = streak_of(learner)
    assert found == Streak(2, wait)
    assert streak_in_words(found) == f"2 days in a row ({wait} days off)"


def test_what_waits_for_a_while_and_is_answered_later_still_ended_it(learner: Learner) -> None:
    learner.write("made", deck_of(2))
    answer(learner)
    learner.waits(days=60)
    answer(learner)
    assert streak_of(learner) == Streak(1)


def test_a_weekday_chosen_as_free_does_not_end_it(learner: Learner) -> None:
    configure(learner, "[easy_days]\nsunday = 0\n")
    learner.goes_to(datetime(2026, 3, 6, 9))
    answer(learner, rating=3, cards=3)
    answer(learner, rating=1, cards=3)
    learner.waits(days=1)
    answer(learner)
    assert streak_of(learner) == Streak(3, 1)
    configure(learner, "")
    assert streak_of(learner) == Streak(1)


def test_cards_that_are_suspended_or_gone_are_not_waited_for(learner: Learner) -> None:
    learner.write("made", deck_of(2))
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        reviewing.rate(1, 1_000)
        reviewing.rate(4, 1_000)
        day = collection.now().day
    learner.waits(days=3)
    assert streak_of(learner) == Streak()
    with learner.open() as collection:
        Reviewing.start(collection).suspend("made/n0#qa")
        assert collection.today().streak.days == 1
        Reviewing.start(collection).undo()
        assert collection.today().streak.days == 0
    learner.write("made", deck_of(2).replace("id: n0", "id: other"))
    with learner.open() as collection:
        assert collection.today().streak == Streak(1, 2)
        assert date_of(day).weekday() == 0


@settings(deadline=None, max_examples=20)
@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_with_every_weekday_free_each_study_day_counts(
    tmp_path_factory: pytest.TempPathFactory, studies: list[bool]
) -> None:
    learner = Learner(tmp_path_factory.mktemp("free"))
    learner.write("made", deck_of(12))
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    configure(learner, "[limits]\nnew = 12\n[easy_days]\n" + "".join(f"{name} = 0\n" for name in names))
    for studied in studies:
        if studied:
            answer(learner, cards=1)
        else:
            learner.waits(days=1)
    assert streak_of(learner).days == sum(studies)
