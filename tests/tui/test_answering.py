"""Typing answers, drilling, and ticking points, on real decks and a real journal."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from nlpcards.core.journal import Review
from nlpcards.tui import NlpcardsApp
from nlpcards.tui.answering import Answering
from nlpcards.tui.answering_line import LONGEST_TYPED, AnswerLine
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.today import TodayScreen
from tests.support.program import deck_of
from tests.support.screens import ALL, Learner, settled, shown

HEAD = "deck: made\ntitle: Made\nnotes:\n"

TYPED = """  - id: acronym
    q: Which function turns scores into probabilities?
    typed: softmax
    accept: [the softmax function]
"""

NUMBER = """  - id: pi
    q: What is $\\pi$ to two decimals?
    typed: 3.14
    tolerance: 0.005
    accept: [pi]
"""

DRILL = """  - id: params
    drill:
      ask: A layer has {{d}} inputs and {{h}} outputs. How many weights?
      given:
        d: [64, 128, 300, 512]
        h: [100, 256, 512, 1000]
      answer: d * h
      unit: weights
"""

EXPLAIN = """  - id: forget
    explain: Why does the LSTM forget less than a plain RNN?
    points:
      - The cell state is updated by *addition*.
      - The forget gate near $1$ passes the gradient.
      - The gates are learned.
"""

CONTRAST = """  - id: models
    contrast:
      of: {bert: BERT, gpt: GPT}
      by:
        objective:
          ask: Objective
          bert: predict masked tokens
          gpt: predict the next token
"""

STEPS = """  - id: bpe
    steps:
      title: Training byte-pair encoding
      of:
        start: Split every word into characters.
        count: Count every adjacent pair.
"""

TERM = """  - id: pair
    term: byte-pair encoding
    definition: It merges frequent pairs.
"""


@asynccontextmanager
async def reviewing(
    learner: Learner, *notes: str, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[NlpcardsApp, Pilot[None]]]:
    learner.write(HEAD + "".join(notes))
    async with learner.screen(start=ALL, size=size) as (app, pilot):
        learner.wait(seconds=5)
        yield app, pilot


async def typing(learner: Learner, pilot: Pilot[None], text: str) -> None:
    """Type a text and enter, then look at the answer for two seconds."""
    await pilot.press(*text, "enter")
    await settled(pilot)
    learner.wait(seconds=2)


def asked(app: NlpcardsApp) -> str:
    assert isinstance(app.screen, ReviewScreen)
    return app.screen.asked.card.id


def suggested(app: NlpcardsApp) -> list[str | None]:
    return [each.id for each in app.screen.query(".-suggested")]


def reviews(app: NlpcardsApp) -> list[Review]:
    events = app.collection.journal.events(surviving=True)
    return [event.body for event in events if isinstance(event.body, Review)]


@pytest.mark.parametrize("typed", ["softmax", "SoftMax", "the softmax  function"])
async def test_a_right_answer_suggests_good_and_enter_takes_it(learner: Learner, typed: str) -> None:
    async with reviewing(learner, TYPED) as (app, pilot):
        assert "enter check the answer" in shown(app)
        await typing(learner, pilot, typed)
        assert "✓ right" in shown(app)
        assert suggested(app) == ["rate-3"]
        await pilot.press("enter")
        await settled(pilot)
        (review,) = reviews(app)
        assert (review.rating, json.loads(review.reply)) == (3, {"typed": typed})
        assert review.duration_ms == 7000


async def test_a_wrong_answer_is_compared_in_signs_and_suggests_again(learner: Learner) -> None:
    async with reviewing(learner, TYPED) as (app, pilot):
        await typing(learner, pilot, "sofmaxx")
        assert "✗ wrong  you typed  sofmaxx" in shown(app)
        assert "corrected  sof[+t]max[-x]" in shown(app)
        assert "Which function" in shown(app)
        assert suggested(app) == ["rate-1"]
        await pilot.press("enter")
        await settled(pilot)
        assert [review.rating for review in reviews(app)] == [1]


async def test_the_difference_is_styled_by_more_than_colour(learner: Learner) -> None:
    async with reviewing(learner, TYPED) as (app, pilot):
        await typing(learner, pilot, "sofmaxx")
        looks = {
            segment.text: (segment.style.strike, segment.style.underline)
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and (segment.style.strike or segment.style.underline)
        }
        assert looks["x"] == (True, None) or looks["x"] == (True, False)
        assert looks["t"] in ((None, True), (False, True))


async def test_an_answer_that_has_little_in_common_is_not_picked_apart(learner: Learner) -> None:
    async with reviewing(learner, TYPED) as (app, pilot):
        await typing(learner, pilot, "perplexity")
        assert "✗ wrong  you typed  perplexity" in shown(app)
        assert "corrected" not in shown(app)


async def test_the_learner_may_rate_otherwise_than_suggested(learner: Learner) -> None:
    async with reviewing(learner, TYPED) as (app, pilot):
        await typing(learner, pilot, "sofmax")
        await pilot.press("2")
        await settled(pilot)
        assert [review.rating for review in reviews(app)] == [2]


async def test_an_empty_answer_counts_as_not_given(learner: Learner) -> None:
    async with reviewing(learner, TYPED) as (app, pilot):
        await typing(learner, pilot, " ")
        assert "– no answer" in shown(app)
        assert suggested(app) == ["rate-1"]


@pytest.mark.parametrize(
    ("typed", "said", "rating"),
    [
        ("3.14", "✓ right", 3),
        ("3,142", "✗ wrong", 1),
        ("3.143", "✓ right", 3),
        ("3.15", "✗ wrong", 1),
        ("Pi", "✓ right", 3),
        ("about three", "✗ not a number", 1),
    ],
)
async def test_a_number_is_right_within_its_tolerance(learner: Learner, typed: str, said: str, rating: int) -> None:
    async with reviewing(learner, NUMBER) as (app, pilot):
        await typing(learner, pilot, typed)
        assert said in shown(app)
        assert suggested(app) == [f"rate-{rating}"]


async def test_letters_are_text_and_commands_take_ctrl(learner: Learner) -> None:
    async with reviewing(learner, TYPED, NUMBER) as (app, pilot):
        await pilot.press(*"quebsf!i?1234")
        await settled(pilot)
        assert app.screen.query_one(AnswerLine).value == "quebsf!i?1234"
        assert asked(app) == "made/acronym#typed"
        assert "u Undo" not in shown(app).replace("^u Undo", "")
        for words in ("enter Check", "^u Undo", "^e Edit", "^s Skip", "f1 Help", "esc Today"):
            assert words in shown(app)
        await pilot.press("ctrl+f", "1")
        await settled(pilot)
        assert "⚑ red flag" in shown(app)
        assert app.screen.query_one(AnswerLine).value == "quebsf!i?1234"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert asked(app) == "made/pi#typed"
        assert app.screen.query_one(AnswerLine).value == ""
        await pilot.press("ctrl+b")
        await settled(pilot)
        await pilot.press("ctrl+u")
        await settled(pilot)
        assert asked(app) == "made/pi#typed"
        await pilot.press("x", "escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert learner.ratings() == []


@pytest.mark.parametrize("key", ["f1", "ctrl+i", "tab"])
async def test_what_is_typed_stays_while_another_screen_is_open(learner: Learner, key: str) -> None:
    async with reviewing(learner, TYPED) as (app, pilot):
        await pilot.press(*"soft", key)
        await settled(pilot)
        assert not isinstance(app.screen, ReviewScreen)
        await pilot.press("escape")
        await settled(pilot)
        await typing(learner, pilot, "max")
        assert "✓ right  softmax" in shown(app)


async def test_too_small_a_terminal_takes_no_answer_and_gives_the_line_back(learner: Learner) -> None:
    async with reviewing(learner, TYPED) as (app, pilot):
        await pilot.press(*"soft")
        await pilot.resize_terminal(50, 12)
        await settled(pilot)
        await pilot.press("enter")
        await pilot.resize_terminal(60, 16)
        await settled(pilot)
        await typing(learner, pilot, "max")
        assert "✓ right  softmax" in shown(app)


async def test_a_second_enter_within_150_ms_neither_rates_nor_answers(learner: Learner) -> None:
    async with reviewing(learner, TYPED, NUMBER) as (app, pilot):
        await pilot.press(*"softmax", "enter", "enter", "3")
        await settled(pilot)
        assert learner.ratings() == []
        learner.wait(seconds=0.151)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert learner.ratings() == [3]
        assert asked(app) == "made/pi#typed"
        assert "no answer" not in shown(app)


async def test_what_is_pasted_is_one_line_of_harmless_text(learner: Learner) -> None:
    async with reviewing(learner, TYPED) as (app, pilot):
        line = app.screen.query_one(AnswerLine)
        line.post_message(Paste("soft\x1b[2J\nmax" + "x" * 2 * LONGEST_TYPED))
        await settled(pilot)
        assert line.value.startswith("soft␛[2J max")
        assert len(line.value) == LONGEST_TYPED
        await typing(learner, pilot, "")
        assert "\x1b" not in shown(app)
        assert "✗ wrong" in shown(app)


async def test_a_long_question_scrolls_and_typing_brings_the_line_into_sight(learner: Learner) -> None:
    text = "\n".join(f"      paragraph {number}\n" for number in range(40))
    long = TYPED.replace("q: Which function turns scores into probabilities?", f"q: |-\n{text}")
    async with reviewing(learner, long) as (app, pilot):
        assert "paragraph 0" in shown(app)
        await pilot.press("pagedown", "down")
        await settled(pilot)
        assert "paragraph 0\n" not in shown(app)
        await pilot.press("s")
        await settled(pilot)
        assert "│ s " in shown(app)
        await typing(learner, pilot, "oftmax")
        assert "✓ right  softmax" in shown(app)


async def test_a_drill_asks_with_the_same_numbers_until_it_is_rated(learner: Learner) -> None:
    async with reviewing(learner, DRILL) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        face = screen.asked.face
        given = dict(face.given)
        question = f"A layer has {given['d']} inputs and {given['h']} outputs."
        assert question in shown(app)
        right = f"{int(given['d']) * int(given['h']):,} weights"
        await pilot.press("ctrl+f", "1")
        await settled(pilot)
        await typing(learner, pilot, right)
        assert question in shown(app)
        assert f"✓ right  {right}" in shown(app)
        assert f"{given['d']} * {given['h']} = " in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        (review,) = reviews(app)
        assert json.loads(review.reply) == {"given": given, "typed": right}
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.asked.face.given != face.given
        await pilot.press("ctrl+u")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.asked.face == face
        assert question in shown(app)


async def test_a_drill_s_next_review_has_numbers_that_any_machine_would_draw(learner: Learner) -> None:
    async with reviewing(learner, DRILL) as (app, pilot):
        seen: list[tuple[tuple[str, str], ...]] = []
        for _ in range(3):
            screen = app.screen
            assert isinstance(screen, ReviewScreen)
            assert screen.asked.face == screen.asked.card.face(len(seen))
            seen.append(screen.asked.face.given)
            await typing(learner, pilot, "1")
            await pilot.press("1")
            await settled(pilot)
            learner.wait(minutes=2)
            if not isinstance(app.screen, ReviewScreen):
                await pilot.pause(1.2)
        assert len(set(seen)) > 1


async def test_points_made_move_the_suggested_rating(learner: Learner) -> None:
    async with reviewing(learner, EXPLAIN) as (app, pilot):
        assert "enter show the points" in shown(app)
        await typing(learner, pilot, "")
        assert "Which points did you make?  0 of 3" in shown(app)
        assert "You wrote" not in shown(app)
        assert suggested(app) == ["rate-1"]
        await pilot.press("space", "down", "space")
        await settled(pilot)
        assert "2 of 3" in shown(app)
        assert shown(app).count("[x]") == 2
        assert suggested(app) == ["rate-2"]
        await pilot.press("up", "space", "a")
        await settled(pilot)
        assert suggested(app) == ["rate-3"]
        assert "enter Good" in shown(app)
        await pilot.press("a", "j", "j", "j", "space", "k", "space")
        await settled(pilot)
        assert suggested(app) == ["rate-2"]
        await pilot.press("enter")
        await settled(pilot)
        (review,) = reviews(app)
        assert review.rating == 2
        points = ["The forget gate near $1$ passes the gradient.", "The gates are learned."]
        assert json.loads(review.reply) == {"points": points}


async def test_what_was_written_stands_over_the_points_and_is_kept(learner: Learner) -> None:
    async with reviewing(learner, EXPLAIN) as (app, pilot):
        await pilot.press(*"by addition", "ctrl+j", *"q3", "enter")
        await settled(pilot)
        assert "You wrote\n  by addition\n  q3\n" in shown(app)
        learner.wait(seconds=3)
        await pilot.press("4")
        await settled(pilot)
        (review,) = reviews(app)
        assert json.loads(review.reply) == {"points": [], "typed": "by addition\nq3"}


async def test_what_was_written_stands_over_the_points_whatever_was_shown_before(learner: Learner) -> None:
    async with reviewing(learner, EXPLAIN, EXPLAIN.replace("forget\n", "again\n")) as (app, pilot):
        await typing(learner, pilot, "")
        await pilot.press("a", "enter")
        await settled(pilot)
        learner.wait(seconds=2)
        await typing(learner, pilot, "words")
        text = shown(app)
        assert text.index("You wrote") < text.index("Which points did you make?  0 of 3")


async def test_points_are_ticked_by_clicks_and_rated_by_the_mouse(learner: Learner) -> None:
    async with reviewing(learner, EXPLAIN) as (app, pilot):
        await pilot.click("#show")
        await settled(pilot)
        learner.wait(seconds=3)
        for line in (1, 2, 3):
            await pilot.click("PointList", offset=(8, line))
        await settled(pilot)
        assert suggested(app) == ["rate-3"]
        await pilot.click("#rate-3")
        await settled(pilot)
        assert learner.ratings() == [3]


async def test_many_points_scroll_with_the_arrow(learner: Learner) -> None:
    points = "".join(f"      - Point {number}.\n" for number in range(30))
    many = EXPLAIN[: EXPLAIN.index("      -")] + points
    async with reviewing(learner, many) as (app, pilot):
        await typing(learner, pilot, "")
        assert "Point 29." not in shown(app)
        await pilot.press(*["down"] * 29, "space")
        await settled(pilot)
        assert "▸ [x] Point 29." in shown(app)
        assert "1 again" in shown(app)
        await pilot.press(*["up"] * 29)
        await settled(pilot)
        assert "▸ [ ] Point 0." in shown(app)
        assert "Which points" in shown(app)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40), (160, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("note", "task", "answer"),
    [
        (TERM, "Define the term", "It merges frequent pairs."),
        (CONTRAST, "Fill in the cell", "predict masked tokens"),
        (STEPS, "Which step comes first?", "1. Split every word into characters."),
        (EXPLAIN, "Explain", "[ ] The gates are learned."),
    ],
)
async def test_every_kind_says_what_to_do_over_its_question(
    learner: Learner, note: str, task: str, answer: str, size: tuple[int, int]
) -> None:
    async with reviewing(learner, note, size=size) as (app, pilot):
        lines = [line.strip() for line in shown(app).splitlines()]
        assert task in lines
        assert answer not in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        assert answer in " ".join(shown(app).split()) or answer.split()[0] in shown(app)
        assert "1 again" in shown(app)


async def test_a_card_to_recall_after_a_typed_one_takes_the_keys_again(learner: Learner) -> None:
    async with reviewing(learner, TYPED, deck_of(1).partition("notes:\n")[2]) as (app, pilot):
        await typing(learner, pilot, "softmax")
        await pilot.press("enter")
        await settled(pilot)
        assert "What is question 0?" in shown(app)
        assert not app.screen.query_one(Answering).display
        await learner.answer(pilot, "2")
        assert learner.ratings() == [3, 2]


async def test_the_history_tells_what_was_asked_and_typed(learner: Learner) -> None:
    async with reviewing(learner, DRILL, size=(120, 40)) as (app, pilot):
        assert isinstance(app.screen, ReviewScreen)
        given = dict(app.screen.asked.face.given)
        await typing(learner, pilot, "12")
        await pilot.press("1")
        await settled(pilot)
        learner.wait(minutes=2)
        await pilot.pause(1.2)
        await settled(pilot)
        await pilot.press("ctrl+i")
        await settled(pilot)
        assert f"asked with d = {given['d']}, h = {given['h']}; typed 12" in shown(app)


async def test_an_edit_keeps_what_is_being_typed(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "true")
    async with reviewing(learner, TYPED) as (app, pilot):
        await pilot.press(*"soft", "ctrl+e")
        await settled(pilot)
        await typing(learner, pilot, "max")
        assert "✓ right  softmax" in shown(app)
