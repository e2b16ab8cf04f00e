"""Dialogs that ask for words, one line or several. What was typed stays until it is kept or given up twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static, TextArea

from nlpcards.core.errors import NlpcardsError
from nlpcards.core.markup.safe import visible
from nlpcards.tui.one_line import OneLine
from nlpcards.tui.page import Page
from nlpcards.tui.words import sentence

LONGEST = 4_000
"""The most characters that are taken at all; what is kept has its own, lower bound, and says so."""

KEEPING: tuple[Binding, ...] = (
    Binding("enter", "screen.keep", "Keep", tooltip="keep it"),
    Binding("ctrl+q", "screen.leave_program", "Quit", show=False),
)


class EntryLine(OneLine):
    """A line to write in; enter keeps it."""

    BINDINGS: ClassVar[list[BindingType]] = [*KEEPING]

    def __init__(self, text: str) -> None:
        super().__init__(text, longest=LONGEST, id="entry")


class EntryArea(TextArea):
    """Some lines to write in; enter keeps them, ctrl+j begins a new one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *KEEPING,
        Binding("ctrl+j", "newline", "New line", tooltip="a new line"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__(text, highlight_cursor_line=False, id="entry")
        self.cursor_blink = False
        self.move_cursor(self.document.end)

    @property
    def value(self) -> str:
        """What is written."""
        return self.text

    def on_key(self, event: events.Key) -> None:
        """Leave enter to its binding, where a text area would begin a new line."""
        if event.key == "enter":
            event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted as harmless text."""
        event.prevent_default()
        event.stop()
        self._insert(visible(event.text)[: max(0, LONGEST - len(self.text))])

    def action_newline(self) -> None:
        """Begin a new line."""
        self._insert("\n")

    def _insert(self, text: str) -> None:
        self.replace(text, *self.selection, maintain_selection_offset=False)


class Entry(Page[bool]):
    """Asks for words and does something with them; gives whether it was done.

    Where that fails, for whatever reason, the dialog says why and stays, with all that was typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up", "Back")]

    def __init__(
        self, title: str, hint: str, act: Callable[[str], object], *, text: str = "", lines: bool = False
    ) -> None:
        """Ask under `title`, with a `hint` below; `act` gets what was typed. `text` stands there first; `lines` says
        that it may be several.
        """
        super().__init__()
        self._title, self._hint, self._act, self._before, self._lines = title, hint, act, text, lines
        self._warned = False

    def body(self) -> Iterable[Widget]:
        """The title, where to write, the hint, and why something failed."""
        yield Vertical(
            Static(self._title, id="entry-title", markup=False),
            EntryArea(self._before) if self._lines else EntryLine(self._before),
            Static(self._hint, id="entry-hint", classes="quiet", markup=False),
            Static(id="entry-failure", markup=False),
            id="entry-box",
        )

    def on_mount(self) -> None:
        """Write at once."""
        self.set_focus(self._field, scroll_visible=False)

    @property
    def _field(self) -> EntryLine | EntryArea:
        return self.query_one("#entry", EntryArea) if self._lines else self.query_one("#entry", EntryLine)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters are text here."""
        return action != "help" and super().check_action(action, parameters)

    def action_keep(self) -> None:
        """Do what the words are for, and go."""
        try:
            self._act(self._field.value)
        except NlpcardsError as error:
            self._fail(sentence(error))
            return
        self.dismiss(True)

    def action_give_up(self) -> None:
        """Go without it; where something was written, only when asked twice."""
        if self._field.value.strip() != self._before.strip() and not self._warned:
            self._warned = True
            self._fail("This is not kept yet: enter keeps it, esc again gives it up.")
            return
        self.dismiss(False)

    def _fail(self, why: str) -> None:
        failure = self.query_one("#entry-failure", Static)
        failure.update(f"✗ {why}")
        failure.display = True
