"""`stats`: what a history of answers comes to, as tables, as JSON or as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put, say
from nlpcards.cli.table import print_table
from nlpcards.core.errors import NothingToDo
from nlpcards.core.words import count, spent

if TYPE_CHECKING:
    from nlpcards.core.stats.overview import Statistics


@click.command()
@click.argument("deck", nargs=-1)
@click.option(
    "--days", type=click.IntRange(1, 36_500), default=365, show_default=True, help="The period, in days up to today."
)
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write charts into one HTML file, which needs no network.",
)
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def stats(
    invocation: Invocation, deck: tuple[str, ...], days: int, page: Path | None, as_json: bool, decks: tuple[Path, ...]
) -> None:
    """Say what your answers come to: true retention, time, what is due; of some decks, or of all."""
    from nlpcards.collection.statistics import statistics

    with invocation.open(decks, read_only=True) as collection:
        found = statistics(collection, deck, days=days)
        if page is not None:
            from nlpcards.collection.reporting import write_report

            write_report(collection, found, page)
            say(f"{page}: open it in a browser.")
    if as_json:
        from nlpcards.core.stats.as_data import as_data

        print_json(as_data(found))
    elif page is None:
        if not found.begun:
            raise NothingToDo("there is no answer yet", remedy="Review some cards with `nlpcards review`.")
        _print(found)


def _print(found: Statistics) -> None:
    total = found.total
    put(
        f"Last {count(found.days, 'day')}: {count(total.answers, 'answer')} on {count(found.studied, 'day')}, "
        f"{spent(total.ms)}, {count(found.introduced, 'new card')}."
    )
    put()
    windows: list[tuple[str, ...]] = [("true retention", "young", "of", "mature", "of", "all", "of")]
    windows += [(name.lower(), *each.figures) for name, each in found.windows]
    print_table(windows)
    put()
    print_table([("cards", ""), *((name, f"{number:,}") for name, number in found.cards.named)])
    put()
    ahead = found.forecast
    rows = [("due", ""), ("before today", f"{ahead.backlog:,}"), ("today", f"{ahead.days[0]:,}")]
    rows += [("tomorrow", f"{ahead.days[1]:,}"), ("next 7 days", f"{sum(ahead.days[1:8]):,}")]
    rows += [("next 30 days", f"{sum(ahead.days[1:31]):,}")]
    print_table(rows)
    for title, groups in (("deck", found.by_deck), ("topic", found.by_topic)):
        shown = [row for row in groups if row.total.answers or row.met]
        if shown:
            put()
            print_table(
                [
                    (title, "answers", "time", "retention", "met", "cards", "remembered"),
                    *((row.name or "none", *row.figures) for row in shown),
                ]
            )
