"""A question whose answer the learner types: a text, or a number within a tolerance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds.shape import Face, Kind, Mistake, Text, Texts, Value, Word
from nlpcards.core.numbers import TOLERANCES, Tolerance, number_in, tolerance_in
from nlpcards.core.replies import WriteNumber, WriteText, is_marked

if TYPE_CHECKING:
    from nlpcards.core.markup.tree import Document


@dataclass(frozen=True, slots=True)
class Typed:
    """`q` and `typed`; `accept` are further right answers, `tolerance` how far a number may be off, as written."""

    question: str
    answer: str
    accept: tuple[str, ...] = ()
    tolerance: str = ""

    @property
    def kind(self) -> str:
        """The kind's name."""
        return "typed"

    @property
    def identity(self) -> str:
        """The text that tells this note from others where its author gave it no id."""
        return self.question

    def card_keys(self) -> tuple[str, ...]:
        """`typed`."""
        return ("typed",)

    def content(self, key: str) -> tuple[str, ...]:
        """All that a card shows and compares with."""
        return (self.question, self.answer, self.tolerance, *self.accept)

    def face(self, key: str, seed: str) -> Face:
        """The face of the card; an answer that is a number is compared as one."""
        answer = literal(self.answer)
        number = number_in(self.answer)
        if number is not None:
            off = tolerance_in(self.tolerance) if self.tolerance else Tolerance(0.0)
            others = tuple(other for other in map(number_in, self.accept) if other is not None)
            words = tuple(text for text in self.accept if number_in(text) is None)
            assert off is not None, "`build` has read it"
            return Face(self.question, answer, reply=WriteNumber(number, off, self.answer, others, accept=words))
        return Face(self.question, answer, reply=WriteText(self.answer, self.accept))

    def written(self) -> Mapping[str, Value]:
        """The kind's own keys as in a deck file."""
        keys: dict[str, Value] = {"q": self.question, "typed": self.answer}
        if self.accept:
            keys["accept"] = self.accept
        if self.tolerance:
            keys["tolerance"] = self.tolerance
        return keys


def literal(answer: str) -> str | Document:
    """An answer to type as it is shown: to the letter, unless it is marked as code or maths, which is Markdown then."""
    if is_marked(answer):
        return answer
    from nlpcards.core.markup.safe import visible
    from nlpcards.core.markup.tree import Document, Paragraph, Text

    return Document((Paragraph((Text(visible(" ".join(answer.split()))),)),))


def build(values: Mapping[str, Value]) -> Typed | tuple[Mistake, ...]:
    """The body of a note with `q` and `typed`, or what is wrong with its tolerance."""
    answer, tolerance = str(values["typed"]), str(values.get("tolerance", ""))
    accept = values.get("accept", ())
    assert isinstance(accept, tuple)
    if tolerance and tolerance_in(tolerance) is None:
        message = f"`{tolerance}` is no tolerance"
        return (Mistake(("tolerance",), 0, "D440", message, TOLERANCES),)
    if tolerance and number_in(answer) is None:
        message = "only a number has a tolerance, and the answer is a text"
        return (Mistake(("tolerance",), 0, "D440", message, "Remove `tolerance`, or write `typed` as a number alone."),)
    return Typed(str(values["q"]), answer, accept, tolerance)


KIND = Kind(
    "typed",
    {"q": Text(), "typed": Text(), "accept": Texts(), "tolerance": Word()},
    frozenset({"q", "typed"}),
    build,
)
"""`q` + `typed`."""
