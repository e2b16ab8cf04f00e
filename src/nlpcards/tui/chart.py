"""Small charts of text: the reviews of the days to come."""

from __future__ import annotations

from collections.abc import Sequence

_EIGHTHS = " ▁▂▃▄▅▆▇█"


def columns(counts: Sequence[int], labels: Sequence[str], *, height: int, width: int = 5) -> tuple[str, ...]:
    """A bar chart: `height` lines of bars, each `width` cells wide, then the counts, then the labels.

    A count of one or more always shows at least an eighth of a line, so that a little is not nothing.
    """
    most = max((*counts, 1))
    eighths = [max(1, round(count / most * height * 8)) if count else 0 for count in counts]
    bar = width - 2
    rows = []
    for row in range(height - 1, -1, -1):
        rows.append("".join(f" {_EIGHTHS[max(0, min(8, each - row * 8))] * bar} " for each in eighths).rstrip())
    rows.append("".join(f"{_short(count, width - 1):^{width}}" for count in counts).rstrip())
    rows.append("".join(f"{label[: width - 1]:^{width}}" for label in labels).rstrip())
    return tuple(rows)


def _short(count: int, room: int) -> str:
    """A count in `room` cells, in thousands or millions where it has no room."""
    for size, sign in ((1, ""), (1_000, "k")):
        if len(written := f"{count // size}{sign}") <= room:
            return written
    return f"{count // 1_000_000}M"


def curve(values: Sequence[float], *, height: int) -> tuple[str, ...]:
    """A line through values from 0 to 1, one a cell: `height` lines, the line an eighth of one thick at least, and all
    below it filled.
    """
    eighths = [max(1, round(min(1.0, max(0.0, value)) * height * 8)) for value in values]
    return tuple(
        "".join(_EIGHTHS[max(0, min(8, each - row * 8))] for each in eighths).rstrip()
        for row in range(height - 1, -1, -1)
    )


def progress(done: int, left: int, width: int) -> tuple[str, str]:
    """A line of `width` cells in two parts: what is done, and what is left."""
    whole = done + left
    filled = round(width * done / whole) if whole else 0
    if done and left:
        filled = min(max(filled, 1), width - 1)
    return "━" * filled, "─" * (width - filled)
