"""What is wrong in deck files: a list to read, with the place and the remedy of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.decks.problems import Problem
from nlpcards.tui.page import Page
from nlpcards.tui.words import count, safe


def told(problems: Sequence[Problem]) -> str:
    """How many problems there are, in words; empty without any."""
    errors = sum(problem.is_error for problem in problems)
    advice = len(problems) - errors
    parts = [count(errors, "error")] if errors else []
    parts += [f"{advice:,} piece{'s' * (advice != 1)} of advice"] if advice else []
    return " and ".join(parts)


class ProblemsScreen(Page[bool]):
    """Lists problems, errors first; after an edit it also offers to go back into the editor (gives whether to)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "again", "Edit again", tooltip="go back into the editor"),
        Binding("j,down", "scroll(1)", "Down", show=False),
        Binding("k,up", "scroll(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
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
        place = f"{problem.path}:{problem.line}:{problem.column}"
        kind = f"  {problem.severity} {problem.code}\n"
        text = Content.assemble(
            (safe(place), "bold"),
            (kind, "$ink-error" if problem.is_error else "$ink-muted"),
            f"{safe(problem.message)}.\n",
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

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one("#problems").scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        at = self.query_one("#problems")
        at.scroll_relative(y=pages * max(1, at.size.height - 1), animate=False)
