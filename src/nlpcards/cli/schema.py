"""`schema`: what a deck file or a roadmap file may hold, for editors."""

from __future__ import annotations

import click

from nlpcards.cli.context import print_json


@click.command()
@click.option("--roadmap", is_flag=True, help="Print the schema of a roadmap file instead.")
def schema(roadmap: bool) -> None:
    """Print the JSON Schema of a deck file, by which editors complete and check while you type.

    `nlpcards new` writes the line that names the published one. To use this copy, save it and begin the file with
    `# yaml-language-server: $schema=PATH`.
    """
    if roadmap:
        from nlpcards.decks.roadmaps.schema import roadmap_schema

        print_json(roadmap_schema())
        return
    from nlpcards.decks.schema import schema as whole

    print_json(whole())
