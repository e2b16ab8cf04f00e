"""`nlpcards import --history` takes what was reviewed in Anki, through the program as a learner runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection as AnkiFile
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.scheduler.v3 import CardAnswer

from tests.support.program import Program, deck_of


@pytest.fixture
def reviewed(program: Program, tmp_path: Path) -> Path:
    """A closed Anki collection in which three cards of the decks were answered."""
    (program.decks / "made.yaml").write_text(deck_of(5), "utf-8")
    package = tmp_path / "out.apkg"
    assert program.run("export", str(package)).returncode == 0
    path = tmp_path / "collection.anki2"
    col: Any = AnkiFile(str(path))
    options = ImportAnkiPackageOptions(with_scheduling=True)
    col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
    col.decks.select(col.decks.id("nlpcards"))
    for _ in range(3):
        queued = col.sched.get_queued_cards().cards[0]
        card = col.get_card(queued.card.id)
        card.start_timer()
        col.sched.answer_card(
            col.sched.build_answer(card=card, states=queued.states, rating=CardAnswer.Rating.Value("EASY"))
        )
    col.close()
    return path


def test_reviews_come_once_and_are_told(program: Program, reviewed: Path) -> None:
    tried = program.run("import", "--history", "--dry-run", str(reviewed))
    assert tried.returncode == 0
    assert "3 reviews of 3 cards would come from Anki" in tried.stderr
    first = program.run("import", "--history", str(reviewed))
    assert (first.returncode, first.stdout) == (0, "")
    assert "3 reviews of 3 cards came from Anki." in first.stderr
    again = program.run("import", "--history", "--json", str(reviewed))
    assert again.returncode == 3
    found = json.loads(again.stdout)
    assert (found["reviews"], found["known"], found["skipped"]) == (0, 3, [])


def test_what_is_no_file_of_anki_is_one_sentence(program: Program, tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text("q,a\n")
    for name in ("cards.csv", "missing.apkg"):
        done = program.run("import", "--history", str(tmp_path / name))
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert name in done.stderr


def test_options_of_other_imports_are_refused(program: Program, reviewed: Path) -> None:
    done = program.run("import", "--history", "--deck", "x", str(reviewed))
    assert done.returncode == 2
    assert "Leave the other options out" in done.stderr
