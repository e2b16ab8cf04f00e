"""A line to type an answer in, and the keys that commands have while letters are text."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from nlpcards.tui.rebinding import WRITING, named
from nlpcards.tui.words import safe

COMMANDS: tuple[Binding, ...] = (
    Binding("ctrl+u", "screen.undo", "Undo", tooltip="undo"),
    Binding("ctrl+e", "screen.edit", "Edit", tooltip="edit, and come back"),
    Binding("ctrl+o", "screen.source", "Source", show=False, tooltip="open the source"),
    Binding("ctrl+s", "screen.skip", "Skip", tooltip="ask it after the others"),
    Binding("ctrl+b", "screen.bury", "Bury", tooltip="bury until tomorrow"),
    Binding("ctrl+x", "screen.suspend_card", "Suspend", show=False, tooltip="suspend"),
    Binding("ctrl+f", "screen.flag", "Flag", tooltip="flag"),
    Binding("ctrl+n", "screen.note", "Note", show=False, tooltip="a note of your own"),
    Binding("f2", "screen.pause", "Pause", show=False, tooltip="pause the clock"),
    # A terminal sends the same for ctrl+i as for the tabulator, which has nowhere else to go here.
    Binding("ctrl+i,tab", "screen.information", "Info", show=False, tooltip="about the card"),
    Binding("pagedown", "screen.page(1)", "Page down", show=False, tooltip="a page down"),
    Binding("pageup", "screen.page(-1)", "Page up", show=False, tooltip="a page up"),
    Binding("f1", "screen.help", "Help", tooltip="every key"),
    Binding("ctrl+q", "screen.leave_program", "Quit", tooltip="quit; every answer is stored"),
)
"""The screen's commands while letters are text."""

LONGEST_TYPED = 500
"""The most characters of an answer on one line."""


class AnswerLine(Input):
    """A line to type the answer in: each character is text, and commands take ctrl."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        WRITING, [Binding("enter", "screen.reveal", "Check", tooltip="check, or show points"), *COMMANDS]
    )

    def __init__(self) -> None:
        super().__init__(select_on_focus=False, max_length=LONGEST_TYPED)
        self.cursor_blink = False

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted as one line of harmless text, as much of it as there is room for."""
        event.prevent_default()
        event.stop()
        start, end = sorted(self.selection)
        room = LONGEST_TYPED - len(self.value) + (end - start)
        self.replace(safe(event.text)[:room], start, end)

    def on_show(self) -> None:
        """Take back the focus, which is lost with the place on the screen."""
        self.screen.set_focus(self, scroll_visible=False)
