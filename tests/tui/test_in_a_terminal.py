"""The interface as a process in a real terminal: what only the terminal itself can show to be right."""

from __future__ import annotations

import time
from pathlib import Path

from nlpcards.tui.review import GUARD_S
from tests.support.program import Program, deck_of
from tests.support.terminal import terminal


def made(folder: Path) -> Program:
    decks, home = folder / "decks", folder / "home"
    decks.mkdir()
    home.mkdir()
    (decks / "made.yaml").write_text(deck_of(3), "utf-8")
    return Program(home, decks)


def test_an_editor_that_fails_gives_the_terminal_back_and_the_card_is_rated(tmp_path: Path) -> None:
    program = made(tmp_path)
    with terminal(program, "review", VISUAL="", EDITOR="/nonexistent/editor") as screen:
        screen.shows("question 0?")
        screen.types("e")
        screen.shows("cannot be started")
        screen.types(" ")
        screen.shows("again")
        time.sleep(2 * GUARD_S)
        screen.types("4")
        screen.shows("question 1?")
        screen.types("q")
        assert screen.ends() == 0
    assert program.json("show", "made/n0")[0]["reps"] == 1


def test_an_editor_that_changes_the_note_leads_back_to_the_same_card(tmp_path: Path) -> None:
    program = made(tmp_path)
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/question 0/the mended question/' \"$1\"\n", "utf-8")
    editor.chmod(0o755)
    with terminal(program, "review", VISUAL="", EDITOR=str(editor)) as screen:
        screen.shows("question 0?")
        screen.types("e")
        screen.shows("mended")
        screen.types("q")
        assert screen.ends() == 0
