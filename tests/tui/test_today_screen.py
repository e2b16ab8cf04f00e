"""Today, and the screens that one opens from it."""

from __future__ import annotations

import pytest

from nlpcards.core.errors import NlpcardsError
from nlpcards.tui import NlpcardsApp
from nlpcards.tui.help import HelpScreen
from nlpcards.tui.problems import ProblemsScreen
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.today import TodayScreen
from tests.support.program import deck_of
from tests.support.screens import ALL, Learner, settled, shown


async def test_today_lists_decks_with_what_is_due(learner: Learner) -> None:
    learner.write(deck_of(5))
    learner.write(deck_of(7, "other"), "other.yaml")
    async with learner.screen() as (app, _):
        text = shown(app)
        assert "12 cards today: 12 new; about 6 min at a usual pace." in text
        assert "Tuesday 10 November" in text
        assert "▸ All decks" in text
        row = next(line for line in text.splitlines() if "Made other" in line)
        assert row.split()[-5:] == ["7", "0", "0", "7", "0%"]
        assert "no streak yet" in text


async def test_space_reviews_all_and_enter_the_deck_at_the_arrow(learner: Learner) -> None:
    learner.write(deck_of(2))
    learner.write(deck_of(2, "other"), "other.yaml")
    async with learner.screen() as (app, pilot):
        await pilot.press("j", "j")
        await settled(pilot)
        assert "▸ Made other" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert "2 new" in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("space")
        await settled(pilot)
        assert "4 new" in shown(app)


async def test_a_click_on_a_deck_reviews_it(learner: Learner) -> None:
    learner.write(deck_of(2))
    learner.write(deck_of(2, "other"), "other.yaml")
    async with learner.screen() as (app, pilot):
        await pilot.click("#decks", offset=(6, 1))
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert "2 new" in shown(app)


async def test_without_decks_today_says_where_to_put_one(learner: Learner) -> None:
    async with learner.screen() as (app, pilot):
        assert "There is no deck yet." in shown(app)
        assert str(learner.home.decks) in "".join(shown(app).split())
        await pilot.press("space", "enter")
        assert isinstance(app.screen, TodayScreen)
        learner.write(deck_of(1))
        await pilot.press("r")
        await settled(pilot)
        assert "1 card today" in shown(app)


async def test_when_nothing_is_due_today_says_when_the_next_card_comes(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (app, pilot):
        while isinstance(app.screen, ReviewScreen):
            await learner.answer(pilot, "4")
        await pilot.press("escape")
        await settled(pilot)
        assert "Done for today." in shown(app)
        assert "The next" in shown(app)
        assert "3 answers today" in shown(app)
        assert "1 day in a row" in shown(app)


async def test_broken_decks_are_one_sentence_and_a_key_lists_their_problems(learner: Learner) -> None:
    learner.write(deck_of(3))
    path = learner.write("deck: broken\ntitle: Broken\nnotes:\n  - id: one\n    q: Only a question\n", "broken.yaml")
    async with learner.screen() as (app, pilot):
        assert "✗ 1 error in deck files: p shows them." in " ".join(shown(app).split())
        await pilot.press("p")
        await settled(pilot)
        assert isinstance(app.screen, ProblemsScreen)
        assert f"{path}:4" in "".join(shown(app).split())
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)


async def test_help_lists_every_key_and_leads_back(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL, size=(100, 60)) as (app, pilot):
        await pilot.press("space", "question_mark")
        await settled(pilot)
        assert isinstance(app.screen, HelpScreen)
        text = shown(app)
        for words in ("bury until tomorrow", "a note of your own", "review all decks", "commands and themes"):
            assert words in text
        await pilot.press("question_mark")
        await settled(pilot)
        assert "Answer 0." in shown(app)


async def test_the_palette_offers_the_screens_and_themes(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen() as (app, pilot):
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert titles[:2] == ["Today", "Review"]
        assert {"Catch up", "Study ahead", "Cram", "Statistics", "Theme"} <= set(titles)
        await pilot.press("ctrl+p")
        await settled(pilot)
        await pilot.press("escape")


async def test_the_configured_theme_is_used(learner: Learner) -> None:
    learner.configure('theme = "textual-light"')
    async with learner.screen() as (app, _):
        assert app.theme == "textual-light"


def test_a_theme_that_does_not_exist_is_one_sentence(learner: Learner) -> None:
    learner.configure('theme = "no-such"')
    with pytest.raises(NlpcardsError, match="there is no theme no-such") as raised:
        NlpcardsApp(learner.open())
    assert "textual-dark" in raised.value.remedy


async def test_the_keys_that_fit_are_shown_and_help_always(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL, size=(60, 16)) as (app, pilot):
        foot = shown(app).splitlines()[-1]
        assert "? Help" in foot
        assert "esc Today" in foot
        assert "f Flag" not in foot
        await pilot.resize_terminal(160, 50)
        await settled(pilot)
        assert "f Flag" in shown(app).splitlines()[-1]


async def test_a_click_on_a_key_presses_it(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (app, pilot):
        foot = shown(app).splitlines()[-1]
        await pilot.click("KeyBar", offset=(foot.index("s Skip"), 0))
        await settled(pilot)
        assert "question 1?" in shown(app)
