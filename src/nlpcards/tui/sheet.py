"""A long sheet of blocks that scrolls: only what is in sight is drawn, only what is reached is laid out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

Lines = tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of the sheet. `key` names what it shows; `content` says what is in it: two blocks of equal content
    have the same lines at a width, and `lay` makes them.
    """

    key: Hashable
    content: Hashable
    lay: Callable[[int], Lines]


class Sheet(ScrollView, can_focus=True):
    """Shows blocks below each other; it keeps its place when they change."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks: tuple[Block, ...] = ()
        self._laid: dict[tuple[Hashable, int], Lines] = {}
        self._starts: list[int] = [0]
        self._width = 0

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is shown."""
        return self._blocks

    def show(self, blocks: Sequence[Block]) -> None:
        """Show other blocks. The block at the top edge stays where it is; where it is gone, the one before it does."""
        anchor, below = self._anchor()
        before = [block.key for block in self._blocks]
        self._blocks = tuple(blocks)
        kept = {block.content for block in blocks}
        self._laid = {at: lines for at, lines in self._laid.items() if at[0] in kept}
        self._measure()
        places = {block.key: at for at, block in enumerate(self._blocks)}
        while anchor >= 0 and before and before[anchor] not in places:
            anchor, below = anchor - 1, 0
        if anchor >= 0 and before:
            at = places[before[anchor]]
            self.scroll_to(y=self._starts[at] + min(below, self._height(at) - 1), animate=False, force=True)

    def in_sight(self, key: Hashable) -> bool:
        """Whether the first line of a block is on the screen."""
        place = self._place(key)
        return place is not None and self.scroll_y <= place < self.scroll_y + self.size.height

    def reveal(self, key: Hashable) -> None:
        """Bring a block to the top edge."""
        place = self._place(key)
        if place is not None:
            self.scroll_to(y=place, animate=False, force=True)

    def at_top(self) -> Hashable | None:
        """The key of the block at the top edge, None of an empty sheet."""
        anchor, _ = self._anchor()
        return self._blocks[anchor].key if self._blocks else None

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew for another width, and keep the place."""
        width = self.scrollable_content_region.width
        if width != self._width:
            self.show(self._blocks)

    def render_line(self, y: int) -> Strip:
        """One line of what is in sight."""
        line = self.scroll_offset.y + y
        width = self.size.width
        at = bisect_right(self._starts, line) - 1
        if at >= len(self._blocks) or line >= self._starts[-1]:
            return Strip.blank(width, self.rich_style)
        content = self._lines(at)[line - self._starts[at]]
        (strip, *_) = Visual.to_strips(self, content, width, 1, self.visual_style) or [Strip.blank(width)]
        return strip.adjust_cell_length(width, self.rich_style)

    def _anchor(self) -> tuple[int, int]:
        """Which block is at the top edge, and how many of its lines are above it."""
        if not self._blocks:
            return -1, 0
        line = round(self.scroll_y)
        at = min(bisect_right(self._starts, line) - 1, len(self._blocks) - 1)
        return at, line - self._starts[at]

    def _place(self, key: Hashable) -> int | None:
        return next((self._starts[at] for at, block in enumerate(self._blocks) if block.key == key), None)

    def _measure(self) -> None:
        self._width = self.scrollable_content_region.width
        heights = [self._height(at) for at in range(len(self._blocks))] if self._width else []
        self._starts = [0, *accumulate(heights)]
        self.virtual_size = Size(self._width, self._starts[-1])
        self.refresh()

    def _height(self, at: int) -> int:
        return len(self._lines(at))

    def _lines(self, at: int) -> Lines:
        block = self._blocks[at]
        lines = self._laid.get((block.content, self._width))
        if lines is None:
            lines = self._laid[block.content, self._width] = block.lay(self._width)
        return lines
