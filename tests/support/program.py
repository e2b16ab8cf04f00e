"""The program as its user starts it: a process of its own, with a home folder of its own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlpcards.decks.cache import DeckCache
from nlpcards.decks.library import load
from tests.support.warm_start import run_split_off

Preparation = Callable[[], None]


@dataclass(frozen=True)
class Program:
    """`nlpcards` with `NLPCARDS_HOME` in `home` and decks from `decks`."""

    home: Path
    decks: Path

    @property
    def words(self) -> list[str]:
        """What every command begins with."""
        return ["--decks", str(self.decks)]

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "nlpcards", *self.words]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "NLPCARDS_HOME": str(self.home), "PYTHONUTF8": "1", "EDITOR": "true"}

    def run(
        self, *arguments: str, typed: str = "", before: Preparation | None = None
    ) -> subprocess.CompletedProcess[str]:
        if before is None:
            return run_split_off([*self.words, *arguments], environment=self.environment, folder=self.home, typed=typed)
        return subprocess.run(
            [*self.command, *arguments],
            input=typed,
            capture_output=True,
            text=True,
            env=self.environment,
            cwd=self.home,
            preexec_fn=before,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            cwd=self.home,
        )

    def json(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def configure(self, **limits: int) -> None:
        lines = ["[limits]", *(f"{name} = {value}" for name, value in limits.items())]
        (self.home / "config.toml").write_text("\n".join(lines), "utf-8")


@cache
def bundled_decks_as_read() -> Path:
    """A cache folder that holds what the bundled decks say: to read them in every process would take minutes in all."""
    folder = Path(tempfile.mkdtemp(prefix="nlpcards-decks-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    read = DeckCache(folder, time.time_ns)
    load((), read=read.read)
    read.keep()
    return folder


def give_bundled_decks(home: Path) -> None:
    """Let a home begin with the bundled decks read already, as any but a new learner's does."""
    place = home / "cache" / "decks"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(bundled_decks_as_read(), place)


def alone(home: Path, *arguments: str, inside: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What the program does with the decks that it finds by itself; it runs `inside` a folder, else in `home`."""
    give_bundled_decks(home)
    return run_split_off(arguments, environment=Program(home, home).environment, folder=inside or home)


def deck_of(notes: int, name: str = "made") -> str:
    """A deck file with simple notes `n0`, `n1` …"""
    lines = [f"deck: {name}", f"title: Made {name}", "notes:"]
    for number in range(notes):
        lines += [f"  - id: n{number}", f"    q: What is question {number}?", f"    a: Answer {number}."]
    return "\n".join(lines) + "\n"
