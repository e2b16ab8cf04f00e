"""Typed answers, drills, points and tables look as they did when they were last looked at; see the other pictures."""

from __future__ import annotations

import pytest

from nlpcards.tui.review import ReviewScreen
from tests.support.pictures import faint, same_picture
from tests.support.screens import ALL, Learner, settled, shown

DECK = r"""deck: kinds
title: Kinds of notes
notes:
  - id: typed
    q: Which function turns scores into probabilities?
    typed: softmax
    why: It divides exponentials by their sum.
  - id: drill
    drill:
      ask: An LSTM layer has input size {{d}} and hidden size {{h}}. How many parameters, with one bias per gate?
      given:
        d: [64, 128, 300]
        h: [128, 256, 512]
      answer: 4 * (h * (d + h) + h)
      unit: parameters
  - id: points
    explain: Why does the LSTM forget less than a plain RNN?
    points:
      - The cell state is updated by *addition*, so the gradient is not multiplied by a matrix at every step.
      - The forget gate $f_t$ near 1 passes the gradient unchanged.
      - The gates are learned.
  - id: contrast
    contrast:
      of: {bert: BERT, gpt: GPT}
      by:
        objective:
          ask: Pre-training objective
          bert: predict masked tokens from **both** sides
          gpt: predict the next token from the left, $p(x_t \mid x_{<t})$
        mask:
          ask: Attention mask
          bert: none
          gpt: causal
"""


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_every_way_of_answering_looks_as_it_did(learner: Learner, theme: str, size: tuple[int, int]) -> None:
    learner.write(DECK)
    learner.configure(f'theme = "{theme}"')
    tail = f"{size[0]}x{size[1]}-{theme.removeprefix('textual-')}"
    async with learner.screen(start=ALL, size=size) as (app, pilot):

        async def compare(name: str) -> None:
            await settled(pilot)
            assert faint(app.screen._compositor.render_strips()) == []
            same_picture(f"{name}-{tail}", app.export_screenshot(), shown(app))

        async def rate() -> ReviewScreen:
            learner.wait(seconds=3)
            await pilot.press("4")
            await settled(pilot)
            assert isinstance(app.screen, ReviewScreen)
            learner.wait(seconds=3)
            return app.screen

        learner.wait(seconds=3)
        await compare("typing")
        await pilot.press(*"sofmaxs", "enter")
        await compare("typed-wrong")
        await rate()
        await compare("contrast")
        await pilot.press("space")
        await compare("contrast-answer")
        screen = await rate()
        given = {name: int(number) for name, number in screen.asked.face.given}
        await pilot.press(*str(4 * (given["h"] * (given["d"] + given["h"]) + given["h"])), "enter")
        await compare("drill-right")
        await rate()
        await pilot.press("space")
        await rate()
        await pilot.press(*"The state is added to.", "enter", "space", "down", "space")
        await compare("points")
