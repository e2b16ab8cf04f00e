"""`config`: settings listed, read, set and unset by name, and their file opened in the editor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nlpcards.collection.default_file import default_file
from nlpcards.collection.taste import Taste
from tests.support.program import Program
from tests.support.terminal import terminal


def file_of(program: Program) -> Path:
    return program.home / "config.toml"


def editor(program: Program, *contents: str, code: int = 0) -> str:
    """A command line of an editor that writes one content after the other into its file, one each time it is opened."""
    (program.home / "turn").unlink(missing_ok=True)
    for number, content in enumerate(contents):
        (program.home / f"content{number}").write_text(content, "utf-8")
    script = program.home / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        f"home = pathlib.Path({str(program.home)!r})\n"
        "turn = home / 'turn'\n"
        "number = int(turn.read_text()) if turn.exists() else 0\n"
        "turn.write_text(str(number + 1))\n"
        "(home / f'arguments{number}').write_text(' '.join(sys.argv[1:]))\n"
        "content = home / f'content{number}'\n"
        "if content.exists():\n"
        "    pathlib.Path(sys.argv[-1]).write_bytes(content.read_bytes())\n"
        f"sys.exit({code})\n",
        "utf-8",
    )
    return f"{sys.executable} {script}"


def edited(program: Program, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*program.command, "config", "edit"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**program.environment, "VISUAL": command},
        cwd=program.home,
        check=False,
    )


def test_the_list_shows_every_setting_with_its_value_its_default_and_where_it_is_kept(program: Program) -> None:
    program.run("config", "set", "limits.new", "15")
    program.run("config", "set", "desired_retention", "0.85")
    done = program.run("config", "list")
    assert done.returncode == 0
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    assert rows["setting"] == ["value", "default", "kept", "in"]
    assert rows["limits.new"] == ["15", "20", "config.toml"]
    assert rows["limits.reviews"] == ["200", "200"]
    assert rows["desired_retention"][:5] == ["0.85", "0.9", "journal,", "set", "on"]
    assert str(file_of(program)) in done.stderr
    assert program.run("config").stdout == done.stdout


def test_the_list_as_json_says_the_same_to_a_script(program: Program) -> None:
    program.run("config", "set", "keys.review.undo", "z", "ctrl+z")
    program.run("config", "set", "desired_retention/made", "95%")
    found = {each["key"]: each for each in program.json("config", "list")}
    assert found["limits.new"]["value"] == found["limits.new"]["default"] == 20
    assert not found["limits.new"]["set"]
    assert found["learning_steps"]["value"] == [60, 600]
    assert found["keys.review.undo"] | {"about": "", "takes": ""} == {
        "key": "keys.review.undo",
        "value": "z ctrl+z",
        "default": "u",
        "set": True,
        "kept_in": "config.toml",
        "changed": None,
        "about": "",
        "takes": "",
    }
    retention = found["desired_retention/made"]
    assert (retention["value"], retention["kept_in"]) == (0.95, "journal")
    assert len(retention["changed"]) == len("2026-01-01")


def test_get_prints_the_value_alone(program: Program) -> None:
    done = program.run("config", "get", "learning_steps")
    assert (done.returncode, done.stdout, done.stderr) == (0, "1m 10m\n", "")
    assert program.json("config", "get", "review.order")["value"] == Taste().rules.order.value
    assert program.run("config", "get", "theme").stdout == "\n"
    assert program.run("config", "get", "keys.today.settings").stdout == ",\n"


def test_set_says_what_it_is_now_and_what_it_was(program: Program) -> None:
    done = program.run("config", "set", "limits.new", "15")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "limits.new is now 15; it was 20.\n")
    assert program.run("config", "set", "limits.new", "15").stderr == "limits.new is 15 already.\n"
    done = program.run("config", "set", "learning_steps", "30s", "10m", "1d")
    assert done.stderr == (
        "learning_steps is now 30s 10m 1d; it was 1m 10m. It holds from now on; cards keep the due days they have.\n"
    )
    changed = program.json("config", "set", "limits.new", "16")
    assert (changed["before"], changed["value"]) == (15, 16)
    done = program.run("config", "unset", "limits.new")
    assert done.stderr == "limits.new is now 20; it was 16.\n"
    assert program.run("config", "unset", "learning_steps").returncode == 0
    assert program.run("config", "get", "learning_steps").stdout == "1m 10m\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("get", "limits.news"), "There is no setting limits.news. Did you mean limits.new?"),
        (("unset", "thema"), "There is no setting thema. Did you mean theme?"),
        (("set", "limits.new", "-3"), "limits.new cannot be -3. Give it a whole number of cards, 0 or more."),
        (("set", "rollover", "24"), "rollover cannot be 24. Give it a whole number from 0 to 23."),
        (("set", "theme", "nrod"), "there is no theme nrod. Did you mean nord?"),
        (("set", "limits.decks.mode.new", "1"), "there is no deck mode. Did you mean made?"),
        (("set", "keys.review.undoo", "z"), "there is no key keys.review.undoo. Did you mean keys.review.undo?"),
        (("set", "keys.review.undo", "b"), "keys.review.undo cannot be b: b is for “bury until tomorrow” there"),
        (("set", "keys.review.undo", "banana"), "keys.review.undo cannot be banana: there is no such key"),
        (("set", "limits.new"), "Missing argument"),
    ],
)
def test_wrong_words_are_one_sentence_and_exit_with_2(program: Program, arguments: tuple[str, ...], said: str) -> None:
    done = program.run("config", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert said.lower() in done.stderr.lower()
    assert not file_of(program).exists()


@pytest.mark.parametrize("text", ["[limits\n", "[limits]\nnew = -1\n", "colour = 'red'\n", "keys = 3\n"])
def test_a_broken_file_is_one_sentence_with_its_place_in_every_command(program: Program, text: str) -> None:
    file_of(program).write_text(text, "utf-8")
    commands = (("config",), ("config", "get", "theme"), ("config", "set", "review.order", "random"), ("due",))
    for arguments in commands:
        done = program.run(*arguments)
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1
        assert str(file_of(program)) in done.stderr
    assert file_of(program).read_text("utf-8") == text


def test_what_is_not_utf8_is_a_broken_file_too(program: Program) -> None:
    file_of(program).write_bytes(b"editor = '\xff'\n")
    done = program.run("config")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "UTF-8" in done.stderr


def test_edit_begins_with_a_file_of_comments_and_opens_it(program: Program) -> None:
    done = edited(program, editor(program))
    assert (done.returncode, done.stderr) == (0, "")
    assert file_of(program).read_text("utf-8") == default_file()
    assert (program.home / "arguments0").read_text() == str(file_of(program))


def test_edit_says_what_is_wrong_on_return_and_exits_with_1_where_nobody_can_be_asked(program: Program) -> None:
    done = edited(program, editor(program, "[limits]\nnews = 3\n"))
    assert done.returncode == 1
    assert "there is no key limits.news" in done.stderr
    done = edited(program, editor(program, "theme = 'nrod'\n"))
    assert "there is no theme nrod. Did you mean nord?" in done.stderr
    done = edited(program, editor(program, "[keys.review]\nundo = 'b'\n"))
    assert "b is for “bury until tomorrow” there" in done.stderr


def test_edit_offers_to_go_back_in_where_there_is_a_terminal(program: Program) -> None:
    command = editor(program, "[limits]\nnew = -1\n", "[limits]\nnew = 7\n")
    with terminal(program, "config", "edit", VISUAL=command) as screen:
        screen.shows("limits.new is -1")
        screen.shows("Edit it again?")
        screen.types("\n")
        assert screen.ends() == 0
    assert file_of(program).read_text("utf-8") == "[limits]\nnew = 7\n"


def test_a_broken_file_can_be_left_broken_and_that_is_exit_code_1(program: Program) -> None:
    file_of(program).write_text("[limits\n", "utf-8")
    with terminal(program, "config", "edit", VISUAL=editor(program)) as screen:
        screen.shows("Edit it again?")
        screen.types("n\n")
        assert screen.ends() == 1
    assert file_of(program).read_text("utf-8") == "[limits\n"


def test_an_editor_that_fails_or_is_missing_is_a_sentence(program: Program) -> None:
    done = edited(program, editor(program, code=3))
    assert done.returncode == 1
    assert "ended with exit code 3" in done.stderr
    done = edited(program, "/nonexistent/editor")
    assert done.returncode == 1
    assert "cannot be started" in done.stderr
    file_of(program).write_text("editor = 'vim \"'\n", "utf-8")
    done = edited(program, editor(program))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "quote" in done.stderr


def test_a_file_that_a_link_leads_to_is_written_where_it_is(program: Program) -> None:
    kept = program.home / "dotfiles.toml"
    kept.write_text("# mine\n", "utf-8")
    file_of(program).symlink_to(kept)
    assert program.run("config", "set", "limits.new", "9").returncode == 0
    assert file_of(program).is_symlink()
    assert kept.read_text("utf-8") == "# mine\n\n[limits]\nnew = 9\n"


def test_the_commands_of_config_open_no_screen(program: Program) -> None:
    """Textual is not even imported for what scripts ask."""
    code = (
        "import sys; from nlpcards.cli.main import code_of; "
        "code = code_of(['config', 'get', 'limits.new']); "
        "sys.exit(9 if 'textual' in sys.modules else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **program.environment}, capture_output=True, check=False
    )
    assert done.returncode == 0
    assert json.loads(done.stdout) == 20
