"""Queries as words of a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nlpcards.cli.context import say

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.collection.selection import Selection

QUERY_ARGUMENT = click.argument("query", nargs=-1, metavar="[QUERY]...")
"""`[QUERY]…`: all the words together are one query."""

_HIDDEN = "\0"


class QueryCommand(click.Command):
    """A command whose words are a query, so that `-tag:hard` leaves a tag out and is no row of options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words, those that begin with one minus as parts of the query."""
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        # No word of a command line can hold a NUL, so it marks what click is not to look at.
        hidden = [f"{_HIDDEN}{word}" if _leaves_out(word) and word not in own else word for word in args]
        rest = super().parse_args(ctx, hidden)
        words = ctx.params.get("query", ())
        ctx.params["query"] = tuple(word.removeprefix(_HIDDEN) for word in words)
        return rest


def _leaves_out(word: str) -> bool:
    return word.startswith("-") and not word.startswith("--") and word != "-"


def selected(collection: Collection, query: tuple[str, ...], *, naming_decks: bool = True) -> Selection:
    """What the words of a command choose (see `searching.select`); says on standard error what a query cannot know."""
    if not query:
        from nlpcards.collection.selection import Selection

        return Selection(collection.chosen(()))
    from nlpcards.collection.searching import select

    chosen = select(collection, query, naming_decks=naming_decks)
    for notice in chosen.notices:
        say(notice)
    return chosen
