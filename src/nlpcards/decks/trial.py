"""What a library would be with some files changed, before any of them is written."""

from __future__ import annotations

from collections.abc import Sequence

from nlpcards.decks.between import check_between
from nlpcards.decks.extending import members
from nlpcards.decks.files import decode
from nlpcards.decks.library import Library
from nlpcards.decks.problems import Problem
from nlpcards.decks.reader import read_text
from nlpcards.decks.saving import Change


def new_errors(library: Library, changes: Sequence[Change]) -> tuple[Problem, ...]:
    """The errors that a library would have with some changes and does not have without them, in the order of files and
    lines; whether media exist is not looked at.
    """
    changed = {str(change.path): read_text(decode(change.after), str(change.path)) for change in changes}
    there = {file.path for file in library.files}
    files = [changed.get(file.path, file) for file in library.files]
    files += [file for path, file in changed.items() if path not in there]
    after = [*check_between(members(files), files), *(each for file in changed.values() for each in file.problems)]
    # Lines move, so a problem is known by what it says.
    known = {(problem.path, problem.code, problem.message) for problem in library.problems}
    found = [each for each in after if each.is_error and (each.path, each.code, each.message) not in known]
    return tuple(sorted(found))
