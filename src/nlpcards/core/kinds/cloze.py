"""A text with spans to fill in, in Anki's own notation; one card for each number."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds.shape import Face, Kind, Mistake, Text, Value
from nlpcards.core.markup.cloze import plain_numbers, scan

_WITHOUT_NUMBER = re.compile(r"\{\{(?!c\d)([^{}:\n]{1,60})\}\}")
"""What another program's author writes for a span."""

_FEW_BRACES = re.compile(r"(?<!\{)\{c\d{1,3}::?((?![\s:}])(?:[^{}\n]|\{[^{}\n]{0,40}\}){1,60})\}")
"""A span with a brace too few."""


@dataclass(frozen=True, slots=True)
class ClozeText:
    """`cloze`: Markdown with `{{c1::text::hint}}` spans, and the numbers that occur in it, ascending."""

    text: str
    numbers: tuple[int, ...]

    @property
    def kind(self) -> str:
        """The kind's name."""
        return "cloze"

    @property
    def identity(self) -> str:
        """The text that tells this note from others where its author gave it no id."""
        return self.text

    def card_keys(self) -> tuple[str, ...]:
        """`c1`, `c2` … for the numbers used; a gap in the numbers is a gap here."""
        return tuple(f"c{number}" for number in self.numbers)

    def content(self, key: str) -> tuple[str, ...]:
        """All the text that a card shows, and which of it is asked."""
        return (self.text, key)

    def face(self, key: str, seed: str) -> Face:
        """The face of the card that hides the spans of one number."""
        return Face(self.text, None, int(key[1:]))

    def written(self) -> Mapping[str, Value]:
        """The kind's own keys as in a deck file."""
        return {"cloze": self.text}


def build(values: Mapping[str, Value]) -> ClozeText | tuple[Mistake, ...]:
    """The body of a note with `cloze`, or what is wrong with its spans."""
    text = str(values["cloze"])
    numbers = plain_numbers(text)
    if numbers is None:
        found = scan(text)
        if found.errors:
            return tuple(
                Mistake(("cloze",), error.offset, "D410", error.message, error.remedy) for error in found.errors
            )
        numbers = found.numbers
    if not numbers:
        return (
            Mistake(
                ("cloze",),
                0,
                "D411",
                "the text has no cloze span, so it would make no card",
                f"Write `{{{{c1::{meant[1]}}}}}`: each span has two braces on either side, and a number."
                if (meant := _WITHOUT_NUMBER.search(text) or _FEW_BRACES.search(text))
                else "Mark what to ask for, as in `{{c1::text}}`, or write `q` and `a` instead of `cloze`.",
            ),
        )
    return ClozeText(text, numbers)


KIND = Kind("cloze", {"cloze": Text()}, frozenset({"cloze"}), build)
"""`cloze`."""
