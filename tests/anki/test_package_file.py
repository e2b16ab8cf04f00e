"""The package on disk: whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nlpcards.anki.export import package
from nlpcards.core.cards import Citation, Deck, Place, Source
from nlpcards.core.errors import NlpcardsError, NothingToDo

if TYPE_CHECKING:
    from tests.anki.conftest import Anki

THEN = 1_790_000_000


def left_over(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir() if each.name.startswith(".nlpcards")]


def test_nothing_to_export_is_said_so_and_leaves_what_was_there(anki: Anki) -> None:
    anki.package.write_bytes(b"before")
    with pytest.raises(NothingToDo, match="no note"):
        package([], anki.package, mod=lambda _, __: THEN)
    with pytest.raises(NothingToDo, match="no note"):
        anki.export()
    assert anki.package.read_bytes() == b"before"


def test_a_package_is_compressed_and_replaces_what_was_there(anki: Anki) -> None:
    anki.package.write_bytes(b"before")
    anki.export(anki.basic("n", "q", "a"))
    with zipfile.ZipFile(anki.package) as made:
        assert {entry.compress_type for entry in made.infolist()} == {zipfile.ZIP_DEFLATED}
        assert made.testzip() is None
    assert not left_over(anki.package.parent)


def test_the_file_has_the_rights_that_the_users_umask_gives(anki: Anki) -> None:
    before = os.umask(0o022)
    try:
        anki.export(anki.basic("n", "q", "a"))
    finally:
        os.umask(before)
    assert anki.package.stat().st_mode & 0o777 == 0o644


def test_a_link_to_a_package_stays_a_link(anki: Anki, tmp_path: Path) -> None:
    real = tmp_path / "real.apkg"
    real.write_bytes(b"before")
    anki.package.symlink_to(real)
    anki.export(anki.basic("n", "q", "a"))
    assert anki.package.is_symlink()
    assert zipfile.is_zipfile(real)


@pytest.mark.parametrize("where", ["no/such/folder.apkg", "folder", "pipe", "x" * 300 + ".apkg", "file/deck.apkg"])
def test_a_place_that_cannot_take_a_package_is_one_clear_sentence(anki: Anki, tmp_path: Path, where: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NlpcardsError) as caught:
        package([anki.deck(anki.basic("n", "q", "a"))], tmp_path / where, mod=lambda _, __: THEN)
    assert caught.value.place
    assert caught.value.remedy
    assert "Traceback" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not left_over(tmp_path)


CHILD = """
import os, resource, sys
from pathlib import Path
from nlpcards.anki.export import package
from nlpcards.core.cards import Deck, Note, Place
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.kinds.basic import Basic
what, folder, out = sys.argv[1], sys.argv[2], Path(sys.argv[2]) / "demo.apkg"
words = lambda seed: " ".join(str(pow(3, seed * 1000 + each, 2**61 - 1)) for each in range(40))
notes = tuple(Note("demo", f"n{n}", Basic(words(n), "a"), Place(folder + "/d.yaml", 1, 1)) for n in range(500))
import genanki, nlpcards.render.html, nlpcards.core.markup.grammar
if what == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
else:
    os.chmod(folder, 0o555)
    if os.getuid() == 0:
        os.setuid(65534)
try:
    package([Deck("demo", "Demo", folder + "/d.yaml", notes)], out, mod=lambda _, __: 1_790_000_000)
except NlpcardsError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.mark.parametrize("limit", [50_000, 300_000, 460_000])
def test_a_full_disk_is_one_sentence_and_what_was_there_is_unchanged(anki: Anki, tmp_path: Path, limit: int) -> None:
    anki.package.write_bytes(b"before")
    run = subprocess.run(
        [sys.executable, "-c", CHILD, "full", str(tmp_path), str(limit)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert "there is no room for the package" in run.stdout
    assert "What was there is unchanged" in run.stdout
    assert anki.package.read_bytes() == b"before"
    assert not left_over(tmp_path)


def test_a_folder_that_may_not_be_written_to_is_one_sentence() -> None:
    # Not under pytest's own folder, which no other user may even look into.
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [sys.executable, "-c", CHILD, "locked", folder], capture_output=True, text=True, check=False
        )
    assert run.returncode == 1, run.stdout + run.stderr
    assert "the package cannot be written (permission denied)" in run.stdout
    assert "Nothing was written" in run.stdout


def test_a_picture_that_goes_away_meanwhile_is_named_itself(anki: Anki, tmp_path: Path) -> None:
    anki.package.write_bytes(b"before")
    picture = tmp_path / "one.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    deck = anki.deck(anki.basic("n", "q", "![It](one.png)"))
    with pytest.raises(NlpcardsError, match="this picture cannot be read any more") as caught:
        package([deck], anki.package, mod=lambda _, __: THEN, progress=lambda _, __: picture.unlink())
    assert caught.value.place == str(picture)
    assert anki.package.read_bytes() == b"before"
    assert not left_over(anki.package.parent)


def test_what_a_killed_export_left_goes_with_the_next_one_a_day_later(anki: Anki) -> None:
    folder = anki.package.parent
    for name, inside in (("aaaaaaaa", "package"), ("bbbbbbbb", "package"), ("settings", "mine.txt"), ("mine", "x")):
        (folder / f".nlpcards-{name}").mkdir()
        (folder / f".nlpcards-{name}" / inside).write_bytes(b"")
        if name != "bbbbbbbb":
            os.utime(folder / f".nlpcards-{name}", (THEN, THEN))
    anki.export(anki.basic("n", "q", "a"))
    assert sorted(left_over(folder)) == [".nlpcards-bbbbbbbb", ".nlpcards-mine", ".nlpcards-settings"]


def test_progress_counts_every_note_to_the_end(anki: Anki) -> None:
    told: list[tuple[int, int]] = []
    notes = [anki.basic(f"n{number}", "q", "a", both=True) for number in range(5)]
    package(
        [anki.deck(*notes)],
        anki.package,
        mod=lambda _, __: THEN,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(number, 5) for number in range(1, 6)]


def test_what_fails_just_before_the_package_is_put_in_place_leaves_what_was_there(anki: Anki) -> None:
    anki.package.write_bytes(b"before")

    def fails() -> None:
        raise NlpcardsError("the journal is full")

    with pytest.raises(NlpcardsError, match="the journal is full"):
        package([anki.deck(anki.basic("n", "q", "a"))], anki.package, mod=lambda _, __: THEN, before_placing=fails)
    assert anki.package.read_bytes() == b"before"
    assert not left_over(anki.package.parent)


def test_the_hash_of_a_note_changes_with_all_that_a_package_holds_of_it_and_with_nothing_else(anki: Anki) -> None:
    def contents(*decks: Deck) -> dict[str, str]:
        asked: list[tuple[str, str]] = []

        def mod(note: str, content: str) -> int:
            asked.append((note, content))
            return THEN

        package(decks, anki.package, mod=mod)
        assert len(asked) == len(dict(asked)), "a note was asked about twice"
        return dict(asked)

    picture = anki.folder / "a.png"
    picture.write_bytes(b"one")
    source = Source("s", "A title", "Someone", "2000", "https://example.org")
    plain = anki.basic("n", "q ![p](a.png)", "a", both=True, cite=(Citation(source, "p. 1"),))
    before = contents(anki.deck(plain))["demo/n"]
    more = anki.deck(anki.basic("first", "q", "a"), replace(plain, place=Place(str(anki.deck_file), 9, 1)))
    assert contents(more)["demo/n"] == before
    moved = [
        replace(plain, as_of=date(2026, 1, 1)),
        replace(plain, expires=date(2027, 1, 1)),
        replace(plain, needs=("demo/m",)),
        replace(plain, concepts=("gate",)),
        replace(plain, confusable=("demo/m",)),
        replace(plain, was=("demo/m",)),
        replace(plain, tags=("t",)),
        replace(plain, topic="t"),
        replace(plain, why="w"),
        replace(plain, cite=(Citation(source, "p. 2"),)),
    ]
    changed = [contents(anki.deck(note))["demo/n"] for note in moved]
    changed.append(contents(anki.deck(plain, title="Another title"))["demo/n"])
    changed.append(contents(anki.deck(plain, topic="another-topic"))["demo/n"])
    picture.write_bytes(b"two")
    changed.append(contents(anki.deck(plain))["demo/n"])
    assert len({before, *changed}) == 1 + len(changed)
