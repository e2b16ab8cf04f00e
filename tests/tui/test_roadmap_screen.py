"""The Roadmap on screen: the path, what opens, what is written, and how one goes about in it."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.core.journal import Mark
from nlpcards.tui import NlpcardsApp
from nlpcards.tui.browse_card import BrowsedCard
from nlpcards.tui.map_drawing import NEEDS
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.road_actions import open_link
from nlpcards.tui.roadmap import RoadmapScreen
from nlpcards.tui.today import TodayScreen
from nlpcards.tui.topic_map import TopicMap, TopicMapScreen
from tests.support.screens import Learner, settled, shown


async def go_to(pilot: Pilot[None], title: str) -> None:
    """Put the arrow on the line of a title."""
    screen = pilot.app.screen
    assert isinstance(screen, RoadmapScreen)
    at = next(at for at, row in enumerate(screen.road.rows) if row.title.endswith(title))
    await pilot.press("home", *["down"] * at)
    await settled(pilot)


def line_of(app: NlpcardsApp, words: str) -> str:
    return next(line for line in shown(app).splitlines() if words in line)


def marks(learner: Learner) -> dict[str, str]:
    """The marks in the journal, as another program finds them."""
    with Collection.open(learner.home, (learner.decks,), Clock(lambda: learner.at), read_only=True) as collection:
        bodies = {subject: event.body for subject, event in collection.journal.marks().items()}
    return {subject: body.value for subject, body in bodies.items() if isinstance(body, Mark)}


async def test_the_path_shows_stages_with_their_figures_and_the_present_one_is_open(on_way: Learner) -> None:
    async with on_way.screen() as (app, pilot):
        await pilot.press("m")
        await settled(pilot)
        text = shown(app)
        assert "The way: your track since Tue 10 Nov 2026" in text
        assert "9 of 23 cards met (39 %)" in text
        assert "you are here" in line_of(app, "1. Beginnings")
        assert " 82 %" in line_of(app, "1. Beginnings")
        assert "known" in line_of(app, "Text  ")
        assert "60 %" in line_of(app, "Words  ")
        assert "closed" in line_of(app, "2. Numbers")
        assert "[ ] The book of words" in text
        await go_to(pilot, "Numbers")
        await pilot.press("enter")
        await settled(pilot)
        assert "Counting words" in shown(app)
        await go_to(pilot, "Counting words")
        assert "Closed: it needs Words (1 more card)" in " ".join(shown(app).split())
        await go_to(pilot, "Models")
        await pilot.press("right")
        await settled(pilot)
        assert "no cards yet" in line_of(app, "Written later")


async def test_a_topic_opens_to_its_concepts_and_these_to_cards(on_way: Learner) -> None:
    async with on_way.screen() as (app, pilot):
        await pilot.press("m")
        await settled(pilot)
        await go_to(pilot, "Text")
        await pilot.press("enter")
        await settled(pilot)
        assert "2 of 2 met" in line_of(app, "bytes and letters")
        assert "no card" in line_of(app, "lines")
        assert "4 of 4 met" in line_of(app, "other cards")
        await go_to(pilot, "bytes and letters")
        await pilot.press("enter", "down")
        await settled(pilot)
        assert "What is text 0?" in shown(app)
        assert "Nov 26" in line_of(app, "What is text 1?")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, BrowsedCard)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("left", "left", "left", "left")
        await settled(pilot)
        assert "What is text 0?" not in shown(app)
        assert "bytes and letters" not in shown(app)


async def test_space_reviews_a_topic_though_it_is_closed(on_way: Learner) -> None:
    async with on_way.screen() as (app, pilot):
        await pilot.press("m")
        await settled(pilot)
        await go_to(pilot, "Numbers")
        await pilot.press("enter", "down", "down")
        await settled(pilot)
        assert "closed" in line_of(app, "Vectors")
        await pilot.press("space")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.asked.card.note.deck == "vectors"


async def test_one_key_opens_a_topic_and_closes_it_again_and_says_what_that_means(on_way: Learner) -> None:
    async with on_way.screen() as (app, pilot):
        await pilot.press("m")
        await settled(pilot)
        await go_to(pilot, "Numbers")
        await pilot.press("enter", "down", "down", "o")
        await settled(pilot)
        assert "open, by you" in line_of(app, "Vectors")
        assert "Vectors is open, since you opened it" in " ".join(shown(app).split())
        assert marks(on_way)["opened:vectors"] == "true"
        await pilot.press("o")
        await settled(pilot)
        assert "Vectors is closed, since it needs Counting words" in " ".join(shown(app).split())
        assert marks(on_way)["opened:vectors"] == "null", "the rules close it, so nothing needs to overrule them"
        await go_to(pilot, "Words")
        await pilot.press("o")
        await settled(pilot)
        assert "shut by you" in line_of(app, "Words  ")
        assert marks(on_way)["opened:words"] == "false"
        await pilot.press("o")
        await settled(pilot)
        assert marks(on_way)["opened:words"] == "null"
        assert "open" in line_of(app, "Words  ")


async def test_a_resource_gets_a_status_and_a_note_and_keeps_both(on_way: Learner) -> None:
    opened: list[str] = []
    async with on_way.screen() as (app, pilot):
        app.open_url = lambda url, *, new_tab=True: opened.append(url)  # type: ignore[method-assign]
        await pilot.press("m")
        await settled(pilot)
        await go_to(pilot, "The book of words")
        assert "Book, Press, 3 weeks: to do." in shown(app)
        await pilot.press("l")
        await settled(pilot)
        assert opened == ["https://example.org/book"]
        await pilot.press("d", "g")
        await settled(pilot)
        assert "[~] The book of words" in shown(app)
        await pilot.press("d", "n")
        await settled(pilot)
        await pilot.press(*"as far as 3", "enter")
        await settled(pilot)
        assert "doing since Fri 13 Nov 2026 · as far as 3" in " ".join(shown(app).split())
        await go_to(pilot, "The first project")
        await pilot.press("d", "d")
        await settled(pilot)
        assert "[x] The first project" in shown(app)
    told = marks(on_way)
    assert '"status":"doing"' in told["resource:book"]
    assert "as far as 3" in told["resource:book"]
    assert '"status":"done"' in told["milestone:project"]


async def test_only_an_address_of_the_web_is_opened(learner: Learner) -> None:
    opened: list[str] = []
    async with learner.screen() as (app, _):
        app.open_url = lambda url, *, new_tab=True: opened.append(url)  # type: ignore[method-assign]
        for url in ("file:///etc/passwd", "javascript:alert(1)", "ssh://host", "//host/path"):
            assert "is no address of the web" in open_link(app, url)
        assert opened == []
        assert open_link(app, "HTTPS://example.org/") == "Opened HTTPS://example.org/"
        assert opened == ["HTTPS://example.org/"]


async def test_another_track_is_looked_at_followed_and_left(on_way: Learner) -> None:
    async with on_way.screen() as (app, pilot):
        await pilot.press("m")
        await settled(pilot)
        await pilot.press("t")
        await settled(pilot)
        assert "The way      39 %  3 stages  yours" in shown(app)
        await pilot.press("down", "enter")
        await settled(pilot)
        assert "Three weeks: you do not follow it (u follows it)" in shown(app)
        assert '"track":"way"' in marks(on_way)["track"], "to look changes nothing"
        await pilot.press("u")
        await settled(pilot)
        assert "Three weeks: your track since Fri 13 Nov 2026" in shown(app)
        assert '"track":"weeks"' in marks(on_way)["track"]
        await pilot.press("u")
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert '"track":"weeks"' in marks(on_way)["track"], "it was asked first"
        await pilot.press("u", "y")
        await settled(pilot)
        assert '"track":""' in marks(on_way)["track"]
        assert "Three weeks: you do not follow it" in shown(app)
        await pilot.press("t", "end", "enter")
        await settled(pilot)
        assert "All topics by area" in shown(app)
        assert "Basics" in shown(app)


async def test_what_was_opened_is_open_still_when_one_comes_back(on_way: Learner) -> None:
    async with on_way.screen() as (app, pilot):
        await pilot.press("m")
        await settled(pilot)
        await go_to(pilot, "Numbers")
        await pilot.press("enter", "down")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
        await pilot.press("m")
        await settled(pilot)
        assert line_of(app, "Counting words").strip().startswith("▸")


async def test_the_mouse_opens_lines_and_moves_the_arrow(on_way: Learner) -> None:
    async with on_way.screen() as (app, pilot):
        await pilot.press("m")
        await settled(pilot)
        rows = [row.title for row in app.screen.road.rows]  # type: ignore[attr-defined]
        at = rows.index("2. Numbers")
        await pilot.click("#road", offset=(2, at))
        await settled(pilot)
        assert "Counting words" in shown(app)
        await pilot.click("#road", offset=(20, at + 2))
        await settled(pilot)
        assert line_of(app, "Vectors").strip().startswith("▸")


async def test_without_a_roadmap_the_topics_of_the_decks_are_shown(learner: Learner) -> None:
    learner.write("deck: a\ntitle: A\ntopic: things\nnotes:\n  - {id: n, q: What is it?, a: A thing.}\n", "a.yaml")
    async with learner.screen() as (app, pilot):
        await pilot.press("m")
        await settled(pilot)
        assert "The topics of your decks" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "things" in shown(app)


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_map_walks_along_prerequisites_and_leads_back_to_the_topic(on_way: Learner, width: int) -> None:
    async with on_way.screen(size=(width, 24)) as (app, pilot):
        await pilot.press("m")
        await settled(pilot)
        await go_to(pilot, "Words")
        await pilot.press("m")
        await settled(pilot)
        assert isinstance(app.screen, TopicMapScreen)
        assert "Words needs 1 topic and leads to 1 topic." in shown(app)
        await pilot.press("right")
        await settled(pilot)
        assert "▸ × Counting" in shown(app)
        await pilot.press("right")
        await settled(pilot)
        assert "Counting words needs 1 topic and leads to 2 topics." in shown(app)
        await pilot.press("down", "enter")
        await settled(pilot)
        assert "Gates needs 2 topics and leads to 1 topic." in shown(app)
        await pilot.press("left", "down", "left")
        await settled(pilot)
        assert "Vectors needs 1 topic" in shown(app)
        await pilot.press("backspace")
        await settled(pilot)
        assert "Gates needs" in shown(app)
        assert max(map(len, shown(app).splitlines())) <= width
        drawn = app.screen.query_one(TopicMap)
        spot = next(each for each in drawn._drawing.spots if each.column == NEEDS and each.at == 1)
        await pilot.click(TopicMap, offset=(spot.x + 4, spot.y))
        await pilot.pause(0.6)
        assert "▸ × Vectors" in shown(app)
        await pilot.click(TopicMap, offset=(spot.x + 4, spot.y))
        await settled(pilot)
        assert "Vectors needs" in shown(app)
        await pilot.press("backspace", "escape")
        await settled(pilot)
        assert line_of(app, "Gates  ").strip().startswith("▸")


async def test_the_weeks_of_the_plan_are_whole_in_a_narrow_terminal(on_way: Learner) -> None:
    async with on_way.screen(size=(60, 24)) as (app, pilot):
        await pilot.press("m")
        await settled(pilot)
        await pilot.press("t", "down", "enter", "u")
        await settled(pilot)
        await pilot.press("p")
        await settled(pilot)
        head = line_of(app, "  week  ")
        assert head.split() == ["week", "left", "new/day", "rev/day", "min/day"]
        week = line_of(app, ">  1  13 - 19 Nov")
        assert len(week.rstrip()) == len(head.rstrip())


async def test_the_plan_lists_the_weeks_and_takes_a_day_and_minutes(on_way: Learner) -> None:
    async with on_way.screen() as (app, pilot):
        await pilot.press("m")
        await settled(pilot)
        await pilot.press("t", "down", "enter", "u")
        await settled(pilot)
        await pilot.press("p")
        await settled(pilot)
        text = shown(app)
        assert "Three weeks: 14 new cards left." in text
        assert ">  1  13 - 19 Nov" in text
        assert "Counting words" in text
        await pilot.press("n", "1", "enter")
        await settled(pilot)
        assert "1 min a day" in shown(app).splitlines()[0]
        await pilot.press("b", *"2026-11-20", "enter")
        await settled(pilot)
        assert "by Fri 20 Nov 2026, 1 min a day" in shown(app).splitlines()[0]
        assert "1 min a day are not enough" in " ".join(shown(app).split())
        await pilot.press("b", *["backspace"] * 10, *"never", "enter")
        await settled(pilot)
        assert "Never is no date" in shown(app)
        await pilot.press("escape", "escape", "x")
        await settled(pilot)
        await pilot.press("s", *["backspace"] * 10, *"2026-11-02", "enter")
        await settled(pilot)
        assert '"track":"weeks"' in marks(on_way)["track"]
        assert "1  2 - 8 Nov" in shown(app)
