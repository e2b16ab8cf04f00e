"""The day's queue and the session over it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.cards import note_of
from nlpcards.core.days import Moment
from nlpcards.core.memory import Model, Settings
from nlpcards.core.queue import Limits, Plan, Rules, arranged, plan
from nlpcards.core.session import LEARN_AHEAD_MS, Ask, Done, Session, answered, brought_back, skipped, start, turn
from nlpcards.core.state import CardState, Interval, Memory, Steps

DAY = 20_000
MIDDAY = DAY * 86_400_000 + 43_200_000
ENDS = (DAY + 1) * 86_400_000 + 14_400_000
MEMORY = Memory(5.0, 5.0)


def due_on(day: int, last_day: int = DAY - 9) -> CardState:
    return CardState(Interval(MEMORY, day, last_day), reps=3, first_day=last_day, last_day=last_day)


def planned(states: dict[str, CardState], fresh: list[str] | None = None, limits: Limits | None = None) -> Plan:
    return plan(states, fresh or [], day=DAY, day_ends_ms=ENDS, rules=Rules(limits or Limits()))


def test_reviews_come_by_due_day_and_only_those_due() -> None:
    states = {"a/x#qa": due_on(DAY), "a/y#qa": due_on(DAY - 5), "a/z#qa": due_on(DAY + 1)}
    assert planned(states).reviews == ("a/y#qa", "a/x#qa")


def test_one_card_of_a_note_is_reviewed_a_day_and_its_siblings_wait() -> None:
    found = planned({"a/x#c1": due_on(DAY - 1), "a/x#c2": due_on(DAY)})
    assert found.reviews == ("a/x#c1",)


def test_what_was_asked_today_counts_against_the_limits() -> None:
    done = {f"a/r{n}#qa": CardState(Interval(MEMORY, DAY + 5, DAY), 4, first_day=1, last_day=DAY) for n in range(3)}
    fresh = {f"a/f{n}#qa": CardState(Interval(MEMORY, DAY + 5, DAY), 1, first_day=DAY, last_day=DAY) for n in range(2)}
    waiting = {f"a/w{n}#qa": due_on(DAY) for n in range(9)}
    found = planned(done | fresh | waiting, [f"a/n{n}#qa" for n in range(9)], Limits(5, 7))
    assert (len(found.reviews), found.held_back) == (4, 5)
    assert len(found.new) == 3


def test_suspended_and_buried_cards_are_not_asked() -> None:
    held = CardState(Interval(MEMORY, DAY, 1), suspended=True, last_day=1, first_day=1)
    buried = CardState(Interval(MEMORY, DAY, 1), buried_until=DAY + 1, last_day=1, first_day=1)
    back = CardState(Interval(MEMORY, DAY, 1), buried_until=DAY, last_day=1, first_day=1)
    assert planned({"a/x#qa": held, "a/y#qa": buried, "a/z#qa": back}).reviews == ("a/z#qa",)


def test_at_most_three_new_siblings_of_a_note_come_on_a_day() -> None:
    found = planned({}, [f"a/x#c{n}" for n in range(1, 6)] + ["a/y#qa"])
    assert sorted(found.new) == ["a/x#c1", "a/x#c2", "a/x#c3", "a/y#qa"]


def test_new_siblings_are_not_neighbours_where_that_can_be_had() -> None:
    assert arranged(["a#1", "a#2", "a#3", "b#1", "c#1"]) == ["a#1", "b#1", "a#2", "c#1", "a#3"]


def test_a_card_whose_prerequisites_are_not_met_waits() -> None:
    found = plan({}, ["a/x#qa", "a/y#qa"], day=DAY, day_ends_ms=ENDS, ready=lambda card: card == "a/y#qa")
    assert found.new == ("a/y#qa",)


def test_a_step_that_ends_after_the_rollover_belongs_to_the_next_day() -> None:
    late = CardState(Steps(MEMORY, 0, ENDS + 1, DAY), 1, first_day=DAY, last_day=DAY)
    soon = CardState(Steps(MEMORY, 0, ENDS - 1, DAY), 1, first_day=DAY, last_day=DAY)
    assert planned({"a/x#qa": late, "a/y#qa": soon}).learning == ((ENDS - 1, "a/y#qa"),)


def test_steps_come_back_at_their_time_and_early_only_where_nothing_else_is_left() -> None:
    session = Session(learning=((MIDDAY + 60_000, "a/l#qa"),), reviews=("a/r#qa",))
    assert turn(session, MIDDAY) == Ask("a/r#qa")
    assert turn(session, MIDDAY + 60_000) == Ask("a/l#qa")
    alone = Session(learning=((MIDDAY + LEARN_AHEAD_MS, "a/l#qa"),))
    assert turn(alone, MIDDAY) == Ask("a/l#qa")
    assert turn(alone, MIDDAY - 1) == Done(1, MIDDAY + LEARN_AHEAD_MS)


def test_an_undone_step_that_is_skipped_stays_on_the_steps() -> None:
    before = CardState(Steps(MEMORY, 0, MIDDAY, DAY), 1, first_day=DAY, last_day=DAY)
    session = brought_back(Session(new=("a/n#qa",), learning=((MIDDAY, "a/l#qa"),)), "a/l#qa", before)
    assert turn(session, MIDDAY) == Ask("a/l#qa")
    session = skipped(session, "a/l#qa")
    assert (session.counts.new, session.counts.learning) == (1, 1)
    assert turn(session, MIDDAY) == Ask("a/n#qa")


def test_a_skipped_card_comes_after_all_others() -> None:
    waits = ((MIDDAY + 600_000, "a/l#qa"),)
    session = Session(reviews=("a/x#qa", "a/y#qa"), new=("a/n#qa",), learning=waits)
    asked = []
    for _ in range(8):
        now = turn(session, MIDDAY)
        assert isinstance(now, Ask)
        asked.append(now.card)
        session = skipped(session, now.card)
        assert (session.counts.new, session.counts.learning, session.counts.review) == (1, 1, 2)
    assert asked == ["a/x#qa", "a/y#qa", "a/n#qa", "a/l#qa"] * 2


@given(
    st.integers(0, 12),
    st.integers(0, 12),
    st.lists(st.tuples(st.sampled_from(["1", "2", "3", "4", "skip", "undo"]), st.integers(0, 900_000)), max_size=80),
    st.integers(1, 3),
)
def test_the_counts_are_the_distinct_cards_then_asked_and_a_session_ends(
    reviews: int, new: int, moves: list[tuple[str, int]], siblings: int
) -> None:
    states = {f"a/r{n}#qa": due_on(DAY) for n in range(reviews)}
    fresh = [f"a/n{n // siblings}#c{n % siblings + 1}" for n in range(new)]
    session = start(planned(states, fresh))
    model = Model(Settings())
    now_ms = MIDDAY
    history: list[tuple[str, CardState, Session]] = []
    for move, wait in moves:
        now_ms += wait
        following = turn(session, now_ms)
        if move == "undo" and history:
            card, before, session = history.pop()
            states[card] = before
            session = brought_back(session, card, before)
            assert turn(session, now_ms) == Ask(card)
            continue
        if isinstance(following, Done):
            break
        card = following.card
        if move == "skip" or move == "undo":
            session = skipped(session, card)
            continue
        before = states.get(card, CardState())
        history.append((card, before, session))
        after = model.answered(card, before, int(move), Moment(now_ms, DAY))
        states[card] = after
        session = answered(session, card, after, day=DAY, day_ends_ms=ENDS)
    counted = session.counts.total
    asked: set[str] = set()
    for _ in range(500):
        now_ms += 700_000
        following = turn(session, now_ms)
        if isinstance(following, Done):
            break
        asked.add(following.card)
        after = model.answered(following.card, states.get(following.card, CardState()), 4, Moment(now_ms, DAY))
        states[following.card] = after
        session = answered(session, following.card, after, day=DAY, day_ends_ms=ENDS + 10**9)
    assert isinstance(following, Done)
    assert len(asked) == counted


@given(st.lists(st.sampled_from("abc"), max_size=12))
def test_setting_siblings_apart_keeps_every_card(notes: list[str]) -> None:
    cards = [f"d/{note}#c{index}" for index, note in enumerate(notes)]
    ordered = arranged(cards)
    assert sorted(ordered) == sorted(cards)
    assert [c for c in ordered if note_of(c) == "d/a"] == [c for c in cards if note_of(c) == "d/a"]
