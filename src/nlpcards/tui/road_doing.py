"""What the keys of the Roadmap do, besides going about in it: review, open and close, follow, mark, plan."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field

from textual.binding import Binding, BindingType

from nlpcards.collection.collection import Collection
from nlpcards.collection.roadmap.standing import AreaStanding, StageStanding, Standing, TopicStanding, TrackStanding
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.search.tree import These
from nlpcards.decks.library import Library
from nlpcards.tui.page import Page
from nlpcards.tui.road_list import RoadList
from nlpcards.tui.road_rows import Key, Thing
from nlpcards.tui.words import safe, sentence

AREAS = ""
"""The id of what is shown where all topics by area are, and no track."""

DOING: list[BindingType] = [
    Binding("space", "review", "Review", tooltip="review this topic now, open or not"),
    Binding("o", "door(True)", "Open it", tooltip="let the topic's new cards come, or not"),
    Binding("o", "door(False)", "Close it", tooltip="let the topic's new cards come, or not"),
    Binding("m", "map", "Map", tooltip="what the topic needs and leads to"),
    Binding("d", "status", "Status", tooltip="to do, doing or done, of a resource or milestone"),
    Binding("l", "link", "Link", tooltip="open the link of a resource or milestone"),
    Binding("p", "plan", "Plan", tooltip="how long the track takes"),
    Binding("t", "tracks", "Tracks", tooltip="look at another track"),
    Binding("u", "use(True)", "Follow", tooltip="follow this track, or no longer"),
    Binding("u", "use(False)", "Unfollow", tooltip="follow this track, or no longer"),
    Binding("a", "placement", "Placement", show=False, tooltip="find out what you know already"),
    Binding("w", "practice", "Week", show=False, tooltip="the week, and what is weakest"),
]
"""The keys for it."""


@dataclass(slots=True)
class RoadView:
    """What of the roadmap one looks at, kept while the program runs: the id of the track shown (None: the one
    followed), what was opened, where the arrow is, and what was counted last with the decks it was counted of.
    """

    track: str | None = None
    opened: set[Key] = field(default_factory=set)
    at: Key | None = None
    found: Standing | None = None
    library: Library | None = None


class RoadDoing(Page[None]):
    """A screen with a list of the roadmap, and what is done to the line at its arrow."""

    @property
    def collection(self) -> Collection:
        """The collection."""
        return self.nlpcards.collection

    @property
    def road(self) -> RoadList:
        """The list."""
        return self.query_one(RoadList)

    @property
    def view(self) -> RoadView:
        """What one looks at."""
        return self.nlpcards.road_view

    @property
    @abstractmethod
    def found(self) -> Standing | None:
        """Where one stands, None before that is known."""

    @property
    @abstractmethod
    def shown(self) -> TrackStanding | None:
        """The track that is shown, None for all topics by area."""

    @property
    @abstractmethod
    def is_counting(self) -> bool:
        """Whether the figures are not there yet."""

    @abstractmethod
    def topic_at(self) -> TopicStanding | None:
        """The topic at the arrow, or the one that the line belongs to."""

    @abstractmethod
    def look_at(self, track: str) -> None:
        """Show another track, or all topics by area (`AREAS`)."""

    @abstractmethod
    def count(self) -> None:
        """Count anew."""

    def do(self, act: Callable[[], str]) -> None:
        """Write something, once the clock is trusted, say what it came to, and count again."""

        def written() -> None:
            try:
                said = act()
            except NlpcardsError as error:
                self.say(sentence(error), failed=True)
                return
            self.say(safe(said))
            self.count()

        self.nlpcards.with_trusted_clock(written)

    def action_door(self, _: bool) -> None:
        """Let the new cards of the topic come, or no longer."""
        from nlpcards.tui.road_actions import turn

        topic = self.topic_at()
        if topic is not None:
            self.do(lambda: turn(self.collection, topic))

    def action_use(self, _: bool) -> None:
        """Follow the track that is shown; where one does already, follow none."""
        from nlpcards.tui.dialog import Question
        from nlpcards.tui.road_actions import follow_or_leave

        track = self.shown
        if track is None:
            return
        # Whatever is followed then, one goes on looking at this one.
        self.view.track = track.track.id
        if not track.followed:
            self.do(lambda: follow_or_leave(self.collection, track))
            return

        def answered(leaves: bool | None) -> None:
            if leaves:
                self.call_later(self.do, lambda: follow_or_leave(self.collection, track))

        asked = f"Follow {safe(track.track.title)} no more? Nothing that you learned is lost; every deck is free then."
        self.app.push_screen(Question(asked, yes="no more", no="follow it on"), answered)

    def action_tracks(self) -> None:
        """Look at another track, or at all topics by area."""
        from nlpcards.tui.choosing import Choosing
        from nlpcards.tui.road_actions import offers_of_tracks

        found = self.found
        if found is None:
            return
        offers = offers_of_tracks(found, counting=self.is_counting)
        present = self.shown.track.id if self.shown is not None else AREAS
        at = next((at for at, each in enumerate(offers) if each.name == present), 0)

        def chosen(name: str | None) -> None:
            if name is not None and name != present:
                self.look_at(name)

        hint = "Looking changes nothing: u on the Roadmap follows the track that is shown."
        self.app.push_screen(Choosing("Which track?", offers, hint=hint, at=at), chosen)

    def action_status(self) -> None:
        """Say how far one is with a resource or a milestone."""
        from nlpcards.tui.road_actions import ask_status

        row = self.road.row
        if row is not None and isinstance(row.subject, Thing):
            ask_status(self, row.subject, self.do)

    def action_link(self) -> None:
        """Open the link of a resource or a milestone."""
        row = self.road.row
        if row is None or not isinstance(row.subject, Thing):
            return
        from nlpcards.tui.road_actions import open_link

        self.say(open_link(self.app, row.subject.what.url))

    def action_review(self) -> None:
        """Review the topic at the arrow, or all of the stage; what was named is never held back."""
        subject = self.road.row.subject if self.road.row else None
        topics = subject.topics if isinstance(subject, StageStanding | AreaStanding) else (self.topic_at(),)
        named = [each.topic.id for each in topics if each is not None]
        own = self.collection.knowing.cards
        cards = frozenset(card for topic in named for card in own.get(topic, ()))
        if not cards:
            self.say("There is no card of it to review yet.")
            return
        self.nlpcards.review(query=These(cards))

    def action_placement(self) -> None:
        """Find out what one knows already."""
        self.nlpcards.action_placement()

    def action_practice(self) -> None:
        """Show the week."""
        self.nlpcards.action_practice()

    def action_plan(self) -> None:
        """Show the plan of the track."""
        from nlpcards.tui.plan import PlanScreen

        track = self.shown
        self.app.push_screen(PlanScreen(track.track.id if track is not None else None))
