r"""The HTML of Anki's fields as our Markdown.

What Anki's editor makes (bold, lists, code, tables, pictures, line breaks) becomes Markdown; formulas in MathJax's
`\(…\)` and `\[…\]` and in Anki's `[$]…[/$]`, `[$$]…[/$$]` and `[latex]…[/latex]` become `$…$` and `$$…$$`. All other
tags are shown as the text that they are, and nothing is ever run or fetched. The parser is Python's own: a package that
turns HTML into Markdown would still have to be taught our dollars, clozes and escapes, which are most of the work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from nlpcards.core.markup import parse, words
from nlpcards.decks.importing.html_inlines import BREAK, Close, Inline, Leaf, Mark, Open, lines_of

LONGEST = 50_000
"""How many characters of HTML one field may have; more are a picture or a sound within the text."""

_MARKS = {
    "b": "**",
    "strong": "**",
    "i": "*",
    "em": "*",
    "cite": "*",
    "dfn": "*",
    "s": "~~",
    "strike": "~~",
    "del": "~~",
}
_TRANSPARENT = frozenset(
    "span font u ins small big mark abbr center section article main body html tbody thead tfoot label wbr "
    "anki-mathjax".split()
)
_BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 figure figcaption header footer dl".split())
_TABLE = frozenset(("table", "tr", "td", "th"))
_APART = " "
"""Between what the cells of a table within a cell say."""

_LINES = frozenset("div dt dd address".split())
_HIDDEN = "\ufdd0"
"""A noncharacter, never text: it stands for a formula while tags are read; its number follows, then it again."""

_FORMULA = re.compile(
    r"\\\((?P<inline>.{0,2000}?)\\\)|\\\[(?P<display>.{0,2000}?)\\\]|\[\$\](?P<dollar>.{0,2000}?)\[/\$\]"
    r"|\[\$\$\](?P<dollars>.{0,2000}?)\[/\$\$\]|\[latex\](?P<latex>.{0,2000}?)\[/latex\]",
    re.DOTALL | re.IGNORECASE,
)
"""A formula, of a length that keeps the search for many that never end short."""
_NO_TAG = re.compile(r"<(?!/?[A-Za-z][^<>]*>)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*|!--.*?--)>", re.DOTALL)
_NEW_LINE = re.compile(r"<(?:br\s*/?|/?div[^<>]*|/?p(?:\s[^<>]*)?)>", re.IGNORECASE)
_WRAPPED = re.compile(
    r"\$\$(?P<display>[^$]+)\$\$|\$(?P<inline>[^$]+)\$|\\\[(?P<bracket>.+)\\\]"
    r"|\\begin\{(?P<environment>displaymath|equation\*?|math)\}(?P<within>.+)\\end\{(?P=environment)\}",
    re.DOTALL,
)
_SOUND = re.compile(r"\[sound:(?P<file>[^\[\]\n]{1,200})\]")
_REFERENCE = re.compile(f"{_HIDDEN}([0-9]+){_HIDDEN}")
_SURE_EMPHASIS = re.compile(r"(?<![\w*~\\])(\*\*|\*|~~)(?=\w)[^*~\\\n`$\[\]{}]*(?<=\w)\1(?![\w*~])")
"""Emphasis of whole words, which Markdown is sure to read as such; to parse each field would take most of the time."""
_SPACE = re.compile(r"[ \t\r\n\f]+")
_DEEPEST = 20
"""How deep lists and quotes stand within each other at most; what is deeper stands there too."""

_MOST_CELLS = 10_000
"""So many cells of a table are written out where its rows are of different lengths."""


def from_html(html: str) -> str:
    """A field's HTML as Markdown; pictures are `![…](path)` with the path as it stood."""
    markdown = _convert(html, marks=True)
    rest = _SURE_EMPHASIS.sub("", markdown).replace("\\*", "")
    if ("*" in rest or "~~" in rest) and _says(markdown) != _says(plain := _convert(html, marks=False)):
        # Emphasis that Markdown cannot begin or end where HTML can would leave its stars in the text.
        return plain
    return markdown


def from_text_with_formulas(text: str) -> str:
    """A field that Anki wrote without HTML: plain text, but formulas are formulas."""
    if not _FORMULA.search(text):
        from nlpcards.decks.importing.plain import from_plain

        return from_plain(text)
    from html import escape

    return from_html(escape(text, quote=False).replace("\n", "<br>"))


def _says(markdown: str) -> str:
    return words(parse(markdown, cloze=True))


def _convert(html: str, *, marks: bool) -> str:
    formulas: list[Leaf] = []

    def hide(found: re.Match[str]) -> str:
        formula = _formula(found)
        if formula is None:
            return found.group()
        formulas.append(formula)
        return f"{_HIDDEN}{len(formulas) - 1}{_HIDDEN}"

    parser = _Parser(formulas, marks=marks)
    parser.feed(_only_tags(_FORMULA.sub(hide, html.replace(_HIDDEN, "\ufffd"))))
    parser.close()
    parser.end_tables()
    parser.end_paragraph()
    return parser.written()


def _only_tags(html: str) -> str:
    """The HTML without comments, and with each `<` that begins no tag as text: Python's parser takes long for those."""
    last = html.rfind("-->") + 3
    if last > 2:
        html = _COMMENT.sub("", html[:last]) + html[last:]
    return _NO_TAG.sub("&lt;", html)


def _formula(found: re.Match[str]) -> Leaf | None:
    """A formula, None for what is none or cannot stand between dollars."""
    display = found["display"] is not None or found["dollars"] is not None
    tex = next(group for group in found.groups() if group is not None)
    tex = unescape(_TAG.sub("", _NEW_LINE.sub("\n", tex))).replace("\xa0", " ").strip()
    if found["latex"] is not None:
        wrapped = _WRAPPED.fullmatch(tex)
        display = wrapped is None or (wrapped["inline"] is None and wrapped["environment"] != "math")
        if wrapped:
            tex = next(wrapped[name] for name in ("display", "inline", "bracket", "within") if wrapped[name]).strip()
    tex = re.sub(r"\s*\n\s*", "\n" if display else " ", tex)
    if not tex or re.search(r"(?<!\\)(?:\\\\)*\$", tex):
        return None
    if (len(tex) - len(tex.rstrip("\\"))) % 2:
        tex += " {}"
    return Leaf(f"$${tex}$$" if display else f"${tex}$")


@dataclass(slots=True)
class _List:
    """A list that is open: its next number, or None for bullets; whether an item awaits its first line."""

    number: int | None
    fresh: bool = False
    width: int = 2


@dataclass(slots=True)
class _Table:
    """A table that is open."""

    rows: list[list[str]] = field(default_factory=list)
    in_cell: bool = False


class _Parser(HTMLParser):
    """Gathers inlines until a block ends, and writes the block below the prefixes of the lists that it is in."""

    def __init__(self, formulas: list[Leaf], *, marks: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._formulas = formulas
        self._with_marks = marks
        self._inlines: list[Inline] = []
        self._written: list[str] = []
        self._tight = False
        self._lists: list[_List | None] = []
        """Open lists and quotes (None), outermost first."""
        self._deeper = 0
        """Lists and quotes that are open below the deepest."""
        self._tables: list[_Table] = []
        self._inner = 0
        self._code: list[str] | None = None
        self._code_is_block = False
        self._language = ""
        self._open: list[str] = []
        self._links: list[str] = []

    def written(self) -> str:
        """All of the Markdown."""
        return "".join(self._written).strip("\n")

    def handle_data(self, data: str) -> None:
        if self._code is not None:
            self._code.append(_REFERENCE.sub(lambda found: self._formulas[int(found[1])].markdown, data))
            return
        position = 0
        for found in _REFERENCE.finditer(data):
            self._words(data[position : found.start()])
            self._inlines.append(self._formulas[int(found[1])])
            position = found.end()
        self._words(data[position:])

    def _words(self, text: str) -> None:
        position = 0
        for sound in _SOUND.finditer(text):
            self._text(text[position : sound.start()])
            self._inlines.append(Leaf(f"![{sound['file'].strip()}]({_target(sound['file'].strip())})"))
            position = sound.end()
        self._text(text[position:])

    def _text(self, text: str) -> None:
        written = _SPACE.sub(" ", text)
        if self._inlines and self._inlines[-1] == _APART:
            written = written.lstrip(" ")
        if written:
            self._inlines.append(written)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._code is not None:
            self._within_code(tag, given)
        elif tag in _MARKS:
            if self._with_marks:
                self._inlines.append(Open(_MARKS[tag]))
        elif tag == "br":
            self._inlines.append(BREAK)
        elif tag == "img":
            self._inlines.append(Leaf(f"![{_description(given.get('alt', ''))}]({_target(given.get('src', ''))})"))
        elif tag in ("sub", "sup"):
            self._inlines.append(Open(tag))
        elif tag == "a":
            self._links.append(_address(given.get("href", "")))
            if self._links[-1]:
                self._inlines.append(Open("["))
        elif tag in ("code", "tt", "kbd", "samp", "pre"):
            self._code, self._code_is_block = [], tag == "pre"
            self._language = _language(given)
            self._open.append(tag)
        elif tag in ("ul", "ol", "blockquote") and not self._tables:
            self.end_paragraph()
            if len(self._lists) >= _DEEPEST:
                self._deeper += 1
                return
            start = given.get("start", "")
            number = int(start) if start.isdecimal() and len(start) < 9 else 1
            self._lists.append(None if tag == "blockquote" else _List(number if tag == "ol" else None))
        elif tag == "li" and not self._tables:
            self._item()
        elif tag in _TABLE and self._tables and (self._inner or tag == "table"):
            # What a cell's own table says stays in that cell, in its order.
            self._inner += tag == "table"
            self._apart()
        elif tag == "table":
            self.end_paragraph()
            self._tables.append(_Table())
        elif tag == "tr" and self._tables:
            self._end_cell()
            self._tables[-1].rows.append([])
        elif tag in ("td", "th") and self._tables:
            self._end_cell()
            self._inlines.clear()
            self._tables[-1].in_cell = True
        elif tag in _BLOCKS:
            self.end_paragraph()
        elif tag in _LINES:
            self._line()
        elif tag == "hr":
            self.end_paragraph()
            self._put("---")
        elif tag not in _TRANSPARENT and tag not in ("ul", "ol", "li", "blockquote", "tr", "td", "th"):
            self._text(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if self._code is not None:
            if self._open and tag == self._open[-1]:
                self._open.pop()
                self._end_code()
        elif tag in _MARKS:
            if self._with_marks:
                self._inlines.append(Close(_MARKS[tag]))
        elif tag in ("sub", "sup"):
            self._inlines.append(Close(tag))
        elif tag == "a":
            if self._links and (address := self._links.pop()):
                self._inlines.append(Close("[", f"]({address})"))
        elif tag in ("ul", "ol", "blockquote") and not self._tables:
            self.end_paragraph()
            if self._deeper:
                self._deeper -= 1
            elif self._lists:
                self._lists.pop()
            self._tight = False
        elif tag in _TABLE and self._inner:
            self._inner -= tag == "table"
            self._apart()
        elif tag in ("td", "th") and self._tables:
            self._end_cell()
        elif tag == "table" and self._tables:
            self._end_table()
        elif tag in _BLOCKS or tag == "li":
            self.end_paragraph()
        elif tag in _LINES:
            self._line()
        elif tag not in _TRANSPARENT and tag not in ("br", "img", "hr", "tr", "td", "th", "ul", "ol", "blockquote"):
            self._text(f"</{tag}>")

    def _apart(self) -> None:
        if self._inlines:
            last = self._inlines[-1]
            self._inlines[-1:] = [last.rstrip(" ") if isinstance(last, str) else last, _APART]

    def _line(self) -> None:
        if self._inlines and self._inlines[-1] is not BREAK and not self._tables:
            self._inlines.append(Mark.LINE)

    def _item(self) -> None:
        self.end_paragraph()
        if self._lists and (last := self._lists[-1]) is not None:
            last.fresh = True

    def _within_code(self, tag: str, given: dict[str, str]) -> None:
        assert self._code is not None
        if tag in ("br", "div", "p") and (tag == "br" or self._code):
            self._code.append("\n")
        elif tag == "code":
            self._language = self._language or _language(given)
        elif tag not in _MARKS and tag not in _TRANSPARENT and tag not in ("div", "p", "a"):
            self._code.append(self.get_starttag_text() or "")

    def _end_code(self) -> None:
        text = "".join(self._code or ()).replace("\xa0", " ").replace("\r\n", "\n").replace("\r", "\n")
        self._code = None
        longest = max((len(run) for run in re.findall("`+", text)), default=0)
        if (self._code_is_block or "\n" in text.strip("\n")) and not self._tables:
            self.end_paragraph()
            if text.strip():
                fence = "`" * max(3, longest + 1)
                self._put(f"{fence}{self._language}\n{text.strip(chr(10))}\n{fence}")
        elif text.strip():
            fence = "`" * (longest + 1)
            text = _SPACE.sub(" ", text).strip()
            space = " " if text[0] == "`" or text[-1] == "`" else ""
            self._inlines.append(Leaf(f"{fence}{space}{text}{space}{fence}"))

    def _lines(self, *, in_table: bool = False) -> list[str]:
        lines = lines_of(self._inlines, in_table=in_table)
        self._inlines.clear()
        return lines

    def end_paragraph(self) -> None:
        """Write the inlines gathered as a paragraph."""
        if self._tables:
            return
        for number, paragraph in enumerate(lines_of(self._inlines, paragraphs=True)):
            self._tight = self._tight and not number
            self._put(paragraph)
        self._inlines.clear()

    def end_tables(self) -> None:
        """Write a table that was left open, as a browser shows it."""
        self._inner = 0
        if self._tables:
            self._end_table()

    def _end_cell(self) -> None:
        """Write down a cell; HTML may leave its end tag out."""
        table = self._tables[-1]
        if table.in_cell and table.rows:
            table.rows[-1].append(" ".join(self._lines(in_table=True)))
        table.in_cell = False

    def _end_table(self) -> None:
        self._end_cell()
        rows = [row for row in self._tables.pop().rows if row]
        self._inlines.clear()
        if rows:
            width = max(len(row) for row in rows)
            # Markdown fills rows up by itself, all but the first.
            full = len(rows) if width * len(rows) <= _MOST_CELLS else 1
            filled = (width - len(row) if at < full else 0 for at, row in enumerate(rows))
            lines = [f"| {' | '.join([*row, *[''] * more])} |" for row, more in zip(rows, filled, strict=True)]
            lines.insert(1, "|" + "---|" * width)
            self._put("\n".join(lines))

    def _put(self, block: str) -> None:
        """Write a block under the lists and quotes that are open."""
        first, rest = "", ""
        fresh = False
        for level in self._lists:
            if level is None:
                first, rest = f"{first}> ", f"{rest}> "
                continue
            if level.fresh:
                mark = "-" if level.number is None else f"{level.number}."
                level.number = None if level.number is None else level.number + 1
                level.fresh, level.width, fresh = False, len(mark) + 1, True
                first, rest = f"{first}{mark} ", f"{rest}{'':{level.width}}"
            else:
                first, rest = f"{first}{'':{level.width}}", f"{rest}{'':{level.width}}"
        lines = block.split("\n")
        if self._written:
            self._written.append("\n" if fresh and self._tight else f"\n{rest.rstrip()}\n")
        self._written.append("\n".join(f"{rest if at else first}{line}".rstrip() for at, line in enumerate(lines)))
        self._tight = bool(self._lists)


def _language(given: dict[str, str]) -> str:
    found = re.search(r"(?:lang|language|highlight)-([A-Za-z0-9+#-]{1,20})", given.get("class", ""))
    return found[1] if found else ""


def _description(text: str) -> str:
    return re.sub(r"[\[\]\\`$*_<\s]+", " ", text).strip()


def _target(path: str) -> str:
    """A path or an address as the target of a picture."""
    path = re.sub(r"[<>\r\n]", "", path.strip())
    return f"<{path}>" if re.search(r"[\s()]", path) else path


def _address(href: str) -> str:
    """An address that a deck may link to, ready for its parentheses; else empty."""
    href = href.strip()
    if not href.lower().startswith(("http://", "https://", "mailto:")):
        return ""
    return re.sub(
        r"[\s<>()\\`$*_|\"]", lambda found: f"%{ord(found.group()):02X}" if found.group().isascii() else "", href
    )
