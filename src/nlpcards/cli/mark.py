"""`mark`: how far one is with a resource or a milestone."""

from __future__ import annotations

from pathlib import Path

import click

from nlpcards.cli.context import DECKS_OPTION, Invocation, say


@click.command()
@click.argument("name", metavar="ID")
@click.argument("status", type=click.Choice(["todo", "doing", "done"]))
@click.option("--note", metavar="TEXT", help="A note with it; an empty one takes the old one away.")
@click.option("--on", metavar="DATE", help="The day, such as 2026-12-24; today if left out.")
@DECKS_OPTION
@click.pass_obj
def mark(
    invocation: Invocation, name: str, status: str, note: str | None, on: str | None, decks: tuple[Path, ...]
) -> None:
    """Say that a resource or a milestone of the roadmap is to do, begun or done; `nlpcards roadmap` lists their ids."""
    from nlpcards.collection.roadmap.changing import mark as write_down
    from nlpcards.core.days import date_of
    from nlpcards.core.due_dates import any_day
    from nlpcards.core.roadmap.following import Status

    with invocation.open(decks) as collection:
        day = None if on is None else any_day(on)
        found, marked = write_down(collection, name, Status(status), note=note, day=day)
    words = {Status.TODO: "to do", Status.DOING: "being done", Status.DONE: "done"}[marked.status]
    say(f"{found.title}: {words} since {date_of(marked.day).isoformat()}{f'; {marked.note}' if marked.note else ''}")
