"""How smooth Browse is over a large library: `python benchmarks/browse.py [CARDS]`, 100,000 unless said otherwise.

A library of simple cards with formulas, nine of ten answered, is made in a folder of its own; then the screen is driven
as its user would drive it. Printed are the time from the key that opens it to the first cards on the screen, the time
from a key to its paint (median, 99th percentile, most; each key once while nothing else goes on, and once while a
search over all cards is under way), and the time of a search and of an order until they are whole; in milliseconds. A
key is felt as immediate up to about 50 ms. A last line is a bare Textual app with one scrolling line widget on the same
machine: the floor of a key to its paint.

100,000 cards on two cores with a load of 6.5 from elsewhere: opened in 0.85 s, a key to its paint 28 ms (99th
percentile 90 ms; the bare app 6 and 33 ms), all marked in 52 ms, orders whole in 0.3 to 1.4 s. While the states of
all cards were read for a first `is:due`, a key took 45 ms, at most 390 ms.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nlpcards.collection.browsing import Column
from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.core.days import MS_PER_DAY
from nlpcards.core.journal import Event, EventId, Review, next_hlc
from nlpcards.tui.app import NlpcardsApp
from nlpcards.tui.browse import BrowseScreen

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
PER_DECK = 5_000
SIZE = (120, 40)


def write_decks(folder: Path, cards: int) -> None:
    folder.mkdir()
    for first in range(0, cards, PER_DECK):
        number = first // PER_DECK
        lines = [f"deck: deck{number}", f"title: Deck {number}", f"topic: topic{number % 4}", "notes:"]
        for card in range(first, min(cards, first + PER_DECK)):
            lines += [
                f"  - id: n{card}",
                "    q: |-",
                f"      What does unit {card} of the **layer** compute from $x_{{{card}}}$?",
                "    a: |-",
                f"      A weighted sum $\\sum_i w_i x_i$ of {card} inputs.",
            ]
        (folder / f"deck{number}.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def answers(collection: Collection) -> Iterator[Event]:
    """An answer to nine of ten cards, on some day of the last forty."""
    random, now, hlc, seq = Random(1), collection.now(), 0, 0
    for note in collection.library.notes.values():
        for card in note.cards():
            if random.random() < 0.1:
                continue
            days = random.randrange(1, 40)
            at, seq = now.ms - days * MS_PER_DAY, seq + 1
            hlc = next_hlc(hlc, at)
            rating = random.choice((1, 3, 3, 3, 4))
            yield Event(EventId("made", seq), hlc, at, now.day - days, Review(card.id, rating, 9_000, None, 0, after=0))


Painted = TypeVar("Painted", bound=App[None])


def watched(kind: type[Painted]) -> type[Painted]:
    """An application that tells when it writes to the terminal."""

    class Watched(kind):  # type: ignore[misc, valid-type]
        painted = asyncio.Event()

        def _display(self, screen: Screen[object], renderable: object) -> None:
            super()._display(screen, renderable)
            self.painted.set()

    return Watched


async def until_painted(app: Any, key: str, character: str | None = None) -> float:
    """Seconds from a key's arrival until the terminal is written to."""
    await asyncio.sleep(0.03)
    app.painted.clear()
    began = time.perf_counter()
    app.post_message(events.Key(key, character or (key if len(key) == 1 else None)))
    await asyncio.wait_for(app.painted.wait(), 60)
    return time.perf_counter() - began


def told(name: str, seconds: list[float]) -> None:
    ms = sorted(1000 * each for each in seconds)
    last = ms[min(len(ms) - 1, round(len(ms) * 0.99))]
    print(f"{name:32} {statistics.median(ms):6.1f} ms median, {last:6.1f} ms p99, {ms[-1]:6.1f} ms most")


async def until_searched(screen: BrowseScreen) -> float:
    began = time.perf_counter()
    await asyncio.sleep(0)
    while any(not worker.is_finished for worker in screen.workers if worker.group == "search"):
        await asyncio.sleep(0.002)
    return time.perf_counter() - began


async def measured(collection: Collection) -> None:
    app: Any = watched(NlpcardsApp)(collection)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        began = time.perf_counter()
        await until_painted(app, "b")
        while not (isinstance(app.screen, BrowseScreen) and app.screen.table.virtual_size.height):
            await asyncio.sleep(0.001)
        screen = app.screen
        app.painted.clear()
        await app.painted.wait()
        print(f"{'opened, first cards shown':32} {1000 * (time.perf_counter() - began):6.1f} ms")
        print(f"{'all cards found':32} {1000 * (await until_searched(screen)):6.1f} ms more")
        keys = ["j"] * 60 + ["pagedown"] * 60 + ["G", "pageup", "g", "pagedown"] * 5 + ["space"] * 30 + ["J"] * 20
        told("a key to its paint", [await until_painted(app, key) for key in keys])
        told("all of them marked, unmarked", [await until_painted(app, "a") for _ in range(6)])
        for text in ("is:due", "prop:s>2 -deck:deck1"):
            screen._search(text)
            busy = [await until_painted(app, "j") for _ in range(25)]
            left = await until_searched(screen)
            print(f"{'search ' + text:32} {1000 * (sum(busy) + left):6.1f} ms, keys pressed meanwhile")
            told("  a key to its paint meanwhile", busy)
        screen._search("")
        await until_searched(screen)
        for column in Column:
            screen._sort(column)
            print(f"{'sort by ' + column:32} {1000 * await until_searched(screen):6.1f} ms")


class Bare(App[None]):
    """The least there is to repaint."""

    class Lines(ScrollView, can_focus=True):
        """Empty lines."""

        def on_mount(self) -> None:
            """As many as there are cards."""
            self.virtual_size = Size(80, 100_000)

        def render_line(self, y: int) -> Strip:
            """Nothing."""
            return Strip.blank(self.size.width)

        def key_j(self) -> None:
            """Draw again."""
            self.refresh()

    def compose(self) -> ComposeResult:
        """Only the lines."""
        yield Bare.Lines()


async def bare() -> None:
    app: Any = watched(Bare)()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        told("a bare app's key to its paint", [await until_painted(app, "j", "j") for _ in range(100)])


def main() -> None:
    cards = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_decks(folder / "decks", cards)
        home = Home(folder, folder, folder / "cache")
        with Collection.open(home, (folder / "decks",), Clock(lambda: NOW, UTC)) as collection:
            collection.journal.insert(list(answers(collection)))
            print(f"{cards:,} cards, {SIZE[0]}x{SIZE[1]}")
            asyncio.run(measured(collection))
    asyncio.run(bare())


if __name__ == "__main__":
    main()
