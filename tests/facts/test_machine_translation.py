"""Facts of the machine-translation deck: n-grams are counted, scores computed from their definitions."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable

import pytest

from tests.support.facts import filled, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {}


def grams(words: list[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


@pytest.mark.proves("bleu-table", "bleu-steps")
def test_the_table_of_matches(text: Text) -> None:
    said = filled(text("machine-translation/bleu-table", "cloze"))
    candidate, reference = (each.split() for each in re.findall(r'"([^"]+)"', prose(said)))
    rows = [tuple(map(int, row)) for row in re.findall(r"\| (\d) \| (\d) \| (\d) \|", said)]
    for n, matches, total in rows:
        own = grams(candidate, n)
        assert (own & grams(reference, n)).total() == matches
        assert own.total() == total
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    assert "n = 1 to 4" in text("machine-translation/bleu-steps", "steps.of.clip")
    pairs = [("a b c x d e f".split(), "a b c y d e f".split()), ("a b c d".split(), "a b c d".split())]
    each = [(grams(own, 4) & grams(other, 4)).total() for own, other in pairs]
    assert min(each) == 0 < sum(each)
    assert "does not zero the score" in prose(text("machine-translation/bleu-steps", "why"))


@pytest.mark.proves("bleu-drill")
def test_bleu_is_the_geometric_mean(drill: Drill) -> None:
    logs = [math.log(p) for p in (0.8, 0.5, 0.3, 0.15)]
    expected = 100 * math.exp(sum(logs) / 4)
    assert drill("machine-translation/bleu-drill", a=0.8, b=0.5, c=0.3, d=0.15) == pytest.approx(expected)


@pytest.mark.proves("chrf-drill")
def test_chrf_weighs_recall(drill: Drill) -> None:
    for p, r in itertools.product((0.4, 0.5, 0.6), (0.3, 0.6, 0.8)):
        if p != r:
            weighted = 1 / ((1 / 5) / p + (4 / 5) / r)
            assert drill("machine-translation/chrf-drill", p=p, r=r) == pytest.approx(weighted)


@pytest.mark.proves("pair-count")
def test_pairs_are_counted(text: Text, drill: Drill) -> None:
    for n in (5, 10, 20):
        assert drill("machine-translation/pair-count", n=n) == len(list(itertools.permutations(range(n), 2)))
        assert 2 * (n - 1) == sum(0 in pair for pair in itertools.permutations(range(n), 2))
    assert "$2(n - 1)$" in prose(text("machine-translation/pair-count", "why"))


@pytest.mark.proves("temperature-sampling")
def test_temperature_evens_out_the_languages(drill: Drill) -> None:
    for r, t in ((16, 2), (729, 2), (256, 5)):
        shares = [x / (r + 1) for x in (r, 1)]
        drawn = [share ** (1 / t) for share in shares]
        assert drill("machine-translation/temperature-sampling", r=r, t=t) == pytest.approx(drawn[0] / drawn[1])
