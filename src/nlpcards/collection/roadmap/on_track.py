"""Where one is on the track that one follows, in a line for Today: the stage, the share, the week and whether it is in
time, and what opened since yesterday.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nlpcards.collection.roadmap.printing import share
from nlpcards.collection.roadmap.standing import Present, present
from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.dataclass import dataclass
from nlpcards.core.roadmap.calendar import Pause, Week, calendar
from nlpcards.core.roadmap.opening import Reason, openings
from nlpcards.core.roadmap.progress import NO_CARDS, Readiness
from nlpcards.core.roadmap.values import Pacing
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection

_NAMED = 2
"""So many topics that opened are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class CalendarWeek:
    """The week of a calendar that a study day is in: its number from 1 (0 before the first, and in holidays), of how
    many; `left` are the cards of the weeks that are over that are still to be met; `is_over` says that all weeks are.
    """

    number: int
    of: int
    left: int
    is_over: bool = False

    @property
    def words(self) -> str:
        """The same in a few words."""
        behind = f"{count(self.left, 'card')} of earlier weeks left" if self.left else "in time"
        if self.is_over:
            return f"the {self.of} weeks are over, {behind}"
        if not self.number:
            return f"no week of the {self.of} now, {behind}"
        return f"week {self.number} of {self.of}, {behind}"


@dataclass(frozen=True, slots=True)
class OnTrack:
    """Where one is on the track followed: `met` of its `cards` were introduced, `opened` are the titles of the topics
    that opened since yesterday. `week` is None where no calendar paces.
    """

    present: Present
    met: int
    cards: int
    week: CalendarWeek | None
    opened: tuple[str, ...]

    @property
    def words(self) -> str:
        """Where one is, in a line."""
        track, stage = self.present.track, self.present.stage
        where = "every card met" if stage is None else stage.title
        at = len(track.stages) if self.present.at is None else self.present.at + 1
        parts = [f"{track.title}: stage {at} of {len(track.stages)}, {where}"]
        if self.cards:
            parts.append(f"{share(self.met / self.cards)} met")
        if self.week is not None:
            parts.append(self.week.words)
        return " · ".join(parts)

    @property
    def news(self) -> str:
        """What opened since yesterday, or what holds the next cards back, in a sentence; empty where neither is so."""
        if self.opened:
            more = len(self.opened) - _NAMED
            named = ", ".join(self.opened[:_NAMED]) + (f" and {more} more" if more > 0 else "")
            return f"New since yesterday: {named} {'is' if len(self.opened) == 1 else 'are'} open."
        closed = self.present.closed
        return f"{closed.topic.title} is closed: {closed.why}." if closed is not None else ""


def on_track(collection: Collection, day: int) -> OnTrack | None:
    """Where one is on the track followed, on a study day; None where none is.

    Raises:
        StoreError: the journal cannot be read.
    """
    found = present(collection, day)
    if found is None:
        return None
    own, answered = collection.knowing.cards, collection.journal.answered_cards()
    cards = [card for topic in found.track.topics for card in own.get(topic, ())]
    return OnTrack(
        found,
        sum(card in answered for card in cards),
        len(cards),
        _week(collection, found, day),
        _opened(collection, day),
    )


def _week(collection: Collection, found: Present, day: int) -> CalendarWeek | None:
    since = collection.knowing.following.since
    if found.track.pacing is not Pacing.CALENDAR or since is None:
        return None
    readiness, shut = collection.knowing.readiness(day), collection.knowing.following.shut
    number = left = 0
    weeks = calendar(found.track, since, collection.taste.holidays)
    for each in weeks:
        match each:
            case Week(last=last, topics=topics) if last < day:
                left += sum(readiness.get(topic, NO_CARDS).left for topic in topics if topic not in shut)
            case Week(number=this, first=first) if first <= day:
                number = this
            case Week() | Pause():
                pass
    of = max((each.number for each in weeks if isinstance(each, Week)), default=0)
    return CalendarWeek(number, of, left, bool(weeks) and weeks[-1].last < day)


def _opened(collection: Collection, day: int) -> tuple[str, ...]:
    """The topics that are open now and were closed before what was introduced yesterday and today.

    What was recalled better since then is left out of account: to know it, every card's history would have to be looked
    at, and a topic rarely waits for it.
    """
    knowing, library = collection.knowing, collection.library
    since: dict[str, int] = {}
    for card in collection.journal.introduced_between(day - 1, day):
        if library.has_card(card):
            topic = library.topic_of(note_of(card)) or deck_of(card)
            since[topic] = since.get(topic, 0) + 1
    if not since:
        return ()
    now = knowing.readiness(day)
    before: Mapping[str, Readiness] = {
        **now,
        **{topic: _without(now[topic], n) for topic, n in since.items() if topic in now},
    }
    track, following, roadmap = knowing.track, knowing.following, library.roadmap
    then = openings(roadmap, track, before, following)
    return tuple(
        roadmap.topics[topic].title if topic in roadmap.topics else topic
        for topic, opening in openings(roadmap, track, now, following).items()
        if opening.open
        and not then[topic].open
        and then[topic].reason is Reason.NEEDS
        and now.get(topic, NO_CARDS).cards
    )


def _without(ready: Readiness, cards: int) -> Readiness:
    """What was known of a topic when some cards fewer were introduced, each as well recalled as the others are now."""
    met = max(0, ready.met - cards)
    return Readiness(ready.cards, met, ready.remembered * met / ready.met if ready.met else 0.0)
