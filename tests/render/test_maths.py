"""Formulas on one line, which can be read in one way only, and in two dimensions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.markup import Cloze
from nlpcards.render.cells import cell_width
from nlpcards.render.maths import block, block_pieces, inline, inline_pieces
from nlpcards.render.style import Line, Style

FORMULAS = [
    (r"h_{t-1}", "hₜ₋₁"),
    (r"W_{xh}", "Wₓₕ"),
    (r"x^{(i)}", "x⁽ⁱ⁾"),
    (r"\frac{a+b}{c}", "(a + b)/c"),
    (r"\frac{a}{bc}", "a/(bc)"),
    (r"\frac{a}{b}c", "(a/b)c"),
    (r"c\frac{a}{b}", "c(a/b)"),
    (r"\frac{a}{b} + c", "a/b + c"),
    (r"\frac{a}{b} \cdot c", "(a/b) · c"),
    (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
    (r"\frac{a}{\frac{b}{c}}", "a/(b/c)"),
    (r"\frac{a}{b}^2", "(a/b)²"),
    (r"\left(\frac{a}{b}\right)^2", "(a/b)²"),
    (r"\frac{\partial L}{\partial W_{ij}}", "∂L/∂Wᵢⱼ"),
    (r"\frac12", "1/2"),
    (r"\frac{f(a + b)}{2}", "f(a + b)/2"),
    (r"\log\frac{a}{b}", "log (a/b)"),
    (r"\sqrt{d_k}", "√dₖ"),
    (r"\sqrt{d}_k", "(√d)ₖ"),
    (r"\sqrt{d}k", "√(d)k"),
    (r"\sqrt{dk}", "√(dk)"),
    (r"\sqrt{x^2}", "√(x²)"),
    (r"\sqrt{x}^2", "(√x)²"),
    (r"\sqrt{a+b}", "√(a + b)"),
    (r"\sqrt[3]{x}", "∛x"),
    (r"2\sqrt[n]{x}", "2 root(n, x)"),
    (r"\mathrm{softmax}(QK^\top/\sqrt{d_k})V", "softmax(QKᵀ/√dₖ)V"),
    (r"\tilde{c}_t", "c̃ₜ"),
    (r"\hat y", "ŷ"),
    (r"\overline{ab}", "overline(ab)"),
    (r"\mathbb{R}^{n \times d}", "ℝ^(n×d)"),
    (r"\log p", "log p"),
    (r"2\log_2 n", "2 log₂ n"),
    (r"\sum_{i=1}^{n} x_i", "∑ᵢ₌₁ⁿ xᵢ"),
    (r"\sum_{i \in S}^{n} x", "∑_(i∈S)^n x"),
    (r"\operatorname*{arg\,max}_{\theta} L(\theta)", "arg max_θ L(θ)"),
    (r"\text{if } x \le 0", "if x ≤ 0"),
    (r"x \in \{1, \ldots, n\}", "x ∈ {1, …, n}"),
    (r"f_t \odot c_{t-1}", "fₜ ⊙ cₜ₋₁"),
    (r"W_Q x", "W_Q x"),
    (r"W_Q^2", "W²_Q"),
    (r"W_{Q^2}", "W_(Q²)"),
    (r"d_{\text{model}} h", "d_model h"),
    (r"x_{i,j}", "x_(i,j)"),
    (r"x_{i_j}", "x_(iⱼ)"),
    (r"e^{-x}", "e⁻ˣ"),
    (r"e^{x^2}", "e^(x²)"),
    (r"2^{n/2}", "2^(n/2)"),
    (r"2^n/2", "2ⁿ/2"),
    (r"a-b", "a − b"),
    (r"-b", "−b"),
    (r"a = -b", "a = −b"),
    (r"(-b)", "(−b)"),
    (r"\|x\|_2^2", "‖x‖₂²"),
    (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a, b; c, d)"),
    (r"\binom{n}{k}", "binom(n, k)"),
    (r"\underbrace{a+b}_{n}", "{a + b: n}"),
    (r"\xrightarrow{f}", "→ᶠ"),
    (r"a \not= b", "a ≠ b"),
    (r"p(y \mid x)", "p(y | x)"),
    (r"x' + f''(t)", "x′ + f″(t)"),
    (r"x^*y", "x^* y"),
    (r"10{,}000", "10,000"),
    (r"\mathcal{L}(\theta; x)", "𝓛(θ; x)"),
    (r"D_{\mathrm{KL}}(p \,\|\, q)", "D_KL (p ‖ q)"),
    (r"\foo{a} b", r"\foo{a} b"),
    (r"{a", "{a"),
    (r"\frac{a}", r"\frac{a}"),
    (r"\begin{what} a \end{what}", r"\begin{what} a \end{what}"),
    (r"\color{red} x \phantom{y}", "x"),
    (r"\beta_1^t", "β₁ᵗ"),
    (r"\Theta(n \log n)", "Θ(n log n)"),
    ("", ""),
]


@pytest.mark.parametrize(("tex", "line"), FORMULAS)
def test_a_formula_on_one_line_reads_like_the_formula(tex: str, line: str) -> None:
    assert inline(tex) == line


def test_no_two_of_these_formulas_read_alike() -> None:
    alike = {r"\left(\frac{a}{b}\right)^2"}  # It is the same as the fraction squared.
    lines = [line for tex, line in FORMULAS if tex not in alike]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\frac{a}{b}c", r"\frac{a}{bc}"),
        (r"a^{bc}", r"a^b c"),
        (r"a_{bc}", r"a_b c"),
        (r"\sqrt{ab}", r"\sqrt{a}b"),
        (r"x_{t-1}", r"x_t - 1"),
        (r"x^{(i)}", r"x(i)"),
        (r"\frac{a+b}{c}", r"a + \frac{b}{c}"),
        (r"e^{x+y}", r"e^x + y"),
        (r"W_{QK}", r"W_Q K"),
        (r"2^{3^2}", r"2^{32}"),
        (r"\hat{ab}", r"\hat{a}b"),
        (r"\log{xy}", r"\mathrm{logx}y"),
        (r"\boldsymbol{\theta}", r"\theta"),
        (r"\mathbf{x}", "x"),
    ],
)
def test_formulas_that_differ_do_not_read_alike(one: str, other: str) -> None:
    assert inline(one) != inline(other)


@pytest.mark.parametrize("tex", [tex for tex, _ in FORMULAS])
def test_a_block_is_drawn_whole_or_not_at_all(tex: str) -> None:
    rows = block(tex)
    if rows is not None:
        assert not any("?" in row or "TeXicode" in row or "\\" in row for row in rows)


def test_a_fraction_stands_on_three_rows() -> None:
    assert block(r"\frac{a+b}{c}") == (" a + b", "╶─────╴", "   c")


@pytest.mark.parametrize("tex", [r"\foo", r"\overline{ab}", r"\frac{a}{b} ?", "", r"\stackrel{?}{=}"])
def test_what_cannot_be_drawn_is_none(tex: str) -> None:
    rows = block(tex)
    assert rows is None or "".join(rows).count("?") == tex.count("?")


def text_of(line: Line, style: Style) -> str:
    return "".join(span.text for span in line if span.style & style)


def test_a_hidden_cloze_shows_only_its_hint() -> None:
    pieces = ("x_", Cloze(1, "index", ("t-1",)), " + ", Cloze(2, None, ("y",)))
    line = inline_pieces(pieces, ask=1, reveal=False)
    assert "".join(span.text for span in line) == "x_[index] + y"
    assert text_of(line, Style.CLOZE) == "[index]"


def test_a_revealed_cloze_is_marked_and_reads_as_the_formula_does() -> None:
    pieces = ("x_", Cloze(1, None, ("t-1",)), " + ", Cloze(1, None, ("f_t",)))
    line = inline_pieces(pieces, ask=1, reveal=True)
    assert "".join(span.text for span in line) == "xₜ₋₁ + fₜ"
    assert text_of(line, Style.ANSWER) == "ₜ₋₁fₜ"


def test_clozes_are_hidden_and_marked_in_two_dimensions_too() -> None:
    pieces = (r"\frac{", Cloze(1, None, ("f_t",)), "}{b} = ", Cloze(1, "why", ("c",)))
    hidden = block_pieces(pieces, ask=1, reveal=False)
    shown = block_pieces(pieces, ask=1, reveal=True)
    assert hidden is not None
    assert shown is not None
    assert "".join(text_of(row, Style.CLOZE) for row in hidden) == "[…][why]"
    assert "".join(text_of(row, Style.ANSWER) for row in shown) == "fₜc"


TEX = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            "1",
            "+",
            "-",
            "=",
            "^",
            "_",
            "{",
            "}",
            r"\frac",
            r"\sqrt",
            "[",
            "]",
            r"\hat",
            r"\left(",
            r"\right)",
            "'",
            " ",
            "&",
            r"\\",
            r"\begin{pmatrix}",
            r"\end{pmatrix}",
            r"\text{",
            r"\foo",
            "\\",
            "?",
            "中",
            r"\sum",
            r"\log",
            "|",
            ",",
            r"\left",
        ]
    )
).map("".join)


@given(st.one_of(TEX, st.text()))
def test_no_formula_raises(tex: str) -> None:
    assert "\n" not in inline(tex)
    block(tex)


@given(TEX, TEX, TEX, st.booleans())
def test_no_formula_with_a_cloze_raises(before: str, inside: str, after: str, reveal: bool) -> None:
    pieces = (before, Cloze(1, None, (inside,)), after)
    inline_pieces(pieces, ask=1, reveal=reveal)
    rows = block_pieces(pieces, ask=1, reveal=reveal)
    assert rows is None or all(cell_width(span.text) >= 0 for row in rows for span in row)


@pytest.mark.parametrize(
    "tex", ["{" * 5000 + "}" * 5000, r"\frac" * 5000, "^" * 5000, "x" + "'" * 5000, r"\sqrt{" * 2000]
)
def test_absurd_nesting_is_shown_as_source_or_refused(tex: str) -> None:
    inline(tex)
    block(tex)
