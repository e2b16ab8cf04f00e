"""`schema`: what a deck file may hold, for editors."""

from __future__ import annotations

import click

from nlpcards.cli.context import print_json


@click.command()
def schema() -> None:
    """Print the JSON Schema of a deck file, by which editors complete and check while you type.

    `nlpcards new` writes the line that names the published one. To use this copy, save it and begin the deck with
    `# yaml-language-server: $schema=PATH`.
    """
    from nlpcards.decks.schema import schema as whole

    print_json(whole())
