"""The page of statistics: whole in itself, safe whatever decks are called, and drawn by a real browser."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nlpcards.core.days import MS_PER_DAY
from nlpcards.core.memory import Model, Settings
from nlpcards.core.state import Interval
from nlpcards.core.stats.answers import Happened, Summed, sum_answers
from nlpcards.core.stats.overview import Group, Known, Statistics, overview
from nlpcards.core.stats.standings import Standing
from nlpcards.render.report import report
from nlpcards.tui.ink import ENOUGH, contrast
from tests.support.browser import BROWSER, browse, picture
from tests.support.recorded import recorded, studied

TODAY = 20_400


def made(*, days: int = 365) -> Statistics:
    history = recorded(studied(TODAY))
    cards = {card: number for number, card in enumerate(history.states)}
    happened: list[Happened] = []
    for event in history.events:
        body = event.body
        happened.append((cards[body.card], event.day, body.rating, body.duration_ms, body.due, event.at_ms))  # type: ignore[union-attr]
    standings = []
    for card, state in history.states.items():
        if isinstance(state.schedule, Interval) and state.memory is not None:
            due, last = state.schedule.due, state.schedule.last_day
            memory = state.memory
            standings.append((0, Standing(card, memory.stability, memory.difficulty, due, None, last, False, False, 0)))
    summed = sum_answers(happened, [0] * len(cards), {}, range(TODAY - days + 1, TODAY + 1))
    recall = Model(Settings()).retrievability
    known = Known(summed, (Group("made", "gates"),), standings, {0: 200}, lambda ms: ms // 3_600_000 % 24, recall)
    return overview(known, day=TODAY, day_ends_ms=(TODAY + 1) * MS_PER_DAY, days=days)


EMPTY = overview(
    Known(Summed(), (Group("made", ""),), (), {0: 3}, lambda ms: 0, lambda memory, days: 1.0),
    day=TODAY,
    day_ends_ms=(TODAY + 1) * MS_PER_DAY,
    days=365,
)


class Page(HTMLParser):
    """What a page is made of; it fails where a tag is closed that is not open."""

    VOID = frozenset({"meta"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [name for name, _ in attrs if name in {"src", "href", "srcset", "xlink:href"} or name[:2] == "on"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "found", [made(), made(days=3), made(days=36_500), EMPTY], ids=["year", "3 days", "all", "none"]
)
def test_the_page_is_whole_and_loads_nothing(found: Statistics) -> None:
    text = report(found, title_of={"made": "Made"})
    page = Page(text)
    assert page.open == []
    assert page.loads == []
    assert not {"script", "link", "iframe", "img", "object", "embed", "base"} & set(page.tags)
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert "nan" not in text.lower().replace("finance", "")
    assert re.findall(r"https?://[^\"]+", text) in ([], ["http://www.w3.org/2000/svg"] * page.tags.count("svg"))


def test_no_title_of_a_deck_or_a_topic_is_markup() -> None:
    found = made()
    evil = "</title><script>alert(1)</script><b onclick='x'>\"&"
    hostile = replace(found, by_topic=tuple(replace(row, name=evil) for row in found.by_topic), decks=("made",))
    page = Page(report(hostile, title_of={"made": evil}))
    assert page.open == []
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert page.loads == []


def test_every_chart_has_a_name_its_figures_and_no_bar_outside_it() -> None:
    text = report(made(), title_of={})
    charts = re.findall(r"<svg .*?</svg>", text, re.DOTALL)
    assert len(charts) >= 10
    assert text.count("<summary>") >= len(charts)
    for chart in charts:
        assert re.search(r'role="img" aria-label="[^"]+"', chart)
        width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', chart)[0])
        for x, y, wide, high in re.findall(
            r'<rect class="(?!mark)[^"]+" x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"', chart
        ):
            assert float(x) >= 0
            assert float(y) >= 0
            assert float(x) + float(wide) <= width + 0.1
            assert float(y) + float(high) <= height + 0.1
        assert "<title>" in chart


def test_the_words_of_the_page_are_legible_in_both_schemes() -> None:
    from textual.color import Color

    text = report(made(), title_of={})
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w{6})", part)) for part in text.split("@media")[:2])
    for scheme in (light, dark):
        for ground in ("ground", "panel"):
            for ink in ("ink", "quiet", "one", "two"):
                assert contrast(Color.parse(scheme[ink]), Color.parse(scheme[ground])) >= ENOUGH, (ink, ground)
        parts = [Color.parse(scheme[f"part-{number}"]).brightness for number in (0, 2, 3)]
        assert parts in (sorted(parts), sorted(parts, reverse=True))


@pytest.mark.skipif(BROWSER is None, reason="no browser is installed")
def test_a_browser_draws_light_and_dark_charts_without_network_or_script(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(report(made(), title_of={"made": "Made"}), "utf-8")
    tree = browse(tmp_path, path, "--virtual-time-budget=1000", "--dump-dom")
    assert tree.stdout.count("<svg") == path.read_text("utf-8").count("<svg")
    told = browse(tmp_path, path, "--enable-logging=stderr", "--dump-dom").stderr
    assert "Content Security Policy" not in told
    assert "CONSOLE" not in told
    colours = {scheme: _colours(picture(tmp_path, path, dark=scheme == "dark")) for scheme in ("light", "dark")}
    assert colours["light"] != colours["dark"]
    for scheme, panel, bar, part in (
        ("light", (0xF4, 0xF5, 0xF7), (0x1F, 0x5F, 0xBF), (0x4F, 0x86, 0xD0)),
        ("dark", (0x1D, 0x23, 0x2D), (0x7D, 0xB0, 0xF5), (0x5F, 0x97, 0xE0)),
    ):
        assert colours[scheme].get(panel, 0) > 100_000
        assert colours[scheme].get(bar, 0) > 100, "the lines of true retention"
        assert colours[scheme].get(part, 0) > 500, "the bars of answers"


def _colours(png: bytes) -> dict[tuple[int, int, int], int]:
    """How many pixels have each colour."""
    image = pytest.importorskip("PIL.Image").open(io.BytesIO(png)).convert("RGB")
    return {colour: number for number, colour in image.getcolors(maxcolors=1 << 24)}
