"""What an answer was worth, and what an event keeps of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.kinds import KINDS
from nlpcards.core.kinds.typed import Typed
from nlpcards.core.numbers import Tolerance
from nlpcards.core.replies import (
    LONGEST_KEPT,
    Kept,
    Mark,
    WriteNumber,
    WriteText,
    decode_reply,
    encode_reply,
    judge,
)

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=40)
"""Any text, lone surrogates and control characters among it."""


@given(ANYTHING, ANYTHING.filter(bool), st.lists(ANYTHING, max_size=3), ANYTHING)
def test_judging_never_fails_and_its_difference_holds_both_texts(
    typed: str, right: str, accept: list[str], unit: str
) -> None:
    verdict = judge(WriteText(right, tuple(accept)), typed)
    assert verdict.typed == typed
    assert not (verdict.correct and verdict.diff)
    if verdict.diff:
        assert "".join(text for mark, text in verdict.diff if mark is not Mark.EXTRA) == verdict.right
    judge(WriteNumber(1.5, Tolerance(0.1), "1.5", unit=unit, accept=tuple(accept)), typed)


def test_an_answer_with_little_in_common_gets_no_difference() -> None:
    verdict = judge(WriteText("softmax", ("the softmax",)), "perplexity")
    assert (verdict.correct, verdict.right, verdict.diff) == (False, "softmax", ())


@pytest.mark.parametrize("right", ["ab" * 5000, "a"])
@pytest.mark.parametrize("typed", ["ba" * 5000, "b"])
def test_very_long_texts_are_judged_without_a_comparison_of_their_characters(right: str, typed: str) -> None:
    verdict = judge(WriteText(right), typed)
    assert not verdict.correct
    assert not verdict.diff
    assert judge(WriteText(right), right).correct


def test_a_number_may_also_be_accepted_as_a_word() -> None:
    body = KINDS["typed"].build({"q": "How many?", "typed": "2", "accept": ("two", "2.5")})
    assert isinstance(body, Typed)
    reply = body.face("typed", "").reply
    assert isinstance(reply, WriteNumber)
    assert [judge(reply, typed).correct for typed in ("2", "Two", "2.5", "3", "three")] == [True] * 3 + [False] * 2


@given(
    st.dictionaries(ANYTHING.filter(str.isidentifier), st.text(max_size=5), max_size=3),
    st.none() | st.text(max_size=LONGEST_KEPT),
    st.none() | st.lists(st.text(max_size=9), max_size=4),
)
def test_what_an_event_keeps_of_a_reply_is_read_as_it_was(
    numbers: dict[str, str], typed: str | None, points: list[str] | None
) -> None:
    kept = decode_reply(encode_reply(given=numbers, typed=typed, points=points))
    assert kept == Kept(tuple(sorted(numbers.items())), typed, None if points is None else tuple(points))


@given(ANYTHING)
def test_whatever_was_typed_can_be_stored_as_utf_8(typed: str) -> None:
    reply = encode_reply(given={}, typed=typed)
    assert json.loads(reply.encode("utf-8"))["typed"] == typed.encode("utf-8", "replace").decode("utf-8")


@pytest.mark.parametrize("reply", ["", "{", "3", "[1]", '{"given": 3, "typed": [1], "points": {}}', "[" * 100_000])
def test_a_reply_that_this_version_cannot_read_is_as_good_as_none(reply: str) -> None:
    assert decode_reply(reply) == Kept()
