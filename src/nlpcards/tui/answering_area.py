"""An area to explain in, for those who would rather write than speak."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from nlpcards.core.markup.safe import visible
from nlpcards.core.replies import LONGEST_KEPT
from nlpcards.tui.answering_line import COMMANDS
from nlpcards.tui.rebinding import WRITING, named


class AnswerArea(TextArea):
    """Some lines to write an explanation in; it may stay empty. Enter is done with it, ctrl+j begins a new line."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        WRITING,
        [
            Binding("enter", "screen.reveal", "Check", tooltip="check, or show points"),
            Binding("ctrl+j", "newline", "New line", show=False, tooltip="a new line"),
            *COMMANDS,
        ],
    )

    def __init__(self) -> None:
        placeholder = "write it, or say it aloud; ctrl+j begins a new line"
        super().__init__(highlight_cursor_line=False, placeholder=placeholder)
        self.cursor_blink = False

    def on_key(self, event: events.Key) -> None:
        """Leave enter to its binding, where a text area would begin a new line; take it so with another key held."""
        if event.key == "enter":
            event.prevent_default()
        elif event.key in ("shift+enter", "alt+enter"):  # few terminals tell these from enter
            event.stop()
            self.action_newline()

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted as harmless text, as much of it as is kept."""
        event.prevent_default()
        event.stop()
        room = max(0, LONGEST_KEPT - len(self.text))
        self._insert(visible(event.text)[:room])

    def action_newline(self) -> None:
        """Begin a new line."""
        self._insert("\n")

    def _insert(self, text: str) -> None:
        self.replace(text, *self.selection, maintain_selection_offset=False)

    def on_show(self) -> None:
        """Take back the focus, which is lost with the place on the screen."""
        self.screen.set_focus(self, scroll_visible=False)
