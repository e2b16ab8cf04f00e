"""Reading Markdown source without parsing it: where code and maths lie, and which dollars are lone.

Clozes are found before Markdown is parsed, because their marks may stand anywhere, in a code block as in a formula.
What `::` and braces mean depends on whether they are in code or maths, so a light lexer finds those first. The rules
for dollars are pandoc's, shared with the parser.
"""

import re
from bisect import bisect_left
from enum import Enum, auto

from nlpcards.core.dataclass import dataclass

_FENCE = re.compile(r"^(?:[ \t>]|[-*+][ \t]|[0-9]{1,9}[.)][ \t])*(`{3,}(?=[^`\n]*$)|~{3,})", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t\r>]*\n")
_INLINE = re.compile(r"\\.|`+|\${1,2}", re.DOTALL)
_OPENS = re.compile(r"[-+]?[A-Za-z0-9\\{(\[|]")
_CLOSES = re.compile(r"[^\s$`\"“‘(]*[^\W_]['})\]|]*$")
_MONEY = re.compile(r"(?:US|AU|A|C|CA|NZ|HK|S|[-+]?[0-9]+(?:[.,][0-9]+)*[kKmM]?)$")
"""What stands before a dollar that is surely the sign of money: the name of a country, or an amount."""


class Kind(Enum):
    """What a region of source is."""

    FENCE = auto()
    CODE = auto()
    MATHS = auto()


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of source that Markdown leaves alone, its delimiters included."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Regions:
    """The code and maths of a source, in order, and the offsets of lone dollars that are not surely text."""

    found: tuple[Region, ...]
    lone_dollars: tuple[int, ...]

    def at(self, offset: int) -> Region | None:
        """The region that an offset lies in, if any."""
        if not self.found:
            return None
        index = bisect_left(self.found, offset + 1, key=lambda region: region.start) - 1
        if index >= 0 and offset < self.found[index].end:
            return self.found[index]
        return None


def escaped(text: str, offset: int) -> bool:
    """Whether an odd number of backslashes stands before an offset."""
    start = offset
    while start > 0 and text[start - 1] == "\\":
        start -= 1
    return (offset - start) % 2 == 1


def dollars(text: str) -> list[int]:
    """The offsets of all dollars that no backslash makes text."""
    return [found.start() for found in re.finditer(r"\$", text) if not escaped(text, found.start())]


def inline_end(text: str, start: int, known: list[int]) -> int:
    """The offset of the dollar that ends the inline maths begun at `start`, or -1.

    It is the next dollar or none: no space may stand just inside either, and no digit after the second, so that
    `$5 and $6` is money.
    """
    if not text[start + 1 : start + 2].strip():
        return -1
    index = bisect_left(known, start + 2)
    if index == len(known) or text[known[index] - 1].isspace() or text[known[index] + 1 : known[index] + 2].isdigit():
        return -1
    return known[index]


def closing_double(text: str, start: int) -> int:
    """The offset of the first unescaped `$$` from a start, or -1."""
    while (found := text.find("$$", start)) >= 0:
        if not escaped(text, found):
            return found
        start = found + 1
    return -1


def regions(text: str) -> Regions:
    """Find the code and the maths of a Markdown source."""
    found: list[Region] = []
    lone: list[int] = []
    position = 0
    while position < len(text):
        fence = _FENCE.search(text, position)
        _running_text(text, position, fence.start() if fence else len(text), found, lone)
        if not fence:
            break
        mark = fence.group(1)
        closing = re.compile(rf"^[ \t>]*{re.escape(mark)}{re.escape(mark[0])}*[ \t\r]*$", re.MULTILINE)
        line_end = text.find("\n", fence.end())
        end = closing.search(text, line_end + 1) if line_end >= 0 else None
        position = end.end() if end else len(text)
        found.append(Region(Kind.FENCE, fence.start(1), position))
    return Regions(tuple(found), tuple(lone))


def _running_text(text: str, start: int, end: int, found: list[Region], lone: list[int]) -> None:
    """Lex the paragraphs between two fences; nothing inline crosses a blank line."""
    while start < end:
        blank = _BLANK_LINE.search(text, start, end)
        stop = blank.start() if blank else end
        _paragraph(text[start:stop], start, found, lone)
        start = blank.end() - 1 if blank else end


def _paragraph(text: str, base: int, found: list[Region], lone: list[int]) -> None:
    if "`" not in text and "$" not in text:
        return
    known = dollars(text)
    runs: dict[int, list[int]] = {}
    for run in re.finditer("`+", text):
        runs.setdefault(len(run.group()), []).append(run.start())
    no_double_after = len(text)
    position = 0
    while token := _INLINE.search(text, position):
        mark, start, position = token.group(), token.start(), token.end()
        if mark[0] == "\\":
            continue
        if mark[0] == "`":
            same = runs.get(len(mark), [])
            index = bisect_left(same, position)
            if index < len(same):
                position = same[index] + len(mark)
                found.append(Region(Kind.CODE, base + start, base + position))
            continue
        if mark == "$$":
            end = closing_double(text, position) if position < no_double_after else -1
            if end > position:
                position = end + 2
                found.append(Region(Kind.MATHS, base + start, base + position))
            else:
                no_double_after = position if end < 0 else no_double_after
                lone.append(base + start)
            continue
        end = inline_end(text, start, known)
        if end > start:
            position = end + 1
            found.append(Region(Kind.MATHS, base + start, base + position))
        elif _OPENS.match(text, position) or _seems_to_close(text, start):
            lone.append(base + start)


def _seems_to_close(text: str, offset: int) -> bool:
    """Whether a dollar that encloses nothing ends something like a formula, whose first dollar was forgotten."""
    before = _CLOSES.search(text, max(0, offset - _FARTHEST), offset)
    return before is not None and not _MONEY.fullmatch(before[0]) and not text[offset + 1 : offset + 2].isalnum()


_FARTHEST = 40
"""So many characters before a dollar are looked at."""
