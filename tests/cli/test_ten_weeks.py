"""Ten weeks of a learner, once at the screens and once line by line: one memory, and no count on show that is wrong.

The weeks have missed days, a journey around the world, two changes of the clocks, decks that change between sessions
and during them, and everything that can be done to a card (see `tests.support.diary`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from nlpcards.core.journal import Body, Event, Review, Undo
from nlpcards.core.queue import Ahead, Cram, Daily, Purpose
from nlpcards.core.state import CardState, Interval, New, Steps
from tests.support.diary import CONFIG, Act, sittings
from tests.support.faces import Counts, Session, Shown, Walker, line_by_line, on_screen
from tests.support.tracing import untraced

SEED = 4


@untraced
async def test_ten_weeks_at_the_screens_and_line_by_line_leave_one_memory(tmp_path: Path) -> None:
    looking, typing = (Walker(tmp_path / name, SEED) for name in ("looking", "typing"))
    for walker in (looking, typing):
        walker.home.data.mkdir()
        walker.home.settings.write_text(CONFIG, "utf-8")
    done: Counter[Act] = Counter()
    held = 0
    for sitting in sittings(SEED):
        seen = await on_screen(looking, sitting)
        read = line_by_line(typing, sitting)
        assert_alike(seen, read)
        held += counts_that_were_right(seen)
        done.update(each.turn.act for each in seen.turns)
    events, states = memory(looking)
    assert (events, states) == memory(typing)
    # The weeks were as rich as they are meant to be, and the counts were held against what came again and again.
    assert all(done[act] >= 2 for act in Act)
    assert held > 100
    assert len({event[2] for event in events}) > 40


def assert_alike(seen: Session, read: Session) -> None:
    """Both faces showed the same cards, in the same states and with the same counts, and ended alike."""
    where = f"sitting {seen.sitting.number} at {seen.sitting.at}"
    for number, (one, other) in enumerate(zip(seen.turns, read.turns, strict=False)):
        assert one == other, f"{where}, turn {number}"
    assert seen == read, where


Told = tuple[int, int, int, Body | int]


def memory(walker: Walker) -> tuple[list[Told], dict[str, CardState]]:
    """What a learner's journal holds: its events and the states that follow, both without what differs by device."""
    with walker.open() as collection:
        assert collection.journal.rebuild() == []
        events = [without_device(event) for event in collection.journal.events()]
        states = collection.journal.all_states()
    return events, {card: replace(state, chain=0) for card, state in states.items()}


def without_device(event: Event) -> Told:
    body: Body | int = event.body
    if isinstance(body, Review):
        body = replace(body, after=0)  # the chain of what it stood on is made of device ids
    if isinstance(body, Undo):
        body = body.target.seq
    return event.id.seq, event.at_ms, event.day, body


def counts_that_were_right(session: Session) -> int:
    """Hold the counts on show at each turn against what came after; gives at how many turns that could be done.

    In a session that goes on to its end, the counts on show with a card are the distinct cards asked from that turn on
    and those that are said to come back later that day, each in the sort that it had when it was next asked. That holds
    whatever else is done to the cards, but for what nobody could foresee: an undo asks again what had been done with,
    and an author may take a card away. So it is held from the turn after the last of these.
    """
    if not session.ended:
        return 0
    turns = session.turns
    where = f"sitting {session.sitting.number} at {session.sitting.at}"
    if session.promised is not None:
        # Where nothing is asked, what was promised comes later that day.
        assert session.promised == (sum(turns[0].counts) if turns else len(session.waiting)), where
    # A session for practice knows no steps, one of few minutes only those that it has time for.
    waiting = session.waiting if takes_all_steps(session.sitting.purpose) else frozenset[str]()
    assert session.later == len(waiting), where
    unforeseen = [at for at, each in enumerate(turns) if each.turn.act is Act.UNDO or each.turn.rewrites]
    first = unforeseen[-1] + 1 if unforeseen else 0
    for at in range(first, len(turns)):
        expected = sorts(turns[at:], waiting)
        shown = turns[at].counts
        if stores(session.sitting.purpose):
            assert shown == expected, f"{where}, turn {at}"
        else:
            assert sum(shown) == sum(expected), f"{where}, turn {at}"
    return len(turns) - first


def sorts(turns: Sequence[Shown], waiting: Collection[str]) -> Counts:
    """How many distinct cards are new, on the steps, and out of them, when they are next asked or wait."""
    first: dict[str, CardState] = {}
    for each in turns:
        first.setdefault(each.card, each.before)
    kinds = Counter(type(state.schedule) for state in first.values())
    return kinds[New], kinds[Steps] + len(set(waiting) - first.keys()), kinds[Interval]


def stores(purpose: Purpose) -> bool:
    return isinstance(purpose, Daily) or purpose.counts


def takes_all_steps(purpose: Purpose) -> bool:
    return stores(purpose) and not isinstance(purpose, Cram) and purpose.minutes is None


def test_the_weeks_have_what_they_should(tmp_path: Path) -> None:
    every = list(sittings(SEED))
    days = Counter(each.at.date() for each in every)
    assert len(days) < 66  # days were missed
    assert max(days.values()) >= 2
    assert {each.at.tzname() for each in every} >= {"CET", "CEST", "JST", "EDT"}
    instants = [each.at.timestamp() for each in every]
    assert instants == sorted(instants)
    assert any(two.at.date() < one.at.date() for one, two in pairwise(every))
    assert {type(each.purpose) for each in every} == {Daily, Ahead, Cram}
