"""The learner's editor: which one, and how it is opened at a line of a file."""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

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


def open_at(editor: Sequence[str], path: Path, line: int) -> None:
    """Open a file at a line (from 1) and wait until it is closed.

    Raises:
        NlpcardsError: the editor cannot be started or failed.
    """
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
