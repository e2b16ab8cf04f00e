"""Several deck files are written as one: where anything fails, each is as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.files import Stamp
from nlpcards.decks.importing.together import NewContent, all_written


def there(path: Path, before: bytes, after: bytes) -> NewContent:
    path.write_bytes(before)
    return NewContent(path, after, Stamp.of(os.stat(path)), before)


def test_new_and_changed_files_are_written(tmp_path: Path) -> None:
    contents = [there(tmp_path / "a", b"old", b"new"), NewContent(tmp_path / "b", b"fresh")]
    with all_written(contents):
        assert (tmp_path / "a").read_bytes() == b"new"
    assert (tmp_path / "b").read_bytes() == b"fresh"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_what_fails_after_them_takes_them_back(tmp_path: Path) -> None:
    contents = [there(tmp_path / "a", b"old", b"new"), NewContent(tmp_path / "b", b"fresh")]
    with pytest.raises(ZeroDivisionError), all_written(contents):
        raise ZeroDivisionError
    assert (tmp_path / "a").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]


def test_a_file_that_changed_meanwhile_stops_all_of_them(tmp_path: Path) -> None:
    first, second = there(tmp_path / "a", b"old", b"new"), there(tmp_path / "b", b"old", b"new")
    (tmp_path / "b").write_bytes(b"edited since")
    with pytest.raises(NlpcardsError, match="notes cannot be added"), all_written([first, second]):
        pass
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes()) == (b"old", b"edited since")


def test_a_file_that_appeared_meanwhile_is_never_replaced(tmp_path: Path) -> None:
    first, second = NewContent(tmp_path / "a", b"new"), NewContent(tmp_path / "b", b"new")
    (tmp_path / "b").write_bytes(b"mine")
    with pytest.raises(FileExistsError), all_written([first, second]):
        pass
    assert not (tmp_path / "a").exists()
    assert (tmp_path / "b").read_bytes() == b"mine"
