"""What a first deck has and Markdown reads otherwise than it was meant is told with what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlpcards.decks.check import check
from nlpcards.decks.problems import Problem

HEAD = "deck: made\ntitle: Made\nsources:\n  s: {title: S}\nnotes:\n  - id: one\n"
TAIL = "    why: It is so.\n    cite: s\n"
LINE = 7
"""The line on which a note's own first key stands."""


def told(folder: Path, note: str) -> list[Problem]:
    """What is said of one note, given by the lines of its own keys."""
    path = folder / "made.yaml"
    path.write_text(HEAD + "".join(f"    {line}\n" if line else "\n" for line in note.split("\n")) + TAIL, "utf-8")
    return list(check([path]))


def text(key: str, *lines: str) -> str:
    return "\n".join((f"{key}: |-", *(f"  {line}" if line else "" for line in lines)))


def table(*rows: str, under: str = "| pattern | matches |") -> str:
    return text("cloze", "Which {{c1::expressions}} are these?", "", under, "|---|---|", *rows)


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("row", "column", "hint"),
    [
        ("| `a | b` | a then b |", 7, "in code too"),
        ("| a | b | c |", 7, "another cell"),
        ("| a | b | c", 7, "another cell"),
        ("| `a|b` | |", 7, "in code too"),
    ],
)
def test_a_row_with_more_cells_than_the_head_is_named(row: str, column: int, hint: str, tmp_path: Path) -> None:
    (problem,) = told(tmp_path, table("| x | y |", row))
    assert (problem.code, problem.line, problem.column) == ("Q020", LINE + 6, column)
    assert f"“{row}”" in problem.message
    assert "3 cells below a head of 2" in problem.message
    assert r"`\|`" in problem.hint
    assert hint in problem.hint


def test_rows_in_lists_and_quotes_are_counted_as_they_are_shown(tmp_path: Path) -> None:
    quoted = text("cloze", "> | a | b |", "> |---|---|", "> | {{c1::x}} | y | z |", "> | x | y |")
    (problem,) = told(tmp_path, quoted)
    assert (problem.code, problem.line) == ("Q020", LINE + 3)
    listed = text("cloze", "- | a | b |", "  |---|---|", "  | {{c1::x}} | y | z |")
    (problem,) = told(tmp_path, listed)
    assert (problem.code, problem.line) == ("Q020", LINE + 3)


@pytest.mark.parametrize(
    "row",
    [
        r"| `a \| b` | a or b |",
        "| $|x|$ | $p(a | b)$ |",
        "| x | {{c2::y::u|v}} |",
        "| x |",
        "| x | y | |",
        "x | y",
    ],
)
def test_a_bar_that_parts_no_cells_is_not_counted(row: str, tmp_path: Path) -> None:
    assert [str(problem) for problem in told(tmp_path, table(row))] == []


def test_bars_outside_tables_are_no_rows(tmp_path: Path) -> None:
    note = text("cloze", "```sh", "ls | {{c1::wc}} | cat | x", "---", "a | b", "```", "", "a | b | c", "", "---")
    assert [str(problem) for problem in told(tmp_path, note)] == []


def test_a_cloze_in_a_cell_that_is_not_shown_is_told_what_to_write(tmp_path: Path) -> None:
    problems = told(tmp_path, table("| `a | b` | {{c2::either}} |"))
    (problem,) = [each for each in problems if each.is_error]
    assert (problem.code, r"`\|`" in problem.hint) == ("D413", True)


@pytest.mark.parametrize(
    ("span", "mended"),
    [
        ("{c2::gate}", "`{{c2::gate}}`"),
        ("{c2::gate}}", "`{{c2::gate}}`"),
        ("{c2:two}", "`{{c2::two}}`"),
        (r"{c2::\frac{a}{b}}", r"`{{c2::\frac{a}{b}}}`"),
    ],
)
def test_a_span_with_a_brace_too_few_is_told_beside_a_good_one(span: str, mended: str, tmp_path: Path) -> None:
    (problem,) = told(tmp_path, text("cloze", f"A {{{{c1::cell}}}} and a {span}."))
    assert (problem.code, problem.line) == ("Q016", LINE + 1)
    assert problem.column == 7 + len("A {{c1::cell}} and a ")
    assert mended in problem.hint


def test_a_span_with_a_brace_too_few_is_told_in_code_and_without_a_good_one(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, text("cloze", "```python", "f({c1::x}, {{c2::y}})", "```"))
    assert (problem.code, problem.line) == ("Q016", LINE + 2)
    (problem,) = told(tmp_path, text("cloze", "Call `f({c1::x}, {{c2::y}})`."))
    assert (problem.code, problem.line) == ("Q016", LINE + 1)
    (problem,) = [each for each in told(tmp_path, "cloze: 'A {c1::cell}.'") if each.is_error]
    assert (problem.code, "`{{c1::cell}}`" in problem.hint) == ("D411", True)


@pytest.mark.parametrize("shown", ["`{c1: 3}`", "`{c1::x}`", r"\{c1::x}", "{c: 1}", "${c_1}$"])
def test_other_braces_are_no_spans(shown: str, tmp_path: Path) -> None:
    assert [str(problem) for problem in told(tmp_path, text("cloze", f"A {{{{c1::cell}}}} and {shown}."))] == []


@pytest.mark.parametrize("language", ["sh", "bash", "awk", "python", "text"])
def test_one_word_after_two_colons_is_told_where_no_language_has_them(language: str, tmp_path: Path) -> None:
    (problem,) = told(tmp_path, text("cloze", f"```{language}", "cut {{c1::-d::separator}} f", "```"))
    assert (problem.code, problem.line) == ("Q016", LINE + 2)
    assert "“separator” looks like a hint" in problem.message


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("cpp", "{{c1::std::move}}(x);"),
        ("rust", "{{c1::Vec::new}}()"),
        ("", "{{c1::std::move}}(x);"),
        ("python", "x[{{c1::i::step}}]"),
        ("python", "x{{c1::[::2]}}"),
        ("sh", "echo {{c1::${x::3}}}"),
    ],
)
def test_two_colons_of_a_language_are_no_hint(language: str, code: str, tmp_path: Path) -> None:
    assert [str(problem) for problem in told(tmp_path, text("cloze", f"```{language}", code, "```"))] == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("```sh", "ls", "``", "", "It {{c1::lists}}."), "two backticks"),
        (("```sh", "ls", "", "It {{c1::lists}}."), "never ended"),
        (("~~~", "ls", "```", "It {{c1::lists}}."), "never ended"),
        (("```", "ls", "", "It {{c1::lists}}.", "```python", "x", "```"), "another block"),
    ],
)
def test_code_that_does_not_end_is_told_where_it_begins(lines: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (problem,) = told(tmp_path, text("cloze", "In a shell:", "", *lines))
    assert (problem.code, problem.line, problem.column) == ("Q021", LINE + 3, 7)
    assert said in problem.message


def test_code_that_ends_is_sound_whatever_it_shows(tmp_path: Path) -> None:
    nested = ("````", "```python", "x = {{c1::1}}", "```", "````")
    listed = ("- One:", "", "  ```sh", "  ls", "  ```", "", "> ~~~", "> ls `` x", "> ~~~~")
    assert [str(problem) for problem in told(tmp_path, text("cloze", *nested, "", *listed))] == []


def test_a_picture_on_the_web_is_told_to_be_saved_beside_the_deck(tmp_path: Path) -> None:
    note = text("q", "What is shown? ![A cell](https://example.org/cell.png)") + "\na: A gate."
    (problem,) = told(tmp_path, note)
    assert (problem.code, problem.line, problem.column) == ("Q022", LINE + 1, 22)
    shown = text("q", "What does `![A cell](https://example.org/cell.png)` mean?") + "\na: A picture."
    assert told(tmp_path, shown) == []


def contrast(one: str, other: str) -> str:
    row = f"    r:\n      ask: Blocks\n      a: '{one}'\n      b: '{other}'"
    return f"contrast:\n  of: {{a: BERT, b: GPT}}\n  by:\n{row}"


@pytest.mark.parametrize("cell", ["yes", "No.", "no, none", "yes (always)", "true!"])
def test_a_cell_of_hardly_more_than_yes_or_no_is_told(cell: str, tmp_path: Path) -> None:
    assert codes(told(tmp_path, contrast("decoder blocks", cell))) == ["Q003"]


@pytest.mark.parametrize("cell", ["yes: both sides of it", "no recurrence", "no, it has a decoder", "none"])
def test_a_cell_that_goes_on_after_yes_or_no_is_not_told(cell: str, tmp_path: Path) -> None:
    assert codes(told(tmp_path, contrast("encoder blocks", cell))) == []


def test_a_row_of_the_bare_word_and_of_one_that_goes_on_is_told_at_the_bare_one(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, contrast("yes: both sides of it", "no"))
    assert (problem.code, problem.line) == ("Q003", LINE + 6)
