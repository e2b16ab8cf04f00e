"""Editing a card's note in the learner's editor: which editor, at which line, and never in a bundled deck."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlpcards.collection.collection import Collection
from nlpcards.core.cards import Card
from nlpcards.core.errors import NlpcardsError

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
    """What was opened: the deck file, and whether it is a copy just made of a bundled deck."""

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

    A bundled deck belongs to the program and would be overwritten by its next version: the learner's folder gets a
    copy, which stands in for it from then on.

    Raises:
        NlpcardsError: there is no editor, it cannot be started or failed, or the copy cannot be written.
    """
    editor = editor_of(collection.taste.editor, os.environ if environment is None else environment)
    place = card.note.place
    path = Path(place.path)
    copied = card.note.deck in collection.library.bundled
    if copied:
        path = copy_of(path, collection.home.decks)
    command = editor_command(editor, path, place.line)
    remedy = "Set $EDITOR to an editor that is installed, for example `export EDITOR=nano`."
    try:
        done = subprocess.run(command, check=False)
    except OSError as error:
        raise NlpcardsError(f"the editor {editor[0]} cannot be started: {error.strerror}", remedy=remedy) from None
    if done.returncode:
        raise NlpcardsError(
            f"the editor {editor[0]} ended with exit code {done.returncode}", place=str(path), remedy=""
        )
    return Edited(path, copied)


def copy_of(bundled: Path, folder: Path) -> Path:
    """A copy of a bundled deck in the learner's folder, under its own name or one like it that is free; whole or not
    at all.

    Raises:
        NlpcardsError: it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = bundled.read_bytes()
        for number in range(1, 1000):
            target = folder / (bundled.name if number == 1 else f"{bundled.stem}-{number}{bundled.suffix}")
            if not target.exists():
                break
        part = target.with_name(f".{target.name}.part")
        try:
            part.write_bytes(text)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise NlpcardsError(
            f"the deck cannot be copied for editing: {error.strerror}",
            place=str(folder),
            remedy="Make the folder writable, or free some space.",
        ) from None
    return target
