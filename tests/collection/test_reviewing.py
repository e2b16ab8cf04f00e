"""Sessions over a real journal and real deck files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nlpcards.collection.reviewing import LONGEST_ANSWER_MS, Reviewing
from nlpcards.collection.streak import Streak
from nlpcards.collection.today import DAYS_AHEAD
from nlpcards.core.journal import Review
from nlpcards.core.state import Interval, New, Steps
from tests.support.learner import Learner
from tests.support.program import deck_of


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path)


def answer_all(learner: Learner, rating: int = 3) -> list[str]:
    """Answer until nothing is left today, ten minutes between answers; gives the cards asked."""
    asked: list[str] = []
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        while reviewing.asked is not None and len(asked) < 500:
            asked.append(reviewing.asked.card.id)
            reviewing.rate(rating, 3_000)
            learner.waits(seconds=20)
            if reviewing.asked is None and reviewing.rest().later:
                learner.waits(minutes=15)
                reviewing.advance()
    return asked


def test_an_answer_is_in_the_journal_before_the_next_card_is_given(learner: Learner) -> None:
    with learner.open() as collection, learner.open() as other:
        reviewing = Reviewing.start(collection)
        first = reviewing.asked
        assert first is not None
        following = reviewing.rate(3, 1_000)
        assert following is not None
        assert following.card.id != first.card.id
        assert other.state(first.card.id).reps == 1


def test_the_interval_on_the_button_is_the_interval_stored(learner: Learner) -> None:
    answer_all(learner)
    learner.waits(days=5)
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        for rating in (2, 3, 4, 2, 3, 4):
            asked = reviewing.asked
            assert asked is not None
            shown = asked.outcomes[rating]
            reviewing.rate(rating, 1_000)
            assert collection.state(asked.card.id).schedule == shown.schedule


def test_the_counts_shown_are_the_distinct_cards_then_asked(learner: Learner) -> None:
    for _ in range(6):
        with learner.open() as collection:
            promised = collection.plan(collection.chosen(())).counts.total
        assert len(set(answer_all(learner))) == promised
        learner.waits(days=1)


def test_the_new_card_limit_holds_over_several_sessions_of_a_day(learner: Learner) -> None:
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        for _ in range(7):
            reviewing.rate(4, 1_000)
    with learner.open() as collection:
        assert collection.plan(collection.chosen(())).counts.new == 13
    learner.waits(days=1)
    with learner.open() as collection:
        assert collection.plan(collection.chosen(())).counts.new == 20


def test_a_session_before_four_in_the_morning_belongs_to_the_evening_before(learner: Learner) -> None:
    learner.goes_to(datetime(2026, 3, 28, 23, 30))
    answer_all(learner, 4)
    learner.goes_to(datetime(2026, 3, 29, 3, 30))  # the clocks went forward at two
    with learner.open() as collection:
        assert collection.plan(collection.chosen(())).counts.total == 0
    learner.goes_to(datetime(2026, 3, 29, 4, 0))
    with learner.open() as collection:
        assert collection.plan(collection.chosen(())).counts.new == 20


def test_the_autumn_change_gives_a_study_day_of_twenty_five_hours(learner: Learner) -> None:
    learner.goes_to(datetime(2026, 10, 24, 5, 0))
    answer_all(learner, 4)
    learner.waits(hours=23.5)
    assert learner.at.astimezone(learner.zone).hour == 3
    with learner.open() as collection:
        assert collection.plan(collection.chosen(())).counts.total == 0


def test_a_journey_across_twelve_zones_loses_nothing_and_makes_no_day_negative(learner: Learner) -> None:
    learner.zone = ZoneInfo("Asia/Tokyo")
    learner.goes_to(datetime(2026, 5, 4, 8, 0))
    asked = answer_all(learner, 3)
    learner.zone = ZoneInfo("America/Los_Angeles")
    learner.waits(hours=10)
    with learner.open() as collection:
        before = {card: collection.state(card) for card in set(asked)}
    answer_all(learner, 3)
    with learner.open() as collection:
        assert not list(collection.journal.rebuild())
        for card, state in before.items():
            after = collection.state(card)
            assert after.reps >= state.reps
            assert (after.last_day or 0) >= (state.last_day or 0)


def test_undo_brings_back_card_and_counts_and_reaches_beyond_the_session(learner: Learner) -> None:
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        first = reviewing.asked
        assert first is not None
        before = reviewing.counts
        reviewing.rate(4, 1_000)
        reviewing.rate(1, 1_000)
        assert reviewing.undo() == "the last answer"
        assert reviewing.undo() == "the last answer"
        assert reviewing.asked is not None
        assert reviewing.asked.card == first.card
        assert reviewing.counts == before
        reviewing.rate(4, 1_000)
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        assert reviewing.undo() == "the last answer (made/n0#qa, before this session)"
        assert reviewing.asked is not None
        assert reviewing.asked.card == first.card
        assert isinstance(collection.state(first.card.id).schedule, New)
        assert reviewing.undo() is None


def test_an_undone_suspension_asks_the_card_again(learner: Learner) -> None:
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        first = reviewing.asked
        assert first is not None
        reviewing.suspend()
        assert collection.state(first.card.id).suspended
        assert reviewing.undo() == "the suspension"
        assert reviewing.asked is not None
        assert reviewing.asked.card == first.card


def test_walking_away_counts_as_a_minute(learner: Learner) -> None:
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        reviewing.rate(3, 3_600_000)
        assert reviewing.summary().spent_ms == LONGEST_ANSWER_MS


def test_a_card_answered_in_another_window_is_not_asked_again(learner: Learner) -> None:
    with learner.open() as collection, learner.open() as other:
        one, two = Reviewing.start(collection), Reviewing.start(other)
        assert one.asked is not None
        assert two.asked is not None
        one.rate(4, 1_000)
        second = one.asked
        assert second is not None
        one.rate(4, 1_000)
        two.rate(4, 1_000)
        assert two.asked is not None
        assert two.asked.card.id != second.card.id
        assert not list(collection.journal.rebuild())


def test_a_card_on_the_steps_since_another_window_answered_it_waits_for_its_time(learner: Learner) -> None:
    with learner.open() as collection, learner.open() as other:
        one, two = Reviewing.start(collection), Reviewing.start(other)
        for _ in range(3):
            one.rate(3, 1_000)
        two.rate(3, 1_000)
        assert two.notices == ["This card was answered in another window meanwhile; both answers count."]
        assert two.asked is not None
        assert two.asked.card.id == "made/n3#qa"
        assert (two.counts.new, two.counts.learning) == (17, 2)


def test_an_answer_says_upon_which_reviews_the_learner_gave_it_though_another_window_replaced_them(
    learner: Learner,
) -> None:
    with learner.open() as collection, learner.open() as other:
        one = Reviewing.start(collection)
        first = one.asked
        assert first is not None
        one.rate(3, 1_000)
        learner.waits(minutes=15)
        two = Reviewing.start(other)
        assert two.asked is not None
        assert two.asked.card.id == first.card.id
        seen = two.asked.before
        assert one.undo() == "the last answer"
        one.rate(1, 1_000)
        assert collection.state(first.card.id).reps == seen.reps == 1
        two.rate(3, 1_000)
        assert two.notices == ["This card was answered in another window meanwhile; both answers count."]
        *_, last = collection.journal.events_of(first.card.id)
        assert isinstance(last.body, Review)
        assert (last.body.repetition, last.body.after) == (1, seen.chain)
        assert isinstance(collection.state(first.card.id).schedule, Steps)
        assert not list(collection.journal.rebuild())


def test_undo_takes_back_what_this_session_did_and_not_what_another_window_did(learner: Learner) -> None:
    learner.write("other", deck_of(3, "other"))
    with learner.open() as collection, learner.open() as second:
        mine, theirs = Reviewing.start(collection, ["made"]), Reviewing.start(second, ["other"])
        mine.rate(3, 1_000)
        theirs.rate(3, 1_000)
        assert mine.undo() == "the last answer"
        assert collection.state("made/n0#qa").reps == 0
        assert collection.state("other/n0#qa").reps == 1
        assert (mine.answered, theirs.answered) == (0, 1)


def test_a_file_caught_half_saved_takes_no_card_away(learner: Learner) -> None:
    whole = deck_of(40)
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        for text in ("", whole[:300] + "\n    q: [", whole.replace("deck: made", "dek: made"), whole):
            before = reviewing.counts.total
            learner.write("made", text)
            assert reviewing.rate(4, 1_000) is not None
            assert reviewing.counts.total == before - 1
        assert reviewing.notices == []


def test_an_answer_after_the_rollover_gets_its_interval_from_the_new_day(learner: Learner) -> None:
    answer_all(learner, 4)
    learner.waits(days=20)
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        asked = reviewing.asked
        assert asked is not None
        learner.waits(days=6)
        reviewing.rate(3, 1_000)
        after = collection.state(asked.card.id).schedule
        expected = collection.journal.timeline.model.answered(asked.card.id, asked.before, 3, collection.now())
        assert after == expected.schedule


def test_a_renamed_note_keeps_its_history_in_every_later_session(learner: Learner) -> None:
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        reviewing.rate(4, 1_000)
    for former, present in (("n0", "better"), ("better", "best")):
        text = deck_of(40).replace("  - id: n0\n", f"  - id: {present}\n    was: [{former}]\n")
        learner.write("made", text)
        with learner.open() as collection:
            assert collection.state(f"made/{present}#qa").reps == 1
            assert len(collection.journal.renames()) == (1 if present == "better" else 2)
    with learner.open() as collection:
        assert collection.plan(collection.chosen(())).counts.new == 19
        assert not list(collection.journal.rebuild())


def test_a_lapse_does_not_lock_what_builds_on_a_note(learner: Learner) -> None:
    learner.write("made", deck_of(2).replace("  - id: n1\n", "  - id: n1\n    needs: [n0]\n"))
    with learner.open() as collection:
        Reviewing.start(collection).rate(4, 1_000)
    learner.waits(days=30)
    with learner.open() as collection:
        Reviewing.start(collection).rate(1, 1_000)
        assert collection.plan(collection.chosen(())).new == ("made/n1#qa",)


def test_a_learning_step_left_over_from_yesterday_takes_no_place_of_a_review(learner: Learner) -> None:
    learner.write("made", deck_of(2))
    learner.home.settings.parent.mkdir(parents=True, exist_ok=True)
    learner.home.settings.write_text("[limits]\nreviews = 1\n", "utf-8")
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        reviewing.rate(4, 1_000)
        reviewing.rate(1, 1_000)
    learner.waits(days=30)
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        assert reviewing.asked is not None
        assert reviewing.asked.card.id == "made/n1#qa"
        reviewing.rate(1, 1_000)
        assert collection.plan(collection.chosen(())).reviews == ("made/n0#qa",)


def test_a_deck_deleted_while_reviewing_is_said_and_its_history_kept(learner: Learner) -> None:
    learner.write("other", deck_of(3, "other"))
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        first = reviewing.asked
        assert first is not None
        assert first.card.note.deck == "made"
        reviewing.rate(3, 1_000)
        (learner.decks / "made.yaml").unlink()
        asked = []
        while reviewing.asked is not None:
            asked.append(reviewing.asked.card.note.deck)
            reviewing.rate(4, 1_000)
        assert any("made is gone" in notice for notice in reviewing.notices)
        assert asked == ["other"] * 3
        assert collection.state(first.card.id).reps == 1
    learner.write("made", deck_of(40))
    with learner.open() as collection:
        assert isinstance(collection.state(first.card.id).schedule, Steps)


def test_an_edit_in_another_window_shows_with_the_next_card(learner: Learner) -> None:
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        learner.write("made", deck_of(40).replace("What is question 1?", "What is the mended question?"))
        following = reviewing.rate(3, 1_000)
        assert following is not None
        assert following.card.face().question == "What is the mended question?"


def test_an_edited_card_is_marked_as_changed_since_it_was_seen(learner: Learner) -> None:
    answer_all(learner, 4)
    learner.write("made", deck_of(40).replace("Answer 0.", "Another answer 0."))
    learner.waits(days=30)
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        changed: dict[str, bool] = {}
        while reviewing.asked is not None and len(changed) < 20:
            changed[reviewing.asked.card.note.id] = reviewing.asked.changed
            reviewing.rate(4, 1_000)
    assert changed["n0"]
    assert not changed["n1"]


def test_a_prerequisite_comes_first_and_must_be_out_of_the_steps(learner: Learner) -> None:
    text = deck_of(2).replace("  - id: n0\n", "  - id: n0\n    needs: [n1]\n")
    learner.write("made", text)
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        assert reviewing.asked is not None
        assert reviewing.asked.card.note.id == "n1"
        reviewing.rate(3, 1_000)
        assert collection.plan(collection.chosen(())).counts.new == 0
        reviewing.advance()
        reviewing.rate(4, 1_000)
        assert isinstance(collection.state("made/n1#qa").schedule, Interval)
        assert collection.plan(collection.chosen(())).new == ("made/n0#qa",)


def test_the_summary_says_what_was_introduced_learned_and_failed(learner: Learner) -> None:
    with learner.open() as collection:
        reviewing = Reviewing.start(collection)
        reviewing.rate(4, 1_000)
        reviewing.rate(1, 2_000)
        summary = reviewing.summary()
    assert (summary.answers, summary.recall, summary.spent_ms) == (2, 0.5, 3_000)
    assert summary.introduced == ("made/n0#qa", "made/n1#qa")
    assert summary.learned == ("made/n0#qa",)
    assert summary.failed == ("made/n1#qa",)


def test_today_counts_the_streak_and_what_comes(learner: Learner) -> None:
    for _ in range(2):
        answer_all(learner, 4)
        learner.waits(days=1)
    with learner.open() as collection:
        today = collection.today()
        assert today.streak == Streak(days=2)
        assert today.answered == 0
        later = collection.now().day + 1
        due = [
            state.schedule.due
            for state in collection.journal.all_states().values()
            if isinstance(state.schedule, Interval)
        ]
        assert list(today.ahead) == [due.count(day) for day in range(later, later + DAYS_AHEAD)]
        assert today.rows[0].introduced == 40


def test_a_clock_behind_the_last_answer_is_doubted_before_anything_is_written(learner: Learner) -> None:
    with learner.open() as collection:
        assert collection.clock_doubt() is None
        Reviewing.start(collection).rate(3, 1_000)
        assert collection.clock_doubt() is None
        learner.waits(days=-2)
        doubt = collection.clock_doubt()
    assert doubt is not None
    assert "2 days behind" in doubt
