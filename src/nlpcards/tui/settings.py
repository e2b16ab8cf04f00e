"""Settings: all of them by group, each with what holds, its default and where it is kept; changed where they stand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from nlpcards.collection.setting_keys import Keeper, Key, Named, written
from nlpcards.collection.settings import Configuration, Held
from nlpcards.collection.taste import read_taste
from nlpcards.core.errors import NlpcardsError
from nlpcards.tui import rebinding
from nlpcards.tui.choice import Arrowed, Choice
from nlpcards.tui.editing import without_screen
from nlpcards.tui.page import Page
from nlpcards.tui.settings_list import Row, first_choice, head, line, rows, told
from nlpcards.tui.themed import theme_names
from nlpcards.tui.words import clipped, safe, sentence


class SearchLine(Input):
    """The words that every line of the list must have; enter and the arrows go to the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "screen.to_list", "List"),
        Binding("ctrl+q", "screen.leave_program", "Quit", show=False),
    ]


class SettingsScreen(Page[None]):
    """Lists the settings of both keepers as one. A change is used at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "change", "Change", tooltip="change the setting at the arrow"),
        Binding("u", "unset", "Default", tooltip="give it its default again"),
        Binding("slash", "search", "Search", tooltip="search by name, words or value"),
        Binding("e", "edit_file", "Edit file", tooltip="edit config.toml in your editor"),
        Binding("j,down", "move(1)", "Down", show=False, tooltip="the next setting"),
        Binding("k,up", "move(-1)", "Up", show=False, tooltip="the setting before"),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._held: tuple[Held, ...] = ()
        self._rows: tuple[Row, ...] = ()

    def body(self) -> Iterable[Widget]:
        """The heading, the search, the list, and what is said of the setting at the arrow."""
        search = SearchLine(
            placeholder="words to look for", select_on_focus=False, max_length=100, id="settings-search"
        )
        search.cursor_blink = False
        yield Vertical(
            Horizontal(Static("Settings", id="name", markup=False), Static(id="settings-file", markup=False), id="top"),
            search,
            Static(id="settings-head", classes="quiet", markup=False),
            Arrowed(id="settings"),
            Static(id="settings-about", classes="quiet", markup=False),
            Static(id="notice", markup=False),
            classes="column",
        )

    @property
    def _configuration(self) -> Configuration:
        collection = self.nlpcards.collection
        return Configuration(
            collection.home,
            collection.clock,
            themes=theme_names,
            decks=lambda: collection.library.decks,
            bindings=lambda: rebinding,
            journal=collection.journal,
        )

    @property
    def _list(self) -> Arrowed:
        return self.query_one("#settings", Arrowed)

    def on_mount(self) -> None:
        """Read the settings."""
        self.query_one(SearchLine).display = False
        self._list.focus()
        self._read()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new width."""
        super().on_resize(event)
        self.call_after_refresh(self._draw)

    # ---- showing

    def _read(self, name: str = "") -> None:
        """Read what holds, and show it with the arrow at a setting."""
        try:
            self._held = self._configuration.all(keys=True)
        except NlpcardsError as error:
            self._held = ()
            self.say(f"{sentence(error)}", failed=True)
        self._draw(name)

    def _draw(self, name: str = "") -> None:
        at = self._row()
        self._rows = rows(self._held, self.query_one(SearchLine).value) if self._held else ()
        width = max(40, (self._list.size.width or self.size.width - 4) - 3)
        self.query_one("#settings-head", Static).update(head(width))
        file = safe(str(self.nlpcards.collection.home.settings))
        # Of a long path the end says more than the beginning.
        self.query_one("#settings-file", Static).update(clipped(file[::-1], max(0, self.size.width - 16))[::-1])
        lines = [(line(row, width), row.key is not None) for row in self._rows]
        if not lines and self._held:
            lines = [(Content.styled("No setting has these words.", "$ink-muted"), False)]
        self._list.put(lines, first_choice(self._rows, name or (at.title if at else "")))
        self._tell()

    def _row(self) -> Row | None:
        at = self._list.highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    def _tell(self) -> None:
        self.query_one("#settings-about", Static).update(told(self._row()))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the setting at the arrow is for."""
        self._tell()
        self.refresh_bindings()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click on a setting changes it."""
        event.stop()
        self.action_change()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A setting must be there to be changed, and have been set to be unset; letters of a search are text."""
        if action == "search" and self.focused is not self._list:
            return False
        row = self._row() if action in ("change", "unset") else None
        if action == "change" and row is None:
            return False
        if action == "unset" and (row is None or row.held is None or not row.held.is_set):
            return False
        return super().check_action(action, parameters)

    # ---- searching

    def action_search(self) -> None:
        """Look for settings by words."""
        search = self.query_one(SearchLine)
        search.display = True
        search.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """List what has the words."""
        self._draw()

    def action_to_list(self) -> None:
        """Go from the search to what it found."""
        search = self.query_one(SearchLine)
        search.display = bool(search.value)
        self._list.focus()

    def action_move(self, lines: int) -> None:
        """Go to another setting."""
        self._list.move(lines)

    def action_leave(self) -> None:
        """Give the search up, or go back to where one came from."""
        search = self.query_one(SearchLine)
        if search.display:
            search.value = ""
            search.display = False
            self._list.focus()
            return
        self.dismiss(None)

    # ---- changing

    def action_change(self) -> None:
        """Ask for another value of the setting at the arrow: of one deck, where each has its own."""
        row = self._row()
        if row is None or row.key is None:
            return
        if row.held is not None:
            self._change(row.held)
        else:
            self._choose_deck(row.key)

    def _choose_deck(self, key: Key) -> None:
        decks = sorted(self.nlpcards.collection.library.decks)
        if not decks:
            self.say("There is no deck yet.", failed=True)
            return

        def chosen(deck: str | None) -> None:
            if deck is not None:
                self.call_later(lambda: self._change(self._configuration.get(Named(key, deck).name)))

        self.app.push_screen(Choice(f"{key.name}: of which deck?", decks), chosen)

    def _change(self, held: Held) -> None:
        if held.key.keeper is Keeper.JOURNAL:
            self.nlpcards.with_trusted_clock(lambda: self._ask(held))
        else:
            self._ask(held)

    def _ask(self, held: Held) -> None:
        words = ("", *sorted(theme_names())) if held.name == "theme" else held.key.choices
        if words:
            self._choose(held, words)
            return
        from nlpcards.tui.entry import Entry

        title = f"{held.name}: {held.about}"
        default = written(held.default) or "empty"
        hint = f"{held.key.takes[:1].upper()}{held.key.takes[1:]}. The default is {default}."
        text = "" if held.value is None else written(held.value)

        def kept(done: bool | None) -> None:
            if done:
                self.call_later(self._follow, held)

        self.app.push_screen(
            Entry(title, hint, lambda typed: self._configuration.set(held.name, typed), text=text), kept
        )

    def _choose(self, held: Held, words: tuple[str, ...]) -> None:
        theme = self.app.theme

        def tried(word: str) -> None:
            self.app.theme = word or theme_names()[0]

        def chosen(word: str | None) -> None:
            if word is None:
                self.app.theme = theme
            else:
                self.call_later(self._do, held, lambda: self._configuration.set(held.name, word))

        self.app.push_screen(
            Choice(
                f"{held.name}: {held.about}", words, written(held.value), moved=tried if held.name == "theme" else None
            ),
            chosen,
        )

    def action_unset(self) -> None:
        """Give the setting at the arrow its default again."""
        row = self._row()
        if row is None or row.held is None:
            return
        held = row.held

        def unset() -> None:
            self._do(held, lambda: self._configuration.unset(held.name))

        if held.key.keeper is Keeper.JOURNAL:
            self.nlpcards.with_trusted_clock(unset)
        else:
            unset()

    def _do(self, held: Held, act: Callable[[], object]) -> None:
        try:
            act()
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return
        self._follow(held)

    def _follow(self, before: Held) -> None:
        """Use what was changed, and say what it is now."""
        if not self._use():
            return
        self._read(before.name)
        now = next((each for each in self._held if each.name == before.name), None)
        value = now.value if now is not None else before.default
        self.say(f"{before.name} is now {written(value) or 'empty'}; it was {written(before.value) or 'empty'}.")

    def _use(self) -> bool:
        """Let the file as it is now hold; says whether it can."""
        collection = self.nlpcards.collection
        place = str(collection.home.settings)
        try:
            taste = read_taste(collection.home.settings)
            self.nlpcards.use(taste, place)
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return False
        collection.taste = taste
        self.say("")
        return True

    def action_edit_file(self) -> None:
        """Open the file in the editor, from where one comes back here; where it is wrong then, offer to go back in."""
        from nlpcards.collection.editor import editor_of, open_at

        collection = self.nlpcards.collection
        try:
            self._configuration.begin_file()
            editor = editor_of(collection.taste.editor, os.environ)
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return
        failure = without_screen(self, lambda: open_at(editor, collection.home.settings, 1))
        if failure is not None:
            self.say(sentence(failure), failed=True)
            return
        self._check_file()

    def _check_file(self) -> None:
        try:
            self._configuration.check()
        except NlpcardsError as error:
            from nlpcards.tui.dialog import Question

            def answered(again: bool | None) -> None:
                self.call_later(self.action_edit_file if again else self._read)

            self.app.push_screen(Question(sentence(error), yes="edit it again", no="leave it so"), answered)
            return
        if self._use():
            self._read()
            self.say("The file is used from now on.")
