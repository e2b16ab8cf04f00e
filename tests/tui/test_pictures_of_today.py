"""Today with all that it can tell, and the other sessions look as they did when last looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nlpcards.collection.changes import changes
from tests.support.pictures import faint, same_picture
from tests.support.program import deck_of
from tests.support.screens import Learner, settled, shown


@pytest.fixture
def studied(learner: Learner) -> Learner:
    topic = deck_of(60, "gates").replace("title: Made gates", "topic: lstm\ntitle: LSTM gates")
    learner.write(topic)
    learner.write(deck_of(40, "masks").replace("title: Made masks", "topic: attention\ntitle: Masks"), "masks.yaml")
    # What is pictured is the screen, whatever order is the default.
    learner.configure('[review]\norder = "due"\n')
    learner.study(5)
    with learner.open() as collection, collection.apart() as apart:
        changes(apart)
    learner.at += timedelta(days=1)
    learner.write(topic.replace("Answer 7.", "Another answer.") + "  - id: more\n    q: One more?\n    a: Yes.\n")
    learner.write("deck: broken\ntitle: Broken\nnotes:\n  - id: one\n    q: Only a question\n", "x.yaml")
    return learner


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_today_and_what_it_opens_look_as_they_did(studied: Learner, theme: str, size: tuple[int, int]) -> None:
    studied.configure(f'theme = "{theme}"')
    tail = f"{size[0]}x{size[1]}-{theme.removeprefix('textual-')}"
    async with studied.screen(size=size) as (app, pilot):

        def compare(name: str) -> None:
            assert faint(app.screen._compositor.render_strips()) == []
            same_picture(f"{name}-{tail}", app.export_screenshot(), shown(app))

        await pilot.press("t", "j")
        await settled(pilot)
        compare("today-topics")
        await pilot.press("o")
        await settled(pilot)
        compare("sessions")
