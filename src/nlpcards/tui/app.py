"""The application: which screen is open, and what every screen can reach."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.app import SystemCommand
from textual.screen import Screen

from nlpcards.collection.collection import Collection
from nlpcards.collection.practising import begin
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.searching import EVERYTHING
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.queue import DAILY, Purpose
from nlpcards.core.search.tree import Query
from nlpcards.tui.themed import ThemedApp

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
        NlpcardsError: the configured theme does not exist, or the session cannot be planned.
    """
    NlpcardsApp(collection, start=start, query=query, purpose=purpose).run()


class NlpcardsApp(ThemedApp):
    """The interface over an open collection; `monotonic` is the clock that measures answers."""

    TITLE = "nlpcards"

    def __init__(
        self,
        collection: Collection,
        *,
        start: frozenset[str] | None = None,
        query: Query = EVERYTHING,
        purpose: Purpose = DAILY,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        super().__init__()
        self.collection = collection
        self.monotonic = monotonic
        self._clock_trusted = False
        self._first = begin(collection, start, query, purpose) if start is not None else None
        self.use_theme(collection.taste.theme, str(collection.home.settings))

    def on_mount(self) -> None:
        """Open the first screen: a review where one was asked for, else Today."""
        # It lies on Textual's own empty screen, since the one at the very bottom cannot be switched.
        self.push_screen(self._today() if self._first is None else self._review(self._first))

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

    def review(self, decks: Iterable[str] = ()) -> None:
        """Begin a session over some decks (all where none is named)."""
        try:
            self.go_on(Reviewing.start(self.collection, decks))
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

    def action_statistics(self) -> None:
        """Show what the learner's answers come to."""
        from nlpcards.tui.statistics import StatisticsScreen

        if not isinstance(self.screen, StatisticsScreen):
            self.push_screen(StatisticsScreen())

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
        yield SystemCommand("Statistics", "Retention, time, memory, and what falls due", self.action_statistics)
        yield SystemCommand("Help", "Every key", self.action_help)
        if self.collection.library.problems:
            yield SystemCommand("Problems", "What is wrong in deck files", self.action_problems)
        for command in super().get_system_commands(screen):
            if command.title not in self.HIDDEN_COMMANDS:
                yield command
