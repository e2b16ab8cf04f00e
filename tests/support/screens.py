"""A learner in a folder of its own, with real decks and a real journal, whose clocks the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from textual.pilot import Pilot

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.collection.reviewing import Reviewing
from nlpcards.tui import NlpcardsApp

MORNING = datetime(2026, 11, 10, 9, tzinfo=UTC)


@dataclass
class Learner:
    """`at` is the wall clock, `seconds` the clock that measures answers; both stand still until they are moved."""

    home: Home
    decks: Path
    at: datetime = MORNING
    seconds: float = 1000.0
    opened: list[Collection] = field(default_factory=list)

    @classmethod
    def in_folder(cls, folder: Path) -> Learner:
        decks = folder / "decks"
        decks.mkdir()
        home = folder / "home"
        home.mkdir()
        return cls(Home(home, home, home / "cache"), decks)

    def write(self, text: str, name: str = "made.yaml") -> Path:
        path = self.decks / name
        path.write_text(text, "utf-8")
        return path

    def configure(self, text: str) -> None:
        self.home.settings.write_text(text, "utf-8")

    def open(self) -> Collection:
        collection = Collection.open(self.home, (self.decks,), Clock(lambda: self.at, UTC))
        self.opened.append(collection)
        return collection

    def wait(self, **time: float) -> None:
        """Let time pass on both clocks."""
        passed = timedelta(**time)
        self.at += passed
        self.seconds += passed.total_seconds()

    def study(self, days: int) -> None:
        """Study on some mornings in a row, every seventh answer forgotten, and stop on the morning after."""
        with Collection.open(self.home, (self.decks,), Clock(lambda: self.at, UTC)) as collection:
            given = 0
            for _ in range(days):
                morning = self.at
                reviewing = Reviewing.start(collection)
                while reviewing.asked is not None:
                    given += 1
                    self.wait(seconds=9)
                    reviewing.rate(1 if given % 7 == 0 else 3, 8000)
                self.at = morning + timedelta(days=1)

    @asynccontextmanager
    async def screen(
        self, *, start: frozenset[str] | None = None, size: tuple[int, int] = (80, 24)
    ) -> AsyncIterator[tuple[NlpcardsApp, Pilot[None]]]:
        app = NlpcardsApp(self.open(), start=start, monotonic=lambda: self.seconds)
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            yield app, pilot

    async def answer(self, pilot: Pilot[None], rating: str = "3") -> None:
        """Reveal the card, take five seconds, rate it."""
        await pilot.press("space")
        self.wait(seconds=5)
        await pilot.press(rating)
        await settled(pilot)

    def ratings(self) -> list[int]:
        """The ratings in the journal, as another program that opens it now finds them."""
        with Collection.open(self.home, (self.decks,), Clock(lambda: self.at, UTC), read_only=True) as collection:
            bodies = [event.body for event in collection.journal.events(surviving=True)]
        return [body.rating for body in bodies if hasattr(body, "rating")]

    def close(self) -> None:
        for collection in self.opened:
            collection.close()


ALL: frozenset[str] = frozenset()
"""All decks."""


async def settled(pilot: Pilot[None]) -> None:
    """Wait until what was asked of the screen is on it, what threads count included."""
    for _ in range(3):
        await pilot.pause()
    while not all(worker.is_finished for worker in pilot.app.workers):
        await pilot.pause(0.01)
    await pilot.pause()
    for _ in range(200):
        screen = pilot.app.screen
        # On a busy machine what was found may not be laid out yet, nor what follows from that.
        if not (screen._layout_required or screen._callbacks or screen._dirty_widgets):
            break
        await pilot.pause(0.005)


def shown(app: NlpcardsApp) -> str:
    """What is on the screen, as text."""
    lines = ("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())
    return "\n".join(line.rstrip() for line in lines)
