"""The review: one card at a time, its answer under its question, and four ratings that never move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.collection.asked import Asked
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.cards import Card
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.markup import Document, parse
from nlpcards.core.replies import Recall, Reply, TickPoints, WriteNumber, WriteText
from nlpcards.core.words import RATING_NAMES
from nlpcards.tui.answering import Answering
from nlpcards.tui.card import CardView, folder_of, picture_files
from nlpcards.tui.card_actions import ACTIONS, CardActions
from nlpcards.tui.headline import Headline, ProgressLine, badges, citations, links
from nlpcards.tui.keybar import KeyButton
from nlpcards.tui.page import SCROLLING
from nlpcards.tui.words import safe, sentence

if TYPE_CHECKING:
    from nlpcards.tui.own_words import OwnWords

GUARD_S = 0.15
"""A rating within this many seconds of a card's appearing was meant for the card before, and does nothing."""

NOTHING = Document(())
"""What a part of a card shows that the card lacks."""

SHOWING: Mapping[type[Reply], tuple[str, str, str]] = {
    Recall: ("space", "space", "show the answer"),
    WriteText: ("enter", "enter", "check the answer"),
    WriteNumber: ("enter", "enter", "check the answer"),
    TickPoints: ("enter", "enter", "show the points"),
}
"""The button under a hidden answer, by what the learner does first: its key, how that is written, what it does."""


class ReviewScreen(CardActions):
    """Shows the card that a session asks, stores the answer, and goes on."""

    AUTO_FOCUS = ""
    """Nothing takes the keys by itself: back from a dialog, that would be a line that belongs to an earlier card."""
    SHEET = "#sheet"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "reveal", "Answer", tooltip="answer, then good"),
        *(
            Binding("space,enter", f"take({rating})", name.title(), tooltip="answer, then good")
            for rating, name in RATING_NAMES.items()
        ),
        Binding("1", "rate(1)", "Again", show=False, tooltip="again: forgotten"),
        Binding("2", "rate(2)", "Hard", show=False, tooltip="hard: with effort"),
        Binding("3", "rate(3)", "Good", show=False, tooltip="good: recalled"),
        Binding("4", "rate(4)", "Easy", show=False, tooltip="easy: at once"),
        Binding("u", "undo", "Undo", tooltip="undo"),
        Binding("e", "edit", "Edit", tooltip="edit, and come back"),
        Binding("o", "source", "Source", show=False, tooltip="open the source"),
        *ACTIONS,
        Binding("i", "information", "Info", show=False, tooltip="about the card"),
        *SCROLLING,
        Binding("escape", "leave", "Today", tooltip="back to Today"),
    ]

    def __init__(self, reviewing: Reviewing) -> None:
        super().__init__()
        self._reviewing = reviewing
        self._revealed = False
        self._suggested = 3
        self._question, self._answer, self._why = NOTHING, NOTHING, NOTHING
        self._appeared = 0.0
        self._turned = 0.0
        self._away_since: float | None = None
        self._opened = 0
        self._own: OwnWords | None = None

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
                Static(id="task", classes="quiet", markup=False),
                CardView(id="question"),
                Answering(id="reply"),
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
        self._tell()
        self.nlpcards.with_trusted_clock(self._start_timing)

    # --- showing -------------------------------------------------------------------------------------------------

    def _show(self, *, keep: bool = False) -> None:
        """Show the present card anew: hidden, or as it was (`keep`) after an edit or a flag."""
        self._revealed = self._revealed and keep
        asked = self.asked
        note, face = asked.card.note, asked.face
        library = self._reviewing.collection.library
        self.query_one(Headline).show(library.decks.get(note.deck), note, self._reviewing, asked.before)
        self.query_one(ProgressLine).show(self._reviewing.answered, self._reviewing.counts.total)
        today = self._reviewing.collection.now().day
        special = badges(asked, today)
        if self._is_first_look(asked):
            special.append("◇ do you know this already? Easy if you did at once")
        self.put("#badges", " · ".join(special))
        self.put("#task", safe(face.task))
        self._question, self._answer = face.question_tree(), face.answer_tree() or NOTHING
        self._why = parse(note.why) if note.why else NOTHING
        folder = folder_of(note)
        self.query_one("#question", CardView).show(self._question, ask=face.ask, reveal=self._revealed, folder=folder)
        self.query_one("#answer", CardView).show(self._answer, folder=folder)
        self.query_one("#why", CardView).show(self._why, folder=folder)
        word, sources = citations(note)
        self.query_one("#sources-word", Static).update(word)
        self.query_one("#sources-list", Static).update(sources)
        for rating, label in asked.labels.items():
            self.query_one(f"#rate-{rating}", KeyButton).note = label
        self._opened = 0
        self._dress(anew=not keep)
        if not keep:
            self.query_one("#sheet").scroll_home(animate=False)
            self._start_timing()

    def _is_first_look(self, asked: Asked) -> bool:
        collection = self._reviewing.collection
        if not collection.journal.marks():
            return False  # most learners were never placed, and then nothing of it is loaded
        from nlpcards.collection.placing import is_first_look

        return is_first_look(collection, asked.card.id, asked.before)

    def _start_timing(self) -> None:
        if self.is_current:
            self._away_since = None
        self._appeared = self.nlpcards.monotonic()
        self.call_after_refresh(self._painted, self._reviewing.asked)

    def _painted(self, asked: Asked | None) -> None:
        """Count from when the card was really on the screen: only then could it be read."""
        if asked is self._reviewing.asked and self._away_since is None:
            self._appeared = self.nlpcards.monotonic()

    def _dress(self, *, anew: bool = False) -> None:
        """Show the parts that belong to a hidden or a revealed card."""
        asked, note, revealed = self.asked, self.asked.card.note, self._revealed
        ticked = isinstance(asked.face.reply, TickPoints)
        self.query_one("#ratings").set_class(revealed, "-revealed")
        self.query_one(Answering).show(asked, revealed=revealed, anew=anew)
        self.query_one("#answer").display = revealed and bool(self._answer.blocks) and not ticked
        for name in ("#why-title", "#why"):
            self.query_one(name).display = revealed and bool(note.why)
        self.query_one("#sources").display = revealed and bool(note.cite)
        self._show_own_words(revealed=revealed)
        self.query_one("#show", KeyButton).does(*SHOWING[type(asked.face.reply)])
        self.on_point_list_ticked()

    def _show_own_words(self, *, revealed: bool) -> None:
        remarks = self.asked.remarks
        said = revealed and bool(remarks.note or remarks.reports)
        if self._own is None and said:
            from nlpcards.tui.own_words import OwnWords

            self._own = OwnWords(id="own")
            self.query_one("#sheet").mount(self._own, before="#sources")
        if self._own is not None:
            self._own.display = said
            if said:
                self._own.show(remarks)

    def on_point_list_ticked(self) -> None:
        """Mark the rating that the reply suggests, which enter takes: good where only the learner can judge."""
        reply = self.query_one(Answering)
        self._suggested = self.asked.suggested(reply.typed, reply.points) or 3
        for rating in RATING_NAMES:
            self.query_one(f"#rate-{rating}").set_class(rating == self._suggested, "-suggested")
        self.refresh_bindings()

    # --- doing ---------------------------------------------------------------------------------------------------

    def _do(self, act: Callable[[], object], said: str = "", *, anew: bool = False) -> bool:
        """Do something to the session and show what it led to; where it failed, say why and stay on the card. Where
        it leads to the same card, that is asked `anew` or stays as it is shown.
        """
        before = self._reviewing.asked
        try:
            act()
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return False
        self._follow(before, said, anew=anew)
        return True

    def _tell(self, said: str = "") -> None:
        """Say what the session has to say, after what was just done."""
        notices = [safe(notice) for notice in self._reviewing.notices]
        self._reviewing.notices.clear()
        self.say(" ".join([*([said] if said else []), *notices]))

    def _follow(self, before: Asked | None, said: str, *, anew: bool = False) -> None:
        """Show where the session stands after something was done while `before` was the card."""
        if self._reviewing.asked is None:
            self.nlpcards.go_on(self._reviewing)
            return
        self._tell(said)
        same = not anew and before is not None and before.card.id == self._reviewing.asked.card.id
        self._show(keep=same and self._reviewing.asked.before.reps == (before.before.reps if before else 0))
        if self._reviewing.leech is not None:
            from nlpcards.tui.leech import point_out

            point_out(self, self._reviewing, self._edit, self._do)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Show only before, rate only after; the source only where there is one to open."""
        if self._reviewing.asked is None and action not in ("leave", "leave_program", "help"):
            return False  # a dialog has put the last card away, and the summary is about to come
        match action:
            case "reveal" if self._revealed:
                return False
            case "rate" if not self._revealed:
                return False
            case "take" if not self._revealed or parameters != (self._suggested,):
                return False
            case "source" if self._reviewing.asked is None or not self._openable():
                return False
            case "change_meaning" if not self.can_change_meaning():
                return False
        return super().check_action(action, parameters)

    def action_reveal(self) -> None:
        """Show the answer under the question, or the cloze in its place; with it, what a typed answer is worth."""
        asked, now = self.asked, self.nlpcards.monotonic()
        writes = not isinstance(asked.face.reply, Recall)
        if writes and now - self._appeared < GUARD_S and not self.query_one(Answering).typed:
            return
        self._revealed = True
        self._turned = now if writes else 0.0
        folder = folder_of(asked.card.note)
        self.query_one("#question", CardView).show(self._question, ask=asked.face.ask, reveal=True, folder=folder)
        self._dress()
        self.query_one("#sheet").call_after_refresh(self._bring_answer_into_sight)

    def _bring_answer_into_sight(self) -> None:
        # What a typed answer is worth comes last, so that it is in sight even where the answer is long.
        for name in ("#answer", "#reply"):
            if (part := self.query_one(name)).display:
                part.scroll_visible(animate=False)

    def action_rate(self, rating: int) -> None:
        """Store an answer and go on, unless the card, or the answer to what was typed, has only just appeared."""
        now = self.nlpcards.monotonic()
        if now - max(self._appeared, self._turned) < GUARD_S:
            return
        took = round((now - self._appeared) * 1000)
        reply = self.query_one(Answering)
        self._do(lambda: self._reviewing.rate(rating, took, reply.typed, reply.points))

    def action_take(self, rating: int) -> None:
        """Store the answer with the rating that is suggested."""
        self.action_rate(rating)

    def action_undo(self) -> None:
        """Undo the last thing done on this device."""
        undone: list[str | None] = []
        if self._do(lambda: undone.append(self._reviewing.undo())) and self.is_current:
            self.say(f"Undone: {undone[0]}." if undone[0] else "There is nothing to undo.")

    def _openable(self) -> tuple[str, ...]:
        """The addresses of the pictures that the card shows now, and of its sources."""
        note = self.asked.card.note
        texts = [self._question] if self.asked.face.ask is None or self._revealed else []
        texts += [self._answer, self._why] if self._revealed else []
        return (*picture_files(folder_of(note), texts), *links(note))

    def action_source(self) -> None:
        """Open the card's pictures and sources; where there are several, each press opens the next."""
        urls = self._openable()
        url = urls[self._opened % len(urls)]
        self._opened += 1
        self.app.open_url(url)
        more = f" ({(self._opened - 1) % len(urls) + 1} of {len(urls)})" if len(urls) > 1 else ""
        self.say(f"Opened {safe(url)}{more}")

    def action_edit(self) -> None:
        """Open the note in the editor, come back to the same card, and say what is wrong with it now."""
        self._edit(self.asked.card)

    def _edit(self, card: Card) -> None:
        """Open the note of this card or of another one in the editor; the time away is nobody's thinking time."""
        from nlpcards.tui.editing import edit

        self._leave_off()
        try:
            edit(
                self,
                self._reviewing.collection,
                card,
                follow=lambda said: self._do(self._reviewing.refresh, said),
                failed=lambda why: self.say(why, failed=True),
                again=lambda: self._edit(card),
            )
        finally:
            if self.is_current:
                self._count_on()

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

    def ask_anew(self) -> None:
        """Ask the card by the settings that hold now: they may give it other intervals."""
        self._do(self._reviewing.refresh)

    def action_information(self) -> None:
        """Show what is known of the card: its memory state and its history."""
        from nlpcards.collection.information import information
        from nlpcards.tui.information import InformationScreen

        asked = self.asked
        self.app.push_screen(InformationScreen(information(self._reviewing.collection, asked.card.id)))

    def action_leave(self) -> None:
        """Go back to Today; every answer is stored already."""
        self.nlpcards.go_today()
