"""A roadmap from the cache is the one from the files, whatever became of either in between."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.decks.cache import DeckCache
from nlpcards.decks.library import load
from nlpcards.decks.roadmaps import FoundRoadmap, find_roadmap
from nlpcards.decks.roadmaps.finding import read_roadmaps, roadmap_files
from nlpcards.decks.roadmaps.stored import packed, unpacked
from nlpcards.decks.stamps import COARSEST_NS
from tests.decks.test_roadmap_file import MISTAKES, WHOLE
from tests.support.bundled import ROADMAP_FILE

LATER = 60_000_000_000
"""So many ns after it was written, a file has surely stopped changing."""

OWN = "areas:\n  - {id: mine, title: Mine}\ntopics:\n  - {id: verbs, title: Verbs, area: mine}\n"
BUILDING = OWN.replace("area: mine", "area: mine, needs: [lstm]")
"""A roadmap that names a topic of the bundled one."""


def put(folder: Path, text: str, name: str = "roadmap.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


def through(root: Path, *, after_ns: int = LATER, keep: bool = True) -> FoundRoadmap:
    """The roadmap of the folder `decks`, read through a cache some time after now."""
    cache = DeckCache(root / "cache", lambda: time.time_ns() + after_ns)
    found = cache.read_roadmaps(list(roadmap_files([root / "decks"])))
    if keep:
        cache.keep()
    return found


def kept(root: Path) -> Path | None:
    files = list((root / "cache").glob("*"))
    assert len(files) < 2
    return files[0] if files else None


def is_from_the_cache(root: Path) -> bool:
    """Whether what the cache says is believed, which is put to the proof by making it say something else."""
    file = kept(root)
    assert file is not None
    whole = file.read_bytes()
    forged = whole[4:].replace(b"Verbs", b"VERBS")
    assert forged != whole[4:]
    file.write_bytes(crc32(forged).to_bytes(4, "little") + forged)
    found = through(root, keep=False).roadmap.topics["verbs"].title
    file.write_bytes(whole)
    assert found in ("Verbs", "VERBS")
    return found == "VERBS"


@given(st.sampled_from([WHOLE, *(each[0] for each in MISTAKES.values())]), st.data())
@settings(max_examples=30, deadline=None)
def test_what_is_stored_comes_back_whatever_the_files_hold(text: str, data: st.DataObject) -> None:
    lines = text.splitlines(keepends=True)
    without = data.draw(st.sets(st.integers(0, max(0, len(lines) - 1)), max_size=2))
    with TemporaryDirectory() as place:
        root = Path(place)
        first = put(root / "decks", "".join(line for number, line in enumerate(lines) if number not in without))
        second = put(root / "decks" / "more", OWN)
        found = read_roadmaps([first, second])
        stamps = [file.stamp for file in found.files if file.stamp is not None]
        assert unpacked(packed(found, ((1, "a"),)), stamps) == (found, ((1, "a"),))


def test_the_bundled_roadmap_comes_back() -> None:
    found = read_roadmaps([ROADMAP_FILE])
    (stamp,) = [file.stamp for file in found.files]
    assert stamp is not None
    again, _ = unpacked(packed(found, ()), [stamp])
    assert again == found
    assert [*again.roadmap.topics] == [*found.roadmap.topics], "in its order"
    assert [*again.roadmap.tracks] == [*found.roadmap.tracks]


@pytest.mark.parametrize(
    "text", [OWN, BUILDING, OWN.replace("mine}\n", "mine, needs: [nothing-like-it]}\n"), WHOLE, ""]
)
def test_a_roadmap_from_the_cache_is_the_one_from_the_files(tmp_path: Path, text: str) -> None:
    put(tmp_path / "decks", text)
    fresh = find_roadmap([tmp_path / "decks"])
    for _ in range(2):
        assert through(tmp_path) == fresh
        assert kept(tmp_path) is not None


def test_a_roadmap_is_taken_from_the_cache_until_its_file_changes(tmp_path: Path) -> None:
    put(tmp_path / "decks", OWN)
    through(tmp_path)
    assert is_from_the_cache(tmp_path)
    put(tmp_path / "decks", OWN.replace("Mine", "Ours"))
    assert not is_from_the_cache(tmp_path)
    assert through(tmp_path).roadmap.areas["mine"].title == "Ours"
    assert is_from_the_cache(tmp_path)


def test_a_change_of_one_roadmap_is_seen_in_what_the_next_one_adds_to_it(tmp_path: Path) -> None:
    put(tmp_path / "decks" / "a", OWN)
    put(tmp_path / "decks" / "b", "topics:\n  - {id: nouns, title: Nouns, area: mine, needs: [verbs]}\n")
    assert through(tmp_path).roadmap.topics["nouns"].needs == ("verbs",)
    assert is_from_the_cache(tmp_path)
    put(tmp_path / "decks" / "a", OWN.replace("verbs", "words"))
    found = through(tmp_path)
    assert found == find_roadmap([tmp_path / "decks"])
    assert [problem.code for problem in found.problems] == ["R006"]


def test_a_roadmap_that_comes_or_goes_is_seen(tmp_path: Path) -> None:
    put(tmp_path / "decks" / "a", OWN)
    through(tmp_path)
    other = put(tmp_path / "decks" / "b", OWN.replace("verbs", "words"))
    assert [*through(tmp_path).roadmap.topics] == ["verbs", "words"]
    other.unlink()
    assert [*through(tmp_path).roadmap.topics] == ["verbs"]


def test_what_may_be_changing_still_is_not_kept(tmp_path: Path) -> None:
    put(tmp_path / "decks", OWN)
    through(tmp_path, after_ns=0)
    assert kept(tmp_path) is None
    through(tmp_path, after_ns=COARSEST_NS + 1_000_000_000)
    assert is_from_the_cache(tmp_path)


def test_a_roadmap_that_changes_between_reading_and_keeping_is_not_kept(tmp_path: Path) -> None:
    path = put(tmp_path / "decks", OWN)
    cache = DeckCache(tmp_path / "cache", lambda: time.time_ns() + LATER)
    cache.read_roadmaps([path])
    put(tmp_path / "decks", WHOLE)
    cache.keep()
    assert [*through(tmp_path).roadmap.tracks] == ["t"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_cache_costs_time_only(data: st.DataObject) -> None:
    with TemporaryDirectory() as place:
        root = Path(place)
        put(root / "decks", OWN)
        fresh = through(root)
        file = kept(root)
        assert file is not None
        whole = file.read_bytes()
        at = data.draw(st.integers(0, len(whole) - 1))
        damaged = [whole[:at], whole[:at] + bytes([whole[at] ^ 129]) + whole[at + 1 :], whole[:at] + b"x" + whole[at:]]
        file.write_bytes(data.draw(st.sampled_from([*damaged, bytes(len(whole)), b""])))
        assert through(root) == fresh
        assert file.read_bytes() == whole


def test_a_library_reads_its_roadmap_through_the_cache_and_once(tmp_path: Path) -> None:
    put(tmp_path / "decks", OWN)
    for _ in range(2):
        cache = DeckCache(tmp_path / "cache", lambda: time.time_ns() + LATER)
        library = load((tmp_path / "decks",), read=cache.read, read_roadmaps=cache.read_roadmaps)
        assert [*library.roadmap.topics] == ["verbs"]
        assert library.found_roadmap is library.found_roadmap
        cache.keep()
    assert is_from_the_cache(tmp_path)


def test_where_there_is_no_roadmap_nothing_is_kept(tmp_path: Path) -> None:
    put(tmp_path / "decks", "deck: d\ntitle: D\nnotes: []\n", "d.yaml")
    assert through(tmp_path).roadmap.topics == {}
    assert kept(tmp_path) is None
