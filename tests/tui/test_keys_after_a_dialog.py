"""Back from a dialog, the keys belong to the card that is on, and a card that is asked again begins anew."""

from __future__ import annotations

import pytest

from nlpcards.tui.pause import PauseScreen
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.today import TodayScreen
from tests.support.screens import ALL, Learner, settled, shown

DECK = """deck: made
notes:
  - id: typed
    q: What is the past of *to go*?
    typed: went
  - id: recalled
    q: What is asked second?
    a: This.
"""


async def test_after_a_pause_the_keys_rate_the_card_and_are_no_text_of_an_earlier_one(learner: Learner) -> None:
    learner.write(DECK)
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press(*"went", "enter")
        learner.wait(seconds=5)
        await pilot.press("4")
        await settled(pilot)
        assert "What is asked second?" in shown(app)
        await pilot.press("space")
        await pilot.press("p")
        await settled(pilot)
        assert isinstance(app.screen, PauseScreen)
        learner.wait(seconds=300)
        await pilot.press("space")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert app.focused is None
        learner.wait(seconds=5)
        await pilot.press("2")
        await settled(pilot)
        assert learner.ratings() == [4, 2]


@pytest.mark.parametrize("keys", [("s",), ("d", "0", "enter")])
async def test_the_only_card_left_is_asked_anew_when_it_comes_again(learner: Learner, keys: tuple[str, ...]) -> None:
    learner.write("deck: made\nnotes:\n  - id: alone\n    q: Who is left?\n    a: Nobody else.\n")
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("space")
        assert "Nobody else." in shown(app)
        await pilot.press(*keys)
        await settled(pilot)
        assert "Who is left?" in shown(app)
        assert "Nobody else." not in shown(app)


async def test_a_key_that_comes_before_the_summary_finds_no_card_and_does_nothing(learner: Learner) -> None:
    learner.write("deck: made\nnotes:\n  - id: alone\n    q: Who is left?\n    a: Nobody else.\n")
    async with learner.screen(start=ALL) as (app, pilot):
        review = app.screen
        assert isinstance(review, ReviewScreen)
        # What a dialog does as it closes; the screen learns of it a moment later.
        review._reviewing.set_due("7")
        await pilot.press("space", "3", "b", "i", "e", "s", "f")
        assert app.screen is review
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
    assert learner.ratings() == []
