"""Saved searches: kept in a file that one may edit, whose comments and order stay."""

from __future__ import annotations

import os
import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.collection.home import Home
from nlpcards.collection.saved_searches import LONGEST_NAME, forget_search, place, save_search, saved_searches
from nlpcards.core.errors import NlpcardsError, UsageError


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, tmp_path, tmp_path / "cache")


PRINTABLE = st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp", "Zs"])
NAMES = st.text(PRINTABLE, min_size=1, max_size=LONGEST_NAME)


@given(st.lists(st.tuples(NAMES, st.text(PRINTABLE, min_size=1), st.booleans()), max_size=8))
def test_what_is_saved_is_read_again_and_what_is_deleted_is_gone(steps: list[tuple[str, str, bool]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        home, wanted = Home(Path(name), Path(name), Path(name)), dict[str, str]()
        for search, query, keep in steps:
            if keep:
                save_search(home, search, query)
                wanted.pop(search, None)
                wanted[search] = query
            else:
                forget_search(home, search)
                wanted.pop(search, None)
        assert saved_searches(home) == wanted


def test_comments_and_what_is_around_them_stay_where_one_search_changes(home: Home) -> None:
    text = "# mine\nweak = \"prop:r<0.8\"  # for Sundays\n\n# exam\n'next week' = 'deck:lstm'\n"
    place(home).write_text(text, "utf-8")
    save_search(home, "new", 'is:new "a b"')
    forget_search(home, "next week")
    assert place(home).read_text("utf-8") == '# mine\nweak = "prop:r<0.8"  # for Sundays\n\n# exam\n' + (
        '"new" = "is:new \\"a b\\""\n'
    )


def test_a_file_with_windows_line_ends_and_one_over_several_lines_are_still_changed(home: Home) -> None:
    place(home).write_bytes(b'a = """x\r\ny"""\r\nb = "is:due"\r\n')
    assert saved_searches(home)["b"] == "is:due"
    forget_search(home, "a")
    assert saved_searches(home) == {"b": "is:due"}


@pytest.mark.parametrize("text", ["a = ", "a = 3", "[a]\nb = 'c'", "\xff"])
def test_a_file_that_is_none_is_one_sentence_with_its_place_and_stays_as_it_is(home: Home, text: str) -> None:
    place(home).write_bytes(text.encode("latin-1"))
    for act in (lambda: saved_searches(home), lambda: save_search(home, "x", "is:due")):
        with pytest.raises(NlpcardsError, match="saved search") as raised:
            act()
        assert raised.value.place == str(place(home))
        assert raised.value.remedy
    assert place(home).read_bytes() == text.encode("latin-1")


@pytest.mark.parametrize("name", ["", "  ", "x" * (LONGEST_NAME + 1), "a\x07b"])
def test_what_is_no_name_is_refused(home: Home, name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        save_search(home, name, "is:due")
    assert not place(home).exists()


def test_an_empty_search_is_refused(home: Home) -> None:
    with pytest.raises(UsageError, match="no search to save"):
        save_search(home, "x", "  ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_one_sentence(home: Home) -> None:
    home.data.chmod(0o500)
    with pytest.raises(NlpcardsError, match="cannot be written"):
        save_search(home, "x", "is:due")


def test_where_the_file_cannot_be_replaced_nothing_is_left_behind(home: Home) -> None:
    place(home).mkdir()
    with pytest.raises(NlpcardsError, match="cannot be read"):
        save_search(home, "x", "is:due")
    assert [path.name for path in home.data.iterdir()] == ["searches.toml"]


def test_the_file_is_toml(home: Home) -> None:
    save_search(home, 'tëst \\ "x"', 're:"a\\d" or gr*ent')
    assert tomllib.loads(place(home).read_text("utf-8")) == {'tëst \\ "x"': 're:"a\\d" or gr*ent'}
