"""Decks are found in their folders, replace each other in order, and are checked against each other."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.bundled import bundled_folder
from nlpcards.decks.check import check
from nlpcards.decks.library import Library, load, replaced_bundled
from nlpcards.decks.problems import Severity

ROOT = Path(__file__).parents[2]


def write(path: Path, deck: str, *notes: str) -> Path:
    """A deck file with these notes, each given as the lines after its `id`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = "".join(f"  - id: {note}\n" for note in (notes or ("one\n    q: x\n    a: y",)))
    path.write_text(f"deck: {deck}\ntitle: T\nnotes:\n{entries}", "utf-8")
    return path


def note(name: str, *more: str) -> str:
    return "\n    ".join((name, f"q: What is {name}?", "a: y", *more))


def codes(library: Library) -> list[str]:
    return [problem.code for problem in library.problems]


def test_the_bundled_decks_are_found_in_the_checkout() -> None:
    assert bundled_folder() == ROOT / "decks"


def test_without_places_the_library_is_the_bundled_decks_and_then_more(tmp_path: Path) -> None:
    write(tmp_path / "mine.yaml", "mine")
    library = load((), more=[tmp_path / "missing", tmp_path])
    assert list(library.decks)[-1] == "mine"
    assert {"lstm", "attention", "bert-vs-gpt"} <= set(library.decks)
    assert library.bundled == set(library.decks) - {"mine"}


def test_places_replace_the_bundled_decks(tmp_path: Path) -> None:
    write(tmp_path / "mine.yaml", "mine")
    library = load([tmp_path / "mine.yaml"])
    assert list(library.decks) == ["mine"]
    assert library.bundled == frozenset()


def test_a_folder_met_twice_is_read_once() -> None:
    library = load((), more=[ROOT / "decks"])
    assert codes(library) == []
    assert library.bundled == set(library.decks)


def test_a_place_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NlpcardsError, match="nowhere") as caught:
        load([tmp_path / "nowhere"])
    assert caught.value.remedy


def test_decks_come_in_a_fixed_order_with_their_folders_and_without_hidden_files(tmp_path: Path) -> None:
    write(tmp_path / "b.yaml", "b")
    write(tmp_path / "a.yml", "a")
    write(tmp_path / "sub" / "c.yaml", "c")
    write(tmp_path / "sub" / "deep" / "d.yaml", "d")
    write(tmp_path / "other" / "e.yaml", "e")
    write(tmp_path / ".hidden.yaml", "hidden")
    write(tmp_path / ".git" / "f.yaml", "f")
    (tmp_path / "notes.txt").write_text("no deck", "utf-8")
    assert list(load([tmp_path]).decks) == ["a", "b", "e", "c", "d"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_in_a_circle_are_walked_once(tmp_path: Path) -> None:
    write(tmp_path / "sub" / "a.yaml", "a")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    library = load([tmp_path])
    assert list(library.decks) == ["a"]
    assert codes(library) == ["D002"]


def test_a_later_deck_replaces_an_earlier_one_and_says_so(tmp_path: Path) -> None:
    write(tmp_path / "first" / "a.yaml", "a", note("old"))
    write(tmp_path / "second" / "b.yaml", "a", note("new"))
    library = load([tmp_path / "first", tmp_path / "second"])
    assert [each.id for each in library.decks["a"].notes] == ["new"]
    (problem,) = library.problems
    assert (problem.code, problem.severity, problem.line, problem.column) == ("D507", Severity.ADVICE, 1, 7)
    assert problem.path == str(tmp_path / "second" / "b.yaml")
    assert str(tmp_path / "first" / "a.yaml") in problem.message


def test_a_copy_of_a_bundled_deck_replaces_nothing_until_it_says_something_else(tmp_path: Path) -> None:
    copy = tmp_path / "lstm.yaml"
    copy.write_bytes((ROOT / "decks" / "lstm.yaml").read_bytes())
    same = load((), more=[tmp_path])
    assert "D507" not in codes(same)
    assert same.in_place_of_bundled == frozenset()
    assert list(replaced_bundled(load([tmp_path]))) == []
    copy.write_text(copy.read_text("utf-8").replace("why:", "why:  ", 1), "utf-8")
    other = load((), more=[tmp_path])
    assert "D507" in codes(other)
    assert other.in_place_of_bundled == {"lstm"}
    assert [problem.code for problem in replaced_bundled(load([tmp_path]))] == ["D507"]


def test_two_decks_of_one_id_in_one_folder_are_an_error(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "a")
    write(tmp_path / "b.yaml", "a")
    assert codes(load([tmp_path])) == ["D508"]


def test_a_broken_file_hides_no_other_and_is_listed(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "a")
    (tmp_path / "b.yaml").write_text("title: [", "utf-8")
    write(tmp_path / "c.yaml", "c", "one\n    q: a: b\n    a: y", note("two"))
    library = load([tmp_path])
    assert list(library.decks) == ["a", "c"]
    assert [Path(file.path).name for file in library.broken] == ["b.yaml", "c.yaml"]
    assert library.problems == tuple(sorted(library.problems))
    found = check([tmp_path])
    assert [problem for problem in found if problem.is_error] == list(library.problems)
    assert [problem.code for problem in found if not problem.is_error] == ["Q008", "Q009", "Q008", "Q009"]


def test_a_note_and_a_card_are_found_by_their_ids(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "a", note("one", "both: true"))
    library = load([tmp_path])
    found = library.note("a/one")
    assert found is not None
    assert found is library.decks["a"].notes[0]
    assert [card.id for card in library.cards()] == ["a/one#qa", "a/one#aq"]
    for card in library.cards():
        assert library.card(card.id) == card
    assert library.card("a/one#c1") is None
    assert library.card("a/two#qa") is None
    assert library.note("a/two") is None


def test_a_deck_has_changed_when_its_file_has(tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml", "a")
    library = load([tmp_path])
    assert not library.changed("a")
    write(path, "a", note("one"), note("two"))
    assert library.changed("a")
    library = load([tmp_path])
    path.unlink()
    assert library.changed("a")
    assert library.changed("never-there")


def test_a_need_in_another_deck_is_found_or_named(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "a", note("one"))
    write(tmp_path / "b.yaml", "b", note("two", "needs: [a/one, a/none, z/z]", "confusable: [a/one]"))
    library = load([tmp_path])
    assert [(problem.code, problem.line, problem.column) for problem in library.problems] == [
        ("D503", 7, 20),
        ("D503", 7, 28),
    ]
    assert {problem.severity for problem in library.problems} == {Severity.ADVICE}


def test_decks_that_need_each_other_in_a_circle_are_named(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "a", note("one", "needs: [two]"), note("two", "needs: [b/three]"))
    write(tmp_path / "b.yaml", "b", note("three", "needs: [a/one]"))
    (problem,) = load([tmp_path]).problems
    assert problem.code == "D504"
    assert "`a/one` needs `a/two` needs `b/three` needs `a/one`" in problem.message


def test_a_former_id_belongs_to_one_note_of_all_decks(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "a", note("one", "was: [old/x]"))
    write(tmp_path / "b.yaml", "b", note("two", "was: [old/x, a/one]"))
    assert codes(load([tmp_path])) == ["D505", "D505"]


def test_an_expired_note_is_advised_about_from_the_day_after(tmp_path: Path) -> None:
    write(
        tmp_path / "a.yaml", "a", note("one", "expires: 2026-11-20"), note("two", "expires: 2030-01-01"), note("three")
    )
    assert "D506" not in {problem.code for problem in check([tmp_path], today=date(2026, 11, 20))}
    (problem,) = (each for each in check([tmp_path], today=date(2026, 11, 21)) if each.code == "D506")
    assert (problem.severity, problem.line) == (Severity.ADVICE, 7)


def test_a_named_deck_may_build_on_a_bundled_one_that_was_not_named(tmp_path: Path) -> None:
    base = load().decks["lstm"].notes[0].full_id
    path = tmp_path / "mine.yaml"
    path.write_text(
        f"deck: mine\ntitle: M\nnotes:\n  - id: a\n    q: x\n    a: y\n    needs: [{base}, lstm/none]\n", "utf-8"
    )
    library = load([path])
    assert [(problem.code, "lstm/none" in problem.message) for problem in library.problems] == [("D503", True)]
    assert list(library.decks) == ["mine"]
