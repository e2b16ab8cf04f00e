"""What one does to the card of a session besides answering it, over a real journal and real decks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nlpcards.collection.information import information
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.tomorrow import in_words, tomorrow
from nlpcards.core.errors import UsageError
from nlpcards.core.state import Interval, New
from tests.support.learner import Learner
from tests.support.program import deck_of


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path)


@pytest.fixture
def reviewing(learner: Learner) -> Iterator[Reviewing]:
    """A session on a day on which three cards are due, of which the text of the first has changed."""
    learner.write("made", deck_of(3))
    with learner.open() as collection:
        session = Reviewing.start(collection)
        while session.asked is not None:
            session.rate(4, 1_000)
    learner.write("made", deck_of(5).replace("Answer 0.", "Another answer 0."))
    learner.waits(days=30)
    with learner.open() as collection:
        session = Reviewing.start(collection)
        while session.asked is not None and session.asked.card.note.id != "n0":
            session.skip()
        yield session


def history(reviewing: Reviewing, card: str = "made/n0#qa") -> list[str]:
    return [happened.what for happened in information(reviewing.collection, card).history]


ACTIONS: dict[str, tuple[Callable[[Reviewing], object], str, str]] = {
    "flag": (lambda session: session.flag(4), "the blue flag", "flagged blue"),
    "suspend": (lambda session: session.suspend(), "the suspension", "suspended"),
    "bury": (lambda session: session.bury(), "the burying", "buried until"),
    "reset": (lambda session: session.reset(), "the reset", "reset to new"),
    "due": (lambda session: session.set_due("9"), "the new due date", "due date set to 2026-04-10"),
    "due today": (lambda session: session.set_due("0"), "the new due date", "due date set to 2026-04-01"),
    "meaning": (
        lambda session: session.change_meaning(),
        "the mark of a changed meaning",
        "marked as changed in meaning: stability lowered",
    ),
    "note": (lambda session: session.note("Mine: $x$"), "your note", "noted: Mine: $x$"),
    "report": (lambda session: session.report("no source"), "the report", "reported as wrong: no source"),
    "tags": (lambda session: session.tag("hard exam"), "your tags", "tagged hard"),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_is_an_event_in_the_cards_history_and_undone_as_if_it_had_not_happened(
    reviewing: Reviewing, name: str
) -> None:
    act, undone, told = ACTIONS[name]
    journal, card = reviewing.collection.journal, "made/n0#qa"
    before, said, counts = journal.state(card), journal.remarks_of(card), reviewing.counts
    length = len(history(reviewing))
    act(reviewing)
    assert history(reviewing)[0].startswith(told)
    assert (journal.state(card), journal.remarks_of(card)) != (before, said)
    assert reviewing.undo() == undone
    assert (journal.state(card), journal.remarks_of(card)) == (before, said)
    assert len(history(reviewing)) == length
    assert reviewing.counts == counts
    assert reviewing.asked is not None
    assert reviewing.asked.card.id == card
    assert list(journal.rebuild()) == []


def test_marks_keep_the_card_and_show_with_it(reviewing: Reviewing) -> None:
    reviewing.note("Mine")
    reviewing.report("wrong")
    reviewing.report("and old")
    reviewing.tag("exam hard")
    reviewing.flag(7)
    asked = reviewing.asked
    assert asked is not None
    assert asked.card.id == "made/n0#qa"
    assert asked.remarks.note == "Mine"
    assert [report.reason for report in asked.remarks.reports] == ["wrong", "and old"]
    assert asked.remarks.tags == ("exam", "hard")
    assert asked.before.flag == 7
    facts = dict(information(reviewing.collection, asked.card.id).facts)
    assert (facts["Your note"], facts["Your tags"], facts["Flag"]) == ("Mine", "exam hard", "7 purple")
    reviewing.report("")
    reviewing.note("")
    reviewing.tag("exam")
    assert reviewing.flag(7) == 0
    assert reviewing.asked is not None
    assert reviewing.asked.remarks.tags == ("exam",)
    assert reviewing.asked.remarks.reports == ()
    assert reviewing.asked.remarks.note == ""


def test_what_changes_nothing_writes_nothing(reviewing: Reviewing) -> None:
    events = len(list(reviewing.collection.journal.events()))
    reviewing.note("  ")
    reviewing.tag("")
    reviewing.flag(0)
    assert len(list(reviewing.collection.journal.events())) == events


def test_a_changed_meaning_is_offered_once_and_shortens_what_the_buttons_promise(reviewing: Reviewing) -> None:
    asked = reviewing.asked
    assert asked is not None
    assert asked.changed
    after = reviewing.change_meaning()
    assert not after.changed
    assert after.before.memory is not None
    assert asked.before.memory is not None
    assert after.before.memory.stability == asked.before.memory.stability / 4
    for rating in (2, 3, 4):
        before_due, due = asked.outcomes[rating].schedule, after.outcomes[rating].schedule
        assert isinstance(before_due, Interval)
        assert isinstance(due, Interval)
        assert due.due < before_due.due
    with pytest.raises(UsageError, match="what you saw last"):
        reviewing.change_meaning()
    promised = after.outcomes[3].schedule
    reviewing.rate(3, 1_000)
    assert reviewing.collection.state("made/n0#qa").schedule == promised
    assert list(reviewing.collection.journal.rebuild()) == []


def test_a_card_set_due_today_is_asked_now_and_one_due_later_has_left(reviewing: Reviewing) -> None:
    counts = reviewing.counts
    reviewing.set_due("today")
    assert reviewing.asked is not None
    assert reviewing.asked.card.id == "made/n0#qa"
    assert reviewing.counts == counts
    today = reviewing.collection.now().day
    assert reviewing.set_due("2026-04-03") == today + 2
    assert reviewing.asked is not None
    assert reviewing.asked.card.id != "made/n0#qa"
    assert reviewing.counts.total == counts.total - 1
    with pytest.raises(UsageError, match="is no day"):
        reviewing.set_due("soon")


def test_a_new_card_with_a_due_date_is_introduced_from_then_on(reviewing: Reviewing, learner: Learner) -> None:
    while reviewing.asked is not None and reviewing.asked.card.note.id != "n3":
        reviewing.skip()
    reviewing.set_due("5")
    assert isinstance(reviewing.collection.state("made/n3#qa").schedule, New)

    def planned() -> tuple[str, ...]:
        with learner.open() as collection:
            return collection.plan(collection.chosen(())).new

    assert "made/n3#qa" not in planned()
    learner.waits(days=4)
    assert "made/n3#qa" not in planned()
    learner.waits(days=1)
    assert "made/n3#qa" in planned()


def test_a_reset_card_comes_back_with_the_new_ones(reviewing: Reviewing) -> None:
    reviewing.reset()
    collection = reviewing.collection
    assert "made/n0#qa" in collection.plan(collection.chosen(())).new
    assert reviewing.asked is not None
    assert reviewing.asked.card.id != "made/n0#qa"


def test_another_card_is_suspended_and_the_present_one_stays(reviewing: Reviewing) -> None:
    total = reviewing.counts.total
    asked = reviewing.asked
    reviewing.suspend("made/n1#qa")
    assert reviewing.asked is asked
    assert reviewing.counts.total == total - 1
    assert reviewing.collection.state("made/n1#qa").suspended


def test_a_leech_is_pointed_out_at_eight_lapses_then_at_twelve(learner: Learner) -> None:
    learner.write("made", deck_of(1))
    pointed_out = []
    with learner.open() as collection:
        for _ in range(13):
            session = Reviewing.start(collection)
            session.rate(4, 1_000)
            learner.waits(days=3_000)
            session = Reviewing.start(collection)
            session.rate(1, 1_000)
            if session.leech is not None:
                pointed_out.append((session.leech.card.id, session.leech.lapses))
            learner.waits(minutes=15)
    assert pointed_out == [("made/n0#qa", 8), ("made/n0#qa", 12)]


def test_the_hardest_cards_are_those_failed_most_often(learner: Learner) -> None:
    learner.write("made", deck_of(3))
    with learner.open() as collection:
        session = Reviewing.start(collection)
        failures = {"made/n0#qa": 1, "made/n1#qa": 3, "made/n2#qa": 0}
        while session.asked is not None:
            card = session.asked.card.id
            failures[card] -= 1
            session.rate(1 if failures[card] >= 0 else 4, 1_000)
            learner.waits(minutes=2)
        assert session.summary().failed == ("made/n1#qa", "made/n0#qa")


def test_what_comes_tomorrow_is_tomorrows_plan(learner: Learner) -> None:
    learner.write("made", deck_of(25))
    with learner.open() as collection:
        session = Reviewing.start(collection)
        session.rate(3, 4_000)
        session.set_due("1")
        while session.asked is not None:
            session.rate(4, 4_000)
        coming = tomorrow(collection)
        learner.waits(days=1)
        assert collection.plan(collection.chosen(())).counts == coming.counts
        assert coming.counts.new > 0
        assert in_words(coming).startswith("Tomorrow: ")


def test_nothing_is_lost_where_an_action_cannot_be_stored(reviewing: Reviewing) -> None:
    asked = reviewing.asked
    acts: list[Callable[[], object]] = [
        lambda: reviewing.note("x" * 2_001),
        lambda: reviewing.tag("a,b"),
        lambda: reviewing.report(" "),
    ]
    for act in acts:
        with pytest.raises(UsageError):
            act()
    assert reviewing.asked is asked
