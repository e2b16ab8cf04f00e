"""Pictures in a package."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.anki.conftest import Anki

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def source_of(page: str) -> str:
    found = re.search(r'<img[^>]*\bsrc="([^"]+)"', page)
    assert found, page
    return found[1]


def test_a_picture_comes_along_under_a_name_that_follows_from_its_content(anki: Anki, tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "Cell State.png").write_bytes(PNG)
    anki.export(
        anki.basic("n", "![the cell](<figures/Cell State.png>)", "a"),
        anki.cloze("c", "{{c1::x}} ![](figures/none.png)"),
    )
    report = anki.export(anki.basic("n", "![the cell](<figures/Cell State.png>)", "a"))
    anki.take()
    assert report.media == 1
    name = source_of(anki.question(anki.cards("n")[0]))
    assert re.fullmatch(r"nlpcards-cell-state-[0-9a-f]{16}\.png", name)
    assert (Path(anki.col.media.dir()) / name).read_bytes() == PNG


def test_a_changed_picture_gets_another_name_so_that_anki_takes_it(anki: Anki, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    anki.bring(anki.basic("n", "![a](a.png)", "a"))
    before = source_of(anki.question(anki.cards("n")[0]))
    (tmp_path / "a.png").write_bytes(PNG + b"more")
    anki.bring(anki.basic("n", "![a](a.png)", "a"), mod=1_790_000_001)
    after = source_of(anki.question(anki.cards("n")[0]))
    assert before != after
    assert (Path(anki.col.media.dir()) / after).read_bytes() == PNG + b"more"


def test_one_picture_in_many_notes_is_packed_once(anki: Anki, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    report = anki.export(*[anki.basic(f"n{number}", "![a](a.png)", "![a](./a.png)") for number in range(3)])
    assert report.media == 1
    with zipfile.ZipFile(anki.package) as package:
        assert sorted(package.namelist()) == ["0", "collection.anki2", "media"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("none.png", "is missing"),
        ("folder.png", "is not a file"),
        ("pipe.png", "is not a file"),
        ("notes.txt", "is not of a kind that Anki shows"),
        ("link.png", "is outside the deck's folder"),
        ("x" * 300 + ".png", "cannot be read"),
    ],
)
def test_what_cannot_be_taken_is_reported_and_its_words_stand_in_its_place(
    anki: Anki, tmp_path: Path, path: str, reason: str
) -> None:
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "notes.txt").write_text("secret")
    (tmp_path / "link.png").symlink_to("/etc/hostname")
    report = anki.export(anki.basic("n", f"![the cell]({path})", "a"))
    anki.take()
    (missing,) = report.missing
    assert reason in str(missing)
    assert str(missing).startswith(str(anki.deck_file))
    assert report.media == 0
    question = anki.question(anki.cards("n")[0])
    assert "the cell" in question
    assert "<img" not in question


@pytest.mark.parametrize(
    "path", ["../secret.png", "/etc/secret.png", "a/../../secret.png", "https://x.org/a.png", "file:///a.png"]
)
def test_no_path_leaves_the_decks_folder(anki: Anki, tmp_path: Path, path: str) -> None:
    (tmp_path.parent / "secret.png").write_bytes(PNG)
    report = anki.export(anki.basic("n", f"![words]({path})", "a"))
    anki.take()
    assert report.media == 0
    assert "<img" not in anki.question(anki.cards("n")[0])
