"""The list on the Roadmap: only the lines in sight are made, so it costs the same for ten topics and five hundred."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size, clamp
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from nlpcards.collection.roadmap.printing import share
from nlpcards.core.roadmap.progress import Progress
from nlpcards.tui.road_rows import CLOSED, HERE, KNOWN, Key, Row
from nlpcards.tui.words import clipped, safe

BAR = 8
"""Cells of a bar."""

_SHARE, _RECALL, _STANDS = 6, 8, 15
_FIGURES = BAR + _SHARE + _RECALL + _STANDS
_NARROW = 64
"""Below so many cells the bar gives way to the title."""

_INK = {KNOWN: "$ink-success", HERE: "$ink-accent", CLOSED: "$ink-muted"}


def bar(progress: Progress, cells: int = BAR) -> str:
    """What was introduced as a bar; a little is never nothing, and what is short of all never all."""
    full = round(cells * progress.introduced)
    if 0 < progress.met < progress.cards:
        full = clamp(full, 1, cells - 1)
    return "█" * full + "░" * (cells - full)


def heading(width: int) -> Content:
    """The names of the columns on a line of so many cells."""
    met = "met".rjust(_SHARE) if width < _NARROW else "introduced".rjust(BAR + _SHARE)
    return Content(" " * max(0, width - len(met) - _RECALL - _STANDS) + met + "recall".rjust(_RECALL))


def line(row: Row, width: int, *, at: bool, counting: bool = False) -> Content:
    """A line in `width` cells, with the arrow where it is `at` it; without figures while these are counted."""
    fold = "" if row.opened is None else "- " if row.opened else "+ "
    left = ("▸ " if at else "  ") + "  " * row.depth + (fold or ("  " if row.depth < 3 else ""))
    progress = row.progress
    parts: list[str | tuple[str, str]]
    if progress is None:
        right = f"  {row.stands}" if width < _NARROW else f"  {row.stands:<{_STANDS - 2}}"
        figures: list[str | tuple[str, str]] = [(right, "" if at else "$ink-muted")]
    elif not progress.cards or counting:
        right = " " * (_FIGURES - _STANDS if width >= _NARROW else _SHARE + _RECALL)
        right += f"  {'' if counting and progress.cards else row.stands:<{_STANDS - 2}}"
        figures = [(right, "" if at else "$ink-muted")]
    else:
        drawn = bar(progress) if width >= _NARROW else ""
        numbers = share(progress.introduced).rjust(_SHARE) + share(progress.recall).rjust(_RECALL)
        stands = f"  {row.stands:<{_STANDS - 2}}"
        right = drawn + numbers + stands
        figures = [(drawn, "" if at else "$ink-primary"), numbers, (stands, "" if at else _INK.get(row.sign, ""))]
    sign = f"{row.sign} " if row.sign else ""
    room = width - cell_len(left) - cell_len(sign) - cell_len(right)
    title = clipped(safe(row.title), room)
    parts = [left, (sign, "" if at else _INK.get(row.sign, "")), title, " " * (room - cell_len(title)), *figures]
    return Content.assemble(*(part for part in parts if isinstance(part, str) or part[0]))


class RoadList(ScrollView, can_focus=True, inherit_bindings=False):
    """The lines of the Roadmap, with an arrow at one of them."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"road-list--at"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, tooltip="the next line"),
        Binding("k,up", "move(-1)", "Up", show=False, tooltip="the line before"),
        Binding("pagedown", "page(1)", "Page down", show=False, tooltip="a page down"),
        Binding("pageup", "page(-1)", "Page up", show=False, tooltip="a page up"),
        Binding("home,g", "end(-1)", "Top", show=False, tooltip="the first line"),
        Binding("end,G", "end(1)", "End", show=False, tooltip="the last line"),
    ]

    class Moved(Message):
        """The arrow is at another line."""

    class Opened(Message):
        """The line at the arrow was clicked on to open or to shut it."""

    def __init__(self) -> None:
        super().__init__(id="road")
        self._rows: tuple[Row, ...] = ()
        self._at = 0
        self._counting = True
        self._strips: dict[int, Strip] = {}
        self._made_for: tuple[object, ...] = ()

    @property
    def row(self) -> Row | None:
        """The line at the arrow, None of an empty list."""
        return self._rows[self._at] if self._rows else None

    @property
    def rows(self) -> tuple[Row, ...]:
        """All lines."""
        return self._rows

    def show(self, rows: Sequence[Row], at: Key | None = None, *, counting: bool = False) -> None:
        """Show lines, the arrow at the one of the key `at`, else at what it was at, or what that was inside of."""
        wanted = at or (self.row.key if self.row is not None else None)
        self._rows, self._counting = tuple(rows), counting
        self._strips.clear()
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._rows))
        places = {row.key: place for place, row in enumerate(self._rows)}
        self._go(self._at if wanted is None else place_of(wanted, places, self._at))
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the arrow in sight."""
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._rows))
        self._in_sight()

    def notify_style_update(self) -> None:
        """Draw anew in another theme."""
        super().notify_style_update()
        self._made_for = ()

    def render_line(self, y: int) -> Strip:
        """One line of what is in sight."""
        place = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        if (width, self.rich_style) != self._made_for:
            self._made_for = (width, self.rich_style)
            self._strips.clear()
        if place >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        strip = self._strips.get(place)
        if strip is None:
            strip = self._strips[place] = self._strip(place, width)
        return strip

    def _strip(self, place: int, width: int) -> Strip:
        is_at = place == self._at
        content = line(self._rows[place], width, at=is_at, counting=self._counting)
        style = self.get_visual_style("road-list--at") if is_at else self.visual_style
        (strip, *_) = Visual.to_strips(self, content, width, 1, style) or [Strip.blank(width)]
        return strip.adjust_cell_length(width, style.rich_style)

    def _go(self, place: int) -> None:
        before, self._at = self._at, clamp(place, 0, max(0, len(self._rows) - 1))
        for each in (before, self._at):
            self._strips.pop(each, None)
        if self._in_sight():
            self.refresh()
        else:
            for each in {before, self._at}:
                self.refresh_line(each)
        self.post_message(self.Moved())

    def _in_sight(self) -> bool:
        height, top = self.scrollable_content_region.height, round(self.scroll_y)
        wanted = clamp(top, self._at - height + 1, self._at) if height > 0 else top
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True)
        return wanted != top

    def action_move(self, lines: int) -> None:
        """Move the arrow by lines."""
        self._go(self._at + lines)

    def action_page(self, pages: int) -> None:
        """Move the arrow by pages, keeping one line in sight."""
        self._go(self._at + pages * max(1, self.size.height - 1))

    def action_end(self, way: int) -> None:
        """Move the arrow to the first line (-1) or the last one (1)."""
        self._go(0 if way < 0 else len(self._rows) - 1)

    def on_click(self, event: events.Click) -> None:
        """Go to a line; open or shut it where its sign was clicked on, or it was clicked on twice."""
        event.stop()
        place = self.scroll_offset.y + event.y
        if place >= len(self._rows):
            return
        self._go(place)
        row = self._rows[place]
        if event.chain == 2 or (row.opened is not None and event.x < 4 + 2 * row.depth):
            self.post_message(self.Opened())


def place_of(wanted: Key, places: dict[Key, int], otherwise: int) -> int:
    """The place of a line, of the one that it was inside of where that was shut, or where the arrow was."""
    if wanted in places:
        return places[wanted]
    stage = wanted[1] if len(wanted) > 1 else ""
    outer: list[Key] = [("concept", *wanted[1:-1])] if wanted[0] == "card" else []
    outer += [("topic", *wanted[1:3]), ("stage", stage), ("area", stage)]
    return next((places[each] for each in outer if each in places), otherwise)
