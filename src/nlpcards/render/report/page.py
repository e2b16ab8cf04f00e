"""The page of statistics: its head, its style and its sections in order."""

from __future__ import annotations

from html import escape

from nlpcards.core.days import date_of
from nlpcards.core.stats.overview import Statistics
from nlpcards.core.words import count, spent
from nlpcards.render.report.sections import sections

_STYLE = """
:root { color-scheme: light dark; --ground: #ffffff; --panel: #f4f5f7; --ink: #1c2330; --quiet: #56606f;
  --grid: #d9dde3; --one: #1f5fbf; --two: #a8480c; --heat-0: #c9cfd8; --heat-1: #8fb4e3; --heat-2: #5b8fd6;
  --heat-3: #2f6bbd; --heat-4: #123f82; --part-0: #b9cfec; --part-1: #f0b27a; --part-2: #4f86d0; --part-3: #143f80; }
@media (prefers-color-scheme: dark) { :root { --ground: #14181f; --panel: #1d232d; --ink: #e6e9ee; --quiet: #a3adbb;
  --grid: #39424f; --one: #7db0f5; --two: #f0a065; --heat-0: #3a4350; --heat-1: #35588a; --heat-2: #4a7cc0;
  --heat-3: #7db0f5; --heat-4: #c3dcff; --part-0: #33507a; --part-1: #b06a2c; --part-2: #5f97e0; --part-3: #cfe3ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 92rem; padding: 1.5rem 1rem 4rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
p { margin: .4rem 0; } .quiet { color: var(--quiet); }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr)); gap: 1rem;
  align-items: start; margin: 1rem 0; }
section { padding: 1rem; background: var(--panel); border-radius: .5rem; overflow-x: auto; min-width: 0; }
dl { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin: 1rem 0; } dl div { display: flex;
  flex-direction: column-reverse; } dd { margin: 0; font-size: 1.7rem; font-weight: 600; line-height: 1.2; }
dt { color: var(--quiet); }
svg { width: 100%; height: auto; display: block; }
.bar { fill: var(--one); } .area { fill: transparent; } .area:hover { fill: var(--ink); fill-opacity: .08; }
.part { stroke: var(--panel); stroke-width: .75; } .part-0 { fill: var(--part-0); } .part-1 { fill: var(--part-1); }
.part-2 { fill: var(--part-2); } .part-3 { fill: var(--part-3); }
.grid { stroke: var(--grid); } .tick, .key { fill: var(--quiet); font-size: 11px; }
.line polyline { fill: none; stroke-width: 2; } .line-0 polyline { stroke: var(--one); }
.line-1 polyline { stroke: var(--two); stroke-dasharray: 6 4; }
.line-0 .mark { fill: var(--one); } .line-1 .mark { fill: var(--two); }
.heat-0 { fill: var(--heat-0); } .heat-1 { fill: var(--heat-1); } .heat-2 { fill: var(--heat-2); }
.heat-3 { fill: var(--heat-3); } .heat-4 { fill: var(--heat-4); }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .15rem .8rem .15rem 0; } th { color: var(--quiet); font-weight: 600; }
th, td { white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; min-width: 7rem; }
details { margin-top: .5rem; } summary { color: var(--quiet); }
""".strip()

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What the page may load: nothing. A deck's title could not fetch anything even if it were not escaped."""


def report(found: Statistics, *, title_of: dict[str, str]) -> str:
    """The statistics as a whole HTML document; `title_of` are the titles of decks by their ids."""
    chosen = ", ".join(title_of.get(deck, deck) for deck in found.decks) or "All decks"
    span = f"{count(found.days, 'day')} up to {date_of(found.day)}"
    inside = "".join(
        f"<section>\n<h2>{escape(title)}</h2>\n{body}</section>\n" for title, body in sections(found, title_of)
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Statistics of {date_of(found.day)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
        f'<h1>Statistics</h1>\n<p class="quiet">{escape(chosen)}, {span}</p>\n{_headline(found)}'
        f'<main>\n{inside}</main>\n<p class="quiet">{_DEFINITION}</p>\n</body>\n</html>\n'
    )


def _headline(found: Statistics) -> str:
    share = found.total.retention.share
    figures = (
        ("answers", f"{found.total.answers:,}"),
        ("days studied", f"{found.studied:,}"),
        ("spent", spent(found.total.ms)),
        ("new cards", f"{found.introduced:,}"),
        ("true retention", "–" if share is None else f"{share:.1%}"),
    )
    return f"<dl>{''.join(f'<div><dt>{name}</dt><dd>{each}</dd></div>' for name, each in figures)}</dl>\n"


_DEFINITION = (
    "True retention is the share of answers other than “again” among those to cards in review; young below intervals "
    "of 21 days, mature from there on. Steps of learning and relearning are left out. Point at a bar or a dot for its "
    "figures."
)
