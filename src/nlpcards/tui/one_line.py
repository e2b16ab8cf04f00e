"""A line to write in, for dialogs and searches."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from nlpcards.tui.words import safe


class OneLine(Input):
    """A line of at most `longest` characters, with the cursor behind what stands there; it never blinks."""

    def __init__(self, text: str, *, longest: int, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(text, select_on_focus=False, max_length=longest, placeholder=placeholder, id=id)
        self._longest = longest
        self.cursor_blink = False
        self.cursor_position = len(text)

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted as one line of harmless text."""
        event.prevent_default()
        event.stop()
        start, end = sorted(self.selection)
        self.replace(safe(event.text)[: self._longest - len(self.value) + (end - start)], start, end)
