"""Facts of the deck on conversational systems: its programs are run and its counts counted."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "pairs-not-stars": "the ends of a Likert scale, as an example; li2019, §1, on such scales",
}


@pytest.mark.proves("tagged-utterance")
def test_the_tags_give_back_the_slots(text: Text) -> None:
    rows = [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in filled(text("conversational-ai/tagged-utterance", "cloze")).splitlines()
        if line.strip()
    ]
    slots: dict[str, str] = {}
    for token, tag in zip(rows[0][1:], rows[2][1:], strict=True):
        if tag.startswith("B-"):
            slots[tag[2:]] = token
        elif tag.startswith("I-"):
            slots[tag[2:]] += f" {token}"
    assert slots == {"from": "New York", "to": "Rome"}


@pytest.mark.proves("joke-to-a-bank")
def test_a_softmax_over_twenty_intents_always_gives_out_all_probability(text: Text) -> None:
    scores = np.random.default_rng(0).normal(scale=3, size=(100, 20))
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert shares.sum(axis=1) == pytest.approx(1)
    assert "20 intents" in prose(text("conversational-ai/joke-to-a-bank", "q"))
    assert "probability of 1 among the 20" in prose(text("conversational-ai/joke-to-a-bank", "a"))


@pytest.mark.proves("joint-goal-drill")
def test_joint_accuracy_by_all_combinations_of_slots(drill: Drill) -> None:
    for n, p in ((2, 0.7), (4, 0.9), (5, 0.95)):
        right = sum(
            math.prod(p if slot else 1 - p for slot in slots)
            for slots in product([True, False], repeat=n)
            if all(slots)
        )
        assert drill("conversational-ai/joint-goal-drill", n=n, p=p) == pytest.approx(right)


@pytest.mark.proves("missed-slot-drill")
def test_a_missed_slot_spoils_all_later_states(drill: Drill) -> None:
    for n, k in ((6, 2), (10, 4), (12, 5)):
        true: dict[int, str] = {}
        tracked: dict[int, str] = {}
        right = 0
        for turn in range(1, n + 1):
            true[turn] = "value"
            if turn != k:
                tracked[turn] = "value"
            right += true == tracked
        assert drill("conversational-ai/missed-slot-drill", n=n, k=k) == right


@pytest.mark.proves("anti-dull-formula")
def test_mutual_information_turns_the_ranking_round(text: Text) -> None:
    given = {"I don't know": 0.2, "At the station": 0.1}
    anywhere = {"I don't know": 0.2, "At the station": 0.001}
    assert max(given, key=lambda reply: given[reply]) == "I don't know"
    assert max(given, key=lambda r: math.log(given[r]) - 0.5 * math.log(anywhere[r])) == "At the station"
    said = prose(filled(text("conversational-ai/anti-dull-formula", "cloze")))
    assert r"\log p(T \mid S) - \lambda \log p(T)$" in said


@pytest.mark.proves("template-code", "without-generation-prompt")
def test_the_template_writes_turns_and_opens_the_assistants(text: Text) -> None:
    code = program(text("conversational-ai/template-code", "cloze"))
    chat = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}]
    for wanted in (False, True):
        names: dict[str, Any] = {"messages": chat, "add_generation_prompt": wanted}
        exec(code, names)
        expected = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n"
        assert names["text"] == expected + ("<|im_start|>assistant\n" if wanted else "")


@pytest.mark.proves("special-tokens-twice")
def test_the_two_calls_add_the_first_token_once(text: Text) -> None:
    class Tokenizer:
        def apply_chat_template(self, chat: list[str], tokenize: bool) -> str:
            assert not tokenize
            return "<s>" + "".join(chat)

        def __call__(self, text: str, add_special_tokens: bool = True) -> str:
            return "<s>" * add_special_tokens + text

    names: dict[str, Any] = {"tokenizer": Tokenizer(), "chat": ["Hello"]}
    exec(program(text("conversational-ai/special-tokens-twice", "cloze")), names)
    assert names["ids"] == "<s>Hello"
    assert names["tokenizer"](names["text"]) == "<s><s>Hello"


@pytest.mark.proves("history-read-drill")
def test_the_history_is_read_anew_at_each_turn(drill: Drill) -> None:
    for u, a, n in ((50, 100, 3), (100, 300, 5)):
        history, read = 0, 0
        for _ in range(n):
            history += u
            read += history
            history += a
        assert drill("conversational-ai/history-read-drill", u=u, a=a, n=n) == read


@pytest.mark.proves("rating-gap-drill")
def test_elo_makes_400_points_odds_of_ten_to_one(text: Text, drill: Drill) -> None:
    for d in (50, 100, 200, 400):
        odds = 10 ** (d / 400)
        assert drill("conversational-ai/rating-gap-drill", d=d) == pytest.approx(100 * odds / (1 + odds))
    assert "400 points for odds of 10 to 1" in prose(text("conversational-ai/rating-gap-drill", "drill.ask"))


@pytest.mark.proves("when-to-answer-drill", "guess-beats-silence")
def test_an_answer_pays_from_the_confidence_at_which_it_expects_no_loss(text: Text, drill: Drill) -> None:
    for m in (0.25, 1, 3, 4, 9):
        p = drill("conversational-ai/when-to-answer-drill", m=m) / 100
        assert p * 1 - (1 - p) * m == pytest.approx(0)
        assert (p + 0.01) - (1 - p - 0.01) * m > 0
    assert "1 point for a right answer and 0 otherwise" in prose(text("conversational-ai/guess-beats-silence", "q"))
    assert 0.01 * 1 + 0.99 * 0 > 0
