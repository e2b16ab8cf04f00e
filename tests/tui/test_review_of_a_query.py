"""The interface opened on a review of the cards that a query finds."""

from __future__ import annotations

from nlpcards.core.search.language import parse
from nlpcards.tui.app import NlpcardsApp
from tests.support.program import deck_of
from tests.support.screens import Learner, settled, shown


async def test_only_the_cards_of_the_query_are_asked_also_in_what_goes_on_after(learner: Learner) -> None:
    learner.write(deck_of(9))
    app = NlpcardsApp(
        learner.open(), start=frozenset(), query=parse("note:n3 or note:n5"), monotonic=lambda: learner.seconds
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "question 3?" in shown(app)
        await learner.answer(pilot, "4")
        assert "question 5?" in shown(app)
        await learner.answer(pilot, "4")
        assert "2 answers" in shown(app)
        learner.wait(hours=1)
        await pilot.press("space")
        await settled(pilot)
        assert "question" not in shown(app)
