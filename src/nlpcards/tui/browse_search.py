"""The line to search by: what the term at the cursor could become, and an arrow under the character that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nlpcards.core.errors import NlpcardsError
from nlpcards.core.search.completion import Candidate, Vocabulary, completions
from nlpcards.core.search.failing import SearchError
from nlpcards.core.search.language import LONGEST, parse
from nlpcards.tui.one_line import OneLine
from nlpcards.tui.words import safe, sentence

MOST_SHOWN = 8
"""So many candidates are listed at most."""


class QueryLine(OneLine):
    """The line itself; every character is text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "bar('enter')", "Search", tooltip="take the completion at the arrow, or go to the cards"),
        Binding("tab", "bar('complete')", "Complete", tooltip="complete the term at the cursor"),
        Binding("down", "bar('down')", "Next", show=False, tooltip="the next completion; without any, the cards"),
        Binding("up", "bar('up')", "Before", show=False, tooltip="the completion before"),
        Binding("escape", "bar('escape')", "Cards", tooltip="back to the cards"),
        Binding("f1", "screen.help", "Help", tooltip="every key"),
        Binding("ctrl+q", "screen.leave_program", "Quit", show=False),
    ]

    def __init__(self, text: str) -> None:
        super().__init__(text, longest=LONGEST, placeholder="words, deck:lstm, is:due, prop:r<0.9 …")

    def action_bar(self, key: str) -> None:
        """Leave a key to the bar."""
        bar = self.parent
        assert isinstance(bar, SearchBar), "the line is part of the bar"
        bar.press(key)


class Candidates(OptionList, can_focus=False):
    """What the term at the cursor could become; an arrow stands at the one that enter takes."""

    def show(self, lines: Sequence[tuple[str, str]]) -> None:
        """List texts, each with what it means."""
        wide = max((cell_len(text) for text, _ in lines), default=0)
        self._texts = [(text + " " * (wide - cell_len(text)), about) for text, about in lines]
        self.clear_options()
        self.add_options([Option(self._line(index, at=False)) for index in range(len(lines))])
        self.highlighted = None
        self.display = bool(lines)

    _texts: Sequence[tuple[str, str]] = ()

    def _line(self, index: int, *, at: bool) -> Content:
        text, about = self._texts[index]
        return Content.assemble("▸ " if at else "  ", text, ("   " + about if about else "", "$ink-muted"))

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Move the arrow with the highlight: it must not be told by colour alone."""
        super().watch_highlighted(highlighted)
        for index in range(min(self.option_count, len(self._texts))):
            self.replace_option_prompt_at_index(index, self._line(index, at=index == highlighted))


class SearchBar(Vertical):
    """The line with its completions and what is wrong with it.

    `vocabulary` and `saved` (queries by name) are asked for when they are needed: the first takes a moment in a large
    library.
    """

    class Asked(Message):
        """The line holds another query that means something."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The learner goes on to the cards."""

    def __init__(self, text: str, vocabulary: Callable[[], Vocabulary], saved: Callable[[], dict[str, str]]) -> None:
        super().__init__(id="search-bar")
        self._text = text
        self._vocabulary, self._saved = vocabulary, saved
        self._candidates: list[Candidate] = []
        self._message = Content()
        self._failed = False

    def compose(self) -> ComposeResult:
        """The line, the candidates over what is below, the message."""
        yield QueryLine(self._text)
        yield Candidates(id="candidates")
        yield Static(id="search-message", markup=False)

    def on_mount(self) -> None:
        """Begin with nothing listed and nothing wrong."""
        self.query_one(Candidates).display = False
        self.query_one("#search-message").display = False

    @property
    def line(self) -> QueryLine:
        """The line."""
        return self.query_one(QueryLine)

    def enter(self) -> None:
        """Begin to write."""
        self.screen.set_focus(self.line, scroll_visible=False)
        self.line.cursor_position = len(self.line.value)
        if not self.line.value:
            self._list()

    def put(self, text: str) -> None:
        """Put another query on the line, as if it had been typed there."""
        self.line.value = text
        self.line.cursor_position = len(text)
        self._hide()

    def fail(self, error: NlpcardsError) -> None:
        """Say what is wrong, with an arrow under the character at which it shows."""
        self._message, self._failed = self._failure(error), True
        self._show_message()

    def say(self, text: str) -> None:
        """Say something of the search; nothing where it is empty."""
        self._message, self._failed = Content(text), False
        self._show_message()

    def _show_message(self) -> None:
        """Show the message, unless completions lie over its place: then the term is still being written."""
        message = self.query_one("#search-message", Static)
        message.update(self._message)
        message.set_class(self._failed, "-failed")
        message.display = bool(self._message) and not self._candidates

    def _failure(self, error: NlpcardsError) -> Content:
        offset = error.offset if isinstance(error, SearchError) else None
        if offset is None:
            return Content(f"✗ {sentence(error)}")
        line = self.line
        before = cell_len(line.value[:offset]) - line.scroll_offset.x
        # The line has a padding of one cell, as its style says.
        at = max(0, min(before, self.size.width - 4)) + 1
        what = safe(f"{error.message[:1].upper()}{error.message[1:]}. {error.remedy}")
        if at + cell_len(what) + 3 <= self.size.width:
            return Content.assemble(" " * at, ("^", "bold"), f" {what}")
        return Content.assemble(" " * at, ("^", "bold"), f"\n✗ {what}")

    # ---- completion

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as one types; what means nothing yet is told, and the cards stay."""
        event.stop()
        self._keep_cursor_in_sight()
        if self.line.has_focus:
            self._list()
        try:
            parse(event.value)
        except SearchError as error:
            self.fail(error)
            return
        self.say("")
        self.post_message(self.Asked(event.value))

    def _keep_cursor_in_sight(self) -> None:
        """Scroll the line to its cursor; Textual does not when an empty line is filled at once, as by a paste."""
        cursor = cell_len(self.line.value[: self.line.cursor_position])
        self.line.scroll_to_region(Region(cursor, 0, 1, 1), force=True, animate=False)

    def _list(self) -> None:
        """List what the term at the cursor could become; on an empty line, the saved searches."""
        line = self.line
        shown: list[tuple[str, str]]
        if line.value.strip():
            found = completions(line.value, line.cursor_position, self._vocabulary())
            self._candidates = [each for each in found if each.applied(line.value) != line.value][:MOST_SHOWN]
            shown = [(safe(each.text), safe(each.about.replace("`", ""))) for each in self._candidates]
        else:
            try:
                saved = list(self._saved().items())[:MOST_SHOWN]
            except NlpcardsError as error:
                self.fail(error)
                saved = []
            self._candidates = [Candidate(query, 0, len(line.value)) for _, query in saved]
            shown = [(safe(query), safe(name)) for name, query in saved]
        self.query_one(Candidates).show(shown)
        self._show_message()

    def _hide(self) -> None:
        self._candidates = []
        self.query_one(Candidates).show(())
        self._show_message()

    def _take(self, index: int) -> None:
        """Put a candidate on the line."""
        line = self.line
        candidate = self._candidates[index]
        line.value = candidate.applied(line.value)
        line.cursor_position = candidate.start + len(candidate.text)
        if candidate.text.endswith(":"):
            self._list()
        else:
            self._hide()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click takes a candidate."""
        event.stop()
        self._take(event.option_index)
        self.screen.set_focus(self.line, scroll_visible=False)

    def press(self, key: str) -> None:
        """Do what one of the line's keys is for."""
        candidates = self.query_one(Candidates)
        match key:
            case "complete" if self._candidates:
                self._take(candidates.highlighted or 0)
            case "enter" if candidates.highlighted is not None and self._candidates:
                self._take(candidates.highlighted)
            case "down" if self._candidates:
                candidates.action_cursor_down()
            case "up" if self._candidates:
                candidates.action_cursor_up()
            case "escape" if self._candidates:
                self._hide()
            case "up":
                pass
            case _:
                self._hide()
                self.post_message(self.Left())

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Nothing is listed once one is elsewhere."""
        if not self.line.has_focus:
            self._hide()
