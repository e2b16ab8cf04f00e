"""The page on Anki shows cards, and its pictures are small enough for a repository."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_its_pictures_are_there_and_small() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", (DOCS / "anki.md").read_text("utf-8"))
    assert len(shown) == 2
    for name in shown:
        picture = (DOCS / name).read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < 60_000
