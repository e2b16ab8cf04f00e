"""Words, marks and breaks of HTML to lines of Markdown: each mark where Markdown can see it begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias

from nlpcards.decks.importing.plain import escaped, join_paragraphs


@dataclass(frozen=True, slots=True)
class Leaf:
    """Code, a formula or a picture: Markdown already."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Open:
    """A mark begins: `*`, `**`, `~~`, `[`, `sub` or `sup`."""

    mark: str


@dataclass(frozen=True, slots=True)
class Close:
    """A mark ends; a link with its address."""

    mark: str
    ending: str = ""


class Mark(Enum):
    """The end of a line."""

    BREAK = auto()
    """Asked for: two of them leave a blank line."""
    LINE = auto()
    """The border of a block that begins a line; it adds nothing to another line end."""


BREAK: Final = Mark.BREAK

Inline: TypeAlias = "str | Leaf | Open | Close | Mark"

_LOWERED = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_RAISED = dict(zip("0123456789+-=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))


def lines_of(inlines: Iterable[Inline], *, in_table: bool = False, paragraphs: bool = False) -> list[str]:
    """The lines of some inlines, empty ones left out; with `paragraphs`, the paragraphs that blank lines part.

    In a table all lines are cells' parts, in which a bar is text.
    """
    groups: list[list[str]] = [[]]
    line: list[Inline] = []
    marks: list[str] = []
    breaks = 0
    for item in (*inlines, Mark.LINE):
        if not isinstance(item, Mark):
            line.append(item)
            continue
        filled = any(isinstance(each, Leaf) or (isinstance(each, str) and each.strip()) for each in line)
        if filled:
            written, marks = _line(line, marks, in_table=in_table)
            groups[-1].append(written)
            line = []
            breaks = 0
        breaks += item is BREAK
        if breaks > 1 - filled and groups[-1] and not filled:
            groups.append([])
    lines = [group for group in groups if group]
    return [join_paragraphs([group]) for group in lines] if paragraphs else [each for group in lines for each in group]


def _line(inlines: list[Inline], open_before: list[str], *, in_table: bool) -> tuple[str, list[str]]:
    """One line, and the marks that are still open at its end; they are closed in it and opened in the next."""
    items = _balanced([*(Open(mark) for mark in open_before), *inlines])
    still_open: list[str] = []
    for item in inlines:
        if isinstance(item, Open) and item.mark not in ("[", "sub", "sup"):
            still_open.append(item.mark)
        elif isinstance(item, Close) and item.mark in still_open:
            still_open.remove(item.mark)
    # A mark that is open twice is as one that is open once; every line would begin with all of them.
    still_open = list(dict.fromkeys([mark for mark in open_before if Close(mark) not in inlines] + still_open))
    parts: list[str] = []
    script: list[tuple[str, int]] = []
    blank = True
    for item in items:
        match item:
            case str():
                # The text alone begins the line where nothing stands before it.
                text = _spaced(item, parts, begins=blank and not in_table)
                blank = blank and not text.strip()
                parts.append(text.replace("|", "\\|") if in_table else text)
            case Leaf(markdown=markdown):
                # The reader of tables knows formulas, in which `\|` is a sign of its own.
                blank = False
                parts.append(markdown.replace("|", "\\|") if in_table and markdown[0] != "$" else markdown)
            case Open(mark="sub" | "sup" as kind):
                script.append((kind, len(parts)))
            case Close(mark="sub" | "sup"):
                if script:
                    which, start = script.pop()
                    parts[start:] = [_script(which, "".join(parts[start:]))]
            case Open(mark=mark):
                parts.append(mark)
            case Close(mark=mark, ending=ending):
                _close(parts, mark, ending)
            case Mark():
                raise AssertionError("a line has no line end in it")
    return "".join(parts).rstrip(" "), still_open


def _balanced(items: list[Inline]) -> list[Inline]:
    """The same with each mark once at a time, closed innermost first, and all closed at the end."""
    balanced: list[Inline] = []
    opened: list[str] = []
    for item in items:
        if isinstance(item, Open):
            if item.mark in opened:
                continue
            if balanced and isinstance(last := balanced[-1], Close) and last.mark == item.mark and item.mark != "[":
                # `**a****b**` would not be read as two strong words beside each other.
                balanced.pop()
            else:
                balanced.append(item)
            opened.append(item.mark)
        elif isinstance(item, Close):
            if item.mark not in opened:
                continue
            above: list[str] = []
            while (mark := opened.pop()) != item.mark:
                balanced.append(Close(mark, "]" if mark == "[" else ""))
                above.append(mark)
            balanced.append(item)
            for mark in reversed(above):
                if mark not in ("[", "sub", "sup"):
                    balanced.append(Open(mark))
                    opened.append(mark)
        else:
            balanced.append(item)
    for mark in reversed(opened):
        balanced.append(Close(mark, "]" if mark == "[" else ""))
    return balanced


def _spaced(text: str, parts: list[str], *, begins: bool) -> str:
    """A text escaped, without the space that a line may not begin with; a no-break space is a space elsewhere."""
    before = "".join(parts[-1:])
    if begins and not parts:
        indent = re.match(r"[ \xa0]*", text)
        width = indent.group().count("\xa0") if indent else 0
        text = text.lstrip(" \xa0")
        return "\xa0" * width + escaped(text.replace("\xa0", " "), line_start=True)
    text = text.replace("\xa0", " ")
    written = escaped(text.lstrip(), line_start=begins) if begins else escaped(text)
    if before.endswith("$") and written[:1].isdigit():
        # A digit after it would make the dollar one of money.
        return f"&#{ord(written[0])};{written[1:]}"
    if before.endswith("]") and written.startswith(("(", ":")):
        return f"\\{written}"
    return written


def _close(parts: list[str], mark: str, ending: str) -> None:
    """End a mark, with the spaces just inside it moved outside; a mark round nothing is dropped."""
    start = len(parts) - 1
    while parts[start] != mark:
        start -= 1
    inner = "".join(parts[start + 1 :])
    bare = inner.strip(" ")
    if not bare or ending == "]":
        parts[start:] = [inner]
        return
    before, after = inner[: len(inner) - len(inner.lstrip(" "))], inner[len(inner.rstrip(" ")) :]
    parts[start:] = [f"{before}{mark}{bare}{ending or mark}{after}"]


def _script(kind: str, text: str) -> str:
    """What stands below or above the line, in Unicode where that has it, else as a formula."""
    table = _LOWERED if kind == "sub" else _RAISED
    if all(char in table for char in text):
        return "".join(table[char] for char in text)
    sign = "_" if kind == "sub" else "^"
    if text.startswith("$") and text.endswith("$") and len(text) > 2:
        return f"${sign}{{{text.strip('$')}}}$"
    if all(char.isalnum() and char.isascii() for char in text):
        return f"${sign}{{\\text{{{text}}}}}$" if len(text) > 1 else f"${sign}{{{text}}}$"
    return f"\\{sign}({text})" if text.strip() else text
