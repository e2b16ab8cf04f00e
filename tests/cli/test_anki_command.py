"""`nlpcards anki`: what it says of a running Anki, and with which exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nlpcards.cli.main import code_of
from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.core.journal import Review
from tests.support.anki_connect import Served, served
from tests.support.phone import Phone
from tests.support.program import deck_of


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Served]:
    phone = Phone(tmp_path / "phone")
    with served(phone) as running:
        yield running
    phone.col.close()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    (folder / "decks").mkdir(parents=True)
    (tmp_path / "made.yaml").write_text(deck_of(4), "utf-8")
    monkeypatch.setenv("NLPCARDS_HOME", str(folder))
    return folder


class Shell:
    """Runs commands, and keeps what they said."""

    def __init__(self, decks: Path, anki: Served, capsys: pytest.CaptureFixture[str]) -> None:
        self._decks, self._anki, self._capsys = decks, anki, capsys
        self.said = ""

    def run(self, *words: str) -> int:
        code = code_of(["--decks", str(self._decks), "anki", *words, "--url", self._anki.url])
        read = self._capsys.readouterr()
        self.out, self.said = read.out, read.err
        return code

    def json(self, *words: str) -> Any:
        assert self.run(*words, "--json") in (0, 3), self.said
        return json.loads(self.out)


@pytest.fixture
def shell(tmp_path: Path, anki: Served, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path / "made.yaml", anki, capsys)


def test_a_push_says_what_went_and_a_second_one_that_nothing_did(shell: Shell, anki: Served) -> None:
    assert shell.run("push", "--dry-run") == 0
    assert shell.said == "Would go to Anki: 4 notes added.\n"
    assert anki.col.note_count() == 0
    assert shell.run("push") == 0
    assert shell.said == "To Anki: 4 notes added.\n"
    assert anki.col.note_count() == 4
    assert shell.run("push") == 3
    assert shell.said == "To Anki: nothing new.\n"


def test_a_pull_says_what_came(shell: Shell, anki: Served) -> None:
    assert shell.run("pull") == 3
    assert "Take them there first" in shell.said
    shell.run("push")
    anki.phone.answer(2, "EASY")
    assert shell.run("pull", "--dry-run") == 0
    assert shell.said.startswith("From Anki: 2 reviews to take.\n")
    assert shell.run("push") == 3
    assert "2 cards with answers in Anki that are not here yet" in shell.said
    assert shell.run("pull") == 0
    assert shell.said.startswith("From Anki: 2 reviews taken.\nAnkiConnect does not say when Anki's days begin; 04:00")
    assert shell.run("pull") == 3
    assert shell.said == "From Anki: 2 reviews here already.\n"


def test_a_pull_says_what_was_set_there(shell: Shell, anki: Served) -> None:
    shell.run("push")
    cards = anki.col.find_cards("")
    anki.col.sched.suspend_cards(cards[:2])
    anki.col.set_user_flag_for_cards(3, cards[1:2])
    anki.col.sched.bury_cards(cards[2:3])
    assert shell.run("pull", "--dry-run") == 0
    said = "2 cards suspended or unsuspended, 1 card flagged or unflagged, 1 card buried"
    assert shell.said == f"From Anki: {said}.\n"
    found = shell.json("pull")
    assert (found["suspended"], found["flagged"], found["buried"], found["reviews"]) == (2, 1, 1, 0)
    assert shell.run("pull") == 3
    assert shell.said == "From Anki: nothing new.\n"


def test_a_sync_does_both_and_says_so_for_scripts(shell: Shell, anki: Served) -> None:
    found = shell.json("sync")
    assert found["pulled"] is None
    assert (found["pushed"]["added"], found["pushed"]["reviews"], found["pushed"]["missing"]) == (4, 0, [])
    anki.phone.answer(3, "GOOD")
    found = shell.json("sync", "made")
    assert (found["pulled"]["reviews"], found["pulled"]["cards"]) == (3, 3)
    assert found["pushed"]["behind"] == 0
    assert shell.json("pull")["known"] == 3
    assert shell.json("push")["added"] == 0


def test_what_was_done_under_a_clock_that_was_ahead_is_said(shell: Shell, home: Path, tmp_path: Path) -> None:
    shell.run("push")
    ahead = Clock(lambda: datetime.now(UTC) + timedelta(days=3))
    with Collection.open(Home.of({"NLPCARDS_HOME": str(home)}), [tmp_path / "made.yaml"], ahead) as collection:
        collection.journal.append([Review("made/n0#qa", 3, 900, None, 0)], collection.now())
    assert shell.run("push") == 0
    said = "1 row of the review log, of what you did under a clock that was ahead, held back until the time that it"
    assert shell.said == f"{said} showed.\nTo Anki: 1 schedule.\n"
    assert shell.json("push")["held_back"] == 1


def test_a_key_of_the_configuration_is_used(shell: Shell, anki: Served, home: Path) -> None:
    anki.key = "opensesame"
    assert shell.run("push") == 1
    assert "nlpcards config set anki.key KEY" in shell.said
    assert code_of(["config", "set", "anki.key", "opensesame"]) == 0
    assert shell.run("push") == 0
    assert 'key = "opensesame"' in (home / "config.toml").read_text("utf-8")


def test_an_anki_that_does_not_run_is_said_in_a_sentence(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(["anki", "push", "--url", "http://127.0.0.1:1"]) == 1
    assert "no running Anki answers" in capsys.readouterr().err
    assert code_of(["anki"]) == 2
