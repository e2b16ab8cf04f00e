"""`backup`, `restore` and `doctor`: looking after the journal."""

from __future__ import annotations

from pathlib import Path

import click

from nlpcards.cli.context import JSON_OPTION, Invocation, print_json, put, say
from nlpcards.core.words import count


@click.command()
@click.argument("out", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(invocation: Invocation, out: Path | None) -> None:
    """Copy the journal to a file, or into its own backups folder."""
    from nlpcards.collection.health import back_up

    with invocation.open() as collection:
        put(str(back_up(collection, out)))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def restore(invocation: Invocation, file: Path) -> None:
    """Bring the answers of a backup back, beside those given since. A journal that is damaged is put aside first."""
    # The collection is not opened: what is broken in it must not stand in the way of mending it.
    from nlpcards.collection.health import restore as bring_back
    from nlpcards.collection.home import default_home

    restored = bring_back(default_home(), file)
    if restored.aside is not None:
        say(f"The journal was damaged; it is now {restored.aside}, and this one starts from the copy.")
    say(
        f"Restored {count(restored.events, 'event')} from {file}."
        if restored.events
        else f"{file} holds nothing that is not here already."
    )


@click.command()
@JSON_OPTION
@click.pass_obj
def doctor(invocation: Invocation, as_json: bool) -> int:
    """Check the journal's file, rebuild every card's state from the events, and say whether anything differed. A
    damaged file is left as it is. Exits with 1 where there is damage.
    """
    from nlpcards.collection.health import doctor as visit
    from nlpcards.collection.home import default_home

    with invocation.open() as collection:
        health = visit(collection)
    if as_json:
        print_json(
            {
                "events": health.events,
                "cards": health.cards,
                "damage": list(health.damage),
                "remedy": health.remedy,
                "different": list(health.different),
                "without_note": list(health.without_note),
                "off_roadmap": list(health.off_roadmap),
                "deck_cache_bytes": health.deck_cache,
            }
        )
        return 1 if health.damage else 0
    for line in health.damage:
        put(f"Damage: {line}")
    if health.damage:
        say(f"The journal is damaged; nothing was rebuilt or changed. {health.remedy}")
        return 1
    for line in health.different:
        put(f"Rebuilt: {line}")
    for card in health.without_note:
        put(f"No note: {card} keeps its history until its note comes back")
    for what in health.off_roadmap:
        put(f"On no roadmap: {what} is kept as you set it until it comes back")
    well = "" if health.different else "; every card's state is what its events say"
    say(f"{health.events} events of {health.cards} cards{well}.")
    if health.deck_cache:
        folder = default_home().deck_cache
        say(f"{folder} has {health.deck_cache / 1e6:.1f} MB of what decks say, to start sooner; it may be deleted.")
    return 0
