"""The seven flags to choose from, each with its number, its name and its colour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nlpcards.core.words import FLAG_NAMES
from nlpcards.tui.page import Page

COLOURS = {
    1: "#e5484d",
    2: "#f0862f",
    3: "#30a46c",
    4: "#3e8ef7",
    5: "#e255a1",
    6: "#12a5a5",
    7: "#9a6ee0",
}
"""What colour a flag's sign has; its name always stands beside it."""


ALL_FLAGS = (*FLAG_NAMES, 0)
"""The flags in the order of the list; 0 is none."""


def flag_sign(flag: int) -> Content:
    """A flag's sign in its colour, and its name."""
    return Content.assemble(("⚑", COLOURS[flag]), f" {FLAG_NAMES[flag]}")


class FlagList(OptionList):
    """A line for each flag, and one for none; an arrow stands before the one that enter takes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Choose")]

    def __init__(self, flag: int) -> None:
        self._flag = flag
        super().__init__(*(Option(self._line(each, at=False), id=str(each)) for each in ALL_FLAGS), id="flags")

    def _line(self, flag: int, *, at: bool) -> Content:
        sign = flag_sign(flag) if flag else Content("  no flag")
        now = Content.styled("  now; the same again takes it off", "$ink-muted") if flag and flag == self._flag else ""
        return Content.assemble("▸ " if at else "  ", (str(flag), "bold $ink-accent"), "  ", sign, now)

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Move the arrow with the highlight: it must not be told by colour alone."""
        super().watch_highlighted(highlighted)
        for index in range(self.option_count):
            self.replace_option_prompt_at_index(index, self._line(ALL_FLAGS[index], at=index == highlighted))


class FlagDialog(Page[int]):
    """Asks for a flag; gives its number, 0 for none, or nothing where one goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(flag), f"choose({flag})", "Choose", show=False) for flag in ALL_FLAGS),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("escape,f", "leave", "Back"),
    ]

    def __init__(self, flag: int) -> None:
        """Ask, the card having the flag `flag` now, 0 for none."""
        super().__init__()
        self._flag = flag

    def body(self) -> Iterable[Widget]:
        """A line for each flag, and one for none."""
        yield Vertical(
            Static("Flag this card", id="flag-title", markup=False),
            FlagList(self._flag),
            id="flag-box",
        )

    def on_mount(self) -> None:
        """Begin at the flag the card has, else at the first."""
        flags = self.query_one(FlagList)
        flags.highlighted = max(self._flag, 1) - 1
        self.set_focus(flags, scroll_visible=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the flag that enter or a click chose."""
        self.dismiss(int(event.option_id or 0))

    def action_choose(self, flag: int) -> None:
        """Take a flag by its number."""
        self.dismiss(flag)

    def action_move(self, lines: int) -> None:
        """Go to another flag."""
        flags = self.query_one(FlagList)
        if lines > 0:
            flags.action_cursor_down()
        else:
            flags.action_cursor_up()

    def action_leave(self) -> None:
        """Go back to the card as it is."""
        self.dismiss(None)
