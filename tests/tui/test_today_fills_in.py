"""Today is on the screen before anything is counted, and fills in; by deck or topic, with what changed."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.tui import NlpcardsApp
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.today import TodayScreen
from tests.support.program import deck_of
from tests.support.screens import Learner, settled, shown

TOPICS = deck_of(5).replace("title:", "topic: gates\ntitle:")


def held_up(learner: Learner, go_on: threading.Event) -> Collection:
    """A collection whose clock keeps every thread but the screen's waiting until it may go on."""

    def now() -> datetime:
        if threading.current_thread() is not threading.main_thread():
            go_on.wait()
        return learner.at

    collection = Collection.open(learner.home, (learner.decks,), Clock(now, learner.at.tzinfo))
    learner.opened.append(collection)
    return collection


async def test_the_screen_is_there_before_anything_is_counted_and_fills_in(learner: Learner) -> None:
    learner.write(deck_of(5))
    go_on = threading.Event()
    app = NlpcardsApp(held_up(learner, go_on), monotonic=lambda: learner.seconds)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        first = shown(app)
        assert "Tuesday 10 November" in first
        assert "Counting…" in first
        assert "space Review all" in first
        assert "cards today" not in first
        go_on.set()
        await settled(pilot)
        assert "Counting…" not in shown(app)
        assert "5 cards today: 5 new" in shown(app)


async def test_a_review_can_begin_before_anything_is_counted(learner: Learner) -> None:
    learner.write(deck_of(5))
    go_on = threading.Event()
    app = NlpcardsApp(held_up(learner, go_on), monotonic=lambda: learner.seconds)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("space")
        await pilot.pause()
        assert isinstance(app.screen, ReviewScreen)
        go_on.set()
        await settled(pilot)
        assert "What is question 0?" in shown(app)


async def test_a_key_lists_topics_and_enter_reviews_the_one_at_the_arrow(learner: Learner) -> None:
    learner.write(TOPICS)
    learner.write(deck_of(2, "other"), "other.yaml")
    async with learner.screen() as (app, pilot):
        assert "by deck" in shown(app)
        await pilot.press("j", "t")
        await settled(pilot)
        text = shown(app)
        assert "by topic" in text
        assert "▸ All topics" in text
        assert next(line for line in text.splitlines() if "gates" in line).split()[-5:] == ["5", "0", "0", "5", "0%"]
        await pilot.press("j", "j")
        await settled(pilot)
        assert "▸ (no topic)" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "2 new" in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("t", "j", "enter")
        await settled(pilot)
        assert "5 new" in shown(app)


async def test_what_changed_since_yesterday_is_told(learner: Learner) -> None:
    learner.write(deck_of(5))
    async with learner.screen() as (app, _):
        assert "Since yesterday" not in shown(app)
    learner.at += timedelta(days=1)
    learner.write(deck_of(7).replace("Answer 1.", "Another."))
    async with learner.screen() as (app, pilot):
        assert "Since yesterday: Made made 2 notes added, 1 edited." in shown(app)
        learner.write(deck_of(8))
        await pilot.press("r")
        await settled(pilot)
        assert "Since yesterday: Made made 3 notes added." in shown(app)
        await pilot.press("space", "escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert "Since yesterday: Made made 3 notes added." in shown(app)


async def test_the_forecast_has_its_counts_in_text_for_two_weeks(learner: Learner) -> None:
    learner.write(deck_of(9))
    learner.study(2)
    async with learner.screen() as (app, _):
        lines = shown(app).splitlines()
        at = next(number for number, line in enumerate(lines) if "Reviews in the next 14 days" in line)
        counts, days = lines[at + 4].split(), lines[at + 5].split()
        ahead = app.collection.today().ahead
        assert [int(each) for each in counts] == list(ahead)
        assert days == ["Fri", "Sat", "Sun", "Mon", "Tue", "Wed", "Thu"] * 2


async def test_everything_of_today_fits_on_the_smallest_terminal(learner: Learner) -> None:
    learner.write(TOPICS)
    async with learner.screen():
        pass
    learner.study(2)
    learner.write(deck_of(6).replace("title:", "topic: gates\ntitle:"))
    learner.write("deck: broken\ntitle: Broken\nnotes:\n  - id: one\n    q: Only a question\n", "broken.yaml")
    async with learner.screen(size=(60, 16)) as (app, _):
        text = shown(app)
        for words in ("today", "▸ All decks", "in a row", "Since", "next 14 days", "Thu", "✗ 1 error", "? Help"):
            assert words in text, text
