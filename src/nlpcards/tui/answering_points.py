"""The points of a good explanation, to be ticked by the learner who has just given one."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size, clamp
from textual.message import Message
from textual.widget import Widget

from nlpcards.core.markup import parse
from nlpcards.render.layout import layout
from nlpcards.tui.card import NARROWEST, styled
from nlpcards.tui.rebinding import named

_MARGIN = 6
"""The cells before a point's text: `▸ [x] `."""


class PointList(Widget, can_focus=True):
    """Shows points with a box before each; keys and clicks tick them."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        "points",
        [
            Binding("space", "tick", "Tick", tooltip="tick the point, or untick it"),
            Binding("j,down", "move(1)", "Down", show=False, tooltip="the next point"),
            Binding("k,up", "move(-1)", "Up", show=False, tooltip="the point before"),
            Binding("a", "all", "All", tooltip="tick all points, or none"),
        ],
    )

    class Ticked(Message):
        """Other points are ticked than before."""

    def __init__(self) -> None:
        super().__init__()
        self.points: tuple[str, ...] = ()
        self._made: frozenset[int] = frozenset()
        self._at = 0
        self._lines: list[tuple[int, Content]] = []
        self._laid_out_for = -1

    def show(self, points: tuple[str, ...]) -> None:
        """Show points, none of them ticked."""
        self.points, self._made, self._at = points, frozenset(), 0
        self._laid_out_for = -1
        self.refresh(layout=True)

    @property
    def ticked(self) -> tuple[str, ...]:
        """The points that are ticked, in their order."""
        return tuple(point for at, point in enumerate(self.points) if at in self._made)

    def lines(self, width: int) -> list[tuple[int, Content]]:
        """The texts of all points laid out for a width, each line with its point's number from 0."""
        if width != self._laid_out_for:
            room = max(width - _MARGIN, NARROWEST)
            self._lines = [
                (at, styled(line))
                for at, point in enumerate(self.points)
                for line in layout(parse(point), room, ask=None, reveal=False) or ((),)
            ]
            self._laid_out_for = width
        return self._lines

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All the width there is."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the points take at a width, and one above them."""
        return len(self.lines(width)) + 1

    def render(self) -> Content:
        """What to do, and the points with their boxes."""
        made = f"Which points did you make?  {len(self._made)} of {len(self.points)}"
        lines = [Content.styled(made, "bold $ink-muted")]
        before = -1
        for at, text in self.lines(self.content_size.width):
            mark: Content = Content(" " * _MARGIN)
            if at != before:
                here = ("▸ " if at == self._at else "  ", "bold $ink-accent")
                box = ("[x] ", "bold $ink-success") if at in self._made else ("[ ] ", "$ink-muted")
                mark = Content.assemble(here, box)
            lines.append(mark + text)
            before = at
        return Content("\n").join(lines)

    def action_tick(self) -> None:
        """Tick the present point, or untick it."""
        self._mark(self._made ^ {self._at})

    def action_all(self) -> None:
        """Tick all points, or none where all are ticked."""
        everything = frozenset(range(len(self.points)))
        self._mark(frozenset() if self._made == everything else everything)

    def action_move(self, by: int) -> None:
        """Go to another point, and bring it into sight."""
        self._at = clamp(self._at + by, 0, len(self.points) - 1)
        self.refresh()
        at_lines = [number for number, (at, _) in enumerate(self.lines(self.content_size.width), 1) if at == self._at]
        sheet = self.screen.query_one("#sheet")
        top = self.content_region.y - sheet.content_region.y + sheet.scroll_offset.y
        if at_lines:
            first = at_lines[0] if self._at else 0
            region = Region(0, top + first, self.size.width, at_lines[-1] - first + 1)
            sheet.scroll_to_region(region, animate=False, force=True)

    def on_click(self, event: events.Click) -> None:
        """Tick the point that was clicked on."""
        place = event.get_content_offset(self)
        lines = self.lines(self.content_size.width)
        if place is not None and 1 <= place.y <= len(lines):
            self._at = lines[place.y - 1][0]
            self.action_tick()

    def _mark(self, made: frozenset[int]) -> None:
        self._made = made
        self.refresh()
        self.post_message(self.Ticked())
