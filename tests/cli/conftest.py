"""A program with an empty home and a small deck."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import Program, deck_of


@pytest.fixture
def program(tmp_path: Path) -> Program:
    decks = tmp_path / "decks"
    decks.mkdir()
    (decks / "made.yaml").write_text(deck_of(30), "utf-8")
    home = tmp_path / "home"
    home.mkdir()
    return Program(home, decks)
