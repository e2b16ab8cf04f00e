"""The rules of the day's queue: limits, orders, introduction, catching up, minutes, practice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.days import Moment
from nlpcards.core.gain import HORIZON_DAYS, recall_gained
from nlpcards.core.memory import Model, Settings
from nlpcards.core.queue import (
    Ahead,
    Cram,
    Daily,
    DeckLimits,
    Limits,
    Order,
    Pace,
    Plan,
    Purpose,
    Relations,
    Rules,
    both_ways,
    estimated_seconds,
    pace_of,
    plan,
)
from nlpcards.core.queue.budget import FEWEST_ANSWERS, Sort, review_seconds
from nlpcards.core.queue.introducing import CONFUSABLE_DAYS
from nlpcards.core.session import Ask, Session, answered, start, turn
from nlpcards.core.state import CardState, Interval, Memory, Steps
from tests.support.tracing import untraced

DAY = 20_000
MIDDAY = DAY * 86_400_000 + 43_200_000
ENDS = (DAY + 1) * 86_400_000 + 14_400_000
PARAMETERS = Settings().parameters
GAIN = recall_gained(PARAMETERS)


def due(day: int = DAY, last: int = DAY - 10, stability: float = 9.0, difficulty: float = 5.0) -> CardState:
    return CardState(Interval(Memory(stability, difficulty), day, last), reps=3, first_day=last, last_day=last)


def done_today(first: int = 1) -> CardState:
    return CardState(Interval(Memory(9.0, 5.0), DAY + 9, DAY), reps=4, first_day=first, last_day=DAY)


def planned(
    states: dict[str, CardState],
    new: list[str] | None = None,
    rules: Rules = Rules(),  # noqa: B008 - frozen
    purpose: Purpose = Daily(),  # noqa: B008 - frozen
    **more: object,
) -> Plan:
    return plan(states, new or [], day=DAY, day_ends_ms=ENDS, rules=rules, purpose=purpose, gain=GAIN, **more)  # type: ignore[arg-type]


# ---- limits

CARDS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["due", "reviewed", "introduced", "new"])), max_size=60
)


@given(CARDS, st.integers(0, 12), st.integers(0, 12), st.dictionaries(st.sampled_from("abc"), st.integers(0, 6)))
def test_no_limit_is_passed_over_all_decks_or_in_one_and_no_room_is_left_while_cards_wait(
    cards: list[tuple[str, str]], new: int, reviews: int, own: dict[str, int]
) -> None:
    named = {f"{deck}/n{index}#qa": sort for index, (deck, sort) in enumerate(cards)}
    made = {"due": due(), "reviewed": done_today(), "introduced": done_today(DAY)}
    states = {card: made[sort] for card, sort in named.items() if sort != "new"}
    fresh = [card for card, sort in named.items() if sort == "new"]
    rules = Rules(Limits(new, reviews), {deck: DeckLimits(limit, limit) for deck, limit in own.items()})
    found = planned(states, fresh, rules)
    for chosen, waiting, had, limit in (
        (found.reviews, "due", "reviewed", reviews),
        (found.new, "new", "introduced", new),
    ):
        before = Counter(deck_of(card) for card, sort in named.items() if sort == had)
        today = before + Counter(map(deck_of, chosen))
        assert not chosen or today.total() <= limit
        for deck, most in own.items():
            assert today[deck] <= max(most, before[deck])
        left = [card for card, sort in named.items() if sort == waiting and card not in chosen]
        if today.total() < limit:
            assert all(today[deck_of(card)] >= own.get(deck_of(card), 10**6) for card in left)
    assert found.held_back == sum(sort == "due" for sort in named.values()) - len(found.reviews)


# ---- siblings


def test_review_siblings_are_asked_on_one_day_where_they_are_not_to_be_buried() -> None:
    states = {"a/x#c1": due(), "a/x#c2": due(), "a/y#qa": due()}
    found = planned(states, rules=Rules(bury_siblings=False))
    assert sorted(found.reviews) == sorted(states)
    assert note_of(found.reviews[1]) == "a/y"
    session = start(found)
    after = answered(session, "a/x#c1", done_today(), day=DAY, day_ends_ms=ENDS)
    assert "a/x#c2" in after.reviews
    buried = answered(Session(reviews=("a/x#c1", "a/x#c2")), "a/x#c1", done_today(), day=DAY, day_ends_ms=ENDS)
    assert buried.reviews == ()


# ---- order

WAITING = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 90), st.floats(0.1, 900)), max_size=25)


@given(WAITING, st.sampled_from(Order))
def test_every_order_asks_the_same_cards_sorted_by_its_own_measure(
    cards: list[tuple[int, int, float]], order: Order
) -> None:
    states = {
        f"a/n{index}#qa": due(DAY - late, DAY - late - 1 - interval, stability)
        for index, (late, interval, stability) in enumerate(cards)
    }
    found = planned(states, rules=Rules(order=order)).reviews
    assert sorted(found) == sorted(states)
    assert found == planned(dict(reversed(states.items())), rules=Rules(order=order)).reviews
    model = Model(Settings())
    schedules = []
    for card in found:
        schedule = states[card].schedule
        assert isinstance(schedule, Interval)
        schedules.append(schedule)
    recalls = [model.retrievability(each.memory, DAY - each.last_day) for each in schedules]
    worth = [
        gained / review_seconds(recall, Pace())
        for recall, gained in (GAIN(each.memory, DAY - each.last_day) for each in schedules)
    ]
    measures: dict[Order, Sequence[float]] = {
        Order.GAIN: [-each for each in worth],
        Order.DUE: [each.due for each in schedules],
        Order.WEAKEST: recalls,
        Order.STRONGEST: [-recall for recall in recalls],
        Order.OVERDUE: [-(DAY - each.last_day) / (each.due - each.last_day) for each in schedules],
        Order.RANDOM: [0.0] * len(schedules),
    }
    assert all(one <= other + 1e-12 for one, other in pairwise(measures[order]))


def test_the_random_order_is_another_one_on_another_day() -> None:
    states = {f"a/n{index}#qa": due() for index in range(30)}
    rules = Rules(order=Order.RANDOM)
    tomorrow = plan(states, [], day=DAY + 1, day_ends_ms=ENDS + 86_400_000, rules=rules)
    assert tomorrow.reviews != planned(states, rules=rules).reviews


# ---- introduction

PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12)


@untraced
@given(st.integers(1, 10), PAIRS, st.integers(1, 4), st.integers(1, 3))
def test_confusable_notes_are_introduced_more_than_three_days_apart_or_the_day_had_no_other(
    notes: int, pairs: list[tuple[int, int]], limit: int, siblings: int
) -> None:
    relations = Relations(both_ways((f"a/n{one}", [f"a/n{other}"]) for one, other in pairs))
    cards = [f"a/n{note}#c{index}" for note in range(notes) for index in range(1, siblings + 1)]
    states: dict[str, CardState] = {}
    introduced: dict[str, int] = {}
    for day in range(DAY, DAY + 200):
        lately = {note_of(card) for card, on in introduced.items() if on >= day - CONFUSABLE_DAYS}
        found = plan(
            states, cards, day=day, day_ends_ms=ENDS, rules=Rules(Limits(limit)), relations=relations, lately=lately
        ).new
        near = {other for note in lately for other in relations.confusable.get(note, ())}
        if any(note_of(card) in near for card in found):
            assert all(note_of(card) in near for card in found), "nothing else was left"
        today = set(map(note_of, found))
        assert not any(relations.confusable.get(note, frozenset()) & today for note in today)
        introduced |= dict.fromkeys(found, day)
        states |= {
            card: CardState(Interval(Memory(900, 5), day + 900, day), 1, first_day=day, last_day=day) for card in found
        }
    assert len(introduced) == len(cards), "nothing waits for ever"


def test_a_second_look_on_a_day_introduces_nothing_confusable_with_what_that_day_had() -> None:
    relations = Relations(both_ways([("a/x", ["a/y"])]))
    assert planned({}, ["a/x#qa", "a/y#qa"], relations=relations).new == ("a/x#qa",)
    assert planned({"a/x#qa": done_today(DAY)}, ["a/y#qa"], relations=relations).new == ()
    assert planned({}, ["a/y#qa"], relations=relations, lately={"a/x"}).new == ("a/y#qa",)
    assert planned({}, ["a/y#qa", "a/z#qa"], relations=relations, lately={"a/x"}).new == ("a/z#qa",)


# ---- topics


def test_the_topics_of_reviews_and_new_cards_take_turns_also_where_the_one_follow_the_others() -> None:
    states = {f"{deck}/r{index}#qa": due() for deck in "ab" for index in range(6)}
    new = [f"{deck}/n{index}#qa" for deck in "ab" for index in range(6)]
    found = planned(states, new, relations=Relations(topic=deck_of))
    asked = [deck_of(card) for card in (*found.reviews, *found.new)]
    assert all(one != other for one, other in pairwise(asked))


# ---- a session


@given(PAIRS, st.integers(0, 6), st.integers(0, 6), st.integers(0, 4), st.integers(0, 10_000))
def test_in_a_session_a_sibling_or_confusable_card_follows_only_where_nothing_else_can_be_asked(
    pairs: list[tuple[int, int]], reviews: int, new: int, learning: int, seed: int
) -> None:
    relations = Relations(both_ways((f"a/n{one}", [f"a/n{other}"]) for one, other in pairs))
    states = {f"a/n{index}#c1": due() for index in range(reviews)}
    steps = {
        f"a/n{6 + index}#c1": CardState(Steps(Memory(1, 5), 0, MIDDAY, DAY - 1), 1, last_day=DAY - 1)
        for index in range(learning)
    }
    fresh = [f"a/n{index % 10}#c{2 + index}" for index in range(new)]
    session = start(planned(states | steps, fresh, relations=relations))
    counted = session.counts.total
    asked: list[str] = []
    while isinstance(following := turn(session, MIDDAY + seed), Ask):
        last, card = session.last, following.card
        left = [*session.reviews, *session.new, *(each for _, each in session.learning)]
        assert len(left) == session.counts.total == len(set(left))
        if last and relations.clash(last, note_of(card)):
            assert all(relations.clash(last, note_of(each)) for each in left)
        if note_of(card) == last:
            assert all(note_of(each) == last for each in left)
        asked.append(card)
        session = answered(session, card, done_today(), day=DAY, day_ends_ms=ENDS)
    assert len(set(asked)) == len(asked) == counted


# ---- catching up


@given(st.integers(0, 120), st.integers(1, 12), st.integers(0, 15))
def test_a_backlog_is_gone_by_the_day_named_in_nearly_equal_parts(backlog: int, days: int, arriving: int) -> None:
    waiting = {f"a/n{index}#qa": due(DAY - 1) for index in range(backlog)}
    parts: list[int] = []
    for day in range(DAY, DAY + days):
        rules = Rules(Limits(reviews=10_000), caught_up_by=DAY + days - 1)
        waiting |= {f"a/d{day}x{index}#qa": due(day) for index in range(arriving)}
        found = plan(waiting, [], day=day, day_ends_ms=ENDS, rules=rules)
        parts.append(len(found.reviews))
        assert len(found.reviews) + found.held_back == len(waiting)
        for card in found.reviews:
            del waiting[card]
    assert not waiting
    if not arriving:
        assert max(parts) - min(parts) <= 1


@given(st.integers(0, 60), st.integers(1, 9), st.integers(0, 60))
def test_today_s_part_of_a_backlog_is_the_same_however_often_one_looks(backlog: int, days: int, done: int) -> None:
    states = {f"a/n{index}#qa": due(DAY - 1) for index in range(backlog)}
    purpose = Daily(catch_up=days)
    morning = planned(states, purpose=purpose).reviews
    now = states | dict.fromkeys(morning[:done], done_today())
    assert len(planned(now, purpose=purpose).reviews) == max(0, len(morning) - done)


def test_a_day_of_catching_up_that_is_over_spreads_nothing() -> None:
    states = {f"a/n{index}#qa": due() for index in range(9)}
    assert len(planned(states, rules=Rules(caught_up_by=DAY - 1)).reviews) == 9
    assert len(planned(states, rules=Rules(caught_up_by=DAY + 2)).reviews) == 3
    assert len(planned(states, rules=Rules(caught_up_by=DAY + 2), purpose=Daily(catch_up=9)).reviews) == 1


# ---- minutes

MEMORIES = st.tuples(st.integers(1, 200), st.floats(0.3, 500), st.floats(1, 10))


@given(st.lists(MEMORIES, max_size=30), st.floats(0.2, 6), st.integers(0, 10))
def test_a_budget_holds_and_what_it_leaves_out_is_worth_no_more_than_what_it_takes(
    memories: list[tuple[int, float, float]], minutes: float, new: int
) -> None:
    states = {
        f"a/n{index}#qa": due(DAY, DAY - elapsed, stability, difficulty)
        for index, (elapsed, stability, difficulty) in enumerate(memories)
    }
    pace = Pace(20, 8, 10)
    found = planned(states, [f"a/f{index}#qa" for index in range(new)], purpose=Daily(minutes=minutes), pace=pace)

    def figures(card: str) -> tuple[float, float]:
        memory, last = states[card].memory, states[card].last_day
        assert memory is not None
        assert last is not None
        recall, gained = GAIN(memory, DAY - last)
        return gained / review_seconds(recall, pace), review_seconds(recall, pace)

    spent = sum(figures(card)[1] for card in found.reviews) + 28 * len(found.new)
    assert spent <= 60 * minutes or found.counts.total == 1
    assert found.counts.total or not (states or new)
    left = [card for card in states if card not in found.reviews]
    if found.reviews:
        least = min(figures(card)[0] for card in found.reviews)
        for card in left:
            worth, seconds = figures(card)
            assert worth <= least + 1e-12 or spent + seconds > 60 * minutes
    assert not (found.new and left), "reviews come before new cards"


def test_recall_counts_by_the_second_and_what_is_taken_is_asked_in_the_usual_order() -> None:
    states = {
        "a/forgotten#qa": due(DAY - 8, DAY - 40, 3),
        "a/kept#qa": due(DAY - 9, DAY - 30, 30),
        "a/old#qa": due(DAY - 2),
    }
    gains = {
        card: GAIN(Memory(stability, 5), elapsed)
        for card, stability, elapsed in (("a/forgotten#qa", 3, 40), ("a/kept#qa", 30, 30))
    }
    assert gains["a/forgotten#qa"][1] > gains["a/kept#qa"][1]
    slow = Pace(steps=300)
    assert "a/forgotten#qa" not in planned(states, purpose=Daily(minutes=2), pace=slow).reviews
    fast = Pace(steps=1)
    assert "a/forgotten#qa" in planned(states, purpose=Daily(minutes=0.3), pace=fast).reviews
    by_day = Rules(order=Order.DUE)
    found = planned(states, rules=by_day, purpose=Daily(minutes=60), pace=fast).reviews
    assert found == ("a/kept#qa", "a/forgotten#qa", "a/old#qa")


@settings(deadline=None)
@given(MEMORIES)
def test_the_gain_is_that_of_the_reference_implementation(card: tuple[int, float, float]) -> None:
    elapsed, stability, difficulty = card
    memory = Memory(stability, difficulty)
    model, now = Model(Settings()), Moment(MIDDAY, DAY)
    state = due(DAY, DAY - elapsed, stability, difficulty)
    good, again = (model.answered("a/x#qa", state, rating, now).memory for rating in (3, 1))
    assert good is not None
    assert again is not None
    recall, gained = GAIN(memory, elapsed)
    assert recall == pytest.approx(model.retrievability(memory, elapsed))
    expected = (
        recall * model.retrievability(good, HORIZON_DAYS)
        + (1 - recall) * model.retrievability(again, HORIZON_DAYS)
        - model.retrievability(memory, elapsed + HORIZON_DAYS)
    )
    assert gained == pytest.approx(max(0.0, expected), abs=1e-6)


def test_the_pace_is_one_s_own_median_once_there_are_enough_answers_of_a_sort() -> None:
    few = [(Sort.REVIEW, 3_000)] * (FEWEST_ANSWERS - 1)
    assert pace_of(few) == Pace()
    assert pace_of([*few, (Sort.REVIEW, 60_000)]).review == 3
    assert pace_of([(Sort.NEW, 0)] * FEWEST_ANSWERS).new == 1
    assert estimated_seconds(1, 1, 10, Pace(20, 8, 10)) == pytest.approx(28 + 8 + 10 * 10.8)


# ---- practice


def test_studying_ahead_takes_what_falls_due_within_its_days_beyond_the_daily_limit_and_nothing_new() -> None:
    states = {f"a/n{days}#qa": due(DAY + days) for days in range(6)} | {"a/done#qa": done_today()}
    states["a/again#qa"] = CardState(Interval(Memory(2, 5), DAY + 2, DAY), 4, first_day=1, last_day=DAY)
    found = planned(states, ["a/new#qa"], Rules(Limits(reviews=1), order=Order.DUE), Ahead(3))
    assert found.reviews == ("a/n0#qa", "a/n1#qa", "a/n2#qa", "a/n3#qa")
    assert found.new == ()


def test_cramming_asks_every_card_the_weakest_first_and_no_suspended_one() -> None:
    states = {
        "a/strong#qa": due(DAY + 50, DAY - 1, 90),
        "a/weak#qa": due(DAY - 5, DAY - 30, 2),
        "a/away#qa": CardState(Interval(Memory(1, 5), DAY, 1), suspended=True, last_day=1),
        "a/step#qa": CardState(Steps(Memory(1, 5), 0, ENDS + 1, DAY), 1, last_day=DAY),
        "a/today#qa": done_today(),
    }
    found = planned(states, ["a/new#qa"], Rules(Limits(0, 0)), Cram())
    assert found.reviews[0] == "a/weak#qa"
    assert sorted(found.reviews) == ["a/step#qa", "a/strong#qa", "a/today#qa", "a/weak#qa"]
    assert found.new == ("a/new#qa",)


# ---- leeches


def test_a_leech_is_pointed_out_at_its_eighth_lapse_and_at_every_fourth_after_it() -> None:
    alarms = [lapses for lapses in range(1, 21) if CardState(lapses=lapses).became_leech(CardState(lapses=lapses - 1))]
    assert alarms == [8, 12, 16, 20]
    assert not CardState(lapses=8).became_leech(CardState(lapses=8))
    assert CardState(lapses=9).leech
