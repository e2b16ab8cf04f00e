"""Plans: how many new cards a day finish a track, a topic or a deck in time, and what that costs.

A plan is worked out from what is left today and from nothing else. Whoever was away for two weeks asks again, and gets
the plan of today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING

from nlpcards.collection.planning import pace
from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.dataclass import dataclass
from nlpcards.core.days import day_of
from nlpcards.core.errors import NothingToDo, UsageError
from nlpcards.core.queue import Limits, Pace
from nlpcards.core.roadmap.affording import LATEST_DAYS, Afforded, afford
from nlpcards.core.roadmap.calendar import WEEK_DAYS, Pause, Week, calendar
from nlpcards.core.roadmap.holidays import Holidays
from nlpcards.core.roadmap.pacing import Part, PartPace, paced
from nlpcards.core.roadmap.values import Pacing, Track
from nlpcards.core.roadmap.workload import BUSY_DAYS, Met, Workload

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection

LONGEST_AHEAD_DAYS = 1_500
"""No work is foreseen beyond so many days; by then it is settled."""


class Sort(Enum):
    """What a plan is for; the values are as JSON says them."""

    TRACK = "track"
    TOPIC = "topic"
    DECK = "deck"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Target:
    """What a plan is for. `id` is empty for everything; `parts` are its new cards in the order in which they come.

    `titles` has the words for each part. `track` is the track, for one.
    """

    sort: Sort
    id: str
    title: str
    parts: tuple[Part, ...]
    titles: Mapping[str, str]
    track: Track | None = None

    @property
    def cards(self) -> int:
        """New cards that are left, those introduced today included."""
        return sum(part.cards for part in self.parts)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week of a plan, from the study day `first` to `last`.

    `number` and `topics` are those of the track's calendar (0 and none without one); `left` are the cards of these
    topics that are still to come. `new` are the cards planned for the week, `new_a_day` those of its fullest day.
    `reviews` and `minutes` are expected a day, means over the week (None for days that are over, or beyond what is
    foreseen). `done` says that nothing of its topics is left, `late` by how many days they end after the week.
    """

    first: int
    last: int
    new: int
    new_a_day: int
    reviews: float | None
    minutes: float | None
    number: int = 0
    stage: str = ""
    topics: tuple[str, ...] = ()
    left: int = 0
    done: bool = False
    late: int = 0
    pause: bool = False


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """A plan as it is today.

    `by` is the study day asked for (None: none, or those of the track's calendar), `minutes` those a day. `limit` is
    the learner's own limit of new cards a day, `review_limit` that of reviews, `pace` how long answers take. `weeks`
    are the track's calendar from its first week, or weeks from today on.
    """

    target: Target
    today: int
    by: int | None
    minutes: float | None
    limit: int
    pace: Pace
    afforded: Afforded
    weeks: tuple[WeekRow, ...]
    start: int | None = None
    review_limit: int = Limits().reviews


def new_cards_today(collection: Collection, day: int) -> int | None:
    """How many cards the calendar of the track followed introduces on a study day, those introduced already included
    and never more than the learner's own limit; None where no calendar paces: no such track, or nothing of it is left.
    """
    track, since = _followed(collection)
    own = collection.taste.limits.new
    if track is None or track.pacing is not Pacing.CALENDAR or since is None or not own:
        return None
    parts = _parts_of_calendar(collection, track, since, day)
    if not any(part.cards for part in parts):
        return None
    off = _off(collection, since)
    wanted = paced(parts, day, off=off, most=own).now
    # What was introduced besides, of a deck that the learner chose, takes nothing from the plan.
    topics = {part.id for part in parts}
    besides = sum(number for topic, number in _introduced(collection, day).items() if topic not in topics)
    return min(own, wanted + besides)


def study_plan(
    collection: Collection, name: str | None = None, *, by: date | None = None, minutes: float | None = None
) -> StudyPlan:
    """The plan for a track, a topic or a deck by its id; for the track followed where none is named, else for all
    decks.

    Without a day a calendar's weeks are those to meet; where there is none either, the pace follows from `minutes` a
    day, or from the learner's own limit of new cards.

    Raises:
        UsageError: there is nothing of that name, the day is over, the minutes are none, or new cards are switched off.
        NothingToDo: no new card is left.
        StoreError: the journal cannot be read.
    """
    day = collection.now().day
    if minutes is not None and not 0 < minutes <= 24 * 60:
        raise UsageError(f"there are no days of {minutes:g} minutes", remedy="Take more than 0 and at most 1440.")
    end = None if by is None else day_of(by)
    if end is not None and not day <= end <= day + LONGEST_AHEAD_DAYS - BUSY_DAYS:
        remedy = "Take a day from today on, and not more than four years ahead."
        raise UsageError(f"no plan can end on {by}", remedy=remedy)
    target = target_of(collection, name, day)
    if not target.cards:
        raise NothingToDo(f"no new card of {target.title} is left", remedy="Its reviews go on by themselves.")
    limit = collection.taste.limits.new
    start = None
    if target.track is not None and end is None:
        followed, since = _followed(collection)
        if target.track.pacing is Pacing.CALENDAR:
            start = since if followed is target.track and since is not None else day
            parts: Sequence[Part] = _parts_of_calendar(collection, target.track, start, day)
        else:
            parts = target.parts
    else:
        parts = target.parts
    if end is not None:
        parts = [*parts[:-1], Part(parts[-1].id, parts[-1].cards, end)]
    off = _off(collection, start)
    if not limit and minutes is None and end is None:
        raise UsageError("new cards are switched off", remedy="Set limits.new to more than 0, or name a day: --by.")
    # What is asked for is said as it is; without a wish the plan is what the learner's own limit makes of it.
    most = None if end is not None or minutes is not None else limit
    if minutes is not None and any(part.cards and part.by is not None and part.by < day for part in parts):
        # What past weeks left is not asked of this one: the minutes are held against the end of the calendar alone.
        parts = [*(replace(part, by=None) for part in parts[:-1]), parts[-1]]
    own_pace = pace(collection, day)
    afforded = afford(
        parts,
        _workload(collection, own_pace, day, _ahead(parts, day, most, minutes)),
        day,
        off=off,
        most=most,
        minutes=minutes,
    )
    reviews = collection.taste.limits.reviews
    found = StudyPlan(target, day, end, minutes, limit, own_pace, afforded, (), start, reviews)
    rows = _weeks(found) if start is None else _calendar_weeks(found, collection, start, off)
    return replace(found, weeks=tuple(rows))


def target_of(collection: Collection, name: str | None, day: int) -> Target:
    """What a plan of this name is for: a track, a topic or a deck, in this order.

    Raises:
        UsageError: there is none.
    """
    library = collection.library
    roadmap = library.roadmap
    if name is None:
        track, _ = _followed(collection)
        if track is None:
            parts = tuple(Part(deck, left) for deck, left in left_by_deck(collection, day).items())
            return Target(Sort.EVERYTHING, "", "all decks", parts, _deck_titles(collection))
        name = track.id
    topics = {topic: each.title for topic, each in roadmap.topics.items()}
    if name in roadmap.tracks:
        track = roadmap.tracks[name]
        shut = collection.knowing.following.shut
        left = left_by_topic(collection, day)
        parts = tuple(Part(topic, left.get(topic, 0)) for topic in track.topics if topic not in shut)
        return Target(Sort.TRACK, name, track.title, parts, topics, track)
    if name in topics or name in collection.knowing.cards:
        if name in topics or name not in library.decks:
            parts = (Part(name, left_by_topic(collection, day).get(name, 0)),)
            return Target(Sort.TOPIC, name, topics.get(name, name), parts, topics)
    if name in library.decks:
        titles = _deck_titles(collection)
        return Target(Sort.DECK, name, titles[name], (Part(name, left_by_deck(collection, day)[name]),), titles)
    near = get_close_matches(name, dict.fromkeys((*roadmap.tracks, *topics, *library.decks)), 1)
    remedy = f"Did you mean {near[0]}?" if near else "`nlpcards track list` and `nlpcards decks` list what there is."
    raise UsageError(f"there is no track, topic or deck {name}", remedy=remedy)


def left_by_topic(collection: Collection, day: int) -> dict[str, int]:
    """How many cards of each topic were introduced on no day before this one; those suspended do not count."""
    left = {topic: ready.left for topic, ready in collection.knowing.readiness(day).items()}
    for topic, number in _introduced(collection, day).items():
        left[topic] = left.get(topic, 0) + number
    return left


def left_by_deck(collection: Collection, day: int) -> dict[str, int]:
    """As `left_by_topic`, for each deck."""
    away = {
        card for card, _, _, _, first, suspended, _ in collection.journal.met() if suspended or (first or day) < day
    }
    return {
        deck: sum(card not in away for card in collection.library.card_ids(deck)) for deck in collection.library.decks
    }


def _introduced(collection: Collection, day: int) -> Counter[str]:
    """How many cards of each topic were introduced on a study day."""
    library = collection.library
    cards = collection.journal.introduced_between(day, day)
    return Counter(library.topic_of(note_of(card)) or deck_of(card) for card in cards if library.has_card(card))


def _followed(collection: Collection) -> tuple[Track | None, int | None]:
    return collection.knowing.track, collection.knowing.following.since


def _deck_titles(collection: Collection) -> dict[str, str]:
    return {deck.id: deck.title or deck.id for deck in collection.library.decks.values()}


@dataclass(frozen=True, slots=True)
class _Off:
    """Holidays, and the days before a track begins."""

    holidays: Holidays
    start: int | None

    def __contains__(self, day: object) -> bool:
        return day in self.holidays or (isinstance(day, int) and self.start is not None and day < self.start)


def _off(collection: Collection, start: int | None) -> _Off:
    return _Off(collection.taste.holidays, start)


def _parts_of_calendar(collection: Collection, track: Track, start: int, day: int) -> list[Part]:
    left, shut = left_by_topic(collection, day), collection.knowing.following.shut
    weeks = calendar(track, start, collection.taste.holidays)
    return [
        Part(topic, left.get(topic, 0), week.last)
        for week in weeks
        if isinstance(week, Week)
        for topic in week.topics
        if topic not in shut
    ]


def _ahead(parts: Sequence[Part], day: int, most: int | None, minutes: float | None) -> int:
    """How many days the work must be foreseen."""
    last = max((part.by - day for part in parts if part.by is not None), default=0)
    rest = -(-sum(part.cards for part in parts) // most) if most else 0
    span = max(last, rest) + 1 + BUSY_DAYS + WEEK_DAYS
    # Holidays may stretch a plan; whatever lies beyond is left out of sight and not out of the plan.
    return min(LONGEST_AHEAD_DAYS, span * 2 + (LATEST_DAYS if minutes is not None else 0))


def _workload(collection: Collection, own_pace: Pace, day: int, ahead: int) -> Workload:
    settings, library = collection.settings, collection.library
    retention = dict(settings.deck_retention)
    met: Iterable[Met] = (
        Met(
            each.stability,
            each.difficulty,
            min(each.last_day, day),
            day if each.due is None else each.due,
            retention.get(deck_of(each.card)),
        )
        for each in collection.journal.standings()
        if not each.suspended and library.has_card(each.card)
    )
    return Workload(settings, met, today=day, days=ahead, pace=own_pace)


def _weeks(plan: StudyPlan) -> Iterable[WeekRow]:
    """Weeks from today on until the last new card."""
    for at in range(0, len(plan.afforded.paced.new), WEEK_DAYS):
        yield _row(plan, plan.today + at, plan.today + at + WEEK_DAYS - 1)


def _row(plan: StudyPlan, first: int, last: int) -> WeekRow:
    new, load = plan.afforded.paced.new, plan.afforded.load
    begin, end = max(0, first - plan.today), last - plan.today
    cards = new[begin : end + 1] if end >= 0 else ()
    seen = 0 <= end and begin < len(load.seconds)
    return WeekRow(
        first,
        last,
        sum(cards),
        max(cards, default=0),
        load.reviews_on(begin, end) if seen else None,
        load.minutes_on(begin, end) if seen else None,
    )


def _calendar_weeks(plan: StudyPlan, collection: Collection, start: int, off: _Off) -> Iterable[WeekRow]:
    """The weeks of the track's calendar, and where cards are left after them those that it takes besides."""
    track = plan.target.track
    assert track is not None
    left = {part.id: part.cards for part in plan.target.parts}
    ends: dict[str, PartPace] = {each.part.id: each for each in plan.afforded.paced.parts}
    introduced = _introduced(collection, plan.today)
    last = plan.today - 1
    for week in calendar(track, start, off.holidays):
        row = _row(plan, week.first, week.last)
        last = week.last
        match week:
            case Pause():
                yield replace(row, pause=True)
            case Week():
                waiting = sum(max(0, left.get(topic, 0) - introduced[topic]) for topic in week.topics)
                last_cards = (ends[topic].last or 0 for topic in week.topics if topic in ends)
                late = max(0, max(last_cards, default=0) - week.last)
                yield replace(
                    row,
                    number=week.number,
                    stage=week.stage,
                    topics=week.topics,
                    left=waiting,
                    done=not waiting,
                    late=late,
                )
    while (plan.afforded.paced.ends or 0) > last:
        yield _row(plan, last + 1, last + WEEK_DAYS)
        last += WEEK_DAYS
