"""The list on the Roadmap: however long it is, only what is in sight is made."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.widget import Widget

from nlpcards.collection.roadmap.standing import AreaStanding
from nlpcards.core.roadmap.progress import Progress
from nlpcards.core.roadmap.values import Area
from nlpcards.tui.road_list import BAR, RoadList, bar, heading, line
from nlpcards.tui.road_rows import Row
from nlpcards.tui.themed import ThemedApp
from tests.support.screens import settled


def row(number: int, progress: Progress | None = None, *, opened: bool | None = False, depth: int = 1) -> Row:
    progress = progress or Progress(5, 10, number % 11, 0, 4.0, 1.0)
    area = AreaStanding(Area("a", "A"), progress, ())
    return Row(("topic", "s", str(number)), depth, opened, "○", f"Topic {number}", progress, "open", area)


class Shown(ThemedApp):
    def compose(self) -> Iterable[Widget]:
        yield RoadList()


async def test_of_five_thousand_lines_only_those_in_sight_are_made() -> None:
    app: App[None] = Shown()
    async with app.run_test(size=(80, 24)) as pilot:
        road = app.query_one(RoadList)
        road.focus()
        road.show([row(number) for number in range(5_000)])
        await settled(pilot)
        assert len(road._strips) <= 24
        await pilot.press("end")
        await settled(pilot)
        assert road.row is not None
        assert road.row.title == "Topic 4999"
        assert len(road._strips) <= 2 * 24
        road.show([row(number) for number in range(4_000, 5_000)])
        assert road.row.title == "Topic 4999", "the arrow stays with its line"


@pytest.mark.parametrize("width", [54, 75, 95])
def test_every_line_has_the_width_of_the_list(width: int) -> None:
    for depth, opened in ((0, True), (1, False), (2, None), (3, None)):
        for progress in (Progress(), Progress(1, 1, 1, 1, 1.0, 0.1), Progress(900, 900, 899, 3, 800.5, 90.0)):
            for is_counting in (False, True):
                content = line(row(1, progress, opened=opened, depth=depth), width, at=True, counting=is_counting)
                assert cell_len(content.plain) == width
    assert cell_len(heading(width).plain) <= width


def test_a_bar_is_never_empty_of_something_nor_full_of_less_than_all() -> None:
    assert bar(Progress(1, 1_000, 1, 0, 1.0, 0.0)).startswith("█")
    assert bar(Progress(1, 1_000, 999, 0, 1.0, 0.0)).endswith("░")
    assert bar(Progress(1, 10, 10, 0, 1.0, 0.0)) == "█" * BAR
