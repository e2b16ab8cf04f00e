"""`backup`, `restore` and `doctor`: looking after the journal."""

from __future__ import annotations

from pathlib import Path

import click

from nlpcards.cli.context import JSON_OPTION, Invocation, print_json, say


@click.command()
@click.argument("out", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(invocation: Invocation, out: Path | None) -> None:
    """Copy the journal to a file, or into its own backups folder."""
    from nlpcards.collection.health import back_up

    with invocation.open() as collection:
        click.echo(str(back_up(collection, out)))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def restore(invocation: Invocation, file: Path) -> None:
    """Bring the answers of a backup back, beside those given since; nothing is taken away."""
    from nlpcards.collection.health import restore as bring_back

    with invocation.open() as collection:
        count = bring_back(collection, file)
    say(f"Restored {count} events from {file}." if count else f"{file} holds nothing that is not here already.")


@click.command()
@JSON_OPTION
@click.pass_obj
def doctor(invocation: Invocation, as_json: bool) -> int:
    """Check the journal's file, rebuild every card's state from the events, and say whether anything differed."""
    from nlpcards.collection.health import doctor as visit

    with invocation.open() as collection:
        health = visit(collection)
    if as_json:
        print_json(
            {
                "events": health.events,
                "cards": health.cards,
                "damage": list(health.damage),
                "different": list(health.different),
                "without_note": list(health.without_note),
            }
        )
        return 1 if health.damage else 0
    for line in health.damage:
        click.echo(f"Damage: {line}")
    for line in health.different:
        click.echo(f"Rebuilt: {line}")
    for card in health.without_note:
        click.echo(f"No note: {card} keeps its history until its note comes back")
    well = "" if health.damage or health.different else "; every card's state is what its events say"
    say(f"{health.events} events of {health.cards} cards{well}.")
    return 1 if health.damage else 0
