"""Packages that were made to harm, or that broke on the way: one clear sentence, and nothing is left behind."""

from __future__ import annotations

import io
import json
import random
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import zstandard
from anki.collection import Collection, ExportAnkiPackageOptions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlpcards.anki.reading import archive, database, limits, wire
from nlpcards.anki.reading.collection import opened
from nlpcards.core.errors import NlpcardsError


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, bytes]:
    """A small package as Anki writes it, legacy (True) and modern (False)."""
    folder = tmp_path_factory.mktemp("anki")
    col: Any = Collection(str(folder / "collection.anki2"))
    col.media.write_data("p.png", b"\x89PNG" + bytes(40))
    for number in range(4):
        note = col.new_note(col.models.by_name("Basic"))
        note["Front"], note["Back"] = f"q{number}", '<img src="p.png">'
        col.add_note(note, 1)
    made = {}
    for legacy in (False, True):
        path = folder / f"{legacy}.apkg"
        options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy)
        col.export_anki_package(out_path=str(path), options=options, limit=None)
        made[legacy] = path.read_bytes()
    col.close()
    return made


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever happens, no unpacked file stays behind."""
    workshop = tmp_path / "workshop"
    workshop.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(workshop))
    yield
    assert list(workshop.iterdir()) == []


def read_all(path: Path) -> int:
    """Read everything there is in a package; how many notes it has."""
    with opened(path) as found:
        for name in found.media:
            for _ in found.pieces(name):
                pass
        list(found.cards())
        list(found.reviews())
        return len(list(found.notes()))


def refused(path: Path, content: bytes, words: str) -> None:
    path.write_bytes(content)
    with pytest.raises(NlpcardsError) as caught:
        read_all(path)
    assert words in str(caught.value)
    assert str(caught.value).count("\n") == 0


def changed(package: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A package with other entries."""
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    change(entries)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in entries.items():
            new.writestr(name, content)
    return out.getvalue()


def rewritten(package: bytes, *statements: str, name: str = "collection.anki21") -> bytes:
    """A legacy package whose database was changed by SQL."""

    def change(entries: dict[str, bytes]) -> None:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        content = bytearray(entries[name])
        content[18:20] = b"\x01\x01"
        connection.deserialize(bytes(content))
        for statement in statements:
            connection.execute(statement)
        entries[name] = connection.serialize()
        connection.close()

    return changed(package, change)


def test_an_archive_that_is_none_is_named_so(tmp_path: Path) -> None:
    for content in (b"", b"PK\x03\x04", b"deck: a\n" * 100):
        refused(tmp_path / "a.apkg", content, "this is no Anki package")
    refused(tmp_path / "a.apkg", changed_empty(), "holds no Anki collection")
    with pytest.raises(NlpcardsError, match="cannot be read"):
        read_all(tmp_path / "missing.apkg")
    with pytest.raises(NlpcardsError):
        read_all(tmp_path)


def changed_empty() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        new.writestr("readme.txt", "nothing")
    return out.getvalue()


@pytest.mark.parametrize("legacy", [False, True])
def test_a_package_cut_off_anywhere_is_refused(tmp_path: Path, real: dict[bool, bytes], legacy: bool) -> None:
    whole = real[legacy]
    for share in (0.1, 0.5, 0.9, 0.999):
        refused(tmp_path / "a.apkg", whole[: int(len(whole) * share)], ".")


def test_a_cut_off_stream_within_a_whole_archive_is_refused(tmp_path: Path, real: dict[bool, bytes]) -> None:
    def cut(entries: dict[str, bytes]) -> None:
        entries["collection.anki21b"] = entries["collection.anki21b"][:-20]

    refused(tmp_path / "a.apkg", changed(real[False], cut), "cannot be unpacked")

    def medium(entries: dict[str, bytes]) -> None:
        entries["0"] = entries["0"][:-3]

    refused(tmp_path / "a.apkg", changed(real[False], medium), "cannot be unpacked")


@pytest.mark.parametrize("legacy", [False, True])
def test_a_bomb_is_unpacked_no_further_than_allowed(
    tmp_path: Path, real: dict[bool, bytes], legacy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LARGEST_COLLECTION", 1 << 24)
    bomb = bytes(1 << 25)

    def swell(entries: dict[str, bytes]) -> None:
        if legacy:
            entries["collection.anki21"] = bomb
        else:
            entries["collection.anki21b"] = zstandard.ZstdCompressor().compress(bomb)

    package = changed(real[legacy], swell)
    assert len(package) < 1 << 20
    refused(tmp_path / "a.apkg", package, "larger than 16 MB")


def test_a_bomb_of_zstd_comes_out_in_pieces() -> None:
    packed = zstandard.ZstdCompressor().compress(bytes(1 << 28))
    assert len(packed) < 1 << 16
    assert max(len(piece) for piece in archive._unpacked(io.BytesIO(packed))) <= 1 << 25


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_with_one_name_are_refused(tmp_path: Path, real: dict[bool, bytes]) -> None:
    path = tmp_path / "a.apkg"
    path.write_bytes(real[True])
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("collection.anki21", b"another")
    refused(path, path.read_bytes(), "two files that are called 'collection.anki21'")


def test_paths_and_links_in_an_archive_lead_nowhere(tmp_path: Path, real: dict[bool, bytes]) -> None:
    def lead_out(entries: dict[str, bytes]) -> None:
        entries["../../evil"] = b"x"
        entries["/etc/evil"] = b"x"
        entries["media"] = json.dumps({"../../evil": "p.png", "0": "../../../out.png"}).encode()

    path = tmp_path / "in" / "a.apkg"
    path.parent.mkdir()
    path.write_bytes(changed(real[True], lead_out))
    assert read_all(path) == 4
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["a.apkg", "in", "workshop"]


def test_ways_of_packing_that_anki_never_uses_are_refused(tmp_path: Path, real: dict[bool, bytes]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(real[True])) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    refused(tmp_path / "a.apkg", out.getvalue(), "a way that Anki never uses")


def test_a_newer_kind_of_package_says_what_to_do(tmp_path: Path, real: dict[bool, bytes]) -> None:
    def newer(entries: dict[str, bytes]) -> None:
        entries["meta"] = b"\x08\x04"

    refused(tmp_path / "a.apkg", changed(real[False], newer), "Support older Anki versions")


HOSTILE = {
    "a view in the place of notes": (
        "alter table notes rename to n2",
        "create view notes as with recursive r(id) as (select 1 union all select id+1 from r) "
        "select id, 'g' guid, 1 mid, '' tags, 'x' flds from r",
    ),
    "no table of cards": ("drop table cards",),
    "text for a card's number": ("update cards set nid = 'x'",),
    "no row of settings": ("delete from col",),
    "note types that are no JSON": ("update col set models = '{'",),
    "note types that nest": (f"update col set models = '{'[' * 100_000}'",),
    "note types without fields": ("""update col set models = '{"1": {"name": "x"}}'""",),
    "a schema between the two": ("update col set ver = 15",),
    "a time beyond all calendars": ("update col set crt = 9000000000000000",),
    "a note as large as a film": (
        "update notes set flds = hex(zeroblob(20000000)) where id = (select min(id) from notes)",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_database_is_one_sentence(tmp_path: Path, real: dict[bool, bytes], what: str) -> None:
    refused(tmp_path / "a.apkg", rewritten(real[True], *HOSTILE[what]), ".")


def test_a_recursion_hidden_in_a_generated_column_does_not_run(tmp_path: Path, real: dict[bool, bytes]) -> None:
    statements = (
        "alter table notes rename to n2",
        "create table notes (id integer primary key, guid text, mid int, tags text, "
        "flds text generated always as (hex(zeroblob(1000000))))",
        "insert into notes select id, guid, mid, tags from n2",
    )
    refused(tmp_path / "a.apkg", rewritten(real[True], *statements), "no table 'notes'")


MANY_REVIEWS = (
    "with recursive r(id) as (select 1 union all select id + 1 from r limit 50000) "
    "insert into revlog select id, id % 50, 0, 3, 1, 1, 2500, 1000, 1 from r",
)


def test_work_without_end_is_given_up(tmp_path: Path, real: dict[bool, bytes]) -> None:
    path = tmp_path / "a.apkg"
    path.write_bytes(rewritten(real[True], *MANY_REVIEWS))
    with opened(path) as found:
        assert len(list(found.reviews())) == 50_000
        found._database._left = 0
        with pytest.raises(NlpcardsError, match="cannot be read"):
            list(found.reviews())


def test_rows_without_end_are_given_up(
    tmp_path: Path, real: dict[bool, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MOST_ROWS", 40_000)
    refused(tmp_path / "a.apkg", rewritten(real[True], *MANY_REVIEWS), "more than 40,000 rows")


def test_numbers_that_old_versions_wrote_as_fractions_or_text_are_read(tmp_path: Path, real: dict[bool, bytes]) -> None:
    path = tmp_path / "a.apkg"
    path.write_bytes(rewritten(real[True], "update cards set due = '3.0', reps = 2.0", "update notes set guid = 12"))
    with opened(path) as found:
        assert {card.reps for card in found.cards()} == {2}
        assert {note.guid for note in found.notes()} == {"12"}


@given(st.integers(0, 2**32), st.integers(1, 12), st.booleans())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_flipped_byte_leads_to_anything_but_our_own_error(
    tmp_path: Path, real: dict[bool, bytes], seed: int, times: int, legacy: bool
) -> None:
    chance = random.Random(seed)
    content = bytearray(real[legacy])
    for _ in range(times):
        content[chance.randrange(len(content))] = chance.randrange(256)
    survives(tmp_path / "a.apkg", bytes(content))


@given(st.integers(0, 2**32), st.integers(1, 30), st.booleans())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_flipped_byte_of_the_database_leads_to_anything_but_our_own_error(
    tmp_path: Path, real: dict[bool, bytes], seed: int, times: int, legacy: bool
) -> None:
    chance = random.Random(seed)

    def flip(entries: dict[str, bytes]) -> None:
        name = "collection.anki21" if legacy else "collection.anki21b"
        packed = entries[name]
        content = bytearray(packed if legacy else zstandard.ZstdDecompressor().decompressobj().decompress(packed))
        for _ in range(times):
            content[chance.randrange(len(content))] = chance.randrange(256)
        entries[name] = bytes(content) if legacy else zstandard.ZstdCompressor().compress(bytes(content))

    survives(tmp_path / "a.apkg", changed(real[legacy], flip))


def survives(path: Path, content: bytes) -> None:
    """Reading gives values or our own error, nothing else."""
    path.write_bytes(content)
    with suppress(NlpcardsError):
        read_all(path)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_bad_message(message: bytes) -> None:
    try:
        for number, value in wire.fields(message):
            assert number > 0
            assert isinstance(value, int | bytes)
        wire.singles(message, 1)
    except wire.BadMessage:
        pass


@given(st.lists(st.tuples(st.integers(1, 2**29 - 1), st.integers(0, 2**64 - 1) | st.binary(max_size=40))))
def test_a_message_is_read_as_it_was_written(values: list[tuple[int, int | bytes]]) -> None:
    message = b""
    for number, value in values:
        if isinstance(value, int):
            message += varint(number << 3) + varint(value)
        else:
            message += varint(number << 3 | 2) + varint(len(value)) + value
    assert list(wire.fields(message)) == values


@given(st.lists(st.floats(width=32, allow_nan=False)))
def test_packed_and_single_numbers_are_read_alike(numbers: list[float]) -> None:
    packed = struct.pack(f"<{len(numbers)}f", *numbers)
    together = varint(7 << 3 | 2) + varint(len(packed)) + packed
    apart = b"".join(varint(7 << 3 | 5) + struct.pack("<f", number) for number in numbers)
    assert wire.singles(together, 7) == tuple(numbers) == wire.singles(apart, 7)


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def test_the_limits_leave_room_for_large_collections() -> None:
    assert limits.LARGEST_COLLECTION >= 5 * 131_000_000
