"""The markup tree: what a text says, apart from how any face shows it.

One tree feeds the terminal, plain words and Anki's HTML, so that a cloze hides the same letters in all three. The
tree holds only what is safe to show: the parser has already made control characters visible and dropped targets that
a stranger's deck may not reach.
"""

from collections.abc import Iterator
from typing import Generic, Literal, TypeAlias, TypeVar

from nlpcards.core.dataclass import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cloze(Generic[T]):
    """Something that the cards of one number hide: `Cloze[Inline]` in running text, `Cloze[str]` in a raw leaf."""

    number: int
    hint: str | None
    children: tuple[T, ...]


Piece: TypeAlias = "str | Cloze[str]"


def full_source(pieces: tuple[Piece, ...]) -> str:
    """The whole text of a raw leaf, with the clozes' text in its place and without their marks."""
    return "".join(piece if isinstance(piece, str) else "".join(piece.children) for piece in pieces)


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words that `*stars*` stress."""

    children: tuple["Inline", ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that `**two stars**` stress."""

    children: tuple["Inline", ...]


@dataclass(frozen=True, slots=True)
class Strike:
    """Words that `~~tildes~~` strike out."""

    children: tuple["Inline", ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A code span."""

    pieces: tuple[Piece, ...]

    @property
    def source(self) -> str:
        """The code itself."""
        return full_source(self.pieces)


@dataclass(frozen=True, slots=True)
class Math:
    """A formula within a line; its pieces are TeX."""

    pieces: tuple[Piece, ...]

    @property
    def source(self) -> str:
        """The TeX itself, without dollars."""
        return full_source(self.pieces)


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    target: str | None
    """An http, https or mailto address; None when the author's target may not be followed."""
    children: tuple["Inline", ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, named by a path relative to the deck."""

    path: str | None
    """None when the author's path is an address, is absolute or leaves the deck's folder."""
    pieces: tuple[Piece, ...]
    """The alternative text, which may hold clozes."""

    @property
    def alt(self) -> str:
        """The alternative text."""
        return full_source(self.pieces)


@dataclass(frozen=True, slots=True)
class Break:
    """A line break that the author asked for."""


Inline: TypeAlias = "Text | Emphasis | Strong | Strike | Code | Math | Link | Image | Break | Cloze[Inline]"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of level 1 to 6."""

    level: int
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of code or a text diagram."""

    language: str | None
    pieces: tuple[Piece, ...]

    @property
    def source(self) -> str:
        """The lines, without the last newline."""
        return full_source(self.pieces)


@dataclass(frozen=True, slots=True)
class MathBlock:
    """A formula on lines of its own; its pieces are TeX."""

    pieces: tuple[Piece, ...]

    @property
    def source(self) -> str:
        """The TeX itself, without dollars."""
        return full_source(self.pieces)


@dataclass(frozen=True, slots=True)
class BulletList:
    """Items without an order."""

    items: tuple[tuple["Block", ...], ...]
    tight: bool
    """Whether the author wrote the items without blank lines between them."""


@dataclass(frozen=True, slots=True)
class OrderedList:
    """Numbered items."""

    start: int
    items: tuple[tuple["Block", ...], ...]
    tight: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """Blocks that somebody else said."""

    children: tuple["Block", ...]


Alignment: TypeAlias = Literal["left", "center", "right"] | None
Cell: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row; every row has as many cells as there are alignments."""

    alignments: tuple[Alignment, ...]
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the text."""


Block: TypeAlias = Paragraph | Heading | CodeBlock | MathBlock | BulletList | OrderedList | Quote | Table | Rule
Node: TypeAlias = "Inline | Block"


@dataclass(frozen=True, slots=True)
class Document:
    """A whole text."""

    blocks: tuple[Block, ...]
    torn: tuple[int, ...] = ()
    """Offsets in the source of clozes whose marks end in different blocks; each part is hidden on its own."""
    lost: tuple[int, ...] = ()
    """Offsets in the source of clozes whose marks end where nothing can be hidden, such as an address."""
    dollars: tuple[int, ...] = ()
    """Offsets in the source of lone dollars that look like the start of maths."""


def walk(document: Document) -> Iterator[Node]:
    """Every node of a document in reading order, parents before their children."""
    pending: list[Node] = list(reversed(document.blocks))
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(_children(node)))


def _children(node: Node) -> list[Node]:
    match node:
        case Text() | Code() | Math() | Image() | Break() | CodeBlock() | MathBlock() | Rule():
            return []
        case BulletList(items=items) | OrderedList(items=items):
            return [block for item in items for block in item]
        case Table(header=header, rows=rows):
            return [inline for row in (header, *rows) for cell in row for inline in cell]
        case Emphasis() | Strong() | Strike() | Link() | Cloze() | Paragraph() | Heading() | Quote():
            return list(node.children)


def clozes(document: Document) -> tuple["Cloze[Inline] | Cloze[str]", ...]:
    """Every cloze of a document in reading order, those in code, maths and pictures included."""
    found: list[Cloze[Inline] | Cloze[str]] = []
    for node in walk(document):
        if isinstance(node, Cloze):
            found.append(node)
        elif isinstance(node, Code | Math | Image | CodeBlock | MathBlock):
            found.extend(piece for piece in node.pieces if isinstance(piece, Cloze))
    return tuple(found)


def words(document: Document) -> str:
    """What a document says as one line of text: no marks of Markdown, and of code and maths their source."""
    parts: list[str] = []
    for node in walk(document):
        match node:
            case Text(text=text):
                parts.append(text)
            case Code() | Math() | CodeBlock() | MathBlock():
                parts.append(node.source)
            case Image():
                parts.append(node.alt)
            case Break() | Paragraph() | Heading() | BulletList() | OrderedList() | Quote() | Table() | Rule():
                parts.append(" ")
            case Emphasis() | Strong() | Strike() | Link() | Cloze():
                pass
    return " ".join("".join(parts).split())
