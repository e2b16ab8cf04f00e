"""Statistics: what the answers of some months come to, drawn in text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from nlpcards.collection.statistics import DAYS, statistics_apart
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.stats.overview import Statistics
from nlpcards.core.stats.periods import Period
from nlpcards.core.words import count
from nlpcards.tui.page import SCROLLING, ScrollingPage
from nlpcards.tui.statistics_parts import headline, parts
from nlpcards.tui.words import sentence

RANGES = (30, 90, DAYS, 36_500)
"""The periods that one key goes through, in days; the last is all time."""


class StatisticsScreen(ScrollingPage[None]):
    """Shows statistics of all decks; counting goes on in a thread, since a long history takes some seconds."""

    SHEET = "#statistics"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "period('day')", "By day", tooltip="charts by day"),
        Binding("w", "period('week')", "By week", tooltip="charts by week"),
        Binding("m", "period('month')", "By month", tooltip="charts by month"),
        Binding("t", "range", "Time span", tooltip="30 days, 90 days, a year, all time"),
        Binding("n", "part(1)", "Next", tooltip="to the next chart"),
        Binding("p", "part(-1)", "Back one", show=False, tooltip="to the chart before"),
        *SCROLLING,
        Binding("home,g", "end(-1)", "Top", show=False, tooltip="to the top"),
        Binding("end,G", "end(1)", "End", show=False, tooltip="to the end"),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._found: Statistics | None = None
        self._period = Period.WEEK
        self._days = DAYS
        self._starts: list[int] = []

    def body(self) -> Iterable[Widget]:
        """The heading and, below, all parts in one column."""
        yield Vertical(
            Horizontal(
                Static("Statistics", id="name", markup=False), Static(id="statistics-range", markup=False), id="top"
            ),
            Static("Counting…", id="statistics-head", markup=False),
            VerticalScroll(Static(id="statistics-parts", markup=False), id="statistics", can_focus=False),
            classes="column",
        )

    def on_mount(self) -> None:
        """Begin to count."""
        self._count()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new width."""
        super().on_resize(event)
        self.call_after_refresh(self._draw)

    def _count(self) -> None:
        span = "all time" if self._days == RANGES[-1] else f"the last {count(self._days, 'day')}"
        self.query_one("#statistics-range", Static).update(span)
        self.query_one("#statistics-head", Static).update("Counting…")
        self.run_worker(self._counted, thread=True, exclusive=True)

    def _counted(self) -> None:
        worker = get_current_worker()
        collection, days = self.nlpcards.collection, self._days
        try:
            found: Statistics | NlpcardsError = statistics_apart(collection, days=days)
        except NlpcardsError as error:
            found = error
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, found)

    def _show(self, found: Statistics | NlpcardsError) -> None:
        if not self.is_mounted:
            return
        if isinstance(found, NlpcardsError):
            # What was counted before is of another time span than the heading says now.
            self._found, self._starts = None, []
            self.query_one("#statistics-head", Static).update(f"✗ {sentence(found)}")
            self.query_one("#statistics-parts", Static).update("")
            return
        self._found = found
        self._draw()

    def _draw(self) -> None:
        found = self._found
        if found is None:
            return
        titles = {deck.id: deck.title for deck in self.nlpcards.collection.library.decks.values()}
        self.query_one("#statistics-head", Static).update(headline(found, titles))
        sheet = self.query_one("#statistics", VerticalScroll)
        # One cell for the scroll bar, and one before it.
        width = max(20, (sheet.size.width or self.size.width - 4) - 2)
        lines: list[Content] = []
        self._starts = []
        for title, own in parts(found, titles, self._period, width):
            self._starts.append(len(lines))
            lines += [Content.styled(title, "bold $ink-accent"), *own, Content("")]
        self.query_one("#statistics-parts", Static).update(Content("\n").join(lines))

    def action_period(self, period: str) -> None:
        """Draw the charts over time by day, week or month."""
        self._period = Period(period)
        self._draw()

    def action_range(self) -> None:
        """Go on to the next time span."""
        self._days = RANGES[(RANGES.index(self._days) + 1) % len(RANGES)]
        self._count()

    def action_part(self, way: int) -> None:
        """Go to the chart after (1) or before (-1) the one at the top."""
        sheet = self.query_one(self.SHEET)
        top = round(sheet.scroll_offset.y)
        beyond = [start for start in self._starts[::way] if (start - top) * way > 0]
        if beyond:
            sheet.scroll_to(y=beyond[0], animate=False)

    def action_end(self, way: int) -> None:
        """Go to the top (-1) or to the end (1)."""
        sheet = self.query_one(self.SHEET)
        if way < 0:
            sheet.scroll_home(animate=False)
        else:
            sheet.scroll_end(animate=False)

    def action_leave(self) -> None:
        """Go back to where one came from."""
        self.dismiss(None)
