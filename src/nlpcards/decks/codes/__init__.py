"""Every code that a problem in a deck can carry: what it is, why it matters, the mistake and what to write instead.

`D` codes are of the file and its notes as data, `Q` codes of how well a card asks. One module has one family.
"""

from __future__ import annotations

from collections.abc import Mapping

from nlpcards.decks.codes import advice, changes, decks, files, notes, references, roadmaps, syntax
from nlpcards.decks.codes.model import Code

FAMILIES: Mapping[str, tuple[Code, ...]] = {
    "Files": files.CODES,
    "YAML": syntax.CODES,
    "What YAML would change": changes.CODES,
    "The deck and its sources": decks.CODES,
    "Notes": notes.CODES,
    "Between notes and decks": references.CODES,
    "Cards that are hard to learn from": advice.CODES,
    "Roadmaps": roadmaps.CODES,
}
"""The codes by family, in the order in which a reader of them wants them."""

CODES: Mapping[str, Code] = {code.code: code for family in FAMILIES.values() for code in family}
"""Every code by its name."""

__all__ = ["CODES", "FAMILIES", "Code"]
