"""`export`: decks to Anki packages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, say, say_notes
from nlpcards.cli.querying import QUERY_ARGUMENT, QueryCommand, selected
from nlpcards.core.errors import UsageError
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.anki.export import Report


@click.command(cls=QueryCommand)
@click.argument("out", metavar="OUT.apkg", type=click.Path(path_type=Path))
@QUERY_ARGUMENT
@click.option("--with-history", is_flag=True, help="Schedules, memory, review log and a preset of deck options, too.")
@click.option("--no-media", is_flag=True, help="Leave the pictures' files out.")
@click.option("--each", is_flag=True, help="OUT is a folder: write one package for each deck there.")
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def export(
    invocation: Invocation,
    out: Path,
    query: tuple[str, ...],
    with_history: bool,
    no_media: bool,
    each: bool,
    as_json: bool,
    decks: tuple[Path, ...],
) -> None:
    """Write an Anki package of some decks, or of the notes of the cards that a query finds; of all without one.

    One deck: `nlpcards export mine.apkg deck:mine`.

    Importing it again updates what changed. What a card has learned goes along only with --with-history, and Anki takes
    it only for cards that it does not have yet.
    """
    if each and out.suffix.lower() == ".apkg":
        raise UsageError(f"with --each {out} is to be a folder", remedy=f"Write {out.with_suffix('')}.")
    if not each and out.suffix.lower() != ".apkg":
        raise UsageError(f"{out} does not end in .apkg", remedy=f"Write {out.with_suffix('.apkg')}.")
    from nlpcards.collection.exporting import Wish, export_each
    from nlpcards.collection.exporting import export as write

    wish = Wish(history=with_history, media=not no_media)
    with invocation.open(decks) as collection:
        chosen = selected(collection, query)
        if each:
            packages = []
            for written in export_each(collection, out, chosen.decks, chosen.query, wish):
                packages.append(written)
                _say(*written)
        else:
            packages = [(out, write(collection, out, chosen.decks, say_notes, chosen.query, wish=wish))]
            _say(*packages[0], quiet=as_json)
    if as_json:
        print_json(_as_json(out, packages, each=each))


def _say(path: Path, report: Report, *, quiet: bool = False) -> None:
    for missing in report.missing:
        say(str(missing))
    if report.crowded_out:
        say(f"{path}: {count(report.crowded_out, 'row')} of the review log had no room beside others of one instant.")
    if report.held_back:
        rows = f"{count(report.held_back, 'row')} of the review log"
        say(f"{path}: {rows}, of what you did under a clock that was ahead, held back until the time that it showed.")
    if quiet:
        return
    parts = [count(report.notes, "note"), count(report.cards, "card"), count(report.decks, "deck")]
    if report.log_rows:
        parts.append(f"{count(report.log_rows, 'row')} of review log")
    say(f"{path}: {', '.join(parts)}.")


def _as_json(out: Path, packages: Iterable[tuple[Path, Report]], *, each: bool) -> dict[str, object]:
    told: list[dict[str, object]] = [
        {
            "path": str(path),
            "notes": report.notes,
            "cards": report.cards,
            "decks": report.decks,
            "media": report.media,
            "log_rows": report.log_rows,
            "held_back": report.held_back,
        }
        for path, report in packages
    ]
    return {"path": str(out), "packages": told} if each else told[0]
