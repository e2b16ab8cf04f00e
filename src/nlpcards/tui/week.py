"""The widget that draws the reviews of the days to come."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from nlpcards.tui.chart import columns


class Week(Static):
    """A small bar chart with its numbers in text, so that the bars add nothing but ease."""

    def show(self, counts: Sequence[int], labels: Sequence[str], *, height: int, width: int) -> None:
        """Draw a count a day with `height` lines of bars in at most `width` cells; nothing without days."""
        self.display = bool(counts)
        if not counts:
            return
        bars = columns(counts, labels, height=height, width=max(3, min(5, width // len(counts))))
        lines = [Content.styled(bar, "$ink-primary") for bar in bars[:height]] + [
            Content(line) for line in bars[height:]
        ]
        self.update(Content("\n").join([Content(f"Reviews in the next {len(counts)} days"), *lines]))
