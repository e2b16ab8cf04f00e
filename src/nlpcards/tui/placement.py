"""Placement: a few cards, each shown and revealed, that find out what one knows already; then what that came to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.collection.placing import MOST, Found, Placing, Question
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.words import count
from nlpcards.tui.card import CardView, folder_of
from nlpcards.tui.headline import ProgressLine
from nlpcards.tui.keybar import KeyButton
from nlpcards.tui.page import SCROLLING, ScrollingPage
from nlpcards.tui.review import GUARD_S, NOTHING
from nlpcards.tui.words import safe, sentence

if TYPE_CHECKING:
    from nlpcards.tui.app import NlpcardsApp

_NEXT = 5
"""So many topics that come next are listed."""


class PlacementScreen(ScrollingPage[None]):
    """Asks the questions of a placement. Every answer is stored as it is given, so one may leave at any time."""

    SHEET = "#sheet"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "reveal", "Answer", tooltip="show the answer; at the end, start to review"),
        Binding("space,enter", "begin", "Start", tooltip="show the answer; at the end, start to review"),
        Binding("y,3", "say(3)", "Knew it", show=False, tooltip="I knew it"),
        Binding("e,4", "say(4)", "At once", show=False, tooltip="I knew it at once"),
        Binding("n,1", "say(1)", "Did not", show=False, tooltip="I did not know it"),
        Binding("u", "undo", "Undo", tooltip="take the last answer back"),
        *SCROLLING,
        Binding("escape", "leave", "Leave", tooltip="leave; it goes on from here another time"),
    ]

    def __init__(self, placing: Placing) -> None:
        super().__init__()
        self._placing = placing
        self._revealed = False
        self._appeared = self._turned = 0.0
        self._found: Found | None = None

    def body(self) -> Iterable[Widget]:
        """How far it is, the card, and what one may say of it; in their place at the end what it came to."""
        yield Vertical(
            Horizontal(Static("Placement", id="name", markup=False), Static(id="placement-at", markup=False), id="top"),
            ProgressLine(id="progress"),
            VerticalScroll(
                Static(id="task", classes="quiet", markup=False),
                CardView(id="question"),
                CardView(id="answer"),
                Static(id="placement-found", markup=False),
                id="sheet",
                can_focus=False,
            ),
            Static(id="notice", markup=False),
            Horizontal(
                KeyButton("n", "n", "did not know it", id="say-1", classes="rating"),
                KeyButton("y", "y", "knew it", id="say-3", classes="rating"),
                KeyButton("e", "e", "knew it at once", id="say-4", classes="rating"),
                KeyButton("space", "space", "show the answer", id="show"),
                id="ratings",
            ),
            classes="column",
        )

    def on_mount(self) -> None:
        """Ask the first question, or the one that was left, once the clock is trusted."""
        given = len(self._placing.answers)
        self._follow(f"Going on where you left: {count(given, 'answer')} kept." if given else _FIRST)
        self.nlpcards.with_trusted_clock(lambda: None)

    # ---- showing

    def _follow(self, said: str = "") -> None:
        """Show the question that is asked now; where none is, end the placement and show what it came to."""
        question = self._placing.question
        if question is None:
            try:
                self._found = self._placing.finish()
            except NlpcardsError as error:
                self.say(sentence(error), failed=True)
                return
        else:
            self._found = None
        self._revealed = False
        self.say(said)
        if question is not None:
            self._ask(question)
        self._dress()
        self.query_one("#sheet").scroll_home(animate=False)
        self._appeared = self.nlpcards.monotonic()

    def _ask(self, question: Question) -> None:
        face, note = question.asked.face, question.asked.card.note
        self.query_one("#placement-at", Static).update(
            f"{safe(question.title)} · question {question.number} of at most {MOST}"
        )
        self.query_one(ProgressLine).show(question.number - 1, MOST - question.number + 1)
        self.query_one("#task", Static).update(safe(face.task))
        folder = folder_of(note)
        self.query_one("#question", CardView).show(face.question_tree(), ask=face.ask, reveal=False, folder=folder)
        self.query_one("#answer", CardView).show(face.answer_tree() or NOTHING, folder=folder)

    def _dress(self) -> None:
        """Show the parts that belong to a hidden or a revealed card, or to the end."""
        question, found = self._placing.question, self._found
        is_over = found is not None
        self.query_one("#ratings").set_class(self._revealed, "-revealed")
        self.query_one("#task").display = question is not None and bool(question.asked.face.task)
        self.query_one("#question").display = not is_over
        answer = question.asked.face.answer_tree() if question is not None else None
        self.query_one("#answer").display = not is_over and self._revealed and answer is not None
        self.query_one("#ratings").display = not is_over
        outcome = self.query_one("#placement-found", Static)
        outcome.display = is_over
        if found is not None:
            self.query_one("#placement-at", Static).update(f"{count(found.questions, 'question')} answered")
            self.query_one(ProgressLine).show(1, 0)
            outcome.update(_outcome(found))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Show only before, say only after; at the end, start."""
        match action:
            case "reveal" if self._revealed or self._found is not None:
                return False
            case "begin" if self._found is None:
                return False
            case "say" if not self._revealed:
                return False
        return super().check_action(action, parameters)

    # ---- doing

    def action_reveal(self) -> None:
        """Show the answer under the question, or the cloze in its place."""
        question = self._placing.question
        if question is None:
            return
        face = question.asked.face
        self._revealed = True
        self._turned = self.nlpcards.monotonic()
        folder = folder_of(question.asked.card.note)
        self.query_one("#question", CardView).show(face.question_tree(), ask=face.ask, reveal=True, folder=folder)
        self._dress()
        self.query_one("#sheet").call_after_refresh(self.query_one("#answer").scroll_visible, animate=False)

    def action_say(self, rating: int) -> None:
        """Store what the learner says of the card, and go on; a key pressed just as the answer appears says nothing."""
        now = self.nlpcards.monotonic()
        if now - self._turned < GUARD_S:
            return
        took = round((now - self._appeared) * 1000)
        self._do(lambda: self._placing.answer(rating, took))

    def action_undo(self) -> None:
        """Take the last answer back."""
        undone: list[bool] = []
        if self._do(lambda: undone.append(self._placing.undo())):
            self.say("The last answer is taken back." if undone[0] else "There is no answer to take back.")

    def _do(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return False
        self._follow()
        return True

    def action_begin(self) -> None:
        """Review what is to be asked now."""
        self.nlpcards.review()

    def action_leave(self) -> None:
        """Go to Today, which then says how it stands."""
        if self._found is not None:
            self.nlpcards.go_today()
            return
        given = len(self._placing.answers)
        kept = f"Placement left after {count(given, 'answer')}; it goes on from there (ctrl+p, or a on the Roadmap)."
        self.nlpcards.go_today(kept)


_FIRST = "Every answer is its card's first review. Say honestly what you knew; you may leave at any time."


def _outcome(found: Found) -> Content:
    """What it came to, as a small table."""
    known = [found.titles.get(each, each) for each in found.known]
    coming = [found.titles.get(each, each) for each in found.next]
    lines = [
        Content.styled(f"You know {count(len(known), 'topic')}" if known else "You begin at the beginning", "bold")
    ]
    lines += [Content(f"  ✓ {safe(each)}") for each in known]
    if coming:
        lines += [Content(""), Content.styled("You start with", "bold")]
        lines += [Content(f"  ○ {safe(each)}") for each in coming[:_NEXT]]
        if len(coming) > _NEXT:
            lines.append(Content(f"    and {count(len(coming) - _NEXT, 'more topic')}"))
    lines.append(Content(""))
    if known:
        said = (
            "All of these are open. The cards of topics that you know stay new and come in turn with the others; rate "
        )
        lines.append(Content.styled(f"{said}easy what you knew at once.", "$ink-muted"))
    lines.append(Content.styled("Space starts to review, u takes the last answer back.", "$ink-muted"))
    return Content("\n").join(lines)


def open_placement(app: NlpcardsApp) -> None:
    """Begin a placement, or go on with the one that was left; where there is nothing to ask, say so on Today."""
    if isinstance(app.screen, PlacementScreen):
        return
    try:
        placing = Placing.start(app.collection)
    except NlpcardsError as error:
        app.go_today(sentence(error))
        return
    app.push_screen(PlacementScreen(placing))
