"""Who may follow whom: siblings, confusable notes and topics are kept apart where that can be had."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from nlpcards.core.cards import note_of
from nlpcards.core.queue import Relations, arranged, both_ways

TOPIC_AND_NOTE = st.tuples(st.sampled_from("xyz"), st.integers(0, 3))


def cards_of(notes: list[tuple[str, int]]) -> list[str]:
    return [f"d/{topic}{number}#c{index}" for index, (topic, number) in enumerate(notes)]


def topic(note: str) -> str:
    return note.removeprefix("d/")[:1]


def neighbours_alike(groups: list[str]) -> int:
    return sum(one == other for one, other in pairwise(groups))


def fewest_neighbours_alike(groups: list[str]) -> int:
    largest = max(Counter(groups).values(), default=0)
    return max(0, 2 * largest - len(groups) - 1)


@given(st.lists(TOPIC_AND_NOTE, max_size=30))
def test_every_card_is_kept_and_those_of_a_note_stay_in_their_order(notes: list[tuple[str, int]]) -> None:
    cards = cards_of(notes)
    ordered = arranged(cards, Relations(topic=topic))
    assert sorted(ordered) == sorted(cards)
    for note in set(map(note_of, cards)):
        assert [card for card in ordered if note_of(card) == note] == [card for card in cards if note_of(card) == note]


@given(st.lists(TOPIC_AND_NOTE, max_size=30))
@example([("x", 0), ("y", 0), ("y", 0), ("y", 0), ("z", 0)])
def test_siblings_are_neighbours_no_more_often_than_cannot_be_helped(notes: list[tuple[str, int]]) -> None:
    ordered = [note_of(card) for card in arranged(cards_of(notes), Relations(topic=topic))]
    assert neighbours_alike(ordered) == fewest_neighbours_alike(ordered)


@given(st.lists(st.sampled_from("xyzw"), max_size=40))
@example(list("yyyxxxx"))
def test_topics_are_neighbours_no_more_often_than_cannot_be_helped(topics: list[str]) -> None:
    cards = [f"d/{name}{number}#qa" for number, name in enumerate(topics)]
    ordered = [topic(card) for card in arranged(cards, Relations(topic=topic))]
    assert neighbours_alike(ordered) == fewest_neighbours_alike(ordered)


@given(st.lists(st.integers(0, 7), unique=True), st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12))
def test_a_confusable_card_follows_only_where_every_card_left_is_confusable_with_the_last(
    numbers: list[int], pairs: list[tuple[int, int]]
) -> None:
    relations = Relations(both_ways((f"d/n{one}", [f"d/n{other}"]) for one, other in pairs))
    ordered = [f"d/n{number}" for number in numbers]
    ordered = [note_of(card) for card in arranged([f"{note}#qa" for note in ordered], relations)]
    for at, (last, following) in enumerate(pairwise(ordered), 1):
        if relations.clash(last, following):
            assert all(relations.clash(last, left) for left in ordered[at:])


@given(st.lists(TOPIC_AND_NOTE, min_size=1, max_size=20))
def test_the_first_card_too_is_no_sibling_of_the_one_asked_before_where_there_is_another(
    notes: list[tuple[str, int]],
) -> None:
    cards = cards_of(notes)
    before = note_of(cards[0])
    ordered = arranged(cards, Relations(topic=topic), after=before)
    assert note_of(ordered[0]) != before or all(note_of(card) == before for card in cards)


def test_it_is_the_given_order_where_nothing_is_alike() -> None:
    cards = [f"d/{name}#qa" for name in "qwertyuiop"]
    assert arranged(cards, Relations(topic=lambda note: note)) == cards


def test_what_is_confusable_is_so_both_ways_whoever_names_it_and_nothing_with_itself() -> None:
    found = both_ways([("d/a", ["d/b", "d/a"]), ("d/c", ["d/a"])])
    assert found == {"d/a": {"d/b", "d/c"}, "d/b": {"d/a"}, "d/c": {"d/a"}}
