"""One question with two answers, over whatever was on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.tui.keybar import KeyButton
from nlpcards.tui.page import Page


class Question(Page[bool]):
    """Asks something in a sentence; gives whether the answer was yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", "Yes"),
        Binding("n,escape", "answer(False)", "No"),
    ]

    def __init__(self, text: str, *, yes: str, no: str) -> None:
        """Ask `text`; `yes` and `no` say what the two answers lead to."""
        super().__init__()
        self._text, self._yes, self._no = text, yes, no

    def body(self) -> Iterable[Widget]:
        """The sentence and the two answers."""
        yield Vertical(
            Static(self._text, id="question-text", markup=False),
            Horizontal(KeyButton("y", "y", self._yes), KeyButton("n", "n", self._no), id="question-answers"),
            id="question-box",
        )

    def action_answer(self, yes: bool) -> None:
        """Give the answer and go."""
        self.dismiss(yes)
