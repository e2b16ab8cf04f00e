"""The interface as a process in a real terminal: what only the terminal itself can show to be right."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nlpcards.tui.review import GUARD_S
from tests.support.program import Program, deck_of

PATIENCE_S = 60.0
"""How long a screen may take to show something before the test gives up; far more than it takes."""


@dataclass
class Terminal:
    """A terminal of 80 by 24 cells, and the process that runs in it."""

    end: int
    process: subprocess.Popen[bytes]
    said: str = ""

    def types(self, keys: str) -> None:
        os.write(self.end, keys.encode())

    def shows(self, words: str) -> None:
        """Wait until `words` are written to the terminal, and forget what came before them."""
        while words not in self.said:
            ready, _, _ = select.select([self.end], [], [], PATIENCE_S)
            assert ready, f"{words!r} did not appear in: {self.said[-2000:]!r}"
            self.said += os.read(self.end, 65_536).decode("utf-8", "replace")
        self.said = self.said.partition(words)[2]

    def ends(self) -> int:
        """Read on until the process has ended; gives its exit code."""
        while True:
            try:
                if not os.read(self.end, 65_536):
                    break
            except OSError:  # Linux says so where the other end is closed.
                break
        return self.process.wait(PATIENCE_S)


@contextmanager
def terminal(program: Program, *arguments: str, **environment: str) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [*program.command, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**program.environment, "TERM": "xterm-256color", **environment},
        cwd=program.home,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Terminal(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def made(folder: Path) -> Program:
    decks, home = folder / "decks", folder / "home"
    decks.mkdir()
    home.mkdir()
    (decks / "made.yaml").write_text(deck_of(3), "utf-8")
    return Program(home, decks)


def test_an_editor_that_fails_gives_the_terminal_back_and_the_card_is_rated(tmp_path: Path) -> None:
    program = made(tmp_path)
    with terminal(program, "review", VISUAL="", EDITOR="/nonexistent/editor") as screen:
        screen.shows("question 0?")
        screen.types("e")
        screen.shows("cannot be started")
        screen.types(" ")
        screen.shows("again")
        time.sleep(2 * GUARD_S)
        screen.types("4")
        screen.shows("question 1?")
        screen.types("q")
        assert screen.ends() == 0
    assert program.json("show", "made/n0")[0]["reps"] == 1


def test_an_editor_that_changes_the_note_leads_back_to_the_same_card(tmp_path: Path) -> None:
    program = made(tmp_path)
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/question 0/the mended question/' \"$1\"\n", "utf-8")
    editor.chmod(0o755)
    with terminal(program, "review", VISUAL="", EDITOR=str(editor)) as screen:
        screen.shows("question 0?")
        screen.types("e")
        screen.shows("mended")
        screen.types("q")
        assert screen.ends() == 0
