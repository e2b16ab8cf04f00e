"""The screens of the roadmap look as they did when last looked at: the path, map, plan, week, first run, placement."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nlpcards.tui import NlpcardsApp
from tests.support.pictures import faint, same_picture
from tests.support.road import give_road
from tests.support.screens import Learner, settled, shown

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
THEMES = pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])


def comparing(app: NlpcardsApp, theme: str, size: tuple[int, int]) -> Callable[[str], None]:
    tail = f"{size[0]}x{size[1]}-{theme.removeprefix('textual-')}"

    def compare(name: str) -> None:
        assert faint(app.screen._compositor.render_strips()) == []
        same_picture(f"{name}-{tail}", app.export_screenshot(), shown(app))

    return compare


@THEMES
@SIZES
async def test_the_path_the_map_the_plan_and_the_week_look_as_they_did(
    on_way: Learner, theme: str, size: tuple[int, int]
) -> None:
    on_way.configure(f'theme = "{theme}"\n[limits]\nnew = 3\n[roadmap]\npractice_day = "friday"\n')
    async with on_way.screen(size=size) as (app, pilot):
        compare = comparing(app, theme, size)
        compare("today-on-track")
        await pilot.press("m")
        await settled(pilot)
        await pilot.press("down", "enter", "down", "enter", "end", "up", "enter", "down")
        await settled(pilot)
        compare("roadmap")
        await pilot.press("m", "left")
        await settled(pilot)
        compare("map")
        await pilot.press("escape", "t", "down", "enter", "p")
        await settled(pilot)
        compare("plan")
        await pilot.press("escape", "w")
        await settled(pilot)
        compare("practice")


@THEMES
@SIZES
async def test_the_first_run_and_the_placement_look_as_they_did(
    learner: Learner, theme: str, size: tuple[int, int]
) -> None:
    give_road(learner)
    learner.configure(f'theme = "{theme}"')
    async with learner.screen(size=size) as (app, pilot):
        compare = comparing(app, theme, size)
        compare("greeting-track")
        await pilot.press("enter")
        await settled(pilot)
        compare("greeting-minutes")
        await pilot.press("enter", "down", "enter")
        await settled(pilot)
        await pilot.press("space")
        await settled(pilot)
        compare("placement")
        for _ in range(30):
            learner.wait(seconds=3)
            await pilot.press("y")
            await settled(pilot)
            if "of at most" not in shown(app).splitlines()[0]:
                break
            await pilot.press("space")
            await settled(pilot)
        compare("placement-found")
