"""Facts of the deck on approaches to NLP, computed by running its patterns and by counting."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

DECK = "nlp-approaches"
QUOTED: dict[str, str] = {
    "what-pretraining-saves": "howard2018, abstract: 100 labelled examples match 100 times more data from scratch",
}


@pytest.mark.proves("eliza-code")
def test_the_rule_answers_with_the_rest_of_the_sentence(text: Text) -> None:
    assert "`I am tired of work`" in prose(text(f"{DECK}/eliza-code", "cloze"))
    names: dict[str, Any] = {"re": re, "text": "I am tired of work"}
    exec(program(text(f"{DECK}/eliza-code", "cloze")), names)
    assert names["reply"] == "How long have you been tired of work?"


@pytest.mark.proves("rule-pairs-drill")
def test_the_number_of_new_pairs_by_listing_them(drill: Drill) -> None:
    for n, m in ((50, 1), (100, 10), (200, 20)):
        pairs = [len(list(itertools.combinations(range(size), 2))) for size in (n, n + m)]
        assert drill(f"{DECK}/rule-pairs-drill", n=n, m=m) == pairs[1] - pairs[0]


@pytest.mark.proves("noisy-channel")
def test_the_channel_ranks_as_the_posterior_does(text: Text) -> None:
    rng = np.random.default_rng(0)
    joint = rng.dirichlet(np.ones(12)).reshape(4, 3)
    prior, channel = joint.sum(1), joint / joint.sum(1, keepdims=True)
    for f in range(3):
        assert (prior * channel[:, f]).argmax() == (joint[:, f] / joint[:, f].sum()).argmax()
    assert r"P(e) \; P(f \mid e)$" in prose(filled(text(f"{DECK}/noisy-channel", "cloze")))


@pytest.mark.proves("order-number-code")
def test_the_pattern_finds_order_numbers_and_nothing_longer(text: Text) -> None:
    names: dict[str, Any] = {"re": re, "text": "AB-123456, not XAB-1234567; but QX-000001."}
    exec(program(text(f"{DECK}/order-number-code", "cloze")), names)
    assert names["numbers"] == ["AB-123456", "QX-000001"]
    assert re.findall(r"[A-Z]{2}-\d{6}", "XAB-1234567") == ["AB-123456"]
    assert "`XAB-1234567`" in text(f"{DECK}/order-number-code", "why")


@pytest.mark.proves("class-is-blocked")
def test_boundaries_spare_longer_words(text: Text) -> None:
    token = text(f"{DECK}/class-is-blocked", "typed")
    pattern = re.compile(f"{token}ass{token}")
    assert all("ass" in word and not pattern.search(word) for word in ("class", "passage"))
    assert pattern.search("an ass!")


@pytest.mark.proves("pipeline-drill")
def test_the_share_of_right_outputs_by_simulation(drill: Drill) -> None:
    rng = np.random.default_rng(1)
    for k, p in ((3, 90), (5, 80)):
        right = (rng.random((100_000, k)) < p / 100).all(1).mean()
        assert drill(f"{DECK}/pipeline-drill", k=k, p=p) == pytest.approx(right, abs=0.01)
