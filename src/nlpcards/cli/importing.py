"""`import`: cards of other programs to decks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlpcards.cli.context import JSON_OPTION, Invocation, print_json, say
from nlpcards.core.errors import UsageError
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.decks.importing.result import Report

PACKAGES = frozenset({".apkg", ".colpkg", ".anki2"})
"""The endings of Anki's own files."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), metavar="FOLDER", help="Where the decks go; your own folder.")
@click.option("--deck", default="", metavar="ID", help="The id of the deck, for all notes of the file.")
@click.option("--title", default="", metavar="TITLE", help="The title of a new deck.")
@click.option("--columns", default="", metavar="q,a,-,tags", help="What a table's columns are; `-` leaves one out.")
@click.option(
    "--text",
    "cells",
    type=click.Choice(["plain", "markdown", "html"]),
    help="What a table's texts are: as they stand (the default), Markdown, or HTML as in Anki.",
)
@click.option(
    "--history", is_flag=True, help="Take from Anki's file only what was done there with cards that are here."
)
@click.option("--with-settings", is_flag=True, help="Take from Anki's file FSRS parameters, retention and steps, too.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done.")
@JSON_OPTION
@click.pass_obj
def import_(
    invocation: Invocation,
    file: Path,
    into: Path | None,
    deck: str,
    title: str,
    columns: str,
    cells: str | None,
    history: bool,
    with_settings: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import cards: Anki's (.apkg, .colpkg, collection.anki2), a table (.csv, .tsv), Anki's notes in plain text (.txt),
    or Markdown with `Q:` and `A:` (.md).

    They are added to decks in your own folder. A note that a deck has already stays as it is, so a file can be imported
    again. What cannot be carried over is named with its line. Exits with 1 where nothing could be, and with 3 where
    nothing is new.

    From an .apkg, a .colpkg or a closed collection.anki2 come notes with their media, what you reviewed in Anki, and
    what is suspended, flagged or buried there. With --history no notes come, only that, of cards that are here.
    """
    if history:
        if into or deck or title or columns or cells or with_settings:
            raise UsageError("--history goes with --dry-run and --json alone", remedy="Leave the other options out.")
        return _bring_back(invocation, file, dry_run=dry_run, as_json=as_json)
    if file.suffix.lower() in PACKAGES:
        from nlpcards.cli.importing_packages import import_package_file

        if columns or cells:
            raise UsageError(
                "only a table has columns and cells, and this is Anki's file",
                place=str(file),
                remedy="Leave `--columns` and `--text` out.",
            )
        return import_package_file(
            invocation, file, into, deck, title.strip(), with_settings=with_settings, dry_run=dry_run, as_json=as_json
        )
    if with_settings:
        raise UsageError("only Anki's own files bring settings", place=str(file), remedy="Leave `--with-settings` out.")
    from nlpcards.cli.imported import folder_for
    from nlpcards.decks.importing.columns import named_columns
    from nlpcards.decks.importing.deck_files import Wanted, import_reading
    from nlpcards.decks.importing.formats import read_file
    from nlpcards.decks.importing.tables import Cells

    folder = folder_for(into)
    roles = named_columns(columns) if columns else ()
    reading = read_file(file, columns=roles, cells=Cells(cells) if cells else None)
    taken = _decks_there(invocation, folder)
    report = import_reading(reading, file, Wanted(folder, deck, title.strip()), taken, write=not dry_run)
    if as_json:
        print_json(_as_json(report))
    else:
        _say(report, file, dry_run=dry_run)
    if report.notes:
        return 0
    return 3 if report.known else 1


def _bring_back(invocation: Invocation, file: Path, *, dry_run: bool, as_json: bool) -> int:
    """Take reviews from Anki's file, and say what came."""
    from nlpcards.cli.running_anki import signs_in_words
    from nlpcards.collection.bringing_back import bring_back

    with invocation.open() as collection:
        brought = bring_back(collection, file, write=not dry_run)
    if not brought.rollover_is_told:
        say(f"A package does not say when Anki's days begin; {brought.rollover:02}:00 was taken, as here.")
    if as_json:
        print_json(
            {
                "notes": 0,
                "cards": brought.cards,
                "reviews": brought.reviews,
                "media": 0,
                "known": brought.known,
                "exported": brought.ours,
                "undone": brought.undone,
                "rescheduled": brought.rescheduled,
                "suspended": brought.suspended,
                "flagged": brought.flagged,
                "buried": brought.buried,
                "elsewhere": brought.elsewhere,
                "skipped": [],
            }
        )
    else:
        would = "would come" if dry_run else "came"
        said = [f"{count(brought.reviews, 'review')} of {count(brought.cards, 'card')} {would} from Anki"]
        if brought.undone:
            said.append(f"{count(brought.undone, 'review')} taken back there")
        said += signs_in_words(brought)
        if brought.known:
            said.append(f"{count(brought.known, 'review')} here already")
        if brought.ours:
            said.append(f"{count(brought.ours, 'review')} made here")
        if brought.elsewhere:
            said.append(f"{count(brought.elsewhere, 'review')} of cards that are in no deck here")
        say(f"{file}: {'; '.join(said)}.")
    return 0 if brought.changes else 3


def _decks_there(invocation: Invocation, folder: Path) -> dict[str, Path]:
    """The files of the decks that a new one would stand beside, by their ids."""
    from nlpcards.collection.collection import load_library
    from nlpcards.collection.home import default_home
    from nlpcards.decks.library import load

    home = default_home()
    places = [place.resolve() for place in (invocation.decks or (home.decks, *home.deck_places()))]
    if any(folder.resolve().is_relative_to(place) for place in places):
        library = load_library(home, invocation.decks)
    elif folder.is_dir():
        library = load([folder])
    else:
        return {}
    return {name: Path(file.path) for name in library.decks if (file := library.file(name)) is not None}


def _as_json(report: Report) -> dict[str, object]:
    return {
        "notes": report.notes,
        "cards": report.cards,
        "reviews": 0,
        "media": report.media,
        "known": report.known,
        "skipped": [{"line": each.line, "reason": each.reason} for each in report.skipped],
        "remarks": list(report.remarks),
        "files": list(report.files),
    }


def _say(report: Report, file: Path, *, dry_run: bool) -> None:
    from nlpcards.cli.imported import added, conclude, copied, tell, there_already

    left_out = [f"{file}:{each.line}: {each.reason}" for each in report.skipped]
    tell(report.remarks, left_out, "lines have such", report.files)
    said = added(report.notes, report.cards, dry_run=dry_run) + copied(report.media, dry_run=dry_run)
    conclude(file, said + there_already(report.known))
