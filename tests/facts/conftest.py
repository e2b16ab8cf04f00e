"""What the fact tests share: the text of a note, read with plain PyYAML, so that no fact depends on our own reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

DECKS = Path(__file__).parents[2] / "decks"


@cache
def load_notes(deck: str) -> dict[str, dict[str, Any]]:
    """The notes of a bundled deck by id, every scalar as the text that was typed."""
    document = yaml.load((DECKS / f"{deck}.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    return {note["id"]: note for note in document["notes"]}


@pytest.fixture
def text() -> Callable[[str, str], str]:
    """`text("lstm/param-count", "a")` is what that field of that note says."""

    def field(name: str, key: str) -> str:
        deck, note = name.split("/")
        value = load_notes(deck)[note][key]
        assert isinstance(value, str)
        return value

    return field
