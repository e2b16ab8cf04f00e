r"""A document as HTML for Anki's fields.

Everything of the author's is escaped; no script, style or raw HTML is written. Maths goes into `\(…\)` and `\[…\]` for
MathJax, code into `<pre class="hl">` with Pygments' classes, clozes into Anki's `{{c1::…::hint}}`. Anki looks for
clozes, fields, sounds and LaTeX in the HTML itself, so whatever text might be taken for one is written with entities.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from nlpcards.core.markup.tree import (
    Alignment,
    Block,
    Break,
    BulletList,
    Cell,
    Cloze,
    Code,
    CodeBlock,
    Document,
    Emphasis,
    Heading,
    Image,
    Inline,
    Link,
    Math,
    MathBlock,
    OrderedList,
    Paragraph,
    Piece,
    Quote,
    Rule,
    Strike,
    Strong,
    Table,
    Text,
)
from nlpcards.render.code import segments

_LIGHT, _NIGHT = "default", "monokai"
_ACTIVE = re.compile(r"(?<=\[)(/?)([satl$])(?=ound:|nki:|ype:|atex\]|\$?\])", re.IGNORECASE)
"""The first letter of what Anki plays, speaks, asks to type or hands to LaTeX, wherever in a field it stands."""
_MATHJAX = re.compile(r"\\([()\[\]])")
_QUIET = re.compile(r"[^{}:&<>\"]+")
"""Text in which nothing needs an entity, wherever it stands."""
_PATH = re.compile(r"[/\\]")


def to_html(document: Document) -> str:
    """A document as one field's HTML."""
    writer = _Writer()
    for block in document.blocks:
        writer.block(block)
    return writer.html()


def words_to_html(words: str) -> str:
    """What `to_html` makes of a paragraph of `simple.words_alone`, where only a quotation mark needs an entity."""
    escaped = words.replace('"', "&quot;")
    return f"<p>{escaped}</p>"


def hiding_to_html(table: Table, number: int, places: Iterable[tuple[int, int]]) -> list[str]:
    """For each of some places in a table, its row and its column from 0, what `to_html` makes of the table with the
    cell there as a cloze. What stands in one cell changes nothing in another, so each is written once.
    """

    def written(name: str, cell: Cell, column: int) -> str:
        writer = _Writer()
        writer.cell(name, cell, table.alignments[column])
        return writer.html()

    def joined(cells: Iterable[str]) -> str:
        return f"<tr>{''.join(cells)}</tr>"

    head = joined(written("th", cell, column) for column, cell in enumerate(table.header))
    rows = [[written("td", cell, column) for column, cell in enumerate(row)] for row in table.rows]
    whole = [joined(row) for row in rows]
    found = []
    for at, column in places:
        hidden = written("td", (Cloze(number, None, table.rows[at][column]),), column)
        row = joined([*rows[at][:column], hidden, *rows[at][column + 1 :]])
        body = "".join([*whole[:at], row, *whole[at + 1 :]])
        found.append(f"<table><thead>{head}</thead><tbody>{body}</tbody></table>")
    return found


@lru_cache(maxsize=1)
def pygments_css() -> str:
    """The style sheet for highlighted code, for Anki's light and night modes."""
    from pygments.formatters import HtmlFormatter
    from pygments.styles import get_style_by_name

    light = HtmlFormatter(style=get_style_by_name(_LIGHT), nobackground=True).get_style_defs(".hl")  # type: ignore[no-untyped-call]
    dark = HtmlFormatter(style=get_style_by_name(_NIGHT), nobackground=True)
    night = dark.get_style_defs([".nightMode .hl", ".night_mode .hl"])  # type: ignore[no-untyped-call]
    # Only what colours tokens: the formatter also styles line numbers, with rules for all <pre> and <td> elements.
    rules = [line for line in f"{light}\n{night}".splitlines() if ".hl" in line and "linenos" not in line]
    return "\n".join([".hl { text-align: left; overflow-x: auto; }", *rules])


class _Writer:
    """Writes HTML, and keeps text from making marks that Anki would act on, across the borders of nodes too."""

    def __init__(self) -> None:
        self._html: list[str] = []
        self._last = ""
        """The last character written, while text and marks touch; empty after a tag."""
        self._in_cloze = False

    def html(self) -> str:
        """All that was written."""
        return _ACTIVE.sub(lambda found: f"{found[1]}&#{ord(found[2])};", "".join(self._html))

    def _tag(self, tag: str) -> None:
        if tag:
            self._html.append(tag)
            self._last = ""

    def _text(self, text: str) -> None:
        """Write text, whose braces and colons must never join into a mark."""
        if not text:
            return
        if _QUIET.fullmatch(text):
            self._html.append(text)
            self._last = text[-1]
            return
        head, rest = "", text
        if text[0] == self._last and (text[0] in "{}" or (self._in_cloze and text[0] == ":")):
            head, rest = f"&#{ord(text[0])};", text[1:]
        for char, entity in _ESCAPES.items():
            rest = rest.replace(char, entity)
        rest = rest.replace("{{", "{&#123;").replace("}}", "}&#125;")
        if self._in_cloze:
            rest = rest.replace("::", ":&#58;")
        self._html.append(head + rest)
        self._last = (rest or head)[-1]

    def _words(self, text: str) -> None:
        """Write text that is not maths: MathJax must find no formula in it."""
        if "\\" not in text:
            self._text(text)
            return
        position = 0
        for found in _MATHJAX.finditer(text):
            self._text(text[position : found.start()] + "\\")
            self._tag(f"<span>{found[1]}</span>")
            position = found.end()
        if position < len(text):
            self._text(text[position:])

    def _attribute(self, value: str) -> str:
        """A value in quotes, with no mark of Anki's in it."""
        safe = escape(value, quote=True).replace("{", "&#123;").replace("}", "&#125;")
        return '"' + re.sub(r"\s", " ", safe).replace("::", "&#58;&#58;") + '"'

    def _guard_last(self, characters: str) -> None:
        """Write the last character again as an entity if it could join the mark that follows."""
        if self._last and self._last in characters:
            self._html[-1] = f"{self._html[-1][:-1]}&#{ord(self._last)};"
            self._last = ";"

    def _cloze(self, cloze: Cloze[Any], write: Callable[[], None]) -> None:
        """Write a cloze's marks round what `write` writes."""
        self._guard_last("{")
        self._html.append(f"{{{{c{cloze.number}::")
        self._in_cloze, self._last = True, ":"
        write()
        self._guard_last(":}")
        if cloze.hint is not None:
            self._html.append("::")
            self._last = ":"
            self._words(cloze.hint)
            self._guard_last(":}")
        self._html.append("}}")
        self._in_cloze, self._last = False, "}"

    def block(self, block: Block) -> None:
        """Write one block."""
        match block:
            case Paragraph(children=children):
                self._element("p", children)
            case Heading(level=level, children=children):
                self._element(f"h{level}", children)
            case CodeBlock(language=language, pieces=pieces):
                self._tag('<pre class="hl"><code>')
                self._code_block(pieces, language)
                self._tag("</code></pre>")
            case MathBlock(pieces=pieces):
                self._tag("<p>")
                self._maths(pieces, r"\[", r"\]")
                self._tag("</p>")
            case BulletList(items=items, tight=tight):
                self._list("<ul>", items, "</ul>", tight=tight)
            case OrderedList(start=start, items=items, tight=tight):
                self._list("<ol>" if start == 1 else f'<ol start="{start}">', items, "</ol>", tight=tight)
            case Quote(children=children):
                self._tag("<blockquote>")
                for child in children:
                    self.block(child)
                self._tag("</blockquote>")
            case Table():
                self._table(block)
            case Rule():
                self._tag("<hr>")

    def _element(self, name: str, children: Sequence[Inline]) -> None:
        self._tag(f"<{name}>")
        self._inlines(children)
        self._tag(f"</{name}>")

    def _list(self, opening: str, items: Iterable[tuple[Block, ...]], closing: str, *, tight: bool) -> None:
        self._tag(opening)
        for item in items:
            self._tag("<li>")
            for block in item:
                if tight and isinstance(block, Paragraph):
                    self._inlines(block.children)
                else:
                    self.block(block)
            self._tag("</li>")
        self._tag(closing)

    def _table(self, table: Table) -> None:
        self._tag("<table><thead>")
        self._row("th", table.header, table)
        self._tag("</thead><tbody>")
        for row in table.rows:
            self._row("td", row, table)
        self._tag("</tbody></table>")

    def _row(self, name: str, cells: Iterable[Cell], table: Table) -> None:
        self._tag("<tr>")
        for cell, alignment in zip(cells, table.alignments, strict=True):
            self.cell(name, cell, alignment)
        self._tag("</tr>")

    def cell(self, name: str, cell: Cell, alignment: Alignment) -> None:
        """Write one cell of a table, as the element `th` or `td`."""
        self._tag(f'<{name} align="{alignment}">' if alignment else f"<{name}>")
        self._inlines(cell)
        self._tag(f"</{name}>")

    def _inlines(self, inlines: Iterable[Inline]) -> None:
        for inline in inlines:
            if type(inline) is Text:  # nearly all of them
                self._words(inline.text)
            else:
                self._inline(inline)

    def _inline(self, inline: Inline) -> None:
        match inline:
            case Text(text=text):
                self._words(text)
            case Emphasis(children=children):
                self._element("em", children)
            case Strong(children=children):
                self._element("strong", children)
            case Strike(children=children):
                self._element("s", children)
            case Code(pieces=pieces):
                self._tag("<code>")
                self._pieces(pieces, self._words)
                self._tag("</code>")
            case Math(pieces=pieces):
                self._maths(pieces, r"\(", r"\)")
            case Link(target=None, children=children):
                self._inlines(children)
            case Link(target=str(target), children=children):
                self._tag(f'<a href={self._attribute(target)} rel="noopener noreferrer">')
                self._inlines(children)
                self._tag("</a>")
            case Image(path=None, pieces=pieces):
                self._pieces(pieces, self._words)
            case Image():
                self._image(inline)
            case Break():
                self._tag("<br>")
            case Cloze(children=children):
                self._cloze(inline, lambda: self._inlines(children))

    def _image(self, image: Image) -> None:
        """A picture by its file's name: Anki keeps all in one folder. A cloze in its description hides all of it."""
        name = _PATH.split(image.path or "")[-1]
        tag = f"<img src={self._attribute(name)} alt={self._attribute(image.alt)}>"
        clozes = [piece for piece in image.pieces if isinstance(piece, Cloze)]
        if clozes and not self._in_cloze:
            self._cloze(clozes[0], lambda: self._tag(tag))
        else:
            self._tag(tag)

    def _pieces(self, pieces: Iterable[Piece], write: Callable[[str], None]) -> None:
        for piece in pieces:
            if isinstance(piece, str):
                write(piece)
            else:
                inner = "".join(piece.children)
                self._cloze(piece, lambda inner=inner: write(inner))  # type: ignore[misc]

    def _maths(self, pieces: Iterable[Piece], opening: str, closing: str) -> None:
        """TeX between MathJax's delimiters, which it may not end by itself."""
        from nlpcards.render.maths import grouped  # Many a text has no formula.

        self._tag(opening)
        source = ""
        for piece in pieces:
            if isinstance(piece, str):
                self._text(_bounded(piece))
                source += piece
                continue
            inner = "".join(piece.children)
            braced = grouped(source, inner) != inner
            self._text("{" if braced else "")
            self._cloze(piece, lambda inner=inner: self._text(_bounded(inner)))  # type: ignore[misc]
            self._text("}" if braced else "")
            source += inner
        self._tag(closing)

    def _code_block(self, pieces: Sequence[Piece], language: str | None) -> None:
        for cloze, tokens in segments(pieces, language):
            if cloze is None:
                self._tokens(tokens)
            else:
                self._cloze(cloze, lambda tokens=tokens: self._tokens(tokens))  # type: ignore[misc]

    def _tokens(self, tokens: Iterable[tuple[Any, str]]) -> None:
        for name, text in _classes(tokens):
            self._tag(f'<span class="{name}">' if name else "")
            self._words(text)
            self._tag("</span>" if name else "")


_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def _bounded(tex: str) -> str:
    r"""TeX in which MathJax finds no end of the formula: `\)` and `\]` mean nothing inside one."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\\([()\[\]])", r"\1\2", tex)


def _classes(tokens: Iterable[tuple[Any, str]]) -> Iterator[tuple[str, str]]:
    """Tokens by their classes in the style sheet."""
    from pygments.token import STANDARD_TYPES

    for kind, text in tokens:
        while kind not in STANDARD_TYPES:
            kind = kind.parent
        yield STANDARD_TYPES[kind], text
