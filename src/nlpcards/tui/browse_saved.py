"""Two lists over the table of cards: saved searches to take, save and delete, and columns to choose."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from nlpcards.collection.browser import Browser
from nlpcards.collection.browsing import Column
from nlpcards.collection.home import Home
from nlpcards.collection.saved_searches import forget_search, save_search, saved_searches
from nlpcards.core.errors import NlpcardsError
from nlpcards.tui.browse_columns import fitted
from nlpcards.tui.choosing import Choosing, Offer
from nlpcards.tui.words import safe, sentence


class SavedSearches(Choosing):
    """Saved searches by their names; gives the query of the one that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "save", "Save", tooltip="save the present search"),
        Binding("delete,x", "forget", "Delete", tooltip="delete the one at the arrow"),
        Binding("escape,l", "leave", "Back"),
    ]

    def __init__(self, home: Home, present: str) -> None:
        """List the searches of a learner; `present` is the query that can be saved."""
        super().__init__("Saved searches", ())
        self._home, self._present = home, present
        self._searches: dict[str, str] = {}

    def begin(self) -> None:
        """Read the file."""
        self._read()

    def _read(self, said: str = "") -> None:
        hint = self.query_one("#choosing-hint", Static)
        hint.display = True
        try:
            self._searches = saved_searches(self._home)
        except NlpcardsError as error:
            self._searches = {}
            hint.update(f"✗ {sentence(error)}")
            return
        wide = max((cell_len(safe(name)) for name in self._searches), default=0)
        self.offer(
            [
                Offer(name, Content.assemble((f"{safe(name):{wide}}", "bold"), f"   {safe(query)}"))
                for name, query in self._searches.items()
            ]
        )
        if not said and not self._searches:
            said = "None yet. n saves the present search under a name."
        hint.update(said or "Enter searches, n saves the present search, x deletes one.")
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without searches there is none to delete, without a query none to save."""
        if (action == "forget" and not self._searches) or (action == "save" and not self._present.strip()):
            return False
        return super().check_action(action, parameters)

    def action_pick(self, index: int) -> None:
        """Give the query of a search."""
        self.dismiss(list(self._searches.values())[index])

    def action_save(self) -> None:
        """Ask for a name and save the present search."""
        from nlpcards.tui.entry import Entry

        def saved(done: bool | None) -> None:
            if done:
                self._read("Saved.")

        def save(name: str) -> None:
            save_search(self._home, name, self._present)

        hint = f"The search is: {safe(self._present)}"
        self.app.push_screen(Entry("Save this search as", hint, save), saved)

    def action_forget(self) -> None:
        """Delete the search at the arrow."""
        chosen = self.chosen
        if chosen is None:
            return
        query = self._searches.get(chosen.name, "")
        try:
            forget_search(self._home, chosen.name)
        except NlpcardsError as error:
            self._read(f"✗ {sentence(error)}")
            return
        self._read(f"Deleted {safe(chosen.name)}, which was: {safe(query)}")


class Columns(Choosing):
    """The columns, each with a tick where it is shown; enter, space or a click changes that."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "take", "Show or hide", tooltip="show or hide the column at the arrow"),
        Binding("escape,c", "leave", "Back"),
    ]

    def __init__(self, browser: Browser, width: int) -> None:
        """Choose the columns of a browser for a table of `width` cells."""
        self._browser, self._width = browser, width
        super().__init__("Columns", self._offers_now(), hint="Those without room show in a wider window.")

    def _offers_now(self) -> tuple[Offer, ...]:
        shown = self._browser.columns
        room = {each.column for each in fitted(shown, self._width, self._browser.sort)}
        lines = []
        for column in Column:
            box = "[x]" if column in shown else "[ ]"
            note = "  no room now" if column in shown and column not in room else ""
            lines.append(Offer(column, Content.assemble(f"{box} {column}", (note, "$ink-muted"))))
        return tuple(lines)

    def action_pick(self, index: int) -> None:
        """Show or hide the column on a line; one always stays."""
        shown = set(self._browser.columns) ^ {list(Column)[index]}
        if shown:
            self._browser.columns = tuple(each for each in Column if each in shown)
        self.offer(self._offers_now())
