"""Circles of prerequisites are found where there are any, each can be walked, and breaking them leaves none."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.decks.circles import MOST_CIRCLES, circles, describe_circle

Needs = Mapping[str, list[str]]
NAMES = st.sampled_from("abcdefgh")


def has_circle(needs: Needs) -> bool:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError:
        return True
    return False


@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=4)))
def test_without_the_need_that_closes_each_circle_there_is_none(needs: Needs) -> None:
    found = list(circles(needs))
    assert bool(found) == has_circle(needs)
    for circle in found[:MOST_CIRCLES]:
        assert all(following in needs[each] for each, following in zip(circle, (*circle[1:], circle[0]), strict=True))
    cut = {(circle[-1], circle[0]) for circle in found}
    left = {name: [need for need in those if (name, need) not in cut] for name, those in needs.items()}
    assert not has_circle(left)


def test_a_chain_longer_than_the_stack_is_walked_and_very_many_circles_are_named_by_their_ends() -> None:
    chain = {str(at): [str(at + 1), "0"] for at in range(5_000)}
    found = list(circles(chain))
    assert len(found) == 5_000
    assert [len(circle) for circle in found[:MOST_CIRCLES]] == [*range(5_000, 5_000 - MOST_CIRCLES, -1)]
    assert {len(circle) for circle in found[MOST_CIRCLES:-1]} == {2}


@pytest.mark.parametrize(
    ("circle", "said"),
    [
        ("ab", "these topics need each other in a circle: `a` needs `b` needs `a`"),
        ("abcdefg", "these topics need each other in a circle: `a` needs `b` needs `c` needs `d` needs … needs `a`"),
    ],
)
def test_a_circle_is_said_in_words_a_long_one_cut_short(circle: str, said: str) -> None:
    assert describe_circle("topics", tuple(circle)) == said
