"""Browse looks as it did when it was last looked at (see `test_pictures_of_screens`)."""

from __future__ import annotations

import pytest

from nlpcards.collection import batch
from nlpcards.tui.browse import BrowseScreen
from tests.support.pictures import faint, same_picture
from tests.support.screens import Learner, settled, shown

DECK = r"""deck: pictures
title: Gates and attention
topic: lstm
notes:
  - id: forget
    q: What does the forget gate $f_t$ decide?
    a: |-
      How much of **each component** of the old cell state $c_{t-1}$ is kept:

      $$c_t = f_t \odot c_{t-1} + i_t \odot \tilde{c}_t$$
    why: It multiplies $c_{t-1}$ elementwise, so a value near 1 passes memory through.
  - id: code
    cloze: The scale of attention scores is $1 / \sqrt{ {{c1::d_k}} }$.
"""


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_browse_looks_as_it_did(learner: Learner, theme: str, size: tuple[int, int]) -> None:
    learner.write(DECK + "".join(f"  - id: more{n}\n    q: What is question {n}?\n    a: {n}.\n" for n in range(40)))
    learner.study(3)
    with learner.open() as collection:
        batch.suspend(collection, ["pictures/more1#qa"])
        batch.flag(collection, ["pictures/more2#qa"], 1)
    learner.configure(f'theme = "{theme}"')
    tail = f"{size[0]}x{size[1]}-{theme.removeprefix('textual-')}"
    async with learner.screen(size=size) as (app, pilot):

        async def compare(name: str) -> None:
            await settled(pilot)
            while isinstance(app.screen, BrowseScreen) and (
                app.screen._preview_asked or any(not each.is_finished for each in app.screen.workers)
            ):
                await pilot.pause(0.01)
            await settled(pilot)
            assert faint(app.screen._compositor.render_strips()) == []
            same_picture(f"{name}-{tail}", app.export_screenshot(), shown(app))

        await pilot.press("b")
        await settled(pilot)
        await pilot.press("j", "space", "space", "k", "k", "k")
        await compare("browse")
        await pilot.press("slash", *"is")
        await pilot.press("colon", "l")
        await compare("browse-completion")
        await pilot.press("x", "enter")
        await compare("browse-mistake")
        await pilot.press("m")
        await compare("browse-actions")
