"""Formulas on one line: a TeX tree as Unicode text that can be read in one way only.

Scripts become Unicode sub- and superscripts where every character has one, else `_word` or `_(…)`. A fraction is
written with a slash and gets brackets wherever a neighbour could be read into it; so does a root.

What reads alike means alike: brackets that only group are the same as braces, a fraction is the same as a slash
between the same things, letters side by side are the same as a name of those letters, and the shape of a matrix's rows
is the same as commas and semicolons. Apart from that no two formulas share a line.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from nlpcards.core.dataclass import dataclass
from nlpcards.core.markup.tex.symbols import (
    ACCENTS,
    ALIGNED,
    APART,
    FONTS,
    MATRICES,
    SCRIPT_CHARACTERS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    Kind,
)
from nlpcards.core.markup.tex.tree import (
    CLOSE,
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

_MARKS = str.maketrans("", "", OPEN + CLOSE)
_OPERATIONS = (Kind.BINARY, Kind.TIMES, Kind.RELATION)
_FACTORS = (Kind.ORDINARY, Kind.WORD, Kind.QUOTIENT, Kind.ROOT)
_SCRIPT_SIGNS = frozenset("_^")
"""Where these are letters and not signs of a script, they stand in quotation marks."""
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_NO_BASE = "◌"
"""What a script hangs on that has no base, as in the notation of isotopes."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the line, with what its neighbours must know of it."""

    text: str
    kind: Kind
    sticky: bool = False
    """Ends in something that a following letter, digit or bracket could be read into."""
    simple: bool = False
    """One symbol, with or without scripts: needs no brackets under a line or a root."""

    @property
    def shown(self) -> str:
        """The text without marks."""
        return self.text.translate(_MARKS)


def linear(node: Node) -> str:
    """A formula on one line; the marks of revealed clozes stay in it."""
    return _join(_parts(node, tight=False), tight=False)


def _parts(node: Node, *, tight: bool) -> list[_Part]:
    """The pieces of a node; marks are tied to the piece that they stand before or after."""
    items = node.items if isinstance(node, Group) else (node,)
    parts: list[_Part] = []
    opening = ""
    for item in items:
        match item:
            case Mark(text=mark) if mark == OPEN or not parts:
                opening += mark
            case Mark(text=mark):
                parts[-1] = replace(parts[-1], text=parts[-1].text + mark)
            case _:
                added = _node_parts(item, tight=tight)
                if opening and added:
                    added[0] = replace(added[0], text=opening + added[0].text)
                    opening = ""
                parts.extend(added)
    if opening and parts:
        parts[-1] = replace(parts[-1], text=parts[-1].text + opening)
    return parts


def _node_parts(node: Node, *, tight: bool) -> list[_Part]:
    match node:
        case Atom(text=text, kind=kind):
            return [_atom(text, kind)]
        case Mark():
            return []
        case Group():
            return _group(node, tight=tight)
        case Fence(opening=opening, items=items, closing=closing):
            return [
                _Part(opening, Kind.OPENING),
                *_parts(Group(items), tight=tight),
                _Part(closing, Kind.CLOSING),
            ]
        case Script():
            return [_script(node, tight=tight)]
        case Fraction(above=above, below=below):
            return [_Part(_quotient(above, below, tight=tight), Kind.QUOTIENT)]
        case Root():
            return [_root(node, tight=tight)]
        case Accent(name=name, body=body):
            return [_accent(name, body, tight=tight)]
        case Font(name=name, body=body):
            return _in_font(_parts(body, tight=tight), FONTS[name])
        case Name(body=body):
            return _name(body, tight=tight)
        case Call(name=name, arguments=arguments):
            return [_call(name, arguments, tight=tight)]
        case Grid():
            return [_grid(node, tight=tight)]


def _group(group: Group, *, tight: bool) -> list[_Part]:
    """Braces show nothing, but take from a lone comma or sign its space: `10{,}000`."""
    parts = _parts(group, tight=tight)
    if len(parts) == 1 and parts[0].kind in (*_OPERATIONS, Kind.PUNCTUATION):
        return [replace(parts[0], kind=Kind.ORDINARY)]
    return parts


def _atom(text: str, kind: Kind) -> _Part:
    if kind is Kind.WORD:
        shown = f"‘{text}’" if not text.startswith("\\") and set(text) & _SCRIPT_SIGNS else text
        return _Part(shown, kind, simple=_is_word(text))
    return _Part(f"‘{text}’" if text in _SCRIPT_SIGNS else text, kind, simple=kind is Kind.ORDINARY)


def _is_word(text: str) -> bool:
    """Whether a text is one word, which nothing beside it can be read into."""
    return all(char.isalnum() or char in "-." or unicodedata.combining(char) for char in text)


def _bracketed(text: str) -> str:
    """A text in brackets. The mark of a cloze that reaches further than the text stands outside them."""
    before = after = ""
    while text.startswith(OPEN) and text.count(OPEN) > text.count(CLOSE):
        before, text = before + OPEN, text[1:]
    while text.endswith(CLOSE) and text.count(CLOSE) > text.count(OPEN):
        after, text = after + CLOSE, text[:-1]
    return f"{before}({text}){after}"


def _tight(node: Node) -> str:
    return _join(_parts(node, tight=True), tight=True)


def _script(node: Script, *, tight: bool) -> _Part:
    base = _base(node.base, tight=tight)
    below = None if node.below is None else _tight(node.below)
    above = None if node.above is None else _tight(node.above)
    low = None if below is None else _mapped(below, SUBSCRIPTS)
    high = None if above is None else _mapped(above, SUPERSCRIPTS)
    if base.kind is Kind.LARGE and ((below is not None and low is None) or (above is not None and high is None)):
        low = high = None
    small = (low or "") + (high or "").replace("′′′", "‴").replace("′′", "″")
    plain = "".join(
        sign + _unmapped(text)
        for sign, text, done in (("_", below, low), ("^", above, high))
        if text is not None and done is None
    )
    kind = Kind.ORDINARY if base.kind in (Kind.QUOTIENT, Kind.ROOT) else base.kind
    sticky = bool(plain) and not plain.translate(_MARKS).endswith(")")
    return _Part(base.text + small + plain, kind, sticky=sticky, simple=True)


def _base(node: Node | None, *, tight: bool) -> _Part:
    if node is None:
        return _Part(_NO_BASE, Kind.ORDINARY)
    parts = _parts(node, tight=tight)
    if isinstance(node, Fence):
        return _Part(
            _join(parts, tight=tight) if node.closing else _bracketed(_join(parts, tight=tight)), Kind.ORDINARY
        )
    bare = not _holds(node, Script | Fraction | Root)
    if len(parts) == 1 and bare and (_is_word(parts[0].shown) or parts[0].kind is not Kind.WORD):
        return parts[0]
    if parts and all(part.kind in (Kind.WORD, Kind.SPACE) and _is_name(part.shown) for part in parts):
        return _Part(_join(parts, tight=tight), Kind.WORD)
    if isinstance(node, Call) and len(parts) == 1:
        return parts[0]
    text = _join(parts, tight=tight)
    return _Part(_bracketed(text) if text.translate(_MARKS) else text + _NO_BASE, Kind.ORDINARY)


def _is_name(text: str) -> bool:
    """Whether a text is words without scripts of their own, such as `arg max`."""
    return _is_word(text.replace(" ", "")) and SCRIPT_CHARACTERS.isdisjoint(text)


def _holds(node: Node, kinds: Any) -> bool:
    """Whether braces, marks aside, hold one node of these kinds."""
    while isinstance(node, Group):
        inside = [item for item in node.items if not isinstance(item, Mark)]
        if len(inside) != 1:
            return False
        node = inside[0]
    return isinstance(node, kinds) or (isinstance(node, Grid) and node.environment in ALIGNED)


def _mapped(text: str, table: dict[str, str]) -> str | None:
    """The text in small characters, or None if one of them does not exist or would be read as another's."""
    shown = text.translate(_MARKS)
    if not shown:
        return text
    if "′" in shown.lstrip("′"):
        return None
    small = [char if char in (OPEN, CLOSE) else table.get(char) for char in text]
    return None if None in small else "".join(char for char in small if char is not None)


def _unmapped(text: str) -> str:
    """A script that Unicode lacks: bare if it is one word or one sign, else in brackets."""
    shown = text.translate(_MARKS)
    if _is_bare(shown) or (_is_enclosed(shown) and _is_bare(shown[1:-1])):
        return text
    return _bracketed(text)


def _is_bare(shown: str) -> bool:
    """Whether a script reads as one thing without brackets; brackets that the author wrote then stay its only ones."""
    letters = [char for char in unicodedata.normalize("NFC", shown) if not unicodedata.combining(char)]
    return SCRIPT_CHARACTERS.isdisjoint(shown) and (
        (len(letters) == 1 and letters[0] not in "()[]{},;/ ‘’") or all(char.isalnum() for char in letters)
    )


def _is_enclosed(text: str) -> bool:
    """Whether one pair of round brackets holds the whole text."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if not depth and index < len(text) - 1:
            return False
    return depth == 0


def _quotient(above: Node, below: Node, *, tight: bool) -> str:
    """A fraction with a slash, either side in brackets unless it can only be read as one thing."""
    upper, lower = _parts(above, tight=tight), _parts(below, tight=tight)
    derivative = bool(upper) and upper[0].shown == "d"
    top, bottom = _join(upper, tight=tight), _join(lower, tight=tight)
    if not (_is_single(upper, derivative=derivative) or _is_product(upper) or _is_enclosed(top.translate(_MARKS))):
        top = _bracketed(top)
    if not (_is_single(lower, derivative=derivative) or _is_enclosed(bottom.translate(_MARKS))):
        bottom = _bracketed(bottom)
    return f"{top}/{bottom}"


def _is_single(parts: Sequence[_Part], *, derivative: bool = False) -> bool:
    """One symbol, one number, or a derivative's `∂x`; also `dx` where it is known to be one."""
    if len(parts) == 1:
        return parts[0].simple or parts[0].kind is Kind.ROOT
    if len(parts) == 2 and (parts[0].shown.startswith("∂") or (derivative and parts[0].shown == "d")):
        return parts[1].simple
    return _is_number(parts)


def _is_number(parts: Sequence[_Part]) -> bool:
    return all(part.kind is Kind.ORDINARY for part in parts) and bool(
        _NUMBER.fullmatch("".join(part.shown for part in parts))
    )


def _is_product(parts: Sequence[_Part]) -> bool:
    """Symbols side by side and names applied to brackets, such as `f(a + b)`: no operation at the outer level."""
    depth = 0
    for index, part in enumerate(parts):
        depth += (part.kind is Kind.OPENING) - (part.kind is Kind.CLOSING)
        applied = part.kind is Kind.WORD and index + 1 < len(parts) and parts[index + 1].kind is Kind.OPENING
        if not depth and not applied and part.kind not in (Kind.ORDINARY, Kind.OPENING, Kind.CLOSING):
            return False
    return bool(parts)


def _root(node: Root, *, tight: bool) -> _Part:
    parts = _parts(node.body, tight=tight)
    text = _join(parts, tight=tight)
    sign = "√"
    if node.degree is not None:
        degree = _tight(node.degree)
        sign = {"2": "√", "3": "∛", "4": "∜"}.get(degree, "")
        if not sign:
            return _Part(f"root({_argument(node.degree, tight=tight)}, {_argument(node.body, tight=tight)})", Kind.WORD)
    raised = any(char in SCRIPT_CHARACTERS and char not in SUBSCRIPTS.values() for char in text)
    if _is_single(parts) and parts[0].kind is Kind.ORDINARY and not raised and " " not in text and "^" not in text:
        return _Part(sign + text, Kind.ROOT)
    return _Part(
        sign + (text if _is_enclosed(text.translate(_MARKS)) else _bracketed(text)), Kind.ORDINARY, simple=True
    )


def _accent(name: str, body: Node, *, tight: bool) -> _Part:
    text = _join(_parts(body, tight=tight), tight=tight)
    shown = text.translate(_MARKS)
    letters = [char for char in shown if not unicodedata.combining(char)]
    if len(letters) == 1 and letters[0].isprintable() and not letters[0].isspace():
        accented = unicodedata.normalize("NFC", shown + ACCENTS[name])
        return _Part(text.replace(shown, accented) if shown in text else accented, Kind.ORDINARY, simple=True)
    return _Part(f"{name.removeprefix('wide')}({text})", Kind.WORD, simple=True)


def _in_font(parts: Iterable[_Part], table: dict[str, str]) -> list[_Part]:
    def lettered(text: str) -> str:
        bare = unicodedata.normalize("NFD", text)
        return unicodedata.normalize("NFC", "".join(table.get(char, char) for char in bare))

    return [replace(part, text=lettered(part.text)) for part in parts]


def _name(body: Node, *, tight: bool) -> list[_Part]:
    """A name: its letters run together; what is more than letters and signs is only set upright, and stays maths."""
    items = body.items if isinstance(body, Group) else (body,)
    if not all(isinstance(item, Mark | Atom) for item in items):
        return _parts(body, tight=tight)
    parts = _parts(body, tight=True)
    if len(parts) == 1:
        return parts
    text = "".join(" " if part.kind is Kind.SPACE else part.text.replace("−", "-") for part in parts).strip()
    return [_Part(text, Kind.WORD, simple=_is_word(text.translate(_MARKS)))]


def _argument(node: Node, *, tight: bool) -> str:
    """One of several things between commas or semicolons, in brackets if it holds some itself."""
    parts = _parts(node, tight=tight)
    depth = 0
    for part in parts:
        depth += (part.kind is Kind.OPENING) - (part.kind is Kind.CLOSING)
        if depth <= 0 and part.kind in (Kind.PUNCTUATION, Kind.LINES):
            return _bracketed(_join(parts, tight=tight))
    return _join(parts, tight=tight)


def _call(name: str, arguments: Sequence[Node], *, tight: bool) -> _Part:
    texts = [_argument(argument, tight=tight) for argument in arguments]
    if name == "pmod":
        return _Part(f"(mod {texts[0]})", Kind.WORD)
    if name.endswith("brace") and len(texts) == 2:
        return _Part(f"{{{texts[0]}: {texts[1]}}}", Kind.ORDINARY, simple=True)
    if name.endswith("brace"):
        return _Part(_bracketed(texts[0]), Kind.ORDINARY, simple=True)
    return _Part(f"{name.removeprefix('d').removeprefix('t')}({', '.join(texts)})", Kind.WORD, simple=True)


def _grid(node: Grid, *, tight: bool) -> _Part:
    if node.environment in ALIGNED:
        rows = [_row(row, tight=tight) for row in node.rows]
        return _Part("; ".join(rows), Kind.LINES if len(rows) > 1 else Kind.QUOTIENT)
    opening, closing = MATRICES[node.environment]
    texts = [", ".join(_argument(cell, tight=tight) for cell in row) for row in node.rows]
    return _Part(opening + "; ".join(texts) + closing, Kind.ORDINARY, simple=True)


def _row(cells: Sequence[Group], *, tight: bool) -> str:
    """One of several equations, in brackets if it is several itself."""
    parts = [part for cell in cells for part in _parts(cell, tight=tight)]
    text = _join(parts, tight=tight)
    return _bracketed(text) if [part.kind for part in parts] == [Kind.LINES] else text


def _join(parts: Sequence[_Part], *, tight: bool) -> str:
    """Put pieces side by side, with the space and the brackets that keep them apart."""
    settled = _settle(parts)
    line = ""
    previous: _Part | None = None
    room = ""
    for part in settled:
        if part.kind is Kind.SPACE:
            room = "" if previous is None else max(room, part.shown)
            line += "".join(char for char in part.text if char in (OPEN, CLOSE))
            continue
        if previous is not None and (room or _apart(previous, part, tight=tight)):
            line = line if line.endswith(" ") or part.shown.startswith(" ") else line + (room or " ")
        line += part.text
        previous, room = part, ""
    return line.strip(" ")


def _apart(left: _Part, right: _Part, *, tight: bool) -> bool:
    """Whether a space stands between two pieces."""
    pair = (left.kind, right.kind)
    if left.sticky and left.kind in (*_OPERATIONS, Kind.OPENING):
        return True
    if left.kind is Kind.OPENING or right.kind in (Kind.CLOSING, Kind.PUNCTUATION):
        return False
    if not tight and (left.kind is Kind.PUNCTUATION or any(kind in _OPERATIONS for kind in pair)):
        return "/" not in (left.shown, right.shown)
    if any(kind in _OPERATIONS for kind in pair) or left.kind is Kind.PUNCTUATION:
        return False
    if left.sticky:
        return True
    if left.kind is Kind.WORD:
        return right.kind is not Kind.OPENING
    if right.kind is Kind.WORD:
        return True
    return Kind.LARGE in pair and not (right.kind is Kind.LARGE and left.kind is Kind.LARGE and tight)


def _settle(parts: Sequence[_Part]) -> list[_Part]:
    """Decide which signs are signs of a number, and which fractions and roots need brackets."""
    settled = list(parts)
    solid = [index for index, part in enumerate(settled) if part.kind is not Kind.SPACE]
    for place, index in enumerate(solid):
        part = settled[index]
        before = settled[solid[place - 1]] if place else None
        after = settled[solid[place + 1]] if place + 1 < len(solid) else None
        if before is not None and any(each.shown == APART for each in settled[solid[place - 1] : index]):
            before = None
        if after is not None and any(each.shown == APART for each in settled[index : solid[place + 1]]):
            after = None
        if part.kind in (Kind.BINARY, Kind.TIMES):
            ends = (*_OPERATIONS, Kind.OPENING, Kind.PUNCTUATION, Kind.LARGE)
            if before is None or before.kind in ends or after is None or after.kind in (Kind.CLOSING, Kind.RELATION):
                settled[index] = replace(part, kind=Kind.OPENING if after is not None else Kind.ORDINARY)
        elif part.kind is Kind.LINES:
            if len(solid) > 1:
                settled[index] = replace(part, text=_bracketed(part.text), kind=Kind.ORDINARY)
        elif part.kind is Kind.QUOTIENT:
            bound = (*_FACTORS, Kind.TIMES, Kind.LARGE)
            if (before is not None and (before.kind in (*bound, Kind.CLOSING) or before.shown == "/")) or (
                after is not None and after.kind in (*bound, Kind.OPENING)
            ):
                settled[index] = replace(part, text=_bracketed(part.text), kind=Kind.ORDINARY)
        elif part.kind is Kind.ROOT and after is not None and after.kind in (*_FACTORS, Kind.OPENING):
            start = part.text.index(part.shown[0]) + 1
            settled[index] = replace(part, text=f"{part.text[:start]}({part.text[start:]})", kind=Kind.ORDINARY)
    return settled
