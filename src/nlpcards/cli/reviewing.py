"""`review`, and the terminal interface itself."""

from __future__ import annotations

from pathlib import Path

import click

from nlpcards.cli.context import DECKS_OPTION, Invocation, need_terminal
from nlpcards.cli.querying import QUERY_ARGUMENT, QueryCommand, selected
from nlpcards.core.errors import UsageError
from nlpcards.core.queue import DAILY, Ahead, Cram, Daily, Purpose


def open_interface(
    invocation: Invocation,
    query: tuple[str, ...] | None,
    places: tuple[Path, ...] = (),
    purpose: Purpose = DAILY,
) -> None:
    """Open the terminal interface on Today, or on a review of what a query chooses (an empty tuple: of all), for a
    purpose.
    """
    need_terminal()
    from nlpcards.tui.app import run

    with invocation.open(places) as collection:
        if query is None:
            run(collection)
        else:
            chosen = selected(collection, query)
            run(collection, start=chosen.decks, query=chosen.query, purpose=purpose)


@click.command(cls=QueryCommand)
@QUERY_ARGUMENT
@click.option("--plain", is_flag=True, help="Line by line, without screen control: for screen readers and pipes.")
@click.option("--minutes", type=click.FloatRange(0.1, 1440), metavar="M", help="What is worth M minutes most.")
@click.option(
    "--catch-up", type=click.IntRange(1, 3650), metavar="N", help="Spread what is due over N days from today."
)
@click.option("--ahead", type=click.IntRange(1, 3650), metavar="DAYS", help="Practise what is due in DAYS days, too.")
@click.option("--cram", is_flag=True, help="Practise every card, due or not, the weakest first.")
@click.option("--reschedule", is_flag=True, help="With --ahead or --cram: let the answers count as reviews.")
@DECKS_OPTION
@click.pass_obj
def review(
    invocation: Invocation,
    query: tuple[str, ...],
    plain: bool,
    minutes: float | None,
    catch_up: int | None,
    ahead: int | None,
    cram: bool,
    reschedule: bool,
    decks: tuple[Path, ...],
) -> None:
    """Review what is due: of some decks, or of the cards that a query finds (see `browse`); of all without one."""
    purpose = purpose_of(minutes=minutes, catch_up=catch_up, ahead=ahead, cram=cram, reschedule=reschedule)
    if not plain:
        open_interface(invocation, query, decks, purpose)
        return
    from nlpcards.cli.plain import review_plainly

    with invocation.open(decks) as collection:
        if not query and purpose == DAILY:
            from nlpcards.cli.plain_greeting import greet_plainly

            greet_plainly(collection)
        chosen = selected(collection, query)
        review_plainly(collection, chosen.decks, chosen.query, purpose)


def purpose_of(
    *,
    minutes: float | None = None,
    catch_up: int | None = None,
    ahead: int | None = None,
    cram: bool = False,
    reschedule: bool = False,
) -> Purpose:
    """What the options of `review` ask for.

    Raises:
        UsageError: two of them exclude each other.
    """
    given = {"--catch-up": catch_up is not None, "--ahead": ahead is not None, "--cram": cram}
    named = [option for option, there in given.items() if there]
    if len(named) > 1:
        raise UsageError(f"{' and '.join(named)} are for different sessions", remedy="Give one of them.")
    if reschedule and ahead is None and not cram:
        raise UsageError(
            "--reschedule belongs to --ahead or --cram",
            remedy="Leave it out: the answers of a daily review always count.",
        )
    if ahead is not None:
        return Ahead(ahead, reschedule, minutes)
    return Cram(reschedule, minutes) if cram else Daily(catch_up, minutes)
