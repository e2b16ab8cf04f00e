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

from nlpcards.collection.information import Information
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
                Static("What happened", classes="heading", markup=False),
                _pairs(history) if history else Static("Nothing yet.", classes="help-keys", markup=False),
                id="information",
                can_focus=False,
            ),
            classes="column",
        )

    def action_leave(self) -> None:
        """Go back to the card."""
        self.dismiss(None)


def _pairs(pairs: Iterable[tuple[str, str]]) -> Static:
    rows = [(safe(name), safe(value)) for name, value in pairs]
    wide = max(cell_len(name) for name, _ in rows)
    lines = [
        Content.assemble((name + " " * (wide - cell_len(name)), "$ink-muted"), f"  {value}") for name, value in rows
    ]
    return Static(Content("\n").join(lines), classes="help-keys", markup=False)
