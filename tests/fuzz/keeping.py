"""Of all inputs that a fuzzer found, the few that together reach all that was reached, each made as small as it may be.

    python -m tests.fuzz.keeping FOLDER INTO

FOLDER is that of `tests.fuzz.packages`. What a file reaches is measured as pairs of lines of the reader, by coverage.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from hashlib import blake2b
from itertools import islice
from pathlib import Path

import coverage
import zstandard

from tests.fuzz import archives
from tests.fuzz.basics import ENDINGS
from tests.fuzz.packages import FOLLOWED
from tests.fuzz.trial import tried

Arc = tuple[str, int, int]
"""A step from a line to a line of a file."""

Arcs = frozenset[Arc]
"""All steps that something took."""

_ROUNDS = 40
"""How many smaller forms of one input are tried."""


def main() -> None:
    """Choose, make small, write."""
    folder, into = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as desk:
        tempfile.tempdir = desk
        reached = Reach(Path(desk))
        into.mkdir(exist_ok=True)
        for path in into.glob("reaches-*"):
            path.unlink()
        covered: set[Arc] = set()
        for path in into.iterdir():
            covered |= reached(path.read_bytes(), path.suffix)
        print(f"what is kept already reaches {len(covered)} arcs", flush=True)
        found: dict[tuple[str, bytes], Arcs] = {}
        for path in sorted((*(folder / "packages").iterdir(), *(folder / "notes").iterdir())):
            content = path.read_bytes()
            suffix = ENDINGS[content[0]]
            lean = smaller(content[1:], suffix)
            found[suffix, lean] = reached(lean, suffix)
            if suffix == ".anki2":
                # As a backup it takes a tenth of the room, and reaches nearly all of the same.
                lean = archives.put_together([archives.Entry("collection.anki2", lean)], level=9)
                found[".colpkg", lean] = reached(lean, ".colpkg")
        every = frozenset().union(*found.values())
        chosen = _chosen(found, covered)
        print(f"{len(found)} inputs reach {len(every)} arcs; {len(chosen)} of them reach what is left", flush=True)
        for suffix, content in sorted(chosen, key=lambda each: -len(found[each])):
            needed = found[suffix, content] - covered
            if not needed:
                continue

            def still(less: bytes, kind: str = suffix, arcs: Arcs = needed) -> bool:
                return arcs <= reached(less, kind)

            small = _minimised(content, suffix, still)
            covered |= reached(small, suffix)
            name = blake2b(small, digest_size=4).hexdigest()
            (into / f"reaches-{len(needed):04}-{name}{suffix}").write_bytes(small)
        kept = list(into.iterdir())
        print(f"{len(kept)} files, {sum(each.stat().st_size for each in kept) >> 10} kB, reach {len(covered)} arcs")
        lost = every - covered
        print(f"{len(lost)} arcs were reached once and not again: {sorted(lost)[:5]}")


class Reach:
    """Measures what inputs reach, in a folder of its own."""

    def __init__(self, desk: Path) -> None:
        self._desk = desk
        self._tracer = coverage.Coverage(data_file=None, branch=True, config_file=False, source_pkgs=list(FOLLOWED))
        self._count = 0

    def __call__(self, content: bytes, suffix: str) -> Arcs:
        """The arcs of the modules that are followed, of one input."""
        path = self._desk / f"input{suffix}"
        path.write_bytes(content)
        self._count += 1
        self._tracer.start()
        self._tracer.switch_context(str(self._count))
        try:
            tried(path, self._desk / "desk")
        except Exception as error:
            print(f"{type(error).__name__}: {error}"[:200])
        finally:
            self._tracer.stop()
        data = self._tracer.get_data()
        data.set_query_context(str(self._count))
        return frozenset(
            (file.partition("nlpcards/")[2], *arc) for file in data.measured_files() for arc in data.arcs(file) or ()
        )


def _chosen(found: dict[tuple[str, bytes], Arcs], covered: Iterable[Arc]) -> list[tuple[str, bytes]]:
    """Inputs that together reach all but what is covered: the smallest that reach much, one after the other."""
    left: set[Arc] = set().union(*found.values()).difference(covered)
    chosen = []
    while left:
        best = max(found, key=lambda each: (len(found[each] & left) / (len(each[1]) + 1_000), each))
        chosen.append(best)
        left -= found[best]
    return chosen


def _minimised(content: bytes, suffix: str, still: Callable[[bytes], bool]) -> bytes:
    """The smallest form found in which it still does what is asked: what can be left out is, thing by thing."""
    place = 0
    for _ in range(_ROUNDS):
        less = next(islice(_less(content, suffix), place, None), None)
        if less is None:
            break
        if len(less) < len(content) and still(less):
            content = less
        else:
            place += 1
    return content


def smaller(content: bytes, suffix: str) -> bytes:
    """The same archive packed as small as it may be, without what Anki puts into each for its own old versions."""
    if suffix in (".anki2", ".json"):
        return content
    entries = archives.taken_apart(content)
    if entries is None:
        return content
    names = [entry.name for entry in entries]
    if "collection.anki21" in names or "collection.anki21b" in names:
        entries = [entry for entry in entries if entry.name != "collection.anki2"]
    return _packed(entries)


def _packed(entries: list[archives.Entry]) -> bytes:
    for entry in entries:
        if (plain := archives.unpacked(entry.content)) is not None:
            entry.content = zstandard.ZstdCompressor(level=19, write_content_size=False).compress(plain)
    return archives.put_together(entries, level=9)


def _less(content: bytes, suffix: str) -> Iterator[bytes]:
    """Forms of an input that have less in them, those first that leave most out."""
    match suffix:
        case ".json":
            yield from _less_of_note(content)
        case ".anki2":
            yield from _less_of_database(content)
        case _:
            entries = archives.taken_apart(content)
            for at in range(len(entries or ())):
                less = archives.taken_apart(content) or []
                less.pop(at)
                yield _packed(less)
            for at, entry in enumerate(entries or ()):
                plain = archives.unpacked(entry.content)
                for database in _less_of_database(entry.content if plain is None else plain):
                    less = archives.taken_apart(content) or []
                    less[at].content = database if plain is None else archives.packed(database)
                    yield _packed(less)


_DROPPED = (
    "notes",
    "cards",
    "revlog",
    "graves",
    "tags",
    "templates",
    "fields",
    "notetypes",
    "decks",
    "deck_config",
    "config",
)


def _less_of_database(content: bytes) -> Iterator[bytes]:
    if not content.startswith(b"SQLite format 3\x00"):
        return
    statements = [f"delete from {table}" for table in _DROPPED]
    statements += ["delete from notetypes where id not in (select mid from notes)"]
    statements += [
        f"delete from {table} where ntid not in (select mid from notes)" for table in ("fields", "templates")
    ]
    statements += ["delete from decks where id not in (select did from cards)"]
    statements += ["delete from cards where nid not in (select id from notes)"]
    statements += [
        f"delete from {table} where rowid % 2 = {rest}" for table in ("notes", "cards", "revlog") for rest in (0, 1)
    ]
    for statement in ("select 1", *statements):
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
            try:
                connection.deserialize(content[:18] + b"\x01\x01" + content[20:])
                connection.execute(statement)
                if statement == "select 1" or connection.execute("select changes()").fetchone()[0]:
                    connection.execute("pragma page_size = 1024")
                    connection.execute("vacuum")
                    yield connection.serialize()
            except (sqlite3.Error, UnicodeError, OverflowError):
                continue


def _less_of_note(content: bytes) -> Iterator[bytes]:
    try:
        said = json.loads(content)
        texts: list[tuple[int | None, str | int]] = [(None, name) for name in said["fields"]]
        texts += [(at, side) for at, sides in enumerate(said["templates"]) for side in range(len(sides))]
    except (ValueError, TypeError, KeyError, AttributeError):
        return
    for at, key in texts:
        text = str(said["fields"][key] if at is None else said["templates"][at][key])
        for parts in (1, 2, 4, 8):
            for part in range(parts):
                less = text[: len(text) * part // parts] + text[len(text) * (part + 1) // parts :]
                fresh = json.loads(content)
                (fresh["fields"] if at is None else fresh["templates"][at])[key] = less
                yield json.dumps(fresh, ensure_ascii=False).encode("utf-8", "replace")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
