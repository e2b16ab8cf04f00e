"""`review`, and the terminal interface itself."""

from __future__ import annotations

from pathlib import Path

import click

from nlpcards.cli.context import DECKS_OPTION, Invocation, need_terminal


def open_interface(invocation: Invocation, decks: tuple[str, ...] | None, places: tuple[Path, ...] = ()) -> None:
    """Open the terminal interface on Today, or on a review of some decks (an empty tuple: of all)."""
    need_terminal()
    from nlpcards.tui.app import run

    with invocation.open(places) as collection:
        run(collection, start=None if decks is None else collection.chosen(decks))


@click.command()
@click.argument("deck", nargs=-1)
@click.option("--plain", is_flag=True, help="Line by line, without screen control: for screen readers and pipes.")
@DECKS_OPTION
@click.pass_obj
def review(invocation: Invocation, deck: tuple[str, ...], plain: bool, decks: tuple[Path, ...]) -> None:
    """Review what is due in some decks, in all where none is named."""
    if not plain:
        open_interface(invocation, deck, decks)
        return
    from nlpcards.cli.plain import review_plainly

    with invocation.open(decks) as collection:
        review_plainly(collection, deck)
