"""A library from the cache is the one from the files, whatever became of either in between."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import is_dataclass, replace
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlpcards.core.cards import Deck
from nlpcards.core.kinds import KINDS
from nlpcards.decks.cache import KEPT_DAYS, DeckCache, size_of
from nlpcards.decks.deck_file import DeckFile, Stamp
from nlpcards.decks.kept import READING, program_of
from nlpcards.decks.library import Library, load
from nlpcards.decks.reader import read_deck, read_text
from nlpcards.decks.stamps import COARSEST_NS
from nlpcards.decks.stored import BODIES, StoredNotes, packed, unpacked
from tests.decks.test_deck_laws import SOUP
from tests.decks.test_deck_writing import decks
from tests.support.bundled import DECK_FILES, ROADMAP_FILE
from tests.support.written import written

STAMP = Stamp(1, 2, 3, 4)

LATER = 60_000_000_000
"""So many ns after it was written, a file has surely stopped changing."""

BASE = """\
deck: base
title: Base
topic: one
was: [ground]
sources:
  paper: {title: A paper, year: "2017"}
notes:
  - id: first
    q: What is first?
    a: One.
    cite: paper §2
    tags: [x]
  - id: second
    topic: two
    needs: [first]
    confusable: [other/c]
    cloze: A {{c1::b}} and {{c2::c}}.
    was: old-second
  - id: third
    contrast:
      of: {a: A, b: B}
      by:
        r: {ask: Which?, a: this, b: that}
  - id: broken
    q: No answer
"""
OTHER = """\
deck: other
title: Other
notes:
  - id: c
    steps:
      title: Two steps
      of: {x: Begin., y: End.}
    needs: [base/second, base/nowhere]
  - id: d
    drill:
      ask: What is {{a}} + 1?
      given: {a: [1, 2]}
      answer: a + 1
  - q: Without an id?
    a: Yes.
    as_of: 2020-01-01
    expires: 2030-01-01
"""
EXTENDING = """\
extends: base
drop: [third]
notes:
  - id: first
    q: What is first now?
    a: Two.
    cite: paper §3
  - id: fourth
    explain: Why?
    points: [a, b]
    needs: [second]
"""


ALONE = OTHER.replace("[base/second, base/nowhere]", "[d]") + "  - q: Broken?\n"
"""A deck that names no other, which would be looked for among the bundled ones."""


def folder_of(root: Path, *texts: str) -> Path:
    """A folder with deck files that were there for long."""
    folder = root / "decks"
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    return folder


def opened(folder: Path, root: Path, *, keep: bool = True, after_ns: int = LATER) -> Library:
    """The library of a folder, read through a cache some time after now."""
    cache = DeckCache(root / "cache", lambda: time.time_ns() + after_ns)
    library = load((folder,), read=cache.read)
    if keep:
        cache.keep()
    return library


def stored(library: Library) -> list[bool]:
    """Which of the files with notes came from the cache."""
    return [isinstance(file.deck.notes, StoredNotes) for file in library.files if file.deck and file.deck.notes]


def everything(library: Library) -> object:
    """All that a library says."""
    return library.files, library.decks, library.problems, list(library.cards())


def told(library: Library) -> object:
    """All that it says of its cards without their notes."""
    return (
        {deck: (library.outline(deck), list(library.card_ids(deck))) for deck in library.decks},
        list(library.confusable()),
        library.renamed(),
        library.has_media,
        [(note, library.topic_of(note), library.needs_of(note), library.cards_of(note)) for note in library.notes],
    )


def again(file: DeckFile) -> DeckFile:
    return unpacked(packed(file), file.path, STAMP)


def assert_the_same(one: DeckFile, other: DeckFile) -> None:
    assert one == replace(other, stamp=STAMP)
    assert one.note_ids == other.note_ids
    if one.deck is not None and other.deck is not None:
        assert one.deck.outline == other.deck.outline
        assert list(one.deck.cards()) == list(other.deck.cards())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(decks(), st.data())
def test_what_is_stored_comes_back_whatever_the_deck(deck: Deck, data: st.DataObject) -> None:
    text = written(deck)
    lines = text.splitlines(keepends=True)
    without = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=2))
    for each in (text, "".join(line for number, line in enumerate(lines) if number not in without)):
        file = read_text(each)
        assert_the_same(again(file), file)


@given(SOUP)
def test_what_is_stored_comes_back_whatever_the_file_holds(text: str) -> None:
    file = read_text(text)
    assert_the_same(again(file), file)


def test_every_bundled_deck_comes_back() -> None:
    for path in DECK_FILES[::7]:
        file = read_deck(path)
        assert_the_same(again(file), replace(file, stamp=STAMP))


@pytest.mark.parametrize("text", [BASE, OTHER, EXTENDING])
def test_every_kind_of_note_comes_back(text: str) -> None:
    file = read_text(text)
    assert_the_same(again(file), file)


def test_whatever_a_body_is_made_of_is_known_to_what_stores_it() -> None:
    modules = [import_module(f"nlpcards.core.kinds.{name}") for name in KINDS]
    every = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    own = {each.__name__: each.__module__ for each in every if is_dataclass(each) and ".kinds." in each.__module__}
    # A drill's draw is made when its card is asked, and the others describe a kind.
    bodies = {name: where for name, where in own.items() if name != "Draw" and not where.endswith(".shape")}
    assert bodies == {name: f"nlpcards.core.kinds.{where}" for name, where in BODIES.items()}


def test_a_library_from_the_cache_is_the_one_from_the_files(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE, OTHER, EXTENDING, "deck: base\n", "no deck", "")
    fresh = load((folder,))
    assert not any(stored(opened(folder, tmp_path)))
    kept = opened(folder, tmp_path)
    assert all(stored(kept))
    assert told(kept) == told(fresh)
    assert everything(kept) == everything(fresh)
    assert kept.problems


def test_what_a_library_tells_without_notes_is_what_the_notes_say(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE, OTHER, EXTENDING)
    opened(folder, tmp_path)
    library = opened(folder, tmp_path)
    cards = [card for card in library.cards() if library.has_card(card.id)]
    assert [card.id for card in cards] == [card for deck in library.decks for card in library.card_ids(deck)]
    assert all(library.card(card.id) == card for card in cards)
    for name, note in library.notes.items():
        assert library.cards_of(name) == tuple(card.id for card in note.cards())
        assert library.needs_of(name) == note.needs
        assert library.topic_of(name) == (note.topic or library.decks[note.deck].topic)
    assert {note.full_id for note in library.renamed()} == {"base/first", "base/second", "base/fourth"}
    for missing in ("base/none#qa", "base/first#c9", "none/first#qa", "base/third#cell.r.a", "", "#"):
        assert not library.has_card(missing)
        assert library.card(missing) is None


def test_no_note_is_made_before_somebody_asks_for_it(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE, OTHER)
    opened(folder, tmp_path)
    library = opened(folder, tmp_path)
    told_first = library.topic_of("other/d"), list(library.confusable()), library.has_card("other/d#drill")
    notes = library.decks["other"].notes
    assert isinstance(notes, StoredNotes)
    assert (told_first[2], notes.made) == (True, 0)
    card = library.card("other/d#drill")
    assert card is not None
    assert (card.note is notes[1], notes.made) == (True, 1)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_cache_costs_time_only(data: st.DataObject) -> None:
    with TemporaryDirectory() as place:
        root = Path(place)
        folder = folder_of(root, ALONE)
        opened(folder, root)
        (file,) = (root / "cache").iterdir()
        whole = file.read_bytes()
        at = data.draw(st.integers(0, len(whole) - 1))
        damaged = data.draw(
            st.sampled_from(
                [
                    whole[:at],
                    whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :],
                    whole[:at] + data.draw(st.binary(min_size=1, max_size=8)) + whole[at:],
                    bytes(len(whole)),
                    data.draw(st.binary(max_size=64)),
                ]
            )
        )
        file.write_bytes(damaged)
        library = opened(folder, root)
        assert stored(library) == [damaged == whole]
        assert everything(library) == everything(load((folder,)))
        assert stored(opened(folder, root)) == [True]


def forged(data: bytes, old: bytes, new: bytes) -> bytes:
    """A cache file with other words of the same length, and a checksum that fits."""
    assert old in data
    assert len(old) == len(new)
    changed = data[4:].replace(old, new)
    return crc32(changed).to_bytes(4, "little") + changed


def test_the_cache_is_what_is_read_and_not_the_file(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, OTHER)
    opened(folder, tmp_path)
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(forged(file.read_bytes(), b"Begin.", b"START."))
    (card,) = [card for card in opened(folder, tmp_path).cards() if card.id == "other/c#step.x"]
    assert "START." in card.note.body.content("step.x")


def test_what_another_program_kept_is_not_read(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, OTHER)
    opened(folder, tmp_path)
    (file,) = (tmp_path / "cache").iterdir()
    version = sys.implementation.cache_tag or ""
    file.write_bytes(forged(file.read_bytes(), version.encode(), b"x" * len(version)))
    assert stored(opened(folder, tmp_path)) == [False]
    assert stored(opened(folder, tmp_path)) == [True]


def test_other_code_in_any_of_its_folders_makes_it_another_program(tmp_path: Path) -> None:
    for folder in READING:
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "some.py").write_text("one = 1\n")
    programs = {program_of(READING, str(tmp_path))}
    for folder in READING:
        (tmp_path / folder / "some.py").write_text("three = 3\n")
        programs.add(program_of(READING, str(tmp_path)))
    assert len(programs) == len(READING) + 1
    assert program_of(READING, str(tmp_path)) in programs


def test_all_code_that_reads_is_looked_at() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED_BY_READING, *map(str, DECK_FILES[::8]), str(ROADMAP_FILE)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert {".", "decks"} < set(done.stdout.split()) <= {".", *READING}


LOADED_BY_READING = """
import sys
from pathlib import Path
import nlpcards
from nlpcards.decks.reader import read_deck
from nlpcards.decks.roadmaps import find_roadmap
*decks, roadmap = map(Path, sys.argv[1:])
for deck in decks:
    assert read_deck(deck).deck is not None
assert find_roadmap([roadmap]).roadmap.tracks
package = Path(nlpcards.__file__).parent
ours = [module for name, module in sys.modules.items() if name.split(".")[0] == "nlpcards"]
print(*{Path(module.__file__).parent.relative_to(package).as_posix() for module in ours})
"""


def test_a_file_that_changed_is_read_anew(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE, OTHER)
    opened(folder, tmp_path)
    (folder / "1.yaml").write_text(OTHER.replace("Begin.", "Start."))
    library = opened(folder, tmp_path)
    assert stored(library) == [True, False]
    assert everything(library) == everything(load((folder,)))
    assert stored(opened(folder, tmp_path)) == [True, True]


def test_a_change_that_restores_size_and_time_is_seen(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, OTHER)
    opened(folder, tmp_path)
    file = folder / "0.yaml"
    status = file.stat()
    with file.open("r+b") as stream:
        stream.write(OTHER.replace("Begin.", "Start.").encode())
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    library = opened(folder, tmp_path)
    assert stored(library) == [False]
    assert everything(library) == everything(load((folder,)))


def test_another_file_in_the_place_of_one_is_seen(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, OTHER)
    opened(folder, tmp_path)
    file, new = folder / "0.yaml", folder / "new"
    new.write_text(OTHER.replace("Begin.", "Start."))
    os.utime(new, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    new.replace(file)
    assert stored(opened(folder, tmp_path)) == [False]


def test_a_file_that_may_be_changing_still_is_not_kept(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, OTHER)
    opened(folder, tmp_path, after_ns=0)
    assert not (tmp_path / "cache").exists()
    status = (folder / "0.yaml").stat()
    # However old the file says it is, it was changed just now.
    os.utime(folder / "0.yaml", ns=(0, 0))
    opened(folder, tmp_path, after_ns=0)
    assert not (tmp_path / "cache").exists()
    opened(folder, tmp_path, after_ns=COARSEST_NS + 1_000_000_000)
    assert status.st_size
    assert stored(opened(folder, tmp_path)) == [True]


def test_a_file_that_changes_between_reading_and_keeping_is_not_kept(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, OTHER)
    cache = DeckCache(tmp_path / "cache", lambda: time.time_ns() + LATER)
    load((folder,), read=cache.read)
    (folder / "0.yaml").write_text(BASE)
    cache.keep()
    assert list(opened(folder, tmp_path).decks) == ["base"]


def test_a_picture_that_comes_or_goes_is_seen(tmp_path: Path) -> None:
    text = "deck: d\ntitle: T\nnotes:\n  - id: a\n    q: What?\n    a: This.\n    media: [a.png]\n"
    folder = folder_of(tmp_path, text)
    assert [problem.code for problem in opened(folder, tmp_path).problems] == ["D429"]
    assert [problem.code for problem in opened(folder, tmp_path).problems] == ["D429"]
    (folder / "a.png").write_bytes(b"x")
    assert opened(folder, tmp_path).has_card("d/a#qa")
    kept = opened(folder, tmp_path)
    assert stored(kept) == [True]
    assert kept.has_media
    (folder / "a.png").unlink()
    assert [problem.code for problem in opened(folder, tmp_path).problems] == ["D429"]


def test_a_file_named_in_another_way_is_told_of_by_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path, BASE)
    opened(folder, tmp_path)
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        library = opened(Path("decks"), tmp_path)
        assert {problem.path for problem in library.problems} == {os.path.join("decks", "0.yaml")}
        assert {note.place.path for note in library.notes.values()} == {os.path.join("decks", "0.yaml")}
    other = folder_of(tmp_path / "elsewhere", OTHER)
    monkeypatch.chdir(other.parent)
    assert list(opened(Path("decks"), tmp_path).decks) == ["other"]


@pytest.mark.parametrize("there", ["a file", "a folder"])
def test_a_cache_that_cannot_be_written_is_no_matter(tmp_path: Path, there: str) -> None:
    folder = folder_of(tmp_path, BASE)
    if there == "a file":
        (tmp_path / "cache").write_text("in the way")
    else:
        opened(folder, tmp_path)
        (kept,) = (tmp_path / "cache").iterdir()
        kept.unlink()
        kept.mkdir()
    for _ in range(2):
        assert everything(opened(folder, tmp_path)) == everything(load((folder,)))


def test_old_entries_go_when_others_come(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE, OTHER)
    opened(folder, tmp_path)
    cache = tmp_path / "cache"
    first, second = sorted(cache.iterdir())
    assert size_of(cache) == first.stat().st_size + second.stat().st_size
    (cache / "unrelated.txt").write_text("stays")
    for old in (first, cache / "unrelated.txt"):
        os.utime(old, (time.time() - (KEPT_DAYS + 1) * 86_400,) * 2)
    opened(folder, tmp_path)
    assert first.exists()
    (folder / "new.yaml").write_text("deck: new\ntitle: New\nnotes: []\n")
    opened(folder, tmp_path)
    assert not first.exists()
    assert second.exists()
    assert (cache / "unrelated.txt").exists()
    assert size_of(tmp_path / "nowhere") == 0


OPENING = """
import sys, time
from pathlib import Path
from nlpcards.decks.cache import DeckCache
from nlpcards.decks.library import load

root = Path(sys.argv[1])
for _ in range(int(sys.argv[2])):
    cache = DeckCache(root / "cache", lambda: time.time_ns() + 60_000_000_000)
    library = load((root / "decks",), read=cache.read)
    print(len(list(library.cards())), len(library.problems))
    cache.keep()
    if sys.argv[3] == "clear":
        for file in (root / "cache").glob("*.deck"):
            file.unlink(missing_ok=True)
print("yaml" in sys.modules)
"""


def opening(root: Path, times: int, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OPENING, str(root), str(times), how]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_at_once_read_the_same_and_a_third_needs_no_yaml(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE, OTHER, EXTENDING)
    fresh = load((folder,))
    expected = f"{len(list(fresh.cards()))} {len(fresh.problems)}"
    # One writes the files while the other takes them away.
    for process in [opening(tmp_path, 15, how) for how in ("keep", "clear")]:
        said, failed = process.communicate()
        assert (failed, set(said.splitlines()[:-1])) == ("", {expected})
    opened(folder, tmp_path)
    said, failed = opening(tmp_path, 1, "keep").communicate()
    assert (failed, said.split("\n")) == ("", [expected, "False", ""])
    assert not [each for each in (tmp_path / "cache").iterdir() if each.suffix != ".deck"]
