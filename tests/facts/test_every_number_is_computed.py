"""A number in a deck is either computed by a test here or quoted from a named place of a source; nothing else."""

from __future__ import annotations

import pytest

from tests.facts.conftest import load_notes
from tests.support.bundled import DECK_FILES
from tests.support.proofs import facts_of, numeric_notes, proved


@pytest.mark.parametrize("deck", [path.stem for path in DECK_FILES])
def test_every_numeric_note_is_proved_or_quoted(deck: str) -> None:
    module = facts_of(deck)
    quoted: dict[str, str] = module.QUOTED
    assert all(place.strip() for place in quoted.values()), "a quoted number names the place it is quoted from"
    missing = numeric_notes(deck) - proved(module) - set(quoted)
    assert not missing, f"numbers of {deck} neither computed by a test nor quoted from a source: {sorted(missing)}"


@pytest.mark.parametrize("deck", [path.stem for path in DECK_FILES])
def test_facts_name_notes_that_exist(deck: str) -> None:
    module = facts_of(deck)
    assert (proved(module) | set(module.QUOTED)) <= set(load_notes(deck))
