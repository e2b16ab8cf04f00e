"""Which topics are open, and what is said of those that are not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.errors import UsageError
from nlpcards.core.journal import Event, EventId, Mark
from nlpcards.core.roadmap import following as marks
from nlpcards.core.roadmap.following import Following, Marked, Status, Thresholds, following
from nlpcards.core.roadmap.opening import Opening, Reason, in_order, is_over, openings, present_stage, why
from nlpcards.core.roadmap.progress import Readiness
from nlpcards.core.roadmap.values import Roadmap
from tests.support.roadmaps import roadmap_of

DAY = 20_000
WAY = roadmap_of({"a": [], "b": ["a"], "c": ["b", "x"], "x": [], "y": ["x"]}, ["a", "b"], ["c"])
FRESH = {topic: Readiness(10, 0, 0.0) for topic in WAY.topics}
KNOWN = Readiness(10, 8, 6.8)


def opened(
    readiness: dict[str, Readiness], set_up: Following | None = None, roadmap: Roadmap = WAY
) -> dict[str, Opening]:
    return openings(roadmap, roadmap.tracks["way"], {**FRESH, **readiness}, set_up or Following("way", DAY))


def open_ones(found: dict[str, Opening]) -> str:
    return "".join(topic for topic, each in found.items() if each.open)


def held(marked: list[Mark]) -> Following:
    """What marks come to that were written one after the other."""
    events = {
        mark.subject: Event(EventId("desk", seq), seq, seq, DAY + seq, mark) for seq, mark in enumerate(marked, 1)
    }
    return following(events)


def test_a_topic_opens_when_all_that_it_needs_is_known() -> None:
    assert open_ones(opened({})) == "a"
    assert open_ones(opened({"a": Readiness(10, 7, 7.0)})) == "a"
    assert open_ones(opened({"a": Readiness(10, 8, 6.7)})) == "a"
    assert open_ones(opened({"a": KNOWN})) == "ab"
    assert open_ones(opened({"a": KNOWN, "b": KNOWN})) == "abc"


def test_it_says_what_is_missing_in_numbers() -> None:
    closed = opened({"a": Readiness(10, 5, 4.0)})["b"]
    assert closed.reason is Reason.NEEDS
    (missing,) = closed.missing
    assert (missing.topic, missing.introduced, missing.recall, missing.cards) == ("a", 0.5, 0.8, 3)
    assert why(closed, Thresholds(), WAY) == "it needs A (3 more cards; recall 80 %, 85 % wanted)"
    nearly = opened({"a": Readiness(10, 8, 6.799)})["b"]
    assert why(nearly, Thresholds(), WAY) == "it needs A (recall 84 %, 85 % wanted)"
    one = opened({"a": Readiness(10, 7, 7.0)})["b"]
    assert why(one, Thresholds(), WAY) == "it needs A (1 more card)"


def test_what_a_topic_needs_counts_only_as_far_as_it_comes_earlier_on_the_track() -> None:
    outside = opened({"a": KNOWN, "b": KNOWN})["c"]
    assert outside.open, "x is no topic of the track"
    later = roadmap_of({"a": ["b"], "b": []}, ["a"], ["b"])
    assert opened({}, roadmap=later)["a"].open, "the track has b only later"
    together = roadmap_of({"a": ["b"], "b": []}, ["a", "b"])
    assert opened({}, roadmap=together)["a"].open
    first = roadmap_of({"a": ["b"], "b": []}, ["b", "a"])
    assert not opened({}, roadmap=first)["a"].open


def test_a_topic_without_cards_is_known_and_one_begun_stays_open() -> None:
    assert opened({"a": Readiness()})["b"].open
    assert opened({"b": Readiness(10, 1, 0.1)})["b"] == Opening("b", True, Reason.BEGUN)


def test_topics_outside_the_track_come_after_its_last_card() -> None:
    found = opened({})
    assert found["x"] == Opening("x", False, Reason.OUTSIDE)
    over = dict.fromkeys("abc", Readiness(10, 10, 1.0))
    assert open_ones(opened(over)) == "abcxy"
    assert in_order(WAY.tracks["way"], opened(over)) == ("a", "b", "c", "x", "y")
    shut = Following("way", DAY, shut=frozenset("c"))
    assert open_ones(opened({**over, "c": Readiness(10, 0, 0.0)}, shut)) == "abxy"


def test_a_hand_opens_and_shuts_anything() -> None:
    by_hand = Following("way", DAY, opened=frozenset("cy"), shut=frozenset("a"))
    found = opened({"a": KNOWN}, by_hand)
    assert found["a"] == Opening("a", False, Reason.SHUT)
    assert (found["c"].reason, found["y"].reason) == (Reason.BY_HAND, Reason.BY_HAND)
    assert in_order(WAY.tracks["way"], found) == ("b", "c", "y")


def test_the_track_s_order_comes_before_the_roadmap_s() -> None:
    other = roadmap_of({"a": [], "b": [], "c": [], "d": []}, ["c"], ["a"])
    readiness = dict.fromkeys("abcd", Readiness(10, 0, 0.0))
    by_hand = Following("way", DAY, opened=frozenset("b"))
    assert in_order(other.tracks["way"], openings(other, other.tracks["way"], readiness, by_hand)) == ("c", "a", "b")


def test_without_a_track_every_topic_is_free() -> None:
    found = openings(WAY, None, {**FRESH, "own": Readiness(1, 0, 0.0)}, Following(shut=frozenset("a")))
    assert set(found) == {*"abcxy", "own"}
    assert {each.reason for each in found.values()} == {Reason.FREE}
    assert in_order(None, found) == tuple(found)


def test_one_is_in_the_first_stage_that_has_a_card_left() -> None:
    track, whole = WAY.tracks["way"], Readiness(10, 10, 1.0)
    for known, shut, stage in (("", "", 0), ("a", "", 0), ("ab", "", 1), ("a", "b", 1), ("ac", "", 0)):
        readiness = {**FRESH, **dict.fromkeys(known, whole)}
        assert present_stage(track, readiness, Following("way", DAY, shut=frozenset(shut))) == stage
    for known, shut in (("abc", ""), ("ab", "c")):
        readiness = {**FRESH, **dict.fromkeys(known, whole)}
        assert present_stage(track, readiness, Following("way", DAY, shut=frozenset(shut))) is None
        assert is_over(track, readiness, Following("way", DAY, shut=frozenset(shut)))


shares = st.floats(0, 1)


@st.composite
def ready(draw: st.DrawFn) -> Readiness:
    cards = draw(st.integers(0, 30))
    met = draw(st.integers(0, cards))
    return Readiness(cards, met, met * draw(shares))


@given(
    st.dictionaries(st.sampled_from("abcxy"), ready()),
    st.builds(Thresholds, shares, shares),
    st.frozensets(st.sampled_from("abcxy")),
    st.frozensets(st.sampled_from("abcxy")),
)
def test_what_is_closed_always_says_what_is_missing_and_a_hand_always_helps(
    readiness: dict[str, Readiness], thresholds: Thresholds, by_hand: frozenset[str], shut: frozenset[str]
) -> None:
    set_up = Following("way", DAY, by_hand, shut, thresholds)
    found = opened(readiness, set_up)
    assert set(found) == set("abcxy")
    for topic, each in found.items():
        assert why(each, thresholds, WAY)
        assert bool(each.missing) == (each.reason is Reason.NEEDS)
        for missing in each.missing:
            least = {**FRESH, **readiness}[missing.topic]
            assert missing.cards or (missing.recall is not None and missing.recall < thresholds.recall)
            enough = Readiness(least.cards, least.met + missing.cards, float(least.met + missing.cards))
            assert enough.known(thresholds), "the numbers told are those that open it"
            if missing.cards:
                assert not Readiness(least.cards, enough.met - 1, enough.met - 1.0).known(thresholds)
        helped = Following("way", DAY, by_hand | {topic}, shut - {topic}, thresholds)
        assert opened(readiness, helped)[topic].open


@given(st.dictionaries(st.sampled_from("abc"), ready()), st.sampled_from("abc"))
def test_more_knowledge_closes_nothing_on_the_track(readiness: dict[str, Readiness], topic: str) -> None:
    before = opened(readiness)
    cards = {**FRESH, **readiness}[topic].cards
    after = opened({**readiness, topic: Readiness(cards, cards, float(cards))})
    assert {each for each in "abc" if before[each].open} <= {each for each in "abc" if after[each].open}


# ---- what is marked


def test_marks_come_back_as_they_were_meant() -> None:
    done = Marked(Status.DONE, DAY - 3, "a note — with €")
    found = held(
        [
            marks.follow("way", DAY - 7),
            marks.open_topic("a"),
            marks.shut_topic("b"),
            marks.open_topic("c"),
            marks.leave_topic("c"),
            marks.mark_resource("book", Marked(Status.DOING, DAY)),
            marks.mark_milestone("book", done),
            marks.adjust(Thresholds(0.5, 0.9)),
        ]
    )
    assert found == Following(
        "way",
        DAY - 7,
        frozenset("a"),
        frozenset("b"),
        Thresholds(0.5, 0.9),
        {"book": done},
        {"book": Marked(Status.DOING, DAY)},
    )
    assert held([marks.follow("way", DAY), marks.follow("", 0)]) == Following()


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
subjects = st.sampled_from(["track", "roadmap", "opened:a", "opened:", "resource:r", "milestone:m", "calendar:x", ""])
keys = st.sampled_from(["track", "since", "status", "day", "note", "introduced", "recall"])
near_values = st.dictionaries(keys, json_values | st.sampled_from(["done", "doing", "way", 0.5, 20_000]), max_size=4)


@given(st.lists(st.tuples(subjects, (json_values | near_values).map(json.dumps) | st.text(max_size=8)), max_size=6))
def test_a_mark_that_cannot_be_understood_says_nothing_and_breaks_nothing(given_marks: list[tuple[str, str]]) -> None:
    found = held([Mark(subject, value) for subject, value in given_marks])
    assert not found.opened & found.shut
    assert 0 <= found.thresholds.introduced <= 1
    assert 0 <= found.thresholds.recall <= 1
    assert (found.since is None) == (not found.track)


def test_a_deep_or_huge_mark_says_nothing() -> None:
    for subject in ("track", "placement", "placement:a/b#qa"):
        assert held([Mark(subject, "[" * 100_000)]) == Following()
    assert held([Mark("track", '{"track":"way","since":1e999}')]).since == DAY + 1
    assert held([Mark("track", '{"track":"way","since":99999999999}')]).since == DAY + 1


def test_what_is_no_share_and_what_is_too_long_is_refused() -> None:
    for wrong in (Thresholds(1.1, 0.5), Thresholds(0.5, -0.1), Thresholds(float("nan"), 0.5)):
        with pytest.raises(UsageError, match="share from 0 to 1"):
            marks.adjust(wrong)
    with pytest.raises(UsageError, match="2,001 characters"):
        marks.mark_resource("r", Marked(Status.TODO, DAY, "x" * 2_001))
