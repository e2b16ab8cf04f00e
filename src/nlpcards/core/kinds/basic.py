"""A question and its answer, asked one way, or both ways with `both: true`."""

from __future__ import annotations

from collections.abc import Mapping

from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds.shape import Face, Flag, Kind, Mistake, Text, Value


@dataclass(frozen=True, slots=True)
class Basic:
    """`q` and `a`; with `both`, the answer is asked for its question too."""

    question: str
    answer: str
    both: bool = False

    @property
    def kind(self) -> str:
        """The kind's name."""
        return "basic"

    @property
    def identity(self) -> str:
        """The text that tells this note from others where its author gave it no id."""
        return self.question

    def card_keys(self) -> tuple[str, ...]:
        """`qa`, and `aq` where it is asked both ways."""
        return ("qa", "aq") if self.both else ("qa",)

    def content(self, key: str) -> tuple[str, ...]:
        """All the text that a card shows."""
        return (self.answer, self.question) if key == "aq" else (self.question, self.answer)

    def face(self, key: str, seed: str) -> Face:
        """The face of the card `qa` or `aq`."""
        if key == "aq":
            return Face(self.answer, self.question)
        return Face(self.question, self.answer)

    def written(self) -> Mapping[str, Value]:
        """The kind's own keys as in a deck file."""
        keys: dict[str, Value] = {"q": self.question, "a": self.answer}
        return keys | {"both": True} if self.both else keys


def build(values: Mapping[str, Value]) -> Basic | tuple[Mistake, ...]:
    """The body of a note with `q` and `a`."""
    return Basic(str(values["q"]), str(values["a"]), bool(values.get("both", False)))


KIND = Kind("basic", {"q": Text(), "a": Text(), "both": Flag()}, frozenset({"q", "a"}), build)
"""`q` + `a`."""
