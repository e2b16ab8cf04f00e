"""The calendar of a track in the day's queue: its phases end in their weeks, and who was away gets a plan of today."""

from __future__ import annotations

import shutil
from collections.abc import Container
from datetime import date
from pathlib import Path

import pytest

from nlpcards.collection.collection import Collection
from nlpcards.collection.pacing import Sort, StudyPlan, left_by_topic, new_cards_today, study_plan
from nlpcards.collection.pacing_words import WIDTH, lines
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.roadmap.changing import leave_track, shut_topic, use_track
from nlpcards.core.cards import deck_of
from nlpcards.core.errors import NothingToDo, UsageError
from nlpcards.core.roadmap.calendar import Week, calendar
from tests.support.calendars import TRACK, by_the_week
from tests.support.learner import Learner
from tests.support.roadmaps import deck_on

WEEKS = (("a", "b"), ("c",), ("d",), ("e", "f"))
TWENTY = "twenty-week-plan"
PHASES = ((1, 4), (5, 8), (9, 12), (13, 16), (17, 20))
ROADMAP = Path(__file__).parents[2] / "decks" / "roadmap.yaml"


def study(collection: Collection, rating: int = 4) -> int:
    """Answer all that the day asks; gives how many cards were introduced."""
    reviewing = Reviewing.start(collection)
    while reviewing.asked is not None:
        reviewing.rate(rating, 2_000)
    return len(reviewing.summary().introduced)


def following(learner: Learner, since: int = 0) -> None:
    with learner.open() as collection:
        use_track(collection, TRACK, collection.now().day + since)


def ends_of_weeks(learner: Learner, track: str, away: Container[int] = (), most: int = 200) -> dict[int, int]:
    """By how many days each week's last card came after the week's end, for a learner who studies daily but `away`."""
    late: dict[int, int] = {}
    with learner.open() as collection:
        use_track(collection, track)
        start = collection.now().day
        weeks = [week for week in calendar(collection.library.roadmap.tracks[track], start) if isinstance(week, Week)]
        for at in range(most):
            if at not in away:
                study(collection)
            left = left_by_topic(collection, collection.now().day + 1)
            for week in weeks:
                if week.number not in late and not any(left.get(topic) for topic in week.topics):
                    late[week.number] = start + at - week.last
            if len(late) == len(weeks):
                break
            learner.waits(days=1)
    return late


@pytest.fixture
def twenty(tmp_path: Path) -> Learner:
    """The bundled roadmap over small decks, two cards on each topic of the twenty-week plan."""
    learner = by_the_week(tmp_path, ())
    shutil.copy(ROADMAP, learner.decks / "roadmap.yaml")
    with learner.open() as collection:
        topics = collection.library.roadmap.tracks[TWENTY].topics
    for topic in topics:
        learner.write(f"small-{topic}", deck_on(topic, 2, f"small-{topic}"))
    return learner


def test_the_phases_of_the_twenty_week_plan_end_in_their_weeks_for_one_who_reviews_daily(twenty: Learner) -> None:
    late = ends_of_weeks(twenty, TWENTY)
    assert set(late) == set(range(1, 21))
    assert {week: days for week, days in late.items() if days > 0} == {}


def test_one_who_misses_two_weeks_gets_a_plan_that_holds_again(twenty: Learner) -> None:
    missed = range(30, 44)
    late = ends_of_weeks(twenty, TWENTY, missed)
    # Weeks 5 and 6 passed meanwhile, and nothing can bring them back.
    assert {week for week, days in late.items() if days > 0} <= {5, 6, 7}
    assert all(late[last] <= 0 for _, last in PHASES)


def test_the_plan_s_new_cards_are_what_the_queue_asks_and_what_is_left(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS)
    following(learner)
    with learner.open() as collection:
        plan = study_plan(collection)
        assert sum(plan.afforded.paced.new) == plan.target.cards == 42
        asked = []
        for _ in range(28):
            asked.append(study(collection))
            learner.waits(days=1)
    assert tuple(asked) == plan.afforded.paced.new


def test_the_number_of_a_day_stays_the_same_while_one_studies(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS)
    following(learner)
    with learner.open() as collection:
        day = collection.now().day
        found = {new_cards_today(collection, day)}
        reviewing = Reviewing.start(collection)
        while reviewing.asked is not None:
            reviewing.rate(4, 2_000)
            found.add(new_cards_today(collection, day))
        assert found == {2}
        assert study(collection) == 0


def test_the_learner_s_own_limit_comes_first_and_the_plan_says_what_it_makes_of_the_calendar(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS, config="[limits]\nnew = 1\n")
    following(learner)
    with learner.open() as collection:
        plan = study_plan(collection)
        assert new_cards_today(collection, plan.today) == 1
        assert (plan.afforded.paced.late, plan.afforded.paced.needed, plan.limit) == (14, 2, 1)
        said = " ".join(" ".join(lines(plan)).split())
    assert "the calendar ends 14 days later than written; week 1 by 7 days" in said
    assert "`nlpcards config set limits.new 2` allows it" in said


def test_what_past_weeks_left_is_not_asked_of_one_week_where_minutes_are_named(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS, notes=28)
    following(learner)
    with learner.open() as collection:
        learner.waits(days=13)
        plan = study_plan(collection, minutes=30)
        assert plan.afforded.paced.new == (12,) * 3 + (11,) * 12
        assert plan.afforded.paced.late == 0
        assert [row.late > 0 for row in plan.weeks] == [True, True, True, False]
        said = " ".join(" ".join(lines(study_plan(collection))).split())
        assert "Your limit" not in said, "20 a day end the calendar in time, and no week is asked to catch up alone"


@pytest.mark.parametrize(
    ("limit", "what"),
    [
        (3, "To end the whole calendar in time takes 4, each week of it 8: `nlpcards config set limits.new 4` or more"),
        (5, "To end each week in time takes 8: `nlpcards config set limits.new 8` allows it"),
        (8, ""),
    ],
)
def test_the_limit_that_would_do_is_named(tmp_path: Path, limit: int, what: str) -> None:
    weeks = (("a", "b"), ("c",), ("d",))
    learner = by_the_week(tmp_path, weeks, notes=28, config=f"[limits]\nnew = {limit}\n")
    for deck in "cd":
        learner.write(deck, deck_on(deck, 7))
    following(learner)
    with learner.open() as collection:
        said = " ".join(" ".join(lines(study_plan(collection))).split())
    assert (what in said) if what else ("Your limit" not in said)


def test_reviews_beyond_their_limit_are_told_of(tmp_path: Path) -> None:
    with by_the_week(tmp_path, WEEKS, notes=30, config="[limits]\nreviews = 3\n").open() as collection:
        said = " ".join(" ".join(lines(study_plan(collection, TRACK))).split())
    assert "reviews a day fall due, and your limit is 3" in said


def test_what_a_learner_introduces_besides_takes_nothing_from_the_plan(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS)
    learner.write("other", deck_on("other", 3))
    following(learner)
    with learner.open() as collection:
        reviewing = Reviewing.start(collection, ["other"])
        while reviewing.asked is not None:
            reviewing.rate(4, 2_000)
        assert study(collection) == 2


def test_a_deck_that_is_named_is_bound_by_the_learner_s_own_limit_alone(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS)
    following(learner)
    with learner.open() as collection:
        assert len(collection.plan(collection.chosen(["f"])).new) == 7


def test_holidays_bring_no_new_cards_and_reviews_go_on(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS, config='[roadmap]\nholidays = "2026-03-04..2026-03-06"\n')
    following(learner)
    introduced, answers = [], []
    with learner.open() as collection:
        for _ in range(7):
            reviewing = Reviewing.start(collection)
            while reviewing.asked is not None:
                reviewing.rate(3, 2_000)
            introduced.append(len(reviewing.summary().introduced))
            answers.append(reviewing.summary().answers)
            learner.waits(days=1)
    assert introduced[2:5] == [0, 0, 0]
    assert sum(introduced) == 14, "week 1 is in time nevertheless"
    assert sum(answers[2:5]) > 0


def test_before_its_start_a_track_brings_nothing_new(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS)
    following(learner, since=7)
    with learner.open() as collection:
        assert study(collection) == 0
        plan = study_plan(collection)
        assert plan.afforded.paced.new[:8] == (0,) * 7 + (2,)
        assert plan.weeks[0].first == plan.today + 7


def test_a_topic_that_was_shut_is_no_part_of_the_plan(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS)
    following(learner)
    with learner.open() as collection:
        shut_topic(collection, "b")
        assert study_plan(collection).target.cards == 35


def test_once_nothing_of_the_track_is_left_the_calendar_holds_nothing_back(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, (("a",),), notes=2)
    learner.write("other", deck_on("other", 30))
    following(learner)
    with learner.open() as collection:
        for _ in range(3):
            study(collection)
            learner.waits(days=1)
        assert new_cards_today(collection, collection.now().day) is None
        assert len(collection.plan(collection.chosen(())).new) > 2
        with pytest.raises(NothingToDo, match="no new card of By the week is left"):
            study_plan(collection)


def test_done_weeks_are_ticked_and_past_ones_tell_what_is_left(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS)
    following(learner)
    with learner.open() as collection:
        for _ in range(7):
            study(collection)
            learner.waits(days=1)
        learner.waits(days=14)
        plan = study_plan(collection)
        done = [(row.number, row.done, row.left) for row in plan.weeks if row.number]
        assert done == [(1, True, 0), (2, False, 7), (3, False, 7), (4, False, 14)]
        said = lines(plan)
    assert any(line.startswith("✓  1") for line in said)
    assert any(line.startswith(">  4") for line in said)
    assert "From what is left today" in " ".join(said)
    assert all(len(line) <= WIDTH for line in said)


def test_a_plan_is_for_the_track_followed_else_for_all_decks_or_for_what_is_named(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS)
    learner.write("other", deck_on("", 3, "other").replace("topic: \n", ""))
    following(learner)

    def about(found: StudyPlan) -> tuple[Sort, str, int]:
        return found.target.sort, found.target.id, found.target.cards

    with learner.open() as collection:
        assert about(study_plan(collection)) == (Sort.TRACK, TRACK, 42)
        assert about(study_plan(collection, "c")) == (Sort.TOPIC, "c", 7)
        assert about(study_plan(collection, "other")) in [(Sort.DECK, "other", 3), (Sort.TOPIC, "other", 3)]
        leave_track(collection)
        assert about(study_plan(collection)) == (Sort.EVERYTHING, "", 45)
        with pytest.raises(UsageError, match="there is no track, topic or deck by-the-weak") as error:
            study_plan(collection, "by-the-weak")
        assert error.value.remedy == f"Did you mean {TRACK}?"


def test_by_a_day_it_says_how_many_cards_a_day_whatever_the_limit(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS, config="[limits]\nnew = 1\n")
    with learner.open() as collection:
        plan = study_plan(collection, TRACK, by=date(2026, 3, 15))
        assert plan.afforded.paced.new == (3,) * 14
        assert plan.afforded.paced.late == 0
        assert "Your limit is 1 new card a day, and this takes 3" in " ".join(lines(plan))


def test_a_day_before_which_there_are_only_holidays_is_missed_and_that_is_said(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS, config='[roadmap]\nholidays = "2026-03-01..2026-03-10"\n')
    with learner.open() as collection:
        plan = study_plan(collection, "a", by=date(2026, 3, 8))
        assert plan.afforded.paced.new[:10] == (0,) * 9 + (7,)
        assert "Every day until Sun 8 Mar is a holiday" in " ".join(lines(plan))


def test_a_day_and_minutes_that_cannot_both_hold_are_answered_with_three_ways_out(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS, notes=30)
    with learner.open() as collection:
        plan = study_plan(collection, TRACK, by=date(2026, 3, 29), minutes=2)
        ways = plan.afforded.ways_out
        assert ways is not None
        assert ways.later_days is not None
        assert ways.drop is not None
        assert ways.drop[-1] == "f"
        said = " ".join(" ".join(lines(plan)).split())
        assert "2 min a day are not enough" in said
        assert f"- {ways.later_days} days more" in said
        assert f"- {ways.more_minutes} more min a day" in said
        assert f"({ways.dropped} cards)" in said
        enough = study_plan(collection, TRACK, by=date(2026, 3, 29), minutes=2 + ways.more_minutes)
        assert enough.afforded.ways_out is None


@pytest.mark.parametrize(
    ("by", "minutes", "what"),
    [
        (date(2026, 3, 1), None, "no plan can end on 2026-03-01"),
        (date(2099, 1, 1), None, "no plan can end on 2099-01-01"),
        (None, 0.0, "there are no days of 0 minutes"),
        (None, float("nan"), "there are no days of nan minutes"),
    ],
)
def test_what_no_plan_can_meet_is_refused(tmp_path: Path, by: date | None, minutes: float | None, what: str) -> None:
    with by_the_week(tmp_path, WEEKS).open() as collection, pytest.raises(UsageError, match=what):
        study_plan(collection, TRACK, by=by, minutes=minutes)


def test_new_cards_that_are_switched_off_are_no_plan(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS, config="[limits]\nnew = 0\n")
    following(learner)
    with learner.open() as collection:
        assert study(collection) == 0
        with pytest.raises(UsageError, match="new cards are switched off"):
            study_plan(collection)
        assert study_plan(collection, by=date(2026, 4, 1)).afforded.paced.fullest == 2


def test_two_cards_of_a_day_come_from_the_week_s_topics_in_order(tmp_path: Path) -> None:
    learner = by_the_week(tmp_path, WEEKS)
    following(learner)
    decks = []
    with learner.open() as collection:
        for _ in range(14):
            decks += [deck_of(card) for card in collection.plan(collection.chosen(())).new]
            study(collection)
            learner.waits(days=1)
    assert decks == ["a"] * 7 + ["b"] * 7 + ["c"] * 7 + ["d"] * 7
