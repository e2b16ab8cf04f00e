"""What to do about a card that is forgotten again and again, said once when it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, Literal, cast

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.collection.acting import Leech
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.cards import Card
from nlpcards.tui.card import one_line
from nlpcards.tui.keybar import KeyButton
from nlpcards.tui.page import Page

if TYPE_CHECKING:
    from nlpcards.tui.app import NlpcardsApp

Remedy = Literal["edit", "suspend"]

GUARD_S = 0.4
"""A key within this many seconds of the question's appearing was meant for the card before, and does nothing."""


def point_out(
    screen: Screen[None], reviewing: Reviewing, edit: Callable[[Card], object], do: Callable[..., object]
) -> None:
    """Name the leech of a session over `screen`, once; `edit` opens an editor, `do` does something to the session."""
    leech, reviewing.leech = reviewing.leech, None
    if leech is None:
        return

    def chosen(remedy: Remedy | None) -> None:
        # Later: the question is still the screen that would be left now.
        match remedy:
            case "edit":
                screen.call_later(edit, leech.card)
            case "suspend":
                screen.call_later(do, lambda: reviewing.suspend(leech.card.id), "Suspended; u brings it back.")
            case None:
                pass

    app = cast("NlpcardsApp", screen.app)
    app.push_screen(LeechScreen(leech, app.monotonic), chosen)


class LeechScreen(Page[Remedy]):
    """Names a leech and offers to rewrite it or to suspend it; gives what was chosen, nothing to leave it as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter,escape", "leave", "Go on"),
        Binding("e", "choose('edit')", "Edit", tooltip="rewrite it, or split it"),
        Binding("exclamation_mark", "choose('suspend')", "Suspend"),
    ]

    def __init__(self, leech: Leech, monotonic: Callable[[], float]) -> None:
        super().__init__()
        self._leech = leech
        self._monotonic = monotonic
        self._appeared = monotonic()

    def body(self) -> Iterable[Widget]:
        """The card, why it is named, and what may help."""
        yield Vertical(
            Static(f"◆ Forgotten {self._leech.lapses} times", id="leech-title", markup=False),
            Static(one_line(self._leech.card.face()), id="leech-card", markup=False),
            Static(
                "Its words may be at fault, not you. Rewrite it, or split it into smaller questions; "
                "or suspend it until you need it.",
                id="leech-text",
                markup=False,
            ),
            Horizontal(
                KeyButton("e", "e", "rewrite or split"),
                KeyButton("exclamation_mark", "!", "suspend"),
                KeyButton("space", "space", "go on"),
                id="leech-answers",
            ),
            id="leech-box",
        )

    def action_choose(self, remedy: Remedy) -> None:
        """Give what was chosen."""
        if self._monotonic() - self._appeared >= GUARD_S:
            self.dismiss(remedy)

    def action_leave(self) -> None:
        """Leave the card as it is."""
        if self._monotonic() - self._appeared >= GUARD_S:
            self.dismiss(None)
