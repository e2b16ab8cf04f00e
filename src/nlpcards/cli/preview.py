"""`preview`: a deck file's cards, drawn again whenever it is saved."""

from __future__ import annotations

from pathlib import Path

import click

from nlpcards.cli.context import DECKS_OPTION, Invocation, need_terminal


@click.command()
@click.argument("deck", metavar="DECK|FILE")
@DECKS_OPTION
@click.pass_obj
def preview(invocation: Invocation, deck: str, decks: tuple[Path, ...]) -> None:
    """Show every card of a deck as it will be asked, and follow the file: have it beside your editor while you write.

    Mistakes stand where they are, with the line and what to write instead.
    """
    need_terminal("Print the cards with `nlpcards show DECK`, and the mistakes with `nlpcards check`.")
    import os

    from nlpcards.collection.clock import Clock
    from nlpcards.collection.editor import editor_of, open_at
    from nlpcards.collection.home import default_home
    from nlpcards.collection.previewing import file_of, is_bundled
    from nlpcards.collection.taste import read_taste
    from nlpcards.core.errors import NlpcardsError
    from nlpcards.tui.preview import PreviewApp, run

    home = default_home()
    taste = read_taste(home.settings)
    path = file_of(deck, home, (*invocation.decks, *decks))

    def edit(file: Path, line: int) -> None:
        if is_bundled(file):
            raise NlpcardsError(
                "this deck came with the program, so it is not edited where it is",
                remedy="Correct a note with `nlpcards edit DECK/NOTE`: that goes into a deck of your own.",
            )
        open_at(editor_of(taste.editor, os.environ), file, line)

    run(
        PreviewApp(
            path,
            edit=edit,
            today=Clock().local().date(),
            others=(*invocation.decks, *decks) or home.deck_places(),
            taste=taste,
            taste_place=str(home.settings),
            environment=os.environ,
        )
    )
