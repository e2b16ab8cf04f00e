"""What every screen has in common: a centred column, the line of keys, and one sentence where there is no room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.tui.keybar import KeyBar
from nlpcards.tui.rebinding import EVERYWHERE, named

if TYPE_CHECKING:
    from nlpcards.tui.app import NlpcardsApp

LEAST_WIDTH, LEAST_HEIGHT = 60, 16
"""The smallest terminal, in cells, on which every screen is whole."""

Result = TypeVar("Result")


class TooSmall(Static):
    """Stands in place of a screen that has no room; the screen behind it keeps all it had."""

    def say(self, width: int, height: int) -> None:
        """Say what is needed and what is there, in cells."""
        how = "widen" if width < LEAST_WIDTH else "heighten"
        if width < LEAST_WIDTH and height < LEAST_HEIGHT:
            how = "enlarge"
        self.update(
            f"nlpcards needs {LEAST_WIDTH}x{LEAST_HEIGHT}, has {width}x{height}: "
            f"{how} the window or make its letters smaller."
        )


class Page(Screen[Result], Generic[Result]):
    """A screen of ours; its widgets come from `body`."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        EVERYWHERE,
        [
            Binding("question_mark", "help", "Help", tooltip="every key"),
            Binding("q", "leave_program", "Quit", tooltip="quit; every answer is stored"),
        ],
    )

    def __init_subclass__(cls, **options: Any) -> None:
        """Name the keys of each screen after it, so that they can be rebound."""
        if "BINDINGS" in cls.__dict__:
            cls.BINDINGS = named(cls.__name__.removesuffix("Screen").lower(), cls.BINDINGS)
        super().__init_subclass__(**options)

    @property
    def nlpcards(self) -> NlpcardsApp:
        """The application, as ours."""
        return cast("NlpcardsApp", self.app)

    def body(self) -> Iterable[Widget]:
        """The screen's own widgets, from top to bottom."""
        return ()

    def compose(self) -> ComposeResult:
        """The body, the keys, and what stands in when there is no room."""
        yield from self.body()
        yield KeyBar()
        yield TooSmall(markup=False)

    def put(self, where: str, text: str | Content) -> None:
        """Write a text into the `Static` of a selector, which takes no room while it is empty."""
        at = self.query_one(where, Static)
        at.update(text)
        at.display = bool(text)

    def say(self, text: str, *, failed: bool = False) -> None:
        """Say something in the line `#notice`, nothing where it is empty; marked as such where something `failed`."""
        self.query_one("#notice").set_class(failed, "-failed")
        self.put("#notice", f"✗ {text}" if failed and text else text)

    @property
    def is_whole(self) -> bool:
        """Whether all its parts are there: none are at first, and they go one by one when the screen is left."""
        return bool(self.children) and self.display

    @property
    def too_small(self) -> bool:
        """Whether the terminal has no room for the screen now."""
        return self.has_class("-too-small")

    def on_resize(self, event: events.Resize) -> None:
        """Change places with the sentence where there is too little room, and back where there is enough."""
        width, height = event.size
        self.set_class(width < LEAST_WIDTH or height < LEAST_HEIGHT, "-too-small")
        self.set_class(height < 24, "-low")
        self.set_class(height >= 36, "-tall")
        self.query_one(TooSmall).say(width, height)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key may act on what cannot be seen; one may always leave."""
        return not self.too_small or action == "leave_program"

    def action_help(self) -> None:
        """Show every key."""
        self.nlpcards.action_help()

    def action_leave_program(self) -> None:
        """Quit."""
        self.app.exit()


SCROLLING: list[BindingType] = [
    Binding("j,down", "scroll(1)", "Down", show=False, tooltip="scroll down"),
    Binding("k,up", "scroll(-1)", "Up", show=False, tooltip="scroll up"),
    Binding("pagedown", "page(1)", "Page down", show=False, tooltip="a page down"),
    Binding("pageup", "page(-1)", "Page up", show=False, tooltip="a page up"),
]
"""The keys by which a `ScrollingPage` is scrolled; each such screen lists them where its help should name them."""


class ScrollingPage(Page[Result], Generic[Result]):
    """A page whose widget `SHEET` is scrolled by keys, wherever the focus is."""

    SHEET: ClassVar[str]

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(self.SHEET).scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by pages, keeping two lines in sight."""
        sheet = self.query_one(self.SHEET)
        sheet.scroll_relative(y=pages * max(1, sheet.size.height - 2), animate=False)
