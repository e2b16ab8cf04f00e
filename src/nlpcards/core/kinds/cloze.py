"""A text with spans to fill in, in Anki's own notation; one card for each number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nlpcards.core.kinds.shape import Face, Kind, Mistake, Text, Value
from nlpcards.core.markup.cloze import scan


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

    def face(self, key: str) -> Face:
        """The face of the card that hides the spans of one number."""
        return Face(self.text, None, int(key[1:]))


def build(values: Mapping[str, Value]) -> ClozeText | tuple[Mistake, ...]:
    """The body of a note with `cloze`, or what is wrong with its spans."""
    text = str(values["cloze"])
    found = scan(text)
    spans, errors = found.spans, found.errors
    if errors:
        return tuple(Mistake("cloze", error.offset, "D410", error.message, error.remedy) for error in errors)
    if not spans:
        return (
            Mistake(
                "cloze",
                0,
                "D411",
                "the text has no cloze span, so it would make no card",
                "Mark what to ask for, as in `{{c1::text}}`, or write `q` and `a` instead of `cloze`.",
            ),
        )
    return ClozeText(text, tuple(sorted({span.number for span in spans})))


KIND = Kind("cloze", {"cloze": Text()}, frozenset({"cloze"}), build)
"""`cloze`."""
