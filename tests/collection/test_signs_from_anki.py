"""Suspensions, flags and burials of both sides: the later one counts, whichever way it comes and however often."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nlpcards.anki.connect.packages import Has
from nlpcards.anki.history.signs import sign_event
from nlpcards.collection.bringing_back import Brought, bring_back
from nlpcards.collection.importing_packages import import_package
from nlpcards.core.journal import Body, Bury, Event, Flag, Review, Suspend, Unsuspend
from nlpcards.core.state import CardState
from nlpcards.decks.importing.deck_files import Wanted
from tests.support.anki_connect import Served, served
from tests.support.learner import Learner
from tests.support.phone import Phone
from tests.support.program import deck_of
from tests.support.pushes import NOTHING_NEW, new, note, pulled, pushed, synced


@dataclass
class Sides:
    """A desk and an Anki whose clocks agree: the desk's is the truth, and what Anki does is stamped with it."""

    desk: Learner
    anki: Served

    def later(self, seconds: float = 60) -> None:
        self.desk.waits(seconds=seconds)

    def there(self, number: int) -> Any:
        return note(self.anki, f"made/n{number}").cards()[0]

    def here(self, number: int) -> CardState:
        with self.desk.open() as collection:
            return collection.state(f"made/n{number}#qa")

    def does(self, *bodies: Body) -> None:
        with self.desk.open() as collection:
            collection.journal.append(bodies, collection.now())

    def suspends(self, *numbers: int) -> None:
        self.anki.col.sched.suspend_cards([self.there(number).id for number in numbers])
        self.stamp()

    def unsuspends(self, *numbers: int) -> None:
        self.anki.col.sched.unsuspend_cards([self.there(number).id for number in numbers])
        self.stamp()

    def flags(self, number: int, flag: int) -> None:
        self.anki.col.set_user_flag_for_cards(flag, [self.there(number).id])
        self.stamp()

    def buries(self, number: int) -> None:
        self.anki.col.sched.bury_cards([self.there(number).id], manual=True)
        self.stamp()

    def answers(self, number: int) -> None:
        """Answer a card as Anki's reviewer does, whatever its queue would ask first."""
        card = self.there(number)
        states = self.anki.col._backend.get_scheduling_states(card.id)
        card.start_timer()
        answer = self.anki.col.sched.build_answer(card=card, states=states, rating=2)
        self.anki.col.sched.answer_card(answer)
        self.stamp()

    def stamp(self) -> None:
        """Let what Anki just did have happened now."""
        ms = int(self.desk.at.timestamp() * 1000)
        for (row,) in self.anki.col.db.all("select id from revlog where id > ?", ms + 1000):
            self.anki.col.db.execute("update revlog set id = ? where id = ?", self._free(ms), row)
        self.anki.col.db.execute("update cards set mod = ? where mod > ?", ms // 1000, ms // 1000)

    def pulls(self, *, write: bool = True) -> Brought:
        return pulled(self.desk, self.anki, write=write)

    def pushes(self) -> tuple[int, ...]:
        found = new(pushed(self.desk, self.anki))
        self.stamp()
        return found

    def syncs(self) -> None:
        synced(self.desk, self.anki)
        self.stamp()

    def takes(self, path: Path, seen: Has | None = None) -> Brought:
        """Take a file as of an instant, now if it is not said."""
        with self.desk.open() as collection:
            return bring_back(collection, path, seen=seen or self.seen())

    def seen(self) -> Has:
        """What Anki has now."""
        flags = dict(self.anki.col.db.all("select id, flags from cards where flags"))
        return Has([], int(self.desk.at.timestamp()), flags)

    def signs(self, number: int) -> tuple[tuple[bool, int], tuple[bool, int]]:
        """Whether a card is suspended and which flag it has, here and there."""
        here, there = self.here(number), self.there(number)
        return (here.suspended, here.flag), (there.queue == -1, there.flags & 7)

    def events(self) -> list[Event]:
        """What came of Anki's, but for reviews and what is kept beside them."""
        kinds = (Suspend, Unsuspend, Flag, Bury)
        with self.desk.open() as collection:
            return [each for each in collection.journal.events() if isinstance(each.body, kinds)]

    def _free(self, ms: int) -> int:
        while self.anki.col.db.scalar("select 1 from revlog where id = ?", ms):
            ms += 1
        return ms


@pytest.fixture(scope="module")
def noon() -> Iterator[timezone]:
    """A zone where it is about noon, in which Anki is too: no study day ends between the desk's clock and Anki's."""
    east = 12 - datetime.now(UTC).hour
    with pytest.MonkeyPatch.context() as here:
        here.setenv("TZ", f"NOON{-east:+d}")  # a zone's name in POSIX counts to the west
        time.tzset()
        yield timezone(timedelta(hours=east))
    time.tzset()


@pytest.fixture
def sides(tmp_path: Path, noon: timezone) -> Iterator[Sides]:
    folder = tmp_path / "desk"
    (folder / "decks").mkdir(parents=True)
    (folder / "decks" / "made.yaml").write_text(deck_of(6), "utf-8")
    # An hour ago, so that a test can let time pass and never meets the present.
    desk = Learner(folder, datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1), noon)
    phone = Phone(tmp_path / "phone")
    with served(phone) as running:
        found = Sides(desk, running)
        found.pushes()
        found.later()
        yield found
    phone.col.close()


SET, FREE = (True, 0), (False, 0)


def test_what_was_set_in_anki_comes_once_as_events_of_its_device(sides: Sides) -> None:
    sides.suspends(0)
    sides.flags(1, 4)
    sides.buries(2)
    sides.later()
    asked = sides.pulls(write=False)
    assert (asked.suspended, asked.flagged, asked.buried) == (1, 1, 1)
    assert sides.events() == []
    found = sides.pulls()
    assert (found.reviews, found.suspended, found.flagged, found.buried) == (0, 1, 1, 1)
    assert sides.signs(0) == (SET, SET)
    assert sides.signs(1) == ((False, 4), (False, 4))
    with sides.desk.open() as collection:
        today = collection.now().day
    assert sides.here(2).buried_until == today + 1
    assert {event.id.device for event in sides.events()} == {f"anki:{sides.anki.col.crt}"}
    before = sides.events()
    assert sides.pulls().changes == 0
    assert sides.events() == before
    assert sides.pushes() == NOTHING_NEW


def test_a_file_brings_it_too_in_any_form_and_order(sides: Sides) -> None:
    sides.suspends(0)
    sides.flags(1, 2)
    sides.buries(2)
    legacy, modern = sides.anki.phone.package(legacy=True), sides.anki.phone.package()
    whole = sides.anki.phone.closed()
    first = sides.takes(modern)
    assert (first.suspended, first.flagged, first.buried) == (1, 1, 1)
    for path in (legacy, whole, modern):
        found = sides.takes(path)
        assert (found.suspended, found.flagged, found.buried, found.undone) == (0, 0, 0, 0)
    assert sides.pulls().changes == 0
    assert len(sides.events()) == 3


def test_two_devices_that_take_the_same_file_have_the_same_events(sides: Sides, tmp_path: Path) -> None:
    sides.suspends(0)
    sides.flags(1, 2)
    package = sides.anki.phone.package()
    sides.later(7_200)
    other = Learner(tmp_path / "other", sides.desk.at + timedelta(hours=1), sides.desk.zone)
    other.write("made", (sides.desk.decks / "made.yaml").read_text("utf-8"))
    with other.open() as collection, sides.desk.open() as desk:
        bring_back(desk, package)
        bring_back(collection, package)
        theirs = [event for event in collection.journal.events() if event.id.device.startswith("anki:")]
        assert theirs
        assert desk.journal.insert(theirs) == 0


def test_a_flag_given_while_answering_on_a_phone_comes_and_goes_with_answers(sides: Sides) -> None:
    for flag in (1, 3, 0, 1):
        sides.flags(0, flag)
        sides.later(3)
        sides.answers(0)
        sides.later()
        sides.syncs()
        assert sides.signs(0) == ((False, flag), (False, flag))
        sides.later()
    assert sides.pushes() == NOTHING_NEW


def test_what_was_set_here_and_taken_off_there_is_off(sides: Sides) -> None:
    sides.does(Suspend("made/n0#qa"), Flag("made/n1#qa", 5))
    sides.later()
    sides.syncs()
    assert sides.signs(0) == (SET, SET)
    sides.later()
    sides.unsuspends(0)
    sides.flags(1, 0)
    sides.later(3)
    sides.answers(0)
    sides.answers(1)
    sides.later()
    sides.syncs()
    assert sides.signs(0) == sides.signs(1) == (FREE, FREE)


def test_what_was_set_here_later_goes_there_and_stays_here(sides: Sides) -> None:
    sides.suspends(0)
    sides.flags(1, 2)
    sides.later()
    sides.pulls()
    sides.later()
    sides.does(Unsuspend("made/n0#qa"), Flag("made/n1#qa", 6))
    sides.later()
    assert sides.pulls().changes == 0
    assert sides.pushes() != NOTHING_NEW
    assert sides.signs(0) == (FREE, FREE)
    assert sides.signs(1) == ((False, 6), (False, 6))
    sides.later()
    assert sides.pulls().changes == 0


def test_an_answer_in_anki_takes_nothing_off_that_was_set_here(sides: Sides) -> None:
    sides.does(Flag("made/n0#qa", 5), Suspend("made/n1#qa"))
    sides.later()
    sides.answers(0)
    sides.answers(1)
    sides.later()
    sides.syncs()
    assert sides.signs(0) == ((False, 5), (False, 5))
    assert sides.signs(1) == (SET, SET)


def test_a_note_that_went_there_suspended_and_was_taken_off_there_is_off(sides: Sides) -> None:
    sides.desk.write("made", deck_of(7))
    sides.does(Suspend("made/n6#qa"), Flag("made/n6#qa", 2))
    sides.later()
    assert sides.pushes()[0] == 1
    assert sides.signs(6) == ((True, 2), (True, 2))
    sides.later()
    sides.unsuspends(6)
    sides.flags(6, 0)
    sides.answers(6)
    sides.later()
    sides.syncs()
    assert sides.signs(6) == (FREE, FREE)


def test_of_two_different_flags_the_later_one_counts(sides: Sides) -> None:
    sides.does(Flag("made/n0#qa", 1))
    sides.flags(1, 2)
    sides.later()
    sides.flags(0, 2)
    sides.answers(0)
    sides.does(Flag("made/n1#qa", 1))
    sides.later()
    sides.syncs()
    assert sides.signs(0) == ((False, 2), (False, 2))
    assert sides.signs(1) == ((False, 1), (False, 1))


def test_a_push_alone_leaves_what_was_set_in_anki(sides: Sides) -> None:
    sides.does(Review("made/n2#qa", 4, 900, _today(sides) + 9, 0))
    sides.pushes()
    sides.later()
    sides.suspends(0)
    sides.flags(1, 2)
    sides.buries(2)
    sides.later()
    assert sides.pushes() == NOTHING_NEW
    assert (sides.there(0).queue, sides.there(1).flags, sides.there(2).queue) == (-1, 2, -3)
    sides.later()
    found = sides.pulls()
    assert (found.suspended, found.flagged, found.buried) == (1, 1, 1)


def test_an_old_package_brings_no_old_flag_back(sides: Sides) -> None:
    sides.flags(0, 3)
    sides.suspends(1)
    old, then = sides.anki.phone.package(), sides.seen()
    sides.later()
    sides.syncs()
    sides.later()
    sides.flags(0, 0)
    sides.unsuspends(1)
    sides.later()
    sides.syncs()
    assert sides.takes(old, then).changes == 0
    assert sides.signs(0) == sides.signs(1) == (FREE, FREE)
    assert sides.pushes() == NOTHING_NEW


def test_a_file_counts_as_of_when_it_was_written(sides: Sides) -> None:
    sides.flags(0, 3)
    old = sides.anki.phone.package()
    sides.pulls()
    sides.flags(0, 0)
    sides.desk.at = datetime.now(UTC) + timedelta(seconds=90)
    assert sides.pulls().flagged == 1
    with sides.desk.open() as collection:
        assert bring_back(collection, old).changes == 0
    assert sides.here(0).flag == 0


@pytest.mark.parametrize("mod", [0, -5, 2**33, 2**61])
def test_a_card_that_changed_at_no_time_is_taken_all_the_same(sides: Sides, mod: int) -> None:
    sides.flags(0, 3)
    sides.suspends(1)
    sides.anki.col.db.execute("update cards set mod = ?", mod)
    copy = sides.anki.phone.closed()
    with sides.desk.open() as collection:
        found = bring_back(collection, copy)
        assert (found.suspended, found.flagged) == (1, 1)
        newest = collection.journal.last_event()
        assert newest is not None
        assert newest.at_ms <= collection.now().ms + 2_000
    assert (sides.here(0).flag, sides.here(1).suspended) == (3, True)


def test_an_older_anki_that_writes_no_flags_is_asked_for_them(sides: Sides) -> None:
    sides.anki.clears_flags = True
    sides.flags(0, 3)
    sides.does(Flag("made/n1#qa", 5))
    sides.later()
    sides.syncs()
    assert [sides.signs(at)[0][1] for at in (0, 1)] == [sides.signs(at)[1][1] for at in (0, 1)] == [3, 5]
    assert (sides.pulls().changes, sides.pushes()) == (0, NOTHING_NEW)
    sides.later()
    sides.flags(0, 0)
    assert sides.pulls().flagged == 1
    assert [sides.here(at).flag for at in (0, 1)] == [0, 5]


def test_a_package_without_any_flag_takes_none_off(sides: Sides) -> None:
    sides.flags(0, 3)
    sides.suspends(1)
    sides.later()
    sides.syncs()
    sides.anki.col.db.execute("update cards set flags = 0")
    sides.later()
    sides.suspends(2)
    sides.desk.at = datetime.now(UTC) + timedelta(seconds=90)
    with sides.desk.open() as collection:
        found = bring_back(collection, sides.anki.phone.package(legacy=True))
        assert (found.flagged, found.suspended) == (0, 1)
        found = bring_back(collection, sides.anki.phone.closed())
        assert (found.flagged, found.suspended) == (1, 0)


def test_a_package_without_any_flag_tells_what_is_suspended_no_longer(sides: Sides) -> None:
    sides.suspends(0)
    sides.desk.at = datetime.now(UTC) + timedelta(seconds=90)
    with sides.desk.open() as collection:
        assert bring_back(collection, sides.anki.phone.package()).suspended == 1
    sides.later()
    sides.unsuspends(0)
    with sides.desk.open() as collection:
        path = sides.anki.phone.package()
        assert [bring_back(collection, path).suspended for _ in range(2)] == [1, 0]
    assert sides.signs(0) == (FREE, FREE)
    assert sides.pushes() == NOTHING_NEW


def test_what_came_suspended_with_its_note_and_was_let_go_there_is_let_go(sides: Sides) -> None:
    col = sides.anki.col
    added = col.new_note(col.models.by_name("Basic"))
    added["Front"], added["Back"] = "What is learned?", "This."
    col.add_note(added, 1)
    card = added.cards()[0].id
    col.sched.suspend_cards([card])
    col.set_user_flag_for_cards(3, [card])
    sides.stamp()
    with sides.desk.open() as collection:
        import_package(collection, sides.anki.phone.package(), Wanted(sides.desk.decks, "mine", "Mine"))
        assert collection.state("mine/what-is-learned#qa").suspended
    sides.later()
    col.sched.unsuspend_cards([card])
    col.set_user_flag_for_cards(0, [card])
    sides.stamp()
    sides.later()
    sides.syncs()
    with sides.desk.open() as collection:
        state = collection.state("mine/what-is-learned#qa")
    assert (state.suspended, state.flag) == FREE
    assert (col.get_card(card).queue, col.get_card(card).flags) == (0, 0)


def test_the_events_of_a_large_collection_never_share_a_number() -> None:
    """Sixty thousand cards and more are suspended in some: a number of 39 bits, as of rows, would not do."""
    events = [sign_event("anki:1", card, 1_700_000_000, Suspend("made/n#qa"), lambda _: 0) for card in range(100)]
    assert len({event.id for event in events}) == 100
    assert all(1 << 62 <= event.id.seq < 1 << 63 for event in events)
    assert len({event.id.seq >> 24 & 0xFFFFFF for event in events}) > 90


def test_a_burial_of_yesterday_or_one_that_an_answer_here_ended_does_not_come(sides: Sides) -> None:
    sides.buries(0)
    sides.later()
    sides.does(Review("made/n0#qa", 4, 900, _today(sides) + 9, 0))
    sides.later()
    assert sides.pulls().buried == 0
    sides.buries(1)
    sides.later(86_400)
    assert sides.pulls().buried == 0


def test_what_came_is_not_what_an_undo_takes_back(sides: Sides) -> None:
    sides.does(Flag("made/n3#qa", 7))
    sides.later()
    sides.suspends(0)
    sides.syncs()
    with sides.desk.open() as collection:
        (last,) = collection.journal.last_undoable()
        assert last.body == Flag("made/n3#qa", 7)


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_both_sides_come_to_what_was_set_last(sides: Sides, seed: int) -> None:
    """Also where answers come between, and whether or not one side heard of the other's; but Anki does not tell when a
    flag was set, so one side sets one only where both agree.
    """
    random = Random(seed)
    last: dict[int, tuple[bool, int]] = dict.fromkeys(range(4), FREE)
    for _ in range(40):
        number, flag = random.randrange(4), random.randrange(3)
        suspended = last[number][0]
        match random.randrange(7):
            case 0 if sides.here(number).flag == sides.there(number).flags != flag:
                sides.does(Flag(f"made/n{number}#qa", flag))
                last[number] = (suspended, flag)
            case 1 if sides.here(number).flag == sides.there(number).flags != flag:
                sides.flags(number, flag)
                last[number] = (suspended, flag)
            case 2 if not suspended:
                sides.does(Suspend(f"made/n{number}#qa"))
                last[number] = (True, last[number][1])
            case 3 if sides.there(number).queue != -1:
                sides.suspends(number)
                last[number] = (True, last[number][1])
            case 4 if sides.there(number).queue == -1:
                sides.unsuspends(number)
                last[number] = (False, last[number][1])
            case 5 if not suspended and sides.there(number).queue != -1:
                sides.later(2)
                sides.syncs()
                sides.later(2)
                sides.answers(number)
            case _:
                sides.syncs()
        sides.later()
    sides.syncs()
    for number, expected in last.items():
        assert sides.signs(number) == (expected, expected), number
    assert sides.pushes() == NOTHING_NEW
    assert sides.pulls().changes == 0


def _today(sides: Sides) -> int:
    with sides.desk.open() as collection:
        return collection.now().day


def test_a_clock_that_was_put_back_hides_nothing_that_is_set_in_anki(sides: Sides) -> None:
    sides.does(Suspend("made/n0#qa"))
    sides.later()
    right = sides.desk.at
    sides.desk.at += timedelta(days=400)
    sides.syncs()
    assert sides.signs(0) == (SET, SET)
    sides.desk.at = right
    sides.later()
    sides.unsuspends(0)
    sides.flags(1, 3)
    sides.later()
    sides.syncs()
    assert sides.signs(0) == (FREE, FREE)
    assert sides.signs(1) == ((False, 3), (False, 3))
    sides.later()
    sides.does(Flag("made/n1#qa", 6))
    sides.later()
    sides.syncs()
    assert sides.signs(1) == ((False, 6), (False, 6))
    assert sides.pushes() == NOTHING_NEW
