"""A practice session on the screen: it says that nothing is stored, and stores nothing."""

from __future__ import annotations

from nlpcards.core.queue import Cram
from nlpcards.tui import NlpcardsApp
from nlpcards.tui.summary import SummaryScreen
from tests.support.program import deck_of
from tests.support.screens import ALL, Learner, settled, shown


async def test_cramming_says_what_it_is_shows_no_intervals_and_leaves_the_journal_alone(learner: Learner) -> None:
    learner.write(deck_of(2))
    app = NlpcardsApp(learner.open(), start=ALL, purpose=Cram(), monotonic=lambda: learner.seconds)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "your answers are not stored" in shown(app)
        await pilot.press("space")
        await settled(pilot)
        for words in ("1 again soon", "2 hard done", "3 good done", "4 easy done"):
            assert words in shown(app)
        learner.wait(seconds=5)
        await pilot.press("1")
        await settled(pilot)
        for _ in range(2):
            await learner.answer(pilot, "3")
        assert isinstance(app.screen, SummaryScreen)
        assert "3 answers" in shown(app)
        assert learner.ratings() == []
