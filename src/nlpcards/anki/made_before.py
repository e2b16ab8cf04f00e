"""Fields that an earlier export made, by all that they were made of: most notes never change, and to render their
Markdown is by far the longest part of an export.

It is a cache and nothing more: whatever is wrong with its file, fields are made anew. A key is a hash of the note, of
what its deck says on its cards, and of the very code that renders, so that what is found is what would be made. Notes
that were made together stand together in one row, as `marshal` writes them behind a checksum: to keep and to read them
takes a fifth of the time of a row a note.
"""

from __future__ import annotations

import marshal
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
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

_FORMAT = 4
"""The form of the file; one of another form is begun anew."""

_SCHEMA = "CREATE TABLE made (number INTEGER PRIMARY KEY, keys BLOB NOT NULL, made BLOB NOT NULL) STRICT"
"""In the order of the decks; `keys` are those of a row's notes one after the other, `made` as in `Together`."""

_KEY = 16
"""Bytes of a key, and of a checksum."""

_HELD = 4
"""Rows kept at hand: where notes came or went, those looked up together stand in two of them, or three."""


class Made(NamedTuple):
    """An Anki note as a package has it: `id`, `ords` and `keys` as in `AnkiNote`, `note_type` the id of its note type,
    `tags` and `fields` as in Anki's table, `sort` the words by which Anki sorts. `guid` is the GUID that follows from
    `id`. `content` is a hash of all Anki notes that the note became.
    """

    id: str
    note_type: int
    ords: tuple[int, ...]
    keys: tuple[str, ...]
    tags: str
    fields: str
    sort: str
    guid: str
    content: str


class Together(NamedTuple):
    """Notes that were made together: their keys one after the other, and what was made of them as bytes."""

    keys: bytes
    made: bytes

    @staticmethod
    def of(keys: Iterable[bytes], made: Iterable[Sequence[Made] | None]) -> Together:
        """Of some notes by their keys; None stands for one that was not made."""
        data = marshal.dumps([every and [tuple(each) for each in every] for every in made])
        every_key = b"".join(keys)
        return Together(every_key, _checksum(every_key, data) + data)

    def notes(self) -> list[list[Made] | None]:
        """What was made of each note; of bytes from a file only after `check`."""
        return [every and [*map(Made._make, every)] for every in marshal.loads(memoryview(self.made)[_KEY:])]

    def check(self) -> None:
        """Make sure that these are the bytes that were written.

        Raises:
            ValueError: they are not.
        """
        if self.made[:_KEY] != _checksum(self.keys, memoryview(self.made)[_KEY:]):
            raise ValueError("damaged")

    def each_key(self) -> list[bytes]:
        """The key of each note."""
        keys = self.keys
        return [keys[at : at + _KEY] for at in range(0, len(keys), _KEY)]


class MadeBefore:
    """The file of fields made before; None, or one that cannot be used, remembers nothing."""

    def __init__(self, path: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        self.code = ""
        """What tells the code that renders from any other; empty where nothing is remembered."""
        self.is_new = False
        """Whether nothing was remembered when it was opened: then there is nothing to look for."""
        self._path = path
        self._row = 1
        """The row where the next notes are guessed to be: they mostly come in the order in which they came before."""
        self._held: dict[int, dict[bytes, list[Made]]] = {}
        """What the rows say that were read last, by their numbers."""
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
                self._db.execute("COMMIT")
            self._db.close()

    def keys(self, deck: Deck, notes: Sequence[Note]) -> list[bytes]:
        """The key of each note; empty ones where nothing is remembered."""
        return keys_of(self.code, deck, notes)

    def find(self, keys: Sequence[bytes]) -> Mapping[bytes, list[Made]]:
        """What was made before, of those of the keys that there are."""
        if self._db is None or self.is_new or not keys:
            return {}
        try:
            return self._found(self._db, keys)
        except sqlite3.OperationalError:
            self._give_up()
        except (sqlite3.Error, ValueError, TypeError):  # where a file ends too early SQLite gives NULL for any value
            self._give_up()
            self._begin_anew()
        return {}

    def _found(self, db: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, list[Made]]:
        found: dict[bytes, list[Made]] = {}
        missing = set(keys)
        for number in (self._row, self._row + 1):
            self._look(db, number, missing, found)
        for number in sorted({self._rows[key] for key in missing if key in self._rows} if missing else ()):
            self._look(db, number, missing, found)
        return found

    def _look(self, db: sqlite3.Connection, number: int, missing: set[bytes], found: dict[bytes, list[Made]]) -> None:
        """Take what is missing, and stands in the row of a number, from there."""
        if not missing:
            return
        held = self._held.get(number)
        if held is None:
            held = {}
            for keys, made in db.execute("SELECT keys, made FROM made WHERE number = ?", (number,)):
                row = Together(keys, made)
                row.check()
                held.update((key, every) for key, every in zip(row.each_key(), row.notes(), strict=True) if every)
            if len(self._held) == _HELD:
                del self._held[next(iter(self._held))]
            self._held[number] = held
        there = missing.intersection(held)
        if there:
            found.update((key, held[key]) for key in there)
            missing -= there
            self._row = number

    @cached_property
    def _rows(self) -> dict[bytes, int]:
        """The row of each key."""
        assert self._db is not None
        rows = self._db.execute("SELECT number, keys FROM made ORDER BY number")
        return {key: number for number, keys in rows for key in Together(keys, b"").each_key()}

    def keep(self, made: Together) -> None:
        """Remember what was made."""
        if self._db is not None and made.keys:
            try:
                self._db.execute("INSERT INTO made (keys, made) VALUES (?, ?)", made)
            except sqlite3.Error:
                self._give_up()

    def _give_up(self) -> None:
        """Go on without the file: it is damaged or has no room, or another export has it in hand."""
        assert self._db is not None
        with suppress(sqlite3.Error):
            self._db.close()
        self._db, self.code = None, ""

    def _begin_anew(self) -> None:
        """Let the next export begin the file anew, which is damaged."""
        assert self._path is not None
        with suppress(OSError):
            self._path.unlink()


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
        ((form, tables),) = db.execute(
            "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version"
        )
        if tables and form != _FORMAT:
            raise sqlite3.DatabaseError("of another form")
        # What a crash of the machine leaves of it is found out by its checksums.
        db.execute("PRAGMA synchronous = OFF")
        if not tables:
            db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}; PRAGMA user_version = {_FORMAT}; COMMIT")
    except BaseException:
        db.close()
        raise
    return db


def keys_of(code: str, deck: Deck, notes: Sequence[Note]) -> list[bytes]:
    """The keys of some notes of a deck, with the `code` that renders (see `MadeBefore.code`)."""
    if not code:
        return [b""] * len(notes)
    start = blake2b(f"{code}{deck.title!r}{deck.topic!r}".encode("utf-8", "surrogatepass"), digest_size=_KEY)
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
    return blake2b(start + marshal.dumps(own, 2), digest_size=_KEY).digest()


def _checksum(keys: bytes, data: bytes | memoryview) -> bytes:
    hashed = blake2b(keys, digest_size=_KEY)
    hashed.update(data)
    return hashed.digest()


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
