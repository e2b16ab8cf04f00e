"""What the learner says of a card, under its answer: a note of one's own, and what was reported."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from nlpcards.core.days import date_of
from nlpcards.core.markup import parse
from nlpcards.core.remarks import Remarks, Reported
from nlpcards.tui.card import CardView
from nlpcards.tui.words import safe


class OwnWords(Vertical):
    """Made when the first card needs it: most cards have nothing of the kind."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._remarks = Remarks()

    def compose(self) -> ComposeResult:
        """The two parts."""
        yield Static("Your note", id="own-title", markup=False)
        yield CardView(id="own-note")
        yield Static(id="own-reports", markup=False)

    def on_mount(self) -> None:
        """Show what was to be shown before there was anything to show it in."""
        self.show(self._remarks)

    def show(self, remarks: Remarks) -> None:
        """Show what is said of a card."""
        self._remarks = remarks
        if not self.children:
            return
        self.query_one("#own-title").display = self.query_one("#own-note").display = bool(remarks.note)
        self.query_one("#own-note", CardView).show(parse(remarks.note))
        reports = self.query_one("#own-reports", Static)
        reports.update(reported(remarks.reports))
        reports.display = bool(remarks.reports)


def reported(reports: Iterable[Reported]) -> str:
    """What was reported of a card, a line each."""
    return "\n".join(f"✗ You reported on {date_of(report.day)}: {safe(report.reason)}" for report in reports)
