"""A long answer is read to its end by the keys, while the ratings stay where they are."""

from __future__ import annotations

import pytest

from tests.support.screens import Learner, settled, shown

TABLE = """
      | | BERT | GPT |
      |---|---|---|
      | Objective | predict masked tokens from both sides at once | predict the next token from the left |
      | Attention | bidirectional: every token sees all others | causal: a token sees only those before it |
"""
DECK = (
    "deck: long\ntitle: Long\nnotes:\n  - id: one\n    q: What is long?\n    a: |-\n"
    + "".join(f"      Line {number} of the answer.\n\n" for number in range(60))
    + f"  - id: two\n    q: Which is which?\n    a: |-{TABLE}"
)


def rating_row(picture: str) -> int:
    return next(number for number, line in enumerate(picture.splitlines()) if "again" in line.lower())


@pytest.mark.parametrize("size", [(80, 24), (60, 24), (120, 40)])
async def test_a_long_answer_scrolls_by_line_and_page_and_the_ratings_stay(
    learner: Learner, size: tuple[int, int]
) -> None:
    learner.write(DECK)
    async with learner.screen(start=frozenset(), size=size) as (app, pilot):
        await pilot.press("space")
        await settled(pilot)
        top = shown(app)
        row = rating_row(top)
        seen = [top]
        offsets = [app.screen.query_one("#sheet").scroll_offset.y]
        for key in ("down", "down", "pagedown", *["pagedown"] * 8, "up", "pageup"):
            await pilot.press(key)
            await pilot.wait_for_scheduled_animations()
            await settled(pilot)
            seen.append(shown(app))
            offsets.append(app.screen.query_one("#sheet").scroll_offset.y)
            assert rating_row(seen[-1]) == row, key
        first, one, two, page, *_, last, up, page_up = offsets
        assert (one, two) == (first + 1, first + 2)
        assert two < page < last
        assert page_up < up == last - 1
        assert "Line 59 of the answer." in seen[-3]
        learner.wait(seconds=5)
        await pilot.press("3")
        await settled(pilot)
        assert "Which is which?" in shown(app)


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_a_contrast_table_keeps_its_words_whole(learner: Learner, width: int) -> None:
    learner.write("deck: long\ntitle: Long\nnotes:\n  - id: two\n    q: Which is which?\n    a: |-" + TABLE)
    async with learner.screen(start=frozenset(), size=(width, 24)) as (app, pilot):
        await pilot.press("space")
        await settled(pilot)
        words = shown(app).replace("│", " ").split()
        assert {"bidirectional:", "Objective", "Attention", "predict", "causal:"} <= set(words)
