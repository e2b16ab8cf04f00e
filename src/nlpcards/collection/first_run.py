"""The first run: two questions to a newcomer, which track and how many minutes a day, and what the answers mean.

Whether it was asked is a mark of the journal, so nothing asks twice, on whatever device.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from nlpcards.collection.roadmap.changing import track_named
from nlpcards.core.days import date_of
from nlpcards.core.journal import Body, Mark
from nlpcards.core.roadmap import following as marks
from nlpcards.core.roadmap.values import Track
from nlpcards.core.words import count, short_month

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection

GREETED = "greeted"
"""The subject of the mark that says that a newcomer was asked."""

MINUTES = (10, 15, 20, 30, 45, 60)
"""The minutes a day that are offered; any other number can be said."""

USUAL_MINUTES = 20
"""The minutes that the offer begins at."""

_LONG_WEEKS = 104
"""From so many weeks on a time is said in years."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What some minutes a day mean for a track (None: for all decks): so many new cards a day at most, of so many,
    until the study day `ends`. `by_calendar` says that a calendar paces them. Where the minutes are not enough for that
    (or for one new card a day), `wants` are those that it takes in the busiest week.
    """

    track: Track | None
    minutes: float
    new_a_day: int
    cards: int
    today: int
    ends: int
    by_calendar: bool = False
    wants: int | None = None

    @property
    def weeks(self) -> int:
        """Weeks until the last new card, those begun included."""
        return -(-(self.ends - self.today + 1) // 7)

    @property
    def words(self) -> str:
        """The same in a few words: `11 new cards a day, 34 weeks, until Jul 2027`."""
        pace = f"{count(self.new_a_day, 'new card')} a day{' at most' if self.by_calendar else ''}"
        end = date_of(self.ends)
        long = f"about {self.weeks / 52.18:.0f} years" if self.weeks >= _LONG_WEEKS else count(self.weeks, "week")
        return f"{pace}, {long}, until {short_month(end)} {end.year}"


def greets(collection: Collection) -> bool:
    """Whether this is a first run: no card was ever answered, no track chosen or left, nothing asked yet, and there is
    a track to choose.

    Raises:
        StoreError: the journal cannot be read.
    """
    journal = collection.journal
    if not {GREETED, marks.TRACK}.isdisjoint(journal.marks()) or not collection.library.decks:
        return False
    return not journal.answered_cards() and bool(collection.library.roadmap.tracks)


def cards_of(collection: Collection, track: Track | None) -> int:
    """How many cards a track has, or all decks have."""
    own = collection.knowing.cards
    return sum(len(own.get(topic, ())) for topic in (own if track is None else track.topics))


def outlook(collection: Collection, track: str | None, minutes: float) -> Outlook:
    """What so many minutes a day mean for a track, or for all decks: worked out with the learner's memory and pace.

    Raises:
        UsageError: there is no such track, or the minutes are no time.
        NothingToDo: it has no new card.
        StoreError: the journal cannot be read.
    """
    from nlpcards.collection.pacing import study_plan

    plan = study_plan(collection, track, minutes=minutes)
    paced, ways = plan.afforded.paced, plan.afforded.ways_out
    assert paced.ends is not None, "a plan has a card at least"
    is_calendar = plan.start is not None
    new, ends, wants = paced.fullest, paced.ends, None
    if ways is not None:
        wants = int(minutes) + ways.more_minutes
        if is_calendar:
            # As many as end it on the day on which it can end; where even that is too much, one a day.
            ends = ways.ends if ways.ends is not None else plan.today + plan.target.cards - 1
            new = max(1, -(-plan.target.cards // (ends - plan.today + 1)))
    return Outlook(plan.target.track, minutes, new, plan.target.cards, plan.today, ends, is_calendar, wants)


def start(collection: Collection, chosen: Outlook) -> None:
    """Follow what was chosen from today on, with its new cards a day as the limit of them; nothing asks again.

    Raises:
        UsageError: there is no such track any more.
        NlpcardsError: the configuration or the journal cannot be written.
    """
    now = collection.now()
    bodies: list[Body] = [_greeted(chosen.minutes)]
    if chosen.track is not None:
        bodies.insert(0, marks.follow(track_named(collection, chosen.track.id).id, now.day))
    configured(collection, {"limits.new": str(chosen.new_a_day)})
    collection.journal.append(bodies, now)


def skip(collection: Collection) -> None:
    """Note that the questions were asked, and change nothing else.

    Raises:
        StoreError: it could not be written.
    """
    collection.journal.append([_greeted(None)], collection.now())


def _greeted(minutes: float | None) -> Mark:
    return Mark(GREETED, json.dumps({"minutes": minutes}, separators=(",", ":")))


def configured(collection: Collection, values: Mapping[str, str]) -> None:
    """Set some settings of `config.toml`, and use them at once.

    Raises:
        UsageError: a setting cannot have such a value.
        NlpcardsError: the configuration cannot be read or written.
    """
    from nlpcards.collection.settings import Configuration
    from nlpcards.collection.taste import read_taste

    def unasked() -> NoReturn:
        raise AssertionError("no theme and no key is set here")

    with Configuration(
        collection.home,
        collection.clock,
        themes=unasked,
        decks=lambda: collection.library.decks,
        bindings=unasked,
        journal=collection.journal,
    ) as configuration:
        for name, value in values.items():
            configuration.set(name, value)
    collection.taste = read_taste(collection.home.settings)
