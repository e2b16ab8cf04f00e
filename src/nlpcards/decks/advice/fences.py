"""Blocks of code that do not end where their author thinks: all that follows is code, too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlpcards.core.markup.source import Kind, Region, regions
from nlpcards.decks.advice.cards import Cards
from nlpcards.decks.layout import WrittenNote, WrittenText
from nlpcards.decks.problems import Problem

_MARK = re.compile(r"`{3,}|~{3,}")


def advise(cards: Cards) -> Iterator[Problem]:
    """Q021, at most once for a text."""
    for written in cards.notes:
        for text in written.texts():
            if ("```" in text.text or "~~~" in text.text) and text.path[0] not in ("typed", "accept"):
                yield from _unclosed(written, text)


def _unclosed(written: WrittenNote, text: WrittenText) -> Iterator[Problem]:
    for region in regions(text.text).found:
        if region.kind is not Kind.FENCE:
            continue
        mark = _MARK.match(text.text, region.start)
        said = None if mark is None else _what_is_wrong(text.text, region, mark[0])
        if mark is not None and said is not None:
            hint = f"End the code with a line of {mark[0]} and nothing else."
            yield written.problem("Q021", text.path, said, hint, offset=region.start)
            return


def _what_is_wrong(text: str, region: Region, mark: str) -> str | None:
    lines = text[region.start : region.end].split("\n")
    char = re.escape(mark[0])
    if mark[0] == "`" and any(re.fullmatch(r"[ \t>]*``[ \t\r]*", line) for line in lines[1:]):
        return "a line of two backticks does not end the code that begins here, so what follows it is code, too"
    # A block that shows how blocks are written has a longer mark than those in it.
    if any(re.fullmatch(rf"[ \t>]*{mark}[ \t]*\w[^`\n]*", line) for line in lines[1:]):
        return "another block of code begins before the one that begins here has ended, so what is between is code, too"
    if len(lines) == 1 or not re.fullmatch(rf"[ \t>]*{char}{{{len(mark)},}}[ \t\r]*", lines[-1]):
        return "the code that begins here is never ended, so all that follows is code, too"
    return None
