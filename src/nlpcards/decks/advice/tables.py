"""Table rows with more cells than the head: what is too many is not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlpcards.core.markup.cloze import scan_within
from nlpcards.core.markup.marks import clean
from nlpcards.core.markup.source import Kind, Regions, regions
from nlpcards.core.words import count
from nlpcards.decks.advice.cards import Cards
from nlpcards.decks.layout import WrittenNote, WrittenText
from nlpcards.decks.problems import Problem
from nlpcards.decks.source import shortened

_DIVIDER = re.compile(r"^(?=[^\w\n-]*+-)[^\w\n]*+$", re.MULTILINE)
"""What may be the line below a head."""

_PARTING = re.compile(r"(?<!\\)\|")
_BEFORE = re.compile(r"(?:[ \t>]|[-*+][ \t]|[0-9]{1,9}[.)][ \t])*")
"""The marks of quotes and lists that a row stands in."""

_MOST_ROWS = 5
"""So many rows of a text are named: what is wrong with one is mostly wrong with all."""


def advise(cards: Cards) -> Iterator[Problem]:
    """Q020, on every text that is Markdown."""
    for written in cards.notes:
        for text in written.texts():
            if "|" in text.text and text.path[0] not in ("typed", "accept") and _DIVIDER.search(text.text):
                yield from _rows(written, text)


def _rows(written: WrittenNote, text: WrittenText) -> Iterator[Problem]:
    source = clean(text.text)
    found = regions(source)
    masked = _masked(source, found, cloze=text.cloze)
    lines = masked.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    told = 0
    for columns, at in _table_rows(masked):
        if at >= len(lines) or told == _MOST_ROWS:
            return
        cells = _cells(lines[at])
        start, end = starts[at], starts[at + 1] - 1
        bars = [each.start() for each in _PARTING.finditer(masked, start, end)]
        in_code = any(
            (region := found.at(bar)) is not None and region.kind is Kind.CODE and region.end <= end for bar in bars
        )
        if len(cells) <= columns or not (in_code or any(map(str.strip, cells[columns:]))):
            continue
        told += 1
        row = shortened(source[start:end].strip())
        said = f"the row “{row}” has {count(len(cells), 'cell')} below a head of {columns:,}"
        yield written.problem(
            "Q020",
            text.path,
            f"{said}, and what is too many is not shown",
            r"In a table a bar parts cells, in code too: write `\|` for one that is text."
            if in_code
            else r"Write `\|` for a bar that is text, or give the head another cell.",
            offset=start,
        )


def _masked(source: str, found: Regions, *, cloze: bool) -> str:
    """The source, as long as before, in which the bars of formulas and the marks and hints of clozes part no cells."""
    hidden = [(region.start, region.end) for region in found.found if region.kind is Kind.MATHS]
    if cloze:
        for span in scan_within(source, found).spans:
            hidden += [(span.start, span.text_start), (span.text_end, span.end)]
    kept = list(source)
    for start, end in hidden:
        while (start := source.find("|", start, end)) >= 0:
            kept[start] = "x"
            start += 1
    return "".join(kept)


def _table_rows(source: str) -> Iterator[tuple[int, int]]:
    """For each row of a table's body how many cells the head has, and the row's line, from 0."""
    # It takes longer to import than most texts to read.
    from nlpcards.core.markup.grammar import tokens

    columns, in_body = 0, False
    for token in tokens(source):
        match token.type:
            case "table_open":
                columns, in_body = 0, False
            case "th_open":
                columns += 1
            case "tbody_open":
                in_body = True
            case "tr_open" if in_body and token.map is not None:
                yield columns, token.map[0]
            case _:
                pass


def _cells(line: str) -> list[str]:
    """What stands between the bars of a row."""
    bare = line[before.end() if (before := _BEFORE.match(line)) else 0 :].strip()
    parts = _PARTING.split(bare)
    parts = parts[1:] if not parts[0] else parts
    return parts[:-1] if parts and not parts[-1] else parts
