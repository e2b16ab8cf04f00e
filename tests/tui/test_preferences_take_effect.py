"""What the learner sets is what happens: each setting of taste, through the program as it runs."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from nlpcards.collection.reviewing import Reviewing
from nlpcards.tui.review import ReviewScreen
from tests.support.program import Program, deck_of
from tests.support.screens import ALL, Learner, settled, shown
from tests.support.terminal import terminal


@pytest.fixture
def program(tmp_path: Path) -> Program:
    decks, home = tmp_path / "decks", tmp_path / "home"
    decks.mkdir()
    home.mkdir()
    (decks / "made.yaml").write_text(deck_of(30), "utf-8")
    (decks / "other.yaml").write_text(deck_of(30, "other"), "utf-8")
    return Program(home, decks)


def test_limits_over_all_and_of_one_deck_bound_what_is_asked(program: Program) -> None:
    assert program.json("due")["new"] == 20
    program.run("config", "set", "limits.new", "12")
    program.run("config", "set", "limits.decks.made.new", "2")
    due = program.json("due")
    assert due["new"] == 12
    assert {each["deck"]: each["new"] for each in due["decks"]} == {"made": 2, "other": 10}


def test_the_editor_is_the_one_that_is_set(program: Program) -> None:
    script = program.home / "editor.py"
    script.write_text("import pathlib, sys\npathlib.Path('opened').write_text(sys.argv[-1])\n", "utf-8")
    program.run("config", "set", "editor", f"{sys.executable} {script}")
    assert program.run("edit", "made/n3").returncode == 0
    assert (program.home / "opened").read_text("utf-8").endswith("made.yaml")


def test_the_theme_colours_the_terminal(program: Program) -> None:
    program.run("config", "set", "theme", "gruvbox")
    with terminal(program, COLORTERM="truecolor", NO_COLOR="", LANG="C.UTF-8", LC_ALL="") as screen:
        screen.shows("48;2;40;40;40")  # gruvbox's ground, #282828
        screen.types("q")
        assert screen.ends() == 0


def test_without_colours_a_terminal_is_sent_none(program: Program) -> None:
    with terminal(program, COLORTERM="truecolor", NO_COLOR="1", LANG="C.UTF-8", LC_ALL="") as screen:
        screen.shows("All decks")
        screen.types("s")
        screen.shows("Statistics")
        screen.types("q")
        assert screen.ends() == 0
        sent = screen.sent
    assert "All decks" in sent
    for colour in ("38;2;", "48;2;", "38;5;", "48;5;", "\x1b[31m"):
        assert colour not in sent


def test_a_terminal_that_cannot_be_drawn_on_gets_a_sentence_and_the_way_without(program: Program) -> None:
    with terminal(program, TERM="dumb") as screen:
        screen.shows("nlpcards review --plain")
        assert screen.ends() == 2


def test_a_rebound_key_works_in_a_real_terminal(program: Program) -> None:
    program.run("config", "set", "keys.today.review_all", "x")
    program.run("config", "set", "keys.everywhere.quit", "Q")
    with terminal(program, NO_COLOR="1", LANG="C.UTF-8", LC_ALL="") as screen:
        screen.shows("All decks")
        screen.types("x")
        screen.shows("question 0?")
        screen.types("Q")
        assert screen.ends() == 0


def test_a_key_that_does_not_exist_is_a_sentence_before_the_screen_opens(program: Program) -> None:
    (program.home / "config.toml").write_text("[keys.review]\nundoo = 'z'\n", "utf-8")
    with terminal(program) as screen:
        screen.shows("Did you mean keys.review.undo?")
        assert screen.ends() == 2


async def test_the_order_is_that_of_the_session(learner: Learner) -> None:
    learner.write(deck_of(9))
    learner.study(6)
    learner.at += timedelta(days=30)

    def weakest_first() -> list[float]:
        reviewing = Reviewing.start(learner.open())
        model = reviewing.collection.journal.timeline.model
        now = reviewing.collection.now().day
        found: list[float] = []
        while reviewing.asked is not None and len(found) < 5:
            memory = reviewing.asked.before.memory
            assert memory is not None
            assert reviewing.asked.before.last_day is not None
            found.append(model.retrievability(memory, now - reviewing.asked.before.last_day))
            reviewing.skip()
        return found

    learner.configure('[review]\norder = "retrievability-ascending"\n')
    up = weakest_first()
    assert up == sorted(up)
    learner.configure('[review]\norder = "retrievability-descending"\n')
    down = weakest_first()
    assert down == sorted(down, reverse=True)
    assert up != down


async def test_nothing_that_can_be_helped_falls_due_on_an_easy_day_and_balance_can_be_put_off(
    learner: Learner,
) -> None:
    learner.write(deck_of(40))
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    easy = days[(learner.at + timedelta(days=8)).weekday()]

    def due_on() -> list[int]:
        """On which days cards fall due that are answered easy today, counted from today."""
        learner.home.journal.unlink(missing_ok=True)
        reviewing = Reviewing.start(learner.open())
        today = reviewing.collection.now().day
        for _ in range(20):
            reviewing.rate(4, 1000)
        end = today + 60
        return sorted(due - today for _, due in reviewing.collection.journal.due_between(today + 1, end))

    learner.configure("[review]\nbalance = false\n")
    fuzzed = due_on()
    learner.configure("")
    balanced = due_on()
    assert max(balanced.count(day) for day in balanced) <= max(fuzzed.count(day) for day in fuzzed)
    assert balanced != fuzzed
    learner.configure(f"[easy_days]\n{easy} = 0\n")
    assert 8 in balanced
    assert 8 not in due_on()


async def test_keys_of_the_configuration_hold_on_every_screen_that_they_name(learner: Learner) -> None:
    learner.write(deck_of(4))
    learner.configure(
        '[keys.everywhere]\nhelp = "f1"\n[keys.review]\nbury = "x ctrl+b"\nskip = "b"\n'
        '[keys.summary]\ngo_on = "g"\n[keys.settings]\nsearch = "f"\n[keys.help]\nback = "z"\n'
    )
    async with learner.screen(start=ALL, size=(100, 40)) as (app, pilot):
        assert "f1 Help" in shown(app).splitlines()[-1]
        await pilot.press("x")
        await settled(pilot)
        assert "Buried until tomorrow" in shown(app)
        await pilot.press("b")
        await settled(pilot)
        assert "Skipped" in shown(app)
        await pilot.press("question_mark")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("f1")
        await settled(pilot)
        help_lines = shown(app).splitlines()
        assert any(line.split()[:4] == ["x", "ctrl+b", "bury", "until"] for line in help_lines)
        await pilot.press("z")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
