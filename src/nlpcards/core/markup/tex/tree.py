"""TeX formulas as trees."""

from typing import TypeAlias

from nlpcards.core.dataclass import dataclass
from nlpcards.core.markup.tex.symbols import Kind

OPEN = "\U000ff000"
CLOSE = "\U000ff001"
"""Where a revealed cloze begins and ends: characters of no width that travel with their neighbours."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A symbol or a name."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Mark:
    """The beginning or the end of a revealed cloze."""

    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """What braces hold together."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A base with what stands below and above it."""

    base: "Node | None"
    below: "Node | None"
    above: "Node | None"


@dataclass(frozen=True, slots=True)
class Fraction:
    """One thing over another."""

    above: "Node"
    below: "Node"


@dataclass(frozen=True, slots=True)
class Root:
    """A root, of degree two if none is given."""

    body: "Node"
    degree: "Node | None"


@dataclass(frozen=True, slots=True)
class Accent:
    """A hat, a bar or the like over its body."""

    name: str
    body: "Node"


@dataclass(frozen=True, slots=True)
class Font:
    """Letters of another alphabet."""

    name: str
    body: "Node"


@dataclass(frozen=True, slots=True)
class Name:
    """Letters that are one name."""

    body: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """Something that is clearest on one line as a function of its parts."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells."""

    environment: str
    rows: tuple[tuple[Group, ...], ...]


@dataclass(frozen=True, slots=True)
class Fence:
    r"""What stands between `\left` and `\right`; a delimiter may be empty."""

    opening: str
    items: tuple["Node", ...]
    closing: str


LINE_END = Atom("; ", Kind.PUNCTUATION)
"""Where a formula of several lines goes on below."""

Node: TypeAlias = Fence | Atom | Mark | Group | Script | Fraction | Root | Accent | Font | Name | Call | Grid
