"""Columns stay straight whatever stands in them, measured as Textual measures what it draws."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from nlpcards.core.markup import parse
from nlpcards.render.cells import cell_width, chop
from nlpcards.render.layout import layout
from nlpcards.render.maths import block
from nlpcards.render.style import Line
from tests.support.tracing import untraced

CLUSTERS = st.sampled_from(
    [
        *("a", "word", " ", "中", "文字", "，", "한", "ｱ", "é", "e\u0301", "a\u0323\u0302", "🙂", "👩\u200d💻"),
        *("👨\u200d👩\u200d👧", "❤\ufe0f", "☺\ufe0e", "🇩🇪", "🇫", "👍🏽", "1\ufe0f\u20e3", "\u0301", "\u200d", "\ufe0f"),
        *("\u200b", "ก็", "नि", "ﷺ", "·", "∑", "𝓛", "ﬁ"),
    ]
)
WORDS = st.lists(CLUSTERS, max_size=8).map("".join)
CELLS = st.builds(
    lambda before, inside, after: f"{before}*{inside}*{after}" if inside.strip() else before, WORDS, WORDS, WORDS
)


def text_of(line: Line) -> str:
    return "".join(span.text for span in line)


@given(st.lists(CLUSTERS).map("".join) | st.text())
def test_a_text_is_as_wide_as_textual_draws_it(text: str) -> None:
    text = "".join(char for char in text if char.isprintable() or char in "\u200d\u200b")
    assert cell_width(text) == cell_len(text) == Content(text).cell_length


@given(st.lists(CLUSTERS).map("".join), st.integers(2, 12))
def test_cut_text_loses_nothing_and_fits(text: str, width: int) -> None:
    pieces = chop(text, width)
    assert "".join(pieces) == text
    assert all(cell_len(piece) <= width for piece in pieces)


@untraced
@settings(max_examples=150)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4), st.integers(20, 100))
def test_the_borders_of_a_table_stand_below_one_another(rows: list[tuple[str, str, str]], width: int) -> None:
    source = "| one | two | three |\n|---|:-:|--:|\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)
    lines = [text_of(line) for line in layout(parse(source), width, ask=None, reveal=True)]
    rule = next((line for line in lines if "┼" in line), None)
    if rule is None:
        return
    columns = [index for index, sign in enumerate(rule) if sign == "┼"]
    for line in lines:
        borders = [cell_len(line[:index]) for index, sign in enumerate(line) if sign in "│┼"]
        assert borders == columns, line
        assert cell_len(line) <= width


@given(st.lists(st.lists(CLUSTERS, max_size=8).map("".join), min_size=1, max_size=5), st.integers(20, 60))
def test_code_is_cut_by_cells_and_loses_nothing(code: list[str], width: int) -> None:
    source = "```\n" + "\n".join(code) + "\n```"
    lines = layout(parse(source), width, ask=None, reveal=True)
    assert all(cell_len(text_of(line)) <= width for line in lines)
    shown = "".join(text_of(line).removeprefix("  ").removeprefix("↪ ") for line in lines)
    for char in "中文🙂❤":
        assert shown.count(char) == "".join(code).count(char)


@given(st.sampled_from(["中", "a", "é", "文字", "x"]), st.sampled_from(["b", "字", "ab"]))
def test_a_fraction_of_wide_letters_has_a_line_as_wide_as_its_parts_or_is_not_drawn(above: str, below: str) -> None:
    rows = block(rf"\frac{{{above}}}{{{below}}} = c")
    if rows is None:
        return
    line = next(row for row in rows if "─" in row)
    assert line.count("─") >= max(cell_len(above), cell_len(below))
