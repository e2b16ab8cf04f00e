"""Which notes of a deck claim a number, and which of those a test computes or quotes from a source."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType

from tests.facts.conftest import load_notes
from tests.support.facts import shown

FACTS = Path(__file__).parents[1] / "facts"
NUMBER = re.compile(r"(?<![\w.{}^_\\-])\d+(?:[.,]\d+)*(?![\w])")
"""A number that claims something: not part of a name (GPT-2), an index (h_1) or a cloze mark (c1::)."""


@cache
def facts_of(deck: str) -> ModuleType:
    """The module with the tests of a deck's facts."""
    path = FACTS / f"test_{deck.replace('-', '_')}.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def numeric_notes(deck: str) -> set[str]:
    """Ids of the drills, and of the notes that state a number other than 0, 1 and 2, which are seldom claims."""
    notes = load_notes(deck)
    drills = {name for name, note in notes.items() if "drill" in note}
    return drills | {
        name
        for name, note in notes.items()
        for text in shown(note)
        for number in NUMBER.findall(text)
        if number not in {"0", "1", "2"}
    }


def proved(module: ModuleType) -> set[str]:
    """Ids of the notes whose numbers a test of the module computes."""
    return {
        name
        for value in vars(module).values()
        if callable(value)
        for mark in getattr(value, "pytestmark", [])
        if mark.name == "proves"
        for name in mark.args
    }
