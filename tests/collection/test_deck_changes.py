"""What changed in the decks since an earlier day, told from what was seen then."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlpcards.collection.changes import Changes, DeckChange, changes, in_words
from tests.support.learner import Learner
from tests.support.program import deck_of


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    made = Learner(tmp_path)
    made.write("made", deck_of(4))
    made.write("other", deck_of(2, "other"))
    return made


def look(learner: Learner) -> Changes | None:
    with learner.open() as collection, collection.apart() as apart:
        return changes(apart)


def told(learner: Learner) -> tuple[DeckChange, ...]:
    found = look(learner)
    assert found is not None
    return found.decks


def test_on_the_first_day_there_is_nothing_to_compare_with(learner: Learner) -> None:
    assert look(learner) is None
    learner.write("made", deck_of(6))
    assert look(learner) is None


def test_notes_added_edited_and_removed_are_counted_deck_by_deck(learner: Learner) -> None:
    look(learner)
    learner.waits(days=1)
    assert told(learner) == ()
    edited = deck_of(6).replace("Answer 1.", "Another.").replace("  - id: n3\n", "  - id: n9\n")
    learner.write("made", edited)
    (learner.decks / "other.yaml").unlink()
    for _ in range(2):
        assert told(learner) == (
            DeckChange("made", "Made made", added=3, edited=1, removed=1),
            DeckChange("other", "other", removed=2),
        )
    with learner.open() as collection:
        found = changes(collection)
        assert found is not None
        said = in_words(found, collection.now().day)
    assert said == "Since yesterday: Made made 3 notes added, 1 edited, 1 removed; other 2 notes removed."


def test_the_next_day_compares_with_the_day_before_and_after_a_while_with_the_last_look(learner: Learner) -> None:
    look(learner)
    learner.waits(days=1)
    learner.write("made", deck_of(5))
    look(learner)
    learner.waits(days=3)
    found = look(learner)
    assert found is not None
    assert found.decks == ()
    with learner.open() as collection:
        assert in_words(found, collection.now().day) == "Since 2026-03-03: no deck changed."


def test_a_renamed_note_is_neither_added_nor_removed(learner: Learner) -> None:
    look(learner)
    learner.waits(days=1)
    learner.write("made", deck_of(4).replace("  - id: n2\n", "  - id: better\n    was: [made/n2]\n"))
    learner.write("other", deck_of(2, "fresh").replace("title:", "was: [other]\ntitle:"))
    assert told(learner) == (DeckChange("made", "Made made", renamed=1), DeckChange("fresh", "Made fresh", renamed=2))


def test_moving_notes_about_changes_nothing_and_their_sources_do(learner: Learner) -> None:
    look(learner)
    learner.waits(days=1)
    head, first, *rest = deck_of(4).split("  - id: ")
    learner.write("made", "  - id: ".join([head, *rest, first]))
    assert told(learner) == ()
    learner.write("made", deck_of(4).replace("    a: Answer 1.", "    a: Answer 1.\n    tags: [hard]"))
    assert told(learner) == (DeckChange("made", "Made made", edited=1),)


def test_what_cannot_be_read_now_is_not_taken_for_removed(learner: Learner) -> None:
    look(learner)
    learner.waits(days=1)
    learner.write("made", deck_of(4).replace("    a: Answer 2.\n", ""))
    learner.write("other", "deck: [")
    assert told(learner) == ()
    learner.waits(days=1)
    learner.write("made", deck_of(4))
    learner.write("other", deck_of(2, "other"))
    assert told(learner) == ()


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"format":1,"before":3,"latest":{}}', b"[" * 9999])
def test_a_snapshot_that_means_nothing_is_made_anew(learner: Learner, content: bytes) -> None:
    look(learner)
    (path,) = learner.home.cache.glob("decks-*.json")
    path.write_bytes(content)
    learner.waits(days=1)
    assert look(learner) is None
    learner.waits(days=1)
    assert told(learner) == ()


def test_where_no_snapshot_can_be_kept_nothing_else_is_lost(learner: Learner) -> None:
    learner.home.cache.parent.mkdir(exist_ok=True)
    learner.home.cache.write_text("a file in the way", "utf-8")
    assert look(learner) is None
    learner.waits(days=1)
    assert look(learner) is None
    assert learner.home.cache.read_text("utf-8") == "a file in the way"


def test_many_decks_are_told_in_one_line(learner: Learner) -> None:
    found = Changes(10, tuple(DeckChange(f"d{n}", f"D{n}", added=1) for n in range(5)))
    assert in_words(found, 11) == (
        "Since yesterday: D0 1 note added; D1 1 note added; D2 1 note added; and 2 other decks."
    )
