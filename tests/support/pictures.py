"""Pictures of screens, kept and compared; `NLPCARDS_KEEP_PICTURES=1` makes them anew."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

from textual.color import Color
from textual.strip import Strip

from nlpcards.tui.ink import ENOUGH, contrast

PICTURES = Path(__file__).parent.parent / "tui" / "pictures"


def same_picture(name: str, picture: str, text: str) -> None:
    """Compare a screen with the picture kept of it; its text first, since that says more where it differs."""
    picture = re.sub(r"terminal-\d+", "terminal", picture)
    text = text + "\n"
    svg, words = PICTURES / f"{name}.svg", PICTURES / f"{name}.txt"
    if os.environ.get("NLPCARDS_KEEP_PICTURES"):
        PICTURES.mkdir(exist_ok=True)
        svg.write_text(picture, "utf-8")
        words.write_text(text, "utf-8")
        return
    kept = words.read_text("utf-8")
    difference = "\n".join(difflib.unified_diff(kept.splitlines(), text.splitlines(), "kept", "now", lineterm=""))
    assert text == kept, difference
    assert picture == svg.read_text("utf-8"), f"the colours or styles of {svg.name} changed"


def faint(strips: list[Strip]) -> list[str]:
    """The words on the screen with too little contrast to their ground."""
    found = []
    for strip in strips:
        for segment in strip:
            style = segment.style
            if style is None or not any(map(str.isalnum, segment.text)):
                continue
            ink, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
            if contrast(ink, ground) < ENOUGH:
                found.append(f"{segment.text!r}: {style}")
    return found
