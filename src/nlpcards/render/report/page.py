"""The page of statistics: headings, charts, and each chart's figures as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from nlpcards.core.days import date_of
from nlpcards.core.stats.answers import Was
from nlpcards.core.stats.distribution import Distribution
from nlpcards.core.stats.overview import GroupRow, Statistics
from nlpcards.core.stats.periods import Bucket, Period
from nlpcards.core.words import count, spent
from nlpcards.render.report.charts import Bar, Line, bars, heat, lines

_STYLE = """
:root { color-scheme: light dark; --ground: #ffffff; --panel: #f4f5f7; --ink: #1c2330; --quiet: #56606f;
  --grid: #d9dde3; --one: #1f5fbf; --two: #a8480c; --heat-0: #c9cfd8; --heat-1: #8fb4e3; --heat-2: #5b8fd6;
  --heat-3: #2f6bbd; --heat-4: #123f82; }
@media (prefers-color-scheme: dark) { :root { --ground: #14181f; --panel: #1d232d; --ink: #e6e9ee; --quiet: #a3adbb;
  --grid: #39424f; --one: #7db0f5; --two: #f0a065; --heat-0: #3a4350; --heat-1: #35588a; --heat-2: #4a7cc0;
  --heat-3: #7db0f5; --heat-4: #c3dcff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
p.quiet, .quiet { color: var(--quiet); } section { margin: 1.5rem 0; padding: 1rem; background: var(--panel);
  border-radius: .5rem; overflow-x: auto; }
svg { width: 100%; height: auto; display: block; }
.bar { fill: var(--one); } .area { fill: transparent; } .area:hover { fill: var(--ink); fill-opacity: .08; }
.grid { stroke: var(--grid); } .tick, .key { fill: var(--quiet); font-size: 11px; }
.line polyline { fill: none; stroke-width: 2; } .line-0 polyline { stroke: var(--one); }
.line-1 polyline { stroke: var(--two); stroke-dasharray: 6 4; }
.line-0 .mark { fill: var(--one); } .line-1 .mark { fill: var(--two); }
.heat-0 { fill: var(--heat-0); } .heat-1 { fill: var(--heat-1); } .heat-2 { fill: var(--heat-2); }
.heat-3 { fill: var(--heat-3); } .heat-4 { fill: var(--heat-4); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .15rem .9rem .15rem 0; } th { color: var(--quiet); font-weight: 600; }
th:first-child, td:first-child { text-align: left; } details { margin-top: .5rem; } summary { color: var(--quiet); }
""".strip()

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What the page may load: nothing. A deck's title could not fetch anything even if it were not escaped."""


def report(found: Statistics, *, title_of: dict[str, str]) -> str:
    """The statistics as a whole HTML document; `title_of` are the titles of decks by their ids."""
    chosen = ", ".join(title_of.get(deck, deck) for deck in found.decks) or "All decks"
    sections = [
        _section("True retention", _retention_windows(found), _retention_chart(found)),
        _section("Answers by week", _answers(found.by[Period.WEEK], "week")),
        _section("Answers by day", _answers(found.by[Period.DAY][-90:], "day")),
        _section("Answers by month", _answers(found.by[Period.MONTH], "month")),
        _section("A year of days", _heat(found)),
        _section("Time by week", _time(found.by[Period.WEEK])),
        _section("Cards that fall due", _forecast(found)),
        _section("Cards", _cards(found)),
        _section("Stability", _spread(found.memories.stability, "days", "")),
        _section("Difficulty", _spread(found.memories.difficulty, "of 10", "")),
        _section("Retrievability now", _spread(found.memories.retrievability, "", "%")),
        _section("Hours of the day", _hours(found)),
        _section("Decks", _groups(found.by_deck, "deck", title_of)),
        _section("Topics", _groups(found.by_topic, "topic", {})),
    ]
    summary = (
        f"{count(found.total.answers, 'answer')} on {count(found.studied, 'day')}, {spent(found.total.ms)}, "
        f"{count(found.introduced, 'new card')} in the {count(found.days, 'day')} up to {date_of(found.day)}."
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Statistics of {date_of(found.day)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
        f'<h1>Statistics</h1>\n<p>{escape(chosen)}</p>\n<p class="quiet">{escape(summary)}</p>\n'
        f"{''.join(sections)}"
        f'<p class="quiet">{_DEFINITION}</p>\n</body>\n</html>\n'
    )


_DEFINITION = (
    "True retention is the share of answers other than “again” among those to cards whose interval was a day or more; "
    "young below 21 days, mature from there on. Steps of learning and relearning are left out."
)


def _section(title: str, *parts: str) -> str:
    return f"<section>\n<h2>{escape(title)}</h2>\n{''.join(parts)}</section>\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    heading = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{heading}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _figures(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return f"<details><summary>Figures</summary>\n{_table(head, rows)}</details>\n"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _retention_windows(found: Statistics) -> str:
    rows = []
    for name, each in found.windows:
        span = each.range
        rows.append(
            (
                name,
                f"{_share(each.young)} of {each.young_answers:,}",
                f"{_share(each.mature)} of {each.mature_answers:,}",
                f"{_share(each.share)} of {each.answers:,}",
                "–" if span is None else f"{span[0]:.0%} to {span[1]:.0%}",
            )
        )
    return _table(("", "young", "mature", "all", "95 % confidence"), rows)


def _retention_chart(found: Statistics) -> str:
    weeks = found.by[Period.MONTH] if found.days > 730 else found.by[Period.WEEK]
    what = "month" if found.days > 730 else "week"
    labels = [str(date_of(each.start)) for each in weeks]
    shares = [each.retention for each in weeks]
    young = tuple(None if each.young is None else 100 * each.young for each in shares)
    mature = tuple(None if each.mature is None else 100 * each.mature for each in shares)

    def told(values: tuple[float | None, ...], name: str) -> tuple[str, ...]:
        return tuple(
            f"{what} of {label}: {name} {value or 0:.1f} %" for label, value in zip(labels, values, strict=True)
        )

    known = [value for value in (*young, *mature) if value is not None]
    low = max(0.0, 20 * (min(known, default=80) // 20))
    chart = lines(
        f"True retention by {what}, young and mature cards",
        labels,
        (Line("young", young, told(young, "young")), Line("mature", mature, told(mature, "mature"), "square")),
        low=min(low, 80.0),
        high=100.0,
        unit=" %",
    )
    rows = [
        (label, _share(each.young), _share(each.mature), _share(each.share), f"{each.answers:,}")
        for label, each in zip(labels, shares, strict=True)
    ]
    return chart + _figures((what, "young", "mature", "all", "answers"), rows)


def _answers(each: Sequence[Bucket], what: str) -> str:
    labels = [str(date_of(bucket.start))[: 7 if what == "month" else 10] for bucket in each]
    chart = bars(
        f"Answers by {what}",
        [
            Bar(label, bucket.answers, f"{label}: {count(bucket.answers, 'answer')}, {spent(bucket.ms)}")
            for label, bucket in zip(labels, each, strict=True)
        ],
    )
    rows = [
        (label, f"{bucket.answers:,}", *(f"{number:,}" for number in bucket.counts), spent(bucket.ms))
        for label, bucket in zip(labels, each, strict=True)
    ]
    return chart + _figures((what, "answers", *(was.name.lower() for was in Was), "time"), rows)


def _time(each: Sequence[Bucket]) -> str:
    bars_ = [
        Bar(str(date_of(one.start)), one.ms / 60_000, f"week of {date_of(one.start)}: {spent(one.ms)}") for one in each
    ]
    return bars("Minutes by week", bars_, unit=" min")


def _heat(found: Statistics) -> str:
    months: list[tuple[int, str]] = []
    before = ""
    for week in range(0, len(found.heat.counts), 7):
        month = date_of(found.heat.start + week).strftime("%Y-%m")
        if month != before:
            before = month
            months.append((week // 7, month[5:] if months and month[5:] != "01" else month))
    cells = [
        (found.heat.level(number), f"{date_of(found.heat.start + index)}: {count(number, 'answer')}")
        for index, number in enumerate(found.heat.counts)
    ]
    shown: list[tuple[int, str]] = []
    for week, name in months:
        if not shown or week - shown[-1][0] >= len(shown[-1][1]):  # else it would cover the name before
            shown.append((week, name))
    return heat("Answers on each day of a year", cells, shown)


def _forecast(found: Statistics) -> str:
    ahead = found.forecast
    each = [
        Bar(str(date_of(found.day + index)), number, f"{date_of(found.day + index)}: {count(number, 'card')}")
        for index, number in enumerate(ahead.days)
    ]
    said = f"{count(ahead.backlog, 'card')} due before today, {count(ahead.later, 'card')} after these days."
    rows = [(bar.label, f"{bar.value:,.0f}") for bar in each]
    return f'<p class="quiet">{said}</p>\n' + bars("Cards due by day", each) + _figures(("day", "cards"), rows)


def _cards(found: Statistics) -> str:
    cards = found.cards
    names = ("new", "learning", "relearning", "young", "mature", "suspended")
    numbers = (cards.new, cards.learning, cards.relearning, cards.young, cards.mature, cards.suspended)
    said = f"FSRS expects you to recall {found.memories.remembered:,.0f} of the cards that you have met."
    table = _table(names, [[f"{number:,}" for number in numbers]])
    return f"{table}<p class='quiet'>{said}</p>\n"


def _spread(each: Distribution, unit: str, percent: str) -> str:
    scale = 100 if percent else 1
    ends = [*each.edges[1:], each.end]
    names = [
        f"{start * scale:.0f}{percent}+" if end is None else f"{start * scale:.0f}–{end * scale:.0f}{percent}"
        for start, end in zip(each.edges, ends, strict=True)
    ]
    chart = bars(
        "Cards by their value",
        [
            Bar(name, number, f"{name}: {count(number, 'card')}")
            for name, number in zip(names, each.counts, strict=True)
        ],
    )
    if each.median is None or each.mean is None:
        return "<p>No card yet.</p>\n"
    digits = 0 if percent else 1
    said = (
        f"Median {each.median * scale:.{digits}f}{percent} {unit}, mean {each.mean * scale:.{digits}f}{percent} {unit}."
    )
    rows = [(name, f"{number:,}") for name, number in zip(names, each.counts, strict=True)]
    return f'<p class="quiet">{said.replace(" ,", ",").replace(" .", ".")}</p>\n{chart}{_figures(("", "cards"), rows)}'


def _hours(found: Statistics) -> str:
    each = [
        Bar(
            f"{hour:02}",
            one.answers,
            f"{hour:02}:00: {count(one.answers, 'answer')}, {_share(one.recalled)} recalled",
        )
        for hour, one in enumerate(found.hours)
    ]
    rows = [(f"{hour:02}", f"{one.answers:,}", _share(one.recalled)) for hour, one in enumerate(found.hours)]
    return bars("Answers by hour of the day", each) + _figures(("hour", "answers", "recalled"), rows)


def _groups(rows: Sequence[GroupRow], what: str, title_of: dict[str, str]) -> str:
    return _table(
        (what, "answers", "time", "true retention", "met", "cards", "remembered"),
        [
            (
                title_of.get(row.name, row.name) or "none",
                f"{row.total.answers:,}",
                spent(row.total.ms),
                _share(row.total.retention.share),
                f"{row.met:,}",
                f"{row.cards:,}",
                f"{row.remembered:,.0f}",
            )
            for row in rows
        ],
    )
