"""Every text on every screen can be read: in every theme, without colours, with sixteen, and without Unicode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from rich.color import ColorType
from textual.color import Color
from textual.pilot import Pilot

from nlpcards.collection.taste import Symbols
from nlpcards.tui import NlpcardsApp
from nlpcards.tui.browse import BrowseScreen
from nlpcards.tui.greeting import GreetingScreen
from nlpcards.tui.help import HelpScreen
from nlpcards.tui.ink import ENOUGH, contrast
from nlpcards.tui.placement import PlacementScreen
from nlpcards.tui.plan import PlanScreen
from nlpcards.tui.practice import PracticeScreen
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.roadmap import RoadmapScreen
from nlpcards.tui.settings import SettingsScreen
from nlpcards.tui.statistics import StatisticsScreen
from nlpcards.tui.summary import SummaryScreen
from nlpcards.tui.terminal import _SIXTEEN, charset, shows
from nlpcards.tui.themed import theme_names
from nlpcards.tui.today import TodayScreen
from nlpcards.tui.topic_map import TopicMapScreen
from tests.support.pictures import faint
from tests.support.program import deck_of
from tests.support.road import set_out
from tests.support.screens import Learner, settled, shown

DECK = r"""deck: rich
title: Übersicht
topic: lstm
sources:
  gers2000: {title: Learning to Forget, authors: Gers and others, year: 2000, url: "https://example.org/"}
notes:
  - id: forget
    q: What does the forget gate $f_t$ decide – and **why**?
    a: |-
      How much of *each* component is kept:

      $$c_t = f_t \odot c_{t-1}$$

      ```python
      @decorated
      def keep(x: int = 1) -> str:  # a comment
          return "text"
      ```

      > quoted, with [a link](https://example.org/)

      | model | sees |
      |---|---|
      | BERT | both |
    why: Because.
    cite: gers2000 §3
"""

ROADMAP = """areas:
  - {id: all, title: Übersicht}
topics:
  - id: text
    title: Text
    area: all
  - {id: lstm, title: "LSTM – gates", area: all, needs: [text], concepts: {gates: Gates}}
resources:
  - {id: book, title: The book, kind: book}
tracks:
  - id: way
    title: Der Weg
    about: A way.
    stages:
      - {id: first, title: First, topics: [text, lstm], resources: [book]}
      - {id: second, title: Second, topics: []}
"""

SCREENS = (
    TodayScreen,
    HelpScreen,
    SettingsScreen,
    StatisticsScreen,
    BrowseScreen,
    RoadmapScreen,
    TopicMapScreen,
    PlanScreen,
    PracticeScreen,
    PlacementScreen,
    GreetingScreen,
    ReviewScreen,
    SummaryScreen,
)


@pytest.fixture
def studied(learner: Learner) -> Learner:
    learner.write(deck_of(6))
    learner.study(3)
    learner.write(DECK, "rich.yaml")
    learner.write(ROADMAP, "roadmap.yaml")
    set_out(learner)
    return learner


@asynccontextmanager
async def opened(
    learner: Learner, environment: Mapping[str, str], size: tuple[int, int] = (100, 40)
) -> AsyncIterator[tuple[NlpcardsApp, Pilot[None]]]:
    app = NlpcardsApp(learner.open(), monotonic=lambda: learner.seconds, environment=environment)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield app, pilot


async def walk(learner: Learner, app: NlpcardsApp, pilot: Pilot[None]) -> AsyncIterator[str]:
    """Go through every screen, once by one; gives each one's name when it is shown."""
    await app.workers.wait_for_complete()
    await settled(pilot)
    seen = [type(app.screen)]
    yield "today"
    for key, name in (("question_mark", "help"), ("comma", "settings"), ("s", "statistics"), ("b", "browse")):
        await pilot.press(key)
        await settled(pilot)
        await app.workers.wait_for_complete()
        await settled(pilot)
        seen.append(type(app.screen))
        yield name
        await pilot.press("escape")
        await settled(pilot)
        if not isinstance(app.screen, TodayScreen):
            await pilot.press("escape")
            await settled(pilot)
    await pilot.press("m")
    await settled(pilot)
    await pilot.press("down", "down", "enter")
    await settled(pilot)
    seen.append(type(app.screen))
    yield "roadmap"
    for key, name in (("m", "map"), ("p", "plan"), ("w", "practice"), ("a", "placement")):
        await pilot.press(key)
        await settled(pilot)
        seen.append(type(app.screen))
        yield name
        await pilot.press("escape")
        await settled(pilot)
    app.push_screen(GreetingScreen())
    await settled(pilot)
    seen.append(type(app.screen))
    yield "greeting"
    await pilot.press("escape")
    await settled(pilot)
    await pilot.press("space")
    await settled(pilot)
    while isinstance(app.screen, ReviewScreen) and app.screen.asked.card.note.id != "forget":
        await learner.answer(pilot)
    seen.append(type(app.screen))
    yield "question"
    await pilot.press("space")
    await settled(pilot)
    yield "answer"
    learner.wait(seconds=3)
    await pilot.press("1")
    await settled(pilot)
    while isinstance(app.screen, ReviewScreen):
        await learner.answer(pilot)
    await settled(pilot)
    seen.append(type(app.screen))
    yield "summary"
    assert tuple(seen) == SCREENS


async def test_every_text_of_every_screen_has_enough_contrast_in_every_theme(studied: Learner) -> None:
    """All screens in the usual dark and light theme; in the others every second one, by turns, as on a chessboard.

    Screens share the dozen colours that a theme gives, so that one which is too faint shows on many of them.
    """
    found: dict[str, list[str]] = {}
    usual = ("textual-dark", "textual-light")
    walked = 0
    async with opened(studied, {}) as (app, pilot):
        themes = [name for name in theme_names() if not app.available_themes[name].ansi]
        assert len(themes) > 10
        async for name in walk(studied, app, pilot):
            before = app.theme
            walked += 1
            for theme in (*usual, *(each for each in themes[walked % 2 :: 2] if each not in usual)):
                app.theme = theme
                await settled(pilot)
                if words := faint(app.screen._compositor.render_strips()):
                    found[f"{name} in {theme}"] = words
            app.theme = before
            await settled(pilot)
    assert found == {}


@pytest.mark.parametrize("theme", ["textual-dark", "ansi-dark"])
async def test_without_colours_no_cell_has_one(studied: Learner, theme: str) -> None:
    studied.configure(f'theme = "{theme}"')
    async with opened(studied, {"NO_COLOR": "1", "TERM": "xterm-256color"}) as (app, pilot):
        async for name in walk(studied, app, pilot):
            for strip in app.screen._compositor.render_strips():
                for segment in strip:
                    if segment.style is not None:
                        colours = [each for each in (segment.style.color, segment.style.bgcolor) if each is not None]
                        assert all(each.is_default for each in colours), f"{name}: {segment}"


async def test_an_empty_no_color_changes_nothing(studied: Learner) -> None:
    async with opened(studied, {"NO_COLOR": "", "TERM": "xterm-256color", "COLORTERM": "truecolor"}) as (app, _):
        styles = [segment.style for strip in app.screen._compositor.render_strips() for segment in strip]
        assert any(style and style.color and not style.color.is_default for style in styles)


@pytest.mark.parametrize("theme", ["textual-dark", "solarized-light"])
async def test_with_sixteen_colours_each_text_is_readable_in_one_of_them(
    studied: Learner, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    studied.configure(f'theme = "{theme}"')
    monkeypatch.setenv("TERM", "linux")
    monkeypatch.delenv("COLORTERM", raising=False)
    used = set()
    async with opened(studied, {"TERM": "linux"}) as (app, pilot):
        assert app.console.color_system == "standard"
        async for name in walk(studied, app, pilot):
            for strip in app.screen._compositor.render_strips():
                for segment in strip:
                    style = segment.style
                    if style is None or not segment.text.strip():
                        continue
                    assert style.color is not None
                    assert style.bgcolor is not None
                    assert {style.color.type, style.bgcolor.type} == {ColorType.STANDARD}, f"{name}: {segment}"
                    ink, ground = _SIXTEEN[style.color.number or 0], _SIXTEEN[style.bgcolor.number or 0]
                    assert contrast(ink, ground) >= ENOUGH, f"{name}: {segment}"
                    used.add(style.color.number)
    assert len(used) >= 3, "the colours are still told apart"


@pytest.mark.parametrize(
    ("environment", "symbols"),
    [
        ({"LANG": "C"}, "auto"),
        ({"LANG": "de_DE.UTF-8"}, "ascii"),
    ],
)
async def test_without_unicode_every_screen_is_ascii_and_formulas_are_as_written(
    studied: Learner, environment: Mapping[str, str], symbols: str
) -> None:
    studied.configure(f'symbols = "{symbols}"')
    async with opened(studied, environment) as (app, pilot):
        texts = {}
        async for name in walk(studied, app, pilot):
            texts[name] = shown(app)
    assert {name: text for name, text in texts.items() if not text.isascii()} == {}
    assert "> All decks" in texts["today"]
    assert r"c_t = f_t \odot c_{t-1}" in texts["answer"]
    assert "f_t decide - and why" in texts["question"].replace("`", "")


async def test_the_console_of_linux_gets_its_lines_and_accents_and_nothing_it_lacks(studied: Learner) -> None:
    async with opened(studied, {"TERM": "linux", "LANG": "de_DE.UTF-8"}) as (app, pilot):
        texts = [shown(app)]
        assert "Übersicht" in texts[0]
        async for _ in walk(studied, app, pilot):
            texts.append(shown(app))
    assert {char for text in texts for char in text if char > "\xff"} <= set("─│┌┐└┘├┤┬┴┼═║█▄▀")


async def test_nothing_moves_where_signs_are_replaced(studied: Learner) -> None:
    async with opened(studied, {}) as (app, _):
        wide = [len(line) for line in shown(app).splitlines()]
    async with opened(studied, {"LANG": "C"}) as (app, _):
        assert [len(line) for line in shown(app).splitlines()] == wide


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, "utf-8"),
        ({"LANG": "en_GB.UTF-8"}, "utf-8"),
        ({"LANG": "en_GB"}, "utf-8"),
        ({"LANG": "C.UTF-8"}, "utf-8"),
        ({"LC_CTYPE": "UTF-8"}, "utf-8"),
        ({"LANG": "C"}, "ascii"),
        ({"LANG": "C", "LC_ALL": "en_GB.utf8"}, "utf-8"),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "ascii"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "POSIX"}, "ascii"),
        ({"LANG": "de_DE.ISO-8859-1"}, "iso8859-1"),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, "iso8859-15"),
        ({"LANG": "xx.nonsense"}, "utf-8"),
    ],
)
def test_the_locale_says_which_characters_there_are(environment: Mapping[str, str], found: str) -> None:
    assert charset(environment) == found


def test_a_latin_terminal_keeps_its_accents() -> None:
    latin = shows(Symbols.AUTO, {"LANG": "de_DE.ISO-8859-1"})
    assert latin is not None
    assert latin("é")
    assert not latin("─")
    assert shows(Symbols.UNICODE, {"LANG": "C"}) is None


def test_the_sixteen_colours_are_sixteen() -> None:
    assert len({color.rgb for color in _SIXTEEN}) == 16
    assert Color(0, 0, 0) in _SIXTEEN
