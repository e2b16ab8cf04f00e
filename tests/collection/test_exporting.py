"""Exporting a collection again and again into one Anki."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection as AnkiCollection
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from nlpcards.collection.exporting import export
from tests.support.learner import Learner
from tests.support.program import deck_of


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path)


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Any]:
    profile = AnkiCollection(str(tmp_path / "collection.anki2"))
    yield profile
    profile.close()


def bring(learner: Learner, anki: Any) -> Any:
    """Export, import as Anki does by default, and give the log."""
    package = learner.folder / "made.apkg"
    with learner.open() as collection:
        export(collection, package)
    options = ImportAnkiPackageOptions(with_scheduling=True)
    return anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options)).log


def test_an_edit_updates_the_note_in_place_and_anki_keeps_its_own_schedule(learner: Learner, anki: Any) -> None:
    assert len(bring(learner, anki).new) == 40
    anki.decks.select(anki.decks.id_for_name("nlpcards"))
    queued = anki.sched.get_queued_cards().cards[0]
    card = anki.get_card(queued.card.id)
    card.start_timer()
    anki.sched.answerCard(card, 4)
    number = int(card.note()["NoteId"].removeprefix("made/n"))
    before = anki.get_card(card.id)
    learner.waits(days=1)
    learner.write("made", deck_of(40).replace(f"Answer {number}.", "A better answer."))
    log = bring(learner, anki)
    assert (len(log.new), len(log.updated), len(log.duplicate)) == (0, 1, 39)
    after = anki.get_card(card.id)
    assert "A better answer." in after.note()["Answer"]
    assert (after.type, after.queue, after.due, after.ivl, after.reps) == (
        before.type,
        before.queue,
        before.due,
        before.ivl,
        before.reps,
    )
    assert after.reps == 1


def test_going_back_to_a_former_text_still_reaches_anki(learner: Learner, anki: Any) -> None:
    bring(learner, anki)
    for text in ("A better answer.", "Answer 7."):
        learner.write("made", deck_of(40).replace("Answer 7.", text))
        log = bring(learner, anki)
        assert len(log.updated) == 1
        found = anki.find_notes('"NoteId:made/n7"')
        assert text in anki.get_note(found[0])["Answer"]


def test_the_same_decks_and_journal_give_the_same_bytes(learner: Learner) -> None:
    packages = [learner.folder / "one.apkg", learner.folder / "two.apkg"]
    for package in packages:
        with learner.open() as collection:
            export(collection, package)
        learner.waits(days=1)
    assert packages[0].read_bytes() == packages[1].read_bytes()
