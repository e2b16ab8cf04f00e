"""`fmt`: deck files written down in one way, with what they mean and what their authors noted in them unchanged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlpcards.cli.context import JSON_OPTION, Invocation, print_json, put, say
from nlpcards.core.errors import DeckErrors, NlpcardsError, NothingToDo
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.decks.problems import Problem


@click.command()
@click.argument("path", metavar="[DECK|PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; name the files that are not formatted.")
@JSON_OPTION
@click.pass_obj
def fmt(invocation: Invocation, path: tuple[Path, ...], only_check: bool, as_json: bool) -> int:
    """Format decks, deck files and folders; where none is named, your own decks and those in ./decks.

    Notes without an id get one and keep their history, keys get their order and texts their `|-` blocks. What the
    decks mean stays, and so do comments. A file with errors is left alone. Exits with 4 where there is such a file,
    with 1 where a file could not be written or, with --check, is not formatted.
    """
    from nlpcards.decks.formatting_files import format_file

    files, unread = _files((*invocation.decks, *path))
    results = [_result(problem.path, "failed", problem.message) for problem in unread]
    for problem in unread:
        say(f"{problem.path}: {problem.message}. {problem.hint}")
    code = int(bool(unread))
    for file in files:
        try:
            outcome = "unchanged"
            if format_file(file, write=not only_check):
                outcome = "unformatted" if only_check else "changed"
                code = code or int(only_check)
                if not as_json:
                    put(str(file))
            results.append(_result(str(file), outcome))
        except NlpcardsError as error:
            results.append(_result(str(file), "failed", str(error)))
            code = 4 if isinstance(error, DeckErrors) else code or 1
            say(str(error))
    if as_json:
        print_json(results)
    else:
        say(_summary([str(result["outcome"]) for result in results], only_check))
    return code


def _result(path: str, outcome: str, problem: str | None = None) -> dict[str, str | None]:
    return {"path": path, "outcome": outcome, "problem": problem}


def _files(named: tuple[Path, ...]) -> tuple[list[Path], list[Problem]]:
    """The deck files of the places named, or of the learner's own places (those of the program only where named), and
    the folders that cannot be read.

    Raises:
        NlpcardsError: what is named does not exist, or there is no deck file.
    """
    from nlpcards.collection.deck_paths import places_named
    from nlpcards.collection.home import default_home
    from nlpcards.decks.bundled import bundled_folder
    from nlpcards.decks.places import deck_files, is_roadmap

    home = default_home()
    bundled = bundled_folder()
    own = [place for place in home.deck_places() if bundled is None or not place.samefile(bundled)]
    unread: list[Problem] = []
    # By its id a deck is found among one's own only: those that came with the program are never written to.
    places = places_named(named, home, own) or own
    files = {os.path.realpath(file): file for place in places for file in deck_files(place, unread)}
    if not files and not unread:
        if any(map(is_roadmap, named)):
            raise NothingToDo(
                "a roadmap is not formatted: how its entries are laid out is for its author to say",
                place=str(named[0]),
                remedy="`nlpcards check` says what is wrong in it.",
            )
        raise NothingToDo("there is no deck file to format", remedy="Name a deck file or a folder of them.")
    return list(files.values()), unread


def _summary(outcomes: list[str], only_check: bool) -> str:
    changed = outcomes.count("unformatted" if only_check else "changed")
    failed = outcomes.count("failed")
    said = [count(len(outcomes), "deck file")]
    if changed:
        said.append(f"{changed:,} not formatted" if only_check else f"{changed:,} formatted anew")
    if failed:
        said.append(f"{failed:,} left as {'it is' if failed == 1 else 'they are'}")
    if not changed and not failed:
        said.append("formatted already")
    return f"{said[0]}: {', '.join(said[1:])}."
