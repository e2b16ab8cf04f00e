"""What is known of a card, over the card itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.collection.information import Curve, Information
from nlpcards.core.words import interval
from nlpcards.tui.chart import curve as plotted
from nlpcards.tui.page import SCROLLING, ScrollingPage
from nlpcards.tui.words import safe


class InformationScreen(ScrollingPage[None]):
    """Shows a card's memory state and history; any way out leads back to the card."""

    SHEET = "#information"
    BINDINGS: ClassVar[list[BindingType]] = [*SCROLLING, Binding("escape,i,enter,space", "leave", "Back")]

    def __init__(self, information: Information) -> None:
        super().__init__()
        self._information = information

    def body(self) -> Iterable[Widget]:
        """The facts and, below, what happened, newest first."""
        known = self._information
        history = [(happened.on, happened.what) for happened in known.history]
        yield Vertical(
            Static("About the card", classes="title", markup=False),
            VerticalScroll(
                _pairs(known.facts),
                *self._falling(),
                Static("What happened", classes="heading", markup=False),
                _pairs(history) if history else Static("Nothing yet.", classes="help-keys", markup=False),
                id="information",
                can_focus=False,
            ),
            classes="column",
        )

    def _falling(self) -> Iterable[Widget]:
        if self._information.curve is not None:
            yield Static("If you do not review it", classes="heading", markup=False)
            yield Static(Content("\n").join(falling(self._information.curve)), classes="help-keys", markup=False)

    def action_leave(self) -> None:
        """Go back to the card."""
        self.dismiss(None)


_AXIS = 6
_ACROSS, _UP = 48, 5
"""The cells of the plot."""


def falling(curve: Curve) -> list[Content]:
    """Recall from now on as a small plot: its scale left, its days below with the day on which the card is due, and in
    a sentence what recall will be at the end.
    """
    days = len(curve.recall) - 1
    values = [curve.recall[round(days * x / (_ACROSS - 1))] for x in range(_ACROSS)]
    least = int(min(values) * 10) / 10
    scale = 1 - least or 1.0
    lines = []
    for row, line in enumerate(plotted([(value - least) / scale for value in values], height=_UP)):
        figure = "100%" if row == 0 else f"{least:.0%}" if row == _UP - 1 else ""
        lines.append(Content.assemble((f"{figure:>{_AXIS - 2}} ", "$ink-muted"), "│", (line, "$ink-primary")))
    last = f"in {interval(days)}"
    below = "now" + " " * (_ACROSS - 3 - len(last)) + last
    if curve.due_in:
        at = round(curve.due_in / days * (_ACROSS - 1))
        below = below[:at] + "▲ due" + below[at + 5 :]
    lines.append(Content.styled(" " * _AXIS + below, "$ink-muted"))
    lines.append(Content(f"Recall will be {curve.recall[-1]:.0%} {last}."))
    return lines


def _pairs(pairs: Iterable[tuple[str, str]]) -> Static:
    rows = [(safe(name), safe(value)) for name, value in pairs]
    wide = max(cell_len(name) for name, _ in rows)
    lines = [
        Content.assemble((name + " " * (wide - cell_len(name)), "$ink-muted"), f"  {value}") for name, value in rows
    ]
    return Static(Content("\n").join(lines), classes="help-keys", markup=False)
