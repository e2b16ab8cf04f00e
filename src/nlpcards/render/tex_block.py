"""Formulas in two dimensions: a TeX tree written out again in the TeX that TeXicode knows, and laid out by it.

TeXicode prints `?` for what it lacks, knows no space around signs and puts an accent on the first of several letters.
So it is given only what it draws well, with the space spelled out. Letters of an alphabet that formulas do not use
(Canadian syllabics, one cell wide) stand for hidden labels and revealed symbols while it works, and are replaced after.
"""

from functools import lru_cache
from typing import Any

from nlpcards.core.markup.tex.parser import Unreadable
from nlpcards.core.markup.tex.symbols import ALIGNED, FONTS, SUBSCRIPTS, SUPERSCRIPTS, SYMBOLS, Kind
from nlpcards.core.markup.tex.tree import (
    CLOSE,
    LINE_END,
    OPEN,
    Accent,
    Atom,
    Call,
    Fence,
    Font,
    Fraction,
    Grid,
    Group,
    Mark,
    Name,
    Node,
    Root,
    Script,
)
from nlpcards.render.cells import cell_width
from nlpcards.render.style import Style

FIRST_ALIAS = 0x1401
LAST_ALIAS = 0x166C
_ACCENTS = frozenset(
    ["hat", "widehat", "tilde", "widetilde", "bar", "breve", "dot", "ddot", "mathring", "check", "vec"]
)
_FONTS = {"boldsymbol": "mathbf", "bm": "mathbf", "mathbbm": "mathbb", "mathds": "mathbb"}
_SPACED = (Kind.BINARY, Kind.TIMES, Kind.RELATION)
_RARE_SMALL_LETTERS = frozenset("qQ")
"""Letters whose small forms few fonts have; they are drawn at full size above or below."""
_AFTER_WHICH_SIGNS_ARE_UNARY = (*_SPACED, Kind.OPENING, Kind.PUNCTUATION)
_LITERAL = frozenset("!@*()+-=|;:'\",.<>/[]")
_ENVIRONMENTS = frozenset(["matrix", "pmatrix", "bmatrix", "vmatrix", "cases"])


class Writer:
    """Writes a tree as TeX for TeXicode, and remembers what each alias stands for.

    Raises:
        Unreadable: from `write`, if the tree holds what TeXicode cannot draw.
    """

    def __init__(self, labels: dict[str, str]) -> None:
        self._labels = labels
        self.aliases: dict[str, tuple[str, Style]] = {}
        """What each alias stands for: a hidden label, a revealed symbol or a plain one."""
        self.trailing: set[str] = set()
        """The aliases of revealed symbols whose small scripts, which have no aliases, are revealed with them."""
        self.revealed_all = True
        """Whether every revealed cloze left at least one marked symbol."""
        self._revealing = False
        self._marked = 0
        self._font: dict[str, str] = {}
        self._in_script = False

    def write(self, node: Node, *, script: bool = False) -> str:
        """The TeX of one node."""
        match node:
            case Atom():
                return self._atom(node)
            case Mark(text=mark):
                self._pass(mark)
                return ""
            case Group(items=items):
                return self._items(items, script=script)
            case Fence(opening=opening, items=items, closing=closing):
                inside = self._items(items, script=script)
                return rf"\left{_delimiter(opening)}{inside}\right{_delimiter(closing)}"
            case Script():
                return self._script(node)
            case Fraction(above=above, below=below):
                return rf"\frac{{{self.write(above)}}}{{{self.write(below)}}}"
            case Root(body=body, degree=degree):
                index = f"[{self.write(degree, script=True)}]" if degree is not None else ""
                return rf"\sqrt{index}{{{self.write(body)}}}"
            case Accent(name=name, body=body):
                return self._accent(name, body)
            case Font(name=name, body=body):
                outer, self._font = self._font, FONTS[name]
                inside = self.write(body, script=True)
                self._font = outer
                return rf"\{_FONTS.get(name, name)}{{{inside}}}"
            case Name(body=body):
                return rf"\mathrm{{{self.write(body, script=True)}}}"
            case Call(name="binom" | "dbinom" | "tbinom", arguments=(above, below)):
                return rf"\binom{{{self.write(above)}}}{{{self.write(below)}}}"
            case Call(name=name):
                raise Unreadable(f"{name} is not drawn")
            case Grid():
                return self._grid(node)

    def _items(self, items: tuple[Node, ...], *, script: bool) -> str:
        text = ""
        before: Kind | None = None
        for index, item in enumerate(items):
            kind = _kind(item)
            if not script and kind is not None and before is not None and text:
                last = all(_kind(later) is None for later in items[index + 1 :])
                text += r"\," if self._apart(before, kind, item, last=last) else ""
            unary = kind is Kind.BINARY and (before is None or before in _AFTER_WHICH_SIGNS_ARE_UNARY)
            text += self.write(item, script=script)
            if kind is not None:
                before = Kind.OPENING if unary else Kind.CLOSING if isinstance(item, Fence) else kind
        return text

    def _apart(self, before: Kind, kind: Kind, item: Node, *, last: bool) -> bool:
        if Kind.SPACE in (before, kind) or item == LINE_END:
            return False
        if kind in _SPACED:
            return not last and (kind is Kind.RELATION or before not in _AFTER_WHICH_SIGNS_ARE_UNARY)
        if before in _SPACED or before is Kind.PUNCTUATION:
            return True
        if before is Kind.OPENING or kind in (Kind.CLOSING, Kind.PUNCTUATION):
            return False
        if before is Kind.WORD:
            return kind is not Kind.OPENING
        return kind is Kind.WORD

    def _atom(self, atom: Atom) -> str:
        if atom.text in self._labels:
            return "{" + "".join(self._alias(char, Style.CLOZE) for char in self._labels[atom.text]) + "}"
        if cell_width(atom.text) != len(atom.text):
            raise Unreadable(f"{atom.text} would shift what stands above and below")
        if atom.kind is Kind.SPACE:
            return r"\,"
        if atom == LINE_END:
            return r"\\"
        if atom.kind is Kind.WORD:
            return self._word(atom.text)
        if self._revealing and atom.kind not in (Kind.LARGE, Kind.OPENING, Kind.CLOSING) and len(atom.text) == 1:
            return self._alias(self._font.get(atom.text, atom.text), Style.ANSWER)
        if self._in_script and atom.text in _RARE_SMALL_LETTERS:
            return self._alias(atom.text, Style.PLAIN)
        return _symbol(atom.text)

    def _word(self, text: str) -> str:
        if text.startswith("\\"):
            raise Unreadable(f"{text} is unknown")
        if self._revealing:
            return "{" + "".join(self._alias(char, Style.ANSWER) if char != " " else r"\," for char in text) + "}"
        if not all(char.isalpha() or char.isdigit() or char == " " or char in _LITERAL for char in text):
            raise Unreadable(f"{text} is not drawn")
        return rf"\text{{{text}}}"

    def _script(self, node: Script) -> str:
        base = "{}" if node.base is None else self._script_base(node.base)
        return base + self._one_script("_", node.below, SUBSCRIPTS) + self._one_script("^", node.above, SUPERSCRIPTS)

    def _script_base(self, node: Node) -> str:
        text = self.write(node)
        if isinstance(node, Atom) and node.kind in (Kind.LARGE, Kind.WORD):
            return text if node.kind is Kind.LARGE or node.text == "lim" else f"{{{text}}}"
        return f"{{{text}}}" if text else "{}"

    def _one_script(self, sign: str, node: Node | None, small: dict[str, str]) -> str:
        if node is None:
            return ""
        outer, self._in_script = self._in_script, True
        text = self._small(sign, node, small)
        self._in_script = outer
        return text

    def _small(self, sign: str, node: Node, small: dict[str, str]) -> str:
        if isinstance(node, Group) and LINE_END in node.items:
            return rf"{sign}\substack{{{self.write(node, script=True)}}}"
        if self._revealing and _is_small(node, small):
            # An alias would have no small form and change the layout; the base carries the mark.
            self.trailing.update(list(self.aliases)[-1:])
            self._revealing = False
            text = self.write(node, script=True)
            self._revealing = True
            return f"{sign}{{{text}}}"
        return f"{sign}{{{self.write(node, script=True)}}}"

    def _accent(self, name: str, body: Node) -> str:
        if isinstance(body, Atom) and body.text in self._labels:
            raise Unreadable(f"{name} over a label is not drawn")
        inside = body.items[0] if isinstance(body, Group) and len(body.items) == 1 else body
        if name not in _ACCENTS or not (isinstance(inside, Atom | Font) and (isinstance(inside, Font) or inside.text)):
            raise Unreadable(f"{name} over several letters is not drawn")
        if (
            isinstance(inside, Font)
            and not isinstance(inside.body, Atom)
            and len(getattr(inside.body, "items", ())) != 1
        ):
            raise Unreadable(f"{name} over several letters is not drawn")
        return rf"\{name}{{{self.write(inside)}}}"

    def _grid(self, grid: Grid) -> str:
        name = "aligned" if grid.environment in ALIGNED else grid.environment
        name = {"array": "matrix", "smallmatrix": "matrix"}.get(name, name)
        if name not in _ENVIRONMENTS and name != "aligned":
            raise Unreadable(f"{name} is not drawn")
        rows = [" & ".join(self._cell(cell, index) for index, cell in enumerate(row)) for row in grid.rows]
        return rf"\begin{{{name}}}" + r" \\ ".join(rows) + rf"\end{{{name}}}"

    def _cell(self, cell: Group, column: int) -> str:
        text = self._items(cell.items, script=False)
        starts_with_sign = column > 0 and cell.items and _kind(cell.items[0]) in _SPACED
        return rf"\,{text}" if starts_with_sign else text

    def _alias(self, char: str, style: Style) -> str:
        alias = chr(FIRST_ALIAS + len(self.aliases))
        if ord(alias) > LAST_ALIAS:
            raise Unreadable("there is more to mark than can be marked")
        self.aliases[alias] = (char, style)
        self._marked += style is Style.ANSWER
        return alias

    def _pass(self, mark: str) -> None:
        if mark == OPEN:
            self._revealing, self._marked = True, 0
        elif mark == CLOSE:
            self._revealing = False
            self.revealed_all = self.revealed_all and self._marked > 0


def _kind(node: Node) -> Kind | None:
    """The part that a node plays among its neighbours; None if it takes no room."""
    match node:
        case Atom(text="/"):
            return Kind.ORDINARY
        case Atom(kind=kind):
            return kind
        case Mark():
            return None
        case Fence():
            return Kind.OPENING
        case Script(base=base) if base is not None:
            return _kind(base)
        case Name():
            return Kind.WORD
        case Group(items=items):
            kinds = [part for item in items if (part := _kind(item)) is not None]
            return (kinds[0] if len(kinds) == 1 and kinds[0] is Kind.WORD else Kind.ORDINARY) if kinds else None
        case _:
            return Kind.ORDINARY


def _is_small(node: Node, small: dict[str, str]) -> bool:
    items = node.items if isinstance(node, Group) else (node,)
    return all(isinstance(item, Mark) or (isinstance(item, Atom) and item.text in small) for item in items)


def _delimiter(text: str) -> str:
    return "." if not text else text if text in "()[]|/<>" else _symbol(text)


def _symbol(text: str) -> str:
    """One symbol as TeXicode reads it."""
    if text.isalpha() or text.isdigit() or text in _LITERAL:
        if text.isascii() or text.isalpha():
            return text
    if text == "−":
        return "-"
    command = _commands().get(text)
    if command is None:
        raise Unreadable(f"{text} is not drawn")
    return f"\\{command} "


@lru_cache(maxsize=1)
def _commands() -> dict[str, str]:
    """TeXicode's command for each symbol that it can show."""
    from texicode.arts import multi_line_leaf_commands
    from texicode.symbols_art import symbols

    known: dict[str, Any] = symbols
    commands = {"".join(art): name for name, art in reversed(known.items()) if name.isalpha() and len(art) == 1}
    drawn = {*known, *multi_line_leaf_commands}
    commands = {shown: name for name, (shown, _) in SYMBOLS.items() if name in drawn and name.isalpha()} | commands
    commands |= {shown: name for name, (shown, _) in SYMBOLS.items() if name in multi_line_leaf_commands}
    return commands | {
        "{": "{",
        "}": "}",
        "|": "vert",
        "‖": "|",
        "∥": "|",
        "%": "%",
        "&": "&",
        "_": "_",
        "$": "$",
        "#": "#",
    }


def draw(tex: str) -> tuple[str, ...] | None:
    """TeXicode's rows for a formula, without the margin; None if it could not draw all of it."""
    from texicode.pipeline import render_tex

    try:
        drawn: str = render_tex(tex, False, False, "raw", {"fonts": "normal"})
    except Exception:  # A library of tables and recursion: whatever it trips over, the formula is shown another way.
        return None
    if drawn.startswith("TeXicode:") or drawn.count("?") > tex.count("?") or not drawn.strip():
        return None
    rows = [row.rstrip() for row in drawn.split("\n")]
    margin = min((len(row) - len(row.lstrip(" ")) for row in rows if row), default=0)
    return tuple(row[margin:] for row in rows)
