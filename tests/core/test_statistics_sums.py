"""Statistics are what counting one answer after the other gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.days import MS_PER_DAY, date_of
from nlpcards.core.state import Memory
from nlpcards.core.stats.answers import Happened, Was, sum_answers
from nlpcards.core.stats.distribution import STABILITY_EDGES, distribution
from nlpcards.core.stats.overview import Group, Known, Statistics, overview
from nlpcards.core.stats.periods import Period, heat_map, next_start, start_of
from nlpcards.core.stats.retention import Retention
from nlpcards.core.stats.standings import Standing, forecast

TODAY = 20_400
CARDS = 6
GROUPS = (0, 1, 0, 2, -1, 1)
NAMES = (Group("lstm", "gates"), Group("bert", "masks"), Group("lstm", ""))
PRESENT = {5: 3}
"""Card 5 was renamed: it is card 3 now."""


def events() -> st.SearchStrategy[list[Happened]]:
    """Reviews, resets and due days that were set, on days that need not be in order (one may travel)."""
    day = st.integers(TODAY - 800, TODAY + 1)
    card = st.integers(0, CARDS - 1)
    due = st.none() | st.integers(0, 60)
    review = st.tuples(
        card, day, st.integers(1, 4), st.none() | st.integers(0, 60_000), due, st.integers(0, 86_399_999)
    )
    other = st.tuples(card, day, st.none(), st.none(), due, st.just(0))

    def placed(each: tuple[int, int, int | None, int | None, int | None, int]) -> Happened:
        card, day, rating, took, after, within = each
        return card, day, rating, took, None if after is None else day + after, day * MS_PER_DAY + within

    return st.lists((review | other).map(placed), max_size=60)


@dataclass(frozen=True)
class Seen:
    """One answer as the slow way sees it."""

    card: int
    day: int
    was: Was
    rating: int
    ms: int
    at: int


def one_by_one(happened: list[Happened]) -> list[Seen]:
    """What each answer was given to, found by looking back at what happened to the card before."""
    found = []
    for number, (card, day, rating, took, _, at) in enumerate(happened):
        card = PRESENT.get(card, card)
        if rating is None or GROUPS[card] < 0:
            continue
        before = [each for each in happened[:number] if PRESENT.get(each[0], each[0]) == card]
        found.append(Seen(card, day, looked_back(before), rating, took or 0, at))
    return found


def looked_back(before: list[Happened]) -> Was:
    was = Was.NEW
    for _, day, rating, _, due, _ in before:
        interval = None if due is None else due - day
        in_review = Was.MATURE if interval is not None and interval >= 21 else Was.YOUNG
        if rating is None:
            if interval is None:
                was = Was.NEW
            elif was in (Was.LEARNING, Was.RELEARNING):
                was = in_review
        elif interval is not None:
            was = in_review
        else:
            was = Was.LEARNING if was in (Was.NEW, Was.LEARNING) else Was.RELEARNING
    return was


def counted(happened: list[Happened], days: int) -> Statistics:
    summed = sum_answers(happened, GROUPS, PRESENT, range(TODAY - days + 1, TODAY + 1))
    known = Known(summed, NAMES, (), {}, lambda ms: ms // 3_600_000 % 24, lambda memory, days: 0.9)
    return overview(known, day=TODAY, day_ends_ms=(TODAY + 1) * MS_PER_DAY, days=days)


def held(seen: list[Seen]) -> Retention:
    """True retention, counted."""
    number = Counter((each.was, each.rating > 1) for each in seen)
    return Retention(
        number[Was.YOUNG, True], number[Was.YOUNG, False], number[Was.MATURE, True], number[Was.MATURE, False]
    )


@given(events(), st.integers(1, 900))
def test_totals_and_each_period_are_what_one_counts(happened: list[Happened], days: int) -> None:
    found = counted(happened, days)
    within = [each for each in one_by_one(happened) if TODAY - days < each.day <= TODAY]
    assert found.total.counts == tuple(sum(each.was is was for each in within) for was in Was)
    assert found.total.ms == sum(each.ms for each in within)
    assert found.studied == len({each.day for each in within})
    for period, each in found.by.items():
        for bucket in each:
            own = [one for one in within if start_of(one.day, period) == bucket.start]
            assert bucket.counts == tuple(sum(one.was is was for one in own) for was in Was)
            assert bucket.ms == sum(one.ms for one in own)
            assert bucket.retention == held(own)
        assert sum(bucket.answers for bucket in each) == len(within)


@given(events(), st.integers(1, 900))
def test_true_retention_is_counted_in_every_span_of_anki(happened: list[Happened], days: int) -> None:
    seen = one_by_one(happened)
    spans = {"Today": (0, 0), "Yesterday": (1, 1), "Last 7 days": (6, 0), "Last 30 days": (29, 0)}
    spans |= {"Last 365 days": (364, 0), "All time": (100_000, 0)}
    found = dict(counted(happened, days).windows)
    assert list(found) == list(spans)
    for name, (first, last) in spans.items():
        assert found[name] == held([each for each in seen if TODAY - first <= each.day <= TODAY - last]), name


@given(events(), st.integers(1, 900))
def test_decks_topics_and_hours_share_out_the_answers_of_the_period(happened: list[Happened], days: int) -> None:
    found = counted(happened, days)
    within = [each for each in one_by_one(happened) if TODAY - days < each.day <= TODAY]
    for rows, part in ((found.by_deck, 0), (found.by_topic, 1)):
        for row in rows:
            own = [each for each in within if NAMES[GROUPS[each.card]][part] == row.name]
            assert (row.total.answers, row.total.ms, row.total.retention) == (
                len(own),
                sum(each.ms for each in own),
                held(own),
            )
        assert sum(row.total.answers for row in rows) == len(within)
    for number, hour in enumerate(found.hours):
        own = [each for each in within if each.at // 3_600_000 % 24 == number]
        assert (hour.answers, hour.passed) == (len(own), sum(each.rating > 1 for each in own))


@given(st.integers(-100_000, 100_000), st.sampled_from(Period))
def test_periods_follow_one_another_without_a_gap(day: int, period: Period) -> None:
    start = start_of(day, period)
    after = next_start(start, period)
    assert start <= day < after
    assert {start_of(each, period) for each in range(start, after)} == {start}
    assert start_of(after, period) == after
    if period is Period.WEEK:
        assert date_of(start).weekday() == 0
    if period is Period.MONTH:
        assert date_of(start).day == 1


@given(st.dictionaries(st.integers(TODAY - 370, TODAY), st.integers(1, 500)))
def test_a_year_of_days_has_each_day_once_and_more_answers_are_no_lower_level(by_day: dict[int, int]) -> None:
    heat = heat_map(by_day, TODAY)
    assert date_of(heat.start).weekday() == 0
    assert heat.start + len(heat.counts) - 1 == TODAY
    assert sum(heat.counts) == sum(number for day, number in by_day.items() if day >= heat.start)
    levels = sorted(zip(heat.counts, heat.levels, strict=True))
    assert [level for _, level in levels] == sorted(level for _, level in levels)
    assert all((level == 0) == (number == 0) for number, level in levels)
    for number, level in levels:
        own = heat.ranges[level]
        low, _, high = own.partition("-")
        if own == "none":
            assert number == 0
        elif own.endswith("or more"):
            assert number >= int(own.split()[0])
        else:
            assert int(low) <= number <= int(high or low)


@given(st.lists(st.floats(0.001, 36_500)))
def test_every_value_lies_in_one_bin(values: list[float]) -> None:
    found = distribution(values, STABILITY_EDGES)
    assert found.total == len(values)
    ends = (*STABILITY_EDGES[1:], float("inf"))
    for start, end, number in zip(STABILITY_EDGES, ends, found.counts, strict=True):
        assert number == sum(start <= value < end for value in values)
    assert (found.median is None) == (not values)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_range_of_a_share_holds_it_and_narrows_with_more_answers(passed: int, failed: int) -> None:
    own = Retention(young_passed=passed, young_failed=failed)
    if not own.answers:
        assert own.range is None
        assert own.share is None
        return
    assert own.range is not None
    assert own.share is not None
    low, high = own.range
    assert 0 <= low <= own.share + 1e-12
    assert own.share - 1e-12 <= high <= 1
    more = Retention(young_passed=passed * 4, young_failed=failed * 4).range
    assert more is not None
    assert more[1] - more[0] < high - low


def standing(**given: int | bool | None) -> Standing:
    whole: dict[str, object] = {"due": None, "due_ms": None, "last_day": TODAY, "relearning": False}
    whole |= {"suspended": False, "buried_until": 0, **given}
    return Standing("made/n#qa", 5.0, 5.0, **whole)  # type: ignore[arg-type]


def test_the_forecast_knows_backlog_steps_buried_and_suspended_cards() -> None:
    ends = (TODAY + 1) * MS_PER_DAY
    each = [
        standing(due=TODAY - 3),
        standing(due=TODAY),
        standing(due=TODAY + 2),
        standing(due_ms=ends - 1),
        standing(due_ms=ends),
        standing(due=TODAY - 9, buried_until=TODAY + 1),
        standing(due=TODAY, suspended=True),
        standing(due=TODAY + 4),
    ]
    found = forecast(each, TODAY, ends, 4)
    assert (found.backlog, found.days, found.later) == (1, (2, 2, 1, 0), 1)


def test_what_one_remembers_is_the_sum_over_the_cards_of_each_deck() -> None:
    recall = {1.0: 0.25, 2.0: 0.5}
    standings = [
        (group, standing(due=TODAY)._replace(stability=stability)) for group, stability in ((0, 1.0), (2, 2.0))
    ]

    def recalled(memory: Memory, days: int) -> float:
        return recall[memory.stability]

    summed = sum_answers([], GROUPS, PRESENT, range(TODAY, TODAY + 1))
    known = Known(summed, NAMES, standings, {0: 4, 1: 1, 2: 2}, lambda ms: 0, recalled)
    found = overview(known, day=TODAY, day_ends_ms=(TODAY + 1) * MS_PER_DAY, days=1)
    assert found.memories.remembered == 0.75
    assert [(row.name, row.cards, row.met, row.remembered) for row in found.by_deck] == [
        ("lstm", 6, 2, 0.75),
        ("bert", 1, 0, 0.0),
    ]
    assert found.cards.new == 5
    assert found.begun
