"""The first run: two questions to a newcomer, on screen and line by line; what the answers mean, and nothing twice."""

from __future__ import annotations

import os
import pty

import pytest

from nlpcards.cli.plain_greeting import greet_plainly
from nlpcards.collection.first_run import greets, outlook
from nlpcards.tui.greeting import GreetingScreen
from nlpcards.tui.placement import PlacementScreen
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.today import TodayScreen
from tests.support.program import deck_of
from tests.support.road import give_road
from tests.support.screens import Learner, settled, shown


async def test_a_newcomer_chooses_a_track_and_minutes_and_starts(learner: Learner) -> None:
    give_road(learner)
    async with learner.screen() as (app, pilot):
        assert isinstance(app.screen, GreetingScreen)
        assert "Which way do you want to go?" in shown(app)
        assert "From text to gates, each when the one before is known." in " ".join(shown(app).split())
        await pilot.press("enter")
        await settled(pilot)
        text = " ".join(shown(app).split())
        assert "How many minutes a day" in text
        assert "20 min" in text
        assert "new cards a day" in text
        await pilot.press("backspace")
        await settled(pilot)
        assert "▸ The way" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("end", "enter", "1", "enter")
        await settled(pilot)
        assert "▸    1 min" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        collection = app.collection
        expected = outlook(collection, "way", 1)
        assert expected.words in " ".join(shown(app).split())
        assert collection.knowing.track is None, "nothing is written before one starts"
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        track = collection.knowing.track
        assert track is not None
        assert track.id == "way"
        assert collection.taste.limits.new == expected.new_a_day
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert "The way: stage 1 of 3, Beginnings" in shown(app)
    async with learner.screen() as (app, _):
        assert isinstance(app.screen, TodayScreen), "nothing asks twice"


async def test_one_key_skips_it_and_nothing_changes_and_nothing_asks_again(learner: Learner) -> None:
    give_road(learner)
    async with learner.screen() as (app, pilot):
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert not learner.home.settings.exists()
        assert app.collection.knowing.track is None
    async with learner.screen() as (app, _):
        assert isinstance(app.screen, TodayScreen)


async def test_placement_is_offered_as_the_third_step_and_no_track_is_an_answer(learner: Learner) -> None:
    give_road(learner)
    async with learner.screen() as (app, pilot):
        await pilot.click("#greeting-choices", offset=(5, 2))
        await settled(pilot)
        assert "question 2 of 2" in shown(app), "the mouse chooses, too"
        await pilot.press("enter", "down", "enter")
        await settled(pilot)
        assert isinstance(app.screen, PlacementScreen)
        assert app.collection.knowing.track is None


async def test_whoever_has_answers_or_no_roadmap_is_not_greeted(learner: Learner) -> None:
    learner.write(deck_of(2))
    async with learner.screen() as (app, _):
        assert isinstance(app.screen, TodayScreen)
    learner.study(1)
    give_road(learner)
    async with learner.screen() as (app, _):
        assert isinstance(app.screen, TodayScreen)
        assert not greets(app.collection)


def test_in_a_pipe_nothing_is_asked(learner: Learner, capsys: pytest.CaptureFixture[str]) -> None:
    give_road(learner)
    with learner.open() as collection:
        greet_plainly(collection)
        assert capsys.readouterr().out == ""
        assert greets(collection)


@pytest.mark.parametrize(("typed", "track"), [("9\n1\nlong\n15\n", "way"), ("3\n\n", None), ("q\n", None)])
def test_on_a_terminal_the_same_is_asked_line_by_line(
    learner: Learner,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    track: str | None,
) -> None:
    give_road(learner)
    here, there = pty.openpty()
    os.write(here, typed.encode())
    with learner.open() as collection, open(there, "r+b", 0) as both:
        reading, writing = os.fdopen(os.dup(both.fileno())), os.fdopen(os.dup(both.fileno()), "w")
        monkeypatch.setattr("sys.stdin", reading)
        monkeypatch.setattr("sys.stdout", writing)
        greet_plainly(collection)
        monkeypatch.undo()
        reading.close()
        writing.close()
        said = os.read(here, 100_000).decode()
        os.close(here)
        found = collection.knowing.track
        assert (found.id if found else None) == track
        assert "Two questions before the first card" in said
        assert not greets(collection)
        wrong = capsys.readouterr().err
        assert ("9 is no number from 1 to 3" in wrong and "long is no time" in wrong) is (track is not None)
