"""Today: what is due, by deck or by topic, how long it takes, what comes, what changed, and where one stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.worker import get_current_worker

from nlpcards.collection.changes import Changes, changes, in_words
from nlpcards.collection.searching import EVERYTHING
from nlpcards.collection.today import Today
from nlpcards.collection.today_words import headline, standing, waiting
from nlpcards.core.days import date_of
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.queue import DAILY, Purpose
from nlpcards.core.search.patterns import Pattern
from nlpcards.core.search.tree import Name, Named, Query
from nlpcards.core.words import long_date, weekday
from nlpcards.tui.decklist import DeckList, Row
from nlpcards.tui.page import Page
from nlpcards.tui.problems import told
from nlpcards.tui.sessions import SessionsScreen, Sort
from nlpcards.tui.week import Week
from nlpcards.tui.words import safe, sentence

if TYPE_CHECKING:
    from nlpcards.collection.roadmap.on_track import OnTrack

NO_TOPIC = "none"
"""What the search language calls the topic of a note that has none."""


class TodayScreen(Page[None]):
    """Where the learner stands now; starts a review.

    It is on the screen at once. What has to be counted is counted in a thread, through a connection of its own, and
    filled in when it is there: first what is due, then what changed in the decks.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "review_all", "Review all", tooltip="review all decks"),
        Binding("enter", "review_deck", "Review deck", tooltip="review the deck or topic at the arrow"),
        Binding("j,down", "move(1)", "Down", show=False, tooltip="the next deck or topic"),
        Binding("k,up", "move(-1)", "Up", show=False, tooltip="the deck or topic before"),
        Binding("t", "by_topic", "Topics", tooltip="by deck or by topic"),
        Binding("o", "sessions", "Sessions", tooltip="minutes, catch up, ahead, cram"),
        Binding("m", "roadmap", "Roadmap", tooltip="the roadmap"),
        Binding("b", "browse", "Browse", tooltip="browse all cards"),
        Binding("s", "statistics", "Statistics", tooltip="statistics"),
        Binding("w", "practice", "Week", tooltip="the week, and what is weakest"),
        Binding("comma", "settings", "Settings", tooltip="settings"),
        Binding("p", "problems", "Problems", tooltip="problems in deck files"),
        Binding("r", "reload", "Reload", show=False, tooltip="read the decks again"),
    ]

    @dataclass
    class Counted(Message):
        """What is due was counted."""

        found: Today | NlpcardsError

    @dataclass
    class Located(Message):
        """It is known where one is on the track, None where one follows none."""

        found: OnTrack | None

    @dataclass
    class Compared(Message):
        """The decks were compared with what they said before."""

        found: Changes | None

    def __init__(self, message: str = "") -> None:
        """Show Today, with `message` as a sentence above the keys where there is one."""
        super().__init__()
        self._message = message
        self._today: Today | None = None
        self._changes: Changes | None = None
        self._on_track: OnTrack | None = None
        self._by_topic = False
        self._scrolls = False

    @property
    def is_counting(self) -> bool:
        """Whether the figures are not there yet."""
        return self._today is None

    def body(self) -> Iterable[Widget]:
        """A heading, the decks, where one stands, what changed, the days to come, and what is to be mended."""
        yield Vertical(
            Horizontal(Static("nlpcards", id="name", markup=False), Static(id="date", markup=False), id="top"),
            Static("Counting…", id="headline-today", markup=False),
            Static(id="next", classes="quiet", markup=False),
            Static(id="deck-head", classes="quiet", markup=False),
            DeckList(id="decks"),
            Static(id="standing", classes="quiet", markup=False),
            Static(id="track", classes="quiet", markup=False),
            Static(id="changed", classes="quiet", markup=False),
            Week(id="week", markup=False),
            Static(id="notice", markup=False),
            classes="column",
        )

    def on_mount(self) -> None:
        """Count, and count again when a minute is over: learning cards come due while one looks."""
        self.set_interval(60, self._count_again)
        self.query_one(DeckList).focus()
        self._draw()
        self._greet()
        # The thread takes its share of the processor: first the screen, then the figures.
        self.call_after_refresh(self._count)

    def on_screen_resume(self) -> None:
        """Count again after another screen."""
        if self._today is not None:
            self._count()

    def on_resize(self, event: events.Resize) -> None:
        """Draw the days for the new height, the table for the new width."""
        super().on_resize(event)
        self.call_after_refresh(self._draw)

    def _count_again(self) -> None:
        if self.is_current:
            self._count()

    def _count(self) -> None:
        self.run_worker(self._counted, thread=True, exclusive=True)

    def _counted(self) -> None:
        """Count in a thread. Where the screen was left meanwhile, the rest is not worth its time."""
        from nlpcards.collection.roadmap.on_track import on_track

        worker, app = get_current_worker(), self.nlpcards
        try:
            with app.collection.apart() as collection:
                self.post_message(self.Counted(collection.today()))
                self.post_message(self.Located(on_track(collection, collection.now().day)))
                known, day = app.deck_changes, collection.now().day
                # Telling what changed means reading every note; until the decks are read again it stays as it is.
                if known is not None and known[:2] == (collection.library, day):
                    self.post_message(self.Compared(known[2]))
                elif not worker.is_cancelled:
                    found = changes(collection)
                    app.deck_changes = (collection.library, day, found)
                    self.post_message(self.Compared(found))
        except NlpcardsError as error:
            self.post_message(self.Counted(error))

    def on_today_screen_counted(self, message: Counted) -> None:
        """Fill in what is due."""
        message.stop()
        if isinstance(message.found, NlpcardsError):
            self._message = f"✗ {sentence(message.found)}"
        else:
            self._today = message.found
            self._greet()
        self._draw()
        self.refresh_bindings()

    def _greet(self) -> None:
        """Ask a newcomer the first questions: at once where the journal is empty, else once no card turns out to have
        been introduced, since looking for an answer takes its time.
        """
        app, today = self.nlpcards, self._today
        if app.has_greeted or not self.is_current or (today is not None and today.introduced):
            return
        try:
            if today is None and app.collection.journal.last_event() is not None:
                return
            from nlpcards.collection.first_run import greets

            if not greets(app.collection):
                return
        except NlpcardsError:
            return  # what cannot be read says so where it is counted
        from nlpcards.tui.greeting import GreetingScreen

        def answered(then: str | None) -> None:
            if then == "review":
                self.call_later(self.action_review_all)
            elif then == "placement":
                self.call_later(app.action_placement)

        app.has_greeted = True
        app.push_screen(GreetingScreen(), answered)

    def on_today_screen_located(self, message: Located) -> None:
        """Fill in where one is on the track."""
        message.stop()
        self._on_track = message.found
        self._draw()

    def on_today_screen_compared(self, message: Compared) -> None:
        """Fill in what changed."""
        message.stop()
        self._changes = message.found
        self._draw()

    def _draw(self) -> None:
        if not self.is_whole:
            return
        today = self._today
        self.put("#notice", " ".join(part for part in (self._message, problems_told(today)) if part))
        now = self.nlpcards.collection.now() if today is None else today.moment
        self.put("#date", long_date(date_of(now.day)))
        for name in ("#deck-head", "#decks", "#week"):
            self.query_one(name).display = today is not None and bool(today.rows)
        changed = self._changes
        self.put("#changed", safe(in_words(changed, now.day)) if changed is not None and changed.decks else "")
        if today is None:
            self.put("#headline-today", "" if self._message.startswith("✗") else "Counting…")
            return
        self.put("#headline-today", headline(today))
        self.put("#next", self._no_decks() if not today.rows else waiting(today))
        self.put("#standing", " · ".join(standing(today)))
        self.put("#track", self._track_told())
        width = self._width
        self._list(today, width)
        height = 1 if self.size.height < 24 else 3 if self.size.height < 36 else 5
        days = [date_of(today.moment.day + day) for day in range(1, len(today.ahead) + 1)]
        self.query_one(Week).show(
            today.ahead if today.rows else (), [weekday(day)[:3] for day in days], height=height, width=width
        )
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Leave the table the lines that all else leaves, and at least two: it can be scrolled, the rest cannot."""
        if not self.is_whole:
            return  # the screen was left before it was drawn
        column, decks = self.query_one(".column"), self.query_one(DeckList)
        others = (each for each in column.children if each.display and each is not decks)
        used = sum(each.outer_size.height + each.styles.margin.height for each in others)
        lines = max(2, column.size.height - used)
        decks.styles.max_height = lines
        if (decks.option_count > lines) is not self._scrolls and self._today is not None:
            self._scrolls = not self._scrolls
            self._list(self._today, self._width)

    @property
    def _width(self) -> int:
        """The cells of a line."""
        return self.size.width - 4 if self.size.width < 100 else 96

    def _list(self, today: Today, width: int, *, anew: bool = False) -> None:
        if self._by_topic:
            rows = [Row(row.topic or "(no topic)", row.counts, row.cards, row.introduced) for row in today.topics]
        else:
            rows = [Row(row.deck.title or row.deck.id, row.counts, row.cards, row.introduced) for row in today.rows]
        of_all = Row("All topics" if self._by_topic else "All decks", today.counts, today.cards, today.introduced)
        head = "by topic" if self._by_topic else "by deck"
        # The scroll bar takes a cell where there is one.
        room = width - self._scrolls
        self.put("#deck-head", self.query_one(DeckList).show([of_all, *rows], head, room, anew=anew))

    def _track_told(self) -> str:
        """Where one is on the track, what opened, and the weekly practice on its day: a line or two."""
        told = []
        if self._on_track is not None:
            told = [each for each in (self._on_track.words, self._on_track.news) if each]
        if self._practises:
            told.append("Weekly practice today: w looks back on the week and shows what is weakest.")
        return "\n".join(map(safe, told))

    @property
    def _practises(self) -> bool:
        """Whether it is the day of the weekly practice."""
        collection = self.nlpcards.collection
        if collection.taste.practice_day is None:
            return False
        from nlpcards.collection.weekly import is_practice_day

        return is_practice_day(collection, collection.now().day)

    def _no_decks(self) -> str:
        return f"A deck is a YAML file. Put one into {safe(str(self.nlpcards.collection.home.decks))} and press r."

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to review without decks, no problems to show without problems."""
        needs_decks = ("review_all", "review_deck", "sessions", "by_topic")
        if action in needs_decks and self._today is not None and not self._today.rows:
            return False
        if action == "practice" and not self._practises:
            return False
        if action == "problems" and (self._today is None or not self._today.problems):
            return False
        return super().check_action(action, parameters)

    def action_browse(self) -> None:
        """Show all cards in a table."""
        self.nlpcards.action_browse()

    def action_roadmap(self) -> None:
        """Show the track as a path."""
        self.nlpcards.action_roadmap()

    def action_practice(self) -> None:
        """Look back on the week."""
        self.nlpcards.action_practice()

    def action_statistics(self) -> None:
        """Show what one's answers come to."""
        self.nlpcards.action_statistics()

    def action_settings(self) -> None:
        """Show the settings."""
        self.nlpcards.action_settings()

    def action_problems(self) -> None:
        """Show what is wrong in deck files."""
        self.nlpcards.action_problems()

    def action_review_all(self) -> None:
        """Review everything that is due."""
        self.nlpcards.review()

    def action_review_deck(self) -> None:
        """Review the deck or the topic at the arrow."""
        if self._today is None or self._today.rows:
            self._review(DAILY)

    def action_by_topic(self) -> None:
        """List topics in place of decks, and decks in place of topics."""
        self._by_topic = not self._by_topic
        if self._today is not None:
            self._list(self._today, self._width, anew=True)

    def action_sessions(self, first: Sort | None = None) -> None:
        """Offer the other sessions, of the deck or the topic at the arrow."""

        def chosen(purpose: Purpose | None) -> None:
            if purpose is not None:
                self.call_later(self._review, purpose)

        self.app.push_screen(SessionsScreen(self._chosen()[0], first), chosen)

    def _chosen(self) -> tuple[str, list[str], Query]:
        """What is at the arrow: what it is called, its decks (none for all), and the query that its cards meet."""
        at = self.query_one(DeckList).chosen
        if self._today is None or not at:
            return "all decks", [], EVERYTHING
        if self._by_topic:
            topic = self._today.topics[at - 1].topic
            return topic or "no topic", [], Named(Name.TOPIC, Pattern((topic or NO_TOPIC,)))
        deck = self._today.rows[at - 1].deck
        return deck.title or deck.id, [deck.id], EVERYTHING

    def _review(self, purpose: Purpose) -> None:
        _, decks, query = self._chosen()
        self.nlpcards.review(decks, query, purpose)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click on a deck, or enter on it, starts its review."""
        event.stop()
        self.action_review_deck()

    def action_move(self, by: int) -> None:
        """Move the arrow."""
        decks = self.query_one(DeckList)
        if by > 0:
            decks.action_cursor_down()
        else:
            decks.action_cursor_up()

    def action_reload(self) -> None:
        """Read the decks again."""
        self._message = ""
        try:
            self.nlpcards.collection.reload()
        except NlpcardsError as error:
            self._message = f"✗ {sentence(error)}"
        self._count()


def problems_told(today: Today | None) -> str:
    """One sentence about what is wrong in deck files; empty where nothing is."""
    if today is None or not today.problems:
        return ""
    mark = "✗ " if any(problem.is_error for problem in today.problems) else ""
    return f"{mark}{told(today.problems)} in deck files: p shows them."
