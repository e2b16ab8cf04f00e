"""What `roadmap --json`, the Roadmap screen and a plan along a track cost with 100,000 cards on 500 topics.

    python benchmarks/roadmap.py                 # 100,000 cards on 500 topics, 7 runs of each
    python benchmarks/roadmap.py 10000 500 7     # so many cards, topics and runs

Whole processes are measured in turn by the processor time that they take, which others on the machine move less than
the clock: a program that imports click and sqlite3 and asks a database one question, a process that opens the
collection and does nothing with it, `roadmap --json` (all warm), and the same just after an answer, for the first time
on a day, and where nothing is kept, so that every card must be looked at. What `roadmap` costs beyond loading is the
second subtracted from the third. Then, in one process, the parts: where one stands, the first plan of a day along a
track, one after it, and the same plan without a track. The figures to quote are the ratios, to click and sqlite3 and to
the plan without a track; half of the cards were answered.

`today --json` and `review` until its first question is on a terminal are measured with 10,000 cards, along a track and
without one: warm, just after an answer, and where nothing is kept of what the cards came to.

Last, the screen is driven as its user would drive it: from the key on Today to the path on the terminal and to its
figures, the first time and again; a key in the list to its paint; and the same of a bare Textual app for the floor.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from textual import events
from textual.screen import Screen

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.browse import SIZE, Bare, told, until_painted, watched
from benchmarks.start import CLICK_AND_SQLITE, Took, answer_one, on_screen, piped
from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.collection.roadmap.changing import leave_track, use_track
from nlpcards.collection.roadmap.standing import standing
from nlpcards.core.journal import Event, EventId, Review, next_hlc
from nlpcards.decks.stamps import COARSEST_NS
from nlpcards.tui.app import NlpcardsApp
from nlpcards.tui.road_list import RoadList
from nlpcards.tui.roadmap import RoadmapScreen

OPENING = """
import sys
from pathlib import Path
from nlpcards.cli.main import main
from nlpcards.cli.context import Invocation

with Invocation((Path(sys.argv[1]),)).open(read_only=True) as collection:
    collection.library.roadmap
"""


def library(folder: Path, cards: int, topics: int) -> None:
    """A deck of simple notes on each topic, and a roadmap with one track of 25 stages."""
    each = max(1, cards // topics)
    for topic in range(topics):
        lines = [f"deck: deck{topic}", f"title: Deck {topic}", f"topic: topic{topic}", "notes:"]
        for note in range(each):
            lines += [f"  - id: note-{note}", f"    q: What is {note} of {topic}?", f"    a: Answer {note}."]
        (folder / f"deck{topic}.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    lines = ["areas:", "  - {id: all, title: All}", "topics:"]
    for topic in range(topics):
        needs = f", needs: [topic{topic - 1}]" if topic % 5 else ""
        lines.append(f"  - {{id: topic{topic}, title: Topic {topic}, area: all{needs}}}")
    lines += ["tracks:", "  - id: way", "    title: The way", "    about: All of it.", "    stages:"]
    size = max(1, topics // 25)
    for first in range(0, topics, size):
        own = ", ".join(f"topic{topic}" for topic in range(first, min(first + size, topics)))
        lines.append(f"      - {{id: s{first}, title: Stage {first}, topics: [{own}]}}")
    (folder / "roadmap.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def answered(collection: Collection, share: float) -> None:
    """Answer the first cards of the library, on the days before today."""
    now = collection.now()
    cards = [card for deck in collection.library.decks for card in collection.library.card_ids(deck)]
    events, hlc = [], 0
    for seq, card in enumerate(cards[: int(share * len(cards))], 1):
        day = now.day - 1 - seq % 300
        at_ms = day * 86_400_000 + 40_000_000
        hlc = next_hlc(hlc, at_ms)
        events.append(Event(EventId("desk", seq), hlc, at_ms, day, Review(card, 4, 5_000, now.day + seq % 40, 0)))
    collection.journal.insert(events)


def spent(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """The processor time of a whole process, in ms."""
    return 1e3 * piped(command, environment).processor


def forgetting(home: Path) -> None:
    """Take away what is kept of what all cards came to."""
    for kept in (home / "cache" / "decks").glob("*.sums"):
        kept.unlink()


def yesterday(home: Home, decks: Path) -> None:
    """Let nothing be kept but what a look at the roadmap kept on the day before."""
    forgetting(home.data)
    clock = Clock(lambda: datetime.now(UTC) - timedelta(days=1))
    with Collection.open(home, (decks,), clock, read_only=True) as collection:
        standing(collection)


def milliseconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1e3 * (time.process_time() - began)


async def in_the_interface(collection: Collection, runs: int) -> None:
    """Open the screen some times, and go about in it."""

    class Opening(watched(NlpcardsApp)):  # type: ignore[misc]
        opened: tuple[float, float] | None = None

        def _display(self, screen: Screen[object], renderable: object) -> None:
            super()._display(screen, renderable)
            if (
                self.opened is None
                and isinstance(screen, RoadmapScreen)
                and screen.query(RoadList)
                and screen.road.rows
            ):
                self.opened = time.perf_counter(), time.thread_time()

    app: Any = Opening(collection)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        shown, processor, counted, moved = [], [], [], []
        for _ in range(runs):
            app.opened = None
            began, work = time.perf_counter(), time.thread_time()
            app.post_message(events.Key("m", "m"))
            while app.opened is None:
                await asyncio.sleep(0.001)
            shown.append(app.opened[0] - began)
            processor.append(app.opened[1] - work)
            while app.screen.is_counting or any(not worker.is_finished for worker in app.workers):
                await asyncio.sleep(0.002)
            counted.append(time.perf_counter() - began)
            moved += [await until_painted(app, key) for key in ["j", "k", "pagedown", "g"] * 5]
            await pilot.press("escape")
            await app.workers.wait_for_complete()
            await pilot.pause()
    told("Roadmap from its key, at first", shown[:1])
    told("  of the processor", processor[:1])
    told("  with its figures", counted[:1])
    told("Roadmap from its key, again", shown[1:])
    told("  of the processor", processor[1:])
    told("  a key in it to its paint", moved)
    bare: Any = watched(Bare)()
    async with bare.run_test(size=SIZE) as pilot:
        await pilot.pause()
        told("a bare app's key to its paint", [await until_painted(bare, "j", "j") for _ in range(50)])


def led(folder: Path, cards: int, topics: int, runs: int) -> None:
    """Print what a track that is followed adds to Today and to the first card on the screen."""
    decks = folder / "decks"
    decks.mkdir(parents=True)
    library(decks, cards, topics)
    time.sleep(COARSEST_NS / 1e9 + 1)  # of what changed a moment ago nothing is kept
    homes = {name: Home(folder / name, folder / name, folder / name / "cache") for name in ("track", "free")}
    for name, home in homes.items():
        home.data.mkdir()
        with Collection.open(home, (decks,)) as collection:
            answered(collection, 0.5)
            if name == "track":
                use_track(collection, "way")
        answer_one(home, decks)
    time.sleep(COARSEST_NS / 1e9 + 1)
    base = {**os.environ, "PYTHONUTF8": "1", "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "TERM": "xterm-256color"}
    base.pop("PYTHONDONTWRITEBYTECODE", None)
    program = [sys.executable, "-m", "nlpcards", "--decks", str(decks)]

    def environment(home: Home) -> Mapping[str, str]:
        return {**base, "NLPCARDS_HOME": str(home.data)}

    faces: Mapping[str, Callable[[Home], Took]] = {
        "today --json": lambda home: piped([*program, "today", "--json"], environment(home)),
        "first card": lambda home: on_screen([*program, "review"], environment(home), b"What is "),
    }
    before: Mapping[str, Callable[[Home], object]] = {
        "warm": lambda home: None,
        "all looked at": lambda home: forgetting(home.data),
        "after an answer": lambda home: answer_one(home, decks),
    }
    for each in (*faces.values(), *faces.values()):
        for home in homes.values():
            each(home)
    print(f"{cards:,} cards, {topics} topics, {runs} runs, load {os.getloadavg()[0]:.1f}")
    for when, first in before.items():
        for face, asked in faces.items():
            taken: dict[str, list[float]] = {name: [] for name in homes}
            for _ in range(runs):
                for name, home in homes.items():
                    first(home)
                    taken[name].append(1e3 * asked(home).processor)
            ratio = median(one / other for one, other in zip(taken["track"], taken["free"], strict=True))
            print(f"{face}, {when:16} {median(taken['track']):7.0f} ms   {ratio:5.2f} times that without a track")


def main() -> None:
    usual = ["100000", "500", "7"]
    cards, topics, runs = (int(each) for each in (sys.argv[1:] + usual[len(sys.argv) - 1 :])[:3])
    with tempfile.TemporaryDirectory() as folder:
        decks, home = Path(folder) / "decks", Path(folder) / "home"
        decks.mkdir()
        home.mkdir()
        library(decks, cards, topics)
        environment = {**os.environ, "NLPCARDS_HOME": str(home), "PYTHONUTF8": "1"}
        # An installed program has its bytecode; here all sides get it, in a folder that goes away.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        plain, opening = Path(folder) / "plain.py", Path(folder) / "opening.py"
        plain.write_text(CLICK_AND_SQLITE)
        opening.write_text(OPENING)
        with Collection.open(Home(home, home, home / "cache"), (decks,)) as collection:
            answered(collection, 0.5)
            use_track(collection, "way")
            every = collection.chosen(())
            collection.plan(every)
            parts = {"where one stands": lambda: standing(collection), "plan, track": lambda: collection.plan(every)}
            inside = {name: [milliseconds(work) for _ in range(runs)] for name, work in parts.items()}
            inside["plan, first of the day"] = []
            for _ in range(runs):
                use_track(collection, "way")
                inside["plan, first of the day"].append(milliseconds(lambda: collection.plan(every)))
            leave_track(collection)
            inside["plan, no track"] = [milliseconds(lambda: collection.plan(every)) for _ in range(runs)]
            use_track(collection, "way")
            asyncio.run(in_the_interface(collection, runs))
        program = [sys.executable, "-m", "nlpcards", "--decks", str(decks)]
        commands = {
            "click and sqlite3": [sys.executable, str(plain), str(home / "any.db")],
            "opening": [sys.executable, str(opening), str(decks)],
            "roadmap --json": [*program, "roadmap", "--json"],
        }
        for command in (*commands.values(), *commands.values()):
            piped(command, environment)  # what is read once is kept by the second time
        here = Home(home, home, home / "cache")
        before: Mapping[str, Callable[[], object]] = {
            "after an answer": lambda: answer_one(here, decks),
            "on a new day": lambda: yesterday(here, decks),
            "all looked at": lambda: forgetting(home),
        }
        taken: dict[str, list[float]] = {name: [] for name in (*commands, *before)}
        for _ in range(runs):
            for name, command in commands.items():
                taken[name].append(spent(command, environment))
            for name, first in before.items():
                first()
                taken[name].append(spent(commands["roadmap --json"], environment))
    print(f"{cards:,} cards, {topics} topics, {runs} runs, load {os.getloadavg()[0]:.1f}")
    for times, base in ((taken, "click and sqlite3"), (inside, "plan, no track")):
        for name, own in times.items():
            ratio = median(one / other for one, other in zip(own, times[base], strict=True))
            print(f"{name:24} {median(own):7.0f} ms   {ratio:5.2f} times {base}")
    beyond = median(one - other for one, other in zip(taken["roadmap --json"], taken["opening"], strict=True))
    plainest = median(taken["click and sqlite3"])
    print(f"{'roadmap beyond opening':24} {beyond:7.0f} ms   {beyond / plainest:5.2f} times click and sqlite3")
    with tempfile.TemporaryDirectory() as folder:
        led(Path(folder), min(cards, 10_000), min(topics, 100), 2 * runs)


if __name__ == "__main__":
    main()
