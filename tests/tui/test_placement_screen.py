"""The placement on screen: a question, its answer, what one says of it, and what that comes to."""

from __future__ import annotations

from nlpcards.collection.placing import Placing
from nlpcards.tui.placement import PlacementScreen
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.today import TodayScreen
from tests.support.road import give_road, set_out
from tests.support.screens import Learner, settled, shown


async def test_it_asks_keeps_takes_back_and_goes_on_where_it_was_left(learner: Learner) -> None:
    set_out(give_road(learner))
    async with learner.screen() as (app, pilot):
        app.action_placement()
        await settled(pilot)
        assert isinstance(app.screen, PlacementScreen)
        assert "question 1 of at most 30" in shown(app)
        assert "It is" not in shown(app)
        await pilot.press("y")
        await settled(pilot)
        assert "question 1 of" in shown(app), "what was not seen cannot be judged"
        await pilot.press("space")
        await settled(pilot)
        assert "It is" in shown(app)
        await pilot.press("y")
        await settled(pilot)
        assert "question 1 of" in shown(app), "a key pressed as the answer appears says nothing"
        learner.wait(seconds=3)
        await pilot.press("y")
        await settled(pilot)
        assert "question 2 of at most 30" in shown(app)
        assert "It is" not in shown(app)
        await pilot.press("u")
        await settled(pilot)
        assert "question 1 of at most 30" in shown(app)
        assert learner.ratings() == []
        await pilot.press("space")
        learner.wait(seconds=3)
        await pilot.press("n")
        await settled(pilot)
        assert learner.ratings() == [1]
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert "Placement left after 1 answer" in shown(app)
        app.action_placement()
        await settled(pilot)
        assert "question 2 of at most 30" in shown(app)
        assert "Going on where you left: 1 answer kept." in shown(app)


async def test_its_outcome_names_what_is_known_and_where_one_starts(learner: Learner) -> None:
    set_out(give_road(learner))
    known = ("text", "words")
    async with learner.screen() as (app, pilot):
        app.action_placement()
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, PlacementScreen)
        asked = 0
        while "answered" not in shown(app).splitlines()[0]:
            question = screen._placing.question
            assert question is not None
            asked += 1
            await pilot.press("space")
            learner.wait(seconds=3)
            await pilot.press("e" if question.topic in known else "n")
            await settled(pilot)
        text = shown(app)
        assert f"{asked} questions answered" in text
        assert "You know 2 topics" in text
        assert "✓ Text" in text
        assert "○ Counting words" in text
        assert app.collection.knowing.following.opened >= {"text", "words", "counts"}
        before = len(learner.ratings())
        await pilot.press("u")
        await settled(pilot)
        assert len(learner.ratings()) == before - 1, "even the last answer can be taken back"
        assert screen._placing.question is not None
        await pilot.press("space")
        learner.wait(seconds=3)
        await pilot.press("e" if screen._placing.question.topic in known else "n")
        await settled(pilot)
        await pilot.press("space")
        await settled(pilot)
        seen = {}
        for _ in range(6):
            assert isinstance(app.screen, ReviewScreen)
            seen[app.screen.asked.card.note.deck] = "do you know this already?" in shown(app)
            await pilot.press("s")
            await settled(pilot)
        assert len(seen) > 1
        assert all(is_asked == (deck in known) for deck, is_asked in seen.items()), seen


async def test_where_nothing_is_left_to_ask_today_says_so(learner: Learner) -> None:
    learner.write("deck: a\ntitle: A\nnotes:\n  - {id: n, q: What is it?, a: A thing.}\n", "a.yaml")
    async with learner.screen() as (app, pilot):
        app.action_placement()
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert "no topic has a card to ask" in " ".join(shown(app).split()).lower()


def test_the_screen_asks_what_the_collection_asks(learner: Learner) -> None:
    set_out(give_road(learner))
    with learner.open() as collection:
        assert Placing.start(collection).question is not None
