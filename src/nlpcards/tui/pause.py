"""A pause: the card is out of sight and its clock stands still."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.tui.keybar import KeyButton
from nlpcards.tui.page import Page


class PauseScreen(Page[None]):
    """Stands over a card until one goes on; time spent here is nobody's thinking time."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter,escape,p,f2", "go_on", "Go on")]

    def body(self) -> Iterable[Widget]:
        """One sentence and one way on."""
        yield Vertical(
            Static("Paused. The clock stands still, and every answer is stored.", id="pause-text", markup=False),
            KeyButton("space", "space", "go on"),
            id="pause-box",
        )

    def action_go_on(self) -> None:
        """Go back to the card."""
        self.dismiss(None)
