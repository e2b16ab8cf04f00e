"""Reviews go to real Anki's scheduler and come back as events, once, whatever is read and how often."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from anki.collection import Collection as AnkiFile

from nlpcards.collection.bringing_back import Brought, bring_back
from nlpcards.collection.exporting import Wish, export
from nlpcards.collection.importing_packages import import_package
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.errors import NothingToDo
from nlpcards.core.state import CardState, Interval
from nlpcards.decks.importing.deck_files import Wanted
from tests.support.learner import Learner
from tests.support.phone import Phone
from tests.support.program import deck_of


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    folder = tmp_path / "desk"
    (folder / "decks").mkdir(parents=True)
    (folder / "decks" / "made.yaml").write_text(deck_of(30), "utf-8")
    learner = Learner(folder)
    learner.zone = ZoneInfo("UTC")
    learner.at = datetime.now(ZoneInfo("UTC"))
    return learner


@pytest.fixture
def phone(tmp_path: Path, learner: Learner) -> Iterator[Phone]:
    made = Phone(tmp_path / "phone")
    with learner.open() as collection:
        export(collection, made.folder / "decks.apkg")
    made.take(made.folder / "decks.apkg")
    made.col.set_config("fsrs", True)
    made.without_limits()
    yield made
    made.col.close()


def brought(learner: Learner, path: Path, *, write: bool = True) -> Brought:
    with learner.open() as collection:
        return bring_back(collection, path, write=write)


def states(learner: Learner) -> dict[str, CardState]:
    with learner.open() as collection:
        return collection.journal.all_states()


def test_what_was_reviewed_in_anki_comes_back_once(learner: Learner, phone: Phone) -> None:
    phone.answer(25)
    total = phone.col.db.scalar("select count() from revlog")
    first = brought(learner, phone.package())
    assert (first.reviews, first.known, first.ours) == (total, 0, 0)
    once = states(learner)
    assert sum(state.reps for state in once.values()) == total
    for path in (phone.package(), phone.package(legacy=True), phone.closed()):
        again = brought(learner, path)
        assert (again.reviews, again.known, again.undone, again.rescheduled) == (0, total, 0, 0)
    assert states(learner) == once


def test_cards_answered_in_anki_alone_are_due_when_anki_says(learner: Learner, phone: Phone) -> None:
    phone.answer(20, "EASY")
    phone.days_pass(9)
    phone.answer(6, "GOOD")
    phone.answer(2, "AGAIN")
    brought(learner, phone.closed())
    mine = states(learner)
    today = phone.col.sched.today
    with learner.open() as collection:
        day = collection.now().day
    compared = 0
    for number in phone.col.find_cards("is:review -is:learn"):
        card = phone.col.get_card(number)
        state = mine[f"{card.note()['NoteId']}#qa"]
        assert isinstance(state.schedule, Interval)
        assert state.schedule.due - day == card.due - today
        assert (state.reps, state.lapses) == (card.reps, card.lapses)
        compared += 1
    assert compared >= 18


def test_reviews_made_here_in_between_are_merged_with_those_of_anki(learner: Learner, phone: Phone) -> None:
    phone.answer(10, "EASY")
    brought(learner, phone.package())
    with learner.open() as collection:
        session = Reviewing.start(collection)
        for _ in range(5):
            session.rate(4, 1_000)
    here = sum(state.reps for state in states(learner).values())
    phone.answer(5, "EASY")
    again = brought(learner, phone.package())
    assert again.reviews == 5
    assert again.known == 10
    assert sum(state.reps for state in states(learner).values()) == here + 5
    with learner.open() as collection:
        assert collection.journal.rebuild() == []


def test_a_review_taken_back_in_anki_is_undone_here_where_the_whole_collection_says_so(
    learner: Learner, phone: Phone
) -> None:
    phone.answer(6, "EASY")
    brought(learner, phone.package())
    phone.col.undo()
    assert brought(learner, phone.package()).undone == 0
    before = phone.closed()
    assert brought(learner, before).undone == 0  # nothing tells it from a copy that was made before that review
    phone.col.decks.select(1)
    phone.answer(2, "GOOD")
    whole = phone.closed()
    assert brought(learner, whole).undone == 1
    assert sum(state.reps for state in states(learner).values()) == 7
    again = brought(learner, whole)
    assert (again.undone, again.reviews) == (0, 0)


def test_an_older_copy_undoes_nothing_and_a_newer_one_revives_what_was_undone_by_mistake(
    learner: Learner, phone: Phone
) -> None:
    phone.answer(4, "EASY")
    old = phone.closed()
    phone.answer(4, "EASY")
    new = phone.closed()
    for path in (new, old, new):
        assert brought(learner, path).undone == 0
    assert sum(state.reps for state in states(learner).values()) == 8
    gone = phone.folder / "gone.anki2"
    gone.write_bytes(new.read_bytes())
    with closing(sqlite3.connect(gone)) as db:
        db.execute("delete from revlog where id in (select id from revlog order by id limit 1)")
        db.commit()
    assert brought(learner, gone).undone == 1
    assert sum(state.reps for state in states(learner).values()) == 7
    assert brought(learner, new).undone == 0
    assert sum(state.reps for state in states(learner).values()) == 8


def test_another_profile_that_was_made_on_the_same_day_undoes_nothing(learner: Learner, phone: Phone) -> None:
    other = Phone(phone.folder / "other")
    with learner.open() as collection:
        Reviewing.start(collection).rate(4, 1_000)
        export(collection, other.folder / "decks.apkg", wish=Wish(history=True))
    phone.answer(3, "EASY")
    assert brought(learner, phone.closed()).reviews == 3
    other.take(other.folder / "decks.apkg")
    other.answer(2, "EASY")
    path = other.closed()
    other.col.close()
    report = brought(learner, path)
    assert (report.reviews, report.ours, report.undone) == (2, 1, 0)
    assert sum(state.reps for state in states(learner).values()) == 6


def test_due_days_and_resets_of_anki_are_taken(learner: Learner, phone: Phone) -> None:
    phone.answer(6, "EASY")
    cards = sorted(phone.col.find_cards("prop:reps>0"))
    phone.col.sched.set_due_date(cards[:2], "30")
    phone.col.sched.schedule_cards_as_new(cards[2:3])
    brought(learner, phone.closed())
    mine = states(learner)
    with learner.open() as collection:
        day = collection.now().day

    def state(number: int) -> CardState:
        return mine[f"{phone.col.get_card(number).note()['NoteId']}#qa"]

    for number in cards[:2]:
        schedule = state(number).schedule
        assert isinstance(schedule, Interval)
        assert schedule.due == day + 30
    assert state(cards[2]).reps == 0
    once = mine
    assert brought(learner, phone.package()).reviews == 0
    assert states(learner) == once


def test_what_is_not_ours_is_counted_and_left(learner: Learner, phone: Phone) -> None:
    note = phone.col.new_note(phone.col.models.by_name("Basic"))
    note["Front"] = "mine alone"
    phone.col.add_note(note, phone.col.decks.id("nlpcards::Mine"))
    phone.answer(40, "EASY")
    report = brought(learner, phone.closed())
    assert report.elsewhere >= 1
    assert report.reviews + report.elsewhere == phone.col.db.scalar("select count() from revlog")


def test_a_dry_run_writes_nothing(learner: Learner, phone: Phone) -> None:
    phone.answer(3)
    assert brought(learner, phone.package(), write=False).reviews == 3
    assert states(learner) == {}


def test_a_file_with_no_card_of_ours_says_so(learner: Learner, tmp_path: Path) -> None:
    col: Any = AnkiFile(str(tmp_path / "other.anki2"))
    note = col.new_note(col.models.by_name("Basic"))
    note["Front"] = "q"
    col.add_note(note, 1)
    col.close()
    with pytest.raises(NothingToDo, match="no card in this file"):
        brought(learner, tmp_path / "other.anki2")


@pytest.mark.parametrize("how", ["closed", "modern", "legacy", "legacy without ids"])
def test_templates_in_another_order_and_those_of_its_user_leave_each_card_what_it_is(
    learner: Learner, phone: Phone, how: str
) -> None:
    learner.write("two", deck_of(1, "two") + "    both: true\n")
    with learner.open() as collection:
        export(collection, phone.folder / "two.apkg", ["two"])
    phone.take(phone.folder / "two.apkg")
    models = phone.col.models
    kind = models.by_name("nlpcards Basic (both ways)")
    mine = models.new_template("Mine")
    mine["qfmt"] = "{{Answer}}?"
    models.add_template(kind, mine)
    models.reposition_template(kind, kind["tmpls"][1], 0)
    models.reposition_template(kind, mine, 1)
    if how == "legacy without ids":
        for each in kind["tmpls"]:
            del each["id"]
    elif how != "legacy":
        kind["tmpls"][0]["name"] = "Backwards"
    models.update_dict(kind)
    phone.col.sched.suspend_cards(phone.col.find_cards("-mid:1642871302 or card:3"))
    assert phone.answer(2, "EASY") == 2
    path = phone.closed() if how == "closed" else phone.package(legacy=how != "modern")
    report = brought(learner, path)
    assert (report.reviews, report.elsewhere) == (1, 1)
    assert {name for name, state in states(learner).items() if state.reps} == {"two/n0#aq"}
    elsewhere = Learner(phone.folder / "elsewhere")
    with elsewhere.open() as collection:
        import_package(collection, path, Wanted(elsewhere.decks))
    assert {name for name, state in states(elsewhere).items() if state.reps} == {"two/n0#aq"}


def test_a_card_that_was_renamed_since_keeps_its_reviews(learner: Learner, phone: Phone) -> None:
    phone.answer(1, "EASY")
    card = phone.col.get_card(phone.col.find_cards("prop:reps=1")[0])
    note = card.note()["NoteId"].partition("/")[2]
    text = (learner.decks / "made.yaml").read_text("utf-8")
    learner.write("made", text.replace(f"id: {note}\n", f"id: renamed\n    was: [{note}]\n"))
    assert brought(learner, phone.package()).reviews == 1
    assert states(learner)["made/renamed#qa"].reps == 1
    learner.at += timedelta(days=1)
    assert brought(learner, phone.package()).reviews == 0
