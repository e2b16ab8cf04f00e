"""Placement over the topic graph: short, never unsure of its own laws, and near the truth for learners made up here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.core.roadmap.placement import (
    KNEW_IF_KNOWN,
    KNEW_IF_UNKNOWN,
    KNOWN_REGARDLESS,
    LEAST_GAIN,
    MOST_QUESTIONS,
    Answered,
    Placed,
    belief,
    gain,
    next_topic,
    placed,
)
from nlpcards.decks.roadmaps import find_roadmap

Needs = dict[str, tuple[str, ...]]


@st.composite
def graphs(draw: st.DrawFn, *, most: int = 12) -> Needs:
    """Topics t0, t1 …, each needing some of those before it."""
    size = draw(st.integers(1, most))
    found: Needs = {}
    for at in range(size):
        earlier = list(found)
        found[f"t{at}"] = tuple(draw(st.lists(st.sampled_from(earlier), max_size=3, unique=True))) if earlier else ()
    return found


def chain(length: int) -> Needs:
    return {f"t{at}": (f"t{at - 1}",) if at else () for at in range(length)}


def tree(size: int) -> Needs:
    return {f"t{at}": (f"t{(at - 1) // 2}",) if at else () for at in range(size)}


def answered(needs: Needs, knows: Callable[[str], bool], seed: str, questions: int = 5) -> list[Answered]:
    """The answers of a learner until the placement ends by itself."""
    left, answers = dict.fromkeys(needs, questions), list[Answered]()
    while (topic := next_topic(needs, answers, left, seed)) is not None:
        left[topic] -= 1
        answers.append(Answered(topic, knows(topic)))
    return answers


def downward_closed(needs: Needs, random: Random) -> set[str]:
    known: set[str] = set()
    share = random.choice([0.5, 0.7, 0.85, 0.95, 1.0])
    for topic, of in needs.items():
        if all(need in known for need in of) and random.random() < share:
            known.add(topic)
    return known


@settings(max_examples=60)
@given(graphs(), st.data())
def test_it_never_asks_more_than_thirty_nor_more_of_a_topic_than_it_has(needs: Needs, data: st.DataObject) -> None:
    left = {topic: data.draw(st.integers(0, 6)) for topic in needs}
    having = dict(left)
    random = Random(data.draw(st.integers(0, 99)))
    answers: list[Answered] = []
    while (topic := next_topic(needs, answers, left, "seed")) is not None:
        left[topic] -= 1
        answers.append(Answered(topic, random.random() < 0.5))
    assert len(answers) <= MOST_QUESTIONS
    assert all(sum(each.topic == topic for each in answers) <= having[topic] for topic in needs)


@settings(max_examples=60)
@given(graphs(), st.data())
def test_what_is_reported_known_is_closed_downward_and_what_comes_next_lies_just_above(
    needs: Needs, data: st.DataObject
) -> None:
    answers = data.draw(st.lists(st.builds(Answered, st.sampled_from(list(needs)), st.booleans()), max_size=20))
    found = placed(needs, answers)
    assert all(need in found.known for topic in found.known for need in needs[topic])
    assert not set(found.known) & set(found.next)
    assert all(need in found.known for topic in found.next for need in needs[topic])
    assert set(found.belief) == set(needs)
    assert all(0 <= share <= 1 for share in found.belief.values())


@settings(max_examples=40)
@given(graphs(), st.data())
def test_the_same_answers_give_the_same_next_question(needs: Needs, data: st.DataObject) -> None:
    answers = data.draw(st.lists(st.builds(Answered, st.sampled_from(list(needs)), st.booleans()), max_size=8))
    left = dict.fromkeys(needs, 3)
    assert next_topic(needs, answers, left, "a") == next_topic(dict(needs), list(answers), dict(left), "a")


@settings(max_examples=30)
@given(st.integers(1, 8), st.data())
def test_on_a_tree_the_probabilities_are_the_exact_ones(size: int, data: st.DataObject) -> None:
    needs: Needs = {}
    for at in range(size):
        needs[f"t{at}"] = (f"t{data.draw(st.integers(0, at - 1))}",) if at and data.draw(st.booleans()) else ()
    answers = data.draw(st.lists(st.builds(Answered, st.sampled_from(list(needs)), st.booleans()), max_size=8))
    assert belief(needs, answers) == pytest.approx(by_enumeration(needs, answers), abs=1e-6)


def by_enumeration(needs: Needs, answers: list[Answered]) -> dict[str, float]:
    """The same probabilities, by weighing each set of topics that one may know."""
    topics = list(needs)

    def height(topic: str) -> int:
        return 1 + max((height(other) for other in topics if topic in needs[other]), default=0)

    prior = {topic: height(topic) / (height(topic) + 1) for topic in topics}
    sums, total = dict.fromkeys(topics, 0.0), 0.0
    for world in product((False, True), repeat=len(topics)):
        knows = dict(zip(topics, world, strict=True))
        weight = 1.0
        for topic in topics:
            chance = prior[topic] if all(knows[need] for need in needs[topic]) else KNOWN_REGARDLESS
            weight *= chance if knows[topic] else 1 - chance
        for answer in answers:
            chance = KNEW_IF_KNOWN if knows[answer.topic] else KNEW_IF_UNKNOWN
            weight *= chance if answer.knew else 1 - chance
        total += weight
        for topic in topics:
            sums[topic] += weight * knows[topic]
    return {topic: sums[topic] / total for topic in topics}


def test_it_begins_in_the_middle_of_a_chain() -> None:
    needs = chain(15)
    assert next_topic(needs, [], dict.fromkeys(needs, 3), "seed") in {"t6", "t7", "t8"}


def test_the_least_sure_topic_tells_most_and_a_sure_one_next_to_nothing() -> None:
    assert gain(0.5) > gain(0.7) > gain(0.9) > gain(0.99)
    assert gain(0.5) > gain(0.3) > gain(0.1) > gain(0.01)
    assert gain(0.0) == pytest.approx(0) == gain(1.0)


def within_one_of_the_frontier(needs: Needs, truth: set[str], found: Placed) -> bool:
    """Whether every topic that was taken wrongly lies next to one of the other sort, or at an end of the graph."""
    wrong = set(found.known) ^ truth
    built_on: Mapping[str, list[str]] = {topic: [other for other in needs if topic in needs[other]] for topic in needs}

    def at_the_edge(topic: str) -> bool:
        if topic in truth:
            return not built_on[topic] or any(other not in truth for other in built_on[topic])
        return not needs[topic] or any(need in truth for need in needs[topic])

    return all(at_the_edge(topic) for topic in wrong)


@pytest.mark.parametrize("needs", [chain(30), tree(31)], ids=["chain", "tree"])
def test_a_learner_who_knows_just_some_topics_with_all_they_need_is_placed_exactly(needs: Needs) -> None:
    random = Random(11)
    for number in range(12):
        truth = downward_closed(needs, random)
        found = placed(needs, answered(needs, truth.__contains__, f"run {number}"))
        assert set(found.known) == truth


@pytest.mark.parametrize("needs", [chain(30), tree(31)], ids=["chain", "tree"])
def test_a_learner_who_errs_one_time_in_ten_is_placed_within_one_topic_in_most_runs(needs: Needs) -> None:
    random = Random(12)

    def errs(truth: set[str]) -> Callable[[str], bool]:
        return lambda topic: (topic in truth) != (random.random() < 0.1)

    near = 0
    for number in range(20):
        truth = downward_closed(needs, random)
        found = placed(needs, answered(needs, errs(truth), f"run {number}"))
        near += within_one_of_the_frontier(needs, truth, found)
    assert near >= 17


def test_one_who_knows_nothing_is_found_to_know_nothing_and_one_who_knows_all_to_know_all() -> None:
    for needs in (chain(20), tree(15)):
        assert placed(needs, answered(needs, lambda _: False, "x")).known == ()
        assert set(placed(needs, answered(needs, lambda _: True, "x")).known) == set(needs)


def test_it_ends_early_once_it_is_sure() -> None:
    needs = chain(8)
    answers = answered(needs, lambda topic: topic <= "t3", "x", 9)
    assert len(answers) < 15
    assert max(map(gain, placed(needs, answers).belief.values())) < LEAST_GAIN


def test_what_is_known_from_elsewhere_is_not_asked_and_is_no_question() -> None:
    needs = chain(10)
    before = [Answered("t5", True)] * 2
    left = dict.fromkeys(needs, 3)
    first = next_topic(needs, [], left, "x", before=before)
    assert first is not None
    assert int(first[1:]) > 5
    found = placed(needs, [], before=before)
    assert found.questions == 0
    assert {"t0", "t1", "t2", "t3", "t4", "t5"} <= set(found.known)


def test_a_topic_of_which_nothing_speaks_is_not_taken_for_known() -> None:
    assert placed({"alone": ()}, []).known == ()


def test_on_the_tracks_that_come_along_most_learners_are_placed_within_one_topic() -> None:
    roadmap = find_roadmap([Path(__file__).parents[2] / "decks"]).roadmap
    random = Random(5)
    near = []
    for track in roadmap.tracks.values():
        needs = {
            topic: tuple(need for need in roadmap.topics[topic].needs if need in track.topics) for topic in track.topics
        }
        for number in range(2):
            truth = downward_closed({topic: needs[topic] for topic in in_order(needs)}, random)
            answers = answered(needs, truth.__contains__, f"run {number}", 4)
            near.append(within_one_of_the_frontier(needs, truth, placed(needs, answers)))
    assert len(near) >= 14
    assert sum(near) >= len(near) - 1


def in_order(needs: Needs) -> list[str]:
    """The topics, each after what it needs."""
    found: list[str] = []
    while len(found) < len(needs):
        found += [topic for topic in needs if topic not in found and all(need in found for need in needs[topic])]
    return found
