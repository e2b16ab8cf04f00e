"""The votes, calibrations and counts of the deck on prompting, worked out afresh."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "small-models-think-worse": "wei2022 §3.2: gains only with models of about 100B parameters",
    "zero-shot-chain": "kojima2022 abstract: MultiArith from 17.7% to 78.7% with text-davinci-002",
    "report-a-range": "sclar2024 abstract: up to 76 accuracy points with LLaMA-2-13B",
}


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"prompting/{note}", key))


def softmax(x: Any, axis: int) -> Any:
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@pytest.mark.proves("demonstrations-cost")
def test_demonstrations_are_paid_for_at_every_call(drill: Drill) -> None:
    for k, t, p, n in product((4, 8, 16), (100, 150, 250), (0.5, 2, 3), (10, 100, 500)):
        millions = sum(k * t for _ in range(n)) * 1000 / 1_000_000
        assert drill("prompting/demonstrations-cost", k=k, t=t, p=p, n=n) == pytest.approx(millions * p)


@pytest.mark.proves("vote-of-three")
def test_two_of_three_by_counting_all_outcomes(text: Text, drill: Drill) -> None:
    for p in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        chance = sum(
            float(np.prod([p if right else 1 - p for right in outcome]))
            for outcome in product((True, False), repeat=3)
            if sum(outcome) >= 2
        )
        assert drill("prompting/vote-of-three", p=p) == pytest.approx(chance)
        assert (chance > p) == (p > 0.5) or p == 0.5
    assert "at least two of three" in said(text, "vote-of-three", "drill.ask")
    assert "above one half" in said(text, "vote-of-three", "why")


@pytest.mark.proves("calibration-code", "calibrated-share", "content-free-input")
def test_calibration_divides_by_the_share_of_the_empty_input(text: Text, drill: Drill) -> None:
    names: dict[str, Any] = {}
    exec(program(text("prompting/calibration-code", "cloze")), names)
    for p, c in product((0.5, 0.6, 0.7, 0.8), (0.6, 0.75, 0.8)):
        # The affine form of the paper, without its softmax.
        scaled = np.diag(1 / np.array([c, 1 - c])) @ np.array([p, 1 - p])
        expected = scaled / scaled.sum()
        assert names["calibrate"](np.array([p, 1 - p]), np.array([c, 1 - c])) == pytest.approx(expected)
        assert drill("prompting/calibrated-share", p=p, c=c) == pytest.approx(expected[0])
    assert names["calibrate"](np.array([0.7, 0.3]), np.array([0.7, 0.3])) == pytest.approx([0.5, 0.5])
    assert "Equal shares come out" in said(text, "calibrated-share", "why")
    # The softmax of the paper, over the same quotients, puts the labels in the same order.
    quotients = np.array([0.6, 0.4]) / np.array([0.75, 0.25])
    assert (np.argsort(softmax(quotients, axis=0)) == np.argsort(quotients / quotients.sum())).all()


@pytest.mark.proves("one-or-many-labels", "label-as-hypothesis")
def test_one_label_competes_and_many_stand_alone(text: Text) -> None:
    logits = np.array([[-1.0, 0.0, 3.0], [2.0, 0.5, -2.0], [-0.5, 0.1, 2.5]])
    code = program(text("prompting/one-or-many-labels", "cloze"))
    scores = {}
    for many in (True, False):
        names: dict[str, Any] = {"np": np, "softmax": softmax, "logits": logits, "multi_label": many}
        exec(code, names)
        scores[many] = names["scores"]
    assert scores[False].sum() == pytest.approx(1)
    assert scores[True] == pytest.approx([1 / (1 + np.exp(row[0] - row[2])) for row in logits])
    assert scores[True].sum() > 1.5
    assert "their scores sum to 1" in said(text, "one-or-many-labels", "why")
    assert "probability of entailment" in prose(filled(text("prompting/label-as-hypothesis", "cloze")))


@pytest.mark.proves("pairs-to-score")
def test_each_text_meets_each_label(drill: Drill) -> None:
    for n, k in product((200, 500, 1000), (4, 12, 20)):
        assert drill("prompting/pairs-to-score", n=n, k=k) == sum(1 for _ in product(range(n), range(k)))
