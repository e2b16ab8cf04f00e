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

_HIDDEN = "\x01"
"""Nothing that a keyboard types begins so, and unlike a NUL it may stand in the path that it is taken for."""


class QueryCommand(click.Command):
    """A command whose words are a query, so that `-tag:hard` leaves a tag out and is no row of options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words, those that begin with one minus as parts of the query."""
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        hidden = [f"{_HIDDEN}{word}" if _leaves_out(word) and word not in own else word for word in args]
        rest = super().parse_args(ctx, hidden)
        for name, value in ctx.params.items():
            if name != "query" and str(value).startswith(_HIDDEN):
                raise click.NoSuchOption(str(value).removeprefix(_HIDDEN), ctx=ctx)
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
