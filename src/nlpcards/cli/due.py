"""`due`: what is to be asked today, for people and for scripts that ask every minute.

Its answer is remembered as long as nothing has changed, so that a prompt that shows it stays quick; what it takes to
count anew is imported only then.
"""

from __future__ import annotations

import time
from pathlib import Path

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json
from nlpcards.cli.querying import QUERY_ARGUMENT, QueryCommand, selected
from nlpcards.collection.clock import Clock
from nlpcards.collection.home import default_home
from nlpcards.collection.last_count import DeckCount, counts_of, keep, last_count, look


@click.command(cls=QueryCommand)
@QUERY_ARGUMENT
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def due(invocation: Invocation, query: tuple[str, ...], as_json: bool, decks: tuple[Path, ...]) -> None:
    """Say what is to be asked today: of some decks, or of the cards that a query finds; of all without one."""
    counts = _of_query(invocation, query, decks) if query else _of_all(invocation, decks)
    totals = {name: sum(getattr(each, name) for each in counts) for name in ("new", "learning", "review", "total")}
    if as_json:
        rows = [
            {"deck": each.deck, "new": each.new, "learning": each.learning, "review": each.review} for each in counts
        ]
        print_json({**totals, "decks": rows})
        return
    from nlpcards.cli.table import print_table

    table: list[tuple[str, ...]] = [("deck", *totals)]
    table += [(each.deck, *map(str, (each.new, each.learning, each.review, each.total))) for each in counts]
    if len(counts) != 1:
        table.append(("all", *map(str, totals.values())))
    print_table(table)


def _of_all(invocation: Invocation, decks: tuple[Path, ...]) -> tuple[DeckCount, ...]:
    home, places = default_home(), (*invocation.decks, *decks)
    known = last_count(home, places, Clock())
    if known is not None:
        return known
    looked = look(home, places)
    with invocation.open(decks, read_only=True) as collection:
        counts = counts_of(collection.plan(collection.chosen(())), collection.library.decks)
        keep(collection, looked, counts, time.time_ns())
    return counts


def _of_query(invocation: Invocation, query: tuple[str, ...], decks: tuple[Path, ...]) -> tuple[DeckCount, ...]:
    from nlpcards.collection.searching import EVERYTHING, Searching

    with invocation.open(decks, read_only=True) as collection:
        chosen = selected(collection, query)
        with Searching(collection) as searching:
            explicit = chosen.query != EVERYTHING
            plan = collection.plan(chosen.decks, chosen=searching.test(chosen.query), explicit=explicit)
        return counts_of(plan, collection.library.decks)
