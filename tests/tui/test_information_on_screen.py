"""What is known of a card on the screen: how its recall will fall, drawn and said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.collection.information import Curve, information
from nlpcards.tui.information import InformationScreen, falling
from tests.support.program import deck_of
from tests.support.screens import ALL, Learner, settled, shown


async def test_the_curve_shows_how_recall_falls_and_says_it(learner: Learner) -> None:
    learner.write(deck_of(3))
    learner.study(1)
    learner.wait(days=9)
    async with learner.screen(start=ALL, size=(80, 40)) as (app, pilot):
        await pilot.press("i")
        await settled(pilot)
        assert isinstance(app.screen, InformationScreen)
        text = shown(app)
        for words in ("If you do not review it", "100% │", "now", "in 14d", "Recall will be 69% in 14d."):
            assert words in text


async def test_a_new_card_has_no_curve(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("i")
        await settled(pilot)
        assert "If you do not review it" not in shown(app)


def test_recall_falls_to_the_desired_retention_on_the_day_the_card_is_due(learner: Learner) -> None:
    learner.configure("[review]\nbalance = false\n")
    learner.write(deck_of(30))
    learner.study(1)
    collection = learner.open()
    for number in range(20):
        known = information(collection, f"made/n{number}#qa")
        assert known.curve is not None
        due = known.curve.due_in
        if due:
            # Fuzz moves the day a little, and an interval is whole days.
            assert known.curve.recall[due] == pytest.approx(0.9, abs=0.05)
            assert ("Recall when due", f"{known.curve.recall[due]:.0%}") in known.facts
            assert len(known.curve.recall) == max(14, 2 * due) + 1


@given(st.lists(st.floats(0, 1), min_size=15, max_size=400), st.integers(0, 200))
def test_every_curve_has_its_shape_in_the_room_there_is(recall: list[float], due: int) -> None:
    values = tuple(sorted(recall, reverse=True))
    lines = [line.plain for line in falling(Curve(values, min(due, len(values) // 2)))]
    assert len(lines) == 7
    assert max(map(len, lines)) <= 60
    assert lines[0].startswith("100% │")
    assert f"Recall will be {values[-1]:.0%} in" in lines[-1]
