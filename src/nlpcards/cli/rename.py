"""`rename`: another id for a deck, a note or a card, with its history and all that refers to it."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put, say
from nlpcards.core.words import count


@click.command()
@click.argument("old", metavar="DECK|NOTE|CARD")
@click.argument("new", metavar="NEW")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def rename(invocation: Invocation, old: str, new: str, dry_run: bool, as_json: bool, decks: tuple[Path, ...]) -> None:
    """Give a deck (`lstm`), a note (`lstm/gates`) or a card (`lstm/gates#step.merge`) another id; a note that is given
    one of another deck moves there.

    What was learned stays, and whatever names it is changed too, in all your deck files. Nothing else in them is.
    """
    with invocation.open(decks) as collection:
        from nlpcards.collection.renaming import apply, changes_for

        changes = changes_for(collection, old, new)
        if not dry_run:
            apply(collection, changes)
    paths = [str(change.path) for change in changes]
    if as_json:
        print_json({"old": old, "new": new, "files": paths, "dry_run": dry_run})
        return
    if dry_run:
        for change in changes:
            before, after = (
                ((data or b"").decode("utf-8", "replace").splitlines()) for data in (change.before, change.after)
            )
            for line in unified_diff(before, after, str(change.path), str(change.path), lineterm="", n=1):
                put(line)
        say(f"{count(len(changes), 'file')} would change; nothing was written.")
        return
    for path in paths:
        put(path)
    say(f"{old} is {new} now; {count(len(changes), 'file')} changed, and what was learned stays with it.")
