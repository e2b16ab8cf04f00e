"""Fields that an earlier export made, by all that they were made of: most notes never change, and to render their
Markdown is by far the longest part of an export.

It is a cache and nothing more: whatever is wrong with its file, fields are made anew. A key is a hash of the note, of
what its deck says on its cards, and of the very code that renders, so that what is found is what would be made.
"""

from __future__ import annotations

import marshal
import platform
import sqlite3
from collections.abc import Mapping, Sequence
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

_FORMAT = 3
"""The form of the file; one of another form is begun anew."""

# A table in the order of the decks, with an index of short keys: a table sorted by hashes would scatter a deck's notes
# over all of the file.
_SCHEMA = "CREATE TABLE made (number INTEGER PRIMARY KEY, key BLOB NOT NULL, text TEXT NOT NULL) STRICT"
_INDEX = "CREATE UNIQUE INDEX IF NOT EXISTS made_key ON made (key)"
"""Made in one go for the notes of a new file: a third of the time of making it note by note."""

_V, _BETWEEN_NOTES = "\x1e", "\x1d"
"""What stands between the values of an Anki note and between Anki notes in the file.

A note is one row, so that reading some rows never cuts one in two, and such a text is taken apart in a third of the
time that JSON takes. Control characters are shown as pictures in fields; should one be there all the same, the note is
not remembered.
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
        self.code = ""
        """What tells the code that renders from any other; empty where nothing is remembered."""
        self.is_new = False
        """Whether nothing was remembered when it was opened: then there is nothing to look for."""
        self._next = 0
        """The row at which the next notes are guessed to begin, 0 where there is no telling."""
        if path is None:
            return
        with suppress(sqlite3.Error, OSError, PackageNotFoundError):
            code = _code()
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size > LARGEST:
                path.unlink()
            self._db = _opened(path)
            self.code = code
            self._db.execute("BEGIN IMMEDIATE")
            self.is_new = not self._db.execute("SELECT EXISTS (SELECT 1 FROM made)").fetchone()[0]

    def __enter__(self) -> MadeBefore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Keep what was made, whatever became of the package."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.execute(_INDEX)
                self._db.execute("COMMIT")
            self._db.close()

    def keys(self, deck: Deck, notes: Sequence[Note]) -> list[bytes]:
        """The key of each note; empty ones where nothing is remembered."""
        return keys_of(self.code, deck, notes)

    def find(self, keys: Sequence[bytes]) -> Mapping[bytes, list[Made]]:
        """What was made before, in order, of those of the keys that there are."""
        if self._db is None or self.is_new or not keys:
            return {}
        try:
            texts = self._texts(self._db, keys)
            return {key: made_of(texts[key]) for key in keys if key in texts}
        except (sqlite3.Error, ValueError, TypeError):
            self._give_up()
            return {}

    def _texts(self, db: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, str]:
        """What the file says under those of the keys that it has, and perhaps under others.

        Notes mostly come in the order in which they came before. Then their rows stand one after the other, and to read
        on there takes a third of the time of looking for each key.
        """
        numbers: dict[bytes, int] = {}
        texts: dict[bytes, str] = {}
        if self._next:
            here = (self._next, self._next + len(keys) - 1)
            for number, key, text in db.execute(
                "SELECT number, key, text FROM made WHERE number BETWEEN ? AND ?", here
            ):
                numbers[key], texts[key] = number, text
        missing = [key for key in keys if key not in texts]
        if missing:
            places = ", ".join("?" * len(missing))
            for number, key, text in db.execute(f"SELECT number, key, text FROM made WHERE key IN ({places})", missing):
                numbers[key], texts[key] = number, text
        self._next = numbers.get(keys[-1], -1) + 1
        return texts

    def keep(self, made: Sequence[tuple[bytes, str]]) -> None:
        """Remember of some keys what was made, as a text (see `text_of`)."""
        if self._db is not None and made:
            try:
                self._db.executemany("INSERT OR REPLACE INTO made (key, text) VALUES (?, ?)", made)
            except sqlite3.Error:
                self._give_up()

    def _give_up(self) -> None:
        """Go on without the file: it is damaged, or has no room."""
        assert self._db is not None
        with suppress(sqlite3.Error):
            self._db.close()
        self._db, self.code = None, ""


def _opened(path: Path) -> sqlite3.Connection:
    """The file, begun anew where it is no database of this form; one that another export has in hand is let be."""
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
        ((form, tables),) = db.execute(
            "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version"
        )
        if tables and form != _FORMAT:
            raise sqlite3.DatabaseError("of another form")
        if not tables:
            db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}; PRAGMA user_version = {_FORMAT}; COMMIT")
    except BaseException:
        db.close()
        raise
    return db


def text_of(every: Sequence[Made]) -> str | None:
    """A note's Anki notes as one text; None where they could not be read back from it."""
    text = _BETWEEN_NOTES.join(
        [
            f"{id}{_V}{note_type}{_V}{ords}{_V}{keys}{_V}{tags}{_V}{fields}{_V}{sort}{_V}{content}"
            for id, note_type, ords, keys, tags, fields, sort, content in every
        ]
    )
    values, notes = text.count(_V), text.count(_BETWEEN_NOTES)
    return text if (values, notes + 1) == (len(every) * (len(Made._fields) - 1), len(every)) else None


def made_of(text: str) -> list[Made]:
    """The Anki notes that a text stands for.

    Raises:
        ValueError: it is no such text.
    """
    every = []
    for each in text.split(_BETWEEN_NOTES):
        id, note_type, ords, keys, tags, fields, sort, content = each.split(_V)
        every.append(Made(id, int(note_type), ords, keys, tags, fields, sort, content))
    return every


def keys_of(code: str, deck: Deck, notes: Sequence[Note]) -> list[bytes]:
    """The keys of some notes of a deck, with the `code` that renders (see `MadeBefore.code`)."""
    if not code:
        return [b""] * len(notes)
    start = blake2b(f"{code}{deck.title!r}{deck.topic!r}".encode("utf-8", "surrogatepass"), digest_size=16)
    common = start.digest()
    return [_key(common, note) for note in notes]


def _key(start: bytes, note: Note) -> bytes:
    """A hash of `start` and of all of a note that its fields are made of: everything but the place where it stands."""
    body = note.body
    own: Any = (
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
        note.as_of and str(note.as_of),
        note.expires and str(note.expires),
        note.id_is_hash,
        note.media,
        note.cite and [_cited(each) for each in note.cite],
    )
    # The fastest unambiguous text of such values; later versions of the format depend on who else holds a string.
    return blake2b(start + marshal.dumps(own, 2), digest_size=16).digest()


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
