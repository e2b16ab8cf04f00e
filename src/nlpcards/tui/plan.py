"""The plan: how many new cards a day finish a track in time, week by week, and what would help where none can."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from nlpcards.collection.pacing import StudyPlan, study_plan
from nlpcards.collection.pacing_words import LEAST_WIDTH, WIDTH, summary, week_lines
from nlpcards.collection.purposes import minutes_of
from nlpcards.collection.roadmap.changing import use_track
from nlpcards.core.days import date_of
from nlpcards.core.due_dates import any_day
from nlpcards.core.errors import NlpcardsError, UsageError
from nlpcards.core.words import short_month, weekday
from nlpcards.tui.page import SCROLLING, ScrollingPage
from nlpcards.tui.words import safe, sentence

if TYPE_CHECKING:
    from nlpcards.tui.app import NlpcardsApp


class PlanScreen(ScrollingPage[None]):
    """Shows the plan for a track (None: for all decks); a day to end by and minutes a day may be asked for. It is
    worked out in a thread: what the reviews will take has to be simulated.
    """

    SHEET = "#plan"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "by", "By a day", tooltip="ask for a day to end by"),
        Binding("n", "minutes", "Minutes", tooltip="ask for so many minutes a day"),
        Binding("x", "free", "Without", tooltip="ask for neither day nor minutes"),
        Binding("s", "start", "First day", tooltip="the first day of the calendar"),
        *SCROLLING,
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self, track: str | None) -> None:
        super().__init__()
        self._track = track
        self._by: date | None = None
        self._minutes: float | None = None
        self._plan: StudyPlan | None = None

    def body(self) -> Iterable[Widget]:
        """What it comes to, and the weeks."""
        yield Vertical(
            Horizontal(Static("Plan", id="name", markup=False), Static(id="plan-asked", markup=False), id="top"),
            VerticalScroll(
                Static("Working it out…", id="plan-words", markup=False),
                Static(id="plan-weeks", markup=False),
                id="plan",
                can_focus=False,
            ),
            Static(id="notice", markup=False),
            classes="column",
        )

    def on_mount(self) -> None:
        """Begin to work it out."""
        self._work()

    def _work(self) -> None:
        asked = [] if self._by is None else [f"by {_date(self._by)}"]
        asked += [] if self._minutes is None else [f"{self._minutes:g} min a day"]
        self.query_one("#plan-asked", Static).update(", ".join(asked))
        self.say("")
        self.run_worker(partial(self._worked, self.nlpcards, self._by, self._minutes), thread=True, exclusive=True)

    def _worked(self, app: NlpcardsApp, by: date | None, minutes: float | None) -> None:
        worker = get_current_worker()
        found: StudyPlan | NlpcardsError
        try:
            with app.collection.apart() as collection:
                found = study_plan(collection, self._track, by=by, minutes=minutes)
        except NlpcardsError as error:
            found = error
        if not worker.is_cancelled:
            app.call_from_thread(self._show, found)

    def _show(self, found: StudyPlan | NlpcardsError) -> None:
        if not self.is_whole:
            return
        words, weeks = self.query_one("#plan-words", Static), self.query_one("#plan-weeks", Static)
        if isinstance(found, NlpcardsError):
            words.update(sentence(found))
            weeks.update("")
            self._plan = None
        else:
            self._plan = found
            title, *said = summary(found)
            words.update(Content("\n").join([Content.styled(safe(title), "bold"), *map(Content, said)]))
            room = self.query_one(self.SHEET).scrollable_content_region.width
            weeks.update("\n".join(week_lines(found, max(LEAST_WIDTH, min(WIDTH, room - 1)))))
        self.query_one(self.SHEET).scroll_home(animate=False)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a calendar that one follows has a first day to set."""
        if action == "start" and (self._plan is None or self._plan.start is None or not self._is_followed):
            return False
        if action == "free" and self._by is None and self._minutes is None:
            return False
        return super().check_action(action, parameters)

    @property
    def _is_followed(self) -> bool:
        return self._track is not None and self.nlpcards.collection.knowing.following.track == self._track

    def _ask(self, title: str, hint: str, take: object, text: str = "") -> None:
        from nlpcards.tui.entry import Entry

        assert callable(take)
        self.app.push_screen(Entry(title, hint, take, text=text), lambda kept: self._work() if kept else None)

    def action_by(self) -> None:
        """Ask for a day to end by."""

        def take(text: str) -> None:
            self._by = date_of(any_day(text.strip()))

        present = self._by.isoformat() if self._by is not None else ""
        self._ask("By which day is the last card to be met?", "A date, such as 2027-03-01.", take, present)

    def action_minutes(self) -> None:
        """Ask for minutes a day."""

        def take(text: str) -> None:
            self._minutes = minutes_of(text)

        present = "" if self._minutes is None else f"{self._minutes:g}"
        self._ask("How many minutes a day, reviews included?", "What fits into them is worked out.", take, present)

    def action_free(self) -> None:
        """Ask for neither."""
        self._by = self._minutes = None
        self._work()

    def action_start(self) -> None:
        """Ask for the first day of the calendar, and write it down."""
        plan, collection = self._plan, self.nlpcards.collection
        if plan is None or plan.start is None or self._track is None:
            return
        track = self._track

        def take(text: str) -> None:
            day = any_day(text.strip())
            if abs(day - plan.today) > _FARTHEST_DAYS:
                raise UsageError("that day is more than two years away", remedy="Take one that is nearer.")
            use_track(collection, track, day)

        hint = "Week 1 begins on it. A date, such as 2026-12-01; it may be past."
        present = date_of(plan.start).isoformat()
        self.nlpcards.with_trusted_clock(
            lambda: self._ask("On which day does the calendar begin?", hint, take, present)
        )

    def action_leave(self) -> None:
        """Go back to the Roadmap."""
        self.dismiss(None)


_FARTHEST_DAYS = 731
"""So many days from today a calendar may begin."""


def _date(day: date) -> str:
    return f"{weekday(day)} {short_month(day)} {day.year}"
