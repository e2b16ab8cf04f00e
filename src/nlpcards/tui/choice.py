"""A few things to choose one of, over whatever was on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nlpcards.tui.page import Page
from nlpcards.tui.words import safe


class Arrowed(OptionList, inherit_bindings=False):
    """Lines to choose from; an arrow stands before the present one: it must not be told by colour alone. Enter is left
    to the screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "cursor_down", show=False),
        Binding("up", "cursor_up", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("pageup", "page_up", show=False),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._texts: tuple[Content, ...] = ()
        self._arrow: int | None = None

    def put(self, lines: Sequence[tuple[Content, bool]], at: int | None) -> None:
        """Show other lines, each with whether it can be chosen, the arrow before line `at`."""
        self._texts = tuple(line for line, _ in lines)
        self.clear_options()
        self._arrow = None
        self.add_options(
            [Option(self._prompt(index, arrow=False), disabled=not chosen) for index, (_, chosen) in enumerate(lines)]
        )
        self.highlighted = at

    def move(self, lines: int) -> None:
        """Move the arrow to the next line, or where `lines` is negative to the one before."""
        if lines > 0:
            self.action_cursor_down()
        else:
            self.action_cursor_up()

    def _prompt(self, index: int, *, arrow: bool) -> Content:
        text = self._texts[index]
        # Shades that can be read on the screen's ground may be too faint on that of the arrow's line.
        return Content(f"▸ {text.plain}") if arrow else Content("  ") + text

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Move the arrow."""
        super().watch_highlighted(highlighted)
        for index in (self._arrow, highlighted):
            if index is not None and index < self.option_count:
                self.replace_option_prompt_at_index(index, self._prompt(index, arrow=index == highlighted))
        self._arrow = highlighted


class Choice(Page[str]):
    """Asks which of some words; gives it, or nothing where one goes back. `present` is where the arrow begins; `moved`
    is told of each line the arrow comes to, to show what it would lead to.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "Choose"),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(
        self, title: str, words: Sequence[str], present: str = "", moved: Callable[[str], object] | None = None
    ) -> None:
        super().__init__()
        self._title, self._words, self._present, self._moved = title, tuple(words), present, moved

    def body(self) -> Iterable[Widget]:
        """The question and the words."""
        yield Vertical(
            Static(self._title, id="choice-title", markup=False), Arrowed(id="choice-words"), id="choice-box"
        )

    def on_mount(self) -> None:
        """Begin at what holds now."""
        words = self.query_one(Arrowed)
        words.put(
            [(Content(safe(word) or "the default"), True) for word in self._words],
            self._words.index(self._present) if self._present in self._words else 0,
        )
        self.set_focus(words, scroll_visible=False)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what the word at the arrow would lead to."""
        if self._moved is not None:
            self._moved(self._words[event.option_index])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the word that enter or a click chose."""
        self.dismiss(self._words[event.option_index])

    def action_choose(self) -> None:
        """Take the word at the arrow."""
        at = self.query_one(Arrowed).highlighted
        if at is not None:
            self.dismiss(self._words[at])

    def action_move(self, lines: int) -> None:
        """Go to another word."""
        self.query_one(Arrowed).move(lines)

    def action_leave(self) -> None:
        """Go back without one."""
        self.dismiss(None)
