"""What is wrong with a formula is named, with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.markup.tex.parser import is_known, parse
from nlpcards.core.markup.tex.problems import TexProblemKind, tex_problems

CORRECT = r"""
\begin{aligned} a &= b \\ &= c \end{aligned}
\begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}
\begin{pmatrix} a & b \\ c & d \end{pmatrix} \begin{bmatrix} 1 \end{bmatrix}
\mathbb{R}^{n \times d} \ni \mathcal{L}(\boldsymbol{\theta}; \mathbf{x})
\operatorname*{arg\,max}_{\theta} \underbrace{a + b}_{n} \overset{\text{def}}{=} \underset{i}{\max}
\sum\limits_{i=1}^{n} \left( \tfrac{1}{2} \binom{n}{k} \right) \left\lVert x \right\rVert \mid \top
a \odot b \otimes c + \nabla f \cdot \partial g \dots \hat{a} \tilde{b} \bar{c} \vec{d} \dot{e}
x'' + {f_i}' \left. \frac{\partial f}{\partial x} \right|_{x=0} 100\% \_ \# \$ \& \{ \} \|
""".strip().splitlines()


@pytest.mark.parametrize("tex", CORRECT)
def test_what_people_write_about_machine_learning_is_correct(tex: str) -> None:
    assert tex_problems(tex) == ()


@pytest.mark.parametrize(
    ("tex", "offset", "text", "kind"),
    [
        (r"a + \foo{b}", 4, r"\foo", TexProblemKind.UNKNOWN_COMMAND),
        (r"\begin{tikzpicture} \end{tikzpicture}", 0, "tikzpicture", TexProblemKind.UNKNOWN_ENVIRONMENT),
        (r"x \argmax y", 2, r"\argmax", TexProblemKind.NOT_LATEX),
        (r"\frac{a}{b", 8, "{", TexProblemKind.UNBALANCED),
        (r"a} b", 1, "}", TexProblemKind.UNBALANCED),
        (r"\left( a", 0, r"\left", TexProblemKind.UNBALANCED),
        (r"a \right)", 2, r"\right", TexProblemKind.UNBALANCED),
        (r"\begin{cases} a", 0, r"\begin{cases}", TexProblemKind.UNBALANCED),
        (r"\begin{cases} a \end{aligned}", 16, r"\end{aligned}", TexProblemKind.UNBALANCED),
        ("50% of it", 2, "%", TexProblemKind.COMMENT),
        (r"\frac{a}", 7, "}", TexProblemKind.UNREADABLE),
        ("a_b_c", 3, "_", TexProblemKind.UNREADABLE),
        ("a^b'", 3, "'", TexProblemKind.UNREADABLE),
    ],
)
def test_a_mistake_is_named_with_its_place(tex: str, offset: int, text: str, kind: TexProblemKind) -> None:
    first = tex_problems(tex)[0]
    assert (first.offset, first.text, first.kind) == (offset, text, kind)
    assert first.message


def test_the_message_says_what_to_write_instead() -> None:
    assert tex_problems(r"\tr A")[0].message == r"LaTeX has no \tr: write \operatorname{tr}"


COMMANDS = (
    r"\frac \left( \right) \begin{cases} \end{cases} \\ \foo \sqrt \hat \text{ \ \not \begin \end \underbrace \bf"
)
PARTS = st.sampled_from([*COMMANDS.split(), *"a{}_^'&%[] ", "\n"])


@given(st.one_of(st.lists(PARTS, max_size=12).map("".join), st.text()))
def test_a_formula_without_problems_can_be_parsed_and_holds_only_known_commands(tex: str) -> None:
    found = tex_problems(tex)
    assert all(0 <= problem.offset <= len(tex) for problem in found)
    if not found:
        parse(tex)


def test_a_command_is_known_with_and_without_its_star() -> None:
    assert is_known("operatorname")
    assert is_known("operatorname*")
    assert not is_known("foo*")


@pytest.mark.parametrize("tex", ["{" * 5000, "}" * 5000, r"\foo" * 5000, r"\frac" * 5000, "^" * 5000])
def test_absurd_formulas_give_few_problems(tex: str) -> None:
    assert 0 < len(tex_problems(tex)) <= 20
