"""The Statistics screen: its figures, its keys, its pictures."""

from __future__ import annotations

import re

import pytest
from textual.pilot import Pilot

from nlpcards.core.days import study_day
from nlpcards.tui import NlpcardsApp
from nlpcards.tui.statistics import StatisticsScreen
from nlpcards.tui.today import TodayScreen
from tests.support.pictures import faint, same_picture
from tests.support.program import deck_of
from tests.support.recorded import recorded, studied
from tests.support.screens import MORNING, Learner, settled, shown

ANSWERS = len(studied(study_day(MORNING) - 1))


@pytest.fixture
def long_ago(learner: Learner) -> Learner:
    """A learner with eleven months of answers."""
    history = recorded(studied(study_day(MORNING) - 1))
    lines = ["deck: made", "title: LSTM gates", "topic: lstm", "notes:"]
    for card in history.states:
        note = card.partition("#")[0].partition("/")[2]
        lines += [f"  - id: {note}", f"    q: What is {note}?", f"    a: It is {note}."]
    learner.write("\n".join(lines) + "\n")
    learner.write(deck_of(12, "attention"), "attention.yaml")
    with learner.open() as collection:
        collection.journal.insert(history.events)
    return learner


async def counted(app: NlpcardsApp, pilot: Pilot[None]) -> None:
    """Wait until what the screen asked for is counted."""
    await app.workers.wait_for_complete()
    await settled(pilot)


async def whole(app: NlpcardsApp, pilot: Pilot[None]) -> str:
    """All that the screen shows, from top to bottom."""
    seen: list[str] = []
    await pilot.press("home")
    await settled(pilot)
    while not seen or shown(app) != seen[-1]:
        seen.append(shown(app))
        await pilot.press("pagedown")
        await settled(pilot)
    await pilot.press("home")
    await settled(pilot)
    return "\n".join(seen)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_statistics_look_as_they_did(long_ago: Learner, theme: str, size: tuple[int, int]) -> None:
    long_ago.configure(f'theme = "{theme}"')
    tail = f"{size[0]}x{size[1]}-{theme.removeprefix('textual-')}"
    async with long_ago.screen(size=size) as (app, pilot):
        await pilot.press("s")
        await counted(app, pilot)
        for name in ("statistics", "statistics-charts", "statistics-year", "statistics-due"):
            assert faint(app.screen._compositor.render_strips()) == []
            same_picture(f"{name}-{tail}", app.export_screenshot(), shown(app))
            await pilot.press("n", "n")
            await settled(pilot)


async def test_every_part_is_there_and_no_line_is_wider_than_the_screen(long_ago: Learner) -> None:
    for size in ((60, 16), (80, 24), (120, 40)):
        async with long_ago.screen(size=size) as (app, pilot):
            await pilot.press("s")
            await counted(app, pilot)
            text = await whole(app, pilot)
            for title in (
                "True retention by week",
                "Answers by week",
                "A year of days",
                "Minutes by week",
                "Cards that fall due",
                "Stability",
                "Difficulty",
                "Retrievability",
                "Hours of the day",
                "Decks",
                "Topics",
            ):
                assert title in text, (size, title)
            assert re.search(r"All time +8\d\.\d% +\d+ +8\d\.\d% +\d+ +8\d\.\d% +\d+", text)
            assert "LSTM gates" in text
            assert max(map(len, text.splitlines())) <= size[0]


async def test_charts_go_by_day_week_or_month(long_ago: Learner) -> None:
    async with long_ago.screen() as (app, pilot):
        await pilot.press("s")
        await counted(app, pilot)
        for key, name in (("d", "day"), ("m", "month"), ("w", "week")):
            await pilot.press(key)
            text = await whole(app, pilot)
            assert f"True retention by {name}" in text
            assert f"Minutes by {name}" in text


async def test_the_time_span_changes_what_is_counted_and_comes_round(long_ago: Learner) -> None:
    async with long_ago.screen() as (app, pilot):
        await pilot.press("s")
        await counted(app, pilot)
        seen = []
        for span in ("all time", "the last 30 days", "the last 90 days", "the last 365 days"):
            await pilot.press("t")
            await counted(app, pilot)
            text = shown(app)
            assert span in text.splitlines()[0]
            found = re.search(r"([\d,]+) answers on", text)
            assert found is not None
            seen.append(int(found[1].replace(",", "")))
        everything, month, quarter, year = seen
        assert month < quarter < year == everything == ANSWERS


async def test_keys_go_from_chart_to_chart_and_to_both_ends(long_ago: Learner) -> None:
    async with long_ago.screen() as (app, pilot):
        await pilot.press("s")
        await counted(app, pilot)
        top = shown(app)
        await pilot.press("n", "n")
        await settled(pilot)
        assert shown(app).splitlines()[3].strip().startswith("Answers by week")
        await pilot.press("p", "p")
        await settled(pilot)
        assert shown(app) == top
        await pilot.press("end")
        await settled(pilot)
        assert "Topics" in shown(app)
        await pilot.press("home")
        await settled(pilot)
        assert shown(app) == top


async def test_an_empty_journal_is_told_in_a_sentence(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen() as (app, pilot):
        await pilot.press("s")
        await counted(app, pilot)
        assert "No answer yet" in shown(app)
        await pilot.press("n", "p", "d", "t")
        await counted(app, pilot)
        assert "No answer yet" in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)


async def test_it_is_reached_by_the_palette_and_opens_once(long_ago: Learner) -> None:
    async with long_ago.screen() as (app, pilot):
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"statis")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await counted(app, pilot)
        assert isinstance(app.screen, StatisticsScreen)
        depth = len(app.screen_stack)
        app.action_statistics()
        await settled(pilot)
        assert len(app.screen_stack) == depth


async def test_one_may_leave_or_quit_while_it_counts(long_ago: Learner) -> None:
    async with long_ago.screen() as (app, pilot):
        await pilot.press("s", "t", "escape")
        await counted(app, pilot)
        assert isinstance(app.screen, TodayScreen)
        await pilot.press("s", "t", "q")
    assert app.return_code == 0


async def test_a_resize_draws_it_anew(long_ago: Learner) -> None:
    async with long_ago.screen(size=(120, 40)) as (app, pilot):
        await pilot.press("s")
        await counted(app, pilot)
        wide = shown(app)
        await pilot.resize_terminal(60, 20)
        await settled(pilot)
        text = await whole(app, pilot)
        assert max(map(len, text.splitlines())) <= 60
        assert "A year of days" in text
        await pilot.resize_terminal(120, 40)
        await settled(pilot)
        assert shown(app) == wide


async def test_answers_given_meanwhile_are_counted_when_it_is_opened_again(long_ago: Learner) -> None:
    async with long_ago.screen() as (app, pilot):
        await pilot.press("s")
        await counted(app, pilot)
        assert f"{ANSWERS:,} answers" in shown(app)
        await pilot.press("escape", "space")
        await settled(pilot)
        await long_ago.answer(pilot)
        await pilot.press("escape")
        await settled(pilot)
        while not isinstance(app.screen, TodayScreen):
            await pilot.press("escape")
            await settled(pilot)
        await pilot.press("s")
        await counted(app, pilot)
        assert f"{ANSWERS + 1:,} answers" in shown(app)


async def test_a_journal_that_cannot_be_read_is_one_sentence(long_ago: Learner) -> None:
    async with long_ago.screen() as (app, pilot):
        app.collection.journal.path.rename(app.collection.journal.path.with_suffix(".away"))
        await pilot.press("s")
        await counted(app, pilot)
        assert isinstance(app.screen, StatisticsScreen)
        assert "✗" in shown(app)
        app.collection.journal.path.with_suffix(".away").rename(app.collection.journal.path)
        await pilot.press("t")
        await counted(app, pilot)
        assert f"{ANSWERS:,} answers" in shown(app)
