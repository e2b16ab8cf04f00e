"""What completion offers at a cursor, and that whatever it offers can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.search.completion import Vocabulary, completions
from nlpcards.core.search.language import parse
from nlpcards.core.search.tree import Name, Named

KNOWN = Vocabulary(
    {
        Name.DECK: ("lstm", "attention", "bert-vs-gpt"),
        Name.TAG: ("gates", "two words", 'quo"te', "a_b"),
        Name.NOTE: ("lstm/gates",),
    }
)


def offered(query: str) -> list[str]:
    """The queries that the candidates at `|` make."""
    cursor = query.index("|")
    bare = query.replace("|", "")
    return [each.applied(bare) for each in completions(bare, cursor, KNOWN)]


@pytest.mark.parametrize(
    ("query", "made"),
    [
        ("de|", ["deck:"]),
        ("-DE|", ["-deck:"]),
        ("a (ki|", ["a (kind:"]),
        ("re|", ["re:"]),
        ("|", []),
        ("a |", []),
        ("3|", []),
        ("deck:l|", ["deck:lstm"]),
        ("deck:T|", ["deck:lstm", "deck:attention", "deck:bert-vs-gpt"]),
        ("deck:gp|", ["deck:bert-vs-gpt"]),
        (r"deck:bert\-v|", ["deck:bert-vs-gpt"]),
        ("x deck:l|s y", ["x deck:lstm y"]),
        ("tag:two|", ['tag:"two words"']),
        ('tag:"two w|', ['tag:"two words"']),
        ('tag:"two w|x" y', ['tag:"two words" y']),
        ("tag:a_|", [r"tag:a\_b"]),
        ("is:su|", ["is:suspended"]),
        ("is:s|", ["is:suspended", "is:stale"]),
        ("prop:reps|", ["prop:reps<", "prop:reps>", "prop:reps="]),
        ("kind:cl|", ["kind:cloze"]),
        ("flag:3|", ["flag:3"]),
        ("nokey:|", []),
    ],
)
def test_candidates_complete_the_term_at_the_cursor(query: str, made: list[str]) -> None:
    found = offered(query)
    if query == "is:s|":
        assert found[: len(made)] == made
    else:
        assert found == made


def test_cards_that_were_reported_can_be_searched_for() -> None:
    assert offered("is:repor|") == ["is:reported"]


@given(st.sampled_from(list(Name)), st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=4))
def test_every_name_offered_is_read_as_that_name(key: Name, names: list[str]) -> None:
    query = f"{key}:"
    candidates = completions(query, len(query), Vocabulary({key: tuple(names)}))
    read = [parse(each.applied(query)) for each in candidates]
    literals = [each.pattern.literal for each in read if isinstance(each, Named)]
    assert len(literals) == len(read)
    if key is not Name.KIND:
        assert sorted(map(str, literals)) == sorted(names)


@given(st.text('ab :"\\-(is:deck', max_size=12), st.integers(-2, 14))
def test_any_query_and_cursor_give_candidates_within_it(query: str, cursor: int) -> None:
    for each in completions(query, cursor, KNOWN):
        assert 0 <= each.start <= each.end <= len(query)
