"""Breaking spans into lines that fit a width measured in cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlpcards.render.cells import cell_width, chop
from nlpcards.render.spans import NEWLINE
from nlpcards.render.style import Line, Span, Style, joined

_WIDE = "\u2e80-\u2fff\u3005-\u3007\u3021-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORDS_AND_SPACES = re.compile(rf"\n|[ \t]+|(?P<wide>[{_WIDE}][。，、！？：；）」』】]*)|[^ \t\n{_WIDE}]+")
"""Chinese and Japanese break between any two characters, but not before punctuation that closes."""
_SIGN = "↪ "


def wrap(spans: Sequence[Span], width: int) -> list[Line]:
    """Running text in lines no wider than `width`, broken between words, and within a word only if it must be."""
    lines: list[Line] = []
    line: list[Span] = []
    used = 0
    gap: Span | None = None

    def finish() -> None:
        nonlocal used, gap
        lines.append(joined(line))
        line.clear()
        used, gap = 0, None

    for word in _words(spans):
        first = word[0]
        if first.text == NEWLINE:
            finish()
            continue
        if first.text.isspace():
            gap = replace(first, text=" ") if line else None
            continue
        size = sum(cell_width(part.text) for part in word)
        if line and used + (gap is not None) + size > width:
            finish()
        if gap is not None:
            line.append(gap)
            used += 1
            gap = None
        for part in word:
            for piece in _fitting(part, width - used, width):
                if used and used + cell_width(piece) > width:
                    finish()
                line.append(replace(part, text=piece))
                used += cell_width(piece)
    if line or not lines:
        finish()
    return lines


def longest_word(spans: Sequence[Span]) -> int:
    """The cells of the longest stretch that `wrap` breaks only if it must."""
    return max((sum(cell_width(part.text) for part in word) for word in _words(spans)), default=0)


def _words(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Words, of which one may be in several styles, and what stands between them."""
    word: list[Span] = []
    for span in spans:
        for found in _WORDS_AND_SPACES.finditer(span.text):
            part = replace(span, text=found.group())
            if part.text.isspace() or found.group("wide"):
                if word:
                    yield word
                    word = []
                yield [part]
            else:
                word.append(part)
    if word:
        yield word


def _fitting(part: Span, room: int, width: int) -> list[str]:
    """A part of a word in pieces: whole if it fits a line, else cut wherever a line ends."""
    if cell_width(part.text) <= max(room, 0):
        return [part.text]
    if cell_width(part.text) <= width:
        return [part.text]
    return chop(part.text, width)


def fold(spans: Sequence[Span], width: int, *, tab: int = 4) -> list[Line]:
    """Lines of code no wider than `width`: all space is kept, and a line that goes on says so."""
    lines: list[Line] = []
    for source in _lines(spans):
        line: list[Span] = []
        used = 0
        for span in source:
            text = _expanded(span.text, used, tab)
            for piece in _cut(text, width - used, width - len(_SIGN)):
                if used and used + cell_width(piece) > width:
                    lines.append(joined(line))
                    line, used = [Span(_SIGN, Style.MARKER)], len(_SIGN)
                line.append(replace(span, text=piece))
                used += cell_width(piece)
        lines.append(joined(line))
    return lines


def _lines(spans: Sequence[Span]) -> list[list[Span]]:
    lines: list[list[Span]] = [[]]
    for span in spans:
        for index, text in enumerate(span.text.split("\n")):
            if index:
                lines.append([])
            if text:
                lines[-1].append(replace(span, text=text))
    return lines


def _expanded(text: str, used: int, tab: int) -> str:
    """The text with its tabs as the space that they make at this column."""
    if "\t" not in text:
        return text
    expanded = ""
    for part in re.split("(\t)", text):
        expanded += " " * (tab - (used + cell_width(expanded)) % tab) if part == "\t" else part
    return expanded


def _cut(text: str, room: int, width: int) -> list[str]:
    """The text cut first at the room that is left, then at every full width."""
    if cell_width(text) <= room:
        return [text]
    pieces = chop(text, room) if room >= 2 else []
    first = pieces[0] if pieces else ""
    rest = text[len(first) :]
    return [piece for piece in (first, *chop(rest, width)) if piece]
