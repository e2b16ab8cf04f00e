"""The table of codes is true: each example of a mistake has it, and each mended one has none."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nlpcards
from nlpcards.decks.check import check
from nlpcards.decks.codes import CODES, FAMILIES, Code
from nlpcards.decks.problems import Problem
from nlpcards.decks.reader import read_text
from nlpcards.decks.roadmaps import read_roadmap_text

SHOWN = [code for code in CODES.values() if code.bad]
PACKAGE = Path(nlpcards.__file__).parent
ROOT = Path(__file__).parents[2]
AFTER_READING = re.compile(r"Q\d{3}|D414|D415")


def problems(code: Code, example: str, folder: Path) -> tuple[Problem, ...]:
    """What is wrong with an example, in a file of its own where only a check finds it."""
    text = code.file(example)
    if code.of_roadmap:
        return read_roadmap_text(text).problems
    if not AFTER_READING.fullmatch(code.code):
        return read_text(text).problems
    path = folder / "example.yaml"
    path.write_text(text, "utf-8")
    return check([path])


@pytest.mark.parametrize("code", SHOWN, ids=lambda code: code.code)
def test_the_bad_example_has_the_problem(code: Code, tmp_path: Path) -> None:
    found = {problem.code: problem for problem in problems(code, code.bad, tmp_path)}
    assert code.code in found
    assert found[code.code].is_error != code.is_advice


@pytest.mark.parametrize("code", SHOWN, ids=lambda code: code.code)
def test_the_good_example_has_no_error_and_not_the_problem(code: Code, tmp_path: Path) -> None:
    found = problems(code, code.good, tmp_path)
    assert [str(problem) for problem in found if problem.is_error or problem.code == code.code] == []


@pytest.mark.parametrize("code", [code for code in SHOWN if code.code[0] == "Q"], ids=lambda code: code.code)
def test_the_good_example_of_advice_is_good_in_all_else(code: Code, tmp_path: Path) -> None:
    assert [str(problem) for problem in problems(code, code.good, tmp_path) if problem.code != "D309"] == []


def test_the_table_names_every_code_that_is_used_and_no_other() -> None:
    sources = [*(PACKAGE / "decks").rglob("*.py"), *(PACKAGE / "core").rglob("*.py")]
    used = {
        code
        for path in sources
        if path.parent.name != "codes"
        for code in re.findall(r'"([DQR]\d{3})"', path.read_text("utf-8"))
    }
    assert used == set(CODES)


def test_every_code_says_why_it_matters_and_how_it_is_mended() -> None:
    for code in CODES.values():
        assert code.why.endswith("."), code.code
        assert (code.bad and code.good) or code.mend, code.code
    assert sum(map(len, FAMILIES.values())) == len(CODES)


def test_all_advice_on_cards_is_advice() -> None:
    assert all(code.is_advice for code in CODES.values() if code.code[0] == "Q")


def test_the_page_of_codes_is_made_from_the_table() -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_codes.py")],
        capture_output=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=True,
    )
    written = (ROOT / "docs" / "codes.md").read_text("utf-8")
    assert made.stdout.decode("utf-8") == written, "run `python docs/make_codes.py > docs/codes.md`"
