"""Only regular files of a sensible size are read, and nothing is waited for."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from nlpcards.decks.files import MAXIMUM_BYTES, Content, Unreadable, read_content, read_open
from nlpcards.decks.reader import DeckFile, read_deck

SOUND = "deck: d\ntitle: T\nnotes:\n  - id: one\n    q: x\n    a: y\n"
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def only_code(read: DeckFile) -> str:
    (problem,) = read.problems
    assert read.deck is None
    assert (problem.line, problem.column) == (1, 1)
    assert problem.hint
    return problem.code


def test_a_file_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    assert only_code(read_deck(tmp_path / "none.yaml")) == "D001"


def test_a_folder_is_not_a_deck(tmp_path: Path) -> None:
    assert only_code(read_deck(tmp_path)) == "D002"


def test_a_path_that_no_file_can_have_is_one_problem() -> None:
    assert only_code(read_deck(Path("a\0b.yaml"))) == "D001"
    assert only_code(read_deck(Path("x" * 5000))) == "D001"


@on_posix
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert only_code(read_deck(tmp_path / "pipe.yaml")) == "D002"


@on_posix
def test_a_device_is_refused_at_once() -> None:
    assert only_code(read_deck(Path("/dev/zero"))) == "D002"


@on_posix
def test_a_socket_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.yaml")
        assert only_code(read_deck(tmp_path / "s.yaml")) == "D002"


@on_posix
def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert only_code(read_deck(tmp_path / "loop.yaml")) == "D002"


@on_posix
def test_a_link_to_a_deck_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text(SOUND, "utf-8")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    assert read_deck(tmp_path / "link.yaml").deck is not None


@on_posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text(SOUND, "utf-8")
    path.chmod(0)
    assert only_code(read_deck(path)) == "D001"


def test_the_largest_file_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text(SOUND + "#" * (MAXIMUM_BYTES - len(SOUND)), "utf-8")
    assert read_deck(path).deck is not None
    with path.open("a", encoding="utf-8") as file:
        file.write("#")
    assert only_code(read_deck(path)) == "D003"


def test_a_million_notes_are_too_many_for_one_file(tmp_path: Path) -> None:
    path = tmp_path / "million.yaml"
    path.write_text("deck: d\nnotes:\n" + "- {q: x, a: y}\n" * 1_000_000, "utf-8")
    assert only_code(read_deck(path)) == "D003"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs a file whose size is not what it holds")
def test_a_file_that_has_another_size_than_it_says_is_refused() -> None:
    assert only_code(read_deck(Path("/proc/self/status"))) == "D004"


@on_posix
def test_a_file_that_is_replaced_while_it_is_open_is_read_as_it_was(tmp_path: Path) -> None:
    path, other = tmp_path / "deck.yaml", tmp_path / "other.yaml"
    path.write_text(SOUND, "utf-8")
    other.write_text("deck: other\n", "utf-8")
    number = os.open(path, os.O_RDONLY)
    try:
        other.replace(path)
        content = read_open(number)
    finally:
        os.close(number)
    assert isinstance(content, Content)
    assert content.data == SOUND.encode()


@on_posix
def test_a_file_that_vanishes_between_two_readings_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "deck.yaml"
    path.write_text(SOUND, "utf-8")
    assert isinstance(read_content(path), Content)
    path.unlink()
    assert isinstance(read_content(path), Unreadable)


def test_bytes_that_are_not_utf_8_are_reported_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(SOUND.replace("q: x", "q: é").encode("latin-1") + b"  - id: two\n    q: x\n    a: y\n")
    read = read_deck(path)
    assert [(problem.line, problem.column, problem.code) for problem in read.problems] == [(5, 8, "D005")]
    assert "0xE9" in read.problems[0].message
    assert read.deck is not None
    assert [note.id for note in read.deck.notes] == ["two"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "wide.yaml"
    mark = b"" if encoding == "utf-16" else "\ufeff".encode(encoding)
    path.write_bytes(mark + SOUND.encode(encoding))
    read = read_deck(path)
    assert [problem.code for problem in read.problems] == ["D005"]
    assert "UTF-16" in read.problems[0].message


def test_a_binary_file_gets_few_problems(tmp_path: Path) -> None:
    path = tmp_path / "picture.yaml"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200)
    read = read_deck(path)
    assert read.deck is None
    assert len([problem for problem in read.problems if problem.code in ("D005", "D006")]) == 21


def test_media_must_exist_below_the_folder_of_the_deck(tmp_path: Path) -> None:
    folder = tmp_path / "decks"
    folder.mkdir()
    (folder / "here.png").write_bytes(b"x")
    (tmp_path / "outside.png").write_bytes(b"x")
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    path = folder / "deck.yaml"
    path.write_text(
        SOUND + "    media: [here.png, gone.png, link.png]\n    why: '![a](here.png) ![b](gone.png)'\n", "utf-8"
    )
    read = read_deck(path)
    assert [(problem.line, problem.column, problem.code) for problem in read.problems] == [
        (7, 23, "D429"),
        (7, 33, "D428"),
        (8, 31, "D429"),
    ]
    path.write_text(SOUND + "    media: [here.png]\n", "utf-8")
    deck = read_deck(path).deck
    assert deck is not None
    assert deck.notes[0].media == ("here.png",)
