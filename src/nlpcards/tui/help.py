"""Every key, screen by screen, as the screens themselves declare them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.tui.page import SCROLLING, Page, ScrollingPage


def entries(owner: type[Widget]) -> list[tuple[str, str]]:
    """The keys that a screen or a widget declares itself, in its order: how they are written, what they do."""
    found: dict[str, list[str]] = {}
    for declared in owner.__dict__["BINDINGS"]:
        for binding in Binding.make_bindings([declared]):
            keys = found.setdefault(binding.tooltip or binding.description.lower(), [])
            if (written := _written(binding.key)) not in keys:
                keys.append(written)
    return [(" ".join(keys), does) for does, keys in found.items()]


_WRITTEN = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "ctrl+p": "ctrl+p",
}


def _written(key: str) -> str:
    return _WRITTEN.get(key, key)


class HelpScreen(ScrollingPage[None]):
    """Shows every key; any way out leads back to where one was."""

    SHEET = "#help"
    BINDINGS: ClassVar[list[BindingType]] = [
        *SCROLLING,
        Binding("escape,question_mark,enter,space", "leave", "Back"),
    ]

    def body(self) -> Iterable[Widget]:
        """Two columns: reviewing, and all else."""
        from nlpcards.tui.answering_area import AnswerArea
        from nlpcards.tui.answering_line import AnswerLine
        from nlpcards.tui.answering_points import PointList
        from nlpcards.tui.review import ReviewScreen
        from nlpcards.tui.statistics import StatisticsScreen
        from nlpcards.tui.summary import SummaryScreen
        from nlpcards.tui.today import TodayScreen

        written = dict.fromkeys([*entries(AnswerLine), *entries(AnswerArea)])
        left = [
            *group("While a card is shown", entries(ReviewScreen)),
            *group("While points are ticked", entries(PointList)),
            *group("Everywhere", [*entries(Page), ("ctrl+p", "commands and themes")]),
        ]
        right = [
            *group("While an answer is written", list(written)),
            *group("On Today", entries(TodayScreen)),
            *group("After a session", entries(SummaryScreen)),
            *group("In statistics", entries(StatisticsScreen)),
        ]
        yield Vertical(
            Static("Keys", classes="title", markup=False),
            VerticalScroll(
                Horizontal(Vertical(*left), Vertical(*right), id="help-columns"), id="help", can_focus=False
            ),
            classes="column",
        )

    def action_leave(self) -> None:
        """Go back to the screen before."""
        self.dismiss(None)


def group(title: str, keys: list[tuple[str, str]]) -> list[Static]:
    """A heading and some keys below it."""
    wide = max(cell_len(key) for key, _ in keys)
    lines = [
        Content.assemble((f"{key}{' ' * (wide - cell_len(key))}", "bold $ink-accent"), f"  {does}")
        for key, does in keys
    ]
    return [
        Static(title, classes="heading", markup=False),
        Static(Content("\n").join(lines), classes="help-keys", markup=False),
    ]
