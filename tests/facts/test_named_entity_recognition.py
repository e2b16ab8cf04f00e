"""Facts of the deck on named entity recognition, computed by listing tags, spans and sequences."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Span = tuple[str, int, int]

DECK = "named-entity-recognition"
QUOTED: dict[str, str] = {
    "german-misc": "tjong2003: the corpus that is named for its year, and its four types in §2",
    "seqeval-modes": "seqeval README: modes default and strict, schemes IOB2 and others",
}


def tagset(scheme: str, kinds: int) -> list[str]:
    return ["O", *(f"{prefix}-{kind}" for prefix in scheme for kind in range(kinds))]


def encode(spans: list[Span], length: int, scheme: str) -> list[str]:
    """The tags of a sentence by the definition of each scheme."""
    tags = ["O"] * length
    for kind, start, end in spans:
        tags[start:end] = [f"I-{kind}"] * (end - start)
        if scheme != "I":
            tags[start] = f"B-{kind}"
        if scheme == "BILU":
            tags[end - 1] = f"{'U' if end - start == 1 else 'L'}-{kind}"
    return tags


def decode(tags: list[str], text: Text) -> list[Span]:
    names: dict[str, Any] = {"tags": tags}
    exec(program(text(f"{DECK}/bio-to-spans-code", "cloze")), names)
    spans: list[Span] = names["spans"]
    return spans


def follows(first: str, second: str) -> bool:
    """Whether a BIO tag may follow another."""
    return not second.startswith("I-") or (first[0] in "BI" and first[2:] == second[2:])


@pytest.mark.proves("bio-bilou-table", "tag-schemes", "why-mark-the-beginning")
def test_the_schemes_encode_the_names_as_the_cards_say(text: Text) -> None:
    spans: list[Span] = [("PER", 0, 3), ("LOC", 4, 5)]
    rows = filled(text(f"{DECK}/bio-bilou-table", "cloze")).splitlines()[2:]
    words = ["Ada", "King", "Lovelace", "left", "London"]
    expected = zip(words, encode(spans, 5, "BI"), encode(spans, 5, "BILU"), strict=True)
    assert [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows] == list(expected)
    for name, scheme, formula in (("io", "I", "k + 1"), ("bio", "BI", "2k + 1"), ("bilou", "BILU", "4k + 1")):
        assert text(f"{DECK}/tag-schemes", f"contrast.by.tags.{name}") == f"${formula}$"
        assert len(tagset(scheme, 4)) == len(scheme) * 4 + 1
        assert encode([("PER", 0, 1)], 1, scheme)[0][0] == text(f"{DECK}/tag-schemes", f"contrast.by.single.{name}")
    pair: list[Span] = [("PER", 0, 2), ("PER", 2, 4)]
    assert encode(pair, 4, "I") == encode([("PER", 0, 4)], 4, "I")
    assert decode(encode(pair, 4, "BI"), text) == pair
    assert "run together" in prose(text(f"{DECK}/why-mark-the-beginning", "a"))


@pytest.mark.proves("invalid-pairs-drill")
def test_the_number_of_invalid_pairs_by_listing_them(drill: Drill, text: Text) -> None:
    for k in (2, 3, 4, 5):
        pairs = itertools.product(tagset("BI", k), repeat=2)
        assert drill(f"{DECK}/invalid-pairs-drill", k=k) == sum(not follows(*pair) for pair in pairs)
    assert "$2k + 1 - 2$" in text(f"{DECK}/invalid-pairs-drill", "why")


@pytest.mark.proves("bio-to-spans-code")
def test_the_code_reads_the_spans_back(text: Text) -> None:
    spans: list[Span] = [("PER", 0, 2), ("PER", 2, 3), ("ORG", 3, 6), ("LOC", 8, 9)]
    assert decode(encode(spans, 9, "BI"), text) == spans


@pytest.mark.proves("subword-labels-code")
def test_only_the_first_piece_of_a_word_has_a_label(text: Text) -> None:
    names: dict[str, Any] = {"word_ids": [None, 0, 0, 1, 2, 2, 2, None], "tags": [3, 0, 5]}
    exec(program(text(f"{DECK}/subword-labels-code", "cloze")), names)
    assert names["labels"] == [-100, 3, -100, 0, 5, -100, -100, -100]


@pytest.mark.proves("crf-layer-score", "crf-loss")
def test_the_loss_is_cross_entropy_over_tag_sequences(text: Text) -> None:
    rng = np.random.default_rng(0)
    k, n = 3, 4
    P, A = rng.normal(size=(n, k)), rng.normal(size=(k + 2, k + 2))

    def score(path: tuple[int, ...]) -> float:
        whole = (k, *path, k + 1)
        return float(sum(A[i, j] for i, j in itertools.pairwise(whole)) + sum(P[i, y] for i, y in enumerate(path)))

    paths = list(itertools.product(range(k), repeat=n))
    total = math.log(sum(math.exp(score(path)) for path in paths))
    assert sum(math.exp(score(path) - total) for path in paths) == pytest.approx(1)
    assert min(total - score(path) for path in paths) > 0
    assert r"$\log \sum_{y'} e^{s(X, y')} - s(X, y)$" in prose(filled(text(f"{DECK}/crf-loss", "cloze")))
    assert r"A_{y_i, y_{i+1}} + \sum_{i=1}^{n} P_{i, y_i}" in prose(filled(text(f"{DECK}/crf-layer-score", "cloze")))


@pytest.mark.proves("crf-parameters-drill")
def test_the_transition_matrix_has_a_row_for_each_tag_and_for_start_and_end(drill: Drill) -> None:
    for k in (3, 4, 8):
        states = [*tagset("BI", k), "start", "end"]
        assert drill(f"{DECK}/crf-parameters-drill", k=k) == len(list(itertools.product(states, repeat=2)))


@pytest.mark.proves("constrain-without-crf")
def test_viterbi_with_infinite_penalties_gives_the_best_valid_sequence(text: Text) -> None:
    tags = tagset("BI", 2)
    A = np.array([[0.0 if follows(i, j) else -np.inf for j in tags] for i in tags])
    P = np.log(np.random.default_rng(3).dirichlet(np.ones(len(tags)), 5))
    score = P[0] + np.array([0.0 if follows("O", tag) else -np.inf for tag in tags])
    for row in P[1:]:
        score = (score[:, None] + A).max(0) + row
    valid = [
        path
        for path in itertools.product(range(len(tags)), repeat=5)
        if all(follows(tags[i], tags[j]) for i, j in itertools.pairwise((0, *path)))
    ]
    best = max(sum(P[i, y] for i, y in enumerate(path)) for path in valid)
    assert score.max() == pytest.approx(best)
    assert r"0 for valid pairs and $-\infty$" in prose(text(f"{DECK}/constrain-without-crf", "a"))


@pytest.mark.proves("boundary-error-twice", "span-f1-code")
def test_a_boundary_error_is_a_false_positive_and_a_false_negative(text: Text) -> None:
    gold, found = {(0, "PER", 0, 2), (0, "LOC", 4, 5)}, {(0, "PER", 0, 1), (0, "LOC", 4, 5)}
    assert len(found - gold) == len(gold - found) == 1
    assert prose(text(f"{DECK}/boundary-error-twice", "a")) == "One false positive and one false negative."
    names: dict[str, Any] = {"gold": gold, "found": found | {(1, "ORG", 0, 1)}}
    exec(program(text(f"{DECK}/span-f1-code", "cloze")), names)
    assert (names["precision"], names["recall"]) == (1 / 3, 1 / 2)
    assert names["f1"] == pytest.approx(0.4)


@pytest.mark.proves("span-f1-drill")
def test_the_f1_of_the_drill_by_precision_and_recall(drill: Drill) -> None:
    for g, p, b, t in ((20, 24, 4, 3), (25, 20, 2, 1), (40, 30, 4, 1)):
        precision, recall = (p - b - t) / p, (p - b - t) / g
        f1 = 2 * precision * recall / (precision + recall)
        assert drill(f"{DECK}/span-f1-drill", g=g, p=p, b=b, t=t) == pytest.approx(f1)


@pytest.mark.proves("all-o-drill")
def test_a_tagger_that_finds_nothing_has_high_accuracy(drill: Drill) -> None:
    gold = encode([("PER", 10 * i, 10 * i + 2) for i in range(40)], 1000, "BI")
    assert drill(f"{DECK}/all-o-drill", n=1000, c=40, m=2) == gold.count("O") / len(gold)
    assert drill(f"{DECK}/all-o-drill", n=500, c=40, m=3) > 0.7


@pytest.mark.proves("spans-drill", "crossing-spans")
def test_the_number_of_spans_and_a_pair_that_crosses(drill: Drill, text: Text) -> None:
    for n in (10, 20, 40):
        assert drill(f"{DECK}/spans-drill", n=n) == len(list(itertools.combinations(range(n + 1), 2)))
    first, second = set(range(2, 6)), set(range(4, 8))
    assert first & second
    assert not first <= second
    assert not second <= first
    assert "tokens 2 to 5 and tokens 4 to 7" in prose(text(f"{DECK}/crossing-spans", "q"))
