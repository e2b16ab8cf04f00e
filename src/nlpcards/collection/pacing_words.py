"""A plan in sentences and lines of at most 80 columns: what it comes to, whether it holds, and what would help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from nlpcards.collection.pacing import Sort, StudyPlan, WeekRow
from nlpcards.core.days import date_of
from nlpcards.core.queue import Pace
from nlpcards.core.roadmap.affording import WaysOut
from nlpcards.core.words import count, short_month, weekday

WIDTH = 80
"""No line of a plan is longer, in cells of Latin letters."""

MOST_WEEKS = 30
"""So many weeks a plan without a calendar lists at most."""

_NAMED = 6


def summary(plan: StudyPlan) -> list[str]:
    """What a plan comes to, in sentences: cards, the end, the pace, the minutes, and what they rest on."""
    paced, load = plan.afforded.paced, plan.afforded.load
    ends = paced.ends
    assert ends is not None, "a plan has a card at least"
    left = f"{plan.target.title}: {count(plan.target.cards, 'new card')} left."
    said = [left, f"{_rate(plan)}, until {day_in_words(ends, plan.today)}."]
    said.append(
        f"That takes about {_minutes(load.minutes_on(0, ends - plan.today))} a day with its reviews, "
        f"and {_minutes(load.busiest)} in the busiest week, {rests_on(plan.pace)}."
    )
    return [*said, *_calendar(plan), *_limit(plan), *_reviews(plan), *ways_out(plan)]


def _rate(plan: StudyPlan) -> str:
    paced = plan.afforded.paced
    days = [each for each in paced.new if each]
    # The last day has what is left over, which says nothing of the pace.
    low, high = min(days[:-1] or days), paced.fullest
    if low == high == paced.now:
        return f"{count(high, 'new card')} a day"
    spread = f"{count(high, 'new card')}" if low == high else f"{low:,} to {count(high, 'new card')}"
    return f"{spread} a day, {paced.now:,} today"


def rests_on(pace: Pace) -> str:
    """What the times of a plan rest on, as a clause."""
    answers = sum(pace.basis.values())
    return f"by your last {count(answers, 'answer')}" if answers else "at a usual pace"


def _calendar(plan: StudyPlan) -> Iterator[str]:
    """How the weeks of the calendar hold."""
    if plan.start is None:
        if plan.by is not None and plan.afforded.paced.late:
            yield f"Every day until {day_in_words(plan.by, plan.today)} is a holiday, so it begins after that."
        return
    late = [row for row in plan.weeks if row.late and not row.done]
    if not late:
        yield "Every week of the calendar that is to come ends in time."
        return
    numbers = [row.number for row in late]
    if plan.afforded.paced.late:
        yield (
            f"From what is left today, the calendar ends {count(plan.afforded.paced.late, 'day')} later than written; "
            f"week {numbers[0]} by {count(late[0].late, 'day')}."
        )
    else:
        last = numbers[-1]
        yield (
            f"From what is left today, {_weeks_named(numbers)} {'ends' if len(numbers) == 1 else 'end'} up to "
            f"{count(max(row.late for row in late), 'day')} later; after week {last} all is in time again."
        )


def _weeks_named(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"week {numbers[0]}"
    return f"weeks {numbers[0]} to {numbers[-1]}"


def _limit(plan: StudyPlan) -> Iterator[str]:
    """What one's own limit of new cards has to do with it."""
    paced, limit = plan.afforded.paced, plan.limit
    wanted = max(paced.needed, paced.fullest)
    if wanted <= limit:
        return
    yours = f"Your limit is {count(limit, 'new card')} a day"
    # Where past weeks left something, this week in time would have it all at once, which nobody should read as advice.
    behind = any(row.number and row.left and row.last < plan.today for row in plan.weeks)
    if plan.start is None or (paced.needed_at_last == wanted and not behind):
        yield f"{yours}, and this takes {wanted:,}: {_set_limit(wanted)} allows it."
    elif limit < paced.needed_at_last:
        each = "" if behind else f", each week of it {wanted:,}"
        whole = f"To end the whole calendar in time takes {paced.needed_at_last:,}{each}"
        yield f"{yours}. {whole}: {_set_limit(paced.needed_at_last)} or more allows it."
    elif not behind:
        yield f"{yours}. To end each week in time takes {wanted:,}: {_set_limit(wanted)} allows it."


def _set_limit(cards: int) -> str:
    return f"`nlpcards config set limits.new {cards}`"


def _reviews(plan: StudyPlan) -> Iterator[str]:
    """Whether more reviews fall due than one's own limit lets in."""
    most = max((row.reviews for row in plan.weeks if row.reviews is not None), default=0)
    if most > plan.review_limit:
        yield (
            f"Up to {most:,.0f} reviews a day fall due, and your limit is {plan.review_limit:,}: what waits is "
            "remembered less well than planned."
        )


def ways_out(plan: StudyPlan) -> list[str]:
    """What would help where the day and the minutes cannot both hold; empty where they do."""
    ways, minutes = plan.afforded.ways_out, plan.minutes
    if ways is None or minutes is None:
        return []
    busiest = plan.afforded.load.busiest
    said = [f"{minutes:g} min a day are not enough: the busiest week takes {_minutes(busiest)} a day."]
    if ways.drop is None and ways.later_days is None:
        said.append("The reviews of what you have met already take them; new cards can wait, reviews should not.")
    said.append("Any one of these is enough:" if _others(ways) else "This is enough:")
    said.append(f"- {ways.more_minutes:,} more min a day: {minutes + ways.more_minutes:g}.")
    if ways.later_days is not None and ways.ends is not None:
        said.append(f"- {count(ways.later_days, 'day')} more: until {day_in_words(ways.ends, plan.today)}.")
    if ways.drop:
        said.append(f"- Fewer cards: {_dropped(ways, plan)}.")
    return said


def _others(ways: WaysOut) -> bool:
    return ways.later_days is not None or bool(ways.drop)


def _dropped(ways: WaysOut, plan: StudyPlan) -> str:
    assert ways.drop is not None
    if ways.dropped == plan.target.cards:
        return "none at all, since what you have met takes nearly all of the time"
    names = [plan.target.titles.get(each, each) for each in ways.drop]
    what = "deck" if plan.target.sort in (Sort.DECK, Sort.EVERYTHING) else "topic"
    named = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    return f"leave out the last {count(len(names), what)} ({count(ways.dropped, 'card')}): {named}"


def lines(plan: StudyPlan) -> list[str]:
    """A plan as lines that fit 80 columns: the sentences, then its weeks."""
    said = [line for sentence in summary(plan) for line in wrap(sentence, WIDTH, subsequent_indent="  ")]
    return [*said, "", *week_lines(plan)]


def week_lines(plan: StudyPlan, width: int = WIDTH) -> list[str]:
    """The weeks of a plan as a table; those of a calendar with their topics, those that are done ticked. No line is
    longer than `width` cells, `LEAST_WIDTH` at least.
    """
    is_calendar = plan.start is not None
    columns = _WIDE if width >= sum(_WIDE.cells) else _NARROW
    head = f"  {'week' if is_calendar else 'days'}", "left" if is_calendar else "new", *columns.heads
    found = [columns.line(*head)]
    rows = plan.weeks if is_calendar else plan.weeks[:MOST_WEEKS]
    for row in rows:
        found.append(_week(row, plan, is_calendar, columns))
        if row.topics:
            names = ", ".join(plan.target.titles.get(topic, topic) for topic in row.topics)
            found += wrap(names, width, initial_indent="      ", subsequent_indent="      ")
    hidden = len(plan.weeks) - len(rows)
    return [*found, f"  and {count(hidden, 'more week')}"] if hidden else found


@dataclass(frozen=True, slots=True)
class _Columns:
    """The table's columns: how many cells each takes, the first at its left, and the heads of the last three."""

    cells: tuple[int, ...]
    heads: tuple[str, str, str]

    def line(self, first: str, *others: str) -> str:
        """A line of the table; columns that are left out at its end are empty."""
        right = "".join(f"{text:>{cells}}" for text, cells in zip(others, self.cells[1:], strict=False))
        return f"{first:{self.cells[0]}}{right}".rstrip()


_WIDE = _Columns((28, 6, 12, 16, 12), ("new a day", "reviews a day", "min a day"))
_NARROW = _Columns((22, 5, 9, 9, 9), ("new/day", "rev/day", "min/day"))
LEAST_WIDTH = sum(_NARROW.cells)
"""So many cells a table of weeks takes at least."""


def _week(row: WeekRow, plan: StudyPlan, is_calendar: bool, columns: _Columns) -> str:
    tick = "✓" if row.done else ">" if row.first <= plan.today <= row.last else " "
    name = f"{tick} {row.number or '':>2}  " if is_calendar else f"{tick} "
    dates = f"{name}{span_in_words(row.first, row.last)}"
    if row.pause:
        return columns.line(dates, "", "holidays", *_figures(row))
    cards = (f"{row.left:,}" if row.number else "") if is_calendar else f"{row.new:,}"
    over = row.minutes is None
    new = "" if over else f"{row.new_a_day:,}"
    return columns.line(dates, cards, new, *_figures(row))


def _figures(row: WeekRow) -> tuple[str, ...]:
    if row.reviews is None or row.minutes is None:
        return ()
    return f"{row.reviews:,.0f}", f"{row.minutes:,.0f}"


def span_in_words(first: int, last: int) -> str:
    """Two study days as dates: `2 - 8 Mar`, `30 Mar - 5 Apr`."""
    begin, end = date_of(first), date_of(last)
    same = (begin.year, begin.month) == (end.year, end.month)
    return f"{begin.day}{'' if same else f' {short_month(begin)}'} - {end.day} {short_month(end)}"


def day_in_words(day: int, today: int) -> str:
    """A study day as a date with its weekday, and its year where that is another than today's."""
    on = date_of(day)
    year = f" {on.year}" if on.year != date_of(today).year else ""
    return f"{weekday(on)} {short_month(on)}{year}"


def _minutes(minutes: float) -> str:
    return f"{minutes:.0f} min" if minutes >= 1 else "less than a minute"
