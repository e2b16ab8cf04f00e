"""After a session: what it came to, what was learned, what was hard, and when the next card comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.collection.practising import begin
from nlpcards.collection.reviewing import Reviewing, Summary
from nlpcards.collection.tomorrow import in_words, tomorrow
from nlpcards.core.cards import Card
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.queue import Daily
from nlpcards.core.session import LEARN_AHEAD_MS
from nlpcards.core.words import RATING_NAMES, count, duration
from nlpcards.tui.card import one_line
from nlpcards.tui.keybar import KEY
from nlpcards.tui.page import Page
from nlpcards.tui.words import clipped, countdown, safe, sentence

LISTED = 8
"""Questions listed at most of each sort; the rest is a number."""

LETTERS = "abcdefgh"
"""The keys that edit the hardest cards, in their order: no digits, since one pressed too late meant a rating."""


class SummaryScreen(Page[None]):
    """Says what a session came to; goes on by itself when the next card can be asked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "go_on", "Go on", tooltip="review what is due now"),
        Binding("u", "undo", "Undo", tooltip="undo the last answer"),
        *(
            Binding(letter, f"edit_hard('{letter}')", "Edit", show=False, tooltip="edit a hard card")
            for letter in LETTERS
        ),
        Binding("j,down", "scroll(1)", "Down", show=False, tooltip="scroll down"),
        Binding("k,up", "scroll(-1)", "Up", show=False, tooltip="scroll up"),
        Binding("escape", "app.today", "Today", tooltip="back to Today"),
    ]

    def __init__(self, reviewing: Reviewing) -> None:
        super().__init__()
        self._reviewing = reviewing
        self._hard: tuple[str, ...] = ()

    def body(self) -> Iterable[Widget]:
        """The figures, the lists, and what comes."""
        yield Vertical(
            Static(id="summary-title", classes="title", markup=False),
            Static(id="figures", markup=False),
            VerticalScroll(
                Static("Learned", id="learned-title", classes="heading", markup=False),
                Static(id="learned", markup=False),
                Static("Hardest; a letter edits the card", id="hard-title", classes="heading", markup=False),
                Static(id="hard", markup=False),
                id="lists",
                can_focus=False,
            ),
            Static(id="countdown", markup=False),
            Static(id="tomorrow", classes="quiet", markup=False),
            Static(id="notice", markup=False),
            classes="column",
        )

    def on_mount(self) -> None:
        """Sum up, and look every second whether a card can be asked again."""
        self._show()
        self.set_interval(1, self._tick)
        self.call_after_refresh(self._point_out_leech)

    def _point_out_leech(self) -> None:
        if self._reviewing.leech is not None and self.is_current:
            from nlpcards.tui.leech import point_out

            point_out(self, self._reviewing, self._edit, self._do)

    def on_resize(self, event: events.Resize) -> None:
        """List the questions for the new width."""
        super().on_resize(event)
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        summary = self._reviewing.summary()
        notices = " ".join(map(safe, self._reviewing.notices))
        self.put("#summary-title", "Done for now" if summary.answers else "Nothing is due now")
        self.put("#figures", figures(summary))
        self._list("learned", summary.learned)
        self._list("hard", summary.failed, LETTERS)
        self._hard = summary.failed[:LISTED]
        self.refresh_bindings()
        self.put("#tomorrow", self._tomorrow())
        if notices:
            self.put("#notice", notices)
        self._show_countdown()

    def _list(self, name: str, ids: Sequence[str], keys: str = "") -> None:
        width = max(20, min(100, self.size.width) - 6)
        lines = []
        for at, card_id in enumerate(ids[:LISTED]):
            card = self._reviewing.collection.library.card(card_id)
            text = clipped(one_line(card.face()) if card else safe(card_id), width)
            lines.append(Content.assemble((keys[at], KEY) if keys else "•", f" {text}"))
        if len(ids) > LISTED:
            lines.append(Content(f"  and {len(ids) - LISTED} more"))
        self.put(f"#{name}", Content("\n").join(lines))
        self.query_one(f"#{name}-title").display = bool(lines)

    def _tomorrow(self) -> str:
        try:
            coming = tomorrow(self._reviewing.collection)
        except NlpcardsError as error:
            return sentence(error)
        return in_words(coming)

    def _show_countdown(self) -> None:
        rest = self._reviewing.rest()
        if not rest.later or rest.next_ms is None:
            self.put("#countdown", "")
            return
        left = rest.next_ms - LEARN_AHEAD_MS - self._reviewing.collection.now().ms
        come = "come back" if rest.later > 1 else "comes back"
        self.put(
            "#countdown", f"{count(rest.later, 'card')} {come} later today; the review goes on in {countdown(left)}."
        )

    def _tick(self) -> None:
        if not self.is_current or self.too_small:
            return
        if not self._resume():
            self._show_countdown()

    def _resume(self) -> bool:
        """Go on with the session where a card can be asked now; says whether one can."""
        try:
            asked = self._reviewing.advance()
        except NlpcardsError as error:
            self.put("#notice", f"✗ {sentence(error)}")
            return False
        if asked is not None:
            self.nlpcards.go_on(self._reviewing)
        return asked is not None

    def action_go_on(self) -> None:
        """Ask what can be asked now: of this session, else of what became due since, for the same purpose: a backlog
        that is spread over days stays so. Practice is over once everything was recalled.
        """
        if self._resume():
            return
        done = self._reviewing
        if not isinstance(done.purpose, Daily):
            self.nlpcards.go_today()
            return
        try:
            more = begin(done.collection, done.decks, done.query, done.purpose)
        except NlpcardsError as error:
            self.put("#notice", f"✗ {sentence(error)}")
            return
        if more.asked is not None:
            self.nlpcards.go_on(more)
        else:
            self.nlpcards.go_today()

    def action_undo(self) -> None:
        """Undo the last answer and go back to its card."""
        self.nlpcards.with_trusted_clock(self._undo)

    def _undo(self) -> None:
        try:
            undone = self._reviewing.undo()
        except NlpcardsError as error:
            self.put("#notice", f"✗ {sentence(error)}")
            return
        if self._reviewing.asked is not None:
            self.nlpcards.go_on(self._reviewing)
        else:
            self.put("#notice", f"Undone: {undone}." if undone else "There is nothing to undo.")
            self._show()

    def _do(self, act: Callable[[], object], said: str = "") -> bool:
        """Do something to the session and show what became of it."""
        try:
            act()
        except NlpcardsError as error:
            self.put("#notice", f"✗ {sentence(error)}")
            return False
        self._show()
        if said:
            self.put("#notice", said)
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A letter edits only where a card has it."""
        if action == "edit_hard" and LETTERS.index(str(parameters[0])) >= len(self._hard):
            return False
        return super().check_action(action, parameters)

    def action_edit_hard(self, letter: str) -> None:
        """Open one of the hardest cards in the editor."""
        card = self._reviewing.collection.library.card(self._hard[LETTERS.index(letter)])
        if card is None:
            self.put("#notice", "✗ This card is no longer in its deck.")
            return
        self._edit(card)

    def _edit(self, card: Card) -> None:
        from nlpcards.tui.editing import edit

        def follow(said: str) -> bool:
            return self._do(self._reviewing.collection.reload, said or "Edited.")

        edit(
            self,
            self._reviewing.collection,
            card,
            follow=follow,
            failed=lambda why: self.put("#notice", f"✗ {why}"),
            again=lambda: self._edit(card),
        )

    def action_scroll(self, lines: int) -> None:
        """Scroll the lists."""
        self.query_one("#lists").scroll_relative(y=lines, animate=False)


def figures(summary: Summary) -> str:
    """Answers, recall and time on one line, the ratings on another; empty without answers."""
    if not summary.answers or summary.recall is None:
        return ""
    each = duration(round(summary.spent_ms / summary.answers))
    spent = f"{duration(summary.spent_ms)}, {each} each"
    first = f"{count(summary.answers, 'answer')} · {summary.recall:.0%} recalled · {spent}"
    ratings = " · ".join(f"{summary.ratings.get(rating, 0)} {name}" for rating, name in RATING_NAMES.items())
    fresh = f" · {count(len(summary.introduced), 'new card')}" if summary.introduced else ""
    return f"{first}\n{ratings}{fresh}"
