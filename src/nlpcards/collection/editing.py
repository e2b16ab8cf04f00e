"""Editing notes in the learner's editor: where a note is opened, and never in a file that came with the program.

A bundled deck would be overwritten by its next version, so a note of one is copied into a file of the learner's own
that extends the deck. What was opened there and left as it is leaves nothing behind.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from nlpcards.collection.collection import Collection
from nlpcards.collection.editor import editor_of, open_at
from nlpcards.core.cards import Card, Note, note_of
from nlpcards.core.errors import DeckErrors, NlpcardsError, UsageError, reason_of
from nlpcards.decks.deck_text import DeckText, indented
from nlpcards.decks.files import Content, read_content
from nlpcards.decks.keys import nearest, numbered
from nlpcards.decks.library import load
from nlpcards.decks.places import deck_file_name
from nlpcards.decks.reader import DeckFile, read_deck
from nlpcards.decks.saving import Change, save
from nlpcards.decks.schema import EDITOR_LINE

_IMAGE = re.compile(r"!\[[^\]]*\]\(\s*<?([^)\s>]+)")


@dataclass(frozen=True, slots=True)
class Edited:
    """The deck file that holds what was edited, and whether it was just put there as the learner's own version of a
    bundled deck's.
    """

    path: Path
    copied: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """Where the editor is to be opened: a file and its line (from 1).

    Where there is a `draft`, that is edited, and goes to the file once it says something else than `draft` does;
    `before` is what the file holds until then, None where there is none yet. `media` are files that the draft names,
    each with the place it needs to be copied to. `remark` is a sentence that the learner should read before, empty
    where there is nothing to say.
    """

    path: Path
    line: int
    draft: bytes | None = None
    before: bytes | None = None
    media: tuple[tuple[Path, Path], ...] = ()
    remark: str = ""


def edit(collection: Collection, card: Card, environment: Mapping[str, str] | None = None) -> Edited:
    """Open a card's note in the editor and wait until it is closed; the caller reads the decks again.

    Raises:
        NlpcardsError: there is no editor, it cannot be started or failed, or the file cannot be written; or the deck is
            a bundled one and the decks were named, so that the learner's own version would not be read.
    """
    editor = editor_of(collection.taste.editor, os.environ if environment is None else environment)
    return edit_at(collection, editor, place_of(collection, card.note.full_id))


def place_of(collection: Collection, name: str) -> Opened:
    """Where a deck, a note or a card is edited; a note may be one that has errors.

    Raises:
        UsageError: nothing is called so.
        NlpcardsError: as `edit`.
    """
    library = collection.library
    if name in library.decks:
        return _place_of_deck(collection, name)
    full = note_of(name)
    note, broken = library.note(full), library.broken_note(full)
    if note is None or (broken is not None and not library.ships(broken.path)):
        if broken is None:
            names = (*library.decks, *library.notes)
            meant = nearest(name, names) if len(names) <= 5_000 else ""
            remedy = f"Did you mean {meant}?" if meant else "See `nlpcards decks` and `nlpcards show DECK`."
            raise UsageError(f"there is no deck, note or card {name}", remedy=remedy)
        return Opened(Path(broken.path), broken.line)
    if name != full and library.card(name) is None:
        keys = ", ".join(note.body.card_keys())
        raise UsageError(f"the note {full} has no card {name.partition('#')[2]}", remedy=f"It has {keys}.")
    if not library.ships(note.place.path):
        return Opened(Path(note.place.path), note.place.line)
    return _place_of_shipped(collection, note)


def edit_at(collection: Collection, editor: Sequence[str], opened: Opened) -> Edited:
    """Open the editor and wait until it is closed; a draft that was changed goes to its file, whole or not at all.

    Raises:
        NlpcardsError: the editor cannot be started or failed, or the file cannot be written. What was written and could
            not be put in place is kept where no deck is read, and the error says where.
    """
    if opened.draft is None:
        open_at(editor, opened.path, opened.line)
        return Edited(opened.path, copied=False)
    workshop, written = _workshop(collection, opened), False
    draft = workshop / opened.path.name
    try:
        draft.write_bytes(opened.draft)
        open_at(editor, draft, opened.line)
        written = _differs(draft, opened.draft)
        if written:
            put(opened, draft.read_bytes())
            written = False
            return Edited(opened.path, copied=True)
        return Edited(opened.path, copied=False)
    except OSError as error:
        raise _not_written(error, draft) from None
    except (NlpcardsError, KeyboardInterrupt) as error:
        written = _differs(draft, opened.draft)
        if written and isinstance(error, NlpcardsError):
            error.remedy = f"{error.remedy} What you wrote is in {draft}.".strip()
        raise
    finally:
        if not written:
            shutil.rmtree(workshop, ignore_errors=True)


def put(opened: Opened, text: bytes) -> None:
    """Write what became of a draft to its file, with the media that it names.

    Raises:
        NlpcardsError: it cannot be written, or the file changed meanwhile.
    """
    save([Change(opened.path, opened.before, text)])
    for source, target in opened.media:
        # Without it the deck is whole but for a picture, which `check` names.
        with suppress(OSError):
            if not os.path.lexists(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)


def own_file(collection: Collection, deck: str) -> Opened:
    """The learner's file that extends a bundled deck, as a draft; one that says nothing yet where there is none.

    Where a deck of the learner's own takes the bundled one's place, that is opened and there is no draft.

    Raises:
        NlpcardsError: the decks were named, so that a file in the learner's folder would not be read; it cannot be read
            or made.
    """
    read = next((f for f in reversed(collection.library.files_of(deck)) if not collection.library.ships(f.path)), None)
    if read is None and collection.places:
        raise NlpcardsError(
            f"the deck {deck} came with the program, so it is not edited where it is",
            place=collection.library.decks[deck].path,
            remedy=f"Put a file with `extends: {deck}` into a folder of your own, and name that with --decks.",
        )
    folder = collection.home.decks
    found = read or _unread(deck, folder)
    if found is None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _not_written(error, folder) from None
        said = f"# Your changes to the deck {deck}: a note here replaces the one of the same id."
        text = f"{EDITOR_LINE}\n{said}\nextends: {deck}\n"
        return Opened(_free(folder, deck), 3, text.encode())
    path = Path(found.path)
    content = read_content(path)
    if not isinstance(content, Content):
        raise NlpcardsError(content.message, place=str(path), remedy=content.hint)
    if not found.extends:
        return Opened(path, 1)
    return Opened(path, 1, content.data, content.data)


def with_note(opened: Opened, note: str, name: str) -> Opened:
    """A draft with a note after all others, opened at that; `note` are its lines, `name` is its id.

    Raises:
        DeckErrors: the file has a mistake because of which nobody can say where its notes end.
    """
    assert opened.draft is not None, "only a draft is added to"
    text = DeckText(opened.draft, str(opened.path))
    after = DeckText(text.edited(text.appended(note)), str(opened.path))
    found = after.note(name)
    line = after.text.count("\n", 0, found.node.start) + 1 if found else 1
    return replace(opened, draft=after.data, line=line)


def _place_of_deck(collection: Collection, deck: str) -> Opened:
    path = collection.library.decks[deck].path
    if not collection.library.ships(path):
        return Opened(Path(path), 1)
    own = own_file(collection, deck)
    if own.before is not None:
        return Opened(own.path, 1)
    return own


def _place_of_shipped(collection: Collection, note: Note) -> Opened:
    own = own_file(collection, note.deck)
    if own.draft is None or own.before is not None:
        # It may have come, or have got the note, since the decks were read.
        library = load((own.path,))
        there = library.note(note.full_id)
        place = library.broken_note(note.full_id) or (there.place if there else None)
        if own.draft is None or (place is not None and not library.ships(place.path)):
            return Opened(own.path, place.line if place else 1)
    content = read_content(Path(note.place.path))
    if not isinstance(content, Content):
        raise NlpcardsError(content.message, place=note.place.path, remedy=content.hint)
    text = DeckText(content.data, note.place.path)
    found = next(
        (each for each in text.notes if text.text.count("\n", 0, each.node.start) + 1 == note.place.line), None
    )
    if found is None:
        raise NlpcardsError(
            f"the note {note.full_id} is no longer where it was", place=str(note.place), remedy="Do it again."
        )
    lines = text.text[found.start : found.end]
    if note.id_is_hash:
        # Its question is what it is known by, and may be what is to be changed.
        at = found.node.entries[0][0].start - found.start
        lines = f"{lines[:at]}id: {note.id}\n{'':{found.column}}{lines[at:]}"
    source, target = Path(note.place.path).parent, own.path.parent
    names = dict.fromkeys((*note.media, *(name for name in _IMAGE.findall(lines) if "://" not in name)))
    media = tuple((source / name, target / name) for name in names if source != target and (source / name).is_file())
    try:
        return replace(with_note(own, indented(lines, 2), note.id), media=media)
    except DeckErrors as error:
        # Nobody can say where a note would go in that file, and only its owner can mend it.
        first = next((problem for problem in read_deck(own.path).problems if problem.is_error), None)
        line = first.line if first else 1
        remark = (
            f"{own.path}:{line}: {error.message}; so {note.full_id} cannot be copied into this file, which is opened "
            f"as it is. {first.hint if first else ''}"
        )
        return Opened(own.path, line, remark=remark.rstrip())


def place_of_file(collection: Collection, path: Path) -> Opened:
    """Where a deck file that is named by its path is edited: there, or in the learner's own one where it came with the
    program.

    Raises:
        NlpcardsError: as `edit`.
    """
    library = collection.library
    file = next((each for each in library.files if path.samefile(each.path)), None)
    if library.ships(str(path)) and file is not None and file.deck is not None:
        return _place_of_deck(collection, file.deck.id)
    return Opened(path, 1)


def _unread(deck: str, folder: Path) -> DeckFile | None:
    """The learner's own file for a deck that was not read as one.

    It came after the decks were read, or an edit left it in a state in which it names no deck: a second one beside it
    would hide what was written in the first.
    """
    if not folder.is_dir():
        return None
    files = load((folder,)).files
    inside = [file for file in files if Path(file.path).is_relative_to(folder)]
    named = [file for file in inside if file.deck is not None and file.deck.id == deck]
    broken = [file for file in files if file.deck is None and Path(file.path) == folder / deck_file_name(deck)]
    return next(iter((*reversed(named), *broken)), None)


def _workshop(collection: Collection, opened: Opened) -> Path:
    """A folder for a draft, where no deck is read."""
    try:
        opened.path.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".editing-", dir=collection.home.data))
    except OSError as error:
        raise _not_written(error, opened.path.parent) from None


def _differs(draft: Path, before: bytes) -> bool:
    try:
        return draft.read_bytes() != before
    except OSError:
        return False


def _free(folder: Path, name: str) -> Path:
    """A path in a folder for a deck: its own name, or one like it where another deck has that."""
    return folder / deck_file_name(numbered(name, lambda each: os.path.lexists(folder / deck_file_name(each))))


def _not_written(error: OSError, place: Path) -> NlpcardsError:
    return NlpcardsError(
        f"the deck cannot be written: {reason_of(error)}",
        place=str(place),
        remedy="Make the folder writable, or free some space.",
    )
