"""A term and its definition: define the term, name the term."""

from __future__ import annotations

from collections.abc import Mapping

from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds.shape import Face, Kind, Mistake, Text, Value


@dataclass(frozen=True, slots=True)
class Term:
    """`term` and `definition`."""

    term: str
    definition: str

    @property
    def kind(self) -> str:
        """The kind's name."""
        return "term"

    @property
    def identity(self) -> str:
        """The text that tells this note from others where its author gave it no id."""
        return self.term

    def card_keys(self) -> tuple[str, ...]:
        """`define` asks for the definition, `name` for the term."""
        return ("define", "name")

    def content(self, key: str) -> tuple[str, ...]:
        """All the text that a card shows."""
        return (self.term, self.definition) if key == "define" else (self.definition, self.term)

    def face(self, key: str, seed: str) -> Face:
        """The face of the card `define` or `name`."""
        if key == "define":
            return Face(self.term, self.definition, task="Define the term")
        return Face(self.definition, self.term, task="Name the term")

    def written(self) -> Mapping[str, Value]:
        """The kind's own keys as in a deck file."""
        return {"term": self.term, "definition": self.definition}


def build(values: Mapping[str, Value]) -> Term | tuple[Mistake, ...]:
    """The body of a note with `term` and `definition`."""
    return Term(str(values["term"]), str(values["definition"]))


KIND = Kind("term", {"term": Text(), "definition": Text()}, frozenset({"term", "definition"}), build)
"""`term` + `definition`."""
