"""Files are written as one: where anything fails, each is as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.saving import Change, put, save, saved


def there(path: Path, before: bytes, after: bytes) -> Change:
    path.write_bytes(before)
    return Change(path, before, after)


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_new_and_changed_files_are_written(tmp_path: Path) -> None:
    changes = [there(tmp_path / "a", b"old", b"new"), Change(tmp_path / "b", None, b"fresh")]
    with saved(changes):
        assert (tmp_path / "a").read_bytes() == b"new"
    assert (tmp_path / "b").read_bytes() == b"fresh"
    assert names(tmp_path) == ["a", "b"]


def test_what_fails_after_them_takes_them_back(tmp_path: Path) -> None:
    changes = [there(tmp_path / "a", b"old", b"new"), Change(tmp_path / "b", None, b"fresh")]
    with pytest.raises(ZeroDivisionError), saved(changes):
        raise ZeroDivisionError
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_failure_of_the_system_after_them_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), saved([there(tmp_path / "a", b"old", b"new")]):
        (tmp_path / "gone").read_bytes()
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_file_that_changed_meanwhile_stops_all_of_them(tmp_path: Path) -> None:
    first, second = there(tmp_path / "a", b"old", b"new"), there(tmp_path / "b", b"old", b"new")
    (tmp_path / "b").write_bytes(b"edited since")
    with pytest.raises(NlpcardsError, match="the file changed while this was being done"):
        save([first, second])
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes()) == (b"old", b"edited since")
    assert names(tmp_path) == ["a", "b"]


def test_a_file_that_appeared_meanwhile_is_never_replaced(tmp_path: Path) -> None:
    first, second = Change(tmp_path / "a", None, b"new"), Change(tmp_path / "b", None, b"new")
    (tmp_path / "b").write_bytes(b"mine")
    with pytest.raises(NlpcardsError, match="the file changed while this was being done"):
        save([first, second])
    assert names(tmp_path) == ["b"]
    assert (tmp_path / "b").read_bytes() == b"mine"


def test_a_file_keeps_its_mode_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    old = there(tmp_path / "a", b"old", b"new")
    os.chmod(old.path, 0o640)
    usual = tmp_path / "usual"
    usual.touch()
    save([old, Change(tmp_path / "b", None, b"fresh")])
    assert os.stat(old.path).st_mode & 0o777 == 0o640
    assert os.stat(tmp_path / "b").st_mode == os.stat(usual).st_mode


def test_any_content_is_replaced_where_it_does_not_matter(tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        put(tmp_path / "a", content, "it")
        assert (tmp_path / "a").read_bytes() == content
    assert names(tmp_path) == ["a"]
    with pytest.raises(NlpcardsError, match="it cannot be written: is a directory"):
        put(tmp_path, b"x", "it")
