"""A program as a process in a real terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.program import Program

PATIENCE_S = 60.0
"""How long a screen may take to show something before the test gives up; far more than it takes."""


@dataclass
class Terminal:
    """A terminal of 80 by 24 cells, and the process that runs in it. `sent` is all that it was seen to write."""

    end: int
    process: subprocess.Popen[bytes]
    said: str = ""
    sent: str = ""

    def types(self, keys: str) -> None:
        os.write(self.end, keys.encode())

    def shows(self, words: str) -> None:
        """Wait until `words` are written to the terminal, and forget what came before them."""
        while words not in self.said:
            ready, _, _ = select.select([self.end], [], [], PATIENCE_S)
            assert ready, f"{words!r} did not appear in: {self.said[-2000:]!r}"
            piece = os.read(self.end, 65_536).decode("utf-8", "replace")
            self.said += piece
            self.sent += piece
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
