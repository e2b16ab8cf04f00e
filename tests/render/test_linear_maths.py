"""No two formulas that mean different things share a line."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nlpcards.core.markup import parse
from nlpcards.render.maths import inline
from nlpcards.render.plain import plain
from tests.support.formulas import OPERATIONS, PLACES, Formula, Item, formulas, meaning, restructured, symbol, tex
from tests.support.tracing import untraced

pytestmark = untraced

GROUPING = ("frac", "power", "sqrt", "round", "index")
FAMILIES = [
    (5, ("a", "Q"), ("frac", "index", "power")),
    (5, ("a",), ("frac", "both", "sqrt", "round")),
    (4, ("a", "Q", "+", "/"), GROUPING),
    (5, ("Q", "/"), ("frac", "power", "sqrt", "round", "hat")),
    (4, ("a", "Q", r"\max", ","), ("power", "index", "hat", "binom", "round", "row", "column", "frac")),
    (4, ("a", "T", "+"), ("sum", "sumto", "frac", "brace", "overset", "lines", "primed", "power")),
    (4, ("a", "Q", "1"), ("cuberoot", "root", "overline", "vec", "hat", "both", "primed", "index")),
    (4, ("a", "Q", "+", r"\max"), ("frac", "power", "sqrt", "both")),
    (5, ("a", ","), ("round", "row", "column", "binom", "overset", "lines", "root")),
    (5, ("a", "="), ("sum", "sumto", "frac", "brace", "round", "sqrt")),
    (4, ("a", "-", "=", r"\cdot"), ("sum", "lines", "frac", "brace", "round", "sqrt", "power", "both", "hat")),
    (3, ("a", "Q", "1", "T", r"\max", *OPERATIONS), tuple(PLACES)),
]
"""Sizes, symbols and structures: every formula of each family is written, and no two may collide.

Of the letters, Unicode has `a` both raised and lowered, `T` and `Q` neither.
"""


@pytest.mark.parametrize(("size", "symbols", "names"), FAMILIES)
def test_no_two_of_all_small_formulas_share_a_line_unless_they_mean_the_same(
    size: int, symbols: tuple[str, ...], names: tuple[str, ...]
) -> None:
    seen: dict[str, Formula] = {}
    for length in range(1, size + 1):
        for formula in formulas(length, symbols, names):
            line = inline(tex(formula))
            assert "\\" not in line, tex(formula)
            first = seen.setdefault(line, formula)
            assert meaning(first) == meaning(formula), f"{line!r} is {tex(first)} and {tex(formula)}"


SYMBOLS = st.sampled_from(["a", "b", "i", "Q", "T", "2", r"\theta", r"\partial", r"\max", r"\sum", *OPERATIONS])


@st.composite
def structures(draw: st.DrawFn, inside: st.SearchStrategy[Formula]) -> Formula:
    name = draw(st.sampled_from(sorted(PLACES)))
    item: Item = (name, tuple(draw(inside) for _ in range(PLACES[name].count("%s"))))
    before, after = draw(st.lists(SYMBOLS, max_size=2)), draw(st.lists(SYMBOLS, max_size=2))
    return (*map(symbol, before), item, *map(symbol, after))


FORMULAS = st.recursive(
    st.lists(SYMBOLS, min_size=1, max_size=3).map(lambda found: tuple(map(symbol, found))), structures, max_leaves=5
)


@untraced
@settings(max_examples=400)
@given(FORMULAS)
def test_moving_an_item_over_a_brace_changes_the_line_whenever_it_changes_the_meaning(formula: Formula) -> None:
    line = inline(tex(formula))
    assume("\\" not in line)
    for other in restructured(formula):
        if meaning(other) != meaning(formula):
            assert inline(tex(other)) != line, f"{line!r} is {tex(formula)} and {tex(other)}"


@untraced
@settings(max_examples=300)
@given(st.lists(FORMULAS, min_size=2, max_size=12))
def test_formulas_of_any_depth_that_share_a_line_mean_the_same(found: list[Formula]) -> None:
    seen: dict[str, Formula] = {}
    for formula in found:
        first = seen.setdefault(inline(tex(formula)), formula)
        assert meaning(first) == meaning(formula)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"x^{(i, j)}", r"x^{i, j}"),
        (r"x^\top", r"x^T"),
        (r"x{}^3", r"x^3"),
        (r"\text{d\_model}", r"d_{\text{model}}"),
        (r"\frac{\text{true positives}}{n}", r"\text{true} \frac{\text{positives}}{n}"),
        (r"\text{a/b}^2", r"a/b^2"),
        (r"\overset{a}{b}", r"b^a"),
        (r"\underset{a}{b}", r"b_a"),
        (r"e^{x'}", r"{e^x}'"),
        (r"\boxed{a}", r"[a]"),
        (r"\mathrm{c\frac{a}{b}}", r"\frac{ca}{b}"),
        (r"\mathbf{\hat y}", r"\hat y"),
        (r"\left. a + b \right._c", r"a + b_c"),
        (r"\begin{pmatrix} a, b & c \end{pmatrix}", r"\begin{pmatrix} a & b & c \end{pmatrix}"),
    ],
)
def test_these_do_not_read_alike(one: str, other: str) -> None:
    assert inline(one) != inline(other)


def test_the_mark_of_a_cloze_stands_outside_the_brackets_of_what_it_begins_with() -> None:
    shown = plain(parse(r"$\sqrt{ {{c1::\frac{1}{d} \sum_j x_j^2}} }$", cloze=True), ask=1, reveal=True)
    assert shown == "√([(1/d) ∑ⱼ xⱼ²])"


def test_a_quad_keeps_two_formulas_apart() -> None:
    shown = plain(parse(r"$\frac{a}{b} \qquad c = d$"), ask=None, reveal=True)
    assert shown == "a/b   c = d"
