"""`export`: decks to an Anki package."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, say, say_progress
from nlpcards.cli.querying import QUERY_ARGUMENT, QueryCommand, selected
from nlpcards.core.errors import UsageError
from nlpcards.core.words import count


@click.command(cls=QueryCommand)
@click.argument("out", metavar="OUT.apkg", type=click.Path(path_type=Path))
@QUERY_ARGUMENT
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def export(invocation: Invocation, out: Path, query: tuple[str, ...], as_json: bool, decks: tuple[Path, ...]) -> None:
    """Write an Anki package of some decks, or of the notes of the cards that a query finds; of all without one.

    Importing it again updates what changed.
    """
    if out.suffix.lower() != ".apkg":
        raise UsageError(f"{out} does not end in .apkg", remedy=f"Write {out.with_suffix('.apkg')}.")
    from nlpcards.collection.exporting import export as write

    def progress(done: int, total: int) -> None:
        if total >= 2_000 and (done % 500 == 0 or done == total) and sys.stderr.isatty():
            say_progress(f"{done} of {total} notes", last=done == total)

    with invocation.open(decks) as collection:
        chosen = selected(collection, query)
        report = write(collection, out, chosen.decks, progress, chosen.query)
    for missing in report.missing:
        say(str(missing))
    if as_json:
        print_json(
            {
                "path": str(out),
                "notes": report.notes,
                "cards": report.cards,
                "decks": report.decks,
                "media": report.media,
            }
        )
        return
    say(f"{out}: {count(report.notes, 'note')}, {count(report.cards, 'card')}, {count(report.decks, 'deck')}.")
