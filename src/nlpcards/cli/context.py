"""What every command shares: the options that say where things are, and ways to print."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nlpcards.core.errors import UsageError

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.decks.problems import Problem

DECKS_OPTION = click.option(
    "--decks",
    "decks",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A deck file or a folder of them, instead of the bundled decks and your own; may be repeated.",
)
"""`--decks PATH`, before the command or after it."""

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
"""`--json`."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of the program: where its decks are, as given before the command."""

    decks: tuple[Path, ...] = ()

    def open(self, more: tuple[Path, ...] = (), *, read_only: bool = False) -> Collection:
        """The collection; `more` are places given after the command. Says on standard error what is broken in it."""
        from nlpcards.collection.collection import Collection
        from nlpcards.collection.home import default_home

        collection = Collection.open(default_home(), (*self.decks, *more), read_only=read_only)
        say_broken(collection.library.problems)
        return collection


def say(sentence: str) -> None:
    """Print words for the user, on standard error."""
    click.echo(sentence, err=True)


def print_json(value: Any) -> None:
    """Print data for a script, on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say_broken(problems: tuple[Problem, ...] | list[Problem]) -> None:
    """One sentence where deck files have errors, with the first of them."""
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        first = errors[0]
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        say(
            f"The decks have {count}; the notes concerned are left out. "
            f"First: {first.path}:{first.line}:{first.column}: {first.message}. See `nlpcards check`."
        )


def need_terminal() -> None:
    """Refuse to open the terminal interface where there is no terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "the interface needs a terminal, and this is none",
            remedy="Review line by line with `nlpcards review --plain`.",
        )
