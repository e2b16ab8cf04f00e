"""The widget that draws the reviews of the days to come."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from nlpcards.tui.chart import columns


class Week(Static):
    """A small bar chart with its numbers in text, so that the bars add nothing but ease."""

    def show(self, counts: Sequence[int], labels: Sequence[str], *, height: int) -> None:
        """Draw a count a day with `height` lines of bars; nothing without days."""
        self.display = bool(counts)
        bars = columns(counts, labels, height=height)
        lines = [Content.styled(bar, "$ink-primary") for bar in bars[:height]] + [
            Content(line) for line in bars[height:]
        ]
        self.update(Content("\n").join([Content("Reviews in the next 7 days"), *lines]))
