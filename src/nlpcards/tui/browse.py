"""Browse: all cards in a table, a search line above it, one card beside it, and what can be done to those marked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.collection.browser import Browser, States
from nlpcards.collection.browsing import Column
from nlpcards.collection.saved_searches import saved_searches
from nlpcards.collection.searching import vocabulary
from nlpcards.core.cards import Card
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.search.completion import Vocabulary
from nlpcards.core.search.language import parse
from nlpcards.core.words import count
from nlpcards.tui.browse_actions import ACTIONS, BrowseActions
from nlpcards.tui.browse_card import BrowsedCard, CardSheet
from nlpcards.tui.browse_search import QueryLine, SearchBar
from nlpcards.tui.browse_table import CardTable, Heading
from nlpcards.tui.words import sentence

SLICE_S = 0.008
"""For so many seconds a search goes on before keys are looked at again."""

SOON_S = 0.1
"""After so many seconds a search that still goes on shows what it has found."""

RESTING_S = 0.05
"""The card is shown once the arrow has been still for so many seconds."""

WIDE = 110
"""From so many cells on, the card stands beside the table, not under it."""


class BrowseScreen(BrowseActions):
    """Shows what a browser found, and searches as one types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", tooltip="search"),
        Binding("enter", "open", "Card", tooltip="the card at the arrow, whole"),
        *ACTIONS,
        Binding("s", "sort", "Sort", tooltip="sort by a column"),
        Binding("S", "reverse", "Reverse", show=False, tooltip="sort the other way round"),
        Binding("less_than_sign", "sort_by(-1)", "Sort left", show=False, tooltip="sort by the column to the left"),
        Binding("greater_than_sign", "sort_by(1)", "Sort right", show=False, tooltip="sort by the column to the right"),
        Binding("c", "columns", "Columns", show=False, tooltip="choose columns"),
        Binding("l", "searches", "Searches", tooltip="saved searches: take, save, delete"),
        Binding("p", "preview", "Preview", show=False, tooltip="show or hide the card beside the table"),
        Binding("right_square_bracket", "scroll_card(1)", "Card down", show=False, tooltip="scroll the card down"),
        Binding("left_square_bracket", "scroll_card(-1)", "Card up", show=False, tooltip="scroll the card up"),
        Binding("escape", "leave", "Back", tooltip="take marks off, then back"),
    ]

    _reading: asyncio.Task[States] | None = None
    _vocabulary: tuple[object, Vocabulary] | None = None
    _preview_asked = False
    _moved = 0.0
    _told = ""
    _asked = ""

    def __init__(self, browser: Browser) -> None:
        super().__init__()
        self.browser = browser

    def body(self) -> Iterable[Widget]:
        """A heading, the search line, the table, the card, and what there is to say."""
        yield Vertical(
            Horizontal(Static("Browse", id="name", markup=False), Static(id="browse-count", markup=False), id="top"),
            SearchBar(self.browser.text, self._names, lambda: saved_searches(self.browser.collection.home)),
            Vertical(
                Vertical(Heading(self.browser), CardTable(self.browser), id="browse-cards"),
                CardSheet(id="browse-card"),
                id="browse-body",
            ),
            Static(id="notice", markup=False),
            id="browse",
        )

    def on_mount(self) -> None:
        """Search as one did before."""
        self.set_focus(self.table, scroll_visible=False)
        self._search(self.browser.text)

    @property
    def table(self) -> CardTable:
        """The table."""
        return self.query_one(CardTable)

    @property
    def bar(self) -> SearchBar:
        """The search line."""
        return self.query_one(SearchBar)

    def on_resize(self, event: events.Resize) -> None:
        """Put the card beside the table where there is room, else under it."""
        super().on_resize(event)
        self.set_class(event.size.width >= WIDE, "-wide")

    # ---- saying

    def _count(self, looked: int | None = None) -> None:
        """Say how many cards there are; while a search goes on, how many were looked at."""
        browser = self.browser
        parts = []
        if browser.marked:
            parts.append(f"{len(browser.marked):,} marked")
        if self.table.ranging:
            parts.append("range: v ends it")
        if looked is not None:
            parts.append(f"searching, {looked:,} looked at")
        found = count(len(browser.cards), "card")
        if browser.text.strip() and browser.total:
            found = f"{len(browser.cards):,} of {count(browser.total, 'card')}"
        parts.append(found)
        told = " · ".join(parts)
        if told != self._told:
            self._told = told
            self.query_one("#browse-count", Static).update(told, layout=False)

    # ---- searching

    def _names(self) -> Vocabulary:
        library = self.browser.collection.library
        if self._vocabulary is None or self._vocabulary[0] is not library:
            own = {tag for tags in self.browser.collection.journal.own_tags().values() for tag in tags}
            self._vocabulary = library, vocabulary(library, sorted(own))
        return self._vocabulary[1]

    def on_search_bar_asked(self, event: SearchBar.Asked) -> None:
        """Search for what was typed."""
        if event.text != self._asked:
            self._search(event.text)

    def on_search_bar_left(self, event: SearchBar.Left) -> None:
        """Go to the cards."""
        self.set_focus(self.table, scroll_visible=False)

    def _search(self, text: str) -> None:
        self._asked = text
        self.run_worker(self._searched(text), group="search", exclusive=True)

    async def _searched(self, text: str) -> None:
        """Search a little at a time, so that keys are answered meanwhile."""
        browser = self.browser
        found: list[Card] = []
        try:
            await self._have_states(text)
            began = time.monotonic()
            async for looked in _sliced(browser.search(text, found)):
                if time.monotonic() - began > SOON_S or not browser.cards:
                    began = time.monotonic()
                    if browser.sort is None:
                        # The very list that grows: what is found next shows as soon as it is drawn.
                        browser.show(text, found, done=False)
                        self._follow()
                    self._count(looked)
            browser.show(text, found)
            said = browser.said_of(text, found)
        except NlpcardsError as error:
            self.bar.fail(error)
            return
        self._follow()
        if said:
            self.bar.say(said)

    async def _have_states(self, text: str) -> None:
        """Read the states of all cards in a thread, where a search or an order asks for them."""
        browser = self.browser
        if not browser.wants_states(parse(text), browser.sort):
            return
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(asyncio.to_thread(browser.read_states))
        self._count()
        # Shielded: a search that another one replaces must not make that one read all again.
        browser.take_states(await asyncio.shield(self._reading))

    def _follow(self) -> None:
        """Show the browser's cards as they are now."""
        self.table.follow()
        self.query_one(Heading).refresh()
        self._count()
        self.refresh_bindings()

    def action_search(self) -> None:
        """Write into the search line."""
        self.bar.enter()

    def action_searches(self) -> None:
        """List the saved searches."""
        from nlpcards.tui.browse_saved import SavedSearches

        def chosen(query: str | None) -> None:
            if query is not None:
                self.bar.put(query)

        self.app.push_screen(SavedSearches(self.browser.collection.home, self.browser.text), chosen)

    # ---- the table

    def on_card_table_moved(self, event: CardTable.Moved) -> None:
        """Show the card at the arrow, once the table is drawn."""
        event.stop()
        self._count()
        self._moved = time.monotonic()
        if not self._preview_asked:
            self._preview_asked = True
            self.set_timer(RESTING_S, self._preview_when_resting)

    def on_card_table_opened(self, event: CardTable.Opened) -> None:
        """Show the whole card."""
        self.action_open()

    def on_card_table_asked(self, event: CardTable.Asked) -> None:
        """List what can be done."""
        self.action_menu()

    def on_heading_clicked(self, event: Heading.Clicked) -> None:
        """Sort by a column; by the same one again, the other way round."""
        self._sort(event.column)

    def _preview_when_resting(self) -> None:
        """Show the card once the arrow rests: while a key is held down, only the table is drawn."""
        left = self._moved + RESTING_S - time.monotonic()
        if left > 0.001:
            self.set_timer(left, self._preview_when_resting)
            return
        self._preview_asked = False
        self._preview()

    def _preview(self) -> None:
        sheet = self.query_one("#browse-card", CardSheet)
        if not self.is_mounted or not sheet.display:
            return
        try:
            sheet.show_card(self.browser.collection, self.table.card)
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)

    def acted(self, cards: Sequence[str]) -> None:
        """Show what became of some cards."""
        self._vocabulary = None  # one may have tags now that no card had
        self.table.redraw()
        self._preview()
        self._count()
        self.refresh_bindings()

    def action_open(self) -> None:
        """Show the card at the arrow on a screen of its own."""
        card = self.table.card
        if card is not None:
            self.app.push_screen(BrowsedCard(card))

    def action_preview(self) -> None:
        """Show the card beside the table, or hide it."""
        sheet = self.query_one("#browse-card", CardSheet)
        sheet.display = not sheet.display
        self._preview()

    def action_scroll_card(self, way: int) -> None:
        """Scroll the card beside the table."""
        sheet = self.query_one("#browse-card", CardSheet)
        sheet.scroll_relative(y=way * max(1, sheet.size.height - 1), animate=False)

    # ---- order and columns

    def _sort(self, column: Column) -> None:
        browser = self.browser
        if browser.sort is column:
            browser.descending = not browser.descending
        else:
            browser.sort, browser.descending = column, False
        self._arrange()

    def _arrange(self) -> None:
        """Sort the cards there are as the browser says."""
        self.run_worker(self._arranged(), group="search", exclusive=True)

    async def _arranged(self) -> None:
        browser = self.browser
        try:
            await self._have_states(browser.text)
            cards = list(browser.cards)
            async for _ in _sliced(browser.order(cards)):
                pass
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return
        browser.show(browser.text, cards)
        self._follow()

    def action_sort(self) -> None:
        """Ask by which column to sort."""
        from nlpcards.tui.choosing import Choosing, Offer

        browser = self.browser

        def chosen(name: str | None) -> None:
            if name == "":
                browser.sort, browser.descending = None, False
                self._search(browser.text)
            elif name is not None:
                self._sort(Column(name))

        def line(column: Column) -> Content:
            way = "descending" if browser.descending else "ascending"
            now = f"  now {way}; again turns it round" if column is browser.sort else ""
            return Content.assemble(str(column), (now, "$ink-muted"))

        choices = [Offer("", Content("the decks' own order")), *(Offer(each, line(each)) for each in Column)]
        at = 0 if browser.sort is None else 1 + list(Column).index(browser.sort)
        self.app.push_screen(Choosing("Sort by", choices, at=at), chosen)

    def action_sort_by(self, way: int) -> None:
        """Sort by the shown column to the left (-1) or to the right (1) of the one that cards are sorted by."""
        columns, now = self.browser.columns, self.browser.sort
        at = columns.index(now) + way if now in columns else (0 if way > 0 else -1)
        self._sort(columns[at % len(columns)])

    def action_reverse(self) -> None:
        """Turn the order round."""
        if self.browser.sort is not None:
            self._sort(self.browser.sort)
        else:
            self.say("The cards are in the decks' own order; s sorts them.")

    def action_columns(self) -> None:
        """Ask which columns to show."""
        from nlpcards.tui.browse_saved import Columns

        def closed(_: str | None) -> None:
            self.table.redraw()
            self.query_one(Heading).refresh()

        width = self.table.scrollable_content_region.width
        self.app.push_screen(Columns(self.browser, width), closed)

    # ---- coming and going

    def _edited(self, said: str) -> bool:
        """Read the decks again after an edit, and search again."""
        try:
            self.browser.collection.reload()
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return False
        self.say(said)
        self._search(self.browser.text)
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a query is written, keys are its text; while many cards are worked on, one can only look."""
        if self._busy and action not in ("open", "scroll_card", "preview", "help", "leave_program"):
            return False
        if isinstance(self.focused, QueryLine) and action not in ("help", "leave_program"):
            return False
        return super().check_action(action, parameters)

    def action_leave(self) -> None:
        """Take marks off; without any, go back to where one came from."""
        if self.table.unmark():
            return
        self.dismiss(None)

    def on_unmount(self) -> None:
        """Keep the words that a search read."""
        self.browser.close()


async def _sliced(steps: Iterator[int]) -> AsyncIterator[int]:
    """Go through steps, a slice of time after the other; gives the last step of each slice."""
    until = time.monotonic() + SLICE_S
    for step in steps:
        if time.monotonic() >= until:
            yield step
            await asyncio.sleep(0)
            until = time.monotonic() + SLICE_S
