"""Fields that an earlier export made are those that would be made now, or they are made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nlpcards.anki.export import Report, package
from nlpcards.anki.made_before import Made, MadeBefore, Together
from nlpcards.core.cards import Citation, Deck, Note, Place, Source
from nlpcards.decks.reader import read_text
from tests.support.lives import all_kinds
from tests.support.tracing import untraced

THEN = 1_790_000_000


def deck() -> Deck:
    found = read_text(all_kinds("one", 20)).deck
    assert found is not None
    return found


def write(decks: Sequence[Deck], out: Path, cache: Path | None) -> Report:
    return package(decks, out, mod=lambda _, __: THEN, cache=cache)


def test_a_package_is_the_same_with_what_was_made_before_and_without(tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "fields.sqlite"
    for name, where in (("none", None), ("first", cache), ("again", cache)):
        write([deck()], tmp_path / f"{name}.apkg", where)
    none, first, again = ((tmp_path / f"{name}.apkg").read_bytes() for name in ("none", "first", "again"))
    assert none == first == again


def test_what_did_not_change_is_not_made_again(tmp_path: Path) -> None:
    cache = tmp_path / "fields.sqlite"
    write([deck()], tmp_path / "out.apkg", cache)
    with MadeBefore(cache) as before:
        notes = deck().notes
        assert len(before.find(before.keys(deck(), notes))) == len(notes)
        moved = [replace(note, place=Place("elsewhere.yaml", 9, 9)) for note in notes]
        assert before.keys(deck(), moved) == before.keys(deck(), notes)


@untraced
def test_notes_are_found_in_whatever_order_they_come(tmp_path: Path) -> None:
    cache = tmp_path / "fields.sqlite"
    many = read_text(all_kinds("one", 330)).deck  # more than are looked up at a time
    assert many is not None
    notes = list(many.notes)
    write([many], tmp_path / "out.apkg", cache)
    added = [replace(note, id=f"{note.id}-new") for note in notes[:3]]
    for order in (
        notes[::-1],
        notes[200:] + notes[:200],
        notes[::7],
        [added[0], *notes[:100], added[1], *notes[103:], added[2]],
    ):
        changed = replace(many, notes=tuple(order))
        write([changed], tmp_path / "with.apkg", cache)
        write([changed], tmp_path / "without.apkg", None)
        assert (tmp_path / "with.apkg").read_bytes() == (tmp_path / "without.apkg").read_bytes()
    with MadeBefore(cache) as before:
        for start in (0, 5, 200, 130, 2):
            some = notes[start : start + 200]
            keys = before.keys(many, some)
            assert before.find(keys).keys() == set(keys)


def test_what_is_kept_is_found_the_next_time(tmp_path: Path) -> None:
    made = [
        Made("d/a", 1, (0,), ("qa",), "", "a\x1fb\x1e\ud800", "a", "g", "c"),
        Made("d/b", 2, (0, 1), ("qa", "aq"), " t ", "", "", "g", "c"),
    ]
    for at in range(2):
        with MadeBefore(tmp_path / "fields.sqlite") as before:
            assert before.is_new == (at == 0)
            before.keep(Together.of([bytes([at]) * 16, b"picture" + bytes(9)], [made, None]))
    with MadeBefore(tmp_path / "fields.sqlite") as before:
        keys = [bytes([at]) * 16 for at in range(3)]
        assert before.find([*keys, b"picture" + bytes(9)]) == {key: made for key in keys[:2]}


def test_a_damaged_row_costs_time_and_nothing_else(tmp_path: Path) -> None:
    cache = tmp_path / "fields.sqlite"
    write([deck()], tmp_path / "right.apkg", cache)
    for column in ("keys", "made"):
        with closing(sqlite3.connect(cache)) as db:
            db.execute(f"UPDATE made SET {column} = CAST(substr({column}, 1, length({column}) - 9) AS BLOB)")
            db.commit()
        write([deck()], tmp_path / "out.apkg", cache)
        assert (tmp_path / "out.apkg").read_bytes() == (tmp_path / "right.apkg").read_bytes()
        assert not cache.exists()
        write([deck()], tmp_path / "out.apkg", cache)
    with MadeBefore(cache) as before:
        assert before.find(before.keys(deck(), deck().notes))


@untraced
def test_a_file_that_ends_too_early_costs_time_and_nothing_else(tmp_path: Path) -> None:
    cache = tmp_path / "fields.sqlite"
    write([deck()], tmp_path / "right.apkg", cache)
    whole = cache.read_bytes()
    for size in range(0, len(whole), 2_500):
        cache.write_bytes(whole[:size])
        for _ in range(2):
            write([deck()], tmp_path / "out.apkg", cache)
            assert (tmp_path / "out.apkg").read_bytes() == (tmp_path / "right.apkg").read_bytes()


def test_a_file_that_another_export_has_in_hand_is_read_and_let_be(tmp_path: Path) -> None:
    cache = tmp_path / "fields.sqlite"
    write([deck()], tmp_path / "right.apkg", cache)
    with MadeBefore(cache) as other:
        assert not other.is_new
        added = replace(deck().notes[0], id="added")
        write([replace(deck(), notes=(*deck().notes, added))], tmp_path / "out.apkg", cache)
    with MadeBefore(cache) as before:
        assert len(before.find(before.keys(deck(), deck().notes))) == len(deck().notes)


def test_any_change_of_what_a_field_is_made_of_is_another_key(tmp_path: Path) -> None:
    source = Source("s", "A title", "Someone", "2000", "https://example.org")
    note = replace(deck().notes[0], cite=(Citation(source, "p. 1"),))
    changed: list[Note] = [
        replace(note, id="other"),
        replace(note, body=deck().notes[1].body),
        replace(note, topic="t"),
        replace(note, why="w"),
        replace(note, cite=(Citation(source, "p. 2"),)),
        replace(note, cite=(Citation(replace(source, year="2001"), "p. 1"),)),
        replace(note, tags=("t",)),
        replace(note, concepts=("c",)),
        replace(note, needs=("one/n",)),
        replace(note, confusable=("one/n",)),
        replace(note, was=("one/n",)),
        replace(note, was_cards=(("qa", "one/n#qa"),)),
        replace(note, as_of=date(2026, 1, 1)),
        replace(note, expires=date(2026, 1, 1)),
        replace(note, id_is_hash=True),
        replace(note, media=("a.png",)),
    ]
    with MadeBefore(tmp_path / "fields.sqlite") as before:
        keys = before.keys(deck(), [note, *changed])
        keys += before.keys(replace(deck(), title="Another"), [note])
        keys += before.keys(replace(deck(), topic="another"), [note])
        assert len(set(keys)) == len(changed) + 3


def test_a_picture_drawn_anew_is_taken_anew(tmp_path: Path) -> None:
    picture = tmp_path / "gate.png"
    text = "deck: d\ntitle: D\nnotes:\n  - id: a\n    q: '![the gate](gate.png)'\n    a: A gate.\n"
    found = read_text(text, str(tmp_path / "d.yaml")).deck
    assert found is not None
    packages = []
    for drawn in (b"first", b"second"):
        picture.write_bytes(drawn)
        assert write([found], tmp_path / "out.apkg", tmp_path / "fields.sqlite").media == 1
        packages.append((tmp_path / "out.apkg").read_bytes())
    assert packages[0] != packages[1]


@pytest.mark.parametrize("damage", ["no database", "a folder", "another table", "an older form", "read-only", "locked"])
def test_a_file_that_cannot_be_used_costs_time_and_nothing_else(tmp_path: Path, damage: str) -> None:
    cache = tmp_path / "fields.sqlite"
    write([deck()], tmp_path / "right.apkg", None)
    other: sqlite3.Connection | None = None
    match damage:
        case "no database":
            cache.write_bytes(b"not a database, but long enough to be taken for one" * 100)
        case "a folder":
            cache.mkdir()
        case "another table":
            with closing(sqlite3.connect(cache)) as db:
                db.execute("CREATE TABLE made (other TEXT)")
        case "an older form":
            write([deck()], tmp_path / "out.apkg", cache)
            with closing(sqlite3.connect(cache)) as db:
                db.executescript("UPDATE made SET made = x'00'; PRAGMA user_version = 1")
        case "read-only":
            write([deck()], tmp_path / "out.apkg", cache)
            cache.chmod(0o444)
        case "locked":
            other = sqlite3.connect(cache, isolation_level=None)
            other.execute("BEGIN EXCLUSIVE")
    write([deck()], tmp_path / "out.apkg", cache)
    if other is not None:
        other.close()
    assert (tmp_path / "out.apkg").read_bytes() == (tmp_path / "right.apkg").read_bytes()
    if damage in ("no database", "another table", "an older form"):
        with MadeBefore(cache) as before:
            assert before.find(before.keys(deck(), deck().notes))
