"""The note kinds: what an author may write under `notes:`, one module each.

A kind says which keys it takes (`KEYS`), makes a body of them (`build`), and its body says which cards it has
(`card_keys`), what each asks (`face`), all the text that it shows (`content`), and how it is written in a deck file
(`written`). A new kind is one module here and one line in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Mapping

from nlpcards.core.kinds import basic, cloze, contrast, drill, explain, steps, term, typed
from nlpcards.core.kinds.shape import (
    Entries,
    Face,
    Fields,
    Flag,
    Kind,
    Mistake,
    Shape,
    Text,
    Texts,
    Value,
    Word,
    Words,
)

Body = (
    basic.Basic
    | cloze.ClozeText
    | term.Term
    | typed.Typed
    | contrast.Contrast
    | steps.Steps
    | drill.Drill
    | explain.Explain
)
"""What a note of any kind holds."""

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        basic.KIND,
        term.KIND,
        cloze.KIND,
        typed.KIND,
        contrast.KIND,
        steps.KIND,
        drill.KIND,
        explain.KIND,
    )
}
"""Every kind by its name, in the order in which they are best learned."""

__all__ = [
    "KINDS",
    "Body",
    "Entries",
    "Face",
    "Fields",
    "Flag",
    "Kind",
    "Mistake",
    "Shape",
    "Text",
    "Texts",
    "Value",
    "Word",
    "Words",
]
