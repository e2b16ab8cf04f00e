"""Settings on the screen: listed, searched, changed, given their defaults, and used at once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nlpcards.collection.collection import Collection
from nlpcards.collection.default_file import default_file
from nlpcards.collection.taste import read_taste
from nlpcards.tui import NlpcardsApp
from nlpcards.tui.choice import Choice
from nlpcards.tui.dialog import Question
from nlpcards.tui.entry import Entry
from nlpcards.tui.help import HelpScreen
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.settings import SettingsScreen
from nlpcards.tui.today import TodayScreen
from tests.support.pictures import faint, same_picture
from tests.support.program import deck_of
from tests.support.screens import ALL, Learner, settled, shown


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    made = Learner.in_folder(tmp_path)
    made.write(deck_of(8))
    return made


def told(app: NlpcardsApp) -> str:
    """What is on the screen, on one line, without the borders of boxes."""
    return " ".join(shown(app).replace("│", " ").split())


def line(app: NlpcardsApp, name: str) -> str:
    return next((each for each in shown(app).splitlines() if f" {name} " in each), "")


async def go_to(pilot: Pilot[None], name: str) -> None:
    """From Today to a setting, by searching for it."""
    await pilot.press("comma")
    await settled(pilot)
    await pilot.press("slash", *name)
    await settled(pilot)
    await pilot.press("enter")
    await settled(pilot)


async def typed(pilot: Pilot[None], text: str) -> None:
    """Change the setting at the arrow to a text."""
    await pilot.press("enter")
    await settled(pilot)
    await pilot.press("end", *["backspace"] * 60, *text)
    await pilot.press("enter")
    await settled(pilot)


async def test_settings_are_listed_by_group_with_value_default_and_keeper(learner: Learner) -> None:
    learner.configure("[limits]\nnew = 7\n")
    async with learner.screen(size=(100, 60)) as (app, pilot):
        await pilot.press("comma")
        await settled(pilot)
        assert isinstance(app.screen, SettingsScreen)
        text = shown(app)
        places = [text.index(f"\n    {group}") for group in ("Looks and tools", "Limits", "Review", "Easy", "Memory")]
        assert places == sorted(places)
        assert line(app, "limits.new").split() == ["limits.new", "7", "20", "config.toml"]
        assert line(app, "rollover").split() == ["rollover", "4", "4"]
        assert str(learner.home.settings)[-20:] in text
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)


async def test_a_setting_of_taste_is_changed_in_its_file_and_holds_at_once(learner: Learner) -> None:
    learner.configure("# mine\n[limits]\nnew = 7 # so few\n")
    async with learner.screen(size=(100, 40)) as (app, pilot):
        assert "7 new" in shown(app)
        await go_to(pilot, "limits.new")
        await typed(pilot, "3")
        assert "limits.new is now 3; it was 7." in told(app)
        assert learner.home.settings.read_text("utf-8") == "# mine\n[limits]\nnew = 3 # so few\n"
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert "3 new" in shown(app)


async def test_a_value_that_cannot_be_stays_in_its_field_with_a_sentence_below(learner: Learner) -> None:
    async with learner.screen() as (app, pilot):
        await go_to(pilot, "limits.new")
        await typed(pilot, "many")
        assert isinstance(app.screen, Entry)
        assert "✗ The setting limits.new cannot be many." in told(app)
        assert "a whole number of cards, 0 or more" in told(app).lower()
        text = shown(app)
        assert text.index("│ many") < text.index("✗ The setting")
        await pilot.press(*["backspace"] * 4, "9", "enter")
        await settled(pilot)
        assert isinstance(app.screen, SettingsScreen)
        assert read_taste(learner.home.settings).limits.new == 9


async def test_what_shapes_memory_is_an_event_and_shows_when_it_was_set(learner: Learner) -> None:
    async with learner.screen(size=(120, 40)) as (app, pilot):
        await go_to(pilot, "desired_retention")
        await typed(pilot, "85%")
        assert line(app, "▸").split() == ["▸", "desired_retention", "0.85", "0.9", "journal,", "2026-11-10"]
        assert "cards keep the due days they have" in told(app)
        assert app.collection.settings.desired_retention == 0.85
        await pilot.press("u")
        await settled(pilot)
        assert "desired_retention is now 0.9; it was 0.85." in told(app)
    with Collection.open(learner.home, (learner.decks,), read_only=True) as collection:
        assert [event.body.value for event in collection.journal.settings_set() if hasattr(event.body, "value")] == [
            "0.85",
            "0.9",
        ]
    assert not learner.home.settings.exists()


async def test_a_setting_of_one_deck_is_reached_by_choosing_the_deck(learner: Learner) -> None:
    learner.write(deck_of(5, "other"), "other.yaml")
    async with learner.screen(size=(100, 40)) as (app, pilot):
        await go_to(pilot, "limits.decks.DECK.new")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, Choice)
        await pilot.press("down")
        await typed(pilot, "2")
        assert learner.home.settings.read_text("utf-8").count("[limits.decks.other]\nnew = 2") == 1
        await pilot.press("escape", "escape")
        await settled(pilot)
        row = next(each for each in shown(app).splitlines() if "Made other" in each)
        assert row.split()[2] == "2"


async def test_few_values_are_chosen_from_a_list(learner: Learner) -> None:
    learner.configure('[review]\norder = "due"\n')
    async with learner.screen() as (app, pilot):
        await go_to(pilot, "review.order")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, Choice)
        assert "▸ due" in shown(app)
        await pilot.press("j", "enter")
        await settled(pilot)
        assert read_taste(learner.home.settings).rules.order.value == "retrievability-ascending"


async def test_a_theme_is_tried_at_the_arrow_and_kept_only_when_it_is_chosen(learner: Learner) -> None:
    async with learner.screen() as (app, pilot):
        before = app.theme
        await go_to(pilot, "theme")
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("down", "down")
        await settled(pilot)
        tried = app.theme
        assert tried != before
        await pilot.press("escape")
        await settled(pilot)
        assert app.theme == before
        assert not learner.home.settings.exists()
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("down", "down", "enter")
        await settled(pilot)
        assert (app.theme, read_taste(learner.home.settings).theme) == (tried, tried)
        await pilot.press("u")
        await settled(pilot)
        assert (app.theme, read_taste(learner.home.settings).theme) == (before, "")


async def test_the_search_finds_names_values_and_what_they_are_for(learner: Learner) -> None:
    async with learner.screen(size=(100, 40)) as (app, pilot):
        await pilot.press("comma", "slash", *"wednesday")
        await settled(pilot)
        assert "easy_days.wednesday" in shown(app)
        assert "limits.new" not in shown(app)
        await pilot.press(*["backspace"] * 9, *"backlog")
        await settled(pilot)
        assert "review.caught_up_by" in shown(app)
        await pilot.press(*"zz")
        await settled(pilot)
        assert "No setting has these words." in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "limits.new" in shown(app)
        assert isinstance(app.screen, SettingsScreen)


async def test_a_click_on_a_setting_changes_it(learner: Learner) -> None:
    async with learner.screen(size=(100, 40)) as (app, pilot):
        await pilot.press("comma")
        await settled(pilot)
        row = next(at for at, each in enumerate(shown(app).splitlines()) if "limits.reviews" in each)
        await pilot.click(offset=(10, row))
        await settled(pilot)
        assert isinstance(app.screen, Entry)
        assert "limits.reviews: reviews a day over all decks" in told(app)


async def test_a_key_is_rebound_and_works_at_once_on_the_screen_on_its_button_and_in_help(learner: Learner) -> None:
    async with learner.screen(size=(110, 60)) as (app, pilot):
        await go_to(pilot, "keys.review.good")
        await typed(pilot, "g")
        assert "keys.review.good is now g; it was 3." in told(app)
        await pilot.press("escape", "escape", "space", "space")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert "g good" in shown(app)
        learner.wait(seconds=3)
        await pilot.press("3")
        await settled(pilot)
        assert learner.ratings() == []
        await pilot.press("g")
        await settled(pilot)
        assert learner.ratings() == [3]
        await pilot.press("space")
        await settled(pilot)
        learner.wait(seconds=3)
        await pilot.click("#rate-3")
        await settled(pilot)
        assert learner.ratings() == [3, 3]
        await pilot.press("question_mark")
        await settled(pilot)
        assert isinstance(app.screen, HelpScreen)
        assert "g " in line(app, "good: recalled")


async def test_a_key_that_does_something_else_there_is_refused(learner: Learner) -> None:
    async with learner.screen() as (app, pilot):
        await go_to(pilot, "keys.review.undo")
        await typed(pilot, "b")
        assert isinstance(app.screen, Entry)
        assert "b is for “bury until tomorrow” there" in told(app)


async def test_the_file_is_edited_from_the_screen_and_a_mistake_leads_back_in(
    learner: Learner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    turn = tmp_path / "turn"
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        f"turn = pathlib.Path({str(turn)!r})\n"
        "pathlib.Path(sys.argv[1]).write_text('[limits]\\nnew = 2\\n' if turn.exists() else '[limits]\\nnew = -1\\n')\n"
        "turn.touch()\n",
        "utf-8",
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    async with learner.screen(size=(100, 40)) as (app, pilot):
        await pilot.press("comma", "e")
        await settled(pilot)
        assert isinstance(app.screen, Question)
        assert "Limits.new is -1" in told(app)
        assert app.collection.taste.limits.new == 20
        await pilot.press("y")
        await settled(pilot)
        assert isinstance(app.screen, SettingsScreen)
        assert line(app, "limits.new").split()[1:3] == ["2", "20"]
        assert app.collection.taste.limits.new == 2


async def test_an_editor_that_only_looks_finds_a_file_of_comments(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "true")
    async with learner.screen() as (_, pilot):
        await pilot.press("comma", "e")
        await settled(pilot)
    assert learner.home.settings.read_text("utf-8") == default_file()


async def test_a_file_that_broke_meanwhile_is_a_sentence_and_nothing_is_lost(learner: Learner) -> None:
    async with learner.screen(size=(100, 30)) as (app, pilot):
        learner.configure("[limits\n")
        await pilot.press("comma")
        await settled(pilot)
        assert "✗ The configuration cannot be read" in told(app)
        assert learner.home.settings.read_text("utf-8") == "[limits\n"
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)


async def test_settings_changed_during_a_review_hold_for_the_card_on_the_screen(learner: Learner) -> None:
    learner.study(2)
    async with learner.screen(start=ALL, size=(100, 40)) as (app, pilot):
        assert isinstance(app.screen, ReviewScreen)
        card = app.screen.asked.card.id
        app.action_settings()
        await settled(pilot)
        await pilot.press("slash", *"desired_retention")
        await pilot.press("enter")
        await settled(pilot)
        await typed(pilot, "0.72")
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.asked.card.id == card
        easy = app.screen.asked.labels[4]
        await pilot.press("space")
        await settled(pilot)
        assert f"easy {easy}" in shown(app)
        fresh = app.screen._reviewing._ask(app.screen.asked.card, app.screen.asked.before)
        assert fresh.labels == app.screen.asked.labels


async def test_the_palette_opens_settings(learner: Learner) -> None:
    async with learner.screen() as (app, _):
        assert "Settings" in [command.title for command in app.get_system_commands(app.screen)]


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_settings_look_as_they_did(learner: Learner, theme: str, size: tuple[int, int]) -> None:
    learner.configure(f'theme = "{theme}"\n[limits]\nnew = 12\n')
    tail = f"{size[0]}x{size[1]}-{theme.removeprefix('textual-')}"
    async with learner.screen(size=size) as (app, pilot):

        def compare(name: str) -> None:
            assert faint(app.screen._compositor.render_strips()) == []
            same_picture(f"{name}-{tail}", app.export_screenshot(), shown(app))

        await pilot.press("comma")
        await settled(pilot)
        # The folder of a test is another each time.
        app.screen.query_one("#settings-file").display = False
        await settled(pilot)
        compare("settings")
        await pilot.press("slash", *"limits", "enter", "enter")
        await settled(pilot)
        await pilot.press("backspace", "backspace", "minus", "1", "enter")
        await settled(pilot)
        compare("settings-entry")
        await pilot.press("escape", "escape", "escape")
        await settled(pilot)
        await pilot.press("slash", *"order", "enter", "enter")
        await settled(pilot)
        compare("settings-choice")
