"""Processes that make notes for a package where very many are to be made, so that all processors of a machine work.

Helpers are forks of this process: they have the decks already, and are told by numbers which notes to make. What they
give is what would be made here, in the same order, so that nobody can tell from a package how many there were. Each has
a pipe of its own, which ends with this process, however that ends; whatever becomes of a helper, what it does not make
is made here.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import cycle
from threading import active_count
from time import sleep
from types import TracebackType
from typing import TYPE_CHECKING

from nlpcards.anki.made_before import Together

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

LEAST = 2_000
"""So many notes a package has at least for which helpers are asked: to start them takes as long as to make some
hundreds.
"""

_TRUST = 500
"""After so many notes that had to be made there are likely many more."""

_MOST = 4
"""More helpers than this would wait for the one process that writes what they make."""

_AHEAD = 6
"""For so many answers each helper is asked at a time: it never waits, and its pipe is never full of questions."""

_PATIENCE = 20
"""So many ms a thread that has ended may take to be gone."""

Ask = Callable[[int, int, Sequence[int] | None], Together]
"""Makes notes of the deck of a number: those at some places from a place on, or as many as are made at a time where no
places are named. Gives None for one that cannot be made apart.
"""


class _Helper:
    """One of them, with what came from it and was not taken yet."""

    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self.process, self.connection = process, connection
        self.came: deque[bytes] = deque()


class Answer:
    """What a helper will have made."""

    def __init__(self, helpers: Helpers, helper: _Helper) -> None:
        self._helpers, self._helper = helpers, helper

    def take(self) -> Together | None:
        """What was made; None where the helper is gone. Answers of one helper are taken in the order of asking."""
        try:
            self._helpers.listen()
            came = self._helper.came
            return Together(*marshal.loads(came.popleft() if came else self._helper.connection.recv_bytes()))
        except (OSError, EOFError):
            self._helpers.give_up()
            return None


class Helpers:
    """The helpers of one export; they are started when it shows that there is enough to do. Leave it by `with`."""

    def __init__(self, ask: Ask | None, notes: int, processes: int | None = None) -> None:
        """`ask` is what helpers do, None for an export without any; `notes` are as many as the package has.
        `processes` is how many helpers there are at once, None for as many as there are processors to run them where
        `notes` are `LEAST` or more.
        """
        self._ask, self._asked = ask, 0
        self._wanted = processors() if processes is None and notes >= LEAST else processes or 0
        self._trust = _TRUST if processes is None else 0
        self._running: list[_Helper] = []
        self._next: Iterator[_Helper] = iter(())

    @property
    def ahead(self) -> int:
        """For how many answers to ask before the first is taken."""
        return _AHEAD * len(self._running)

    def make(self, deck: int, start: int, places: Sequence[int] | None, number: int) -> Answer | None:
        """Have `number` notes made (see `Ask`); None where they are to be made here."""
        self._asked += number
        if self._wanted > 1 and not self._running and self._asked > self._trust:
            self._start()
        if not self._running:
            return None
        helper = next(self._next)
        try:
            helper.connection.send_bytes(marshal.dumps((deck, start, None if places is None else list(places))))
        except OSError:
            self.give_up()
            return None
        return Answer(self, helper)

    def listen(self) -> None:
        """Take in what helpers have ready, lest they wait for its being taken: a pipe holds little.

        Raises:
            OSError, EOFError: a helper is gone.
        """
        for helper in self._running:
            while helper.connection.poll():
                helper.came.append(helper.connection.recv_bytes())

    def give_up(self) -> None:
        """Do without helpers from now on."""
        self._wanted = 0
        running, self._running = self._running, []
        for helper in running:
            helper.connection.close()
            helper.process.kill()  # it has nothing open that could be left half-written
            helper.process.join()

    def _start(self) -> None:
        ask = self._ask
        if ask is None or not may_fork():
            self._wanted = 0
            return
        from multiprocessing import get_context

        context = get_context("fork")
        with suppress(OSError):  # no more processes, or no more files, than there are
            for _ in range(self._wanted):
                ours, theirs = context.Pipe()
                mine = [ours, *(helper.connection for helper in self._running)]
                process = context.Process(target=_serve, args=(ask, theirs, mine), daemon=True)
                process.start()
                theirs.close()
                self._running.append(_Helper(process, ours))
        if not self._running:
            self._wanted = 0
        self._next = cycle(self._running)

    def __enter__(self) -> Helpers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_up()


def processors() -> int:
    """How many helpers may run at once on this machine."""
    try:
        there = len(os.sched_getaffinity(0))
    except AttributeError:  # not every system tells
        there = os.cpu_count() or 1
    return min(there, _MOST)


def may_fork() -> bool:
    """Whether this process may be forked: elsewhere than on Linux, or where it has threads, a fork may hang."""
    if sys.platform != "linux":
        return False
    with suppress(OSError):
        for _ in range(_PATIENCE):
            if len(os.listdir("/proc/self/task")) == 1:
                return True
            if active_count() > 1:
                return False
            sleep(0.001)  # one of the system's threads ends a little after Python's
    return False


def _serve(ask: Ask, connection: Connection, others: Sequence[Connection]) -> None:
    """Answer questions until nobody asks any more."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts the export interrupts that process
    for other in others:
        other.close()  # else a helper would keep the pipes of others open
    with suppress(OSError, EOFError):
        while True:
            deck, start, places = marshal.loads(connection.recv_bytes())
            connection.send_bytes(marshal.dumps(tuple(ask(deck, start, places))))
