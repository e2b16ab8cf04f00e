"""The program in a process of its own that need not load it first: a process that holds it loaded splits one off.

Hundreds of tests run a command; of half a second each, most went into starting Python and reading modules. What is
split off has arguments, environment, folder, input and output of its own and ends as any process does. What starting
itself is about is tested with `Program.start` and plain `subprocess`.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

_LAYERS = ("core", "decks", "store", "render", "anki", "collection", "cli")
_LONGEST_REQUEST = 1 << 20


def run_split_off(
    arguments: Sequence[str], *, environment: Mapping[str, str], folder: Path, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """What `nlpcards ARGUMENTS` did: its exit code, what it printed and what it complained of."""
    request = json.dumps([list(arguments), dict(environment), str(folder)]).encode()
    assert len(request) < _LONGEST_REQUEST
    with ExitStack() as stack:
        streams = [stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8")) for _ in range(3)]
        given, said, told = streams
        given.write(typed)
        given.seek(0)
        loaded = _loaded()
        socket.send_fds(loaded, [request], [stream.fileno() for stream in streams])
        code: int = json.loads(loaded.recv(64))
        said.seek(0)
        told.seek(0)
        output, complaints = said.read(), told.read()
    return subprocess.CompletedProcess(["nlpcards", *arguments], code, output, complaints)


@cache
def _loaded() -> socket.socket:
    """The way to the process that holds the program loaded; it ends with the one that asks."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (here, there):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LONGEST_REQUEST)
    holder = subprocess.Popen(
        [sys.executable, "-m", "tests.support.warm_start", str(there.fileno())],
        pass_fds=[there.fileno()],
        env={**os.environ, "PYTHONUTF8": "1"},
        cwd=Path(__file__).parents[2],
    )
    there.close()

    @atexit.register
    def finish() -> None:
        here.close()
        holder.wait()

    return here


def _load() -> None:
    for layer in _LAYERS:
        package = importlib.import_module(f"nlpcards.{layer}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    gc.freeze()  # what is split off shares these pages for as long as it does not look through them


def _become(arguments: Sequence[str], environment: Mapping[str, str], folder: str, streams: Sequence[int]) -> None:
    """Make of this process, just split off, one that was started so."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.path[0] = folder
    sys.argv = ["nlpcards", *arguments]


def _serve(asked: socket.socket) -> None:
    """Split off a process for each request, and answer with its exit code; gives back in the process split off only."""
    assert threading.active_count() == 1, "a process with threads cannot be split safely"
    while True:
        request, streams, _, _ = socket.recv_fds(asked, _LONGEST_REQUEST, 3)
        if not request:
            os._exit(0)
        if (child := os.fork()) == 0:
            asked.close()
            arguments, environment, folder = json.loads(request)
            _become(arguments, environment, folder, streams)
            return
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        asked.send(json.dumps(os.waitstatus_to_exitcode(status)).encode())


if __name__ == "__main__":
    _load()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("nlpcards", run_name="__main__", alter_sys=True)
