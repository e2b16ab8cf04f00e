"""Something to explain in one's own words, and the points that a good explanation makes."""

from __future__ import annotations

from collections.abc import Mapping

from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds.shape import Face, Kind, Mistake, Text, Texts, Value
from nlpcards.core.replies import TickPoints


@dataclass(frozen=True, slots=True)
class Explain:
    """`explain` and `points`: the learner explains, then ticks the points made."""

    task: str
    points: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The kind's name."""
        return "explain"

    @property
    def identity(self) -> str:
        """The text that tells this note from others where its author gave it no id."""
        return self.task

    def card_keys(self) -> tuple[str, ...]:
        """`explain`."""
        return ("explain",)

    def content(self, key: str) -> tuple[str, ...]:
        """All the text that a card shows."""
        return (self.task, *self.points)

    def face(self, key: str, seed: str) -> Face:
        """The face of the card."""
        from nlpcards.core.kinds.trees import bullets

        return Face(self.task, bullets(self.points), task="Explain", reply=TickPoints(self.points))

    def written(self) -> Mapping[str, Value]:
        """The kind's own keys as in a deck file."""
        return {"explain": self.task, "points": self.points}


def build(values: Mapping[str, Value]) -> Explain | tuple[Mistake, ...]:
    """The body of a note with `explain` and `points`."""
    points = values["points"]
    assert isinstance(points, tuple)
    return Explain(str(values["explain"]), points)


KIND = Kind("explain", {"explain": Text(), "points": Texts(required=True)}, frozenset({"explain", "points"}), build)
"""`explain` + `points`."""
