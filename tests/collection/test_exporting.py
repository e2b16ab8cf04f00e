"""Exporting a collection again and again into one Anki."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection as AnkiCollection
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from nlpcards.collection.exporting import export
from nlpcards.core.errors import NlpcardsError
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


@pytest.mark.parametrize(
    ("before", "after", "field", "shown"),
    [
        ("    a: Answer 7.", "    a: Answer 7.\n    as_of: 2026-02-01", "Source", "As of 2026-02-01"),
        ("    a: Answer 7.", "    a: Answer 7.\n    concepts: [gate]", "SourceText", '"concepts": ["gate"]'),
        ("title: Made", "title: Renamed", "Topic", "Renamed"),
    ],
)
def test_a_change_beside_the_text_reaches_anki(
    learner: Learner, anki: Any, before: str, after: str, field: str, shown: str
) -> None:
    bring(learner, anki)
    text = deck_of(40)
    assert before in text
    learner.write("made", text.replace(before, after))
    log = bring(learner, anki)
    assert len(log.updated) == (40 if field == "Topic" else 1)
    found = anki.find_notes('"NoteId:made/n7"')
    assert shown in anki.get_note(found[0])[field]
    assert not bring(learner, anki).updated


def test_a_picture_that_was_drawn_anew_reaches_anki(learner: Learner, anki: Any) -> None:
    picture = learner.decks / "gate.png"
    learner.write("made", deck_of(40).replace("Answer 7.", "'![the gate](gate.png)'"))
    for drawn in (b"first", b"second"):
        picture.write_bytes(drawn)
        bring(learner, anki)
        answer = anki.get_note(anki.find_notes('"NoteId:made/n7"')[0])["Answer"]
        name = re.search(r'src="([^"]+)"', answer)
        assert name
        assert (Path(anki.media.dir()) / name[1]).read_bytes() == drawn


def test_an_export_that_fails_notes_nothing_in_the_journal(learner: Learner) -> None:
    with learner.open() as collection:
        with pytest.raises(NlpcardsError):
            export(collection, learner.folder / "no" / "folder.apkg")
        assert not collection.journal.seen_notes()
        export(collection, learner.folder / "made.apkg")
        assert len(collection.journal.seen_notes()) == 40


def test_the_same_decks_and_journal_give_the_same_bytes(learner: Learner) -> None:
    packages = [learner.folder / "one.apkg", learner.folder / "two.apkg"]
    for package in packages:
        with learner.open() as collection:
            export(collection, package)
        learner.waits(days=1)
    assert packages[0].read_bytes() == packages[1].read_bytes()
