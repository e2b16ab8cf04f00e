"""`check`: what is wrong in deck files, and how to mend it."""

from __future__ import annotations

from pathlib import Path

import click

from nlpcards.cli.context import JSON_OPTION, Invocation, print_json, put, say
from nlpcards.core.words import count


@click.command()
@click.argument("path", nargs=-1, type=click.Path(path_type=Path))
@JSON_OPTION
@click.pass_obj
def check(invocation: Invocation, path: tuple[Path, ...], as_json: bool) -> int:
    """Find mistakes in deck files and folders; in all decks where none is named. Exits with 4 where there is an
    error.
    """
    from nlpcards.collection.clock import Clock
    from nlpcards.collection.collection import load_library
    from nlpcards.collection.home import default_home
    from nlpcards.decks.check import stale

    library = load_library(default_home(), (*invocation.decks, *path))
    today = Clock().local().date()
    problems = sorted((*library.problems, *stale(library, today)))
    errors = sum(problem.is_error for problem in problems)
    if as_json:
        print_json([problem.to_json() for problem in problems])
    else:
        for problem in problems:
            put(str(problem))
        advice = len(problems) - errors
        notes = sum(len(deck.notes) for deck in library.decks.values())
        found = [count(errors, "error")] if errors else []
        found += [count(advice, "piece of advice", "pieces of advice")] if advice else []
        read = f"{count(len(library.decks), 'deck')}, {count(notes, 'note')}"
        say(f"{read}: {', '.join(found) or 'nothing to mend'}.")
    return 4 if errors else 0
