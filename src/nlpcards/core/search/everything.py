"""The query that asks for nothing, by itself: most sessions are begun with it and need nothing else of the language."""

from __future__ import annotations

from nlpcards.core.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Everything:
    """The empty query."""


EVERYTHING = Everything()
"""The query that every card meets."""
