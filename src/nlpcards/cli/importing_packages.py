"""`import` of Anki's own files: what came, and what could not, in words or as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from nlpcards.cli.context import Invocation, print_json, say_notes
from nlpcards.cli.imported import added, conclude, copied, folder_for, tell, there_already
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.collection.importing_packages import Imported


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
    from nlpcards.collection.importing_packages import import_package
    from nlpcards.decks.importing.deck_files import Wanted

    with invocation.open() as collection:
        found = import_package(
            collection,
            file,
            Wanted(folder_for(into), deck, title),
            with_settings=with_settings,
            write=not dry_run,
            progress=say_notes,
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
    left_out = [f"{each.note}: {each.reason}" for each in found.skipped]
    tell(_remarks(found), left_out, "could not be carried whole", found.files)
    said = added(found.notes, found.cards, dry_run=dry_run)
    if found.reviews:
        said.append(f"{count(found.reviews, 'review')} {'to take' if dry_run else 'taken'} from Anki")
    if found.undone:
        said.append(f"{count(found.undone, 'review')} taken back there")
    said += copied(found.media, dry_run=dry_run)
    if found.settings.words and found.took_settings:
        said.append(f"{_listed(found.settings.words)} {'to take' if dry_run else 'taken'}")
    conclude(file, said + there_already(found.known))


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
