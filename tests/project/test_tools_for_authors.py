"""The pre-commit hooks and the GitHub Action run commands that exist, with options that these have."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from nlpcards import __version__
from nlpcards.cli.main import main

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
PAGE = (ROOT / "docs" / "deck-repository.md").read_text("utf-8")
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```yml\n(.*?)```", PAGE, re.DOTALL))
SOUND = "deck: mine\ntitle: Mine\nnotes:\n  - id: one\n    q: What is it?\n    a: This.\n"


def run(words: list[str], folder: Path, **variables: str) -> int:
    """Run a command in a folder, with this Python's programs first on the path."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    home = str(folder / "home")
    environment = {**os.environ, **variables, "PATH": programs, "NLPCARDS_HOME": home, "PYTHONUTF8": "1"}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, check=False).returncode


def command(words: list[str]) -> click.Command:
    assert words[0] == "nlpcards"
    found = main.get_command(click.Context(main), words[1])
    assert found is not None
    return found


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_accepts_a_sound_deck_and_stops_a_broken_one(hook: dict[str, Any], tmp_path: Path) -> None:
    words = [*shlex.split(hook["entry"]), *hook["args"]]
    decks = tmp_path / "decks"
    decks.mkdir()
    (decks / "mine.yaml").write_text(SOUND, "utf-8")
    assert run(words, tmp_path) == 0
    (decks / "mine.yaml").write_text(SOUND.replace("    a: This.\n", ""), "utf-8")
    assert run(words, tmp_path) != 0


def test_the_action_runs_each_command_with_options_that_it_has() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    lines = [line.strip() for script in scripts for line in script.splitlines() if line.strip().startswith("nlpcards")]
    assert [shlex.split(line)[1] for line in lines] == ["check", "fmt"]
    for line in lines:
        options = {name for parameter in command(shlex.split(line)).params for name in parameter.opts}
        assert {word for word in shlex.split(line) if word.startswith("--")} <= options
    assert "--strict" in {name for parameter in command(["nlpcards", "check"]).params for name in parameter.opts}


def test_no_input_of_the_action_becomes_part_of_a_script() -> None:
    assert not [step for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")]


def test_the_action_runs_in_a_shell_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "mine.yaml").write_text(SOUND, "utf-8")
    for step in ACTION["runs"]["steps"]:
        if "run" not in step or "pip" in step["run"]:
            continue
        assert run(["bash", "-e", "-c", step["run"]], tmp_path, DECKS="decks", STRICT="false") == 0


def test_the_layout_that_the_documentation_shows_names_hooks_and_inputs_that_exist() -> None:
    hooks = yaml.safe_load(FILES[".pre-commit-config.yaml"])["repos"][0]
    assert {hook["id"] for hook in hooks["hooks"]} == {hook["id"] for hook in HOOKS}
    assert hooks["rev"] == f"v{__version__}"
    steps = yaml.safe_load(FILES[".github/workflows/decks.yml"])["jobs"]["check"]["steps"]
    assert steps[-1]["uses"].endswith(f"@v{__version__}")
    assert steps[-1]["with"].keys() <= ACTION["inputs"].keys()
