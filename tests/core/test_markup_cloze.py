"""Clozes in Markdown source: what hides what, and what is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.markup import Scan, scan


def texts(source: str) -> list[str]:
    return [span.text for span in scan(source).spans]


@pytest.mark.parametrize(
    ("source", "text", "hint"),
    [
        ("{{c1::a}}", "a", None),
        ("{{c1::a::b}}", "a", "b"),
        ("{{c1::a::b::c}}", "a", "b::c"),
        (r"{{c1::\tilde{c}_{t}}}", r"\tilde{c}_{t}", None),
        (r"{{c1::\frac{a}{b}}}", r"\frac{a}{b}", None),
        (r"{{c1::\{a\}}}", r"\{a\}", None),
        (r"{{c1::\left\{ x \right.}}", r"\left\{ x \right.", None),
        ("{{c1::`std::vector`}}", "`std::vector`", None),
        ("{{c1::$a::b$::hint}}", "$a::b$", "hint"),
        ("{{c1::`}}`}}", "`}}`", None),
        (r"{{c1::a\::b}}", "a::b", None),
        (r"{{c1::a\::b::c\::d}}", "a::b", "c::d"),
        ("${{c1::f_t::which gate}}$", "f_t", "which gate"),
        ("```\n{{c1::x[::2]}}\n```", "x[::2]", None),
        ("`{{c1::x[::2]}}`", "x[::2]", None),
        ("{{c1::a\nb}}", "a\nb", None),
        ("{{c1::a ` b}}", "a ` b", None),
        ("{{c1::a::}}", "a", None),
        ("x^{{{c1::2}}}", "2", None),
    ],
)
def test_a_cloze_is_read_as_its_author_meant_it(source: str, text: str, hint: str | None) -> None:
    found = scan(source)
    assert not found.errors
    assert [(span.text, span.hint) for span in found.spans] == [(text, hint)]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{c0::a}}", "not a cloze number"),
        ("{{c501::a}}", "not a cloze number"),
        ("{{c99999999999999999999999::a}}", "not a cloze number"),
        ("{{c1::}}", "hides nothing"),
        ("{{c1:: ::hint}}", "hides nothing"),
        ("{{c1::a", "not closed"),
        ("{{c1::a{}}", "not closed"),
        ("{{c1::a {{c2::b}} c}}", "inside another"),
        ("{{c1:a}}", "does not begin a cloze"),
        ("{{C1::a}}", "does not begin a cloze"),
        ("{{c1,2::a}}", "does not begin a cloze"),
        ("{{ c1::a}}", "does not begin a cloze"),
    ],
)
def test_a_mistaken_cloze_is_reported_where_it_stands_with_a_remedy(source: str, message: str) -> None:
    errors = scan("before " + source).errors
    assert len(errors) == 1
    assert message in errors[0].message
    assert errors[0].remedy
    assert errors[0].offset >= len("before ")


@pytest.mark.parametrize("source", [r"\{{c1::a}}", "{{d}} and {{h}}", "`{{c1:x}}`", "}} {{", "no cloze"])
def test_what_is_not_a_cloze_is_neither_found_nor_reported(source: str) -> None:
    assert scan(source) == Scan((), ())


def test_all_mistakes_are_collected_and_hide_no_neighbour() -> None:
    found = scan("{{c1::a}} {{c0::b}} {{c2::c}} {{c3::}} {{c4::d")
    assert [span.number for span in found.spans] == [1, 2]
    assert len(found.errors) == 3


def test_numbers_are_each_named_once_in_order() -> None:
    assert scan("{{c3::a}} {{c1::b}} {{c3::c}}").numbers == (1, 3)


@given(st.text())
def test_any_text_can_be_scanned(text: str) -> None:
    scan(text)


@given(st.lists(st.sampled_from(["{{c1::", "}}", "::", "{", "}", "$", "`", "```\n", "\\", "a", "\n", "{{c2::", "|"])))
def test_spans_are_in_order_apart_and_within_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    end = 0
    for span in scan(text).spans:
        assert end <= span.start < span.text_start < span.text_end < span.end <= len(text)
        assert text[span.start : span.text_start].startswith("{{c")
        assert text[span.end - 2 : span.end] == "}}"
        end = span.end


BALANCED = st.recursive(
    st.text(alphabet="ab +_^=", min_size=1, max_size=5),
    lambda inner: st.builds("{}{{{}}}".format, inner, inner),
    max_leaves=6,
).filter(str.strip)


@given(st.lists(st.tuples(st.integers(1, 500), BALANCED), max_size=5))
def test_whatever_is_balanced_is_hidden_whole(hidden: list[tuple[int, str]]) -> None:
    source = " and ".join(f"{{{{c{number}::{text}}}}}" for number, text in hidden)
    found = scan(source)
    assert not found.errors
    assert [(span.number, span.text) for span in found.spans] == hidden


def test_a_text_of_openings_is_read_in_time_that_does_not_run_away() -> None:
    assert len(scan("{{c1::" * 20_000).errors) <= 50
