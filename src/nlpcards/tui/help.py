"""Every key, screen by screen, as the screens themselves declare them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.tui.page import SCROLLING, Page, ScrollingPage
from nlpcards.tui.rebinding import rows, written
from nlpcards.tui.themed import rebound_of


def entries(owner: type[Widget], rebound: Mapping[str, str]) -> list[tuple[str, str]]:
    """The keys that a screen or a widget declares itself, in its order: how they are written, what they do. `rebound`
    is the keymap of other keys that the learner chose.
    """
    found = []
    for does, bindings in rows(owner.__dict__["BINDINGS"]).items():
        keys: list[str] = []
        for binding in bindings:
            keys += rebound.get(binding.id or "", binding.key).split(",")
        found.append((" ".join(dict.fromkeys(map(written, keys))), does))
    return found


class HelpScreen(ScrollingPage[None]):
    """Shows every key; any way out leads back to where one was."""

    SHEET = "#help"
    BINDINGS: ClassVar[list[BindingType]] = [
        *SCROLLING,
        Binding("escape,question_mark,enter,space", "leave", "Back"),
    ]

    def body(self) -> Iterable[Widget]:
        """Two columns: reviewing, and all else."""
        from nlpcards.tui.answering_area import AnswerArea
        from nlpcards.tui.answering_line import AnswerLine
        from nlpcards.tui.answering_points import PointList
        from nlpcards.tui.browse import BrowseScreen
        from nlpcards.tui.browse_search import QueryLine
        from nlpcards.tui.browse_table import CardTable
        from nlpcards.tui.placement import PlacementScreen
        from nlpcards.tui.plan import PlanScreen
        from nlpcards.tui.practice import PracticeScreen
        from nlpcards.tui.review import ReviewScreen
        from nlpcards.tui.road_list import RoadList
        from nlpcards.tui.roadmap import RoadmapScreen
        from nlpcards.tui.settings import SettingsScreen
        from nlpcards.tui.statistics import StatisticsScreen
        from nlpcards.tui.summary import SummaryScreen
        from nlpcards.tui.today import TodayScreen
        from nlpcards.tui.topic_map import TopicMapScreen

        def keys(*owners: type[Widget]) -> list[tuple[str, str]]:
            return list(dict.fromkeys(each for owner in owners for each in entries(owner, rebound_of(self.app))))

        left = [
            *group("While a card is shown", keys(ReviewScreen)),
            *group("While points are ticked", keys(PointList)),
            *group("Everywhere", [*keys(Page), ("ctrl+p", "commands and themes")]),
            *group("In settings", keys(SettingsScreen)),
            *group("On the roadmap", [*keys(RoadList), *keys(RoadmapScreen)]),
            *group("On the map of topics", keys(TopicMapScreen)),
        ]
        right = [
            *group("While an answer is written", keys(AnswerLine, AnswerArea)),
            *group("On Today", keys(TodayScreen)),
            *group("After a session", keys(SummaryScreen)),
            *group("In the table of cards", [*keys(CardTable), *keys(BrowseScreen)]),
            *group("On its search line", keys(QueryLine)),
            *group("In statistics", keys(StatisticsScreen)),
            *group("In a plan", keys(PlanScreen)),
            *group("In the week", keys(PracticeScreen)),
            *group("In a placement", keys(PlacementScreen)),
        ]
        yield Vertical(
            Static("Keys", classes="title", markup=False),
            VerticalScroll(
                Horizontal(Vertical(*left), Vertical(*right), id="help-columns"), id="help", can_focus=False
            ),
            classes="column",
        )

    def action_leave(self) -> None:
        """Go back to the screen before."""
        self.dismiss(None)


def group(title: str, keys: list[tuple[str, str]]) -> list[Static]:
    """A heading and some keys below it."""
    wide = max(cell_len(key) for key, _ in keys)
    lines = [
        Content.assemble((f"{key}{' ' * (wide - cell_len(key))}", "bold $ink-accent"), f"  {does}")
        for key, does in keys
    ]
    return [
        Static(title, classes="heading", markup=False),
        Static(Content("\n").join(lines), classes="help-keys", markup=False),
    ]
