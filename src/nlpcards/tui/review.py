"""The review: one card at a time, its answer under its question, and four ratings that never move."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar

from textual import events
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.collection.information import information
from nlpcards.collection.reviewing import Asked, Reviewing
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.words import RATING_NAMES
from nlpcards.tui.card import CardView
from nlpcards.tui.headline import Headline, ProgressLine, badges, citations, links
from nlpcards.tui.keybar import KeyButton
from nlpcards.tui.page import SCROLLING, ScrollingPage
from nlpcards.tui.words import safe, sentence

GUARD_S = 0.15
"""A rating within this many seconds of a card's appearing was meant for the card before, and does nothing."""


class ReviewScreen(ScrollingPage[None]):
    """Shows the card that a session asks, stores the answer, and goes on."""

    SHEET = "#sheet"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "reveal", "Answer", tooltip="answer, then good"),
        Binding("space,enter", "rate(3)", "Good", tooltip="answer, then good"),
        Binding("1", "rate(1)", "Again", show=False, tooltip="again: forgotten"),
        Binding("2", "rate(2)", "Hard", show=False, tooltip="hard: with effort"),
        Binding("3", "rate(3)", "Good", show=False, tooltip="good: recalled"),
        Binding("4", "rate(4)", "Easy", show=False, tooltip="easy: at once"),
        Binding("u", "undo", "Undo", tooltip="undo"),
        Binding("e", "edit", "Edit", tooltip="edit, and come back"),
        Binding("o", "source", "Source", show=False, tooltip="open the source"),
        Binding("s", "skip", "Skip", tooltip="ask it later"),
        Binding("b", "bury", "Bury", tooltip="bury until tomorrow"),
        Binding("exclamation_mark", "suspend_card", "Suspend", tooltip="suspend"),
        Binding("f", "flag", "Flag", tooltip="flag, or take it off"),
        Binding("i", "information", "Info", show=False, tooltip="about the card"),
        *SCROLLING,
        Binding("escape", "leave", "Today", tooltip="back to Today"),
    ]

    def __init__(self, reviewing: Reviewing) -> None:
        super().__init__()
        self._reviewing = reviewing
        self._revealed = False
        self._appeared = 0.0
        self._away_since: float | None = None
        self._opened = 0

    def body(self) -> Iterable[Widget]:
        """Where one stands, the card, what there is to say, and the ratings."""
        ratings = [
            KeyButton(str(n), str(n), name, id=f"rate-{n}", classes="rating") for n, name in RATING_NAMES.items()
        ]
        yield Vertical(
            Headline(id="headline"),
            ProgressLine(id="progress"),
            VerticalScroll(
                Static(id="badges", markup=False),
                CardView(id="question"),
                CardView(id="answer"),
                Static("Why", id="why-title", markup=False),
                CardView(id="why"),
                Horizontal(
                    Static(id="sources-word", markup=False), Static(id="sources-list", markup=False), id="sources"
                ),
                id="sheet",
                can_focus=False,
            ),
            Static(id="notice", markup=False),
            Horizontal(*ratings, KeyButton("space", "space", "show the answer", id="show"), id="ratings"),
            classes="column",
        )

    def on_mount(self) -> None:
        """Show the first card, once the clock is trusted."""
        self._show()
        self.nlpcards.with_trusted_clock(self._start_timing)

    # --- showing -------------------------------------------------------------------------------------------------

    @property
    def asked(self) -> Asked:
        """The card on the screen."""
        assert self._reviewing.asked is not None, "this screen is left as soon as no card is asked"
        return self._reviewing.asked

    def _show(self, *, keep: bool = False) -> None:
        """Show the present card anew: hidden, or as it was (`keep`) after an edit or a flag."""
        self._revealed = self._revealed and keep
        asked = self.asked
        note, face = asked.card.note, asked.card.face()
        library = self._reviewing.collection.library
        self.query_one(Headline).show(library.decks.get(note.deck), note, self._reviewing, asked.before)
        self.query_one(ProgressLine).show(self._reviewing.answered, self._reviewing.counts.total)
        today = self._reviewing.collection.now().day
        self._put("#badges", " · ".join(badges(asked, today)))
        self.query_one("#question", CardView).show(face.question, ask=face.ask, reveal=self._revealed)
        self.query_one("#answer", CardView).show(face.answer or "")
        self.query_one("#why", CardView).show(note.why)
        word, sources = citations(note)
        self.query_one("#sources-word", Static).update(word)
        self.query_one("#sources-list", Static).update(sources)
        for rating, label in asked.labels.items():
            self.query_one(f"#rate-{rating}", KeyButton).note = label
        self._opened = 0
        self._dress()
        if not keep:
            self.query_one("#sheet").scroll_home(animate=False)
            self._start_timing()

    def _start_timing(self) -> None:
        if self.is_current:
            self._away_since = None
        self._appeared = self.nlpcards.monotonic()
        self.call_after_refresh(self._painted, self._reviewing.asked)

    def _painted(self, asked: Asked | None) -> None:
        """Count from when the card was really on the screen: only then could it be read."""
        if asked is self._reviewing.asked and self._away_since is None:
            self._appeared = self.nlpcards.monotonic()

    def _dress(self) -> None:
        """Show the parts that belong to a hidden or a revealed card."""
        note, face, revealed = self.asked.card.note, self.asked.card.face(), self._revealed
        self.set_class(revealed, "-revealed")
        self.query_one("#answer").display = revealed and bool(face.answer)
        for name in ("#why-title", "#why"):
            self.query_one(name).display = revealed and bool(note.why)
        self.query_one("#sources").display = revealed and bool(note.cite)
        self.refresh_bindings()

    def _put(self, where: str, text: str) -> None:
        self.query_one(where, Static).update(text)
        self.query_one(where).display = bool(text)

    def _say(self, text: str = "", *, failed: bool = False) -> None:
        """Say something above the ratings; a failure stays in sight until something else is done."""
        mark = "✗ " if failed else ""
        self.query_one("#notice").set_class(failed, "-failed")
        self._put("#notice", mark + text if text else "")

    # --- doing ---------------------------------------------------------------------------------------------------

    def _do(self, act: Callable[[], object], said: str = "") -> bool:
        """Do something to the session and show what it led to; where it failed, say why and stay on the card."""
        before = self._reviewing.asked
        try:
            act()
        except NlpcardsError as error:
            self._say(sentence(error), failed=True)
            return False
        if self._reviewing.asked is None:
            self.nlpcards.go_on(self._reviewing)
            return True
        notices = [safe(notice) for notice in self._reviewing.notices]
        self._reviewing.notices.clear()
        self._say(" ".join([*([said] if said else []), *notices]))
        same = before is not None and before.card.id == self._reviewing.asked.card.id
        self._show(keep=same and self._reviewing.asked.before.reps == (before.before.reps if before else 0))
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Show only before, rate only after; the source only where there is one to open."""
        match action:
            case "reveal" if self._revealed:
                return False
            case "rate" if not self._revealed:
                return False
            case "source" if self._reviewing.asked is None or not links(self.asked.card.note):
                return False
        return super().check_action(action, parameters)

    def action_reveal(self) -> None:
        """Show the answer under the question, or the cloze in its place."""
        self._revealed = True
        face = self.asked.card.face()
        self.query_one("#question", CardView).show(face.question, ask=face.ask, reveal=True)
        self._dress()
        if face.answer:
            answer = self.query_one("#answer")
            self.query_one("#sheet").call_after_refresh(answer.scroll_visible, animate=False)

    def action_rate(self, rating: int) -> None:
        """Store an answer and go on, unless the card has only just appeared."""
        now = self.nlpcards.monotonic()
        if now - self._appeared < GUARD_S:
            return
        took = round((now - self._appeared) * 1000)
        self._do(lambda: self._reviewing.rate(rating, took))

    def action_undo(self) -> None:
        """Undo the last thing done on this device."""
        undone: list[str | None] = []
        if self._do(lambda: undone.append(self._reviewing.undo())) and self.is_current:
            self._say(f"Undone: {undone[0]}." if undone[0] else "There is nothing to undo.")

    def action_bury(self) -> None:
        """Put the card away until tomorrow."""
        self._do(self._reviewing.bury, "Buried until tomorrow; u brings it back.")

    def action_suspend_card(self) -> None:
        """Put the card away until it is unsuspended."""
        self._do(self._reviewing.suspend, "Suspended; u brings it back.")

    def action_flag(self) -> None:
        """Flag the card, or take its flag off."""
        self._do(self._reviewing.flag)

    def action_skip(self) -> None:
        """Ask the card later."""
        self._do(self._reviewing.skip, "Skipped; it comes later.")

    def action_source(self) -> None:
        """Open the card's source; where it has several, each press opens the next."""
        urls = links(self.asked.card.note)
        url = urls[self._opened % len(urls)]
        self._opened += 1
        self.app.open_url(url)
        more = f" ({(self._opened - 1) % len(urls) + 1} of {len(urls)})" if len(urls) > 1 else ""
        self._say(f"Opened {safe(url)}{more}")

    def action_edit(self) -> None:
        """Open the note in the editor, come back to the same card, and say what is wrong with it now."""
        from nlpcards.collection import editing

        collection, card = self._reviewing.collection, self.asked.card
        edited: editing.Edited | NlpcardsError
        try:
            with self._terminal_lent():
                # Nothing may escape from here: the terminal is taken back only where this block ends by itself.
                try:
                    edited = editing.edit(collection, card)
                except NlpcardsError as error:
                    edited = error
                except KeyboardInterrupt:
                    edited = NlpcardsError("the editor was interrupted", remedy="Press e to edit again.")
        except SuspendNotSupported:
            edited = NlpcardsError("this terminal cannot be lent to an editor", remedy="Edit the file beside it.")
        finally:
            self._count_on()
        if isinstance(edited, NlpcardsError):
            self._say(sentence(edited), failed=True)
            return
        said = f"Your copy is {safe(str(edited.path))}; it stands in for the bundled deck." if edited.copied else ""
        if not self._do(self._reviewing.refresh, said):
            return
        problems = [
            problem for problem in collection.library.problems if problem.path == str(edited.path) and problem.is_error
        ]
        if problems:
            from nlpcards.tui.problems import ProblemsScreen

            self.app.push_screen(ProblemsScreen(problems, edited=True), self._edit_again)

    def _edit_again(self, again: bool | None) -> None:
        if again:
            self.call_later(self.action_edit)

    def _terminal_lent(self) -> AbstractContextManager[None]:
        """The terminal handed over for a while; the time away is nobody's thinking time."""
        self._leave_off()
        if self.app.is_headless:
            return nullcontext()  # no terminal is held that could be handed over
        return self.app.suspend()

    def _leave_off(self) -> None:
        if self._away_since is None:
            self._away_since = self.nlpcards.monotonic()

    def on_screen_suspend(self, event: events.ScreenSuspend) -> None:
        """Another screen covers the card: stop counting."""
        self._leave_off()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """The card is seen again: count on."""
        self._count_on()

    def _count_on(self) -> None:
        if self._away_since is not None:
            self._appeared += self.nlpcards.monotonic() - self._away_since
            self._away_since = None

    def action_information(self) -> None:
        """Show what is known of the card: its memory state and its history."""
        from nlpcards.tui.information import InformationScreen

        asked = self.asked
        self.app.push_screen(InformationScreen(information(self._reviewing.collection, asked.card.id)))

    def action_leave(self) -> None:
        """Go back to Today; every answer is stored already."""
        self.nlpcards.go_today()
