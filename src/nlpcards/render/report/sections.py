"""The sections of the page: charts, and each chart's figures as a table that opens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from nlpcards.core.days import date_of
from nlpcards.core.stats.answers import Was
from nlpcards.core.stats.distribution import Distribution
from nlpcards.core.stats.overview import GroupRow, Statistics
from nlpcards.core.stats.periods import Bucket, Period, label
from nlpcards.core.stats.retention import as_share
from nlpcards.core.words import count, spent
from nlpcards.render.report.charts import Bar, Line, Stack, bars, heat, lines, stacks

_LONG_DAYS = 730
"""From so many days on, months tell more than weeks."""


def sections(found: Statistics, title_of: dict[str, str]) -> Iterable[tuple[str, str]]:
    """The headings in order, each with the HTML below it."""
    if not found.begun:
        yield "No answer yet", "<p>Review some cards, and this page fills.</p>\n"
        yield "Decks", _groups(found.by_deck, "deck", title_of)
        return
    wide = Period.MONTH if found.days > _LONG_DAYS else Period.WEEK
    yield "True retention", _retention_windows(found)
    yield f"True retention by {wide}", _retention_chart(found, wide)
    yield f"Answers by {wide}", _answers(found.by[wide], wide)
    yield "Answers by day", _answers(found.by[Period.DAY][-90:], Period.DAY)
    yield "A year of days", _heat(found)
    yield f"Minutes by {wide}", _time(found.by[wide], wide)
    yield "Cards that fall due", _forecast(found)
    yield "Hours of the day", _hours(found)
    yield "Stability in days", _spread(found.memories.stability, " days", "")
    yield "Difficulty, 1 to 10", _spread(found.memories.difficulty, "", "")
    yield "Retrievability now", _spread(found.memories.retrievability, "", "%")
    yield "Cards", _cards(found)
    yield "Decks", _groups(found.by_deck, "deck", title_of)
    yield "Topics", _groups(found.by_topic, "topic", {})


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    heading = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{heading}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _figures(head: Sequence[str], rows: Iterable[Sequence[str]], name: str = "Figures") -> str:
    return f"<details><summary>{escape(name)}</summary>\n{_table(head, rows)}</details>\n"


def _retention_windows(found: Statistics) -> str:
    rows = []
    for name, each in found.windows:
        span = each.range
        rows.append(
            (
                name,
                f"{as_share(each.young)} of {each.young_answers:,}",
                f"{as_share(each.mature)} of {each.mature_answers:,}",
                f"{as_share(each.share)} of {each.answers:,}",
                "–" if span is None else f"{span[0]:.0%} to {span[1]:.0%}",
            )
        )
    return _table(("", "young", "mature", "all", "95% range"), rows)


def _retention_chart(found: Statistics, period: Period) -> str:
    each = found.by[period]
    young = tuple(None if one.retention.young is None else 100 * one.retention.young for one in each)
    mature = tuple(None if one.retention.mature is None else 100 * one.retention.mature for one in each)

    def told(values: tuple[float | None, ...], name: str) -> tuple[str, ...]:
        return tuple(
            f"{_called(one, period)}: {name} {value or 0:.1f}%" for one, value in zip(each, values, strict=True)
        )

    known = [value for value in (*young, *mature) if value is not None]
    low = min(80.0, max(0.0, 20 * (min(known, default=80) // 20)))
    chart = lines(
        f"True retention by {period}, young and mature cards",
        [label(one.start, period) for one in each],
        (Line("young", young, told(young, "young")), Line("mature", mature, told(mature, "mature"), "square")),
        low=low,
        high=100.0,
        unit="%",
    )
    return chart + "".join(_retention_figures(found.by[own], own) for own in Period)


def _retention_figures(each: Sequence[Bucket], period: Period) -> str:
    rows = [
        (str(date_of(one.start)), as_share(own.young), as_share(own.mature), as_share(own.share), f"{own.answers:,}")
        for one in each
        if (own := one.retention).answers
    ]
    return _figures((period, "young", "mature", "all", "answers"), rows, f"Figures by {period}")


def _called(each: Bucket, period: Period) -> str:
    on = date_of(each.start)
    return f"week of {on}" if period is Period.WEEK else f"{on:%Y-%m}" if period is Period.MONTH else str(on)


_PARTS = (
    ("learning", (Was.NEW, Was.LEARNING)),
    ("relearning", (Was.RELEARNING,)),
    ("young", (Was.YOUNG,)),
    ("mature", (Was.MATURE,)),
)


def _answers(each: Sequence[Bucket], period: Period) -> str:
    chart = stacks(
        f"Answers by {period}, by what the cards were",
        [name for name, _ in _PARTS],
        [
            Stack(
                label(one.start, period),
                tuple(float(sum(one.counts[was] for was in sorts)) for _, sorts in _PARTS),
                f"{_called(one, period)}: {count(one.answers, 'answer')}, {spent(one.ms)}",
            )
            for one in each
        ],
    )
    rows = [
        (str(date_of(one.start)), f"{one.answers:,}", *(f"{number:,}" for number in one.counts), spent(one.ms))
        for one in each
        if one.answers
    ]
    return chart + _figures((period, "answers", *(was.name.lower() for was in Was), "time"), rows)


def _time(each: Sequence[Bucket], period: Period) -> str:
    own = [Bar(label(one.start, period), one.ms / 60_000, f"{_called(one, period)}: {spent(one.ms)}") for one in each]
    rows = [(str(date_of(one.start)), spent(one.ms)) for one in each if one.ms]
    return bars(f"Minutes by {period}", own) + _figures((period, "time"), rows)


def _heat(found: Statistics) -> str:
    own = found.heat
    cells = [
        (level, f"{date_of(own.start + index)}: {count(number, 'answer')}")
        for index, (level, number) in enumerate(zip(own.levels, own.counts, strict=True))
    ]
    shown: list[tuple[int, str]] = []
    for week, name in own.months:
        if not shown or week - shown[-1][0] >= 3:  # else it would cover the name before
            shown.append((week, name))
    rows = [
        (str(date_of(own.start + week)), *(f"{number:,}" for number in days), *[""] * (7 - len(days)))
        for week in range(0, len(own.counts), 7)
        if any(days := own.counts[week : week + 7])
    ]
    chart = heat("Answers on each day of a year", cells, shown, own.ranges)
    return chart + _figures(("week", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), rows)


def _forecast(found: Statistics) -> str:
    ahead = found.forecast
    each = [
        Bar(label(found.day + index, Period.DAY), number, f"{date_of(found.day + index)}: {count(number, 'card')}")
        for index, number in enumerate(ahead.days)
    ]
    said = f"{count(ahead.backlog, 'card')} due before today, {count(ahead.later, 'card')} after these days."
    rows = [(str(date_of(found.day + index)), f"{number:,}") for index, number in enumerate(ahead.days) if number]
    return f'<p class="quiet">{said}</p>\n' + bars("Cards due by day", each) + _figures(("day", "cards"), rows)


def _cards(found: Statistics) -> str:
    each = [Bar(name, number, f"{name}: {count(number, 'card')}") for name, number in found.cards.named]
    met = found.memories.stability.total
    said = f"FSRS expects you to recall {found.memories.remembered:,.0f} of the {count(met, 'card')} that you have met."
    rows = [(name, f"{number:,}") for name, number in found.cards.named]
    return f'<p class="quiet">{said}</p>\n' + bars("Cards of each sort", each) + _figures(("", "cards"), rows)


def _spread(each: Distribution, unit: str, percent: str) -> str:
    scale = 100 if percent else 1
    ends = [*each.edges[1:], each.end]
    names = [
        f"{start * scale:.0f}{percent}+" if end is None else f"{start * scale:.0f}–{end * scale:.0f}{percent}"
        for start, end in zip(each.edges, ends, strict=True)
    ]
    chart = bars(
        "Cards by this value",
        [
            Bar(name, number, f"{name}: {count(number, 'card')}")
            for name, number in zip(names, each.counts, strict=True)
        ],
    )
    if each.median is None or each.mean is None:
        return "<p>No card yet.</p>\n"
    digits = 0 if percent else 1
    middle, mean = (f"{value * scale:.{digits}f}{percent}{unit}" for value in (each.median, each.mean))
    rows = [(name, f"{number:,}") for name, number in zip(names, each.counts, strict=True)]
    return f'<p class="quiet">Median {middle}, mean {mean}.</p>\n{chart}{_figures(("", "cards"), rows)}'


def _hours(found: Statistics) -> str:
    each = [
        Bar(
            f"{hour:02}",
            one.answers,
            f"{hour:02}:00: {count(one.answers, 'answer')}, {as_share(one.recalled)} recalled",
        )
        for hour, one in enumerate(found.hours)
    ]
    rows = [(f"{hour:02}", f"{one.answers:,}", as_share(one.recalled)) for hour, one in enumerate(found.hours)]
    return bars("Answers by hour of the day", each) + _figures(("hour", "answers", "recalled"), rows)


def _groups(rows: Sequence[GroupRow], what: str, title_of: dict[str, str]) -> str:
    return _table(
        (what, "answers", "time", "true retention", "met", "cards", "remembered"),
        [(title_of.get(row.name, row.name) or "none", *row.figures) for row in rows],
    )
