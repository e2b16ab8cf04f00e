"""`nlpcards export` as a learner runs it: history, media, one package for each deck."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.core.journal import Review
from tests.support.program import Program, deck_of


def reviewed(program: Program) -> None:
    """Two decks; the first card of one was answered."""
    (program.decks / "made.yaml").unlink()
    for name in ("one", "two"):
        (program.decks / f"{name}.yaml").write_text(deck_of(3, name), "utf-8")
    done = program.run("review", "--plain", "one", typed="\n3\nq\n")
    assert done.returncode == 0, done.stderr


def test_history_goes_along_and_is_ours_on_the_way_back(program: Program, tmp_path: Path) -> None:
    reviewed(program)
    out = tmp_path / "out.apkg"
    done = program.run("export", str(out), "--with-history")
    assert (done.returncode, done.stdout) == (0, "")
    assert f"{out}: 6 notes, 6 cards, 2 decks, 1 row of review log." in done.stderr
    back = program.run("import", "--history", str(out), "--json")
    assert back.returncode == 3, back.stderr
    found = json.loads(back.stdout)
    assert (found["reviews"], found["known"], found["exported"], found["rescheduled"]) == (0, 0, 1, 0)


def test_what_was_done_under_a_clock_that_was_ahead_is_held_back_and_said(program: Program, tmp_path: Path) -> None:
    home = Home.of(program.environment)
    with Collection.open(home, [program.decks], Clock(lambda: datetime.now(UTC) + timedelta(days=3))) as collection:
        card = next(collection.library.cards()).id
        collection.journal.append([Review(card, 3, 900, None, 0)], collection.now())
    out = tmp_path / "out.apkg"
    done = program.run("export", str(out), "--with-history", "--json")
    found = json.loads(done.stdout)
    assert (found["log_rows"], found["held_back"]) == (0, 1)
    assert f"{out}: 1 row of the review log, of what you did under a clock that was ahead, held back" in done.stderr


def test_a_query_takes_the_history_of_its_cards_alone(program: Program, tmp_path: Path) -> None:
    reviewed(program)
    found = program.json("export", str(tmp_path / "out.apkg"), "two", "--with-history")
    assert (found["notes"], found["log_rows"]) == (3, 0)


def test_each_deck_gets_a_package_in_a_folder(program: Program, tmp_path: Path) -> None:
    reviewed(program)
    folder = tmp_path / "packages"
    found = program.json("export", str(folder), "--each", "--with-history")
    assert [Path(each["path"]).name for each in found["packages"]] == ["one.apkg", "two.apkg"]
    assert [each["log_rows"] for each in found["packages"]] == [1, 0]
    assert sorted(path.name for path in folder.iterdir()) == ["one.apkg", "two.apkg"]
    again = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert program.run("export", str(folder), "--each", "--with-history").returncode == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == again


def test_without_media_there_is_no_picture_in_the_package(program: Program, tmp_path: Path) -> None:
    (program.decks / "one.yaml").write_text(deck_of(1, "one").replace("Answer 0.", "'![a gate](gate.png)'"), "utf-8")
    (program.decks / "gate.png").write_bytes(b"drawn")
    found = program.json("export", str(tmp_path / "out.apkg"), "--no-media")
    assert found["media"] == 0
    assert zipfile.ZipFile(tmp_path / "out.apkg").namelist() == ["collection.anki2", "media"]


def test_a_folder_and_a_package_are_not_taken_for_each_other(program: Program, tmp_path: Path) -> None:
    reviewed(program)
    for words, remedy in (
        ((str(tmp_path / "x"),), "x.apkg"),
        ((str(tmp_path / "x.apkg"), "--each"), f"Write {tmp_path / 'x'}."),
    ):
        done = program.run("export", *words)
        assert done.returncode == 2
        assert remedy in done.stderr
        assert done.stderr.count("\n") == 1
    (tmp_path / "file").touch()
    done = program.run("export", str(tmp_path / "file"), "--each")
    assert done.returncode == 1
    assert "the folder cannot be made (file exists)" in done.stderr


def test_an_option_that_does_not_exist_is_no_name_of_a_package(program: Program, tmp_path: Path) -> None:
    done = program.run("export", "-o", str(tmp_path / "x.apkg"), "made")
    assert done.returncode == 2
    assert "No such option" in done.stderr or "no such option" in done.stderr
    assert "-o" in done.stderr
    assert list(tmp_path.glob("*.apkg")) == []
