"""`import` of Anki's own files: what came, and what could not, in words or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from nlpcards.cli.context import Invocation, print_json, put, say, say_progress
from nlpcards.core.errors import UsageError
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.collection.importing_packages import Imported

MOST_NAMED = 20
"""How many of the notes that were left out are named; `--json` has them all."""


def import_package_file(
    invocation: Invocation,
    file: Path,
    into: Path | None,
    deck: str,
    title: str,
    *,
    with_settings: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import Anki's file and say what came; gives the exit code."""
    from nlpcards.collection.home import default_home
    from nlpcards.collection.importing_packages import import_package
    from nlpcards.decks.importing.deck_files import Wanted

    folder = into or default_home().decks
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            f"{folder} is no folder", place="--into", remedy="Name the folder that the decks are to go to."
        )

    def progress(done: int, total: int) -> None:
        if total >= 2_000 and (done % 500 == 0 or done == total) and sys.stderr.isatty():
            say_progress(f"{done} of {total} notes", last=done == total)

    with invocation.open() as collection:
        found = import_package(
            collection,
            file,
            Wanted(folder, deck, title),
            with_settings=with_settings,
            write=not dry_run,
            progress=progress,
        )
    if as_json:
        print_json(_as_json(found))
    else:
        _say(found, file, dry_run=dry_run)
    if found.notes or found.reviews or found.undone or (with_settings and found.settings.settings):
        return 0
    return 3 if found.known else 1


def _as_json(found: Imported) -> dict[str, object]:
    return {
        "notes": found.notes,
        "cards": found.cards,
        "reviews": found.reviews,
        "media": found.media,
        "skipped": [{"note": each.note, "reason": each.reason} for each in found.skipped],
        "known": found.known,
        "known_reviews": found.known_reviews,
        "exported": found.ours,
        "undone": found.undone,
        "elsewhere": found.elsewhere,
        "settings": {each.subject: each.value for each in found.settings.settings},
        "settings_taken": found.took_settings,
        "remarks": list(_remarks(found)),
        "files": list(found.files),
    }


def _remarks(found: Imported) -> Iterable[str]:
    """Sentences about the file as a whole."""
    if not found.rollover_is_told and (found.reviews or found.known_reviews):
        yield f"A package does not say when Anki's days begin; {found.rollover:02}:00 was taken, as here."
    if found.settings.words and not found.took_settings:
        yield f"The file also has {_listed(found.settings.words)}; `--with-settings` takes that."
    for each in found.settings.left:
        yield f"{each[:1].upper()}{each[1:]}."


def _say(found: Imported, file: Path, *, dry_run: bool) -> None:
    for remark in _remarks(found):
        say(remark)
    for each in found.skipped[:MOST_NAMED]:
        say(f"{each.note}: {each.reason}.")
    if len(found.skipped) > MOST_NAMED:
        say(f"{len(found.skipped) - MOST_NAMED:,} more could not be carried whole; `--json` lists them all.")
    for path in found.files:
        put(path)
    said = []
    if found.notes:
        would = " would be" if dry_run else ""
        said.append(f"{count(found.notes, 'note')} with {count(found.cards, 'card')}{would} added")
    if found.reviews:
        said.append(f"{count(found.reviews, 'review')} {'to take' if dry_run else 'taken'} from Anki")
    if found.undone:
        said.append(f"{count(found.undone, 'review')} taken back there")
    if found.media:
        said.append(f"{count(found.media, 'file')} {'to copy' if dry_run else 'copied'}")
    if found.settings.words and found.took_settings:
        said.append(f"{_listed(found.settings.words)} {'to take' if dry_run else 'taken'}")
    if found.known:
        said.append(f"{count(found.known, 'note')} there already")
    say(f"{file}: {', '.join(said) or 'nothing to import'}.")


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
