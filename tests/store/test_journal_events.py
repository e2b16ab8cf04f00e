from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

from nlpcards.core.days import Moment
from nlpcards.core.errors import NlpcardsError, StoreError
from nlpcards.core.fold import fold
from nlpcards.core.journal import (
    Alias,
    Body,
    Bury,
    ChangedMeaning,
    Event,
    EventId,
    Flag,
    OwnNote,
    Report,
    Reset,
    Resolve,
    Review,
    Seen,
    SetDue,
    Setting,
    Suspend,
    Tag,
    Undo,
    Untag,
)
from nlpcards.core.memory import Model, Settings
from nlpcards.core.queue.budget import Sort
from nlpcards.core.state import CardState, Interval, New, Steps
from nlpcards.store import DayCounts, Journal
from nlpcards.store.connection import connect

OpenJournal = Callable[..., Journal]
CARD = "lstm/gates#c1"
DAY = 20_000
NOON = DAY * 86_400_000 + 43_200_000


def at(day: int) -> Moment:
    return Moment(NOON + day * 86_400_000, DAY + day)


def answer(journal: Journal, rating: int, when: Moment, card: str = CARD) -> Event:
    """Answer a card as a session does: with the due day of the button."""
    before = journal.state(card)
    after = journal.timeline.model.answered(card, before, rating, when)
    due = after.schedule.due if isinstance(after.schedule, Interval) else None
    (event,) = journal.append([Review(card, rating, 900, due, before.reps, "abc", before.chain)], when)
    return event


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET rating = 4",
        "DELETE FROM event",
        "REPLACE INTO event (device, seq, hlc, at_ms, day, kind, card) SELECT device, seq, 1, 1, 1, 2, card FROM event",
        "INSERT OR REPLACE INTO event SELECT * FROM event",
        "UPDATE card SET name = 'other'",
        "DELETE FROM card",
        "UPDATE device SET name = 'other'",
        "REPLACE INTO device (id, name) SELECT id, 'other' FROM device",
    ],
)
def test_history_can_be_neither_changed_nor_deleted(opened: OpenJournal, path: Path, statement: str) -> None:
    journal = opened()
    event = answer(journal, 3, at(0))
    with closing(connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="never"):
        connection.execute(statement)
    assert list(journal.events()) == [event]


def test_an_answer_and_its_state_are_written_together(opened: OpenJournal, path: Path) -> None:
    journal = opened()
    answer(journal, 3, at(0))
    with closing(connect(path)) as connection:
        connection.execute("CREATE TRIGGER stop BEFORE INSERT ON card_state BEGIN SELECT RAISE(ABORT, 'stopped'); END")
    with pytest.raises(StoreError, match="stopped"):
        journal.append([Suspend(CARD), Suspend("lstm/other#qa")], at(1))
    assert len(list(journal.events())) == 1
    assert not journal.state(CARD).suspended
    assert journal.states(["lstm/other#qa"]) == {}
    with closing(connect(path)) as connection:
        connection.execute("DROP TRIGGER stop")
    journal.append([Suspend("lstm/other#qa")], at(1))
    assert journal.state("lstm/other#qa").suspended


def test_a_state_comes_back_from_the_file_as_it_was_computed(opened: OpenJournal) -> None:
    journal = opened()
    model = Model(Settings())
    expected = CardState()
    for day, rating in enumerate((3, 3, 3, 1, 2, 4, 3)):
        expected = model.answered(CARD, expected, rating, at(day * 5))
        answer(journal, rating, at(day * 5))
        stored = journal.state(CARD)
        assert (stored.schedule, stored.reps, stored.lapses) == (expected.schedule, expected.reps, expected.lapses)
    assert stored.content == "abc"


def test_every_field_of_a_state_has_its_column(opened: OpenJournal) -> None:
    columns = {"reps", "lapses", "suspended", "buried_until", "flag", "first_day", "last_day", "content", "chain"}
    assert {field.name for field in fields(CardState)} == columns | {"schedule"}


def test_every_kind_of_event_comes_back_from_the_file_as_it_was(opened: OpenJournal) -> None:
    journal = opened()
    first = answer(journal, 3, at(0))
    bodies: list[Body] = [
        Review(CARD, 1, 7, None, 1, "abc", 0xFFFFFFFF, '{"given":{"d":"64"},"typed":"Größe ≈ 2⁶\\u0000"}'),
        Review(CARD, 2, 7, DAY + 5, 2),
        Suspend(CARD),
        Bury(CARD, DAY + 4),
        Flag(CARD, 7),
        Reset(CARD),
        SetDue(CARD, DAY + 9),
        ChangedMeaning(CARD, "def"),
        OwnNote(CARD, "Mine: $f_t$\nand more"),
        OwnNote(CARD, ""),
        Report(CARD, "It is 4 h (d + h) + 4 h.", "def"),
        Resolve(CARD),
        Tag(CARD, "exam"),
        Untag(CARD, "exam"),
        Setting("desired_retention", "0.85"),
        Alias("lstm/cell#c1", CARD),
        Seen("lstm/gates", "0123", 1_700_000_000),
        Undo(first.id),
    ]
    written = journal.append(bodies, at(1))
    assert [event.body for event in written] == bodies
    assert list(journal.events()) == [first, *written]
    assert journal.event(written[3].id) == written[3]
    assert journal.event(EventId("nobody", 1)) is None
    assert journal.last_event() == written[-1]


def test_events_of_one_action_share_a_batch_and_are_undone_together(opened: OpenJournal) -> None:
    journal = opened()
    alone = answer(journal, 3, at(0))
    together = journal.append([Suspend(CARD), Bury("a/b#qa", DAY + 1)], at(0))
    assert alone.batch == 0
    assert {event.batch for event in together} == {together[0].id.seq}
    assert journal.last_undoable() == together
    journal.append([Undo(event.id) for event in together], at(0))
    assert not journal.state(CARD).suspended
    assert journal.last_undoable() == (alone,)


def test_undo_goes_back_action_by_action_to_the_beginning(opened: OpenJournal) -> None:
    journal = opened()
    states = [journal.state(CARD)]
    for day in range(4):
        answer(journal, 3, at(day * 3))
        states.append(journal.state(CARD))
    for expected in reversed(states[:-1]):
        journal.append([Undo(event.id) for event in journal.last_undoable()], at(12))
        assert journal.state(CARD) == expected
    assert journal.last_undoable() == ()
    assert len(list(journal.events())) == 8


def test_an_undone_undo_brings_the_answer_back(opened: OpenJournal) -> None:
    journal = opened()
    event = answer(journal, 3, at(0))
    answered = journal.state(CARD)
    (undo,) = journal.append([Undo(event.id)], at(0))
    assert journal.states([CARD]) == {}
    (redo,) = journal.append([Undo(undo.id)], at(0))
    assert journal.state(CARD) == answered
    journal.append([Undo(redo.id)], at(0))
    assert journal.states([CARD]) == {}
    assert journal.events_of(CARD) == (event,)
    assert journal.events_of(CARD, surviving=True) == ()


def test_an_undo_of_what_never_happened_is_refused(opened: OpenJournal) -> None:
    journal = opened()
    with pytest.raises(StoreError, match="no event 7"):
        journal.append([Suspend(CARD), Undo(EventId(journal.device, 7))], at(0))
    assert list(journal.events()) == []


def test_the_clock_of_events_goes_on_where_the_wall_clock_went_back(opened: OpenJournal) -> None:
    journal = opened()
    later = answer(journal, 3, at(5))
    earlier = answer(journal, 3, at(0))
    assert earlier.order > later.order
    assert list(journal.events()) == [later, earlier]


def test_a_renamed_card_keeps_its_history_under_every_name(opened: OpenJournal) -> None:
    journal = opened()
    answer(journal, 3, at(0))
    answer(journal, 3, at(1))
    (alias,) = journal.append([Alias("lstm/cell#c1", CARD)], at(2))
    assert journal.all_states().keys() == {"lstm/cell#c1"}
    assert journal.state(CARD) == journal.state("lstm/cell#c1")
    journal.append([Suspend(CARD)], at(2))
    assert journal.state("lstm/cell#c1").suspended
    assert len(journal.events_of("lstm/cell#c1")) == 3
    assert journal.present_names() == {CARD: "lstm/cell#c1"}
    journal.append([Undo(alias.id)], at(3))
    assert journal.all_states().keys() == {CARD}
    assert journal.all_states() == fold(list(journal.events()))


def test_new_parameters_fold_every_card_again_and_retention_none(opened: OpenJournal) -> None:
    journal = opened()
    for day in (0, 1, 9):
        answer(journal, 3, at(day))
    before = journal.state(CARD)
    journal.append([Setting("desired_retention", "0.8")], at(10))
    assert journal.state(CARD) == before
    parameters = list(Settings().parameters)
    parameters[2] *= 1.5
    journal.append([Setting("parameters", str(parameters))], at(10))
    assert journal.state(CARD) != before
    assert journal.timeline.now.desired_retention == 0.8
    assert journal.all_states() == fold(list(journal.events()))
    journal.close()
    journal = opened()
    journal.append([Setting("parameters", str(list(Settings().parameters)))], at(10))
    assert journal.state(CARD) == before


def test_a_setting_that_cannot_be_is_refused_and_not_written(opened: OpenJournal) -> None:
    journal = opened()
    with pytest.raises(NlpcardsError, match="desired_retention"):
        journal.append([Suspend(CARD), Setting("desired_retention", "7")], at(0))
    assert list(journal.events()) == []
    assert journal.timeline.now == Settings()


def test_due_reviews_steps_and_todays_answers_make_the_agenda(opened: OpenJournal) -> None:
    journal = opened()
    for card in ("a/due#qa", "a/buried#qa", "a/suspended#qa", "a/later#qa"):
        answer(journal, 4, at(0), card)
    journal.append([SetDue("a/later#qa", DAY + 90), Suspend("a/suspended#qa"), Bury("a/buried#qa", DAY + 31)], at(0))
    answer(journal, 3, at(30), "a/step#qa")
    answer(journal, 4, at(30), "a/easy#qa")
    journal.append([Suspend("a/new#qa")], at(30))
    day, ends = DAY + 30, NOON + 31 * 86_400_000
    assert list(journal.due(day)) == ["a/due#qa"]
    assert isinstance(journal.learning(day, ends)["a/step#qa"].schedule, Steps)
    assert journal.learning(day, NOON) == {}
    assert journal.agenda(day, ends).keys() == {"a/due#qa", "a/step#qa", "a/easy#qa"}
    assert journal.agenda(day + 1, ends).keys() == {"a/due#qa", "a/buried#qa", "a/step#qa"}
    assert journal.counts_of(day) == DayCounts(reviews=2, introduced=2)
    assert journal.counts_of(DAY) == DayCounts(reviews=4, introduced=4)
    assert "a/new#qa" not in journal.answered_cards()
    some = ["a/new#qa", "a/easy#qa", "a/step#qa", "a/none#qa"]
    assert journal.answered_among(some) == journal.answered_cards() & set(some) == {"a/easy#qa", "a/step#qa"}
    journal.append([Alias("a/now#qa", "a/easy#qa")], at(30))
    assert journal.answered_among(["a/now#qa", "a/easy#qa"]) == {"a/now#qa", "a/easy#qa"}
    assert isinstance(journal.state("a/new#qa").schedule, New)
    assert len(journal.events_on(day)) == 4
    assert journal.events_on(DAY, day) == tuple(journal.events())


def test_notes_seen_give_their_latest_record(opened: OpenJournal) -> None:
    journal = opened()
    journal.append([Seen("a/b", "01", 5), Seen("a/b", "02", 6), Seen("a/c", "", 1)], at(0))
    assert journal.seen_notes() == {"a/b": Seen("a/b", "02", 6), "a/c": Seen("a/c", "", 1)}
    assert journal.last_undoable() == ()


def test_days_studied_and_the_forecast_count_what_stands(opened: OpenJournal) -> None:
    journal = opened()
    for day, card in ((0, "a/x#qa"), (0, "a/y#qa"), (3, "a/x#qa"), (5, "a/z#qa")):
        answer(journal, 4, at(day), card)
    journal.append([SetDue("a/x#qa", DAY + 40), SetDue("a/y#qa", DAY + 40), SetDue("a/z#qa", DAY + 41)], at(5))
    assert sorted(journal.due_between(DAY + 40, DAY + 60)) == [
        ("a/x#qa", DAY + 40),
        ("a/y#qa", DAY + 40),
        ("a/z#qa", DAY + 41),
    ]
    journal.append([Suspend("a/x#qa")], at(5))
    assert journal.due_between(DAY + 40, DAY + 40) == [("a/y#qa", DAY + 40)]
    assert journal.spent_on(DAY) == 1_800
    assert [day for day in range(DAY, DAY + 7) if journal.studied_on(day)] == [DAY, DAY + 3, DAY + 5]
    journal.append([Undo(journal.events_on(DAY + 3)[0].id)], at(6))
    assert not journal.studied_on(DAY + 3)


def test_how_many_cards_fall_due_on_each_day_counts_every_card_out_of_the_steps(opened: OpenJournal) -> None:
    journal = opened()
    dues: dict[int, int] = {}
    answer(journal, 3, at(0), "a/step#qa")
    for card in ("a/x#qa", "a/y#qa", "a/z#qa"):
        answer(journal, 4, at(0), card)
        schedule = journal.state(card).schedule
        assert isinstance(schedule, Interval)
        dues[schedule.due] = dues.get(schedule.due, 0) + 1
    journal.append([Suspend("a/x#qa")], at(0))
    assert journal.due_counts(DAY, DAY + 100) == dues
    assert journal.due_counts(DAY, min(dues) - 1) == {}


def test_the_cards_introduced_within_some_days_are_those_first_answered_then(opened: OpenJournal) -> None:
    journal = opened()
    for day, card in ((0, "a/x#qa"), (1, "a/y#qa"), (2, "a/z#qa"), (3, "a/x#qa")):
        answer(journal, 4, at(day), card)
    assert journal.introduced_between(DAY + 1, DAY + 2) == {"a/y#qa", "a/z#qa"}
    assert journal.introduced_between(DAY, DAY + 3) == {"a/x#qa", "a/y#qa", "a/z#qa"}
    assert journal.introduced_between(DAY + 3, DAY + 9) == set()


def test_answer_times_say_what_the_card_was_and_leave_out_what_was_undone(opened: OpenJournal) -> None:
    journal = opened()
    answer(journal, 3, at(0))
    answer(journal, 3, at(0).later(600_000))
    answer(journal, 1, at(9))
    answer(journal, 3, at(9).later(600_000))
    undone = answer(journal, 3, at(30))
    journal.append([Undo(undone.id)], at(30))
    sorts = Counter(sort for sort, _ in journal.answer_times(DAY, 100))
    assert sorts == {Sort.NEW: 1, Sort.STEPS: 2, Sort.REVIEW: 1}
    assert Counter(sort for sort, _ in journal.answer_times(DAY + 1, 100)) == {Sort.STEPS: 1, Sort.REVIEW: 1}
    assert {duration for _, duration in journal.answer_times(DAY, 100)} == {900}
    assert len(journal.answer_times(DAY, 2)) == 2
