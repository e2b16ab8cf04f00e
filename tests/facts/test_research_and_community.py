"""Facts of the deck on research and community, by counting, by simulation and by running the card's commands."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.support.facts import program, prose

Text = Callable[[str, str], str]

QUOTED = {
    "ablation-why": "no claim: the gain is an example",
    "closing-keyword": "no claim: the issue's number is an example",
}


@pytest.mark.proves("ablation-redundant")
def test_removing_one_of_two_redundant_parts_costs_nothing() -> None:
    def score(first: bool, second: bool) -> int:
        return 90 if first or second else 70

    assert score(True, True) == score(True, False) == score(False, True)
    assert score(False, False) < score(True, True)


@pytest.mark.proves("underpowered")
def test_what_is_significant_in_a_small_test_is_exaggerated(text: Text) -> None:
    rng = np.random.default_rng(0)
    gain, error = 1.0, 1.5
    found = rng.normal(gain, error, size=100_000)
    significant = found[found > 1.96 * error]
    assert len(significant) / len(found) < 0.2
    assert significant.min() > 2.9 * gain
    assert "far above the truth" in prose(text("research-and-community/underpowered", "a"))


@pytest.mark.proves("fork-commands")
@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_commands_push_a_branch_of_the_original_to_the_fork(text: Text, tmp_path: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    plain |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    nobody = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"]

    def git(where: Path, *words: str) -> str:
        done = subprocess.run(
            ["git", *nobody, *words], cwd=where, env=plain, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    original, fork, clone = tmp_path / "original", tmp_path / "fork.git", tmp_path / "clone"
    original.mkdir()
    git(original, "init", "-q", "-b", "main")
    git(original, "commit", "-q", "--allow-empty", "-m", "first")
    git(tmp_path, "clone", "-q", "--bare", str(original), str(fork))
    git(tmp_path, "clone", "-q", str(fork), str(clone))
    git(original, "commit", "-q", "--allow-empty", "-m", "newer")
    code = program(text("research-and-community/fork-commands", "cloze"), "bash")
    code = code.replace("https://github.com/them/project.git", original.as_uri())
    for line in code.splitlines():
        program_name, *words = line.split()
        assert program_name == "git"
        git(clone, *words)
    assert git(fork, "log", "-1", "--format=%s", "fix-typo") == "newer"
    assert git(clone, "branch", "--show-current") == "fix-typo"
