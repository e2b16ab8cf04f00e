"""How soon the program is there: `due --json` and the first card on the screen, beside the plainest programs.

    python benchmarks/start.py                 # 10,000 cards in 20 decks, 15 runs of each
    python benchmarks/start.py 10000 5         # so many cards, so many runs

Whole processes are timed from their start, in turn: a program that imports click and sqlite3 and asks a database one
question, `due --json` (warm: nothing changed since it was last run, and just after an answer), a minimal Textual app
with Header, Markdown and Footer, and `review` until its first question is written to a terminal of 80 by 24 cells. The
figures to quote are the median ratios. The system's load is printed, since these figures move with it.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.collection.reviewing import Reviewing

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


def piped(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Seconds until a process has ended."""
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    took = time.perf_counter() - began
    assert done.returncode == 0, done.stderr.decode()
    return took


def on_screen(command: Sequence[str], environment: Mapping[str, str], words: bytes) -> float:
    """Seconds until a process in a terminal has written some words."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    began = time.perf_counter()
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
        return time.perf_counter() - began
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def answer_one(home: Home, decks: Path) -> None:
    """Answer a card, so that nothing that was counted before still holds."""
    with Collection.open(home, (decks,)) as collection:
        Reviewing.start(collection).rate(3, 4000)


def main() -> None:
    cards, runs = (int(each) for each in (sys.argv[1:] + ["10000", "15"][len(sys.argv) - 1 :])[:2])
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
        answer_one(here, decks)
        asked = b"asked first here"
        work: dict[str, Callable[[], float]] = {
            "click and sqlite3": lambda: piped([sys.executable, str(plain), str(home / "any.db")], environment),
            "due --json, warm": lambda: piped([*program, "due", "--json"], environment),
            "minimal Textual app": lambda: on_screen([sys.executable, str(minimal)], environment, asked),
            "first card": lambda: on_screen([*program, "review"], environment, asked),
        }

        def after_an_answer() -> float:
            answer_one(here, decks)
            return work["due --json, warm"]()

        taken: dict[str, list[float]] = {name: [] for name in (*work, "due --json, after an answer")}
        for each in work.values():
            each()
        time.sleep(3)  # what changed a moment ago is counted each time
        work["due --json, warm"]()
        for _ in range(runs):
            for name, what in work.items():
                taken[name].append(what())
        for _ in range(runs):
            taken["due --json, after an answer"].append(after_an_answer())
            work["due --json, warm"]()
    print(f"{cards:,} cards, {runs} runs, load {os.getloadavg()[0]:.1f}")
    bases = {"due": "click and sqlite3", "fir": "minimal Textual app"}
    for name, times in taken.items():
        base = bases.get(name[:3])
        line = f"{name:28} {1000 * median(times):7.0f} ms"
        if base is not None:
            ratio = median(own / other for own, other in zip(times, taken[base], strict=True))
            line += f"   {ratio:5.2f} times {base}"
        print(line)


if __name__ == "__main__":
    main()
