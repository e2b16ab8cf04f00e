"""Tables on standard output."""

from __future__ import annotations

from collections.abc import Sequence

from nlpcards.cli.context import put
from nlpcards.core.markup.safe import visible


def print_table(rows: Sequence[tuple[str, ...]], left: int = 1) -> None:
    """Print rows in columns, the first `left` of them flush left, numbers flush right."""
    # Made visible before it is measured, and on one line each: a title may hold anything.
    rows = [tuple(visible(" ".join(cell.split("\n"))) for cell in row) for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        put("  ".join(cells).rstrip())
