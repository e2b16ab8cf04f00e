"""Makes the pictures in the README, `docs/today.svg`, `docs/review.svg` and `docs/roadmap.svg`: run `python
docs/make_screenshots.py`.

Bundled decks, a made-up learner of a few days and a fixed clock: the same program always makes the same bytes.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.roadmap.changing import mark, use_track
from nlpcards.core.roadmap.following import Status
from nlpcards.tui.app import NlpcardsApp

HERE = Path(__file__).parent
DECKS = tuple(HERE.parent / "decks" / f"{name}.yaml" for name in ("attention", "bert-vs-gpt", "lstm"))
FIRST_MORNING = datetime(2026, 11, 9, 8, 30, tzinfo=UTC)
DAYS = 5
TRACK, DAYS_ON_TRACK = "pathway-to-gpt", 15
SHOWN = "attention/scaled-dot-product-formula#"
"""The card in the picture of a review, as far as its id goes; the first one asked where there is no such card."""


class Wall:
    """A wall clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = FIRST_MORNING

    def __call__(self) -> datetime:
        """The time now."""
        return self.at


def study(collection: Collection, wall: Wall, days: int = DAYS) -> None:
    """Answer what is due for some mornings, now and then wrongly, and stop on the morning after."""
    given = 0
    for day in range(days):
        wall.at = FIRST_MORNING + timedelta(days=day)
        reviewing = Reviewing.start(collection)
        while reviewing.asked is not None:
            given += 1
            wall.at += timedelta(seconds=8)
            reviewing.rate(1 if given % 9 == 0 else 4 if given % 5 == 0 else 3, 7000)
    wall.at = FIRST_MORNING + timedelta(days=days)


def save(app: NlpcardsApp, name: str) -> None:
    """Save what is on the screen."""
    svg = re.sub(r"terminal-\d+", "terminal", app.export_screenshot())
    (HERE / f"{name}.svg").write_text(svg, "utf-8")


async def picture(app: NlpcardsApp) -> None:
    """Save Today and a review."""
    async with app.run_test(size=(88, 24)) as pilot:
        await pilot.pause()
        save(app, "today")
        reviewing = Reviewing.start(app.collection)
        for _ in range(reviewing.counts.total):
            if reviewing.asked is None or reviewing.asked.card.id.startswith(SHOWN):
                break
            reviewing.skip()
        app.go_on(reviewing)
        await pilot.pause()
        await pilot.press("space")
        await pilot.pause()
        await pilot.pause()
        save(app, "review")


async def picture_of_roadmap(app: NlpcardsApp) -> None:
    """Save the Roadmap, with the first stage open."""
    async with app.run_test(size=(88, 24)) as pilot:
        await pilot.pause()
        await pilot.press("m")
        for _ in range(20):
            await app.workers.wait_for_complete()
            await pilot.pause()
        await pilot.press(*["down"] * 4)
        await pilot.pause()
        save(app, "roadmap")


def on_a_track() -> None:
    """Make the picture of the Roadmap: all bundled decks, and a learner who follows a track for two weeks."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        wall = Wall()
        decks = (HERE.parent / "decks",)
        with Collection.open(Home(home, home, home / "cache"), decks, Clock(wall, UTC)) as collection:
            use_track(collection, TRACK)
            study(collection, wall, DAYS_ON_TRACK)
            first = next(each for stage in collection.library.roadmap.tracks[TRACK].stages for each in stage.resources)
            mark(collection, f"resource:{first}", Status.DOING)
            asyncio.run(picture_of_roadmap(NlpcardsApp(collection, monotonic=lambda: 0.0)))


def main() -> None:
    """Make the pictures."""
    on_a_track()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        wall = Wall()
        with Collection.open(Home(home, home, home / "cache"), DECKS, Clock(wall, UTC)) as collection:
            study(collection, wall)
            asyncio.run(picture(NlpcardsApp(collection, monotonic=lambda: 0.0)))


if __name__ == "__main__":
    main()
