"""Tables in a terminal: columns as wide as they need, narrower and wrapped where they must be.

A table whose words would have to be broken to fit is shown row by row instead, each cell under its heading.
"""

from collections.abc import Sequence

from nlpcards.core.markup.tree import Alignment, Table
from nlpcards.render.cells import cell_width
from nlpcards.render.spans import Side, spans
from nlpcards.render.style import Line, Span, Style, joined
from nlpcards.render.wrap import longest_word, wrap

_NARROWEST = 6
"""A column narrower than this is not read but deciphered."""
_LONGEST_WORD = 18
"""A word longer than this is broken rather than that the table falls apart for it."""
_BORDER = " │ "


def table_lines(table: Table, width: int, side: Side) -> list[Line]:
    """A table in lines no wider than `width`; row by row if its columns do not fit side by side."""
    header = [spans(cell, side, Style.STRONG) for cell in table.header]
    rows = [[spans(cell, side) for cell in row] for row in table.rows]
    widths = _widths([header, *rows], width - len(_BORDER) * (len(header) - 1))
    if widths is None:
        return _stacked(header, rows, width)
    lines = _row(header, widths, table.alignments)
    lines.append(_rule("─", widths))
    shown = [_row(row, widths, table.alignments) for row in rows]
    roomy = any(len(row) > 1 for row in shown)
    for number, row in enumerate(shown):
        if number and roomy:
            lines.append(_rule("╌", widths))
        lines += row
    return lines


def _rule(sign: str, widths: Sequence[int]) -> Line:
    return (Span(f"{sign}┼{sign}".join(sign * column for column in widths), Style.RULE),)


def _widths(rows: Sequence[Sequence[Sequence[Span]]], room: int) -> list[int] | None:
    """The width of each column; None if they cannot be narrow enough without breaking words.

    Columns that must be narrower share the room so that the squares of their cells' heights add up to the least:
    in proportion to the cube root of the sum of the squares of their cells' lengths.
    """
    columns = range(len(rows[0]))
    natural = [max(1, *(_longest_line(row[column]) for row in rows)) for column in columns]
    if sum(natural) <= room:
        return natural
    words = [max(longest_word(row[column]) for row in rows) for column in columns]
    least = [min(natural[column], max(_NARROWEST, min(words[column], _LONGEST_WORD))) for column in columns]
    if sum(least) > room:
        return None
    weights = [sum(_length(row[column]) ** 2 for row in rows) ** (1 / 3) for column in columns]
    shares = _shared(room, weights, least, natural)
    widths = [int(share) for share in shares]
    for column in sorted(columns, key=lambda column: widths[column] - shares[column]):
        if sum(widths) < room and widths[column] < natural[column]:
            widths[column] += 1
    return widths


def _shared(room: int, weights: Sequence[float], least: Sequence[int], most: Sequence[int]) -> list[float]:
    """The room in proportion to the weights, no share under its least, and none over its most while others need it."""
    shares = [float(floor) for floor in least]
    free = set(range(len(weights)))
    while free:
        left = room - sum(share for index, share in enumerate(shares) if index not in free)
        scale = left / sum(weights[index] for index in free)
        short = {index for index in free if weights[index] * scale < least[index]}
        over = {index for index in free if weights[index] * scale > most[index]}
        if not short and not over:
            for index in free:
                shares[index] = weights[index] * scale
            break
        # Only one side is settled at a time: what the one gives up may satisfy the other.
        missing = sum(least[index] - weights[index] * scale for index in short)
        spare = sum(weights[index] * scale - most[index] for index in over)
        for index in short if missing >= spare else over:
            shares[index] = float(least[index] if missing >= spare else most[index])
            free.discard(index)
    return shares


def _length(cell: Sequence[Span]) -> int:
    return sum(cell_width(span.text) for span in cell)


def _longest_line(cell: Sequence[Span]) -> int:
    return max(cell_width(line) for line in "".join(span.text for span in cell).split("\n"))


def _row(cells: Sequence[Sequence[Span]], widths: Sequence[int], alignments: Sequence[Alignment]) -> list[Line]:
    wrapped = [wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]
    lines: list[Line] = []
    for number in range(max(len(cell) for cell in wrapped)):
        line: list[Span] = []
        for column, cell in enumerate(wrapped):
            if column:
                line.append(Span(_BORDER, Style.RULE))
            line += _aligned(cell[number] if number < len(cell) else (), widths[column], alignments[column])
        lines.append(_without_end_space(line))
    return lines


def _aligned(line: Line, width: int, alignment: Alignment) -> list[Span]:
    space = width - sum(cell_width(span.text) for span in line)
    before = {"center": space // 2, "right": space}.get(alignment or "left", 0)
    return [Span(" " * before), *line, Span(" " * (space - before))]


def _without_end_space(line: list[Span]) -> Line:
    whole = list(joined(line))
    if whole and whole[-1].style is Style.PLAIN:
        last = whole.pop()
        whole.append(Span(last.text.rstrip(" "), last.style))
    return joined(whole)


def _stacked(header: Sequence[Sequence[Span]], rows: Sequence[Sequence[Sequence[Span]]], width: int) -> list[Line]:
    """Each row by itself: its first cell, then the others as `heading: cell` set in under it."""
    lines: list[Line] = []
    for number, row in enumerate(rows or [[[] for _ in header]]):
        if number:
            lines.append(())
        for column, (heading, cell) in enumerate(zip(header, row, strict=True)):
            words = [*heading, Span(": "), *cell] if heading else [*cell]
            if not column:
                lines += wrap([Span(span.text, span.style | Style.STRONG, span.target) for span in words], width)
                continue
            for index, line in enumerate(wrap(words, width - 4)):
                lines.append((Span("    " if index else "  "), *line))
    return lines
