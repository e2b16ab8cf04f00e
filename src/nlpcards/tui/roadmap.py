"""The Roadmap: a track as a path of stages that open to topics, with what one knows of each, and what may be done."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from nlpcards.collection.roadmap.insides import CardLine, Concept, card_lines, concepts
from nlpcards.collection.roadmap.standing import (
    AreaStanding,
    StageStanding,
    Standing,
    TopicStanding,
    TrackStanding,
    standing,
)
from nlpcards.collection.roadmap.unmeasured import unmeasured
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.words import count
from nlpcards.decks.library import Library
from nlpcards.tui.road_doing import AREAS, DOING, RoadDoing
from nlpcards.tui.road_list import RoadList, heading
from nlpcards.tui.road_rows import Key, Thing, rows
from nlpcards.tui.road_words import about, figures, headline
from nlpcards.tui.words import safe, sentence

if TYPE_CHECKING:
    from nlpcards.tui.app import NlpcardsApp


class RoadmapScreen(RoadDoing):
    """Shows a track, or all topics by area. It is there at once; what has to be counted is counted in a thread."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Look in", tooltip="open or shut the line at the arrow"),
        *DOING,
        Binding("right", "unfold(True)", "Unfold", show=False, tooltip="open the line, or go into it"),
        Binding("left", "unfold(False)", "Fold", show=False, tooltip="shut the line, or go to the one it is inside of"),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._message = ""
        self._is_counting = True
        self._inside: dict[str, tuple[Concept, ...]] = {}
        self._lines: dict[Concept, tuple[CardLine, ...]] = {}

    @property
    def found(self) -> Standing | None:
        """Where one stands, None before that is known."""
        return self.view.found

    @property
    def is_counting(self) -> bool:
        """Whether the figures are not there yet."""
        return self._is_counting

    def body(self) -> Iterable[Widget]:
        """The track, how far one has come, the path, and what there is to say of the line at the arrow."""
        yield Vertical(
            Horizontal(Static("Roadmap", id="name", markup=False), Static(id="date", markup=False), id="top"),
            Static(id="road-title", markup=False),
            Static(id="road-figures", classes="quiet", markup=False),
            Static(id="road-head", classes="quiet", markup=False),
            RoadList(),
            Static(id="road-about", markup=False),
            Static(id="notice", markup=False),
            classes="column",
        )

    def on_mount(self) -> None:
        """Show the path at once, and count."""
        self.set_focus(self.road, scroll_visible=False)
        view = self.view
        if view.found is None or view.library is not self.collection.library:
            view.found, view.library = unmeasured(self.collection), self.collection.library
        else:
            self._is_counting = False
        self._begin()
        self._draw()

    def on_screen_resume(self) -> None:
        """Count, at first and after another screen."""
        # The thread takes its share of the processor: first the screen, then the figures.
        self.call_after_refresh(self.count)

    def on_resize(self, event: events.Resize) -> None:
        """Name the columns for the new width."""
        super().on_resize(event)
        self.call_after_refresh(self._draw)

    # ---- counting

    def count(self) -> None:
        """Count in a thread."""
        # Where several screens are left at once, this one may come to the top for an instant.
        if self.is_current:
            self.run_worker(partial(self._counted, self.nlpcards), thread=True, exclusive=True)

    def _counted(self, app: NlpcardsApp) -> None:
        worker = get_current_worker()
        found: Standing | NlpcardsError
        try:
            with app.collection.apart() as collection:
                library = collection.library
                found = standing(collection)
        except NlpcardsError as error:
            found = error
        if not worker.is_cancelled:
            app.call_from_thread(self._take, found, library if isinstance(found, Standing) else None)

    def _take(self, found: Standing | NlpcardsError, library: Library | None) -> None:
        if not self.is_whole:
            return
        if isinstance(found, NlpcardsError):
            self.put("#road-figures", "")
            self.say(sentence(found), failed=True)
            return
        was_counting, self._is_counting = self._is_counting, False
        self.view.found, self.view.library = found, library
        self._inside.clear()
        self._lines.clear()
        if was_counting:
            self._begin()
        self._draw()
        self.refresh_bindings()

    # ---- showing

    @property
    def shown(self) -> TrackStanding | None:
        """The track that is shown, None for all topics by area."""
        found = self.found
        if found is None or self.view.track == AREAS:
            return None
        named = next((each for each in found.tracks if each.track.id == self.view.track), None)
        return named or found.followed or (found.tracks[0] if found.tracks else None)

    def _begin(self) -> None:
        """Open the stage that one is in, where nothing was opened yet."""
        track, view = self.shown, self.view
        if track is not None and track.followed and track.stage is not None and not view.opened:
            key: Key = ("stage", track.stage.stage.id)
            view.opened.add(key)
            if view.at in (None, ("stage", track.stages[0].stage.id)):
                view.at = key

    def _draw(self) -> None:
        found, track = self.found, self.shown
        if found is None or not self.is_whole:
            return
        self.query_one("#date", Static).update(f"{count(len(found.tracks), 'track')}: t" if found.tracks else "")
        self.put("#road-title", headline(found, track))
        self.put("#road-figures", "Counting…" if self._is_counting else figures(found, track))
        self._list()
        # Only once the list is laid out is it known whether a scroll bar takes a cell.
        self.call_after_refresh(self._name_columns)

    def _name_columns(self) -> None:
        if self.is_whole:
            width = self.road.scrollable_content_region.width
            self.query_one("#road-head", Static).update(heading(width))

    def _list(self, at: Key | None = None) -> None:
        found = self.found
        if found is None:
            return
        made = rows(found, self.shown, self.view.opened, self._concepts, self._card_lines)
        try:
            self.road.show(tuple(made), at or self.view.at, counting=self._is_counting)
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)

    def _concepts(self, topic: str) -> tuple[Concept, ...]:
        if topic not in self._inside:
            self._inside[topic] = concepts(self.collection, topic)
        return self._inside[topic]

    def _card_lines(self, concept: Concept) -> tuple[CardLine, ...]:
        if concept not in self._lines:
            self._lines[concept] = card_lines(self.collection, concept)
        return self._lines[concept]

    def on_road_list_moved(self, event: RoadList.Moved) -> None:
        """Say what there is to say of the line."""
        event.stop()
        row, found = self.road.row, self.found
        here = row.key if row is not None else None
        has_moved, self.view.at = here != self.view.at, here
        words = "" if row is None or found is None or self._is_counting else about(row, found)
        self.query_one("#road-about", Static).update(words)
        if self._message and has_moved:
            self.say("")
        self.refresh_bindings()

    def on_road_list_opened(self, event: RoadList.Opened) -> None:
        """Open or shut what was clicked on."""
        event.stop()
        self.action_open()

    def say(self, text: str, *, failed: bool = False) -> None:
        """Say something above the keys; nothing where it is empty."""
        self._message = text
        super().say(text, failed=failed)

    def look_at(self, track: str) -> None:
        """Show another track, or all topics by area."""
        self.view.track, self.view.at = track, None
        self.view.opened.clear()
        self._begin()
        self._draw()

    # ---- going about

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What the line at the arrow has no use for is left out."""
        subject = self.road.row.subject if self.is_whole and self.road.row is not None else None
        topics = (TopicStanding, Concept, CardLine)
        match action:
            case "status":
                allowed = isinstance(subject, Thing)
            case "link":
                allowed = isinstance(subject, Thing) and bool(subject.what.url)
            case "door":
                topic = self.topic_at() if isinstance(subject, topics) else None
                allowed = topic is not None and not self._is_counting and parameters == (not topic.open,)
            case "map":
                allowed = isinstance(subject, topics)
            case "review":
                allowed = isinstance(subject, (*topics, StageStanding, AreaStanding))
            case "use":
                track = self.shown if self.is_whole else None
                allowed = track is not None and parameters == (not track.followed,)
            case _:
                allowed = True
        return allowed and super().check_action(action, parameters)

    def action_open(self) -> None:
        """Open the line at the arrow, or shut it; a card is shown whole, a resource or milestone gets its status."""
        row = self.road.row
        if row is None:
            return
        if isinstance(row.subject, CardLine):
            from nlpcards.tui.browse_card import BrowsedCard

            card = self.collection.library.card(row.subject.card)
            if card is not None:
                self.app.push_screen(BrowsedCard(card))
        elif isinstance(row.subject, Thing):
            self.action_status()
        elif row.opened is not None:
            self.view.opened ^= {row.key}
            self._list(row.key)

    def action_unfold(self, wanted: bool) -> None:
        """Open the line at the arrow, or go into it; shut it, or go to the one it is inside of."""
        row, road = self.road.row, self.road
        if row is None:
            return
        if row.opened is not None and row.opened is not wanted:
            self.action_open()
        elif wanted and row.opened:
            road.action_move(1)
        elif not wanted:
            before = road.rows[: road.rows.index(row)]
            outer = next((each for each in reversed(before) if each.depth < row.depth), None)
            if outer is not None:
                self._list(outer.key)

    def topic_at(self) -> TopicStanding | None:
        """The topic at the arrow, or the one that the line belongs to."""
        subject, found = self.road.row.subject if self.road.row else None, self.found
        match subject:
            case TopicStanding():
                return subject
            case Concept(topic=topic) | CardLine(topic=topic) if found is not None:
                return found.topics[topic]
            case _:
                return None

    def action_map(self) -> None:
        """Show the topic at the arrow among those that it needs and leads to."""
        from nlpcards.tui.topic_map import TopicMapScreen

        topic = self.topic_at()

        def left(last: str | None) -> None:
            if last is not None:
                self._go_to(last)

        if topic is not None and self.found is not None:
            self.app.push_screen(TopicMapScreen(self.found, topic.topic.id), left)

    def _go_to(self, topic: str) -> None:
        """Put the arrow on a topic, in the first stage of the path that has it."""
        track, found = self.shown, self.found
        if found is None:
            return
        stages = [("stage", each.stage.id, each.topics) for each in track.stages] if track else []
        areas = [("area", each.area.id, each.topics) for each in found.areas] if track is None else []
        for sort, name, topics in (*stages, *areas):
            if any(each.topic.id == topic for each in topics):
                self.view.opened.add((sort, name))
                self._list(("topic", name, topic))
                return
        self.say(f"{safe(found.topics[topic].topic.title)} is not on this track.")

    def action_leave(self) -> None:
        """Go back to where one came from."""
        self.dismiss(None)
