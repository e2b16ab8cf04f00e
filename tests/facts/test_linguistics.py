"""Facts of the deck on linguistics, computed by listing forms, arcs and pairs."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {}


@pytest.mark.proves("word-forms-drill")
def test_the_number_of_forms_by_listing_them(drill: Drill) -> None:
    for n, p, c in ((2, 6, 6), (3, 7, 15)):
        forms = list(itertools.product(range(n), [None, *range(p)], range(c)))
        assert drill("linguistics/word-forms-drill", n=n, p=p, c=c) == len(forms)


@pytest.mark.proves("conllu-table")
def test_the_table_is_a_tree_whose_root_is_the_verb(text: Text) -> None:
    rows = [row for row in filled(text("linguistics/conllu-table", "cloze")).splitlines() if row.startswith("| ")][1:]
    words = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert [int(word[0]) for word in words] == [1, 2, 3, 4, 5]
    heads = {int(word[0]): int(word[2]) for word in words}
    assert [word[1] for word in words if word[2] == "0" and word[3] == "root"] == ["saw"]
    for start in heads:
        at, seen = start, set()
        while at:
            assert at not in seen
            seen.add(at)
            at = heads[at]
    named = {word[1]: (words[int(word[2]) - 1][1], word[3]) for word in words if word[2] != "0"}
    assert named["She"] == ("saw", "nsubj")
    assert named["moons"] == ("saw", "obj")
    assert named["two"] == ("moons", "nummod")


@pytest.mark.proves("crossing-code")
def test_arcs_cross_where_just_one_end_lies_within_the_other(text: Text) -> None:
    names: dict[str, Any] = {}
    exec(program(text("linguistics/crossing-code", "cloze")), names)
    arcs = list(itertools.combinations(range(6), 2))
    for a, b in itertools.product(arcs, repeat=2):
        apart = len({*a, *b}) == 4
        within = sum(a[0] < end < a[1] for end in b)
        assert names["cross"](a, b) == (apart and within == 1)


@pytest.mark.proves("coreference-links-drill")
def test_the_number_of_coreferent_pairs_by_listing_them(drill: Drill) -> None:
    for a, b in ((4, 2), (6, 3)):
        mentions = ["x"] * a + ["y"] * b
        pairs = sum(one == other for one, other in itertools.combinations(mentions, 2))
        assert drill("linguistics/coreference-links-drill", a=a, b=b) == pairs


@pytest.mark.proves("rule-probability-drill")
def test_a_rule_is_counted_among_the_expansions_of_its_left_side(drill: Drill) -> None:
    expansions = ["V NP"] * 300 + ["V NP PP"] * 100 + ["other"] * 250
    share = expansions.count("V NP") / len(expansions)
    assert drill("linguistics/rule-probability-drill", v=300, w=100, x=250) == pytest.approx(share)


@pytest.mark.proves("attachment-drill")
def test_the_labelled_score_counts_words_with_head_and_relation_right(drill: Drill, text: Text) -> None:
    words = [("right", "wrong")] * 10 + [("right", "right")] * 70 + [("wrong", "right")] * 20
    labelled = 100 * words.count(("right", "right")) / len(words)
    unlabelled = 100 * sum(head == "right" for head, _ in words) / len(words)
    assert drill("linguistics/attachment-drill", n=100, h=80, b=10) == labelled <= unlabelled
    assert "never lower" in prose(text("linguistics/attachment-drill", "why"))
