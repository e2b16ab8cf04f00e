"""Decks go into a package and come back from it: the same notes, text for text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from nlpcards.anki.export import package
from nlpcards.collection.exporting import export
from nlpcards.collection.importing_packages import Imported, import_package
from nlpcards.core.cards import Deck, Note
from nlpcards.core.search.language import parse
from nlpcards.decks.bundled import bundled_folder
from nlpcards.decks.check import examine
from nlpcards.decks.importing.deck_files import Wanted
from nlpcards.decks.library import Library, load
from nlpcards.decks.reader import read_text
from tests.support.any_notes import decks
from tests.support.learner import Learner
from tests.support.tracing import untraced
from tests.support.written import written

pytestmark = untraced

THEN = 1_790_000_000
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(64))


def bare(note: Note) -> Note:
    """A note without where it stands and what its deck was called."""
    place = replace(note.place, path="", line=0, column=0)
    return replace(note, place=place, deck_was=())


def by_id(library: Library) -> dict[str, Note]:
    return {name: bare(note) for name, note in library.notes.items()}


def learner_without_decks(folder: Path) -> Learner:
    (folder / "decks").mkdir(parents=True)
    (folder / "decks" / "own.yaml").write_text(
        "deck: own\ntitle: Own\nnotes:\n  - id: n\n    q: q\n    a: a\n", "utf-8"
    )
    return Learner(folder)


def imported(learner: Learner, path: Path, *, write: bool = True) -> Imported:
    with learner.open() as collection:
        return import_package(collection, path, Wanted(learner.decks), write=write)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of all bundled decks."""
    folder = bundled_folder()
    assert folder is not None
    path = tmp_path_factory.mktemp("bundled") / "all.apkg"
    package(list(load([folder]).decks.values()), path, mod=lambda _, __: THEN)
    return path


def test_the_bundled_decks_come_back_text_for_text(bundled: Path, tmp_path: Path) -> None:
    folder = bundled_folder()
    assert folder is not None
    before = load([folder])
    learner = learner_without_decks(tmp_path)
    report = imported(learner, bundled)
    assert report.skipped == ()
    after = load([learner.decks])
    notes = by_id(after)
    del notes["own/n"]
    assert notes == by_id(before)
    assert report.notes == len(notes)
    assert report.cards == sum(1 for _ in before.cards())
    assert {deck.title for deck in after.decks.values()} >= {deck.title for deck in before.decks.values()}
    assert not [problem for problem in examine(after).problems if problem.is_error]
    again = imported(learner, bundled)
    assert (again.notes, again.known, again.files, again.skipped) == (0, len(notes), (), ())


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None
)
@given(decks())
def test_any_deck_comes_back_text_for_text(tmp_path_factory: pytest.TempPathFactory, deck: Deck) -> None:
    read = read_text(written(deck))
    assume(read.deck is not None and not any(problem.is_error for problem in read.problems))
    assert read.deck is not None
    folder = tmp_path_factory.mktemp("any")
    package([read.deck], folder / "any.apkg", mod=lambda _, __: THEN)
    learner = learner_without_decks(folder)
    report = imported(learner, folder / "any.apkg")
    assert report.skipped == ()
    after = load([learner.decks]).decks[deck.id]
    assert tuple(map(bare, after.notes)) == tuple(map(bare, read.deck.notes))
    again = imported(learner, folder / "any.apkg")
    assert (again.notes, again.known, again.files, again.skipped) == (0, len(deck.notes), (), ())


def test_pictures_stand_again_where_the_notes_say(tmp_path: Path) -> None:
    learner = learner_without_decks(tmp_path / "there")
    (learner.decks / "img").mkdir()
    (learner.decks / "img" / "A-gate.png").write_bytes(PICTURE)
    (learner.decks / "b.png").write_bytes(PICTURE + b"2")
    text = (
        "deck: shown\ntitle: Shown\nnotes:\n"
        "  - id: one\n    q: '![A gate](img/A-gate.png)'\n    a: See ![b](b.png)\n    media: [b.png]\n"
        "  - q: Has it no id?\n    a: No.\n"
        "  - id: two\n    a: b\n    q: |-\n      Which?\n\n      ![A gate whose words\n      run on](img/A-gate.png)\n"
    )
    learner.write("shown", text)
    path = tmp_path / "out.apkg"
    with learner.open() as collection:
        export(collection, path, ["shown"])
        before = tuple(map(bare, collection.library.decks["shown"].notes))
    other = learner_without_decks(tmp_path / "here")
    report = imported(other, path)
    assert (report.notes, report.media, report.skipped) == (3, 2, ())
    assert tuple(map(bare, load([other.decks]).decks["shown"].notes)) == before
    assert (other.decks / "img" / "A-gate.png").read_bytes() == PICTURE
    assert (other.decks / "b.png").read_bytes() == PICTURE + b"2"


def test_a_picture_goes_elsewhere_where_another_stands_in_its_place(tmp_path: Path) -> None:
    learner = learner_without_decks(tmp_path / "there")
    (learner.decks / "b.png").write_bytes(PICTURE)
    learner.write("shown", "deck: shown\ntitle: S\nnotes:\n  - id: one\n    q: See ![b](b.png)\n    a: a\n")
    path = tmp_path / "out.apkg"
    with learner.open() as collection:
        export(collection, path, ["shown"])
    other = learner_without_decks(tmp_path / "here")
    (other.decks / "b.png").write_bytes(b"mine")
    assert imported(other, path).skipped == ()
    (note,) = load([other.decks]).decks["shown"].notes
    assert (other.decks / "b.png").read_bytes() == b"mine"
    assert note.body.written()["q"].startswith("See ![b](shown/")  # type: ignore[union-attr]
    assert not load([other.decks]).problems


def test_notes_of_which_only_some_went_name_no_others(tmp_path: Path) -> None:
    learner = learner_without_decks(tmp_path / "there")
    learner.write(
        "some",
        "deck: some\ntitle: S\nnotes:\n  - id: one\n    q: q1\n    a: a\n"
        "  - id: two\n    q: q2\n    a: a\n    needs: [one]\n    tags: [go]\n",
    )
    path = tmp_path / "out.apkg"
    with learner.open() as collection:
        export(collection, path, query=parse("tag:go"))
    other = learner_without_decks(tmp_path / "here")
    report = imported(other, path)
    assert [(each.note, each.reason) for each in report.skipped] == [
        ("some/two", "`needs: one` was left out, since that note is not in the file")
    ]
    assert not [each for each in load([other.decks]).problems if each.is_error]


def test_notes_of_a_deck_that_is_here_are_known_and_its_file_stays(tmp_path: Path) -> None:
    learner = learner_without_decks(tmp_path)
    path = tmp_path / "own.apkg"
    with learner.open() as collection:
        export(collection, path)
    before = (learner.decks / "own.yaml").read_bytes()
    report = imported(learner, path)
    assert (report.notes, report.known, report.skipped) == (0, 1, ())
    assert (learner.decks / "own.yaml").read_bytes() == before
    with learner.open() as collection:
        into = import_package(collection, path, Wanted(tmp_path / "elsewhere"))
    assert (into.notes, into.known) == (0, 1)
    assert not (tmp_path / "elsewhere").exists()
