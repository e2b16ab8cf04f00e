"""Numbers, tolerances, expressions and typed answers: what counts as right."""

from __future__ import annotations

import json
import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.core import arithmetic
from nlpcards.core.intervals import bounds, is_total_condition
from nlpcards.core.kinds.typed import Typed
from nlpcards.core.markup.tree import words
from nlpcards.core.numbers import Tolerance, as_shown, number_in, shown, singular, tolerance_in
from nlpcards.core.replies import (
    Mark,
    WriteNumber,
    WriteText,
    difference,
    encode_reply,
    judge,
    suggested,
    suggested_for_points,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.5", 1234.5),
        ("1 234", 1234),
        ("1_000_000", 1_000_000),
        ("0,5", 0.5),
        ("−2", -2),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("3/4", 0.75),
        ("$64$", 64),
        ("1,000", 1000),
        ("1,000,000", 1_000_000),
    ],
)
def test_a_number_is_read_as_people_type_it(text: str, number: float) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text", ["", "two", "1/0", "1e999", "12 apples", "1,00,0", "--2", "9" * 100, "0x10", "nan", "inf"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_in(text) is None


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_what_is_shown_of_a_number_is_read_as_that_number(number: float) -> None:
    read = number_in(shown(number))
    assert read is not None
    assert math.isclose(read, number, rel_tol=1e-5, abs_tol=1e-300)


@given(st.integers(-(10**14), 10**14))
def test_a_whole_number_is_shown_exactly(number: int) -> None:
    assert number_in(shown(number)) == number


def test_a_tolerance_is_absolute_or_a_share() -> None:
    assert tolerance_in("0.01") == Tolerance(0.01)
    assert tolerance_in("1 %") == Tolerance(0.01, relative=True)
    assert tolerance_in("-1") is None
    assert tolerance_in("a bit") is None
    assert Tolerance(0.1).allows(0.3, 0.4)
    assert not Tolerance(0.1).allows(0.3, 0.41)
    assert Tolerance(0.01, relative=True).allows(200, 198)
    assert not Tolerance(0.01, relative=True).allows(200, 197.9)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("4 * (h * (d + h) + h)", 4 * (128 * (64 + 128) + 128)),
        ("sqrt(d) + log2(h) + log(e) + log10(100)", 8 + 7 + 1 + 2),
        ("min(d, h) + max(d, h) + sum(d, h, 1) + abs(-1)", 64 + 128 + 193 + 1),
        ("ceil(h / 3) + floor(h / 3) + round(2.4)", 43 + 42 + 2),
        ("d if d > h else h", 128),
        ("h // d + h % 3 + 2 ** 10", 2 + 2 + 1024),
        ("sin(pi / 2) + cos(0) + tan(0)", 2),
        ("comb(h / 2, 2) + factorial(5)", 64 * 63 / 2 + 120),
    ],
)
def test_an_expression_is_worked_out(expression: str, value: float) -> None:
    assert arithmetic.mistake(expression, frozenset({"d", "h"})) is None
    assert arithmetic.number(expression, {"d": 64, "h": 128}) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').system('true')",
        "().__class__",
        "'a' * 3",
        "[1, 2][0]",
        "lambda: 1",
        "open",
        "sqrt(x=4)",
        "d.real",
        "f'{d}'",
        "(d := 3)",
        "True",
        "d ^ 2",
        "d & 1",
        "sum([1, 2])",
        "max()",
        "1j",
        "d = 2",
        "import os",
        "",
        "1 + " * 200 + "1",
        "1 +",
        "\x00",
    ],
)
def test_what_is_more_than_arithmetic_is_refused_before_it_is_evaluated(expression: str) -> None:
    wrong = arithmetic.mistake(expression, frozenset({"d"}))
    assert wrong is not None
    assert 0 <= wrong.offset <= len(expression)
    assert wrong.remedy


@pytest.mark.parametrize(
    "expression",
    [
        "1 / 0",
        "sqrt(-1)",
        "log(0)",
        "exp(10000)",
        "9 ** 9 ** 9",
        "10.0 ** 400",
        "2 > 1",
        "(-8) ** 0.5",
        "factorial(1000000)",
        "factorial(-1)",
        "factorial(2.5)",
        "comb(1000000, 500000)",
        "comb(3, -1)",
        "sin(10.0 ** 400)",
    ],
)
def test_an_expression_without_a_value_says_so_and_nothing_else_is_raised(expression: str) -> None:
    assert arithmetic.mistake(expression, frozenset()) is None
    with pytest.raises(arithmetic.Unsolvable):
        arithmetic.number(expression, {})


@given(st.text(alphabet="0123456789+-*/%(). dehmaxsqrtlog<>=!,_'\"[]{}\n^&|~@:", max_size=40))
def test_no_text_makes_the_reading_of_an_expression_fail(expression: str) -> None:
    if arithmetic.mistake(expression, frozenset({"d", "h"})) is None:
        try:
            arithmetic.number(expression, {"d": 3, "h": 5})
        except arithmetic.Unsolvable:
            pass


@pytest.mark.parametrize(
    "typed",
    [
        "softmax",
        "  Softmax ",
        "SOFTMAX",
        "soft\u00admax".replace("\u00ad", ""),
        "the  softmax function",
        "ｓｏｆｔｍａｘ",
    ],
)
def test_a_typed_text_is_right_whatever_its_case_its_spaces_and_its_forms(typed: str) -> None:
    assert judge(WriteText("`softmax`", ("the softmax function",)), typed).correct


def test_a_typed_formula_is_right_with_or_without_its_dollars() -> None:
    for typed in ("$O(n^2)$", "O(n^2)", "o(n^2)"):
        assert judge(WriteText("$O(n^2)$"), typed).correct


def test_a_wrong_text_is_compared_with_the_answer_that_is_nearest() -> None:
    verdict = judge(WriteText("perplexity", ("cross-entropy",)), "cross entrpy")
    assert not verdict.correct
    assert "".join(text for mark, text in verdict.diff if mark is not Mark.EXTRA) == "cross-entropy"


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_difference_holds_both_texts(typed: str, right: str) -> None:
    parts = difference(typed, right)
    assert "".join(text for mark, text in parts if mark is not Mark.EXTRA) == right
    kept = "".join(text for mark, text in parts if mark is not Mark.MISSING)
    assert kept.casefold() == typed.casefold()


@given(st.text(max_size=30), st.text(min_size=1, max_size=30))
def test_no_typed_text_makes_the_comparison_fail(typed: str, right: str) -> None:
    judge(WriteText(right), typed)
    judge(WriteNumber(1.5, Tolerance(0.1), "1.5", unit=right), typed)


@pytest.mark.parametrize("answer", ["__label__", "2**10", "<s>", "a_b_c", r"\(x\)", "&amp;", "# heading"])
def test_a_typed_answer_without_code_or_maths_is_taken_to_the_letter(answer: str) -> None:
    body = Typed("Which?", answer)
    face = body.face("typed", "")
    tree = face.answer_tree()
    assert tree is not None
    assert words(tree) == answer
    assert isinstance(face.reply, WriteText)
    assert judge(face.reply, answer).correct
    assert not judge(face.reply, answer.strip("_*<>#&")[1:]).correct


@pytest.mark.parametrize("typed", ["1 token", "1 tokens", "1"])
def test_a_unit_of_one_thing_may_be_typed_as_of_one_or_of_several(typed: str) -> None:
    assert judge(WriteNumber(1, Tolerance(0), "1 token", unit="tokens"), typed).correct


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("tokens", "token"),
        ("passes", "pass"),
        ("queries", "query"),
        ("ms", "ms"),
        ("GB", "GB"),
        ("%", "%"),
        ("mix", "mix"),
        ("training steps", "training step"),
        ("series", "series"),
        ("loss", "loss"),
    ],
)
def test_the_unit_of_one_thing_follows_from_that_of_several(unit: str, one: str) -> None:
    assert singular(unit) == one


NUMBERS = st.integers(-50, 50).map(float) | st.sampled_from([0.5, 1e-9, 1e12, 3.0])
ATOMS = st.sampled_from(["d", "h", "2", "0", "1e200", "0.5", "10", "pi"])
OPERATIONS = st.sampled_from([*"+-*/%", "//", "**"])


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    calls = st.sampled_from("sqrt log log2 log10 exp abs round ceil floor sin cos tan factorial".split())
    return (
        st.tuples(parts, OPERATIONS, parts).map(lambda each: f"({each[0]} {each[1]} {each[2]})")
        | st.tuples(calls, parts).map(lambda each: f"{each[0]}({each[1]})")
        | st.tuples(st.sampled_from(["min", "max", "sum"]), parts, parts).map(lambda e: f"{e[0]}({e[1]}, {e[2]})")
        | st.tuples(parts, parts, parts).map(lambda each: f"({each[0]} if {each[1]} > {each[2]} else -{each[1]})")
    )


@given(
    st.recursive(ATOMS, joined, max_leaves=6), st.lists(NUMBERS, min_size=1, max_size=3), st.lists(NUMBERS, min_size=1)
)
@settings(max_examples=400)
def test_an_expression_whose_bounds_are_known_has_a_value_within_them(
    expression: str, d: list[float], h: list[float]
) -> None:
    known = bounds(expression, {"d": (min(d), max(d)), "h": (min(h), max(h))})
    if known is None:
        return
    assert arithmetic.mistake(expression, frozenset({"d", "h"})) is None
    for values in product(d, h[:3]):
        whole = {name: int(n) if n == int(n) else n for name, n in zip("dh", values, strict=True)}
        worth = arithmetic.number(expression, whole)
        slack = 1e-6 * max(1.0, abs(worth))
        assert known[0] - slack <= worth <= known[1] + slack


def test_the_bounds_of_what_drills_mostly_ask_are_known() -> None:
    ranges = {"d": (64.0, 300.0), "h": (128.0, 512.0)}
    for expression in ("4 * (h * (d + h) + h)", "d / h", "h * log2(d) / 8", "(d - h) ** 2", "sqrt(d ** 2 + 1)"):
        assert bounds(expression, ranges) is not None
    assert bounds("d / (d - h)", ranges) is None
    assert is_total_condition("h >= d and d / h > 0.1", ranges)
    assert not is_total_condition("h >= 1 / (d - h)", ranges)


@pytest.mark.parametrize(("typed", "correct"), [("512 MB", True), ("512", True), ("0.512 GB", False), ("MB", False)])
def test_a_unit_may_follow_a_number(typed: str, correct: bool) -> None:
    assert judge(WriteNumber(512, Tolerance(0), "512 MB", unit="MB"), typed).correct is correct


def test_a_reply_suggests_a_rating() -> None:
    right = judge(WriteText("yes"), "yes")
    assert [suggested(right), suggested(judge(WriteText("yes"), "no")), suggested(None)] == [3, 1, 1]
    assert [suggested_for_points(made, 4) for made in range(5)] == [1, 1, 1, 2, 3]


def test_a_reply_is_kept_as_canonical_json() -> None:
    assert encode_reply(given={}) == ""
    kept = encode_reply(given={"h": "2", "d": "1"}, typed="3")
    assert kept == '{"given":{"d":"1","h":"2"},"typed":"3"}'
    assert json.loads(encode_reply(given={}, points=["a"])) == {"points": ["a"]}


@pytest.mark.parametrize(
    ("text", "seen"), [("4096", "4096"), ("32000", "32,000"), ("0.5", "0.5"), ("007", "007"), ("1e6", "1e6")]
)
def test_a_number_of_the_author_is_grouped_as_answers_are(text: str, seen: str) -> None:
    assert as_shown(text) == seen
    if text.isdigit() and text[0] != "0":
        assert shown(int(text)) == seen
