"""The writing loop: every card of a deck file as it will be asked, drawn again as soon as the file is saved."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from nlpcards.collection.previewing import Preview, Shown, Wrong, preview
from nlpcards.collection.taste import Taste
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.words import count
from nlpcards.decks.stamps import Times, times_at
from nlpcards.tui.editing import without_screen
from nlpcards.tui.help import entries, group
from nlpcards.tui.keybar import KeyBar
from nlpcards.tui.preview_parts import content_of, key_of, lay, meaning_of, note_of
from nlpcards.tui.rebinding import named
from nlpcards.tui.sheet import Block, Sheet
from nlpcards.tui.themed import ThemedApp, rebound_of
from nlpcards.tui.words import safe, sentence

WATCH_MS = 50
"""How long the watcher gathers changes before it tells of them: an editor that saves makes several."""

POLL_S = 0.2
"""How often the file is looked at where the system cannot watch it."""

Edit = Callable[[Path, int], None]
"""Opens a file at a line in the learner's editor, and returns when it is closed."""


class PreviewApp(ThemedApp):
    """Shows one deck file; `edit` opens the editor, `today` is the day by which facts expire, `others` are the places
    of decks that the file may extend; `taste_place` is the file of the learner's `taste`.
    """

    TITLE = "nlpcards preview"

    def __init__(
        self,
        path: Path,
        *,
        edit: Edit,
        today: date,
        others: tuple[Path, ...] = (),
        taste: Taste | None = None,
        taste_place: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(environment)
        self.path = path
        self.others = others
        self.edit = edit
        self.today = today
        self.use(taste or Taste(), taste_place)

    def read(self, path: Path, repetition: int = 0) -> Preview:
        """The file as it is now."""
        return preview(path, repetition=repetition, today=self.today, others=self.others)

    def on_mount(self) -> None:
        """Open the one screen there is."""
        self.push_screen(PreviewScreen(self.path))


class PreviewScreen(Screen[None]):
    """The cards and the mistakes of a deck file, in its order."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        "preview",
        [
            Binding("n,right", "note(1)", "Next note"),
            Binding("p,left", "note(-1)", "Previous", tooltip="previous note"),
            Binding("x", "mistake", "Next mistake"),
            Binding("h", "hide", "Hide answers", tooltip="hide the answers, or show them"),
            Binding("r", "redraw", "Other numbers", tooltip="draw other numbers for drills"),
            Binding("f", "follow", "Follow", tooltip="go to what was changed, or stay here"),
            Binding("e", "edit", "Edit", tooltip="edit what is at the top in your editor"),
            Binding("question_mark", "help", "Help", tooltip="every key"),
            Binding("escape,q", "leave", "Quit"),
            Binding("j", "scroll(1)", "Down", show=False),
            Binding("k", "scroll(-1)", "Up", show=False),
        ],
    )

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._read = Preview(path.name, (), 0, 0, 0, 0)
        self._hidden = False
        self._following = True
        self._repetition = 0
        self._seen: Times | None = None
        self._mistake: tuple[object, ...] | None = None

    def compose(self) -> ComposeResult:
        """What the file holds in one line, the sheet, the keys."""
        yield Vertical(
            Static(id="preview-head", markup=False), Sheet(id="sheet-of-cards"), classes="column", id="preview"
        )
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the file, and watch it."""
        self.read(first=True)
        self.query_one(Sheet).focus()
        self.run_worker(self._watch(), exclusive=True)

    @property
    def _app(self) -> PreviewApp:
        assert isinstance(self.app, PreviewApp)
        return self.app

    # --- following the file ----------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Read the file again whenever it was saved; where the system cannot watch it, look at it now and then."""
        # The file itself would be lost when an editor puts another in its place, so its folder is watched; the one that
        # a link leads to as well.
        folders = {self._path.absolute().parent, Path(os.path.realpath(self._path)).parent}
        names = {self._path.name, Path(os.path.realpath(self._path)).name}
        try:
            from watchfiles import awatch

            async for _ in awatch(
                *folders,
                watch_filter=lambda _, path: Path(path).name in names,
                debounce=WATCH_MS,
                step=WATCH_MS // 2,
                recursive=False,
                rust_timeout=500,
            ):
                self.read()
        except (OSError, RuntimeError):
            while True:
                await asyncio.sleep(POLL_S)
                self.read()

    def read(self, *, first: bool = False) -> None:
        """Read the file again if it is another than the one that is shown."""
        seen = times_at(self._path)
        if seen == self._seen and not first:
            return
        try:
            new = self._app.read(self._path, self._repetition)
        except NlpcardsError as error:
            there = self._read.parts and seen is None
            self._head(f"{self._path.name} is gone; this is what it held." if there else sentence(error), wrong=True)
            self._seen = None
            return
        self._seen = seen
        old, self._read = self._read, new
        sheet = self.query_one(Sheet)
        self._draw()
        changed = self._changed_since(old)
        if self._following and changed and old.parts and not any(sheet.in_sight(key) for key in changed):
            self.call_after_refresh(sheet.reveal, self._note_of(changed[0]))

    def _changed_since(self, old: Preview) -> list[object]:
        """The blocks that say something new, wherever they stand: only new errors where there are any, since what a
        broken note does to others must not keep it out of sight.
        """
        before = {meaning_of(part) for part in old.parts}
        parts = zip(self.query_one(Sheet).blocks, self._read.parts, strict=True)
        new = [(block.key, part) for block, part in parts if meaning_of(part) not in before]
        errors = [key for key, part in new if isinstance(part, Wrong) and part.problem.is_error]
        return errors or [key for key, _ in new]

    def _note_of(self, key: object) -> object:
        """The heading of the note that a block belongs to, or the block itself."""
        heading: object = key
        for block in self.query_one(Sheet).blocks:
            if isinstance(block.key, tuple) and block.key[0] == "note":
                heading = block.key
            if block.key == key:
                return heading if isinstance(key, tuple) and key[0] == "card" else key
        return key

    # --- drawing -----------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        read = self._read
        self.query_one(Sheet).show(tuple(self._blocks()))
        parts = [count(read.notes, "note"), count(read.cards, "card")]
        if read.errors:
            parts.append(count(read.errors, "error"))
        if read.advice:
            parts.append(count(read.advice, "piece of advice", "pieces of advice"))
        self._head(f"{safe(read.title)}   {', '.join(parts)}", wrong=bool(read.errors))

    def _head(self, text: str, *, wrong: bool = False) -> None:
        head = self.query_one("#preview-head", Static)
        head.set_class(wrong, "-wrong")
        head.update(text)

    def _blocks(self) -> Iterator[Block]:
        numbers: dict[object, int] = {}
        for part in self._read.parts:
            key = key_of(part)
            # Two mistakes of one sort on one line, or two cards of one name in a file with an error.
            numbers[key] = numbers.get(key, -1) + 1
            named = (*key, numbers[key])
            yield Block(named, (content_of(part), self._hidden), partial(lay, part, self._hidden))

    # --- keys --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that would do nothing are not offered."""
        if action == "mistake":
            return bool(self._read.errors or self._read.advice)
        if action == "redraw":
            return any(isinstance(part, Shown) and part.face.given for part in self._read.parts)
        return True

    def action_note(self, direction: int) -> None:
        """Go to the next or the previous note."""
        self._mistake = None
        self._go(direction, lambda key: key[0] == "note")

    def action_mistake(self) -> None:
        """Go to the next mistake; after the last, to the first."""
        sheet = self.query_one(Sheet)
        # A mistake on the last page never comes to the top edge, so that the one gone to last is remembered.
        here = self._mistake if self._mistake is not None and sheet.in_sight(self._mistake) else None
        found = self._next(1, lambda key: key[0] == "wrong", here)
        if found is None:
            found = next((_names(block) for block in sheet.blocks if _names(block)[0] == "wrong"), None)
            self.notify("No mistake follows; this is the first.", timeout=2)
        self._mistake = found
        if found is not None:
            sheet.reveal(found)

    def _go(self, direction: int, is_one: Callable[[tuple[object, ...]], bool]) -> None:
        """Bring the next block of a sort after the top edge there."""
        found = self._next(direction, is_one)
        if found is not None:
            self.query_one(Sheet).reveal(found)

    def _next(
        self, direction: int, is_one: Callable[[tuple[object, ...]], bool], here: tuple[object, ...] | None = None
    ) -> tuple[object, ...] | None:
        """The next block of a sort after a block, or after the one at the top edge; None where there is none."""
        sheet = self.query_one(Sheet)
        keys = [_names(block) for block in sheet.blocks]
        start = here or sheet.at_top()
        at = next((place for place, key in enumerate(keys) if key == start), 0)
        places = range(at + 1, len(keys)) if direction > 0 else range(at - 1, -1, -1)
        return next((keys[place] for place in places if is_one(keys[place])), None)

    def action_hide(self) -> None:
        """Hide the answers, as they are when the cards are asked, or show them."""
        self._hidden = not self._hidden
        self._draw()

    def action_redraw(self) -> None:
        """Draw other numbers for drills."""
        self._repetition += 1
        self.read(first=True)

    def action_follow(self) -> None:
        """Stay where one is when the file changes, or go to what was changed."""
        self._following = not self._following
        self.notify("Going to what is changed." if self._following else "Staying here, whatever is changed.", timeout=2)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(Sheet).scroll_relative(y=lines, animate=False)

    def action_help(self) -> None:
        """Show every key."""
        self.app.push_screen(KeysScreen())

    def action_leave(self) -> None:
        """Quit."""
        self.app.exit()

    def action_edit(self) -> None:
        """Open the editor at the note at the top of the screen."""
        failure = without_screen(self, lambda: self._app.edit(self._path, self._line()))
        if failure is not None:
            self.notify(sentence(failure), severity="error")
        self.read()

    def _line(self) -> int:
        """The line of the file that the block at the top edge is about."""
        top = self.query_one(Sheet).at_top()
        for block, part in zip(self.query_one(Sheet).blocks, self._read.parts, strict=True):
            if block.key == top:
                return part.problem.line if isinstance(part, Wrong) else note_of(part).place.line
        return 1


class KeysScreen(ModalScreen[None]):
    """The keys of the preview; any key leads back."""

    def compose(self) -> ComposeResult:
        """One box."""
        yield Vertical(*group("Keys", entries(PreviewScreen, rebound_of(self.app))), id="keys-box")

    def on_key(self) -> None:
        """Go back."""
        self.dismiss(None)

    def on_click(self) -> None:
        """Go back."""
        self.dismiss(None)


def _names(block: Block) -> tuple[object, ...]:
    assert isinstance(block.key, tuple)
    return block.key


def run(app: PreviewApp) -> None:
    """Open the preview of a deck file.

    Raises:
        NlpcardsError: there is no such file, or the configured theme does not exist.
    """
    app.read(app.path)
    app.run()
