"""What a newcomer is asked: which track, how many minutes a day; what that means; and how to start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.worker import get_current_worker

from nlpcards.collection.collection import Collection
from nlpcards.collection.first_run import MINUTES, USUAL_MINUTES, Outlook, cards_of, outlook, skip, start
from nlpcards.collection.purposes import minutes_of
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.roadmap.values import Pacing, Track
from nlpcards.core.words import count
from nlpcards.tui.choice import Arrowed
from nlpcards.tui.page import Page
from nlpcards.tui.words import clipped, safe, sentence

_PACE = {
    Pacing.MASTERY: "at your own pace",
    Pacing.CALENDAR: "by the calendar",
    Pacing.COURSES: "with its courses",
}

_STARTS = (
    ("Start with the first cards", "review"),
    ("I know some of this already: find out what (30 questions at most)", "placement"),
    ("Look around first", "today"),
)


class Step(Enum):
    """What is asked."""

    TRACK = auto()
    MINUTES = auto()
    START = auto()


class GreetingScreen(Page[str]):
    """Asks two questions and starts; gives what to do then: `review`, `placement` or `today`, or nothing to do where it
    was skipped: an empty text.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "Choose"),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("left,backspace", "back", "Back", tooltip="to the question before"),
        Binding("escape", "leave", "Skip", tooltip="skip the questions; nothing asks again"),
    ]

    @dataclass
    class Foreseen(Message):
        """What some minutes mean is known, or why it is not."""

        track: str | None
        minutes: float
        found: Outlook | NlpcardsError

    def __init__(self) -> None:
        super().__init__()
        self._step = Step.TRACK
        self._tracks: tuple[Track | None, ...] = ()
        self._track: Track | None = None
        self._minutes: list[float] = list(MINUTES)
        self._outlooks: dict[tuple[str | None, float], Outlook | NlpcardsError] = {}
        self._chosen: Outlook | None = None

    def body(self) -> Iterable[Widget]:
        """The question, what there is to choose, and what that means."""
        yield Vertical(
            Horizontal(
                Static("Welcome to nlpcards", id="name", markup=False),
                Static(id="greeting-step", markup=False),
                id="top",
            ),
            Static(id="greeting-question", markup=False),
            Arrowed(id="greeting-choices"),
            Static(id="greeting-about", classes="quiet", markup=False),
            Static(id="notice", markup=False),
            classes="column",
        )

    def on_mount(self) -> None:
        """Ask the first question."""
        self._tracks = (*self.nlpcards.collection.library.roadmap.tracks.values(), None)
        self.set_focus(self._choices, scroll_visible=False)
        self._ask(Step.TRACK, 0)

    @property
    def _choices(self) -> Arrowed:
        return self.query_one("#greeting-choices", Arrowed)

    # ---- asking

    def _ask(self, step: Step, at: int) -> None:
        self._step = step
        self.say("")
        number, question = {
            Step.TRACK: ("question 1 of 2", "Which way do you want to go?"),
            Step.MINUTES: ("question 2 of 2", "How many minutes a day do you have?"),
            Step.START: ("", "Ready."),
        }[step]
        self.query_one("#greeting-step", Static).update(number)
        self.query_one("#greeting-question", Static).update(question)
        self._choices.put([(Content(line), True) for line in self._lines()], at)
        self._tell()
        self.refresh_bindings()

    def _lines(self) -> list[str]:
        match self._step:
            case Step.TRACK:
                return [self._track_line(each) for each in self._tracks]
            case Step.MINUTES:
                return [*map(self._minutes_line, self._minutes), "another number of minutes…"]
            case Step.START:
                return [words for words, _ in _STARTS]

    def _track_line(self, track: Track | None) -> str:
        collection = self.nlpcards.collection
        cards = f"{cards_of(collection, track):,} cards"
        if track is None:
            return f"{'No track: every deck is free':36} {cards:>12}"
        return f"{clipped(safe(track.title), 36):36} {cards:>12}  {_PACE[track.pacing]}"

    def _minutes_line(self, minutes: float) -> str:
        found = self._outlooks.get((self._track_id, minutes))
        words = "…" if found is None else found.words if isinstance(found, Outlook) else sentence(found)
        return f"{minutes:>4g} min   {words}"

    @property
    def _track_id(self) -> str | None:
        return None if self._track is None else self._track.id

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the line at the arrow means."""
        event.stop()
        self._tell()

    def _tell(self) -> None:
        at = self._choices.highlighted or 0
        about = ""
        match self._step:
            case Step.TRACK:
                track = self._tracks[min(at, len(self._tracks) - 1)]
                about = _about(track)
            case Step.MINUTES:
                about = self._meaning(at)
            case Step.START if self._chosen is not None:
                title = "All decks" if self._chosen.track is None else safe(self._chosen.track.title)
                about = (
                    f"{title}: {self._chosen.words}. The settings (, on Today) change the limit; m shows the roadmap."
                )
            case Step.START:
                pass
        self.query_one("#greeting-about", Static).update(about)

    def _meaning(self, at: int) -> str:
        found = self._outlooks.get((self._track_id, self._minutes[at])) if at < len(self._minutes) else None
        if not isinstance(found, Outlook):
            return "Reviews are counted in, at a usual pace; it is worked out again from your own as you learn."
        said = f"{count(found.cards, 'new card')} in all. Reviews are counted in, at a usual pace."
        if found.wants is not None:
            week = "the calendar as it is written" if found.by_calendar else "even one new card a day"
            said += f" In its busiest week {week} takes {found.wants} min a day."
        return said

    # ---- what the minutes mean

    def _foresee(self) -> None:
        """Work out in a thread what is not known yet, that at the arrow first."""
        at = self._choices.highlighted or 0
        order = [*self._minutes[at:], *reversed(self._minutes[:at])]
        wanted = [each for each in order if (self._track_id, each) not in self._outlooks]
        track = self._track_id
        if wanted:
            self.run_worker(
                partial(self._foreseen, self.nlpcards.collection, track, wanted), thread=True, exclusive=True
            )

    def _foreseen(self, of: Collection, track: str | None, wanted: list[float]) -> None:
        worker = get_current_worker()
        try:
            with of.apart() as collection:
                for minutes in wanted:
                    if worker.is_cancelled:
                        return
                    found: Outlook | NlpcardsError
                    try:
                        found = outlook(collection, track, minutes)
                    except NlpcardsError as error:
                        found = error
                    self.post_message(self.Foreseen(track, minutes, found))
        except NlpcardsError as error:
            self.post_message(self.Foreseen(track, wanted[0], error))

    def on_greeting_screen_foreseen(self, event: Foreseen) -> None:
        """Fill in what some minutes mean."""
        event.stop()
        self._outlooks[event.track, event.minutes] = event.found
        if self.is_whole and self._step is Step.MINUTES and event.track == self._track_id:
            self._choices.put([(Content(line), True) for line in self._lines()], self._choices.highlighted)
            self._tell()

    # ---- answering

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the line that was clicked on."""
        event.stop()
        self.action_choose()

    def action_move(self, lines: int) -> None:
        """Move the arrow."""
        self._choices.move(lines)

    def action_choose(self) -> None:
        """Take the answer at the arrow, and ask what comes next."""
        at = self._choices.highlighted or 0
        match self._step:
            case Step.TRACK:
                self._track = self._tracks[at]
                usual = self._minutes.index(USUAL_MINUTES)
                self._ask(Step.MINUTES, usual)
                self._foresee()
            case Step.MINUTES if at == len(self._minutes):
                self._ask_minutes()
            case Step.MINUTES:
                self._take_minutes(at)
            case Step.START:
                self._start(_STARTS[at][1])

    def _take_minutes(self, at: int) -> None:
        found = self._outlooks.get((self._track_id, self._minutes[at]))
        if isinstance(found, Outlook):
            self._chosen = found
            self._ask(Step.START, 0)
        elif found is None:
            self.say("That is being worked out; a moment.")
        else:
            self.say(f"✗ {sentence(found)}")

    def _ask_minutes(self) -> None:
        from nlpcards.tui.entry import Entry

        said: list[float] = []

        def done(kept: bool | None) -> None:
            if kept:
                self._minutes = sorted({*self._minutes, said[-1]})
                self._ask(Step.MINUTES, self._minutes.index(said[-1]))
                self._foresee()

        hint = "Reviews included. A number, such as 25."
        self.app.push_screen(Entry("How many minutes a day?", hint, lambda text: said.append(minutes_of(text))), done)

    def _start(self, then: str) -> None:
        if self._chosen is None:
            return
        try:
            start(self.nlpcards.collection, self._chosen)
        except NlpcardsError as error:
            self.say(f"✗ {sentence(error)}")
            return
        self.dismiss(then)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing before the first question."""
        return not (action == "back" and self._step is Step.TRACK) and super().check_action(action, parameters)

    def action_back(self) -> None:
        """Go back to the question before."""
        if self._step is Step.START and self._chosen is not None:
            self._ask(Step.MINUTES, self._minutes.index(self._chosen.minutes))
        elif self._step is Step.MINUTES:
            self._ask(Step.TRACK, self._tracks.index(self._track))

    def action_leave(self) -> None:
        """Skip what is left; nothing asks again."""
        try:
            skip(self.nlpcards.collection)
        except NlpcardsError as error:
            self.say(f"✗ {sentence(error)}")
            return
        self.dismiss("")


def _about(track: Track | None) -> str:
    if track is None:
        return "New cards come from all decks in turn; you choose what to review."
    size = f"{count(len(track.stages), 'stage')}, {count(len(track.topics), 'topic')}"
    return f"{safe(track.about)} {size}; another track can be taken at any time, and nothing is lost."
