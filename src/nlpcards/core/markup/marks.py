"""Carrying clozes through a Markdown parser that does not know them.

The marks of a cloze are replaced by noncharacters before parsing. Unicode promises that these are never text, and a
Markdown parser passes them through every context (words, code, formulas, cells) as if they were letters. The tree
builder pairs them up again. Each mark carries the index of its cloze in octal digits, noncharacters too, so that a
mark lost in an address is noticed.
"""

import re

from nlpcards.core.markup.cloze import ClozeSpan
from nlpcards.core.markup.source import Kind, Regions

OPEN = "\ufdd0"
CLOSE = "\ufdd1"
PIPE = "\ufdd2"
"""A `|` inside a formula, hidden from the parser of tables."""

_DIGITS = "\ufdd4\ufdd5\ufdd6\ufdd7\ufdd8\ufdd9\ufdda\ufddb"
_RESERVED = re.compile("[\ufdd0-\ufdef\ud800-\udfff]")
_MARK = re.compile(f"([{OPEN}{CLOSE}])([{_DIGITS}]+)")
MARKS = f"[{OPEN}{CLOSE}][{_DIGITS}]+"
"""A pattern that matches one mark."""

Mark = tuple[bool, int]
"""Whether a mark opens, and the index of its cloze."""


def clean(text: str) -> str:
    """The text without the characters that marks are made of, each replaced by one other, so that offsets hold."""
    return _RESERVED.sub("\ufffd", text)


def mark(text: str, spans: tuple[ClozeSpan, ...], found: Regions) -> str:
    """The text with its clozes' marks replaced."""
    parts: list[str] = []
    position = 0
    for index, span in enumerate(spans):
        digits = "".join(_DIGITS[int(digit)] for digit in oct(index)[2:])
        parts += [_protected(text, position, span.start, found), OPEN, digits]
        shown = _protected(text, span.text_start, span.text_end, found).replace("\\::", "::")
        parts += [shown, CLOSE, digits]
        position = span.end
    parts.append(_protected(text, position, len(text), found))
    return "".join(parts)


def _protected(text: str, start: int, end: int, found: Regions) -> str:
    if "|" not in text:
        return text[start:end]
    parts: list[str] = []
    for region in found.found:
        if region.kind is Kind.MATHS and region.end > start and region.start < end:
            inside = max(region.start, start), min(region.end, end)
            parts += [text[start : inside[0]], text[inside[0] : inside[1]].replace("|", PIPE)]
            start = inside[1]
    return "".join([*parts, text[start:end]])


def split(text: str) -> list[str | Mark]:
    """Take a parsed text apart into words and marks, in order."""
    parts: list[str | Mark] = []
    position = 0
    for found in _MARK.finditer(text):
        if found.start() > position:
            parts.append(text[position : found.start()].replace(PIPE, "|"))
        index = int("".join(str(_DIGITS.index(digit)) for digit in found.group(2)), 8)
        parts.append((found.group(1) == OPEN, index))
        position = found.end()
    if position < len(text):
        parts.append(text[position:].replace(PIPE, "|"))
    return parts


def without(text: str) -> str:
    """The text without any mark."""
    return _MARK.sub("", text).replace(PIPE, "|")
