"""Things that people confuse, side by side: a table, and one card for each of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds.shape import Entries, Face, Fields, Kind, Mistake, Text, Value

if TYPE_CHECKING:
    from nlpcards.core.markup.tree import Table

ASKED = 1
"""The cloze number of the cell that a card hides."""

MISSING = "–"
"""What a cell shows of which the author says nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One respect in which the things differ: its slug, its label, and a text for each thing of which one is said."""

    slug: str
    ask: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contrast:
    """`contrast`: the things (`of`: slug and label), one a column, and the respects (`by`), one a row."""

    of: tuple[tuple[str, str], ...]
    by: tuple[Row, ...]

    @property
    def kind(self) -> str:
        """The kind's name."""
        return "contrast"

    @property
    def identity(self) -> str:
        """The text that tells this note from others where its author gave it no id."""
        return " / ".join(label for _, label in self.of)

    def card_keys(self) -> tuple[str, ...]:
        """`cell.`, the slug of the row and the slug of the column, for each cell that says something; row by row."""
        return tuple(f"cell.{row.slug}.{slug}" for row in self.by for slug, _ in self.of if slug in row.cells)

    def content(self, key: str) -> tuple[str, ...]:
        """All the text that a card shows: the whole table, its other cells being the context, and which is asked."""
        labels = [text for column in self.of for text in column]
        return (key, *labels, *(text for row in self.by for text in (row.slug, row.ask, *row.cells.values())))

    def face(self, key: str, seed: str) -> Face:
        """The table with one cell hidden, which the answer fills in."""
        from nlpcards.core.markup.tree import Document

        return Face(Document((self.table(key),)), None, ASKED, task="Fill in the cell")

    def table(self, key: str = "") -> Table:
        """The table as a tree, with the cell of the card `key` as a cloze, or whole."""
        from nlpcards.core.kinds.trees import table

        labels = [label for _, label in self.of]
        rows = [[row.ask, *(row.cells.get(slug, MISSING) for slug, _ in self.of)] for row in self.by]
        asked = None
        for at, row in enumerate(self.by):
            for column, (slug, _) in enumerate(self.of, start=1):
                if key == f"cell.{row.slug}.{slug}":
                    asked = (at, column)
        return table(["", *labels], rows, ASKED, asked)

    def written(self) -> Mapping[str, Value]:
        """The kind's own keys as in a deck file."""
        return {"contrast": {"of": dict(self.of), "by": {row.slug: {"ask": row.ask, **row.cells} for row in self.by}}}


def build(values: Mapping[str, Value]) -> Contrast | tuple[Mistake, ...]:
    """The body of a note with `contrast`, or what does not fit in its table."""
    own = values["contrast"]
    assert isinstance(own, Mapping)
    of, by = own["of"], own["by"]
    assert isinstance(of, Mapping)
    assert isinstance(by, Mapping)
    mistakes = list(_columns(of))
    rows = []
    for slug, row in by.items():
        assert isinstance(row, Mapping)
        cells = {name: str(text) for name, text in row.items() if name != "ask"}
        known = ", ".join(f"`{name}`" for name in of)
        for name in cells:
            if name not in of:
                message = f"the row `{slug}` says something of `{name}`, which is not under `of`"
                remedy = f"Write one of {known}, or add `{name}: ` and its label under `of`."
                mistakes.append(Mistake(("contrast", "by", slug, name), 0, "D442", message, remedy))
        if not cells:
            message = f"the row `{slug}` says nothing of {known}"
            mistakes.append(Mistake(("contrast", "by", slug), 0, "D442", message, "Add a cell below its `ask`."))
        rows.append(Row(slug, str(row["ask"]), cells))
    if not rows:
        mistakes.append(
            Mistake(("contrast", "by"), 0, "D442", "the table has no row", "Add a slug and, below it, `ask: `.")
        )
    return tuple(mistakes) or Contrast(tuple((name, str(label)) for name, label in of.items()), tuple(rows))


def _columns(of: Mapping[str, Value]) -> tuple[Mistake, ...]:
    if "ask" in of:
        remedy = "Give that column another slug."
        return (Mistake(("contrast", "of", "ask"), 0, "D442", "`ask` is the label of a row", remedy),)
    if len(of) < 2:
        remedy = "Name the other one under `of`, or write it as `q` and `a`."
        return (Mistake(("contrast", "of"), 0, "D442", "a contrast is between two things at least", remedy),)
    return ()


KIND = Kind(
    "contrast",
    {"contrast": Fields({"of": Entries(Text()), "by": Entries(Fields({"ask": Text()}, others=Text()))})},
    frozenset({"contrast"}),
    build,
)
"""`contrast`."""
