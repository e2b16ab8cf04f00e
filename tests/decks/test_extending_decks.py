"""A file that extends a deck replaces its notes, adds to them, leaves some out, and says where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlpcards.decks.library import Library, load
from nlpcards.decks.reader import read_text

BASE = """\
deck: base
title: The base
topic: lstm
sources:
  one: {title: One}
  two: {title: Two}
notes:
  - id: a
    q: What is a?
    a: base
    cite: one §1
  - id: b
    q: What is b?
    a: base
    needs: [a]
    cite: two
  - id: c
    q: What is c?
    a: base
    was: [old-c]
"""


def library(folder: Path, **files: str) -> Library:
    """The library of a folder with these files and the base."""
    for name, text in {"base": BASE, **files}.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return load([folder])


def said(library: Library) -> list[tuple[str, str, int, int]]:
    return [(problem.code, Path(problem.path).stem, problem.line, problem.column) for problem in library.problems]


def answers(library: Library) -> list[tuple[str, str]]:
    return [(note.id, str(note.body.written()["a"])) for note in library.decks["base"].notes]


def note(name: str, answer: str, *more: str) -> str:
    return "\n    ".join((f"  - id: {name}", f"q: What is {name}?", f"a: {answer}", *more)) + "\n"


def test_notes_are_replaced_in_place_and_new_ones_come_last(tmp_path: Path) -> None:
    found = library(tmp_path, mine="extends: base\nnotes:\n" + note("new", "mine") + note("b", "mine"))
    assert answers(found) == [("a", "base"), ("b", "mine"), ("c", "base"), ("new", "mine")]
    assert found.problems == ()
    deck = found.decks["base"]
    assert (deck.title, deck.path) == ("The base", str(tmp_path / "base.yaml"))
    places = {each.id: (Path(each.place.path).stem, each.place.line) for each in deck.notes}
    assert places == {"a": ("base", 8), "b": ("mine", 6), "c": ("base", 17), "new": ("mine", 3)}
    assert [each.topic for each in deck.notes] == ["lstm"] * 4
    assert list(found.decks) == ["base"]


def test_dropped_notes_are_left_out_and_the_one_that_needs_them_is_named(tmp_path: Path) -> None:
    found = library(tmp_path, mine="extends: base\ndrop: [c, a]\n")
    assert [name for name, _ in answers(found)] == ["b"]
    assert said(found) == [("D511", "mine", 2, 11)]
    assert not any(problem.is_error for problem in found.problems)


def test_sources_are_inherited_added_and_overridden(tmp_path: Path) -> None:
    text = "extends: base\nsources:\n  two: {title: Better}\n  three: {title: Three}\nnotes:\n"
    found = library(tmp_path, mine=text + note("new", "x", "cite: one §2; two; three §3"))
    assert found.problems == ()
    cited = {each.id: [(one.source.title, one.where) for one in each.cite] for each in found.decks["base"].notes}
    assert cited == {
        "a": [("One", "§1")],
        "b": [("Better", "")],
        "c": [],
        "new": [("One", "§2"), ("Better", ""), ("Three", "§3")],
    }


def test_title_and_topic_may_be_overridden(tmp_path: Path) -> None:
    found = library(tmp_path, mine="extends: base\ntitle: Mine\ntopic: rnn\nnotes:\n" + note("new", "x", "topic: own"))
    assert (found.decks["base"].title, found.decks["base"].topic) == ("Mine", "rnn")
    assert [each.topic for each in found.decks["base"].notes] == ["rnn", "rnn", "rnn", "own"]


def test_several_extensions_apply_in_the_order_of_the_library(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        m1="extends: base\ndrop: [c]\nnotes:\n" + note("a", "first") + note("new", "first"),
        m2="extends: base\ndrop: [b]\nnotes:\n" + note("new", "second") + note("c", "second", "needs: [new]"),
    )
    assert answers(found) == [("a", "first"), ("new", "second"), ("c", "second")]
    assert found.problems == ()


def test_an_extension_may_come_before_its_deck(tmp_path: Path) -> None:
    found = library(tmp_path, a0="extends: base\nnotes:\n" + note("a", "mine"))
    assert answers(found)[0] == ("a", "mine")


def test_what_it_names_must_be_there(tmp_path: Path) -> None:
    text = "extends: base\ndrop: [bb, zzzzz]\nnotes:\n" + note(
        "new", "x", "needs: [a, aa, other/x]", "cite: one; onee §2", "confusable: [b]"
    )
    found = library(tmp_path, mine=text)
    assert said(found) == [
        ("D510", "mine", 2, 8),
        ("D510", "mine", 2, 12),
        ("D501", "mine", 7, 16),
        ("D503", "mine", 7, 20),
        ("D424", "mine", 8, 16),
    ]
    assert [problem.hint for problem in found.problems][4] == "Did you mean `one`?"
    assert "new" in dict(answers(found))


def test_a_deck_that_is_not_there_is_an_error_with_the_one_that_was_meant(tmp_path: Path) -> None:
    found = library(tmp_path, mine="extends: bas\nnotes:\n" + note("a", "mine"))
    assert said(found) == [("D509", "mine", 1, 10)]
    assert found.problems[0].hint == "Did you mean `base`?"
    assert list(found.decks) == ["base"]


def test_a_file_named_that_extends_a_bundled_deck_brings_it_in(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("extends: lstm\nnotes:\n" + note("new", "x", "cite: gers2000"), "utf-8")
    found = load([path])
    assert [problem for problem in found.problems if problem.is_error] == []
    assert found.bundled == {"lstm"}
    assert found.decks["lstm"].notes[-1].id == "new"
    assert not found.ships(str(path))


def test_a_former_id_in_an_extension_is_checked_against_the_whole_deck(tmp_path: Path) -> None:
    renamed = library(tmp_path, mine="extends: base\ndrop: [a]\nnotes:\n" + note("aa", "x", "was: [a]"))
    assert [problem for problem in renamed.problems if problem.is_error] == []
    both = library(tmp_path, mine="extends: base\nnotes:\n" + note("aa", "x", "was: [a]"))
    assert said(both) == [("D505", "mine", 6, 11)]
    copied = library(tmp_path, mine="extends: base\nnotes:\n" + note("c", "x", "was: [old-c]"))
    assert copied.problems == ()


def test_prerequisites_in_a_circle_through_two_files_are_named(tmp_path: Path) -> None:
    found = library(tmp_path, mine="extends: base\nnotes:\n" + note("a", "x", "needs: [b]"))
    assert [problem.code for problem in found.problems] == ["D504"]


def test_a_broken_note_of_an_extension_leaves_the_one_of_the_deck(tmp_path: Path) -> None:
    found = library(tmp_path, mine="extends: base\nnotes:\n  - id: a\n    q: x\n    becuase: y\n" + note("b", "mine"))
    assert answers(found)[:2] == [("a", "base"), ("b", "mine")]
    place = found.broken_note("base/a")
    assert place is not None
    assert (Path(place.path).stem, place.line) == ("mine", 3)


@pytest.mark.parametrize("text", ["", "extends: base\nnotes:\n  - id: a\n    q: [", "extend: base\n"])
def test_a_file_caught_half_saved_changes_nothing(tmp_path: Path, text: str) -> None:
    whole = "extends: base\ndrop: [c]\nnotes:\n" + note("b", "mine") + note("new", "mine")
    before = library(tmp_path, mine=whole)
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    assert before.changed("base")
    after = load([tmp_path]).keeping(before)
    assert {("b", "mine"), ("new", "mine")} <= set(answers(after))
    again = load([tmp_path]).keeping(after)
    assert answers(again) == answers(after)
    (tmp_path / "mine.yaml").unlink()
    assert answers(load([tmp_path]).keeping(again)) == [("a", "base"), ("b", "base"), ("c", "base")]


def test_a_deck_has_changed_when_a_file_that_extends_it_has(tmp_path: Path) -> None:
    found = library(tmp_path, mine="extends: base\ndrop: [c]\n")
    assert not found.changed("base")
    (tmp_path / "mine.yaml").unlink()
    assert found.changed("base")


def test_a_deck_renamed_in_its_file_is_not_there_twice(tmp_path: Path) -> None:
    before = library(tmp_path)
    (tmp_path / "base.yaml").write_text(BASE.replace("deck: base", "deck: other\nwas: [base]"), "utf-8")
    assert list(load([tmp_path]).keeping(before).decks) == ["other"]


def test_the_former_ids_of_a_deck_are_those_of_all_its_cards(tmp_path: Path) -> None:
    found = library(tmp_path, base=BASE.replace("title:", "was: [older, oldest]\ntitle:", 1))
    assert found.problems == ()
    card = found.card("base/c#qa")
    assert card is not None
    assert set(card.former_ids()) == {
        "base/old-c#qa",
        *(f"{deck}/{name}#qa" for deck in ("older", "oldest") for name in ("c", "old-c")),
    }


def test_a_former_id_of_a_deck_is_nobody_elses(tmp_path: Path) -> None:
    other = BASE.replace("deck: base", "deck: other\nwas: [base, gone, other]")
    third = BASE.replace("deck: base", "deck: third\nwas: [gone]")
    found = library(tmp_path, other=other, third=third)
    assert said(found) == [("D505", "other", 2, 7), ("D505", "other", 2, 19), ("D505", "third", 2, 7)]


def test_a_file_read_by_itself_says_nothing_of_what_it_cannot_know() -> None:
    read = read_text("extends: base\ndrop: [c]\nnotes:\n" + note("new", "x", "needs: [a]", "cite: one; nope"))
    assert read.problems == ()
    assert read.extends
    assert read.dropped == ("base/c",)
