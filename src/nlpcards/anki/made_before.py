"""Fields that an earlier export made, by all that they were made of: most notes never change, and to render their
Markdown is by far the longest part of an export.

It is a cache and nothing more: whatever is wrong with its file, fields are made anew. A key is a hash of the note, of
what its deck says on its cards, and of the very code that renders, so that what is found is what would be made.
"""

from __future__ import annotations

import marshal
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from nlpcards.core.cards import Citation, Deck, Note

LARGEST = 400 * 2**20
"""Bytes of the file past which it is begun anew: some 150,000 notes."""

_RENDERING = ("anki", "core", "decks", "render")
"""The packages whose code has a part in a field."""

_LIBRARIES = ("markdown-it-py", "pygments", "simpleeval")

# A table in the order of the decks, with an index of short keys: a table sorted by hashes would scatter a deck's notes
# over all of the file.
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS made (
        key BLOB NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, note_type INTEGER NOT NULL, ords TEXT NOT NULL,
        keys TEXT NOT NULL, tags TEXT NOT NULL, fields TEXT NOT NULL, sort TEXT NOT NULL, content TEXT NOT NULL,
        UNIQUE (key, place)
    ) STRICT
"""


class Made(NamedTuple):
    """An Anki note as a package has it: `id` and `note_type` as in `AnkiNote`, `ords` and `keys` of its cards with
    commas between them, `tags` and `fields` as in Anki's table, `sort` the words by which Anki sorts. `content` is a
    hash of all Anki notes that the note became.
    """

    id: str
    note_type: int
    ords: str
    keys: str
    tags: str
    fields: str
    sort: str
    content: str


class MadeBefore:
    """The file of fields made before; None, or one that cannot be used, remembers nothing."""

    def __init__(self, path: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        self._code = ""
        if path is None:
            return
        with suppress(sqlite3.Error, OSError, PackageNotFoundError):
            self._code = _code()
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size > LARGEST:
                path.unlink()
            self._db = _opened(path)
            self._db.execute("BEGIN IMMEDIATE")

    def __enter__(self) -> MadeBefore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Keep what was made, whatever became of the package."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.execute("COMMIT")
            self._db.close()

    def keys(self, deck: Deck, notes: Iterable[Note]) -> list[bytes]:
        """The key of each note; empty ones where nothing is remembered."""
        if self._db is None:
            return [b"" for _ in notes]
        start = f"{self._code}{deck.title!r}{deck.topic!r}"
        return [_key(start, note) for note in notes]

    def find(self, keys: Sequence[bytes]) -> Mapping[bytes, list[Made]]:
        """What was made before, in order, of those of the keys that there are."""
        found: dict[bytes, list[Made]] = {}
        if self._db is not None:
            places = ", ".join("?" * len(keys))
            sql = f"""
                SELECT key, place, id, note_type, ords, keys, tags, fields, sort, content
                FROM made WHERE key IN ({places})
            """
            try:
                for row in sorted(self._db.execute(sql, keys), key=_place):  # SQLite would sort the texts along
                    found.setdefault(row[0], []).append(Made._make(row[2:]))
            except sqlite3.Error:
                self._give_up()
                return {}
        return found

    def keep(self, made: Iterable[tuple[bytes, Sequence[Made]]]) -> None:
        """Remember what was made of some keys."""
        if self._db is not None:
            rows = ((key, place, *each) for key, every in made for place, each in enumerate(every))
            try:
                self._db.executemany("INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            except sqlite3.Error:
                self._give_up()

    def _give_up(self) -> None:
        """Go on without the file: it is damaged, or has no room."""
        assert self._db is not None
        with suppress(sqlite3.Error):
            self._db.close()
        self._db = None


def _opened(path: Path) -> sqlite3.Connection:
    """The file, begun anew where it is no longer a database; one that another export has in hand is let be."""
    try:
        return _connected(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        path.unlink()
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=0.2)
    try:
        db.execute("PRAGMA cache_size = -16384")  # KiB: the index of keys, where every look-up goes elsewhere
        db.execute(_SCHEMA)
    except BaseException:
        db.close()
        raise
    return db


def _key(start: str, note: Note) -> bytes:
    """A hash of all of a note that its fields are made of: everything but the place where it stands."""
    body = note.body
    own: Any = (
        start,
        note.deck,
        note.id,
        body.kind,
        body.written(),
        note.topic,
        note.why,
        note.tags,
        note.concepts,
        note.needs,
        note.confusable,
        note.was,
        note.was_cards,
        str(note.as_of),
        str(note.expires),
        note.id_is_hash,
        note.media,
        [_cited(each) for each in note.cite],
    )
    # The fastest unambiguous text of such values; later versions of the format depend on who else holds a string.
    return blake2b(marshal.dumps(own, 2), digest_size=16).digest()


def _place(row: tuple[Any, ...]) -> int:
    place: int = row[1]
    return place


@lru_cache(maxsize=4096)
def _cited(cite: Citation) -> str:
    return repr(cite)


@lru_cache(maxsize=1)
def _code() -> str:
    """A hash of the code that renders, and of the libraries that it uses."""
    found = blake2b(digest_size=16)
    root = Path(__file__).parents[1]
    for package in _RENDERING:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in (".py", ".css"):
                found.update(f"{path.relative_to(root)}\n".encode())
                found.update(path.read_bytes())
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    return f"{found.hexdigest()} {platform.python_version()} {libraries}"
