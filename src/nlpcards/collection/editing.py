"""Editing a card's note in the learner's editor: which editor, at which line, and never in a bundled deck."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nlpcards.collection.collection import Collection
from nlpcards.core.cards import Card
from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.library import load

FALLBACKS = ("nano", "vi")
"""Editors looked for where none is named."""

_PLUS = frozenset("vi vim nvim view gvim ex nano pico rnano emacs emacsclient micro kak joe jed mg ne vis".split())
_COLON = frozenset(("hx", "helix", "subl", "sublime_text", "zed"))
_GOTO = frozenset(("code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"))
_WAITS: Mapping[str, str] = {
    **dict.fromkeys(_GOTO, "--wait"),
    "subl": "--wait",
    "sublime_text": "--wait",
    "zed": "--wait",
    "gvim": "--nofork",
}


@dataclass(frozen=True, slots=True)
class Edited:
    """The deck file that holds the note now, and whether it is a copy of a bundled deck that was just put in place."""

    path: Path
    copied: bool


def editor_of(
    taste: str, environment: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> tuple[str, ...]:
    """The editor's command line in words: the configured one, `$VISUAL`, `$EDITOR`, else `nano` or `vi`.

    Raises:
        NlpcardsError: there is none, or its quotes do not match.
    """
    for where, named in (
        ("`editor` in the configuration", taste),
        ("$VISUAL", environment.get("VISUAL", "")),
        ("$EDITOR", environment.get("EDITOR", "")),
    ):
        if named.strip():
            try:
                return tuple(shlex.split(named))
            except ValueError:
                raise NlpcardsError(
                    f"the editor {named} has a quote that does not end", place=where, remedy="Close the quote."
                ) from None
    for name in FALLBACKS:
        if which(name):
            return (name,)
    raise NlpcardsError("no editor was found", remedy="Set $EDITOR to one, for example `export EDITOR=nano`.")


def editor_command(editor: Sequence[str], path: Path, line: int) -> tuple[str, ...]:
    """The command that opens `path` at `line` (from 1) and ends when the file is closed; an unknown editor gets the
    path alone.
    """
    name = Path(editor[0]).name.removesuffix(".exe")
    wait = _WAITS.get(name)
    words = (*editor, *((wait,) if wait and wait not in editor else ()))
    if name in _GOTO:
        return (*words, "--goto", f"{path}:{line}")
    if name in _COLON:
        return (*words, f"{path}:{line}")
    if name in _PLUS:
        return (*words, f"+{line}", str(path))
    return (*words, str(path))


def edit(collection: Collection, card: Card, environment: Mapping[str, str] | None = None) -> Edited:
    """Open a card's note in the editor and wait until it is closed; the caller reads the decks again.

    A bundled deck belongs to the program and would be overwritten by its next version: what is opened is a copy, which
    goes to the learner's folder only if it was changed, and stands in for the bundled deck from then on. A deck of the
    same id that is already there is opened itself.

    Raises:
        NlpcardsError: there is no editor, it cannot be started or failed, or the copy cannot be written; or the deck is
            a bundled one and the decks were named, so that a copy would not be read.
    """
    editor = editor_of(collection.taste.editor, os.environ if environment is None else environment)
    place = card.note.place
    path = Path(place.path)
    if card.note.deck not in collection.library.bundled:
        _open(editor, path, place.line)
        return Edited(path, copied=False)
    if collection.places:
        raise NlpcardsError(
            f"the deck {card.note.deck} came with the program, so it is not edited where it is",
            place=str(path),
            remedy="Copy it to a folder of your own, name that with --decks, and edit it there.",
        )
    folder = collection.home.decks
    if own := _own(card, path.name, folder):
        _open(editor, *own)
        return Edited(own[0], copied=False)
    put = _edit_copy(editor, path, place.line, folder)
    return Edited(put or path, copied=put is not None)


def _open(editor: Sequence[str], path: Path, line: int) -> None:
    """Open a file and wait until it is closed."""
    remedy = "Set $EDITOR to an editor that is installed, for example `export EDITOR=nano`."
    try:
        with _interrupts_left_to_the_editor():
            done = subprocess.run(editor_command(editor, path, line), check=False)
    except OSError as error:
        raise NlpcardsError(f"the editor {editor[0]} cannot be started: {error.strerror}", remedy=remedy) from None
    if done.returncode:
        raise NlpcardsError(f"the editor {editor[0]} ended with exit code {done.returncode}", place=str(path))


@contextmanager
def _interrupts_left_to_the_editor() -> Iterator[None]:
    """Let ctrl-c reach the editor alone, as a shell does: both are in the terminal's foreground.

    A handler that does nothing, and not `SIG_IGN`, which the editor would inherit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers
        return
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _own(card: Card, name: str, folder: Path) -> tuple[Path, int] | None:
    """The file and the line of the learner's own deck that takes a bundled one's place, though it was not read in it.

    It came after the decks were read, or an edit left it in a state in which it names no deck: a second copy beside it
    would hide what was written in the first.
    """
    if not folder.is_dir():
        return None
    library = load((folder,))
    if file := library.file(card.note.deck):
        note = library.note(card.note.full_id)
        return Path(file.path), note.place.line if note else 1
    broken = (Path(file.path) for file in library.files if file.deck is None)
    return next(((path, card.note.place.line) for path in broken if path == folder / name), None)


def _edit_copy(editor: Sequence[str], bundled: Path, line: int, folder: Path) -> Path | None:
    """Open a copy of a bundled deck and move it to the learner's folder, whole or not at all; None where it was left as
    it is.

    Until then it stands where no deck is read. What was written but cannot be put in place stays there, and the error
    says where.
    """
    kept = False
    try:
        before = bundled.read_bytes()
        # Beside the folder, so on its disk: the move is one step.
        folder.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=".editing-", dir=folder.parent))
        draft = workshop / bundled.name
    except OSError as error:
        raise _not_copied(error, folder) from None
    try:
        draft.write_bytes(before)
        try:
            _open(editor, draft, line)
        except (NlpcardsError, KeyboardInterrupt) as error:
            kept = _changed(draft, before)
            if kept and isinstance(error, NlpcardsError):
                error.remedy = f"What you wrote is in {draft}."
            raise
        if not _changed(draft, before):
            return None
        kept = True
        target = _free(folder, bundled)
        os.replace(draft, target)
        kept = False
        return target
    except OSError as error:
        failure = _not_copied(error, folder)
        if kept:
            failure.remedy += f" What you wrote is in {draft}."
        raise failure from None
    finally:
        if not kept:
            shutil.rmtree(workshop, ignore_errors=True)


def _changed(draft: Path, before: bytes) -> bool:
    return draft.exists() and draft.read_bytes() != before


def _free(folder: Path, bundled: Path) -> Path:
    """A path in a folder for a copy of a deck: its own name, or one like it where another deck has that."""
    target = folder / bundled.name
    number = 1
    while os.path.lexists(target):
        number += 1
        target = folder / f"{bundled.stem}-{number}{bundled.suffix}"
    return target


def _not_copied(error: OSError, folder: Path) -> NlpcardsError:
    return NlpcardsError(
        f"the deck cannot be copied for editing: {error.strerror}",
        place=str(folder),
        remedy="Make the folder writable, or free some space.",
    )
