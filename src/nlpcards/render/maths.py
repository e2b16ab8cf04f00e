"""Maths for the terminal: formulas in two dimensions or on one line, as Unicode text.

TeXicode lays formulas out in two dimensions; what it cannot draw fully is None, so that the caller shows the formula on
one line instead, which is our own doing. Clozes pass through both as characters of a private plane, so that what is
hidden leaves no trace in the layout and what is revealed can be marked. No formula raises: at worst its source is
shown.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from nlpcards.core.markup.tex.parser import Unreadable, parse, tokenize
from nlpcards.core.markup.tex.symbols import SCRIPT_CHARACTERS
from nlpcards.core.markup.tex.tree import CLOSE, OPEN
from nlpcards.core.markup.tree import Piece
from nlpcards.render.cells import cell_width
from nlpcards.render.style import Line, Span, Style, joined
from nlpcards.render.tex_block import FIRST_ALIAS, LAST_ALIAS, Writer, draw
from nlpcards.render.tex_linear import linear
from nlpcards.render.view import View, label, view

_PRIVATE = re.compile("[\U000f0000-\U000fffff]")
_FIRST_HOLE = 0xF0000
_MOST_HOLES = 0xF000
_ALIASES = re.compile(f"[{chr(FIRST_ALIAS)}-{chr(LAST_ALIAS)}]")


def inline(tex: str) -> str:
    """A formula on one line that can be read in one way only; its source if it cannot be parsed."""
    return _linear(_PRIVATE.sub("\ufffd", tex))


def block(tex: str) -> tuple[str, ...] | None:
    """A formula as rows of Unicode text, or None if it can only be shown on one line or as source."""
    rows = block_pieces((tex,), ask=None, reveal=True)
    return None if rows is None else tuple("".join(span.text for span in row) for row in rows)


def inline_pieces(pieces: Sequence[Piece], *, ask: int | None, reveal: bool) -> Line:
    """A formula with clozes on one line, what is hidden and what is revealed in styles of their own."""
    tex, labels = _with_holes(pieces, ask, reveal)
    spans: list[Span] = []
    style = Style.MATHS
    for char in _linear(tex):
        if char == OPEN:
            style = Style.MATHS | Style.ANSWER
        elif char == CLOSE:
            style = Style.MATHS
        elif char in labels:
            spans.append(Span(labels[char], Style.MATHS | Style.CLOZE))
        else:
            spans.append(Span(char, style))
    return joined(spans)


def block_pieces(pieces: Sequence[Piece], *, ask: int | None, reveal: bool) -> tuple[Line, ...] | None:
    """A formula with clozes in two dimensions; None if it cannot be drawn so, or if its marks would be lost."""
    tex, labels = _with_holes(pieces, ask, reveal)
    if _ALIASES.search(tex):
        return None
    narrow = {hole: text if cell_width(text) == len(text) <= 24 else "[…]" for hole, text in labels.items()}
    writer = Writer(narrow)
    try:
        source = writer.write(parse(tex))
    except (Unreadable, RecursionError):
        return None
    if not writer.revealed_all or not source:
        return None
    rows = draw(source)
    if rows is None or OPEN in source or CLOSE in source:
        return None
    if len(rows) == 1:
        return (inline_pieces(pieces, ask=ask, reveal=reveal),)
    return tuple(_unaliased(row, writer) for row in rows)


def _unaliased(row: str, writer: Writer) -> Line:
    """A drawn row with the aliases replaced by what they stand for."""
    spans: list[Span] = []
    trailing = False
    for char in row:
        if char in writer.aliases:
            shown, style = writer.aliases[char]
            trailing = char in writer.trailing
        else:
            trailing = trailing and char in SCRIPT_CHARACTERS
            shown, style = char, Style.ANSWER if trailing else Style.PLAIN
        spans.append(Span(shown, Style.MATHS | style))
    return joined(spans)


@lru_cache(maxsize=512)
def _linear(tex: str) -> str:
    try:
        return linear(parse(tex))
    except (Unreadable, RecursionError):  # Scripts may chain through clozes deeper than braces may nest.
        return " ".join(tex.split())


def _with_holes(pieces: Sequence[Piece], ask: int | None, reveal: bool) -> tuple[str, dict[str, str]]:
    """The TeX with a private character for each hidden cloze and marks round each revealed one."""
    tex = ""
    labels: dict[str, str] = {}
    for piece in pieces:
        if isinstance(piece, str):
            tex += _PRIVATE.sub("\ufffd", piece)
            continue
        match view(piece, ask, reveal):
            case View.HIDDEN:
                hole = chr(_FIRST_HOLE + len(labels) % _MOST_HOLES)
                labels[hole] = label(piece)
                tex += hole
            case View.ANSWER:
                tex += grouped(tex, f"{OPEN}{_PRIVATE.sub(chr(0xFFFD), ''.join(piece.children))}{CLOSE}")
            case View.SHOWN:
                tex += grouped(tex, _PRIVATE.sub("\ufffd", "".join(piece.children)))
    return tex, labels


def grouped(before: str, text: str) -> str:
    """The text of a cloze in braces where it is meant as one script, as in `x_{{c1::t-1}}`."""
    if before.rstrip().endswith(("_", "^")) and len(tokenize(text.strip(OPEN + CLOSE))) > 1:
        return f"{{{text}}}"
    return text
