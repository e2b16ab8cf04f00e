"""What is wrong in deck files: a list to read, with the place and the remedy of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.core.words import count
from nlpcards.decks.problems import Problem
from nlpcards.tui.page import SCROLLING, ScrollingPage
from nlpcards.tui.words import safe


def told(problems: Sequence[Problem]) -> str:
    """How many problems there are, in words; empty without any."""
    errors = sum(problem.is_error for problem in problems)
    advice = len(problems) - errors
    parts = [count(errors, "error")] if errors else []
    parts += [f"{advice:,} piece{'s' * (advice != 1)} of advice"] if advice else []
    return " and ".join(parts)


class ProblemsScreen(ScrollingPage[bool]):
    """Lists problems, errors first; after an edit it also offers to go back into the editor (gives whether to)."""

    SHEET = "#problems"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "again", "Edit again", tooltip="go back into the editor"),
        *SCROLLING,
        Binding("escape,enter,space", "leave", "Back"),
    ]

    def __init__(self, problems: Sequence[Problem], *, edited: bool = False) -> None:
        super().__init__()
        self._problems = sorted(problems, key=lambda problem: (not problem.is_error, problem))
        self._edited = edited

    def body(self) -> Iterable[Widget]:
        """A heading and the list."""
        where = "the deck as it is saved now" if self._edited else "deck files"
        heading = f"{told(self._problems)[:1].upper()}{told(self._problems)[1:]} in {where}"
        yield Vertical(
            Static(heading, classes="title", markup=False),
            VerticalScroll(*(self._entry(problem) for problem in self._problems), id="problems", can_focus=False),
            classes="column",
        )

    def _entry(self, problem: Problem) -> Static:
        message = safe(problem.message)
        place = f"{problem.path}:{problem.line}:{problem.column}"
        kind = f"  {problem.severity} {problem.code}\n"
        text = Content.assemble(
            (safe(place), "bold"),
            (kind, "$ink-error" if problem.is_error else "$ink-muted"),
            f"{message[:1].upper()}{message[1:]}.\n",
        )
        return Static(text + Content.styled(safe(problem.hint), "$ink-muted"), classes="problem", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Going back into the editor is offered only where one came from it."""
        if action == "again" and not self._edited:
            return False
        return super().check_action(action, parameters)

    def action_again(self) -> None:
        """Go back into the editor."""
        self.dismiss(True)

    def action_leave(self) -> None:
        """Go back to the screen before."""
        self.dismiss(False)
