"""Today's lines about the track: where one is, what opened, the calendar's week, and the weekly practice on its day."""

from __future__ import annotations

from datetime import timedelta

from nlpcards.collection.roadmap.on_track import on_track
from nlpcards.tui.practice import PracticeScreen
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.today import TodayScreen
from tests.support.road import give_road, set_out
from tests.support.screens import Learner, settled, shown


async def test_it_says_where_one_is_and_what_opened_since_yesterday(learner: Learner) -> None:
    give_road(learner)
    learner.configure("[limits]\nnew = 3\n")
    set_out(learner)
    async with learner.screen() as (app, _):
        assert "The way: stage 1 of 3, Beginnings · 0 % met" in shown(app)
        assert "New since yesterday" not in shown(app)
    learner.study(2)
    async with learner.screen() as (app, _):
        assert "The way: stage 1 of 3, Beginnings · 26 % met" in shown(app)
        assert "New since yesterday: Words is open." in shown(app)
    learner.at += timedelta(days=2)
    async with learner.screen() as (app, _):
        assert "New since yesterday" not in shown(app)


async def test_on_a_calendar_it_says_the_week_and_whether_it_is_in_time(learner: Learner) -> None:
    give_road(learner)
    set_out(learner, "weeks")
    async with learner.screen() as (app, _):
        assert "week 1 of 3, in time" in " ".join(shown(app).split())
    learner.at += timedelta(days=8)
    async with learner.screen() as (app, _):
        assert "week 2 of 3, 11 cards of earlier weeks left" in " ".join(shown(app).split())
    learner.at += timedelta(days=30)
    with learner.open() as collection:
        found = on_track(collection, collection.now().day)
        assert found is not None
        assert found.week is not None
        assert found.week.words == "the 3 weeks are over, 23 cards of earlier weeks left"


async def test_without_a_track_there_is_no_line(learner: Learner) -> None:
    give_road(learner)
    learner.study(1)
    async with learner.screen() as (app, _):
        assert isinstance(app.screen, TodayScreen)
        assert "stage" not in shown(app)


async def test_on_the_day_of_practice_a_key_looks_back_on_the_week(on_way: Learner) -> None:
    on_way.configure('[limits]\nnew = 3\n\n[roadmap]\npractice_day = "friday"\n')
    async with on_way.screen() as (app, pilot):
        assert "Weekly practice today: w looks back" in shown(app)
        await pilot.press("w")
        await settled(pilot)
        assert isinstance(app.screen, PracticeScreen)
        text = shown(app)
        assert "9 cards introduced." in text
        assert "1 Text: recall" in text
        assert "[ ] The first project (project)" in text
        assert "[ ] The book of words (book, Press, 3 weeks, https://example.org/book)" in text
        assert "Today is Friday, your day of practice." in text
        await pilot.press("d", "d")
        await settled(pilot)
        assert "The first project: done, as of today." in shown(app)
        await pilot.press("1")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.asked.card.note.deck == "text"


async def test_another_day_can_be_chosen_for_it(on_way: Learner) -> None:
    async with on_way.screen() as (app, pilot):
        assert "Weekly practice" not in shown(app)
        await pilot.press("w")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen), "on other days the key does nothing"
        app.action_practice()
        await settled(pilot)
        assert "No day of practice is chosen" in shown(app)
        await pilot.press("c", "home", "enter")
        await settled(pilot)
        assert app.collection.taste.practice_day == 0
        assert "Your day of practice is Monday." in shown(app)
