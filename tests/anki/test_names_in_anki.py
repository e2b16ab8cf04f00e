"""GUIDs, deck names and tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.anki.names import component, deck_name, deck_number, guid, tag, tags
from nlpcards.anki.note_types import BASIC, CLOZE, NOTE_TYPES, NoteType


def test_the_guid_of_a_note_is_the_same_for_ever() -> None:
    assert guid(BASIC, "lstm/gates") == "26b93d494993ab08c7e9"
    assert guid(CLOZE, "lstm/gates") == "c5eec015a824730e8e00"


@given(st.lists(st.tuples(st.sampled_from(NOTE_TYPES), st.text(max_size=20)), unique=True, max_size=20))
def test_different_notes_have_different_guids(notes: list[tuple[NoteType, str]]) -> None:
    assert len({guid(kind, root) for kind, root in notes}) == len(notes)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("LSTM gates", "nlpcards::LSTM gates"),
        ("  a\tb\n", "nlpcards::a b"),
        ("Part 1:: the gates", "nlpcards::Part 1: the gates"),
        ("::", "nlpcards::the-id"),
        ("", "nlpcards::the-id"),
        ('say "x"', "nlpcards::say 'x'"),
        ("<script>alert(1)</script>", "nlpcards::‹script›alert(1)‹/script›"),
        ("a\u202eb", "nlpcards::a<U+202E>b".replace("<", "‹").replace(">", "›")),
        ("Re\u0301sume\u0301", "nlpcards::R\u00e9sum\u00e9"),
        ("{{Question}}", "nlpcards::((Question))"),
    ],
)
def test_any_title_makes_one_level_of_a_deck_name(title: str, name: str) -> None:
    assert deck_name(title, "the-id") == name


@given(st.text(), st.text())
def test_a_deck_name_has_two_levels_and_nothing_that_anki_changes(title: str, deck: str) -> None:
    root, *rest = deck_name(title, deck).split("::")
    assert root == "nlpcards"
    assert len(rest) == 1
    assert rest[0] == rest[0].strip() != ""
    assert not set(rest[0]) & set('<>"{}\x1f\n\t')


def test_a_title_given_before_is_told_apart_by_the_decks_id() -> None:
    assert deck_name("GATES", "two", ["nlpcards::Gates"]) == "nlpcards::GATES (two)"
    assert deck_name("Gates", "b", ["nlpcards::Gates (b)", "nlpcards::Gates"]) == "nlpcards::Gates (b) (b)"


@given(st.text())
def test_a_deck_number_is_one_that_javascript_and_sqlite_hold_exactly(name: str) -> None:
    assert 1 < deck_number(component(name, "x")) < 2**53


@given(st.lists(st.text()), st.text())
def test_tags_are_what_anki_takes(own: list[str], topic: str) -> None:
    for each in tags(own, topic):
        assert each
        assert each == tag(each)
        assert not any(char.isspace() or char in "\"<>{}'" for char in each)
        assert "" not in each.split("::")


def test_tags_that_differ_in_case_only_are_one() -> None:
    assert tags(["Gates", "gates"], "") == ("gates",)
