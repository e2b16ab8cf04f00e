"""Plots of text: bars that stand, bars that lie, a year of days. Each says its figures; colour only adds ease."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LYING = " ▏▎▍▌▋▊▉█"
_LEVELS = "·░▒▓█"
AXIS = 7
"""Cells at the left of standing bars, for the figures."""


def standing(
    values: Sequence[float], labels: Sequence[str], *, width: int, height: int, unit: str = ""
) -> list[Content]:
    """Bars from zero up in `height` lines of at most `width` cells, and their labels below; where there is no room for
    all, the last ones.

    A value above zero always shows at least an eighth of a line, so that a little is not nothing.
    """
    room = max(1, width - AXIS)
    values, labels = values[-room:], labels[-room:]
    if not values:
        return []
    cell = max(1, min(6, room // len(values)))
    bar = cell - 1 if cell > 1 else 1
    most = max((*values, 0.0))
    eighths = [max(1, round(value / most * height * 8)) if value > 0 else 0 for value in values]
    lines = []
    for row in range(height - 1, -1, -1):
        figure = f"{figured(most)}{unit}" if row == height - 1 else "0" if row == 0 and height > 1 else ""
        bars = "".join((_EIGHTHS[max(0, min(8, each - row * 8))] * bar).ljust(cell) for each in eighths)
        lines.append(Content.assemble((f"{figure:>{AXIS - 2}} ", "$ink-muted"), "│", (bars.rstrip(), "$ink-primary")))
    lines.append(Content.styled(" " * AXIS + _under(labels, cell, room), "$ink-muted"))
    return lines


def _under(labels: Sequence[str], cell: int, room: int) -> str:
    """The labels under their bars, as many as stand apart in the room there is."""
    line = ""
    for index, label in enumerate(labels):
        at = index * cell
        if (not line or at >= len(line) + 2) and at + len(label) <= room:
            line = line.ljust(at) + label
    return line


def lying(rows: Sequence[tuple[str, float, str]], *, width: int, most: float | None = None) -> list[Content]:
    """A bar a line: a label, the bar, and what is said after it; `width` cells in all.

    A bar is full at `most`, or at the greatest value where that is None.
    """
    if not rows:
        return []
    wide = max(len(label) for label, _, _ in rows)
    said = max(len(after) for _, _, after in rows)
    room = max(4, width - wide - said - 3)
    full = most or max((*(value for _, value, _ in rows), 0.0)) or 1.0
    lines = []
    for label, value, after in rows:
        bar = _bar(value / full, room)
        gap = " " if bar else ""
        lines.append(Content.assemble((f"{label:>{wide}} ", "$ink-muted"), (bar, "$ink-primary"), f"{gap}{after}"))
    return lines


def barred(
    head: Sequence[str], rows: Sequence[tuple[Sequence[str], float]], *, width: int, most: float
) -> list[Content]:
    """A table whose rows each end with a bar for a value, full at `most`; as many cells wide as is left of `width`."""
    lines = table([head, *(cells for cells, _ in rows)], width=width - 12)
    wide = max((len(line.plain) for line in lines), default=0)
    room = max(4, width - wide - 3)
    scale = Content.styled(f"{'':{wide - len(lines[0].plain)}}  ▏{'':{room - 1}}▕", "$ink-muted")
    found = [lines[0] + scale] if lines else []
    for line, (_, value) in zip(lines[1:], rows, strict=True):
        gap = " " * (wide - len(line.plain) + 2)
        found.append(Content.assemble(line, gap, ("▏", "$ink-muted"), (_bar(value / most, room - 1), "$ink-primary")))
    return found


def _bar(share: float, room: int) -> str:
    """A bar of a share (0-1) of some cells; a share above zero always shows."""
    eighths = max(1, round(share * room * 8)) if share > 0 else 0
    return "█" * (eighths // 8) + (_LYING[eighths % 8] if eighths % 8 else "")


def year(levels: Sequence[int], months: Sequence[tuple[int, str]], *, width: int) -> list[Content]:
    """Weeks side by side, Monday on top: a sign a day for its level (0-4), the names of months above their weeks.

    The last weeks are shown where there is no room for all.
    """
    weeks = -(-len(levels) // 7)
    first = max(0, weeks - (width - 5))
    names = ""
    for week, name in months:
        at = week - first
        if at >= 0 and (not names or at >= len(names) + 1):
            names = names.ljust(at) + name
    lines = [Content.styled(" " * 5 + names, "$ink-muted")]
    for row, day in enumerate(("Mon", "", "Wed", "", "Fri", "", "Sun")):
        signs = "".join(_LEVELS[levels[week * 7 + row]] for week in range(first, weeks) if week * 7 + row < len(levels))
        lines.append(Content.assemble((f"{day:4} ", "$ink-muted"), (signs, "$ink-primary")))
    return lines


def legend(ranges: Sequence[str]) -> str:
    """What the signs of a year mean, one for each level; a level that stands for nothing is left out."""
    return "   ".join(f"{sign} {each}" for sign, each in zip(_LEVELS, ranges, strict=True) if each)


def table(rows: Sequence[Sequence[str]], *, width: int) -> list[Content]:
    """Rows in columns, the first one flush left and cut where there is no room, the head muted."""
    columns = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    columns[0] = max(6, min(columns[0], width - sum(columns[1:]) - 2 * (len(columns) - 1)))
    lines = []
    for number, row in enumerate(rows):
        first = row[0] if len(row[0]) <= columns[0] else f"{row[0][: columns[0] - 1]}…"
        cells = [first.ljust(columns[0]), *(cell.rjust(wide) for cell, wide in zip(row[1:], columns[1:], strict=True))]
        line = "  ".join(cells).rstrip()
        lines.append(Content.styled(line, "$ink-muted") if number == 0 else Content(line))
    return lines


def figured(value: float) -> str:
    """A figure in at most five signs."""
    if value >= 999_500:
        return f"{value / 1_000_000:.1f}M"
    if value >= 9_999.5:
        return f"{value / 1000:.0f}k"
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"
