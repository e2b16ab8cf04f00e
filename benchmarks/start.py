"""How soon the program is there: `due --json` and the first card on the screen, beside the plainest programs.

    python benchmarks/start.py                     # 40, 10,000 and 100,000 cards in 20 decks, 15 runs of each
    python benchmarks/start.py 5 10000             # so many runs, so many cards

Whole processes are measured from their start, in turn: a program that imports click and sqlite3 and asks a database one
question, `due --json` (warm: nothing changed since it was last run, and just after an answer), a minimal Textual app
with Header, Markdown and Footer, and `review` until its first question is written to a terminal of 80 by 24 cells, with
what the decks say kept from the time before (warm) and without (cold: every deck file is read and parsed). The figures
to quote are the median ratios: of the time on the clock, which moves with the system's load, and of the processor's,
which hardly does.
"""

from __future__ import annotations

import fcntl
import os
import pty
import resource
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.collection.reviewing import Reviewing
from nlpcards.decks.stamps import COARSEST_NS

PATIENCE_S = 60

CLICK_AND_SQLITE = """
import sqlite3, sys
import click

@click.command()
@click.option("--json", "as_json", is_flag=True)
def due(as_json):
    with sqlite3.connect(sys.argv.pop()) as connection:
        print(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])

path = sys.argv[-1]
due(args=["--json"])
"""

MINIMAL = """
from textual.app import App
from textual.widgets import Footer, Header, Markdown

class Minimal(App):
    def compose(self):
        yield Header()
        yield Markdown("What is asked first here?")
        yield Footer()

Minimal().run()
"""


def library(folder: Path, cards: int) -> None:
    """Decks of simple notes with some Markdown, maths and tags."""
    each = max(1, cards // 20)
    for deck in range(min(20, cards)):
        lines = [f"deck: deck{deck}", f"title: Deck {deck}", f"topic: topic{deck % 12}", "notes:"]
        for note in range(each):
            lines += [
                f"  - id: note-{note}",
                f"    q: What is asked first here, of $x_{{{note}}}$ and `code {note}`?",
                "    a: |-",
                f"      Answer {note} with *some words*, on deck {deck}.",
                "    tags: [made, up]",
            ]
        (folder / f"deck{deck}.yaml").write_text("\n".join(lines) + "\n", "utf-8")


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock, and of the processor in user and system mode together."""

    clock: float
    processor: float


def piped(command: Sequence[str], environment: Mapping[str, str]) -> Took:
    """What a process took until it ended."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr.decode()
    return Took(took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def on_screen(command: Sequence[str], environment: Mapping[str, str], words: bytes) -> Took:
    """What a process in a terminal took until it wrote some words."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)
    said = b""
    try:
        while words not in said:
            ready, _, _ = select.select([ours], [], [], PATIENCE_S)
            assert ready, said[-500:]
            try:
                said += os.read(ours, 65_536)
            except OSError:
                raise RuntimeError(said.decode("utf-8", "replace")[-1000:]) from None
        took = time.perf_counter() - began
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Took(took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def answer_one(home: Home, decks: Path) -> None:
    """Answer a card, so that nothing that was counted before still holds."""
    with Collection.open(home, (decks,)) as collection:
        Reviewing.start(collection).rate(3, 4000)


def compared(cards: int, runs: int) -> None:
    """Print what everything takes with so many cards."""
    with tempfile.TemporaryDirectory() as folder:
        decks, home = Path(folder) / "decks", Path(folder) / "home"
        decks.mkdir()
        home.mkdir()
        library(decks, cards)
        environment = {**os.environ, "NLPCARDS_HOME": str(home), "TERM": "xterm-256color", "PYTHONUTF8": "1"}
        # An installed program has its bytecode; here both sides get it, in a folder that goes away.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        program = [sys.executable, "-m", "nlpcards", "--decks", str(decks)]
        minimal = Path(folder) / "minimal.py"
        minimal.write_text(MINIMAL)
        plain = Path(folder) / "plain.py"
        plain.write_text(CLICK_AND_SQLITE)
        here = Home(home, home, home / "cache")
        asked = b"asked first here"

        def after_an_answer() -> Took:
            answer_one(here, decks)
            return piped([*program, "due", "--json"], environment)

        def cold() -> Took:
            shutil.rmtree(here.deck_cache)
            took = on_screen([*program, "review"], environment, asked)
            piped([*program, "decks"], environment)
            return took

        work: dict[str, Callable[[], Took]] = {
            CLICK: lambda: piped([sys.executable, str(plain), str(home / "any.db")], environment),
            "due --json, warm": lambda: piped([*program, "due", "--json"], environment),
            TEXTUAL: lambda: on_screen([sys.executable, str(minimal)], environment, asked),
            "first card, warm": lambda: on_screen([*program, "review"], environment, asked),
        }
        time.sleep(COARSEST_NS / 1e9 + 1)  # of what changed a moment ago nothing is kept
        answer_one(here, decks)
        for each in work.values():
            each()
        time.sleep(COARSEST_NS / 1e9 + 1)
        work["due --json, warm"]()
        taken: dict[str, list[Took]] = {name: [] for name in work}
        for _ in range(runs):
            for name, what in work.items():
                taken[name].append(what())
        for name, what in (("due --json, after an answer", after_an_answer), ("first card, cold", cold)):
            taken[name] = [what() for _ in range(runs if cards < 100_000 else 2)]
        print(f"{cards:,} cards, {runs} runs, load {os.getloadavg()[0]:.1f}")
        for name, times in taken.items():
            print(_line(name, times, taken[CLICK if name.startswith("due") else TEXTUAL], name in (CLICK, TEXTUAL)))


CLICK, TEXTUAL = "click and sqlite3", "minimal Textual app"


def _line(name: str, own: Sequence[Took], base: Sequence[Took], is_base: bool) -> str:
    clock, processor = (median(each) for each in zip(*((took.clock, took.processor) for took in own), strict=True))
    line = f"{name:28} {1000 * clock:7.0f} ms, processor {1000 * processor:6.0f} ms"
    if is_base:
        return line
    ratios = [
        median(mine / other for mine, other in zip(each, others, strict=False))
        for each, others in (
            ([took.clock for took in own], [took.clock for took in base]),
            ([took.processor for took in own], [took.processor for took in base]),
        )
    ]
    return f"{line}   {ratios[0]:5.2f} and {ratios[1]:5.2f} times that of the plain one"


def main() -> None:
    runs, *sizes = [int(each) for each in sys.argv[1:]] or [15]
    for cards in sizes or [40, 10_000, 100_000]:
        compared(cards, runs)


if __name__ == "__main__":
    main()
