"""Cloze cards written with `[brackets]`, as numbered spans: each pair of brackets is a card of its own."""

from __future__ import annotations

import re

from nlpcards.core.markup.cloze import HIGHEST_NUMBER, scan
from nlpcards.core.markup.source import Kind, Regions, regions

_TOKEN = re.compile(r"\\[\[\]]|!\[[^\[\]\n]*\]|[\[\]]")
_CLOZE = re.compile(r"\{\{(?=\s*[cC]\s*[0-9])")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


class NoCloze(ValueError):
    """A text has no bracket to fill in, or one that cannot be written as a span; the message says which."""


def with_spans(text: str) -> str:
    r"""The text with each `[x]` as `{{c1::x}}`, `{{c2::…}}` and so on.

    `\[` and `\]` are brackets that are text, in formulas and code too; `![…]` is a picture's. Of brackets within
    brackets the innermost are the span; those around it, and any that have no partner, are text, as are empty ones.

    Raises:
        NoCloze: there is no span, or braces in one do not balance.
    """
    pairs = _pairs(text)
    if not pairs:
        raise NoCloze("it has no [brackets] to fill in")
    if len(pairs) > HIGHEST_NUMBER:
        raise NoCloze(f"it has more than {HIGHEST_NUMBER} pairs of brackets")
    found = regions(text)
    starts = {start: number for number, (start, _) in enumerate(pairs, 1)}
    ends = {end: start for start, end in pairs}
    parts: list[str] = []
    position = 0
    opened = -1
    for token in _TOKEN.finditer(text):
        at = token.start()
        before = _between(text, position, at, found, inside=opened >= 0)
        position = token.end()
        if at in starts:
            parts += [before, f"{{{{c{starts[at]}::"]
            opened = len(parts)
        elif at in ends and opened >= 0:
            parts.append(before)
            parts.append("}}")
            opened = -1
        else:
            parts += [before, _literal(token.group(), found, at)]
    parts.append(_between(text, position, len(text), found, inside=False))
    written = "".join(parts)
    read = scan(written)
    if read.errors or [span.number for span in read.spans] != [*range(1, len(pairs) + 1)]:
        raise NoCloze("the braces within its [brackets] do not balance")
    return written


def _pairs(text: str) -> list[tuple[int, int]]:
    pairs = []
    start = -1
    for token in _TOKEN.finditer(text):
        if token.group() == "[":
            start = token.start()
        elif token.group() == "]":
            if start >= 0 and text[start + 1 : token.start()].strip():
                pairs.append((start, token.start()))
            start = -1
    return pairs


def _literal(token: str, found: Regions, at: int) -> str:
    region = found.at(at)
    if token in ("[", "]"):
        return token if region else f"\\{token}"
    # In a formula or in code the backslash would be part of it.
    return token[1:] if region and token[0] == "\\" else token


def _between(text: str, start: int, end: int, found: Regions, *, inside: bool) -> str:
    """Text with nothing in it that would begin a cloze or, within one, end it or begin its hint."""
    part = text[start:end]
    if "{" not in part and "}" not in part and "::" not in part:
        return part
    if found.at(start) is not None or (end > start and found.at(end - 1) is not None):
        return part
    part = _CLOZE.sub(r"\\{{", part)
    if not inside:
        return part
    if not any(region.kind is not Kind.MATHS and start <= region.start < end for region in found.found):
        # In code it is text already, and the backslash would be too.
        part = part.replace("::", r"\::")
    depth = 0
    for brace in _BRACE.finditer(part):
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if depth < 0:
            break
    return part if depth == 0 else re.sub(r"(?<!\\)([{}])", r"\\\1", part)
