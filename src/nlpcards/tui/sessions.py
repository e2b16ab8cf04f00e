"""Sessions besides the day's work: some minutes, a backlog, study ahead, cram; and whether practice is to count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.collection.purposes import days_of, minutes_of
from nlpcards.core.queue import Ahead, Cram, Daily, Purpose
from nlpcards.tui.keybar import KeyButton
from nlpcards.tui.page import Page
from nlpcards.tui.words import safe

Sort = Literal["minutes", "catch_up", "ahead", "cram"]
"""What a session is for."""

_ASKED = {
    "minutes": ("For how many minutes?", "What is worth that time most is asked: reviews that gain most recall first."),
    "catch_up": (
        "Over how many days is the backlog to be spread?",
        "Today takes its part; review.caught_up_by in the settings keeps at it on the days after.",
    ),
    "ahead": ("How many days ahead?", "What falls due within so many days is asked, too; no daily limit holds."),
}


class SessionsScreen(Page[Purpose]):
    """Offers the other sessions; gives the purpose of the one chosen, nothing to go back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "begin('minutes')", "Minutes", tooltip="a session of some minutes"),
        Binding("c", "begin('catch_up')", "Catch up", tooltip="spread a backlog over some days"),
        Binding("a", "begin('ahead')", "Ahead", tooltip="study ahead"),
        Binding("x", "begin('cram')", "Cram", tooltip="cram every card"),
        Binding("r", "counting", "Count answers", tooltip="let the answers of practice count"),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self, of: str, first: Sort | None = None) -> None:
        """Offer sessions of what is called `of`; `first` is chosen at once."""
        super().__init__()
        self._of = of
        self._first = first
        self._counts = False

    def body(self) -> Iterable[Widget]:
        """A line for each session, and whether practice counts."""
        yield Vertical(
            Static(f"Other sessions: {safe(self._of)}", id="sessions-title", markup=False),
            KeyButton("m", "m", "some minutes: what is worth them most"),
            KeyButton("c", "c", "catch up: a backlog over some days"),
            KeyButton("a", "a", "ahead: what falls due soon"),
            KeyButton("x", "x", "cram: every card, weakest first"),
            Static(id="sessions-counts", markup=False),
            id="sessions-box",
        )

    def on_mount(self) -> None:
        """Say what practice does; go on where it is known what is wanted."""
        self._say()
        if self._first is not None:
            self.call_after_refresh(self.action_begin, self._first)

    def _say(self) -> None:
        said = "are reviews like any other" if self._counts else "are practice: nothing of them is stored"
        other = "lets them be practice" if self._counts else "lets them count"
        self.query_one("#sessions-counts", Static).update(
            Content.assemble(f"The answers of the last two {said}. ", ("r", "bold $ink-accent"), f" {other}.")
        )

    def action_counting(self) -> None:
        """Let the answers of practice count as reviews, or not."""
        self._counts = not self._counts
        self._say()

    def action_begin(self, sort: Sort) -> None:
        """Ask what has to be known, and give the purpose."""
        match sort:
            case "minutes":
                self._ask(sort, lambda text: Daily(minutes=minutes_of(text)))
            case "catch_up":
                self._ask(sort, lambda text: Daily(catch_up=days_of(text)))
            case "ahead":
                self._ask(sort, lambda text: Ahead(days_of(text), self._counts))
            case "cram":
                self.dismiss(Cram(self._counts))

    def _ask(self, sort: Sort, purpose: Callable[[str], Purpose]) -> None:
        from nlpcards.tui.entry import Entry

        found: list[Purpose] = []

        def done(kept: bool | None) -> None:
            if kept:
                # Later: the question is still the screen that would be left now.
                self.call_later(self._leave_with, found[-1])

        title, hint = _ASKED[sort]
        self.app.push_screen(Entry(title, hint, lambda text: found.append(purpose(text))), done)

    def _leave_with(self, purpose: Purpose) -> None:
        self.dismiss(purpose)

    def action_leave(self) -> None:
        """Go back without a session."""
        self.dismiss(None)
