"""The facts of the deck on XLNet: its masks built from an order and counted over all orders."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Mask = NDArray[np.bool_]

QUOTED: dict[str, str] = {
    "permutation-objective": "the order 1, 2, 3 of reading",
    "ablation-splits": "yang2019 Table 6, RACE of rows 1 to 4, rounded",
}


def masks(text: Text, order: list[int]) -> tuple[Mask, Mask]:
    names: dict[str, Any] = {"np": np, "order": np.array(order)}
    exec(program(text("xlnet/masks-code", "cloze")), names)
    return names["content"], names["query"]


def by_hand(order: tuple[int, ...] | list[int], itself: bool) -> Mask:
    mask = np.zeros((len(order), len(order)), bool)
    for turn, token in enumerate(order):
        for earlier in order[: turn + itself]:
            mask[token, earlier] = True
    return mask


@pytest.mark.proves("masks-code", "order-mask")
def test_the_masks_on_the_cards_follow_the_order_of_prediction(text: Text) -> None:
    for order in permutations(range(4)):
        content, query = masks(text, list(order))
        assert (content == by_hand(order, itself=True)).all()
        assert (query == by_hand(order, itself=False)).all()
    assert "3, 2, 4, 1" in prose(text("xlnet/order-mask", "cloze"))
    lines = [line.split() for line in filled(text("xlnet/order-mask", "cloze")).splitlines()]
    drawn = np.array([[cell == "1" for cell in line[2:]] for line in lines if line[:1] == ["token"] and len(line) == 6])
    assert (drawn[-4:] == by_hand([2, 1, 3, 0], itself=True)).all()


@pytest.mark.proves("fair-gain")
def test_less_than_a_quarter_of_the_published_lead_is_left(text: Text) -> None:
    released, fair, bert = 85.4, 77.4, 75.1
    assert 0.2 < (fair - bert) / (released - bert) < 0.25
    assert (88.4 - 87.3) / (90.8 - 87.3) == pytest.approx(1 / 3, abs=0.03), "MNLI"
    assert 0.4 < (87.8 - 85.5) / (90.6 - 85.5) < 0.5, "F1 on the development set of SQuAD 2.0"
    assert "On MNLI a third of the lead is left, on SQuAD 2.0 nearly half." in prose(text("xlnet/fair-gain", "why"))
    assert "Less than a quarter" in text("xlnet/fair-gain", "a")
    assert f"gets {fair}%" in text("xlnet/fair-gain", "a")
    question = prose(text("xlnet/fair-gain", "q"))
    assert f"XLNet answers {released}% of RACE, the best of three BERT-larges {bert}%." in question


@pytest.mark.proves("half-the-orders")
def test_in_half_of_all_orders_one_token_comes_before_the_other(text: Text) -> None:
    seen = [order.index(3) < order.index(0) for order in permutations(range(5))]
    assert sum(seen) / len(seen) == 0.5
    assert text("xlnet/half-the-orders", "typed") == "1/2"


@pytest.mark.proves("permutation-objective", "last-in-order")
def test_the_natural_order_is_causal_and_the_last_turns_see_most(text: Text) -> None:
    content, query = masks(text, list(range(6)))
    assert (content == np.tril(np.ones((6, 6), bool))).all()
    order = [3, 1, 5, 0, 4, 2]
    _, query = masks(text, order)
    assert [int(query[token].sum()) for token in order] == list(range(6))


@pytest.mark.proves("target-position-unknown", "new-york")
def test_a_product_of_conditionals_keeps_the_names_apart_and_independence_mixes_them(text: Text) -> None:
    joint = {("New", "York"): 0.5, ("Los", "Angeles"): 0.5}
    first = {name: sum(p for pair, p in joint.items() if pair[0] == name) for name in ("New", "Los")}
    second = {name: sum(p for pair, p in joint.items() if pair[1] == name) for name in ("York", "Angeles")}
    assert first["New"] * second["Angeles"] == 0.25
    assert joint.get(("New", "Angeles"), 0.0) == 0.0
    said = prose(filled(text("xlnet/new-york", "cloze")))
    assert r"\log p(\text{York} \mid \text{is a city} )" in said
    assert r"\log p(\text{York} \mid \text{New, is a city} )" in said
