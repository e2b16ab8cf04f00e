"""What the fact tests share: the text of a note, read with plain PyYAML, so that no fact depends on our own reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.facts import drilled, field

DECKS = Path(__file__).parents[2] / "decks"


@cache
def load_notes(deck: str) -> dict[str, dict[str, Any]]:
    """The notes of a bundled deck by id, every scalar as the text that was typed."""
    document = yaml.load((DECKS / f"{deck}.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    return {note["id"]: note for note in document["notes"]}


@pytest.fixture
def text() -> Callable[[str, str], str]:
    """`text("lstm/param-count", "a")` is what that field of that note says; dots lead into lists and mappings."""
    return lambda name, path: field(load_notes(name.split("/")[0])[name.split("/")[1]], path)


@pytest.fixture
def drill() -> Callable[..., float]:
    """`drill("lstm/param-count-drill", d=64, h=128)` is what that drill takes for the right answer to these numbers."""
    return lambda name, **given: drilled(load_notes(name.split("/")[0])[name.split("/")[1]], **given)
