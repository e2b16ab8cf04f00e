"""Every screen looks as it did when it was last looked at: pictures kept beside this file.

`NLPCARDS_KEEP_PICTURES=1` makes them anew; look at them before keeping them.
"""

from __future__ import annotations

import pytest

from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.summary import SummaryScreen
from tests.support.pictures import faint, same_picture
from tests.support.screens import Learner, settled, shown

DECK = r"""deck: pictures
title: Gates and attention
topic: lstm
sources:
  gers2000:
    title: "Learning to Forget: Continual Prediction with LSTM"
    authors: Gers, Schmidhuber and Cummins
    year: 2000
    url: https://doi.org/10.1162/089976600300015015
notes:
  - id: forget
    q: What does the forget gate $f_t$ decide?
    a: |-
      How much of **each component** of the old cell state $c_{t-1}$ is kept:

      $$c_t = f_t \odot c_{t-1} + i_t \odot \tilde{c}_t$$
    why: It multiplies $c_{t-1}$ elementwise, so a value near 1 passes memory through.
    cite: gers2000 §3
  - id: code
    cloze: |-
      Scores to weights:

      ```python
      def attend(q, k, v):  # no mask
          return softmax(q @ k.T / sqrt({{c1::d_k}})) @ v
      ```
  - id: table
    q: Which is which?
    a: |-
      | model | sees |
      |---|---|
      | BERT | both sides |
      | GPT | the left |
"""


def notes(number: int) -> str:
    return "".join(f"  - id: more{n}\n    q: What is question {n}?\n    a: Answer {n}.\n" for n in range(number))


@pytest.fixture
def studied(learner: Learner) -> Learner:
    head, _, _ = DECK.partition("  - id: forget")
    learner.write(head + notes(9))
    learner.study(3)
    learner.write(DECK + notes(16))
    return learner


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_screens_look_as_they_did(studied: Learner, theme: str, size: tuple[int, int]) -> None:
    studied.configure(f'theme = "{theme}"')
    tail = f"{size[0]}x{size[1]}-{theme.removeprefix('textual-')}"
    async with studied.screen(size=size) as (app, pilot):

        def compare(name: str) -> None:
            assert faint(app.screen._compositor.render_strips()) == []
            same_picture(f"{name}-{tail}", app.export_screenshot(), shown(app))

        compare("today")
        await pilot.press("question_mark")
        await settled(pilot)
        compare("help")
        await pilot.press("escape", "space")
        await settled(pilot)
        while isinstance(app.screen, ReviewScreen) and app.screen.asked.card.note.id != "forget":
            await studied.answer(pilot)
        assert isinstance(app.screen, ReviewScreen)
        compare("question")
        await pilot.press("space")
        await settled(pilot)
        compare("answer")
        studied.wait(seconds=3)
        await pilot.press("1")
        while isinstance(app.screen, ReviewScreen):
            await studied.answer(pilot)
            assert faint(app.screen._compositor.render_strips()) == []
        await settled(pilot)
        assert isinstance(app.screen, SummaryScreen)
        compare("summary")
