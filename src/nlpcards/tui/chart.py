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
    rows.append("".join(f"{_short(count):^{width}}" for count in counts).rstrip())
    rows.append("".join(f"{label:^{width}}" for label in labels).rstrip())
    return tuple(rows)


def _short(count: int) -> str:
    return str(count) if count < 10_000 else f"{count // 1000}k"


def progress(done: int, left: int, width: int) -> tuple[str, str]:
    """A line of `width` cells in two parts: what is done, and what is left."""
    whole = done + left
    filled = round(width * done / whole) if whole else 0
    if done and left:
        filled = min(max(filled, 1), width - 1)
    return "━" * filled, "─" * (width - filled)
