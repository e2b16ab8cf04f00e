"""A number in a deck is either computed by a test here or quoted from a named place of a source; nothing else."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.facts.conftest import DECKS, load_notes
from tests.support.facts import shown

HERE = Path(__file__).parent
NUMBER = re.compile(r"(?<![\w.{}^_\\-])\d+(?:[.,]\d+)*(?![\w])")
"""A number that claims something: not part of a name (GPT-2), an index (h_1) or a cloze mark (c1::)."""


def facts_of(deck: str) -> ModuleType:
    path = HERE / f"test_{deck.replace('-', '_')}.py"
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
    return {
        name
        for value in vars(module).values()
        if callable(value)
        for mark in getattr(value, "pytestmark", [])
        if mark.name == "proves"
        for name in mark.args
    }


@pytest.mark.parametrize("deck", sorted(path.stem for path in DECKS.glob("*.yaml")))
def test_every_numeric_note_is_proved_or_quoted(deck: str) -> None:
    module = facts_of(deck)
    quoted: dict[str, str] = module.QUOTED
    assert all(place.strip() for place in quoted.values()), "a quoted number names the place it is quoted from"
    missing = numeric_notes(deck) - proved(module) - set(quoted)
    assert not missing, f"numbers of {deck} neither computed by a test nor quoted from a source: {sorted(missing)}"


@pytest.mark.parametrize("deck", sorted(path.stem for path in DECKS.glob("*.yaml")))
def test_facts_name_notes_that_exist(deck: str) -> None:
    module = facts_of(deck)
    assert (proved(module) | set(module.QUOTED)) <= set(load_notes(deck))
