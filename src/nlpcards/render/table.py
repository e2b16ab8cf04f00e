"""Tables in a terminal: columns as wide as they need, narrower and wrapped where they must be."""

from collections.abc import Sequence

from nlpcards.core.markup.tree import Alignment, Table
from nlpcards.render.cells import cell_width
from nlpcards.render.spans import Side, spans
from nlpcards.render.style import Line, Span, Style, joined
from nlpcards.render.wrap import wrap

_NARROWEST = 6
"""A column narrower than this is not read but deciphered."""
_BORDER = " │ "


def table_lines(table: Table, width: int, side: Side) -> list[Line]:
    """A table in lines no wider than `width`; one cell below another if not even narrow columns fit."""
    header = [spans(cell, side, Style.STRONG) for cell in table.header]
    rows = [[spans(cell, side) for cell in row] for row in table.rows]
    widths = _widths([header, *rows], width - len(_BORDER) * (len(header) - 1))
    if widths is None:
        return _stacked(header, rows, width)
    lines = _row(header, widths, table.alignments)
    lines.append((Span("─┼─".join("─" * column for column in widths), Style.RULE),))
    for row in rows:
        lines += _row(row, widths, table.alignments)
    return lines


def _widths(rows: Sequence[Sequence[Sequence[Span]]], room: int) -> list[int] | None:
    """The width of each column: the widest shrink first; None if they cannot be shrunk enough."""
    widths = [max(1, *(_longest_line(row[column]) for row in rows)) for column in range(len(rows[0]))]
    least = [min(natural, _NARROWEST) for natural in widths]
    if sum(least) > room:
        return None
    while (excess := sum(widths) - room) > 0:
        widest = max(width for width, floor in zip(widths, least, strict=True) if width > floor)
        columns = [index for index, width in enumerate(widths) if width == widest and width > least[index]]
        lower = max((width for width in widths if width < widest), default=0)
        step = max(1, min(widest - lower, excess // len(columns)))
        for index in columns:
            cut = min(step, widths[index] - least[index], excess)
            widths[index] -= cut
            excess -= cut
    return widths


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
    """Each row as lines of `heading: cell`, a rule between rows."""
    lines: list[Line] = []
    for number, row in enumerate(rows or [[[] for _ in header]]):
        if number:
            lines.append((Span("─" * min(width, 10), Style.RULE),))
        for heading, cell in zip(header, row, strict=True):
            lines += wrap([*heading, Span(": "), *cell], width)
    return lines
