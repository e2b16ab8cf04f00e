"""Today: what is due, deck by deck, what comes in the week, and where one stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import OptionList, Static

from nlpcards.collection.collection import Today
from nlpcards.core.days import date_of
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.words import count, duration, wait
from nlpcards.tui.decklist import DeckList
from nlpcards.tui.page import Page
from nlpcards.tui.problems import told
from nlpcards.tui.week import Week
from nlpcards.tui.words import long_date, safe, sentence, weekday


class TodayScreen(Page[None]):
    """Where the learner stands now; starts a review."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "review_all", "Review all", tooltip="review all decks"),
        Binding("enter", "review_deck", "Review deck", tooltip="review the deck at the arrow"),
        Binding("j,down", "move(1)", "Down", show=False, tooltip="the next deck"),
        Binding("k,up", "move(-1)", "Up", show=False, tooltip="the deck before"),
        Binding("s", "statistics", "Statistics", tooltip="statistics"),
        Binding("p", "problems", "Problems", tooltip="problems in deck files"),
        Binding("r", "reload", "Reload", show=False, tooltip="read the decks again"),
    ]

    def __init__(self, message: str = "") -> None:
        """Show Today, with `message` as a sentence above the list where there is one."""
        super().__init__()
        self._message = message
        self._today: Today | None = None

    def body(self) -> Iterable[Widget]:
        """A heading, the decks, the week, and what is to be mended."""
        yield Vertical(
            Horizontal(Static("nlpcards", id="name", markup=False), Static(id="date", markup=False), id="top"),
            Static(id="headline-today", markup=False),
            Static(id="next", classes="quiet", markup=False),
            Static(id="deck-head", classes="quiet", markup=False),
            DeckList(id="decks"),
            Horizontal(Week(id="week", markup=False), Static(id="standing", markup=False), id="ahead"),
            Static(id="notice", markup=False),
            classes="column",
        )

    def on_mount(self) -> None:
        """Count, and count again when a minute is over: learning cards come due while one looks."""
        self.set_interval(60, self._count)
        self.query_one(DeckList).focus()
        self._count()

    def on_screen_resume(self) -> None:
        """Count again after another screen."""
        if self._today is not None:
            self._count()

    def on_resize(self, event: events.Resize) -> None:
        """Draw the week for the new height, the table for the new width."""
        super().on_resize(event)
        self.call_after_refresh(self._draw)

    def _count(self) -> None:
        try:
            self._today = self.nlpcards.collection.today()
        except NlpcardsError as error:
            self._message = f"✗ {sentence(error)}"
        self._draw()
        self.refresh_bindings()

    def _draw(self) -> None:
        today = self._today
        self._put("#notice", " ".join(part for part in (self._message, problems_told(today)) if part))
        if today is None:
            return
        self._put("#date", long_date(date_of(today.moment.day)))
        self._put("#headline-today", headline(today))
        self._put("#next", self._no_decks() if not today.rows else waiting(today))
        decks = self.query_one(DeckList)
        self.query_one("#deck-head").display = decks.display = bool(today.rows)
        width = decks.size.width or self.size.width - 4
        self._put("#deck-head", decks.show(today, width))
        height = 1 if self.size.height < 24 else 3 if self.size.height < 36 else 5
        self._put_week(today, height)
        self._put("#standing", standing(today))

    def _put_week(self, today: Today, height: int) -> None:
        days = [date_of(today.moment.day + day) for day in range(1, len(today.ahead) + 1)]
        self.query_one(Week).show(today.ahead if today.rows else (), [weekday(day)[:3] for day in days], height=height)

    def _put(self, where: str, text: str) -> None:
        at = self.query_one(where, Static)
        at.update(text)
        at.display = bool(text)

    def _no_decks(self) -> str:
        return f"A deck is a YAML file. Put one into {safe(str(self.nlpcards.collection.home.decks))} and press r."

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to review without decks, no problems to show without problems."""
        if action in ("review_all", "review_deck") and self._today is not None and not self._today.rows:
            return False
        if action == "problems" and (self._today is None or not self._today.problems):
            return False
        return super().check_action(action, parameters)

    def action_statistics(self) -> None:
        """Show what one's answers come to."""
        self.nlpcards.action_statistics()

    def action_problems(self) -> None:
        """Show what is wrong in deck files."""
        self.nlpcards.action_problems()

    def action_review_all(self) -> None:
        """Review everything that is due."""
        self.nlpcards.review()

    def action_review_deck(self) -> None:
        """Review the deck at the arrow."""
        if self._today is None or not self._today.rows:
            return
        deck = self.query_one(DeckList).deck
        self.nlpcards.review([deck] if deck else [])

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


def headline(today: Today) -> str:
    """What is to be done today, as a sentence."""
    counts = today.counts
    if not today.rows:
        return "There is no deck yet."
    if not counts.total:
        return "Done for today." if today.answered else "Nothing is due today."
    parts = [
        f"{number} {name}"
        for number, name in ((counts.review, "review"), (counts.learning, "learning"), (counts.new, "new"))
        if number
    ]
    return f"{count(counts.total, 'card')} today: {', '.join(parts)}."


def waiting(today: Today) -> str:
    """What comes after what is asked now: the next card where nothing is due, tomorrow, what the limits hold back."""
    said = []
    if not today.counts.total:
        day = next((day for day, number in enumerate(today.ahead, 1) if number), None)
        if day is None:
            said.append("No review falls due in the next seven days.")
        else:
            when = "tomorrow" if day == 1 else f"on {long_date(date_of(today.moment.day + day))}"
            said.append(
                f"The next {count(today.ahead[day - 1], 'review')} come{'s' * (today.ahead[day - 1] == 1)} {when}."
            )
        fresh = sum(row.cards - row.introduced for row in today.rows)
        if fresh > 0:
            said.append(f"{count(fresh, 'card')} not met yet.")
    else:
        asked = today.counts.new + today.counts.review
        if not asked and today.plan.learning:
            said.append(f"The first comes back in {wait(today.plan.learning[0][0] - today.moment.ms)}.")
        said.append(f"Tomorrow: {count(today.ahead[0], 'review')}.")
    if today.plan.held_back:
        said.append(f"{count(today.plan.held_back, 'due review')} left for later.")
    return " ".join(said)


def standing(today: Today) -> str:
    """What was done today and in the days before."""
    done = f"{count(today.answered, 'answer')} today" + (f", {duration(today.spent_ms)}" if today.answered else "")
    streak = f"{count(today.streak, 'day')} in a row" if today.streak else "no streak yet"
    total = sum(row.cards for row in today.rows)
    met = sum(row.introduced for row in today.rows)
    introduced = f"{met:,} of {count(total, 'card')} introduced" if total else ""
    return "\n".join(line for line in ("Where you stand", done, streak, introduced) if line)


def problems_told(today: Today | None) -> str:
    """One sentence about what is wrong in deck files; empty where nothing is."""
    if today is None or not today.problems:
        return ""
    mark = "✗ " if any(problem.is_error for problem in today.problems) else ""
    return f"{mark}{told(today.problems)} in deck files: p shows them."
