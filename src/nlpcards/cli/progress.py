"""`progress`: how far one has come, for oneself or for a page of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put, say


@click.command()
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a table in Markdown.")
@click.option(
    "--badge",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write a badge in SVG to a file, or print it (`-`); it needs no network.",
)
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def progress(
    invocation: Invocation, as_markdown: bool, badge: Path | None, as_json: bool, decks: tuple[Path, ...]
) -> None:
    """Say how far you have come: by the stages of the track you follow, and by area."""
    from nlpcards.collection.roadmap import printing
    from nlpcards.collection.roadmap.standing import standing

    with invocation.open(decks, read_only=True) as collection:
        found = standing(collection)
    if badge is not None:
        drawn = printing.badge(found)
        if str(badge) == "-":
            put(drawn)
        else:
            printing.write_badge(badge, drawn)
            say(f"{badge}: show it in Markdown with ![progress]({badge.name})")
    if as_json:
        from nlpcards.core.roadmap.as_data import progress_as_data

        track = found.followed
        print_json(
            {
                "track": track.track.id if track else None,
                "stages": [{"id": each.stage.id, **progress_as_data(each.progress)} for each in track.stages]
                if track
                else [],
                "areas": [{"id": each.area.id, **progress_as_data(each.progress)} for each in found.areas],
                "all": progress_as_data((track or found).progress),
            }
        )
    elif as_markdown:
        put(printing.markdown(found))
    elif badge is None:
        from nlpcards.cli.table import print_table

        for table in printing.tables(found):
            print_table(table)
            put()
