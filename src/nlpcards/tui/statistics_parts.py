"""The parts of the Statistics screen, each a heading and the lines under it."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from textual.content import Content

from nlpcards.core.stats.answers import Was
from nlpcards.core.stats.distribution import Distribution
from nlpcards.core.stats.overview import GroupRow, Statistics
from nlpcards.core.stats.periods import Bucket, Period, label
from nlpcards.core.stats.retention import as_share
from nlpcards.core.words import count, spent
from nlpcards.tui.plots import AXIS, barred, legend, lying, standing, table, year
from nlpcards.tui.words import safe

Part = tuple[str, list[Content]]
"""A heading and its lines."""

_SHORTEST = 12
_HEIGHT = 6
_TITLE = 16
"""Cells that a deck's title needs to be told from another's."""


def parts(found: Statistics, titles: dict[str, str], period: Period, width: int) -> list[Part]:
    """All parts for a column of `width` cells; charts over time go by the period. `titles` are those of decks by id."""
    shown = found.by[period][-((width - AXIS) // 3) :]
    labels = [label(each.start, period) for each in shown]
    if not found.begun:
        return [
            (
                "No answer yet",
                _told("Review some cards, and this page fills: retention, time, memory, what falls due.", width),
            ),
            ("Decks", _groups(found.by_deck, "deck", titles, width)),
        ]
    return [
        ("True retention", _windows(found, width)),
        (f"True retention by {period}", _retention(found.by[period], period, width)),
        (
            f"Answers by {period}",
            standing([each.answers for each in shown], labels, width=width, height=_HEIGHT) + _sorts(found, width),
        ),
        ("A year of days", _year(found, width)),
        (
            f"Minutes by {period}",
            standing([each.ms / 60_000 for each in shown], labels, width=width, height=_HEIGHT),
        ),
        ("Cards that fall due", _forecast(found, width)),
        ("Cards", _cards(found, width)),
        ("Stability in days", _spread(found.memories.stability, " days", 1, width)),
        ("Difficulty, 1 to 10", _spread(found.memories.difficulty, "", 1, width)),
        ("Retrievability now, in per cent", _spread(found.memories.retrievability, "%", 100, width)),
        ("Hours of the day", _hours(found, width)),
        ("Decks", _groups(found.by_deck, "deck", titles, width)),
        ("Topics", _groups(found.by_topic, "topic", {}, width)),
    ]


def headline(found: Statistics, titles: dict[str, str]) -> str:
    """What the period came to, as a sentence."""
    whose = ", ".join(safe(titles.get(deck, deck)) for deck in found.decks)
    return (
        f"{f'{whose}: ' if whose else ''}{count(found.total.answers, 'answer')} on {count(found.studied, 'day')}, "
        f"{spent(found.total.ms)}, {count(found.introduced, 'new card')}."
    )


def _told(said: str, width: int) -> list[Content]:
    return [Content.styled(line, "$ink-muted") for line in wrap(said, width)]


def _windows(found: Statistics, width: int) -> list[Content]:
    head = ("", "young", "of", "mature", "of", "all", "of")
    lines = table([head, *((name, *each.figures) for name, each in found.windows)], width=width)
    said = "Answers other than again to cards in review; young below intervals of 21 days."
    span = found.total.retention.range
    if span is not None:
        said += f" Over {count(found.days, 'day')} it is {span[0]:.0%} to {span[1]:.0%}, with 95% confidence."
    return lines + _told(said, width)


def _retention(each: Sequence[Bucket], period: Period, width: int) -> list[Content]:
    rows = []
    for bucket in [bucket for bucket in each if bucket.retention.answers][-_SHORTEST:]:
        own = bucket.retention
        cells = (
            f"{label(bucket.start, period):>8}",
            as_share(own.young),
            as_share(own.mature),
            as_share(own.share),
            f"{own.answers:,}",
        )
        rows.append((cells, own.share or 0.0))
    if not rows:
        return [Content("No card in review was answered.")]
    return barred(("", "young", "mature", "all", "of"), rows, width=width, most=1.0)


def _sorts(found: Statistics, width: int) -> list[Content]:
    sorts = [f"{found.total.counts[was]:,} {was.name.lower()}" for was in Was]
    return _told(f"Cards were, in {count(found.days, 'day')}: {', '.join(sorts)}.", width)


def _year(found: Statistics, width: int) -> list[Content]:
    heat = found.heat
    lines = year(heat.levels, heat.months, width=width)
    return [*lines, *_told(legend(heat.ranges) if any(heat.counts) else "· no answers", width)]


def _forecast(found: Statistics, width: int) -> list[Content]:
    ahead = found.forecast
    days = min(30, len(ahead.days))
    labels = ["today", *(label(found.day + day, Period.DAY) for day in range(1, days))]
    said = (
        f"{count(ahead.backlog, 'card')} due before today, {ahead.days[0]:,} today, {ahead.days[1]:,} tomorrow, "
        f"{sum(ahead.days[1:8]):,} in the next 7 days, {sum(ahead.days[1:31]):,} in 30."
    )
    return [*standing(ahead.days[:days], labels, width=width, height=_HEIGHT), *_told(said, width)]


def _cards(found: Statistics, width: int) -> list[Content]:
    cards = found.cards
    rows = [(name, float(number), f"{number:,}") for name, number in cards.named]
    met = found.memories.stability.total
    said = f"FSRS expects you to recall {found.memories.remembered:,.0f} of the {count(met, 'card')} that you have met."
    return [*lying(rows, width=width), *_told(said, width)]


def _spread(each: Distribution, unit: str, scale: int, width: int) -> list[Content]:
    if each.median is None or each.mean is None:
        return [Content("No card yet.")]
    ends = [*each.edges[1:], each.end]
    names = [
        f"{start * scale:.0f} or more" if end is None else f"{start * scale:.0f}-{end * scale:.0f}"
        for start, end in zip(each.edges, ends, strict=True)
    ]
    rows = [(name, float(number), f"{number:,}") for name, number in zip(names, each.counts, strict=True)]
    while len(rows) > 1 and not rows[0][1]:
        rows.pop(0)
    digits = 0 if scale == 100 else 1
    said = f"Median {each.median * scale:.{digits}f}{unit}, mean {each.mean * scale:.{digits}f}{unit}."
    return [*lying(rows, width=width), *_told(said, width)]


def _hours(found: Statistics, width: int) -> list[Content]:
    if not any(hour.answers for hour in found.hours):
        return [Content("No answer yet.")]
    labels = [f"{hour:02}" for hour in range(24)]
    lines = standing([hour.answers for hour in found.hours], labels, width=width, height=_HEIGHT)
    most = max(range(24), key=lambda hour: found.hours[hour].answers)
    busiest = found.hours[most]
    said = (
        f"Most between {most:02}:00 and {(most + 1) % 24:02}:00: {count(busiest.answers, 'answer')}, "
        f"{busiest.passed / busiest.answers:.0%} recalled."
    )
    return [*lines, *_told(said, width)]


def _groups(rows: Sequence[GroupRow], what: str, titles: dict[str, str], width: int) -> list[Content]:
    if not rows:
        return [Content("None.")]
    head = (what, "answers", "time", "retention", "met", "cards", "recall")
    body = [(safe(titles.get(row.name, row.name)) or "none", *row.figures) for row in rows]
    shown: list[tuple[str, ...]] = [head, *body]
    # Where a title would be cut to a few letters, figures that other parts tell too make room for it: cards, then time.
    for column in (5, 2):
        figures = sum(max(len(row[place]) for row in shown) + 2 for place in range(1, len(shown[0])))
        if width - figures < _TITLE:
            shown = [row[:column] + row[column + 1 :] for row in shown]
    return table(shown, width=width)
