"""A procedure, asked step by step: each card shows the steps before and asks for the next."""

from __future__ import annotations

from collections.abc import Mapping

from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds.shape import Entries, Face, Fields, Kind, Mistake, Text, Value


@dataclass(frozen=True, slots=True)
class Steps:
    """`steps`: a title, and the steps in order, each a slug and its text."""

    title: str
    steps: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> str:
        """The kind's name."""
        return "steps"

    @property
    def identity(self) -> str:
        """The text that tells this note from others where its author gave it no id."""
        return self.title

    def card_keys(self) -> tuple[str, ...]:
        """`step.` and the slug of each step."""
        return tuple(f"step.{slug}" for slug, _ in self.steps)

    def content(self, key: str) -> tuple[str, ...]:
        """All the text that a card shows."""
        return (self.title, *(text for _, text in self.steps[: self._index(key) + 1]))

    def face(self, key: str, seed: str) -> Face:
        """The face of the card that asks for one step."""
        from nlpcards.core.kinds.trees import numbered, strong
        from nlpcards.core.markup.tree import Document

        index = self._index(key)
        texts = [text for _, text in self.steps]
        title = strong(self.title)
        before = (numbered(1, texts[:index]),) if index else ()
        task = "Which step comes first?" if not index else f"Which step comes next, as number {index + 1}?"
        return Face(Document((title, *before)), Document((numbered(index + 1, [texts[index]]),)), task=task)

    def written(self) -> Mapping[str, Value]:
        """The kind's own keys as in a deck file."""
        return {"steps": {"title": self.title, "of": dict(self.steps)}}

    def _index(self, key: str) -> int:
        return [slug for slug, _ in self.steps].index(key.removeprefix("step."))


def build(values: Mapping[str, Value]) -> Steps | tuple[Mistake, ...]:
    """The body of a note with `steps`."""
    own = values["steps"]
    assert isinstance(own, Mapping)
    of = own["of"]
    assert isinstance(of, Mapping)
    if len(of) < 2:
        remedy = "Add the steps that follow, or write it as `q` and `a`."
        return (Mistake(("steps", "of"), 0, "D441", "a procedure has two steps at least", remedy),)
    return Steps(str(own["title"]), tuple((slug, str(text)) for slug, text in of.items()))


KIND = Kind(
    "steps",
    {"steps": Fields({"title": Text(), "of": Entries(Text(), listed=True)})},
    frozenset({"steps"}),
    build,
)
"""`steps`."""
