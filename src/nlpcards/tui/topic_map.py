"""The map of prerequisites: a topic in the middle, and arrow keys that walk along what it needs and leads to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.collection.roadmap.printing import share
from nlpcards.collection.roadmap.standing import Standing, TopicStanding, standing
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.roadmap.progress import Progress
from nlpcards.core.search.tree import These
from nlpcards.core.words import count
from nlpcards.tui.map_drawing import LEADS, MIDDLE, NEEDS, Drawing, Node, drawn
from nlpcards.tui.page import Page
from nlpcards.tui.road_rows import topic_stands
from nlpcards.tui.road_words import about_topic
from nlpcards.tui.words import safe, sentence

LEGEND = "✓ known   ○ open   × closed   · no cards yet"
"""What the signs mean."""


class TopicMap(Widget):
    """Draws the topics around one of them."""

    ALLOW_SELECT = False

    class Clicked(Message):
        """A topic was clicked on: its column and its place in it."""

        def __init__(self, column: int, at: int) -> None:
            super().__init__()
            self.column, self.at = column, at

    def __init__(self) -> None:
        super().__init__(id="topic-map")
        self._drawn: tuple[tuple[Node, ...], Node, tuple[Node, ...]] = ((), Node("", "", ""), ())
        self._chosen = (MIDDLE, 0)
        self._drawing = Drawing((), ())

    def show(self, needs: tuple[Node, ...], middle: Node, leads: tuple[Node, ...], chosen: tuple[int, int]) -> None:
        """Draw other topics, or the arrow at another one."""
        self._drawn, self._chosen = (needs, middle, leads), chosen
        self.refresh()

    def render(self) -> Content:
        """The map."""
        width, height = self.size
        needs, middle, leads = self._drawn
        self._drawing = drawn(needs, middle, leads, self._chosen, width, max(1, height))
        return Content("\n".join(self._drawing.lines))

    def on_click(self, event: events.Click) -> None:
        """Tell which topic it was."""
        event.stop()
        for each in self._drawing.spots:
            rows = range(each.y - 1, each.y + 3) if each.column == MIDDLE else (each.y,)
            if event.y in rows and each.x <= event.x < each.x + each.width:
                self.post_message(self.Clicked(each.column, each.at))


class TopicMapScreen(Page[str]):
    """Walks along the prerequisites; gives the id of the topic that was in the middle last."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "side(-1)", "Needs", tooltip="to what it needs, and on from there"),
        Binding("right,l", "side(1)", "Leads to", tooltip="to what it leads to, and on from there"),
        Binding("up,k", "move(-1)", "Up", show=False, tooltip="the topic above"),
        Binding("down,j", "move(1)", "Down", show=False, tooltip="the topic below"),
        Binding("enter", "walk", "Go there", tooltip="put the topic at the arrow into the middle"),
        Binding("backspace", "back", "Before", show=False, tooltip="to the topic that was in the middle before"),
        Binding("space", "review", "Review", tooltip="review the topic now, open or not"),
        Binding("o", "door", "Open/close", tooltip="let the topic's new cards come, or not"),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self, found: Standing, topic: str) -> None:
        """Begin at a topic of a standing."""
        super().__init__()
        self._found = found
        self._way = [topic]
        self._chosen = (MIDDLE, 0)

    @property
    def topic(self) -> TopicStanding:
        """The topic in the middle."""
        return self._found.topics[self._way[-1]]

    def body(self) -> Iterable[Widget]:
        """The map, what its signs mean, and what there is to say of the topic at the arrow."""
        yield Vertical(
            Horizontal(Static("Map", id="name", markup=False), Static(LEGEND, id="map-legend", markup=False), id="top"),
            Static(id="map-head", classes="quiet", markup=False),
            TopicMap(),
            Static(id="map-about", markup=False),
            Static(id="notice", markup=False),
            classes="column",
        )

    def on_mount(self) -> None:
        """Draw."""
        self._draw()

    # ---- showing

    def _columns(self) -> dict[int, tuple[TopicStanding, ...]]:
        topics, own = self._found.topics, self.topic.topic
        needs = tuple(topics[each] for each in own.needs if each in topics)
        leads = tuple(each for each in topics.values() if own.id in each.topic.needs)
        return {NEEDS: needs, MIDDLE: (self.topic,), LEADS: leads}

    def _at(self) -> TopicStanding:
        column, at = self._chosen
        return self._columns()[column][at]

    def _draw(self) -> None:
        columns = self._columns()
        needs, leads = columns[NEEDS], columns[LEADS]
        head = [f"needs {count(len(needs), 'topic')}" if needs else "needs nothing"]
        head.append(f"leads to {count(len(leads), 'topic')}" if leads else "leads to nothing else")
        self.query_one("#map-head", Static).update(f"{safe(self.topic.topic.title)} {' and '.join(head)}.")
        nodes = {column: tuple(map(_node, those)) for column, those in columns.items()}
        (middle,) = nodes[MIDDLE]
        self.query_one(TopicMap).show(nodes[NEEDS], middle, nodes[LEADS], self._chosen)
        at = self._at()
        self.query_one("#map-about", Static).update(f"{safe(at.topic.title)}. {about_topic(at, self._found)}")
        self.refresh_bindings()

    # ---- walking

    def action_side(self, way: int) -> None:
        """Go to what the topic needs (-1) or leads to (1); from there, walk on."""
        column, _ = self._chosen
        columns = self._columns()
        self.say("")
        if column == way:
            self._walk(way)
        elif column == -way:
            self._choose(MIDDLE, 0)
        elif columns[way]:
            self._choose(way, 0)
        else:
            self.say("It needs nothing." if way == NEEDS else "Nothing needs it.")

    def action_move(self, lines: int) -> None:
        """Go to the topic above (-1) or below (1)."""
        column, at = self._chosen
        those = self._columns()[column]
        self._choose(column, max(0, min(at + lines, len(those) - 1)))

    def _choose(self, column: int, at: int) -> None:
        self._chosen = (column, at)
        self._draw()

    def action_walk(self) -> None:
        """Put the topic at the arrow into the middle."""
        if self._chosen[0] != MIDDLE:
            self._walk(MIDDLE)

    def _walk(self, way: int) -> None:
        """Put the topic at the arrow into the middle, with the arrow on the side one is going to, if there is one."""
        self._way.append(self._at().topic.id)
        self._choose(way if self._columns()[way] else MIDDLE, 0)

    def action_back(self) -> None:
        """Put the topic into the middle that was there before."""
        if len(self._way) > 1:
            self._way.pop()
            self._choose(MIDDLE, 0)

    def on_topic_map_clicked(self, event: TopicMap.Clicked) -> None:
        """Go to a topic; on the second click on it, walk there."""
        event.stop()
        if (event.column, event.at) == self._chosen:
            self.action_walk()
        elif event.at < len(self._columns()[event.column]):
            self._choose(event.column, event.at)

    # ---- doing

    def action_review(self) -> None:
        """Review the topic at the arrow; what was named is never held back."""
        cards = self.nlpcards.collection.knowing.cards.get(self._at().topic.id, ())
        if cards:
            self.nlpcards.review(query=These(frozenset(cards)))
        else:
            self.say("There is no card of it to review yet.")

    def action_door(self) -> None:
        """Let the new cards of the topic at the arrow come, or no longer."""
        from nlpcards.tui.road_actions import turn

        collection = self.nlpcards.collection

        def act() -> None:
            try:
                said = turn(collection, self._at())
                self._found = standing(collection)
            except NlpcardsError as error:
                self.say(sentence(error), failed=True)
                return
            self._draw()
            self.say(safe(said))

        self.nlpcards.with_trusted_clock(act)

    def action_leave(self) -> None:
        """Go back, to the topic in the middle."""
        self.dismiss(self.topic.topic.id)


def _node(topic: TopicStanding) -> Node:
    sign, stands = topic_stands(topic)
    return Node(
        topic.topic.id, sign, safe(topic.topic.title), " · ".join(filter(None, (stands, _figures(topic.progress))))
    )


def _figures(progress: Progress) -> str:
    if not progress.cards:
        return ""
    return f"{share(progress.introduced)} met" + (f", recall {share(progress.recall)}" if progress.met else "")
