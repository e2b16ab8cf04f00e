"""Minutes, catch up, ahead and cram, asked for on the screen."""

from __future__ import annotations

import pytest

from nlpcards.core.queue import Ahead, Cram, Daily, Purpose
from nlpcards.tui.entry import Entry
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.sessions import SessionsScreen
from nlpcards.tui.summary import SummaryScreen
from nlpcards.tui.today import TodayScreen
from tests.support.program import deck_of
from tests.support.screens import Learner, settled, shown


@pytest.mark.parametrize(
    ("keys", "purpose", "said"),
    [
        (("m", "5", "enter"), Daily(minutes=5), "What is worth 5 min most: 12 cards."),
        (("c", "3", "enter"), Daily(catch_up=3), "Catching up over 3 days: 4 cards. 8 due reviews left for later."),
        (("a", "7", "enter"), Ahead(7), "your answers are not stored"),
        (("r", "a", "7", "enter"), Ahead(7, counts=True), "Ahead by 7 days; the answers count: 12 cards."),
        (("x",), Cram(), "your answers are not stored"),
        (("r", "r", "r", "x"), Cram(counts=True), "Cramming; the answers count: 12 cards."),
    ],
)
async def test_each_session_is_asked_for_by_key_and_says_what_it_is(
    learner: Learner, keys: tuple[str, ...], purpose: Purpose, said: str
) -> None:
    learner.write(deck_of(12))
    learner.study(1)
    learner.wait(days=40)
    async with learner.screen() as (app, pilot):
        await pilot.press("o")
        await settled(pilot)
        assert isinstance(app.screen, SessionsScreen)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen._reviewing.purpose == purpose
        assert said in " ".join(shown(app).split())


async def test_a_session_takes_the_deck_at_the_arrow(learner: Learner) -> None:
    learner.write(deck_of(3))
    learner.write(deck_of(2, "other"), "other.yaml")
    async with learner.screen() as (app, pilot):
        await pilot.press("j", "j", "o")
        await settled(pilot)
        assert "Other sessions: Made other" in shown(app)
        await pilot.press("x")
        await settled(pilot)
        assert "2 new" in shown(app)


@pytest.mark.parametrize(("key", "typed"), [("m", "soon"), ("m", "0"), ("c", "1.5"), ("a", "99999"), ("a", "")])
async def test_a_number_that_means_nothing_is_one_sentence_and_the_question_stays(
    learner: Learner, key: str, typed: str
) -> None:
    learner.write(deck_of(3))
    async with learner.screen() as (app, pilot):
        await pilot.press("o", key)
        await settled(pilot)
        await pilot.press(*typed, "enter")
        await settled(pilot)
        assert isinstance(app.screen, Entry)
        assert "✗" in shown(app)
        assert typed[:5] in shown(app)


async def test_the_palette_begins_each_of_them(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen() as (app, pilot):
        commands = {command.title: command.callback for command in app.get_system_commands(app.screen)}
        commands["Catch up"]()
        await settled(pilot)
        assert isinstance(app.screen, Entry)
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
        commands["Cram"]()
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)


async def test_after_todays_part_of_a_backlog_going_on_asks_for_no_more(learner: Learner) -> None:
    learner.write(deck_of(6))
    learner.study(1)
    learner.wait(days=40)
    async with learner.screen() as (app, pilot):
        await pilot.press("o", "c", "3", "enter")
        await settled(pilot)
        for _ in range(2):
            await learner.answer(pilot, "3")
        assert isinstance(app.screen, SummaryScreen)
        await pilot.press("space")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert learner.ratings()[-2:] == [3, 3]


async def test_after_practice_going_on_leads_to_today(learner: Learner) -> None:
    learner.write(deck_of(2))
    async with learner.screen() as (app, pilot):
        await pilot.press("o", "x")
        await settled(pilot)
        for _ in range(2):
            await learner.answer(pilot, "3")
        assert isinstance(app.screen, SummaryScreen)
        await pilot.press("space")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert "2 cards today: 2 new" in shown(app)
        assert learner.ratings() == []
