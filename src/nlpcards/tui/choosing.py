"""A list to choose from with a key and a hint, over whatever was on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static

from nlpcards.tui.choice import Arrowed
from nlpcards.tui.page import Page


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to choose: `name` is what choosing it gives, `key` a key that chooses it at once (empty for none)."""

    name: str
    text: Content
    key: str = ""


class Choosing(Page[str]):
    """Asks to choose from a list; gives the name of what was chosen, or nothing where one goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Choose"),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self, title: str, offers: Sequence[Offer], *, hint: str = "", at: int = 0) -> None:
        """Ask under `title`, with a `hint` below where there is one; the arrow begins at line `at`, from 0."""
        super().__init__()
        self._title, self._offers, self._hint, self._at = title, tuple(offers), hint, at

    def body(self) -> Iterable[Widget]:
        """The title, the list, the hint."""
        yield Vertical(
            Static(self._title, id="choosing-title", markup=False),
            Arrowed(id="choosing-list"),
            Static(self._hint, id="choosing-hint", classes="quiet", markup=False),
            id="choosing-box",
        )

    def on_mount(self) -> None:
        """Begin at the line asked for."""
        self.query_one("#choosing-hint").display = bool(self._hint)
        self.offer(self._offers, self._at)
        self.set_focus(self._list, scroll_visible=False)
        self.begin()

    def begin(self) -> None:
        """Do what is to be done once the list stands there; nothing here."""

    @property
    def _list(self) -> Arrowed:
        return self.query_one(Arrowed)

    @property
    def chosen(self) -> Offer | None:
        """The offer at the arrow."""
        at = self._list.highlighted
        return None if at is None or at >= len(self._offers) else self._offers[at]

    def offer(self, offers: Sequence[Offer], at: int | None = None) -> None:
        """List offers, with the arrow at line `at`, or where it was as far as there is such a line."""
        at = (self._list.highlighted or 0) if at is None else at
        self._offers = tuple(offers)
        keyed = any(each.key for each in offers)
        lines = [
            (Content.assemble((f"{each.key:1}  " if keyed else "", "bold $ink-accent"), each.text), True)
            for each in offers
        ]
        self._list.put(lines, min(at, len(lines) - 1) if lines else None)
        for index, each in enumerate(offers):
            if each.key:
                # Textual's own names of keys, which signs have, come from `make_bindings`.
                for binding in Binding.make_bindings([Binding(each.key, f"pick({index})", show=False)]):
                    self._bindings.bind(binding.key, binding.action, show=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what enter or a click chose."""
        event.stop()
        self.action_pick(event.option_index)

    def action_take(self) -> None:
        """Take the offer at the arrow."""
        if self._list.highlighted is not None:
            self.action_pick(self._list.highlighted)

    def action_pick(self, index: int) -> None:
        """Take the offer on a line."""
        self.dismiss(self._offers[index].name)

    def action_move(self, lines: int) -> None:
        """Move the arrow."""
        self._list.move(lines)

    def action_leave(self) -> None:
        """Go back with nothing chosen."""
        self.dismiss(None)
