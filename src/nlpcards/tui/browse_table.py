"""The table of cards: only the lines in sight are made, so it costs the same for ten cards and a hundred thousand."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size, clamp
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from nlpcards.collection.browser import Browser
from nlpcards.collection.browsing import Column
from nlpcards.core.cards import Card
from nlpcards.tui.browse_columns import Placed, fitted, heading, row


class Heading(Widget):
    """The columns' names above the table; a click on one sorts by it."""

    ALLOW_SELECT = False

    class Clicked(Message):
        """A column's name was clicked on."""

        def __init__(self, column: Column) -> None:
            super().__init__()
            self.column = column

    def __init__(self, browser: Browser) -> None:
        super().__init__(id="browse-heading")
        self._browser = browser

    def render(self) -> Content:
        """The line."""
        browser = self._browser
        return heading(fitted(browser.columns, self.size.width - 1, browser.sort), browser.sort, browser.descending)

    def on_click(self, event: events.Click) -> None:
        """Tell which name it was."""
        event.stop()
        for each in fitted(self._browser.columns, self.size.width - 1, self._browser.sort):
            if each.start <= event.x < each.end + 1:
                self.post_message(self.Clicked(each.column))


class CardTable(ScrollView, can_focus=True, inherit_bindings=False):
    """The cards of a browser, a line each; an arrow stands at one of them, a tick at those that are marked."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"card-table--at"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", tooltip="mark, and go on"),
        Binding("a", "mark_all", "All", tooltip="mark all that were found, or none"),
        Binding("v", "range", "Range", show=False, tooltip="mark from here to where you go"),
        Binding("shift+down,J", "extend(1)", "Mark down", show=False, tooltip="mark the next one too"),
        Binding("shift+up,K", "extend(-1)", "Mark up", show=False, tooltip="mark the one before too"),
        Binding("j,down", "move(1)", "Down", show=False, tooltip="the next card"),
        Binding("k,up", "move(-1)", "Up", show=False, tooltip="the card before"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, tooltip="a page down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, tooltip="a page up"),
        Binding("home,g", "end(-1)", "Top", show=False, tooltip="the first card"),
        Binding("end,G", "end(1)", "End", show=False, tooltip="the last card"),
    ]

    class Moved(Message):
        """The arrow is at another card, or marks have changed."""

    class Opened(Message):
        """A card was clicked on twice."""

    class Asked(Message):
        """A card was clicked on with the other button: what can be done to it?"""

    def __init__(self, browser: Browser) -> None:
        super().__init__(id="browse-table")
        self._browser = browser
        self._at = 0
        self._from: int | None = None
        self._extending = False
        self._before: frozenset[str] = frozenset()
        self._lines: dict[tuple[str, bool, bool], Strip] = {}
        self._lines_for: tuple[object, ...] = ()
        self._placed: tuple[Placed, ...] = ()
        self._plain = self._at_style = Style.null()

    # ---- what is shown

    @property
    def at(self) -> int:
        """The line of the arrow, from 0."""
        return self._at

    @property
    def card(self) -> Card | None:
        """The card at the arrow, None in an empty table."""
        cards = self._browser.cards
        return cards[self._at] if self._at < len(cards) else None

    @property
    def ranging(self) -> bool:
        """Whether a range is being marked."""
        return self._from is not None and not self._extending

    def follow(self) -> None:
        """Show the browser's cards as they are now, with the arrow at the card it was at, or on the line where it was
        if that card is not among them.
        """
        self._from, self._extending = None, False
        self._lines.clear()
        cards, at = self._browser.cards, self._browser.at
        self.virtual_size = Size(self.scrollable_content_region.width, len(cards))
        if at and not (self._at < len(cards) and cards[self._at].id == at):
            self._at = next((line for line, card in enumerate(cards) if card.id == at), self._at)
        self._go(self._at)
        self.refresh()

    def redraw(self) -> None:
        """Draw every line anew: something happened to the cards, or other columns are shown."""
        self._lines.clear()
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the arrow in sight."""
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._browser.cards))
        self._in_sight()

    def render_line(self, y: int) -> Strip:
        """One line of what is in sight."""
        width = self.size.width
        line = self.scroll_offset.y + y
        cards = self._browser.cards
        self._renew()
        if line >= len(cards):
            return Strip.blank(width, self._plain)
        card = cards[line]
        key = (card.id, line == self._at, card.id in self._browser.marked)
        strip = self._lines.get(key)
        if strip is None:
            strip = self._lines[key] = self._strip(card, width, at=key[1], marked=key[2])
        return strip

    def _renew(self) -> None:
        """Forget the lines that were made for another width, other columns or another look."""
        width = self.scrollable_content_region.width
        made_for = (width, self._browser.columns, self._browser.sort)
        if made_for != self._lines_for or len(self._lines) > 2_000:
            self._lines_for = made_for
            self._lines.clear()
            self._placed = fitted(self._browser.columns, width, self._browser.sort)
            # Worked out once: to ask for it at each line took as long as all the rest.
            self._plain, self._at_style = self.rich_style, self.get_component_rich_style("card-table--at")

    def notify_style_update(self) -> None:
        """Draw anew in another theme."""
        super().notify_style_update()
        self._lines_for = ()

    def _strip(self, card: Card, width: int, *, at: bool, marked: bool) -> Strip:
        cells = [self._browser.cell(card, each.column) for each in self._placed]
        text = row(cells, self._placed, at=at, marked=marked)
        style = self._at_style if at else self._plain
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    # ---- moving

    def _go(self, line: int) -> None:
        """Put the arrow on a line, or on the nearest there is."""
        cards = self._browser.cards
        before = self._at
        self._at = clamp(line, 0, max(0, len(cards) - 1))
        self._browser.at = cards[self._at].id if cards else ""
        if self._from is not None:
            self._mark_range()
        if self._in_sight():
            self.refresh()
        else:
            for each in {before, self._at}:
                self.refresh_line(each)
        self.post_message(self.Moved())

    def _in_sight(self) -> bool:
        """Bring the arrow into sight; gives whether the table was scrolled for it."""
        height = self.scrollable_content_region.height
        top = round(self.scroll_y)
        wanted = clamp(top, self._at - height + 1, self._at) if height > 0 else top
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True)
        return wanted != top

    def action_move(self, lines: int) -> None:
        """Move the arrow by lines."""
        self._let_shift_go()
        self._go(self._at + lines)

    def action_page(self, pages: int) -> None:
        """Move the arrow by pages, keeping one line in sight."""
        self._let_shift_go()
        self._go(self._at + pages * max(1, self.size.height - 1))

    def action_end(self, way: int) -> None:
        """Move the arrow to the first card (-1) or the last one (1)."""
        self._let_shift_go()
        self._go(0 if way < 0 else len(self._browser.cards) - 1)

    # ---- marking

    def action_mark(self) -> None:
        """Mark the card at the arrow, or take its mark off, and go on; in a range, end the range."""
        self._let_shift_go()
        if self._from is not None:
            self.action_range()
        elif self.card is not None:
            self._browser.marked ^= {self.card.id}
            self._go(self._at + 1)

    def action_mark_all(self) -> None:
        """Mark every card; where all are marked, none."""
        self._from, self._extending = None, False
        every = {card.id for card in self._browser.cards}
        self._browser.marked = set() if self._browser.marked == every else every
        self._changed()

    def action_range(self) -> None:
        """Begin a range at the arrow, or end it: its cards stay marked."""
        self._let_shift_go()
        if self._from is not None:
            self._from = None
        elif self.card is not None:
            self._begin_range()
            self._mark_range()
        self._changed()

    def action_extend(self, lines: int) -> None:
        """Mark this card and those that one goes to with shift; going back takes their marks off again."""
        if self.card is None:
            return
        if self._from is None:
            self._begin_range()
            self._extending = True
        self._go(self._at + lines)

    def unmark(self) -> bool:
        """Leave a range, or take all marks off; gives whether there was anything to leave."""
        self._let_shift_go()
        had = self._from is not None or bool(self._browser.marked)
        if self._from is not None:
            self._browser.marked = set(self._before)
        else:
            self._browser.marked = set()
        self._from = None
        self._changed()
        return had

    def _let_shift_go(self) -> None:
        """What was marked with shift stays marked: another key was pressed."""
        if self._extending:
            self._from, self._extending = None, False

    def _begin_range(self) -> None:
        self._from = self._at
        self._before = frozenset(self._browser.marked)

    def _mark_range(self) -> None:
        assert self._from is not None, "a range has a beginning"
        first, last = sorted((self._from, self._at))
        own = {card.id for card in self._browser.cards[first : last + 1]}
        self._browser.marked = set(self._before | own)
        self.refresh()

    def _changed(self) -> None:
        self.refresh()
        self.post_message(self.Moved())

    # ---- the mouse

    def on_click(self, event: events.Click) -> None:
        """Go to a card; mark it on its first cells or with ctrl, mark all up to it with shift."""
        event.stop()
        line = self.scroll_offset.y + event.y
        if line >= len(self._browser.cards):
            return
        self._let_shift_go()
        if event.button == 3:
            self._go(line)
            self.post_message(self.Asked())
        elif event.shift:
            self._begin_range()
            self._go(line)
            self._from = None
        elif event.ctrl or event.x < 3:
            self._go(line)
            self._browser.marked ^= {self._browser.cards[line].id}
            self._changed()
        else:
            self._go(line)
            if event.chain == 2:
                self.post_message(self.Opened())
