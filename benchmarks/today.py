"""When Today is on the screen, and when its figures are, beside Today without any deck; all in one run.

    python benchmarks/today.py [CARDS ...]

The decks are read before the clock starts: what is measured is the screen. Figures to quote are the median ratios.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.core.days import MS_PER_DAY, Moment
from nlpcards.core.journal import Review
from nlpcards.tui.app import NlpcardsApp
from nlpcards.tui.today import TodayScreen

RUNS = 5
DECKS = 20
DAYS = 200
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def made(folder: Path, cards: int) -> Collection:
    """A learner of 200 days with so many cards, of which 70 % were met."""
    decks = folder / "decks"
    decks.mkdir(parents=True)
    for deck in range(DECKS if cards else 0):
        lines = [f"deck: deck{deck}", f"title: Deck {deck}", f"topic: topic{deck % 12}", "notes:"]
        for note in range(cards // DECKS):
            lines += [f"  - id: n{note}", f"    q: What is question {note} of {deck}?", f"    a: Answer {note}."]
        (decks / f"deck{deck}.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    home = folder / "home"
    collection = Collection.open(Home(home, home, home / "cache"), (decks,), Clock(lambda: NOW, UTC))
    random = Random(1)
    met = [card.id for card in collection.library.cards()]
    random.shuffle(met)
    met = met[: len(met) * 7 // 10]
    now = collection.now()
    for ago in range(DAYS, 0, -1):
        day = Moment(now.ms - ago * MS_PER_DAY, now.day - ago)
        those = met[(DAYS - ago) * len(met) // DAYS : (DAYS - ago + 1) * len(met) // DAYS]
        bodies = [
            Review(card, 4, random.randrange(3_000, 20_000), day.day + random.randrange(ago // 2, 400), 0)
            for card in those
        ]
        collection.journal.append(bodies, day)
    return collection


class _Watched(NlpcardsApp):
    """Notes when the screen was drawn first, and when it had figures."""

    async def measured(self) -> tuple[float, float]:
        start = time.perf_counter()
        painted = 0.0
        async with self.run_test(size=(80, 24)) as pilot:
            while not isinstance(self.screen, TodayScreen) or not self.screen.query_one("#date").size:
                await pilot.pause(0)
            painted = time.perf_counter() - start
            while self.screen.is_counting:
                await asyncio.sleep(0.002)
            filled = time.perf_counter() - start
        return painted, filled


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:]] or [10_000, 100_000]
    with tempfile.TemporaryDirectory() as folder:
        collections = {cards: made(Path(folder) / str(cards), cards) for cards in (0, *sizes)}
        taken: dict[int, list[tuple[float, float]]] = {cards: [] for cards in collections}
        for _ in range(RUNS):
            for cards, collection in collections.items():
                taken[cards].append(asyncio.run(_Watched(collection).measured()))
        print(f"{RUNS} runs, medians; ratios to Today without decks")
        for cards, times in taken.items():
            ratio = median(own[0] / other[0] for own, other in zip(times, taken[0], strict=True))
            painted, filled = (1e3 * median(each[at] for each in times) for at in (0, 1))
            print(f"{cards:>7} cards: on screen {painted:6.0f} ms  {ratio:4.2f}   with its figures {filled:6.0f} ms")
        for collection in collections.values():
            collection.close()


if __name__ == "__main__":
    main()
