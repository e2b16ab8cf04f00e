"""`check`: what is wrong in deck files and what would be learned better otherwise, each with how to mend it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlpcards.cli.context import JSON_OPTION, Invocation, print_json, put, say
from nlpcards.core.markup.safe import visible
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.decks.problems import Problem


@click.command()
@click.argument("path", metavar="[DECK|PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Exit with 4 where there is advice, too.")
@click.option(
    "--explain",
    "code",
    is_flag=False,
    flag_value="",
    metavar="[CODE]",
    help="Say what a code means, why it matters and what to write; without a code, list them all.",
)
@JSON_OPTION
@click.pass_obj
def check(invocation: Invocation, path: tuple[Path, ...], strict: bool, code: str | None, as_json: bool) -> int:
    """Find mistakes in decks, roadmaps and folders of them, and give advice on the cards; in all where none is named.

    Errors say what must be mended. Advice says what would be learned better otherwise; a comment in a deck silences it:
    `# nlpcards: ignore Q003` before `notes:` for the file, before or inside a note for that note. Exits with 4 where
    there is an error.
    """
    if code is not None:
        from nlpcards.cli.explaining import explain

        return explain(code, as_json=as_json)
    from nlpcards.collection.clock import Clock
    from nlpcards.collection.collection import load_library
    from nlpcards.collection.deck_paths import places_named
    from nlpcards.collection.home import default_home
    from nlpcards.decks.check import examine

    home = default_home()
    library = load_library(home, (*invocation.decks, *places_named(path, home, invocation.decks)))
    checked = examine(library, Clock().local().date())
    problems = checked.problems
    errors = sum(problem.is_error for problem in problems)
    if as_json:
        print_json([problem.to_json() for problem in problems])
    else:
        in_terminal = sys.stdout.isatty()
        for problem in problems:
            put(pictured(problem, checked.line(problem), _width()) if in_terminal else str(problem))
        advice = len(problems) - errors
        notes = sum(len(deck.notes) for deck in library.decks.values())
        found = [count(errors, "error")] if errors else []
        found += [count(advice, "piece of advice", "pieces of advice")] if advice else []
        broken = sum(file.broken_count for file in library.files)
        read = f"{count(len(library.decks), 'deck')}, {count(notes + broken, 'note')}"
        read += f", {broken:,} of them broken" if broken else ""
        roadmaps = sum(not library.ships(file.path) for file in library.found_roadmap.files)
        read += f", {count(roadmaps, 'roadmap')}" if roadmaps else ""
        say(f"{read}: {', '.join(found) or 'nothing to mend'}.")
        if problems and in_terminal:
            say(f"More on one of them: `nlpcards check --explain {problems[0].code}`.")
    return 4 if errors or (strict and problems) else 0


def _width() -> int:
    return max(40, shutil.get_terminal_size().columns)


_LED_BY = 8
"""Columns before the place of a mistake that stay visible where its line is cut."""


def pictured(problem: Problem, line: str, width: int) -> str:
    """A problem over several lines: what and where, the line with a caret under the mistake, and how to mend it."""
    head = f"{problem.path}:{problem.line}:{problem.column}: {problem.severity} {problem.code}: {problem.message}"
    margin = len(str(problem.line))
    rows = [head]
    if line.strip():
        shown, before = _cut(line, problem.column - 1, width - margin - 4)
        rows += [f"{' ' * margin} |", f"{problem.line} | {shown}", f"{' ' * margin} | {' ' * before}^"]
    return "\n".join([*rows, f"{' ' * margin} = {problem.hint}", ""])


def _cut(line: str, column: int, width: int) -> tuple[str, int]:
    """As much of a line as fits in a number of cells, and how many cells of it stand before a column."""
    from nlpcards.render.cells import cell_width, chop

    before, rest = (visible(part).replace("\t", "    ") for part in (line[:column], line[column:]))
    if cell_width(before) > width // 2 and cell_width(before + rest) > width:
        before = f"…{before[-_LED_BY:]}" if column > _LED_BY else before
    whole = before + rest
    if cell_width(whole) > width:
        whole = f"{chop(whole, width - 1)[0]}…"
    return whole, cell_width(before)
