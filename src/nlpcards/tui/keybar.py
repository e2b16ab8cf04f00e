"""The line of keys at the foot of every screen: as many as fit, the way out and the way to help always among them."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import clamp
from textual.screen import Screen
from textual.widget import Widget

from nlpcards.tui.rebinding import pressed_now, written
from nlpcards.tui.themed import rebound_of

ALWAYS = ("help", "leave", "give_up", "today")
"""What is shown however narrow the terminal is: help, which lists what found no room, and the way back."""

KEY = "bold $ink-accent"
"""How a key is written."""


class KeyBar(Widget):
    """Keys and what they do now, on one line; a click presses the key.

    Textual's own footer makes one widget a key and cuts the last in the middle; this one is a single widget that
    leaves out whole keys, last ones first.
    """

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._places: list[tuple[int, int, str]] = []

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            self.refresh()

    def shown(self) -> list[tuple[str, str, str]]:
        """The keys that fit now: Textual's name of the key, how it is written, what it does."""
        found: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.enabled:
                found.setdefault(active.binding.action, active.binding)
        ordered = sorted(found.values(), key=_order)
        keys = [(_always(each), (each.key, self.app.get_key_display(each), each.description)) for each in ordered]
        room = self.size.width - sum(_cells(key) for always, key in keys if always)
        fitting = []
        for always, key in keys:
            if not always:
                room -= _cells(key)
            if always or room >= 0:
                fitting.append(key)
        return fitting

    def render(self) -> Content:
        """The line."""
        parts: list[str | tuple[str, str]] = []
        self._places = []
        x = 0
        for name, shown, does in self.shown():
            width = _cells((name, shown, does))
            parts += [" ", (shown, KEY), f" {does} "]
            self._places.append((x, x + width, name))
            x += width
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked on."""
        x = clamp(event.x, 0, self.size.width)
        for start, end, key in self._places:
            if start <= x < end:
                self.app.simulate_key(key)


def _always(binding: Binding) -> bool:
    return binding.action.rpartition(".")[2] in ALWAYS


def _order(binding: Binding) -> tuple[bool, ...]:
    quits = binding.action.endswith("leave_program")
    return _always(binding), quits, binding.key != "space", binding.key != "enter"


def _cells(key: tuple[str, str, str]) -> int:
    return cell_len(key[1]) + cell_len(key[2]) + 3


class KeyButton(Widget):
    """Something to click on that does what a key does; it never takes the focus, so keys keep their meaning."""

    ALLOW_SELECT = False

    def __init__(self, key: str, written: str, does: str, *, id: str | None = None, classes: str = "") -> None:
        """A button for Textual's `key`, shown as `written` with the words `does`."""
        super().__init__(id=id, classes=classes)
        self.key = key
        self._written = written
        self._does = does
        self._note = ""

    def does(self, key: str, written: str, does: str) -> None:
        """Do what another key does from now on."""
        if (key, written, does) != (self.key, self._written, self._does):
            self.key, self._written, self._does = key, written, does
            self.refresh()

    @property
    def note(self) -> str:
        """A word or two after the others, such as an interval."""
        return self._note

    @note.setter
    def note(self, note: str) -> None:
        if note != self._note:
            self._note = note
            self.refresh()

    def render(self) -> Content:
        """The key as it is now, what it does, and the note."""
        note = f" {self._note}" if self._note else ""
        rebound = self._rebound()
        shown = self._written if rebound is None else written(rebound)
        return Content.assemble((shown, KEY), f" {self._does}", (note, "$ink-muted"))

    def _rebound(self) -> str | None:
        keymap = rebound_of(self.app)
        if not keymap:
            return None
        focused = self.screen.focused
        owners = (type(self.screen),) if focused is None else (type(focused), type(self.screen))
        return pressed_now(owners, self.key, keymap)

    def on_click(self) -> None:
        """Press the key."""
        self.app.simulate_key(self._rebound() or self.key)
