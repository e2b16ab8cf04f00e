"""Saved searches: names and queries in `searches.toml`, which one may edit by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path

from nlpcards.collection.home import Home
from nlpcards.core.errors import NlpcardsError, UsageError, reason_of
from nlpcards.decks.saving import Change, save

LONGEST_NAME = 60
"""The most characters of a search's name."""

_HEAD = "# Saved searches of nlpcards, one a line: a name and a query (the language is that of `nlpcards browse`).\n"


def place(home: Home) -> Path:
    """The file: in the data folder, since nobody can make it anew."""
    return home.data / "searches.toml"


def saved_searches(home: Home) -> dict[str, str]:
    """The saved searches, queries by name, in the file's order; none where there is no file.

    Raises:
        NlpcardsError: the file cannot be read, or holds something else than names with queries.
    """
    return _parsed(_content(place(home)), place(home))


def save_search(home: Home, name: str, query: str) -> None:
    """Keep a query under a name, in place of the one that had it.

    Raises:
        UsageError: the name is empty, too long or on several lines, or the query is empty.
        NlpcardsError: the file cannot be read or written; it is as it was.
    """
    name, query = " ".join(name.split()), query.strip()
    if not query or not query.isprintable():
        raise UsageError("there is no search to save", remedy="Write one into the search line first.")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError("this cannot be a name", remedy=f"Write 1 to {LONGEST_NAME} characters.")
    _change(home, name, query)


def forget_search(home: Home, name: str) -> None:
    """Delete a saved search.

    Raises:
        NlpcardsError: the file cannot be read or written; it is as it was.
    """
    _change(home, name, None)


def _change(home: Home, name: str, query: str | None) -> None:
    path = place(home)
    before = _content(path)
    searches = _parsed(before, path)
    wanted = {known: text for known, text in searches.items() if known != name}
    text = (_HEAD if before is None else before.decode()).replace("\r\n", "\n")
    if name in searches:
        # Only the line of this search goes, so that comments and their places stay.
        text = "".join(line for line in text.splitlines(keepends=True) if name not in _one(line))
    if query is not None:
        wanted[name] = query
        text += ("" if text.endswith("\n") or not text else "\n") + _written(name, query)
    if _quietly(text) != wanted:  # one by hand went over several lines
        text = _HEAD + "".join(_written(*each) for each in wanted.items())
    save([Change(path, before, text.encode())], "the saved searches")


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NlpcardsError(
            f"the saved searches cannot be read: {reason_of(error)}", place=str(path), remedy="Change its permissions."
        ) from None


def _parsed(content: bytes | None, path: Path) -> dict[str, str]:
    remedy = 'Mend the file, or move it away: each line is a name and a query, such as `weak = "prop:r<0.8"`.'
    try:
        table = tomllib.loads((content or b"").decode().replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        raise NlpcardsError(f"the saved searches cannot be read: {error}", place=str(path), remedy=remedy) from None
    for name, query in table.items():
        if not isinstance(query, str):
            raise NlpcardsError(f"the saved search {name} is no text", place=str(path), remedy=remedy)
    return table


def _quietly(text: str) -> object:
    try:
        return tomllib.loads(text)
    except ValueError:
        return None


def _one(line: str) -> dict[str, object]:
    """The name and the query on a line, nothing where it is something else."""
    try:
        return tomllib.loads(line)
    except ValueError:
        return {}


def _written(name: str, query: str) -> str:
    return f"{_quoted(name)} = {_quoted(query)}\n"


def _quoted(text: str) -> str:
    """A text as a TOML basic string."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in plain) + '"'
