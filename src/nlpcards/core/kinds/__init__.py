"""The note kinds: what an author may write under `notes:`, one module each.

A kind says which keys it takes (`KEYS`), makes a body of them (`build`), and its body says which cards it has
(`card_keys`) and what each asks (`face`). A new kind is one module here and one line in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Mapping

from nlpcards.core.kinds import basic, cloze
from nlpcards.core.kinds.shape import Face, Flag, Kind, Mistake, Text, Value

Body = basic.Basic | cloze.ClozeText
"""What a note of any kind holds."""

KINDS: Mapping[str, Kind] = {"basic": basic.KIND, "cloze": cloze.KIND}
"""Every kind by its name."""

__all__ = ["KINDS", "Body", "Face", "Flag", "Kind", "Mistake", "Text", "Value", "basic", "cloze"]
