"""Exporting a collection again and again into one Anki."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection as AnkiCollection
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.anki.export import _Ids
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


def test_a_deck_has_one_name_in_anki_whichever_decks_go_along(learner: Learner, anki: Any) -> None:
    learner.write("other", deck_of(2, "other").replace("title: Made other", "title: Made made"))
    for decks in (["other"], ["made"], []):
        with learner.open() as collection:
            export(collection, learner.folder / "made.apkg", decks)
        anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(learner.folder / "made.apkg")))
    names = [each.name for each in anki.decks.all_names_and_ids() if each.name.startswith("nlpcards::")]
    assert names == ["nlpcards::Made made", "nlpcards::Made made (other)"]


@given(st.lists(st.integers(-2, 40), max_size=60))
def test_an_id_is_the_first_that_is_free_from_the_one_wanted_on(every: list[int]) -> None:
    ids, taken = _Ids(), set[int]()
    for wanted in every:
        given_one = ids.free(wanted)
        assert given_one == next(number for number in count(max(1, wanted)) if number not in taken)
        taken.add(given_one)


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


PROCEDURE = """\
deck: made
title: Made
notes:
  - id: bpe
    steps:
      title: Training
      of:
        start: Split.
        merge: Merge.
  - id: lemma
    term: lemma
    definition: What a dictionary lists.
"""


def named(anki: Any) -> dict[str, int]:
    """The cards in Anki by what their notes say that they are."""
    cards = [anki.get_card(number) for number in anki.find_cards("")]
    return {f"{card.note()['NoteId']}.{card.ord}": card.id for card in cards}


def test_a_step_that_gets_another_slug_is_the_same_note_in_anki(learner: Learner, anki: Any) -> None:
    learner.write("made", PROCEDURE)
    assert len(bring(learner, anki).new) == 3
    before = named(anki)
    renamed = PROCEDURE.replace("        merge:", "        unite:")
    learner.write("made", renamed.replace("- id: bpe", "- id: bpe\n    was: {step.unite: step.merge}"))
    learner.waits(days=1)
    assert not bring(learner, anki).new
    # The journal remembers it when the deck no longer says so.
    learner.write("made", renamed.replace("Merge.", "Unite."))
    learner.waits(days=1)
    log = bring(learner, anki)
    assert (len(log.new), len(log.updated)) == (0, 2)
    after = named(anki)
    assert after.pop("made/bpe#step.unite.0") == before.pop("made/bpe#step.merge.0")
    assert after == before


def test_a_note_of_several_notes_in_anki_keeps_them_through_renames_and_a_step_more(
    learner: Learner, anki: Any
) -> None:
    learner.write("made", PROCEDURE)
    bring(learner, anki)
    before = named(anki)
    moved = PROCEDURE.replace("- id: bpe", "- id: pairs\n    was: [bpe]").replace(
        "- id: lemma", "- id: stem\n    was: [lemma]"
    )
    learner.write("made", moved)
    learner.waits(days=1)
    assert not bring(learner, anki).new
    learner.write("made", moved.replace("        merge:", "        count: Count.\n        merge:"))
    learner.waits(days=1)
    log = bring(learner, anki)
    assert len(log.new) == 1
    after = named(anki)
    assert after.pop("made/pairs#step.count.0") not in before.values()
    assert list(after.values()) == list(before.values())


def test_a_note_that_takes_over_another_later_is_still_the_note_that_anki_knows(learner: Learner, anki: Any) -> None:
    first = PROCEDURE.replace("- id: lemma", "- id: stem\n    was: [lemma]")
    learner.write("made", PROCEDURE)
    bring(learner, anki)
    before = named(anki)
    for text in (first, first.replace("was: [lemma]", "was: [lemma, word]")):
        learner.write("made", text)
        learner.waits(days=1)
        assert not bring(learner, anki).new
    assert named(anki)["made/stem.1"] == before["made/lemma.1"]


def test_a_card_that_came_from_a_note_which_is_still_there_leaves_both_exported(learner: Learner, anki: Any) -> None:
    both = "deck: made\ntitle: Made\nnotes:\n  - id: one\n    q: Q\n    a: A\n    both: true\n"
    learner.write("made", both)
    bring(learner, anki)
    parted = both.replace("    both: true\n", "") + "  - id: two\n    q: A\n    a: Q\n    was: {qa: 'one#aq'}\n"
    learner.write("made", parted)
    learner.waits(days=1)
    assert {"made/one.0", "made/two.0"} <= (bring(learner, anki) and named(anki)).keys()
