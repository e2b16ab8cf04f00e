"""The application: which screen is open, and what every screen can reach."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand
from textual.screen import Screen

from nlpcards.collection.collection import Collection
from nlpcards.collection.practising import begin
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.queue import DAILY, Purpose
from nlpcards.core.search.everything import EVERYTHING
from nlpcards.tui.themed import ThemedApp

if TYPE_CHECKING:
    from nlpcards.collection.browser import Browser
    from nlpcards.collection.changes import Changes
    from nlpcards.core.search.tree import Query
    from nlpcards.decks.library import Library
    from nlpcards.tui.road_doing import RoadView
    from nlpcards.tui.sessions import Sort

KEEPING_AFTER_S = 2.0
"""So many seconds after the start the decks that were read are kept for the next one: the first card comes first."""

Monotonic = Callable[[], float]
"""Seconds on a clock that never goes back; its zero means nothing."""


def run(
    collection: Collection,
    *,
    start: frozenset[str] | None = None,
    query: Query = EVERYTHING,
    purpose: Purpose = DAILY,
) -> None:
    """Open the terminal interface: on Today, or on a review of the decks `start`, of the cards that meet a query, for a
    purpose.

    Raises:
        NlpcardsError: the configured theme or a configured key does not exist, or the session cannot be planned.
    """
    NlpcardsApp(collection, start=start, query=query, purpose=purpose, environment=os.environ).run()


_SESSIONS: tuple[tuple[str, str, Sort], ...] = (
    ("Review for some minutes", "What is worth them most", "minutes"),
    ("Catch up", "Spread what is due over some days", "catch_up"),
    ("Study ahead", "Practise what falls due in the days to come", "ahead"),
    ("Cram", "Practise every card, the weakest first", "cram"),
)
"""The sessions besides the day's work, as the command palette offers them."""


class NlpcardsApp(ThemedApp):
    """The interface over an open collection; `monotonic` is the clock that measures answers, `environment` what says
    what the terminal can show.
    """

    TITLE = "nlpcards"

    def __init__(
        self,
        collection: Collection,
        *,
        start: frozenset[str] | None = None,
        query: Query = EVERYTHING,
        purpose: Purpose = DAILY,
        monotonic: Monotonic = time.monotonic,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(environment)
        self.collection = collection
        self.monotonic = monotonic
        self.deck_changes: tuple[Library, int, Changes | None] | None = None
        """What changed in a library as it was read, by a study day; kept since it takes a look at every note."""
        self._browser: Browser | None = None
        self._road_view: RoadView | None = None
        self.has_greeted = False
        """Whether a newcomer was asked the first questions since the program began."""
        self._clock_trusted = False
        self._first = begin(collection, start, query, purpose) if start is not None else None
        self.use(collection.taste, str(collection.home.settings))

    def on_mount(self) -> None:
        """Open the first screen: a review where one was asked for, else Today."""
        # It lies on Textual's own empty screen, since the one at the very bottom cannot be switched.
        self.push_screen(self._today() if self._first is None else self._review(self._first))
        self.set_timer(KEEPING_AFTER_S, self._keep_decks)

    def _keep_decks(self) -> None:
        """Keep what was read of the decks for the next start, beside what goes on: the window may just be closed."""
        self.run_worker(self.collection.keep_decks, thread=True, exit_on_error=False)

    @staticmethod
    def _today(message: str = "") -> Screen[None]:
        from nlpcards.tui.today import TodayScreen

        return TodayScreen(message)

    @staticmethod
    def _review(reviewing: Reviewing) -> Screen[None]:
        if reviewing.asked is None:
            from nlpcards.tui.summary import SummaryScreen

            return SummaryScreen(reviewing)
        from nlpcards.tui.review import ReviewScreen

        return ReviewScreen(reviewing)

    def go_today(self, message: str = "") -> None:
        """Show Today, with a sentence about why where there is one."""
        self._only(self._today(message))

    def go_on(self, reviewing: Reviewing) -> None:
        """Show the session's next card, or what it came to where none is to be asked now."""
        self._only(self._review(reviewing))

    def _only(self, screen: Screen[None]) -> None:
        while len(self.screen_stack) > 2:
            self.pop_screen()
        self.switch_screen(screen)

    def review(self, decks: Iterable[str] = (), query: Query = EVERYTHING, purpose: Purpose = DAILY) -> None:
        """Begin a session for a purpose over some decks (all where none is named), of the cards that meet a query."""
        try:
            self.go_on(begin(self.collection, decks, query, purpose))
        except NlpcardsError as error:
            from nlpcards.tui.words import sentence

            self.go_today(sentence(error))

    def with_trusted_clock(self, act: Callable[[], object]) -> None:
        """Do something that leads to writing; where the clock disagrees with the journal, ask about it first, once."""
        doubt = None if self._clock_trusted else self.collection.clock_doubt()
        if doubt is None:
            self._clock_trusted = True
            act()
            return
        from nlpcards.tui.dialog import Question

        def answered(right: bool | None) -> None:
            self._clock_trusted = bool(right)
            # Later: the question is still the screen that would be left now.
            if right:
                self.call_later(act)
            else:
                self.call_later(self.go_today, "Nothing was written. Put the clock right, then review.")

        self.push_screen(Question(doubt, yes="the clock is right", no="go back to Today"), answered)

    def action_today(self) -> None:
        """Show Today."""
        self.go_today()

    def action_review_all(self) -> None:
        """Review everything that is due."""
        self.review()

    def action_sessions(self, first: Sort | None = None) -> None:
        """Offer sessions besides the day's work, over all decks; `first` is chosen at once."""
        from nlpcards.tui.sessions import SessionsScreen

        def chosen(purpose: Purpose | None) -> None:
            if purpose is not None:
                self.call_later(lambda: self.review(purpose=purpose))

        if not isinstance(self.screen, SessionsScreen):
            self.push_screen(SessionsScreen("all decks", first), chosen)

    def action_browse(self) -> None:
        """Show all cards, or what was searched for last."""
        from nlpcards.collection.browser import Browser
        from nlpcards.tui.browse import BrowseScreen

        if not any(isinstance(screen, BrowseScreen) for screen in self.screen_stack):
            self._browser = self._browser or Browser(self.collection)
            self.push_screen(BrowseScreen(self._browser))

    @property
    def road_view(self) -> RoadView:
        """What of the roadmap one looks at."""
        from nlpcards.tui.road_doing import RoadView

        if self._road_view is None:
            self._road_view = RoadView()
        return self._road_view

    def action_roadmap(self) -> None:
        """Show the track as a path, with what one knows of it."""
        from nlpcards.tui.roadmap import RoadmapScreen

        if not any(isinstance(screen, RoadmapScreen) for screen in self.screen_stack):
            self.push_screen(RoadmapScreen())

    def action_practice(self) -> None:
        """Look back on the week: what was learned, what is weakest, what comes next."""
        from nlpcards.tui.practice import PracticeScreen

        if not isinstance(self.screen, PracticeScreen):
            self.push_screen(PracticeScreen())

    def action_placement(self) -> None:
        """Find out what one knows already, and go on with what was left."""
        from nlpcards.tui.placement import open_placement

        open_placement(self)

    def action_statistics(self) -> None:
        """Show what the learner's answers come to."""
        from nlpcards.tui.statistics import StatisticsScreen

        if not isinstance(self.screen, StatisticsScreen):
            self.push_screen(StatisticsScreen())

    def action_settings(self) -> None:
        """Show the settings, and use them from then on."""
        from nlpcards.tui.settings import SettingsScreen

        if isinstance(self.screen, SettingsScreen):
            return
        below = self.screen

        def changed(_: None) -> None:
            from nlpcards.tui.review import ReviewScreen

            if isinstance(below, ReviewScreen):
                self.call_later(below.ask_anew)

        self.push_screen(SettingsScreen(), changed)

    def action_help(self) -> None:
        """Show every key."""
        from nlpcards.tui.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def action_problems(self) -> None:
        """Show what is wrong in deck files."""
        from nlpcards.tui.problems import ProblemsScreen

        self.push_screen(ProblemsScreen(tuple(self.collection.library.problems)))

    HIDDEN_COMMANDS: ClassVar[frozenset[str]] = frozenset({"Keys", "Maximize", "Minimize"})
    """Textual's own commands that have no use here: Help shows the keys, and no part of a screen can be enlarged."""

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the command palette offers: the screens, then Textual's own."""
        yield SystemCommand("Today", "What is due, and the days to come", self.action_today)
        yield SystemCommand("Review", "Review everything that is due", self.action_review_all)
        for title, does, sort in _SESSIONS:
            yield SystemCommand(title, does, partial(self.action_sessions, sort))
        yield SystemCommand("Browse", "All cards: search, sort, act on many at once", self.action_browse)
        yield SystemCommand("Roadmap", "The track as a path, and what you know of it", self.action_roadmap)
        yield SystemCommand("Weekly practice", "The week, what is weakest, what comes next", self.action_practice)
        yield SystemCommand("Placement", "Find out what you know already", self.action_placement)
        yield SystemCommand("Statistics", "Retention, time, memory, and what falls due", self.action_statistics)
        yield SystemCommand("Settings", "Limits, order, theme, keys, memory", self.action_settings)
        yield SystemCommand("Help", "Every key", self.action_help)
        if self.collection.library.problems:
            yield SystemCommand("Problems", "What is wrong in deck files", self.action_problems)
        for command in super().get_system_commands(screen):
            if command.title not in self.HIDDEN_COMMANDS:
                yield command
