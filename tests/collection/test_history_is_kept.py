"""What was learned stays with a card through everything that an author may do to its note."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlpcards.collection.collection import Collection
from nlpcards.collection.renaming import apply, changes_for
from nlpcards.core.journal import Review
from tests.support.learner import Learner

DECK = """\
deck: d
title: T
sources:
  s: {title: A source}
notes:
  - id: one
    q: What is one?
    a: This.
    cite: s §1
  - id: two
    needs: [one]
    cloze: a {{c1::first}} and a {{c2::second}}
  - id: way
    steps:
      title: A way
      of:
        start: Begin.
        end: End.
"""
OTHER = "deck: e\ntitle: E\nnotes:\n  - id: three\n    q: What is three?\n    a: That.\n    needs: [d/one]\n"


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    learner = Learner(tmp_path)
    learner.write("made", DECK)
    learner.write("other", OTHER)
    return learner


def learn(learner: Learner, card: str) -> None:
    """Answer a card twice."""
    with learner.open() as collection:
        for _ in range(2):
            state = collection.state(card)
            now = collection.now()
            collection.journal.append([Review(card, 3, 1_000, None, state.reps, after=state.chain)], now)
            learner.waits(minutes=11)


def reps(learner: Learner, card: str) -> int:
    with learner.open() as collection:
        assert collection.library.card(card) is not None
        assert [problem for problem in collection.library.problems if problem.is_error] == []
        assert not list(collection.journal.rebuild())
        return collection.state(card).reps


def text(learner: Learner, name: str = "made") -> str:
    return (learner.decks / f"{name}.yaml").read_text("utf-8")


def renamed(learner: Learner, old: str, new: str) -> None:
    with learner.open() as collection:
        apply(collection, changes_for(collection, old, new))


def events(collection: Collection) -> int:
    return sum(1 for _ in collection.journal.events())


def test_editing_a_question_keeps_its_history(learner: Learner) -> None:
    learn(learner, "d/one#qa")
    learner.write("made", DECK.replace("What is one?", "What, then, is one?"))
    assert reps(learner, "d/one#qa") == 2


def test_renaming_a_note_keeps_its_history(learner: Learner) -> None:
    learn(learner, "d/one#qa")
    renamed(learner, "d/one", "d/uno")
    assert reps(learner, "d/uno#qa") == 2
    renamed(learner, "d/uno", "d/eins")
    assert reps(learner, "d/eins#qa") == 2
    renamed(learner, "d/eins", "d/uno")
    assert reps(learner, "d/uno#qa") == 2
    assert "was: [one, eins]" in text(learner)
    assert "needs: [uno]" in text(learner)
    assert "needs: [d/uno]" in text(learner, "other")


def test_moving_a_note_to_another_deck_keeps_its_history(learner: Learner) -> None:
    learn(learner, "d/one#qa")
    learn(learner, "d/two#c2")
    renamed(learner, "d/one", "e/one")
    renamed(learner, "d/two", "e/deux")
    assert reps(learner, "e/one#qa") == 2
    assert reps(learner, "e/deux#c2") == 2
    assert "sources:\n  s:\n    title: A source\n" in text(learner, "other")
    assert "    needs: [one]\n    was: [d/two]\n" in text(learner, "other")
    renamed(learner, "e/deux", "d/two")
    assert reps(learner, "d/two#c2") == 2


def test_renaming_a_deck_keeps_the_history_of_all_its_notes(learner: Learner) -> None:
    learn(learner, "d/one#qa")
    renamed(learner, "d/one", "d/uno")
    learn(learner, "d/way#step.end")
    renamed(learner, "d", "renamed")
    assert reps(learner, "renamed/uno#qa") == 2
    assert reps(learner, "renamed/way#step.end") == 2
    assert text(learner).startswith("deck: renamed\ntitle: T\nwas: [d]\n")
    assert "needs: [renamed/uno]" in text(learner, "other")
    renamed(learner, "renamed", "d")
    assert reps(learner, "d/uno#qa") == 2
    assert "was: [renamed]\n" in text(learner)


def test_who_skipped_a_version_keeps_the_history_too(learner: Learner) -> None:
    learn(learner, "d/one#qa")
    learn(learner, "d/two#c1")
    before = (learner.home.journal.read_bytes(), learner.home.journal.with_name("journal.sqlite-wal"))
    renamed(learner, "d/two#c1", "c3")
    renamed(learner, "d/one", "d/uno")
    renamed(learner, "d/two", "d/deux")
    renamed(learner, "d/deux#c3", "#c4")
    renamed(learner, "d", "later")
    assert not before[1].exists()
    learner.home.journal.write_bytes(before[0])
    assert reps(learner, "later/uno#qa") == 2
    assert reps(learner, "later/deux#c4") == 2


def test_adding_a_cloze_number_keeps_the_history_of_the_others(learner: Learner) -> None:
    learn(learner, "d/two#c1")
    learner.write("made", DECK.replace("{{c2::second}}", "{{c2::second}} and {{c3::third}}"))
    assert [reps(learner, f"d/two#c{number}") for number in (1, 2, 3)] == [2, 0, 0]


def test_the_history_of_a_cloze_number_comes_back_with_it(learner: Learner) -> None:
    learn(learner, "d/two#c2")
    learner.write("made", DECK.replace("{{c2::second}}", "second"))
    with learner.open() as collection:
        assert collection.library.card("d/two#c2") is None
        collection.today()
    learner.write("made", DECK)
    assert reps(learner, "d/two#c2") == 2


def test_renaming_a_step_keeps_its_history(learner: Learner) -> None:
    learn(learner, "d/way#step.start")
    renamed(learner, "d/way#step.start", "d/way#step.begin")
    assert "        begin: Begin.\n" in text(learner)
    assert "    was: {step.begin: step.start}\n" in text(learner)
    assert reps(learner, "d/way#step.begin") == 2
    assert reps(learner, "d/way#step.end") == 0
    renamed(learner, "d/way", "d/path")
    assert reps(learner, "d/path#step.begin") == 2
    renamed(learner, "d/path#step.begin", "step.start")
    assert reps(learner, "d/path#step.start") == 2


def test_a_row_that_is_renamed_by_hand_keeps_its_history(learner: Learner) -> None:
    table = "  - id: t\n    contrast:\n      of: {x: X, y: Y}\n      by:\n        {row}: {ask: R, x: one, y: two}\n"
    learner.write("table", "deck: t\ntitle: T\nnotes:\n" + table.replace("{row}", "row"))
    learn(learner, "t/t#cell.row.x")
    was = "    was: {cell.line.x: cell.row.x, cell.line.y: cell.row.y}\n"
    learner.write("table", "deck: t\ntitle: T\nnotes:\n" + table.replace("{row}", "line") + was)
    assert reps(learner, "t/t#cell.line.x") == 2
    renamed(learner, "t/t#cell.line.x", "cell.line.a")
    assert reps(learner, "t/t#cell.line.a") == 2


def test_a_note_that_is_given_an_id_keeps_the_history_under_its_hash(learner: Learner) -> None:
    bare = "deck: b\ntitle: B\nnotes:\n  - q: What is bare?\n    a: This.\n"
    learner.write("bare", bare)
    with learner.open() as collection:
        (note,) = collection.library.decks["b"].notes
    assert note.id_is_hash
    learn(learner, f"{note.full_id}#qa")
    learner.write("bare", bare.replace("- q:", "- id: bare\n    q:") + f"    was: [{note.id}]\n")
    assert reps(learner, "b/bare#qa") == 2
    learner.write("bare", bare)
    renamed(learner, note.full_id, "b/named")
    assert reps(learner, "b/named#qa") == 2


def test_a_former_id_that_two_claim_gives_its_history_to_neither_and_writes_nothing_twice(learner: Learner) -> None:
    learn(learner, "d/one#qa")
    twice = DECK.replace("- id: one", "- id: uno\n    was: [one]").replace("needs: [one]", "was: [d/one]")
    learner.write("made", twice.replace("cloze: a {{c1::first}} and a {{c2::second}}", "q: What?\n    a: That."))
    with learner.open() as collection:
        number = events(collection)
    with learner.open() as collection:
        assert events(collection) == number
        assert collection.state("d/one#qa").reps == 2
