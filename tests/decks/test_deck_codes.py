"""The table of codes is true: each example of a mistake has it, and each mended one has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nlpcards
from nlpcards.decks.codes import CODES, Code
from nlpcards.decks.reader import read_text

SHOWN = [code for code in CODES.values() if code.bad]
PACKAGE = Path(nlpcards.__file__).parent


@pytest.mark.parametrize("code", SHOWN, ids=lambda code: code.code)
def test_the_bad_example_has_the_problem(code: Code) -> None:
    assert code.code in {problem.code for problem in read_text(code.file(code.bad)).problems}


@pytest.mark.parametrize("code", SHOWN, ids=lambda code: code.code)
def test_the_good_example_has_no_error_and_not_the_problem(code: Code) -> None:
    problems = read_text(code.file(code.good)).problems
    assert [str(problem) for problem in problems if problem.is_error or problem.code == code.code] == []


def test_the_table_names_every_code_that_is_used_and_no_other() -> None:
    sources = [*(PACKAGE / "decks").glob("*.py"), *(PACKAGE / "core" / "kinds").glob("*.py")]
    used = {
        code
        for path in sources
        if path.name != "codes.py"
        for code in re.findall(r'"(D\d{3})"', path.read_text("utf-8"))
    }
    assert used == set(CODES)


def test_only_what_a_text_cannot_show_has_no_example() -> None:
    unshown = [code.code for code in CODES.values() if not code.bad]
    assert unshown == ["D001", "D002", "D003", "D004", "D008", "D429", "D503", "D504", "D506", "D507", "D508"]
