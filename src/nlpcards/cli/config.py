"""`config`: the learner's settings, whether `config.toml` or the journal keeps them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put, say
from nlpcards.core.errors import NlpcardsError

if TYPE_CHECKING:
    from nlpcards.collection.settings import Bindings, Configuration, Held


def _opened(invocation: Invocation, decks: tuple[Path, ...] = ()) -> Configuration:
    from nlpcards.collection.home import default_home
    from nlpcards.collection.settings import Configuration

    home = default_home()

    def known_decks() -> Collection[str]:
        from nlpcards.collection.collection import load_library

        return load_library(home, (*invocation.decks, *decks)).decks

    def themes() -> Collection[str]:
        from nlpcards.tui.themed import theme_names

        return theme_names()

    def bindings() -> Bindings:
        from nlpcards.tui import rebinding

        return rebinding

    return Configuration(home, themes=themes, decks=known_decks, bindings=bindings)


@click.group(invoke_without_command=True)
@click.pass_context
def config(ctx: click.Context) -> None:
    """Show and change settings: limits, order, easy days, theme, keys, editor, and what shapes memory.

    What shapes memory (steps, desired retention, rollover, parameters) is kept in the journal and holds from the moment
    it is set; all else is in config.toml. Without a command it lists them.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@config.command("list")
@JSON_OPTION
@click.pass_obj
def list_(invocation: Invocation, as_json: bool = False) -> None:
    """List every setting with its value, its default and where it is kept."""
    from nlpcards.cli.table import print_table
    from nlpcards.collection.settings import described, shown

    with _opened(invocation) as configuration:
        held = configuration.all()
    if as_json:
        print_json([described(each) for each in held])
        return
    rows = [(each.name, shown(each.value), shown(each.default), _kept(each)) for each in held]
    print_table([("setting", "value", "default", "kept in"), *rows], left=4)
    say(f"The file is {configuration.file}; docs/configuration.md says what each setting takes.")


def _kept(held: Held) -> str:
    if held.changed is not None:
        return f"{held.key.keeper.value}, set on {held.changed.isoformat()}"
    return held.key.keeper.value if held.is_set else ""


@config.command()
@click.argument("key")
@JSON_OPTION
@click.pass_obj
def get(invocation: Invocation, key: str, as_json: bool) -> None:
    """Print the value of a setting."""
    from nlpcards.collection.setting_keys import written
    from nlpcards.collection.settings import described

    with _opened(invocation) as configuration:
        held = configuration.get(key)
    if as_json:
        print_json(described(held))
    else:
        put(written(held.value))


@config.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("key")
@click.argument("value", nargs=-1, required=True)
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def set_(invocation: Invocation, key: str, value: tuple[str, ...], as_json: bool, decks: tuple[Path, ...]) -> None:
    """Set a setting, such as `limits.new 15`, `learning_steps 1m 10m` or `desired_retention/lstm 0.95`."""
    with _opened(invocation, decks) as configuration:
        before, after = configuration.set(key, " ".join(value))
    _report(before, after, as_json=as_json)


@config.command()
@click.argument("key")
@JSON_OPTION
@click.pass_obj
def unset(invocation: Invocation, key: str, as_json: bool) -> None:
    """Give a setting its default again."""
    with _opened(invocation) as configuration:
        before, after = configuration.unset(key)
    _report(before, after, as_json=as_json)


def _report(before: Held, after: Held, *, as_json: bool) -> None:
    from nlpcards.collection.setting_keys import Keeper, written
    from nlpcards.collection.settings import described

    if as_json:
        print_json(described(after) | {"before": described(before)["value"]})
        return
    now, then = written(after.value) or "empty", written(before.value) or "empty"
    if now == then:
        say(f"{after.name} is {now} already.")
        return
    holds = ""
    if after.key.keeper is Keeper.JOURNAL:
        holds = (
            " Every card's stability and difficulty were worked out anew."
            if after.name == "parameters"
            else " It holds from now on; cards keep the due days they have."
        )
    say(f"{after.name} is now {now}; it was {then}.{holds}")


@config.command()
@click.pass_obj
def edit(invocation: Invocation) -> int:
    """Open config.toml in your editor, and check it when you come back. Where there is none, one is written in which
    every default is shown as a comment. Exits with 1 where you leave a mistake.
    """
    from nlpcards.collection.editor import editor_of, open_at

    with _opened(invocation) as configuration:
        named = ""
        try:
            configuration.begin_file()
            configuration.check()
            named = str(configuration.get("editor").value)
        except NlpcardsError as error:
            if not configuration.file.exists():
                raise
            mistake: NlpcardsError | None = error
        else:
            mistake = None
        editor = editor_of(named, os.environ)
        while True:
            open_at(editor, configuration.file, _line(mistake))
            try:
                configuration.check()
            except NlpcardsError as error:
                mistake = error
            else:
                return 0
            say(str(mistake))
            if not sys.stdin.isatty() or not click.confirm("Edit it again?", default=True, err=True):
                return 1


def _line(mistake: NlpcardsError | None) -> int:
    """The line that a mistake in the file is on, as far as it says so."""
    found = re.search(r"at line ([0-9]+)", mistake.message) if mistake else None
    return int(found[1]) if found else 1
