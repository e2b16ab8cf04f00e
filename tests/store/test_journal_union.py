from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.core.days import Moment
from nlpcards.core.errors import JournalConflict, StoreError
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
    SetDue,
    Setting,
    Suspend,
    Tag,
    Undo,
    Unsuspend,
    Untag,
    chained,
    merge,
)
from nlpcards.core.memory import Settings
from nlpcards.core.remarks import remarks
from nlpcards.store import Journal
from nlpcards.store.connection import connect

OpenJournal = Callable[..., Journal]
DAY = 20_000
DEVICES = ("b", "a", "c")
CARDS = st.sampled_from(["x/a#qa", "x/b#qa", "x/c#qa", "x/d#qa"])
LATER = str([each * 1.01 if index == 3 else each for index, each in enumerate(Settings().parameters)])

FIRST = {device: chained(0, device, 1) for device in DEVICES}
"""The chain of each device's first event, which now and then is what a drawn review really stands on."""

event_ids = st.builds(EventId, st.sampled_from(DEVICES), st.integers(1, 12))
bodies: st.SearchStrategy[Body] = st.one_of(
    st.builds(
        Review,
        CARDS,
        st.integers(1, 4),
        st.integers(0, 9_000),
        st.none() | st.integers(DAY, DAY + 60),
        st.integers(0, 3),
        st.sampled_from(["", "0a1b"]),
        st.sampled_from([0, *FIRST.values()]),
        st.sampled_from(["", '{"typed":"lstm"}']),
    ),
    st.builds(Suspend, CARDS),
    st.builds(Unsuspend, CARDS),
    st.builds(Bury, CARDS, st.integers(DAY, DAY + 9)),
    st.builds(Flag, CARDS, st.integers(0, 7)),
    st.builds(Reset, CARDS),
    st.builds(SetDue, CARDS, st.integers(DAY, DAY + 60)),
    st.builds(ChangedMeaning, CARDS, st.sampled_from(["", "0a1b"])),
    st.one_of(
        st.builds(OwnNote, CARDS, st.sampled_from(["", "mine", "$x$"])),
        st.builds(Report, CARDS, st.sampled_from(["wrong", "out of date"]), st.sampled_from(["", "0a1b"])),
        st.builds(Resolve, CARDS),
        st.builds(Tag, CARDS, st.sampled_from(["hard", "exam"])),
        st.builds(Untag, CARDS, st.sampled_from(["hard", "exam"])),
    ),
    st.builds(Undo, event_ids),
    st.builds(Undo, event_ids),
    st.builds(Alias, CARDS, CARDS),
    st.sampled_from(
        [Setting("desired_retention", "0.8"), Setting("parameters", LATER), Setting("learning_steps", "[]")]
    ),
)


@st.composite
def journals(draw: st.DrawFn) -> list[Event]:
    """Events of three devices whose clocks may tie, with undos that may come before their targets or name none."""
    events: list[Event] = []
    for device in DEVICES:
        hlc = 0
        for seq, body in enumerate(draw(st.lists(bodies, max_size=12)), start=1):
            hlc += draw(st.integers(1, 3))
            day = DAY + draw(st.integers(0, 20))
            events.append(Event(EventId(device, seq), hlc, day * 86_400_000 + hlc, day, body, 0))
    return events


def check(journal: Journal, expected: list[Event]) -> None:
    """The file holds the union, and every cache of it is what a fold of the whole gives."""
    assert tuple(journal.events()) == merge(expected, ())
    assert journal.all_states() == fold(expected)
    said = remarks(expected)
    assert journal.remarks() == said
    assert journal.reported() == {card: of_it for card, of_it in said.items() if of_it.reports}
    for card, of_it in said.items():
        assert journal.remarks_of(card) == of_it
    assert journal.rebuild() == []


@settings(deadline=None)
@given(events=journals(), data=st.data())
def test_a_union_is_the_same_in_whatever_portions_and_order_events_arrive(
    events: list[Event], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(events))
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder) / "j.db", 0, "here") as journal:
        arrived: list[Event] = []
        while shuffled:
            size = data.draw(st.integers(1, len(shuffled)))
            portion, shuffled = shuffled[:size], shuffled[size:]
            assert journal.insert(portion) == len(portion)
            arrived += portion
            check(journal, arrived)
        assert journal.insert(events) == 0
        check(journal, events)


@settings(deadline=None)
@given(
    actions=st.lists(st.lists(bodies, min_size=1, max_size=3) | st.just([]), max_size=12),
    foreign=journals(),
)
def test_what_is_appended_step_by_step_equals_a_fold_of_the_whole(
    actions: list[list[Body]], foreign: list[Event]
) -> None:
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder) / "j.db", 0, "here") as journal:
        journal.insert(foreign)
        everything = list(foreign)
        known = {event.id for event in foreign}
        for number, action in enumerate(actions):
            moment = Moment(number, DAY + number)
            # An empty action stands for pressing undo.
            bodies = action or [Undo(event.id) for event in journal.last_undoable()]
            possible = [body for body in bodies if not isinstance(body, Undo) or body.target in known]
            written = journal.append(possible, moment)
            known |= {event.id for event in written}
            everything += written
        check(journal, everything)


def review(device: str, seq: int, hlc: int, rating: int = 3) -> Event:
    return Event(EventId(device, seq), hlc, 7, DAY, Review("x/a#qa", rating, 1, None, 0))


def test_one_number_for_two_events_is_a_conflict_and_nothing_is_taken(opened: OpenJournal) -> None:
    journal = opened()
    journal.insert([review("d", 1, 10)])
    with pytest.raises(JournalConflict, match="number 1 of device d"):
        journal.insert([review("d", 2, 20), review("d", 1, 10, rating=1)])
    assert list(journal.events()) == [review("d", 1, 10)]
    assert journal.insert([review("d", 2, 20), review("d", 1, 10)]) == 1


@pytest.mark.parametrize(
    "event",
    [
        Event(EventId("d", 2), 5, 5, DAY, Review("x/a#qa", 5, 1, None, 0)),
        Event(EventId("d", 0), 5, 5, DAY, Suspend("x/a#qa")),
        Event(EventId("d", 2), 2**70, 5, DAY, Suspend("x/a#qa")),
        Event(EventId("d", 2), 2**62 + 1, 5, DAY, Suspend("x/a#qa")),
        Event(EventId("d", 2), 5, 5, 10**8, Suspend("x/a#qa")),
        Event(EventId("d", 2), 5, 5, DAY, Suspend("x/\ud800")),
        Event(EventId("d", 2), 5, 5, DAY, Review("x/a#qa", 3, 1, None, 1, after=2**32)),
        Event(EventId("d", 2), 5, 5, DAY, Review("x/a#qa", 3, 1, None, 1, after=-1)),
        Event(EventId("d", 2), 5, 5, DAY, Review("x/a#qa", 3, 1, None, 1, reply="\ud800")),
        Event(EventId("d", 2), 5, 5, DAY, Suspend("")),
        Event(EventId("", 2), 5, 5, DAY, Suspend("x/a#qa")),
        Event(EventId("d", 2), 5, 5, DAY, Flag("x/a#qa", 9)),
    ],
    ids=lambda event: str(event.body)[:30],
)
def test_an_event_that_cannot_be_is_refused_with_all_that_came_with_it(opened: OpenJournal, event: Event) -> None:
    journal = opened()
    with pytest.raises(StoreError, match="cannot be stored"):
        journal.insert([review("d", 1, 1), event])
    assert list(journal.events()) == []
    journal.insert([review("d", 1, 1)])
    assert journal.state("x/a#qa").reps == 1


def test_own_events_come_after_every_foreign_one_seen(opened: OpenJournal) -> None:
    journal = opened()
    journal.append([Suspend("x/a#qa")], Moment(4, DAY))
    journal.insert([review("ahead", 1, (10**13) << 16)])
    (event,) = journal.append([Suspend("x/a#qa")], Moment(5, DAY))
    assert event.hlc > (10**13) << 16


def test_doctor_names_what_was_wrong_in_the_cache_and_mends_it(opened: OpenJournal, path: Path) -> None:
    journal = opened()
    journal.insert([review("d", 1, 1), review("d", 2, 2)])
    journal.append([Suspend("x/b#qa")], Moment(5, DAY))
    right = journal.all_states()
    with closing(connect(path)) as connection:
        connection.execute("UPDATE card_state SET stability = stability + 1e-6 WHERE stability IS NOT NULL")
        connection.execute("DELETE FROM card_state WHERE suspended")
        connection.execute("INSERT INTO undone (device, seq) SELECT device, seq FROM event WHERE kind = 2")
    found = journal.rebuild()
    assert {(each.what, each.name) for each in found if each.what == "state"} == {
        ("state", "x/a#qa"),
        ("state", "x/b#qa"),
    }
    assert [each.what for each in found if each.what != "state"] == ["undone"]
    assert journal.all_states() == right
    assert journal.rebuild() == []
